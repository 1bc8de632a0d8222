//! Importing histories: Playback Reporting, Tautulli's database, and tables of all three formats; of 10⁵ and 10⁶ plays many
//! times, of 10⁷ once, beside what ten times 10⁶ would take.
//!
//! The time grows with the rows. Everything is counted: the history is read from its file, and Parquet is written.

#[path = "support/spent.rs"]
mod spent;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use coarsen::telemetry::plays::import::{Mapping, Options, Source, import};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rusqlite::Connection;
use spent::{spent, testing};

const PLAYS: [u64; 2] = [100_000, 1_000_000];
const ONCE: u64 = 10_000_000;

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

/// Histories of so many plays, and ways to import them.
struct Histories {
    folder: tempfile::TempDir,
    plays: u64,
    table: Source,
}

impl Histories {
    const WAYS: [(&str, &str); 5] = [
        ("jellyfin-reporting", "history.tsv"),
        ("tautulli", "tautulli.db"),
        ("csv", "in.csv"),
        ("json lines", "in.jsonl"),
        ("parquet", "in.parquet"),
    ];

    fn new(plays: u64) -> Self {
        let none: [&str; 0] = [];
        let table = Source::Table(Mapping::parse(none, none).expect("no mapping"));
        let histories = Self { folder: tempfile::tempdir().expect("a folder"), plays, table };
        playback_reporting(&histories.place("history.tsv"), plays);
        tautulli(&histories.place("tautulli.db"), plays);
        for name in ["in.csv", "in.jsonl", "in.parquet"] {
            histories.run("tautulli", "tautulli.db", name);
        }
        histories
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, way: &str, input: &str, output: &str) {
        let source = match way {
            "jellyfin-reporting" => &Source::JellyfinReporting,
            "tautulli" => &Source::Tautulli,
            _ => &self.table,
        };
        let done = import(source, &self.place(input), &self.place(output), &Options::default());
        assert_eq!(done.expect("plays").out, self.plays);
    }
}

fn imports(c: &mut Criterion) {
    let mut group = c.benchmark_group("import");
    group.sample_size(10);
    for plays in if testing() { vec![10_000] } else { PLAYS.to_vec() } {
        let histories = Histories::new(plays);
        group.throughput(Throughput::Elements(plays));
        for (way, input) in Histories::WAYS {
            group.bench_function(BenchmarkId::new(way, plays), |b| {
                b.iter(|| histories.run(way, input, "out.parquet"));
            });
        }
    }
    group.finish();
    if !testing() {
        once();
    }
}

/// Too long to be done ten times.
fn once() {
    let (less, more) = (Histories::new(PLAYS[1]), Histories::new(ONCE));
    for (way, input) in Histories::WAYS {
        let [less, more] = [&less, &more].map(|histories| {
            let ((), took) = spent(|| histories.run(way, input, "out.parquet"));
            took.wall
        });
        println!("{ONCE} plays of {way}, once: {more:.1} s ({:.2} of ten times a tenth)", more / less / 10.0);
    }
}

criterion_group!(benches, imports);
criterion_main!(benches);
