//! Plays through a policy, Parquet to Parquet, beside polars doing the same arithmetic in the same run.
//!
//! `cargo bench --bench apply` takes 8 million plays of ten fields; `-- 1000000` another number. The peer is eager polars,
//! since its lazy engine isn't built here: row group by row group it reads the same columns, keeps the plays whose consent
//! is on, rounds the numbers by whole vectors, and writes the same columns with the same packing. It checks nothing: no
//! negative number, no type, no accounting. Its output must equal ours, or the run is refused.
//!
//! `RAYON_NUM_THREADS=1 POLARS_MAX_THREADS=1` times one core.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use coarsen::policy::Policy;
use coarsen::rounding::{Partition, Rounding};
use coarsen::telemetry::apply::{Options, Place, apply};
use coarsen::units::Dimension;
use polars::prelude::{
    BooleanChunked, Column, DataFrame, IntoColumn, NewChunkedArray, ParquetCompression, ParquetReader,
    ParquetWriter, SerReader, StringChunked, UInt64Chunked,
};

const NUMBERS: [(&str, &str, &str); 7] = [
    ("duration_ms", "duration", "floor:5min+top:3h"),
    ("played_ms", "duration", "floor:5min+top:3h"),
    ("bitrate_bps", "bitrate", "log:2"),
    ("delivered_bps", "bitrate", "floor:500kbps"),
    ("startup_ms", "duration", "edges:1s,2s,5s,10s"),
    ("stalls", "integer", "edges:1,2,5"),
    ("stalled_ms", "duration", "nearest:10s"),
];
const RESOLUTIONS: [&str; 5] = ["480p", "576p", "720p", "1080p", "2160p"];
const CODECS: [&str; 4] = ["h264", "hevc", "av1", "mpeg2"];

fn policy() -> Policy {
    let mut text = "schema = \"coarsen.policy/1\"\nname = \"bench\"\nversion = 1\n".to_owned();
    let categories = [("resolution", "category"), ("video_codec", "category"), ("direct", "flag")];
    let categories = categories.into_iter().map(|(name, kind)| (name, kind, "keep"));
    for (name, kind, rounding) in NUMBERS.into_iter().chain(categories) {
        text += &format!(
            "[[field]]\nname = \"{name}\"\ntype = \"{kind}\"\nrounding = \"{rounding}\"\nconsent = \"playback\"\n\
             purpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
        );
    }
    Policy::from_toml(&text).expect("a policy")
}

/// Plays of one row group, nine in ten with consent.
fn plays(from: u64, rows: u64) -> DataFrame {
    let mixed = |row: u64, salt: u64| {
        let x = (row ^ salt << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let x = (x ^ x >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        x ^ x >> 32
    };
    let tops = [12_000_000, 12_000_000, 40_000_000, 40_000_000, 20_000, 8, 60_000];
    let all = from..from + rows;
    let mut columns: Vec<Column> = NUMBERS
        .iter()
        .zip(tops)
        .enumerate()
        .map(|(salt, ((name, ..), top))| {
            let values = all.clone().map(|row| mixed(row, salt as u64) % top);
            UInt64Chunked::from_iter_values((*name).into(), values).into_column()
        })
        .collect();
    let text = |name: &str, salt: u64, of: &'static [&'static str]| {
        let values = all.clone().map(|row| of[(mixed(row, salt) % of.len() as u64) as usize]);
        StringChunked::from_iter_values(name.into(), values).into_column()
    };
    columns.push(text("resolution", 8, &RESOLUTIONS));
    columns.push(text("video_codec", 9, &CODECS));
    let flags = |name: &str, salt: u64, of: u64| {
        BooleanChunked::from_iter_values(name.into(), all.clone().map(|row| mixed(row, salt) % of > 0))
            .into_column()
    };
    columns.push(flags("direct", 10, 3));
    columns.push(flags("consent_playback", 11, 10));
    DataFrame::new(rows as usize, columns).expect("a frame")
}

fn write_plays(path: &Path, rows: u64) {
    const GROUP: u64 = 1 << 18;
    let file = File::create(path).expect("a file");
    let schema = plays(0, 1).schema().clone();
    let writer = ParquetWriter::new(file).with_compression(ParquetCompression::Snappy);
    let mut writer = writer.batched(&schema).expect("a writer");
    let mut from = 0;
    while from < rows {
        let group = GROUP.min(rows - from);
        writer.write_batch(&plays(from, group)).expect("written");
        from += group;
    }
    writer.finish().expect("a footer");
}

/// The representative of each edge's bucket, once: the peer's arithmetic needs no more than that.
fn peer_numbers(values: &UInt64Chunked, name: &str, rounding: &Rounding) -> Column {
    let width = rounding.width();
    let out: Vec<u64> = match (name, width) {
        ("duration_ms" | "played_ms", Some(width)) => {
            let top = rounding.coding().top().expect("a top");
            let round = |v: u64| if v >= top { top } else { v / width * width + width / 2 };
            values.into_no_null_iter().map(round).collect()
        }
        ("delivered_bps", Some(width)) => {
            values.into_no_null_iter().map(|v| v / width * width + width / 2).collect()
        }
        ("stalled_ms", Some(width)) => {
            let half = width / 2;
            let round = |v: u64| if v < half { half / 2 } else { (v + half) / width * width };
            values.into_no_null_iter().map(round).collect()
        }
        _ => {
            let buckets: Vec<(u64, u64)> = rounding.buckets().map(|b| (b.from, b.midpoint())).collect();
            let cut = |v: u64| buckets[buckets.partition_point(|(from, _)| *from <= v) - 1].1;
            values.into_no_null_iter().map(cut).collect()
        }
    };
    UInt64Chunked::from_vec(name.into(), out).into_column()
}

/// The same by eager polars.
fn peer(input: &Path, output: &Path) {
    let open = || ParquetReader::new(File::open(input).expect("the plays"));
    let metadata = open().get_metadata().expect("a footer").clone();
    let roundings: Vec<Rounding> = NUMBERS
        .iter()
        .map(|(_, kind, rounding)| {
            let dimension = match *kind {
                "duration" => Dimension::Duration,
                "bitrate" => Dimension::Bitrate,
                _ => Dimension::Integer,
            };
            Rounding::parse(rounding, dimension).expect("a rounding")
        })
        .collect();
    let mut writer = None;
    for group in &metadata.row_groups {
        let mut alone = (*metadata).clone();
        alone.num_rows = group.num_rows();
        alone.row_groups = vec![group.clone()];
        let mut reader = open();
        reader.set_metadata(Arc::new(alone));
        let frame = reader.finish().expect("a row group");
        let consent = frame.column("consent_playback").expect("consent").bool().expect("flags").clone();
        let frame =
            frame.drop("consent_playback").expect("a frame").filter(&consent).expect("consenting plays");
        let rounded: Vec<Column> = frame
            .columns()
            .iter()
            .enumerate()
            .map(|(at, column)| match roundings.get(at) {
                Some(rounding) => peer_numbers(column.u64().expect("numbers"), column.name(), rounding),
                None => column.clone(),
            })
            .collect();
        let frame = DataFrame::new(rounded[0].len(), rounded).expect("a frame");
        let writer = writer.get_or_insert_with(|| {
            let file = File::create(output).expect("a file");
            let writer = ParquetWriter::new(file).with_compression(ParquetCompression::Snappy);
            writer.batched(frame.schema()).expect("a writer")
        });
        writer.write_batch(&frame).expect("written");
    }
    writer.expect("a row group").finish().expect("a footer");
}

/// User and system time of this process in seconds, where the system tells.
fn cpu() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    let mut fields = after_name.split_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(ticks as f64 / 100.0)
}

/// The most memory this process has held, in MiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let test = args.iter().any(|arg| arg == "--test");
    let rows = args.iter().find_map(|arg| arg.parse().ok()).unwrap_or(if test { 20_000 } else { 8_000_000 });
    let folder = tempfile::tempdir().expect("a folder");
    let [input, ours, theirs] =
        ["plays", "ours", "theirs"].map(|name| folder.path().join(format!("{name}.parquet")));
    write_plays(&input, rows);
    let policy = policy();
    let options = Options::new("2026-11-24".parse().expect("a day"));
    let run = || {
        let place = |path: &Path| Place::File(path.to_owned());
        apply(&policy, &[place(&input)], &place(&ours), &options).expect("applied")
    };
    // The least wall and the least CPU time; the second says more on a machine that others use too.
    let best = |work: &dyn Fn()| {
        let time = |_| {
            let (start, before) = (Instant::now(), cpu());
            work();
            (
                start.elapsed().as_secs_f64(),
                before.zip(cpu()).map_or(f64::NAN, |(before, after)| after - before),
            )
        };
        let times = (0..if test { 1 } else { 5 }).map(time);
        times.fold((f64::INFINITY, f64::INFINITY), |(wall, used), (w, u)| (wall.min(w), used.min(u)))
    };
    let our_time = best(&|| _ = run());
    let our_peak = peak();
    let their_time = best(&|| peer(&input, &theirs));
    let read =
        |path: &Path| ParquetReader::new(File::open(path).expect("a table")).finish().expect("a table");
    assert!(read(&ours).equals(&read(&theirs)), "both sides write the same plays");
    let threads = rayon::current_num_threads();
    println!(
        "{rows} plays of {} fields, Parquet to Parquet, {threads} threads, best of 5",
        policy.fields().len()
    );
    let line = |who: &str, (wall, used): (f64, f64)| {
        let (rate, per_core) = (rows as f64 / wall / 1e6, rows as f64 / used / 1e6);
        println!(
            "{who}  wall {wall:6.2} s, {rate:5.2} million plays/s  CPU {used:6.2} s, {per_core:5.2} million plays/s of a core"
        );
    };
    line("coarsen apply", our_time);
    line("polars, eager", their_time);
    let (wall, used) = (our_time.0 / their_time.0, our_time.1 / their_time.1);
    println!(
        "ratio          wall {wall:.2}  CPU {used:.2}  (the goal: at most 1.5, or 5 million plays/s of a core)"
    );
    if let Some(peak) = our_peak {
        println!("memory of coarsen apply, input and all: {peak} MiB at most");
    }
}
