//! Importing histories of 10⁴ and 10⁵ plays: Playback Reporting, Tautulli's database, and tables of all three formats.
//!
//! The time grows with the rows. Everything is counted: the history is read from its file, and Parquet is written.

use std::fmt::Write;
use std::path::Path;

use coarsen::telemetry::plays::import::{Mapping, Options, Source, import};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rusqlite::Connection;

const PLAYS: [u64; 2] = [10_000, 100_000];

fn playback_reporting(path: &Path, plays: u64) {
    let mut text = String::new();
    for play in 0..plays {
        let (item, seconds) = (play * 7_919 % 5_000, play * 104_729 % 7_200);
        let kind = ["Movie", "Episode", "Audio"][(item % 3) as usize];
        let method = ["DirectPlay", "DirectStream", "Transcode (v:h264 a:aac)"][(play % 3) as usize];
        let client = ["Jellyfin Web\tFirefox", "Jellyfin Android TV\tliving room"][(play % 2) as usize];
        writeln!(
            text,
            "2026-11-24 20:15:00\tu{play}\t{item:032x}\t{kind}\tname {item}\t{method}\t{client}\t{seconds}"
        )
        .expect("memory");
    }
    std::fs::write(path, text).expect("a file");
}

fn tautulli(path: &Path, plays: u64) {
    let connection = Connection::open(path).expect("a database");
    let tables = "
        BEGIN;
        CREATE TABLE session_history (id INTEGER PRIMARY KEY, started INTEGER, stopped INTEGER, rating_key INTEGER,
            user TEXT, paused_counter INTEGER, player TEXT, product TEXT, platform TEXT, media_type TEXT);
        CREATE TABLE session_history_metadata (id INTEGER PRIMARY KEY, title TEXT, duration INTEGER);
        CREATE TABLE session_history_media_info (id INTEGER PRIMARY KEY, transcode_decision TEXT, duration INTEGER,
            container TEXT, bitrate INTEGER, video_codec TEXT, audio_codec TEXT, video_full_resolution TEXT,
            stream_bitrate INTEGER);
        CREATE TABLE plays (play INTEGER);";
    connection.execute_batch(tables).expect("tables");
    let fill = format!(
        "INSERT INTO plays WITH RECURSIVE n(play) AS (SELECT 1 UNION ALL SELECT play + 1 FROM n WHERE play < {plays})
            SELECT play FROM n;
        INSERT INTO session_history SELECT play, 1773519300, 1773519300 + play * 104729 % 7200, play * 7919 % 5000, 'u',
            0, 'living room', 'Plex for LG', 'LG', 'movie' FROM plays;
        INSERT INTO session_history_metadata SELECT play, 'name', 5400000 FROM plays;
        INSERT INTO session_history_media_info SELECT play, 'direct play', 5400000 + play * 7919 % 5000, 'mkv',
            1000 + play * 7919 % 5000, 'hevc', 'aac', '1080p', 4000 FROM plays;
        COMMIT;"
    );
    connection.execute_batch(&fill).expect("rows");
}

fn imports(c: &mut Criterion) {
    let mut group = c.benchmark_group("import");
    group.sample_size(10);
    let none: [&str; 0] = [];
    let table = Source::Table(Mapping::parse(none, none).expect("no mapping"));
    for plays in PLAYS {
        let folder = tempfile::tempdir().expect("a folder");
        let place = |name: &str| folder.path().join(name);
        playback_reporting(&place("history.tsv"), plays);
        tautulli(&place("tautulli.db"), plays);
        let run = |source: &Source, input: &str, output: &str| {
            let done = import(source, &place(input), &place(output), &Options::default()).expect("plays");
            assert_eq!(done.out, plays);
        };
        for name in ["in.csv", "in.jsonl", "in.parquet"] {
            run(&Source::Tautulli, "tautulli.db", name);
        }
        group.throughput(Throughput::Elements(plays));
        for (name, source, input) in [
            ("jellyfin-reporting", &Source::JellyfinReporting, "history.tsv"),
            ("tautulli", &Source::Tautulli, "tautulli.db"),
            ("csv", &table, "in.csv"),
            ("json lines", &table, "in.jsonl"),
            ("parquet", &table, "in.parquet"),
        ] {
            group.bench_function(BenchmarkId::new(name, plays), |b| {
                b.iter(|| run(source, input, "out.parquet"));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, imports);
criterion_main!(benches);
