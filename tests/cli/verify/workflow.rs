//! The workflow that the README gives: read, and run as a build server would.

use std::path::Path;
use std::process::Command;

use super::*;

/// The lines of the snippet.
fn snippet() -> Vec<&'static str> {
    let readme = include_str!("../../../README.md");
    let (_, from) = readme.split_once("```yaml\n# .github/workflows/policy.yml\n").expect("the snippet");
    from.split_once("\n```").expect("its end").0.lines().collect()
}

/// Every value of it with the way to it, such as `jobs.verify.steps.0.uses`: as much of YAML as it uses, which is block
/// mappings and lists of them, plain and quoted words, and flow lists and mappings on one line. Anything else is refused.
fn read(lines: &[&str]) -> Vec<(String, String)> {
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut items: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    let mut found: Vec<(String, String)> = Vec::new();
    for line in lines {
        assert!(!line.contains('\t'), "YAML has no tabs: {line}");
        // A number sign after a space begins a comment.
        let line = line.split(" #").next().unwrap_or_default().trim_end();
        let mut text = line.trim_start();
        let mut indent = line.len() - text.len();
        open.retain(|(of, _)| *of < indent);
        let way = |open: &[(usize, String)]| {
            open.iter().map(|(_, key)| key.as_str()).collect::<Vec<&str>>().join(".")
        };
        if let Some(item) = text.strip_prefix("- ") {
            let place = items.entry(way(&open)).or_insert(0);
            open.push((indent, place.to_string()));
            *place += 1;
            (text, indent) = (item, indent + 2);
        }
        let (key, value) = text.split_once(':').unwrap_or_else(|| panic!("no key: {line}"));
        assert!(value.is_empty() || value.starts_with(' '), "no space after the colon: {line}");
        open.push((indent, key.to_owned()));
        let at = way(&open);
        let plain = |text: &str| text.trim().trim_matches('"').to_owned();
        let inside = |from, to| value.trim().strip_prefix(from).and_then(|text| text.strip_suffix(to));
        if let Some(list) = inside('[', ']') {
            let list = list.split(',').enumerate();
            found.extend(list.map(|(place, of)| (format!("{at}.{place}"), plain(of))));
        } else if let Some(mapping) = inside('{', '}') {
            found.extend(mapping.split(',').map(|pair| {
                let (key, value) = pair.split_once(':').unwrap_or_else(|| panic!("no key: {line}"));
                (format!("{at}.{}", key.trim()), plain(value))
            }));
        } else if !value.is_empty() {
            found.push((at, plain(value)));
        }
    }
    found
}

fn value<'a>(read: &'a [(String, String)], way: &str) -> &'a str {
    let of = read.iter().find(|(at, _)| at == way);
    &of.unwrap_or_else(|| panic!("no {way} in {read:?}")).1
}

/// The commands in their order.
fn commands(read: &[(String, String)]) -> Vec<&str> {
    read.iter().filter(|(at, _)| at.ends_with(".run")).map(|(_, command)| command.as_str()).collect()
}

#[test]
fn it_is_a_workflow() {
    let read = read(&snippet());
    assert_eq!(
        ["on.pull_request.paths.0", "on.pull_request.paths.1"].map(|way| value(&read, way)),
        ["policy.toml", "catalogue.parquet"]
    );
    assert_eq!(value(&read, "jobs.verify.runs-on"), "ubuntu-latest");
    let step = |key: &str| value(&read, &format!("jobs.verify.steps.{key}")).to_owned();
    assert!(step("0.uses").starts_with("actions/checkout@"));
    assert!(step("3.uses").starts_with("actions/upload-artifact@"));
    // A check that fails is the one to read.
    assert_eq!((step("3.if"), step("3.with.path")), ("always()".to_owned(), "verify.xml".to_owned()));
    // Every step is one of the two, and nothing but these keys is there.
    for (at, _) in read.iter().filter(|(at, _)| at.starts_with("jobs.")) {
        let known = ["runs-on", ".uses", ".run", ".if", ".with.name", ".with.path"];
        assert!(known.iter().any(|key| at.ends_with(key)), "{at}");
    }
    let [install, verify] = commands(&read)[..] else { panic!("{read:?}") };
    assert!(install.starts_with("cargo install ") && install.ends_with(" coarsen"), "{install}");
    for path in ["policy.toml", "catalogue.parquet", "verify.xml"] {
        assert!(verify.split(' ').any(|word| word == path), "{verify}");
    }
}

/// Runs the commands as the build server does, each in a shell that ends with the first failure; the code of the last
/// that ran.
fn on_the_server(repository: &Path, tools: &Path) -> (i32, String) {
    let path = std::env::var("PATH").expect("a PATH");
    let mut told = String::new();
    for command in commands(&read(&snippet())) {
        let mut bash = Command::new("bash");
        bash.args(["-e", "-o", "pipefail", "-c", command]).current_dir(repository);
        bash.env("PATH", format!("{}:{path}", tools.display()));
        let output = bash.output().expect("bash");
        told.push_str(&String::from_utf8_lossy(&output.stdout));
        told.push_str(&String::from_utf8_lossy(&output.stderr));
        match output.status.code() {
            Some(0) => {}
            code => return (code.expect("no signal"), told),
        }
    }
    (0, told)
}

/// How many checks and failures a JUnit file counts, and the names of those that fail.
fn junit(path: &Path) -> (usize, usize, Vec<String>) {
    let text = std::fs::read_to_string(path).expect("the JUnit file");
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut totals, mut case, mut failed) = ((0, 0), String::new(), Vec::new());
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}"));
        let (Event::Start(tag) | Event::Empty(tag)) = &event else {
            if event == Event::Eof {
                return (totals.0, totals.1, failed);
            }
            continue;
        };
        let attribute = |name: &str| {
            let found = tag.try_get_attribute(name).expect("well formed").expect(name);
            found.value.into_owned()
        };
        let number = |name: &str| attribute(name).parse().expect("a number");
        match tag.name().as_ref() {
            "testsuites" => totals = (number("tests"), number("failures")),
            "testcase" => case = attribute("name"),
            "failure" => failed.push(case.clone()),
            _ => {}
        }
    }
}

/// What Cargo would install is what was built here, so a stand-in for it only notes what it was asked for.
#[test]
#[cfg(unix)]
fn it_passes_what_was_justified_and_fails_what_was_edited_by_hand() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = justified(&two());
    let (repository, tools) = (folder.path("repository"), folder.path("tools"));
    std::fs::create_dir(&repository).expect("a folder");
    std::fs::create_dir(&tools).expect("a folder");
    symlink(env!("CARGO_BIN_EXE_coarsen"), tools.join("coarsen")).expect("a link");
    let cargo = tools.join("cargo");
    std::fs::write(&cargo, "#!/bin/sh\necho \"$@\" > installed\n").expect("a file");
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).expect("a program");
    std::fs::write(repository.join("policy.toml"), folder.read("p.toml")).expect("a file");

    // Without the catalogue there is nothing to verify by: bad input.
    let (code, told) = on_the_server(&repository, &tools);
    assert_eq!(code, 2, "{told}");
    let asked = std::fs::read_to_string(repository.join("installed")).expect("what was asked for");
    assert!(asked.starts_with("install --git https://") && asked.ends_with(" --locked coarsen\n"), "{asked}");
    assert!(!repository.join("verify.xml").exists());

    std::fs::write(repository.join("catalogue.parquet"), folder.read("in.parquet")).expect("a file");
    let (code, told) = on_the_server(&repository, &tools);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("The policy holds"), "{told}");
    let read = read(&snippet());
    let artifact = repository.join(value(&read, "jobs.verify.steps.3.with.path"));
    let (tests, failures, failed) = junit(&artifact);
    assert!(tests > 10 && failures == 0 && failed.is_empty(), "{tests} {failed:?}");

    // Coarser, which breaks no limit; but nobody measured it.
    edit(&folder, "floor:30min+top:2h", "floor:1h+top:2h");
    std::fs::write(repository.join("policy.toml"), folder.read("p.toml")).expect("a file");
    let (code, told) = on_the_server(&repository, &tools);
    assert_eq!(code, 1, "{told}");
    let (_, failures, failed) = junit(&artifact);
    assert!(failed.len() == failures && failed.contains(&"unchanged".to_owned()), "{failed:?}");
}
