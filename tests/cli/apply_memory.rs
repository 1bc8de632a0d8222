//! `coarsen apply` takes as much memory for few plays as for many, in many row groups and in one.

use std::process::Stdio;
use std::time::Duration;

use polars::prelude::{BooleanChunked, Column, IntoColumn, NewChunkedArray, StringChunked, UInt64Chunked};

use crate::apply::{ONE, apply, policy};
use crate::tool::{Folder, write_row_groups};

fn plays(rows: u64) -> Vec<Column> {
    const CODECS: [&str; 3] = ["h264", "hevc", "a codec whose name is not held in twelve bytes"];
    let mixed = |row: u64| (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let durations = (0..rows).map(|row| mixed(row) % 10_800_000);
    let codecs = (0..rows).map(|row| CODECS[mixed(row) as usize % CODECS.len()]);
    let consent = (0..rows).map(|row| mixed(row) % 10 > 0);
    vec![
        UInt64Chunked::from_iter_values("duration".into(), durations).into_column(),
        StringChunked::from_iter_values("codec".into(), codecs).into_column(),
        BooleanChunked::from_iter_values("consent_playback".into(), consent).into_column(),
    ]
}

/// The most memory that a run held, in KiB: asked until it ended, since it can only grow.
fn peak(folder: &Folder, input: &str) -> u64 {
    let mut command = folder.command(&apply(&[input, "-o", "out.parquet"]));
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().expect("the program");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let held = told.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next());
        peak = held.map_or(peak, |held| held.parse().expect("KiB"));
        if let Some(ended) = child.try_wait().expect("the program") {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(ended.success() && peak > 0);
    peak
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_input() {
    let folder = Folder::new();
    folder.write("policy.toml", policy("", &ONE));
    for in_group in [Some(100_000), None] {
        let [few, many] = [1_000_000, 4_000_000].map(|rows| {
            write_row_groups(&folder.path("in.parquet"), plays(rows), in_group);
            peak(&folder, "in.parquet")
        });
        // Three million plays more, of 25 bytes and more, would take 75 MB if they were held; the allocator keeps some 20.
        println!("{in_group:?}: {few} KiB for a million plays, {many} for four");
        assert!(many < few + few / 2, "{in_group:?}: {few} KiB for a million plays, {many} for four");
        assert!(many < 512 << 10);
    }
}
