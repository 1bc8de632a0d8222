//! How the verdict is told, and bad input.

use super::*;

/// Read by an XML parser, the file counts what JSON says, whatever the names are.
#[test]
fn junit_counts_every_check() {
    let folder = justified(&two());
    edit(&folder, "name = \"p\"", "name = \"<&\\\"\\u0001]]>\\u202e\"");
    edit(&folder, "policy = \"sha256:", "policy = \"</failure>\\uffff&amp;sha256:");
    let args = [&HERE[..], &["--junit", "v.xml", "--limit", "k_titles=100000"]].concat();
    let verified = verify(&folder, &args);
    let text = String::from_utf8(folder.read("v.xml")).unwrap();
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut cases, mut failures, mut skipped, mut suites, mut totals) = (0, 0, 0, Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}"));
        let (Event::Start(tag) | Event::Empty(tag)) = &event else {
            if event == Event::Eof {
                break;
            }
            continue;
        };
        let attribute = |name: &str| -> String {
            let found = tag.try_get_attribute(name).expect("well formed").expect(name);
            found.value.into_owned()
        };
        match tag.name().as_ref() {
            "testsuites" => totals = ["tests", "failures", "skipped"].map(&attribute).to_vec(),
            "testsuite" => suites.push((attribute("name"), attribute("tests"))),
            "testcase" => {
                cases += usize::from(!attribute("name").is_empty() && !attribute("classname").is_empty())
            }
            "failure" => failures += usize::from(!attribute("message").is_empty()),
            "skipped" => skipped += 1,
            "system-out" => {}
            other => panic!("{other}"),
        }
    }
    let count = |verdict: &str| with(&verified, verdict).len();
    assert_eq!((failures, skipped), (count("fails"), count("noted")));
    assert_eq!(cases, verified["checks"].as_array().unwrap().len());
    assert_eq!(totals, [cases, failures, skipped].map(|n| n.to_string()));
    assert_eq!(
        suites.iter().map(|suite| suite.0.as_str()).collect::<Vec<_>>(),
        ["policy", "ping length", "ping stalls"]
    );
    assert_eq!(suites.iter().map(|suite| suite.1.parse::<usize>().unwrap()).sum::<usize>(), cases);
    assert!(
        text.chars().all(|c| c == '\n' || !c.is_control() && !['\u{202e}', '\u{ffff}'].contains(&c)),
        "{text}"
    );
    // The same bytes again.
    verify(&folder, &args);
    assert_eq!(String::from_utf8(folder.read("v.xml")).unwrap(), text);
}

#[test]
fn bad_input_is_refused() {
    let folder = justified(&two());
    let all = ["verify", "--policy", "p.toml", "--catalogue", "in.parquet"];
    let refused = |args: &[&str], words: &[&str]| _ = folder.refused(&[&all[..], args].concat(), words);
    refused(&["--limit", "k_title=3"], &["unknown limit `k_title`"]);
    refused(&["--as-of", "2026-02-30"], &["2026-02-30", "YYYY-MM-DD"]);
    refused(&["--junit", "nowhere/v.xml"], &["nowhere", "no such folder"]);
    folder.refused(&["verify", "--policy", "no.toml", "--catalogue", "in.parquet"], &["no.toml"]);
    folder.refused(&["verify", "--policy", "p.toml", "--catalogue", "no.parquet"], &["no.parquet"]);
    folder.refused(&["verify", "--policy", "in.parquet", "--catalogue", "in.parquet"], &["in.parquet"]);
    edit(&folder, "name = \"resolution\"", "name = \"loudness\"");
    refused(&[], &["loudness"]);
    folder.refused(
        &["policy", "justify", "p.toml", "--catalogue", "in.parquet", "-o", "new.toml"],
        &["loudness"],
    );
    folder.refused(
        &[
            "policy",
            "justify",
            "p.toml",
            "--catalogue",
            "in.parquet",
            "--results",
            "no.json",
            "-o",
            "new.toml",
        ],
        &["no.json"],
    );
}
