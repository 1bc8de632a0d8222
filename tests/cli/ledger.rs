//! `coarsen policy ledger`.

use crate::tool::Folder;

const WHOLE: &str = include_str!("../vectors/policies/ledger.toml");
const AS_OF: [&str; 2] = ["--as-of", "2026-11-24"];

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("policy.toml", WHOLE);
    folder
}

fn ledger(folder: &Folder, more: &[&str]) -> String {
    folder.run(&[&["policy", "ledger", "policy.toml"], more].concat()).ok()
}

#[test]
fn markdown_goes_to_standard_output_and_pages_to_files() {
    let folder = folder();
    let printed = ledger(&folder, &AS_OF);
    assert!(
        printed.starts_with("# Everything that playback sends\n\nVersion 4 of the policy, as of 2026-11-24.")
    );
    for name in ["ledger.md", "ledger.html"] {
        assert_eq!(ledger(&folder, &[&AS_OF[..], &["-o", name]].concat()), "");
    }
    assert_eq!(String::from_utf8(folder.read("ledger.md")).unwrap(), printed);
    let html = String::from_utf8(folder.read("ledger.html")).unwrap();
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<h1>Everything that playback sends</h1>"));
    assert_eq!(folder.listing().len(), 3);
}

#[test]
fn the_day_says_what_is_expired() {
    let folder = folder();
    let expired = |day: &str| ledger(&folder, &["--as-of", day]).matches("expired, not sent").count();
    // In the table of every field, and where the field stands.
    assert_eq!([expired("2026-06-29"), expired("2026-06-30"), expired("2031-12-31")], [0, 2, 20]);
    // Without a day it is today, on which the one that is long gone is gone.
    assert!(ledger(&folder, &[]).contains("expired, not sent"));
}

#[test]
fn bad_input_is_refused_and_the_old_page_stays() {
    let folder = folder();
    folder
        .write("ledger.html", "old")
        .write("open.toml", WHOLE.replace("Which versions crash.", "Versions etc."));
    folder.refused(&["policy", "ledger", "policy.toml", "-o", "ledger.pdf"], &["ledger.pdf", ".html or .md"]);
    folder
        .refused(&["policy", "ledger", "policy.toml", "-o", "gone/ledger.html"], &["gone", "no such folder"]);
    folder.refused(&["policy", "ledger", "gone.toml", "-o", "ledger.html"], &["gone.toml"]);
    folder.refused(
        &["policy", "ledger", "open.toml", "-o", "ledger.html"],
        &["open.toml: line 119, column 11", "says `etc`"],
    );
    folder.refused(&["policy", "ledger", "policy.toml", "--as-of", "today"], &["YYYY-MM-DD"]);
    folder.refused(&["policy", "ledger"], &["POLICY.toml"]);
    folder.refused(&["policy"], &["ledger", "preview"]);
}
