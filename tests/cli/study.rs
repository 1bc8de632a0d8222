//! `coarsen study` and the folder that it leaves.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::tool::{Folder, Ran};

const STUDY: &str = r#"
real = false
draws = 1000
[catalogue]
recipe = "mixed"
titles = 300
[plays]
plays = 0
[limits]
k_titles = 2
k_series = 1
exposed_share = 0.5
"largest_title_share@0.2" = 1
"largest_title_share_plays@0.8" = 1
title_uniform = 0.9
"#;

const ALL: [&str; 5] = ["policy.toml", "report.html", "report.md", "results.json", "sweep.parquet"];

fn study(folder: &Folder, toml: &str) -> Ran {
    folder.write("study.toml", toml).run(&["study", "study.toml", "--out", "out"])
}

/// The files of a folder by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), std::fs::read(e.path()).unwrap())).collect()
}

fn names(files: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    files.keys().map(String::as_str).collect()
}

#[test]
fn a_study_leaves_five_files_and_an_impossible_one_four() {
    let folder = Folder::new();
    let first = study(&folder, STUDY).ok();
    let (sentences, paths) = first.split_once("\n\n").expect("a blank line");
    assert_eq!(sentences.lines().count(), 4, "{first}");
    let mut paths: Vec<&Path> = paths.lines().map(Path::new).collect();
    paths.sort_unstable();
    assert_eq!(paths, ALL.map(|name| Path::new("out").join(name)));
    let before = files(&folder.path("out"));
    assert_eq!(names(&before), ALL);

    folder.run(&["catalogue", "synth", "--titles", "300", "-o", "in.parquet"]).ok();
    folder.measure("in.parquet", &["--policy", "out/policy.toml"]);
    let policy = String::from_utf8(before["policy.toml"].clone()).unwrap();
    let policy = coarsen::policy::Policy::from_toml(&policy).expect("a policy");
    let digest = Sha256::digest(&before["results.json"]);
    let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(policy.justification.unwrap().results, Some(format!("sha256:{hash}")));

    assert_eq!(study(&folder, STUDY).ok(), first);
    assert!(files(&folder.path("out")) == before, "the second run differs");

    let impossible = study(&folder, &STUDY.replace("k_titles = 2", "k_titles = 100000"));
    assert_eq!(impossible.code, Some(1), "{}", impossible.stderr);
    assert_eq!(names(&files(&folder.path("out"))), ALL[1..]);
}

#[test]
fn a_killed_study_leaves_the_folder_as_it_was() {
    let folder = Folder::new();
    study(&folder, STUDY).ok();
    let before = files(&folder.path("out"));
    folder.write("study.toml", STUDY.replace("titles = 300", "titles = 20000"));
    for out in ["out", "new"] {
        let mut command = folder.command(&["study", "study.toml", "--out", out]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(100));
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "it ended before it was killed");
    }
    assert!(files(&folder.path("out")) == before, "the old files have changed");
    assert!(!folder.path("new").exists() || files(&folder.path("new")).is_empty());
}

#[test]
fn a_missing_catalogue_is_named() {
    let folder = Folder::new();
    let ran = study(&folder, "real = false\n[catalogue]\nfile = \"gone.csv\"\n");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("gone.csv"), "{}", ran.stderr);
}

/// A mount that goes away even where the test fails.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        _ = Command::new("umount").arg(self.0).status();
    }
}

/// Where no small disk can be mounted, a file in the way of the folder stands for it.
#[test]
fn full_disk() {
    let folder = Folder::new();
    let out = folder.path("out");
    std::fs::create_dir(&out).unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
        .arg(&out)
        .stderr(Stdio::null())
        .status();
    let mounted = mount.is_ok_and(|status| status.success()).then(|| Mounted(&out));
    if mounted.is_none() {
        std::fs::remove_dir(&out).unwrap();
        folder.write("out", "in the way");
    }
    let ran = study(&folder, STUDY);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("out") && !ran.stderr.contains("panicked"), "{}", ran.stderr);
    if mounted.is_some() {
        assert!(files(&out).is_empty(), "{:?}", names(&files(&out)));
    } else {
        assert_eq!(folder.read("out"), b"in the way");
    }
}
