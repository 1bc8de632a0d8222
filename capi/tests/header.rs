//! The header in the repository is the one that the source gives.

use std::path::Path;

/// In the order in which the header shows them.
const SOURCES: [&str; 6] = ["status.rs", "text.rs", "policy.rs", "consent.rs", "play.rs", "generalize.rs"];

fn written() -> String {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(home.join("cbindgen.toml")).unwrap();
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in SOURCES {
        builder = builder.with_src(home.join("src").join(source));
    }
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    String::from_utf8(text).unwrap()
}

/// `UPDATE_HEADER=1 cargo test -p coarsen-capi --test header` writes it.
#[test]
fn the_header_is_that_of_the_source() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/coarsen.h");
    let written = written();
    if std::env::var_os("UPDATE_HEADER").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == written,
        "include/coarsen.h is not what the source gives: run this test with UPDATE_HEADER=1 and commit it"
    );
}

#[test]
fn every_function_of_the_source_stands_in_it() {
    let written = written();
    let mut functions = 0;
    for source in SOURCES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(source);
        let text = std::fs::read_to_string(path).unwrap();
        for (at, name) in text.match_indices("extern \"C\" fn ") {
            let rest = &text[at + name.len()..];
            let name = &rest[..rest.find('(').unwrap()];
            assert!(written.contains(&format!("{name}(")), "{name}");
            functions += 1;
        }
    }
    assert_eq!(functions, text_of_all().matches("#[unsafe(no_mangle)]").count());
}

fn text_of_all() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}
