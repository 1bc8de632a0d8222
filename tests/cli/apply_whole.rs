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
        let remnants = [format!(".tmp-{output}-"), ".tmp-bad.csv-".to_owned()];
        for name in names(&folder) {
            let known = ["policy.toml", "in.csv", "out.csv", "out.jsonl", "out.parquet"];
            assert!(known.contains(&name.as_str()) || name.starts_with(".tmp-"), "{name}");
        }
        // Of few lines nobody knows whether they were read before the end.
        for remnant in remnants.iter().filter(|_| lines > 1_000) {
            assert!(names(&folder).iter().any(|name| name.starts_with(remnant)), "{remnant}");
        }
        folder.run(&apply(&["in.csv", "-o", output])).ok();
        assert_ne!(folder.read(output), b"old");
    }
}

fn names(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path("")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

const PINGS: [&str; 4] = ["a", "b", "c", "d"];

/// A policy of four pings, and what stood in their places.
fn of_four() -> Folder {
    let folder = Folder::new();
    let fields = PINGS.map(|ping| [ping, "duration", "duration", "floor:5min", "playback"]);
    folder.write("policy.toml", policy("", &fields)).write("in.csv", PLAYS);
    for ping in PINGS {
        folder.write(&format!("out-{ping}.csv"), format!("old {ping}"));
    }
    folder
}

/// One of several outputs can't come to stand in its place once the others could: none does.
#[test]
fn an_output_that_cannot_be_replaced_leaves_them_all() {
    for (ping, is_folder) in [("b", true), ("d", true), ("a", false), ("c", false), ("d", false)] {
        let folder = of_four();
        let place = format!("out-{ping}.csv");
        let mut command = folder.command(&apply(&["-", "-o", "out-{ping}.csv", "--refused", "bad.csv"]));
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // All are begun once the last one is.
        while !names(&folder).iter().any(|name| name.starts_with(".tmp-bad.csv-")) {
            assert!(child.try_wait().unwrap().is_none(), "it waits for input");
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        if is_folder {
            fs::remove_file(folder.path(&place)).unwrap();
            fs::create_dir(folder.path(&place)).unwrap();
        } else {
            // As if somebody tidied up: there is nothing that could be renamed.
            let begun = names(&folder).into_iter().find(|name| name.starts_with(&format!(".tmp-{place}-")));
            fs::remove_file(folder.path(&begun.unwrap())).unwrap();
        }
        let line = b"{\"duration\": 5123000, \"consent\": {\"playback\": true}}\n";
        child.stdin.take().unwrap().write_all(line).unwrap();
        let ended = child.wait_with_output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!((ended.status.code(), &ended.stdout[..]), (Some(2), &b""[..]), "{told}");
        assert!(told.contains(&place), "{told}");
        for other in PINGS.iter().filter(|other| !is_folder || **other != ping) {
            assert_eq!(folder.read(&format!("out-{other}.csv")), format!("old {other}").as_bytes());
        }
        assert!(
            !names(&folder).iter().any(|name| name.starts_with('.') || name == "bad.csv"),
            "{:?}",
            names(&folder)
        );
    }
}

/// Killed while the outputs come to stand in their places: each is whole, the old one or the new one.
#[test]
fn killed_between_two_outputs() {
    let folder = of_four();
    folder.run(&apply(&["in.csv", "-o", "out-{ping}.csv"])).ok();
    let new = folder.read("out-a.csv");
    let mut mixed = 0;
    for round in 0..24u32 {
        let folder = of_four();
        let mut command = folder.command(&apply(&["in.csv", "-o", "out-{ping}.csv"]));
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let first = folder.path(if round % 2 == 0 { "out-a.csv" } else { "out-c.csv" });
        while fs::read(&first).unwrap().starts_with(b"old") && child.try_wait().unwrap().is_none() {}
        child.kill().unwrap();
        child.wait().unwrap();
        let outputs = PINGS.map(|ping| (ping, folder.read(&format!("out-{ping}.csv"))));
        let mut replaced = 0;
        for (ping, bytes) in outputs {
            let is_new = bytes == new;
            assert!(
                is_new || bytes == format!("old {ping}").as_bytes(),
                "{}",
                String::from_utf8_lossy(&bytes)
            );
            replaced += usize::from(is_new);
        }
        assert!(replaced > 0, "the one that was waited for");
        mixed += u32::from(replaced < PINGS.len());
        if replaced < PINGS.len() {
            assert!(names(&folder).iter().any(|name| name.starts_with(".tmp-out-")), "it shows");
        }
        // The next run mends it.
        folder.run(&apply(&["in.csv", "-o", "out-{ping}.csv"])).ok();
        assert!(PINGS.iter().all(|ping| folder.read(&format!("out-{ping}.csv")) == new));
    }
    println!("{mixed} of 24 runs were killed between two renames");
}
