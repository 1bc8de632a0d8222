//! Files that can't be read where they lie, or not written where they should.

use std::fs;

use crate::tool::{Folder, SMALL};

#[test]
fn inputs() {
    let folder = Folder::new();
    fs::create_dir(folder.path("folder.csv")).unwrap();
    fs::create_dir(folder.path("folder")).unwrap();
    folder.write("table.xlsx", SMALL).write("table", SMALL);
    for (name, words) in [
        ("gone.csv", &["gone.csv"][..]),
        ("folder.csv", &["folder.csv", "directory"]),
        ("folder", &["folder", ".parquet or .csv"]),
        ("table.xlsx", &["table.xlsx", ".parquet or .csv"]),
        ("table", &["table", ".parquet or .csv"]),
        ("table.xlsx/in.csv", &["table.xlsx/in.csv"]),
    ] {
        folder.refused(&["measure", "--catalogue", name, "--duration", "keep"], words);
        folder.refused(&["catalogue", "describe", name], words);
        folder.refused(&["catalogue", "import", name, "-o", "out.csv"], words);
    }
}

/// The verbs that write, each with its output last.
fn writers() -> [Vec<&'static str>; 4] {
    [
        vec!["catalogue", "synth", "--titles", "9", "-o"],
        vec!["catalogue", "import", "in.csv", "-o"],
        vec!["sweep", "--catalogue", "in.csv", "-o"],
        vec!["recommend", "--catalogue", "in.csv", "-o"],
    ]
}

#[test]
fn outputs() {
    let folder = Folder::new();
    folder.write("in.csv", SMALL);
    fs::create_dir(folder.path("taken.csv")).unwrap();
    for writer in writers() {
        for (place, words) in [
            ("missing/out.csv", &["missing", "no such folder", "make it first"][..]),
            ("in.csv/out.csv", &["in.csv", "no folder"]),
            ("taken.csv", &["taken.csv", "a folder stands"]),
        ] {
            folder.refused(&[&writer[..], &[place]].concat(), words);
        }
    }
    for writer in &writers()[..3] {
        // A sweep takes a name without an ending for a folder.
        let places = if writer[0] == "sweep" { 1.. } else { 0.. };
        for place in &["out", "out.txt", "out.csv.gz"][places] {
            folder.refused(&[&writer[..], &[place]].concat(), &[place, ".parquet or .csv"]);
        }
    }
}

/// A limit on the size of files stands for a full disk: it needs no mount and holds for root as well.
#[cfg(unix)]
#[test]
fn full_disk() {
    let folder = Folder::new();
    folder.write("out.parquet", "old").write("out.csv", "old");
    for name in ["out.parquet", "out.csv"] {
        let before = folder.listing();
        let mut command = std::process::Command::new("sh");
        let limited = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
        command.args(["-c", limited, "sh", env!("CARGO_BIN_EXE_coarsen")]);
        command.args(["catalogue", "synth", "--titles", "2000", "-o", name]);
        command.current_dir(folder.path(""));
        let ran = crate::tool::finish(command);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
        assert!(ran.stderr.contains(name), "{}", ran.stderr);
        assert!(folder.listing() == before, "the old file stands, and nothing beside it");
    }
}

#[cfg(unix)]
#[test]
fn outputs_are_readable_as_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("any", "");
    folder.run(&["catalogue", "synth", "--titles", "9", "-o", "out.parquet"]).ok();
    let mode = |name: &str| fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("out.parquet"), mode("any"));
}
