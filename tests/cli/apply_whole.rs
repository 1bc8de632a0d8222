//! `coarsen apply` leaves whole outputs or the old ones.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::apply::{ONE, PLAYS, apply, policy};
use crate::tool::{Folder, finish};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("policy.toml", policy("", &ONE)).write("in.csv", PLAYS);
    folder
}

#[test]
fn an_output_that_is_an_input() {
    let folder = folder();
    fs::create_dir(folder.path("sub")).unwrap();
    let mut same = vec!["in.csv", "./in.csv", "sub/../in.csv"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path("in.csv"), folder.path("soft.csv")).unwrap();
        fs::hard_link(folder.path("in.csv"), folder.path("hard.csv")).unwrap();
        same.extend(["soft.csv", "hard.csv"]);
    }
    for output in same {
        folder.refused(&apply(&["in.csv", "-o", output]), &[output, "is the same file as in.csv"]);
        folder.refused(&apply(&["in.csv", "-o", "out.csv", "--refused", output]), &["same file"]);
        folder.refused(&apply(&[output, "-o", "in.csv"]), &["same file"]);
    }
    folder.refused(&apply(&["in.csv", "-o", "out.csv", "--refused", "./out.csv"]), &["same file"]);
    folder.write("servers.csv", "server\n");
    folder.refused(&apply(&["in.csv", "-o", "servers.csv", "--servers", "servers.csv"]), &["same file"]);
    fs::copy(folder.path("policy.toml"), folder.path("policy.csv")).unwrap();
    let args = ["apply", "--policy", "policy.csv", "in.csv", "-o", "policy.csv"];
    folder.refused(&args, &["same file"]);
}

#[test]
fn a_bad_row_leaves_the_old_outputs() {
    let folder = folder();
    folder.write("in.csv", format!("{PLAYS}x,,true,\n"));
    for output in ["out.csv", "out.parquet", "out.jsonl"] {
        folder.write(output, "old");
        folder.refused(&apply(&["in.csv", "-o", output]), &["row 4"]);
    }
}

/// A limit on the size of files stands for a full disk: it needs no mount and holds for root as well.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_outputs() {
    let folder = folder();
    // Names that no packing makes small.
    let name = |n: u64| {
        format!("{:x}{:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15), n.wrapping_mul(0xd6e8_feb8_6659_fd93))
    };
    let rows: String = (1..3_000).map(|n| format!("1,{},true\n", name(n))).collect();
    folder.write("in.csv", format!("duration,codec,consent_playback\n{rows}"));
    for output in ["out.csv", "out.parquet", "out.jsonl"] {
        folder.write(output, "old");
        let before = folder.listing();
        let mut command = std::process::Command::new("sh");
        let limited = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
        command
            .args(["-c", limited, "sh", env!("CARGO_BIN_EXE_coarsen")])
            .args(apply(&["in.csv", "-o", output]));
        let ran = finish({
            command.current_dir(folder.path(""));
            command
        });
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{output}: {}", ran.stderr);
        assert!(ran.stderr.contains(output), "{}", ran.stderr);
        assert!(folder.listing() == before, "{output}: the old file stands, and nothing beside it");
    }
    for device in [true, false] {
        let mut command = folder.command(&apply(&["in.csv", "-o", if device { "-" } else { "out.csv" }]));
        command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        let ran = finish(command);
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains("standard output"), "{}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_device_is_not_replaced() {
    let folder = folder();
    std::os::unix::fs::symlink("/dev/null", folder.path("out.csv")).unwrap();
    folder
        .refused(&apply(&["in.csv", "-o", "out.csv"]), &["out.csv", "can't be replaced", "standard output"]);
    assert!(fs::symlink_metadata(folder.path("out.csv")).unwrap().is_symlink());
}

/// Killed in the middle of its input: the old files stand, and what was begun lies beside them under another name.
#[test]
fn killed_at_any_moment() {
    let folder = folder();
    let line = b"{\"duration\": 5123000, \"consent\": {\"playback\": true}}\n";
    for (output, lines) in [("out.csv", 0), ("out.jsonl", 10), ("out.jsonl", 50_000), ("out.parquet", 50_000)]
    {
        folder.write(output, "old");
        let mut command = folder.command(&apply(&["-", "-o", output, "--refused", "bad.csv"]));
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // The pipe holds less than this, so that the program has read most of it once all is written.
        for _ in 0..lines {
            input.write_all(line).unwrap();
        }
        input.flush().unwrap();
        assert!(child.try_wait().unwrap().is_none(), "it waits for more");
        child.kill().unwrap();
        child.wait().unwrap();
        drop(input);
        assert_eq!(folder.read(output), b"old");
        assert!(!folder.path("bad.csv").exists());
        for entry in fs::read_dir(folder.path("")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let known =
                ["policy.toml", "in.csv", "out.csv", "out.jsonl", "out.parquet"].contains(&name.as_str());
            assert!(known || name.starts_with(".tmp"), "{name}");
        }
        folder.run(&apply(&["in.csv", "-o", output])).ok();
        assert_ne!(folder.read(output), b"old");
    }
}
