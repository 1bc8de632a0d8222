//! The program itself: help, standard output, standard error.

use std::process::Stdio;

use crate::tool::{Folder, SMALL};

#[test]
fn help_holds_an_example() {
    let folder = Folder::new();
    for verb in [
        &["study"][..],
        &["catalogue", "synth"],
        &["catalogue", "import"],
        &["catalogue", "describe"],
        &["measure"],
        &["plays", "simulate"],
        &["plays", "import"],
        &["plays", "describe"],
        &["sweep"],
        &["recommend"],
        &["attack"],
    ] {
        let help = folder.run(&[verb, &["--help"]].concat()).ok();
        assert!(help.contains("Example"), "{help}");
        let line = format!("coarsen {}", verb.join(" "));
        assert!(help.split("Example").nth(1).is_some_and(|examples| examples.contains(&line)), "{help}");
    }
    let help = folder.run(&["--help"]).ok();
    for verb in ["study", "catalogue", "measure", "sweep", "recommend", "attack", "Exit codes"] {
        assert!(help.contains(verb), "{verb}");
    }
    assert!(folder.run(&["--version"]).ok().contains(env!("CARGO_PKG_VERSION")));
    assert!(folder.listing().is_empty());
}

/// The verbs that print a result, on a small catalogue.
const PRINT: [&[&str]; 6] = [
    &["measure", "--catalogue", "in.csv", "--duration", "keep"],
    &["measure", "--catalogue", "in.csv", "--duration", "keep", "--json"],
    &["catalogue", "describe", "in.csv"],
    &["attack", "linkage", "--catalogue", "in.csv", "--duration", "keep", "--draws", "10"],
    &["attack", "linkage", "--catalogue", "in.csv", "--duration", "keep", "--draws", "10", "--json"],
    &["--help"],
];

#[test]
fn standard_output_may_go_away() {
    let folder = Folder::new();
    folder.write("in.csv", SMALL);
    for args in PRINT {
        let mut child = folder.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!((ended.status.code(), said.as_ref()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn standard_error_may_go_away() {
    let folder = Folder::new();
    folder.write("in.csv", SMALL);
    for (args, code) in [
        (&["catalogue", "import", "in.csv", "-o", "out.csv"][..], 0),
        (&["catalogue", "import", "gone.csv", "-o", "out.csv"], 2),
    ] {
        let mut child = folder.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stderr.take());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{args:?}");
    }
    assert!(!folder.read("out.csv").is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn standard_output_may_be_full() {
    let folder = Folder::new();
    folder.write("in.csv", SMALL);
    for args in &PRINT[..5] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = folder.command(args);
        command.stdout(full);
        let ended = command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains("standard output"), "{said}");
    }
}

#[test]
fn results_and_messages_don_t_mix() {
    let folder = Folder::new();
    let made = folder.run(&["catalogue", "synth", "--titles", "9", "-o", "out.csv"]);
    assert_eq!((made.code, made.stdout.as_str()), (Some(0), ""));
    assert!(made.stderr.contains("out.csv") && made.stderr.contains("9 titles"), "{}", made.stderr);
    let measured = folder.run(&["measure", "--catalogue", "out.csv", "--duration", "keep", "--json"]);
    assert_eq!(measured.stderr, "");
}
