//! Plays through a policy, Parquet to Parquet, beside polars doing the same arithmetic in the same run.
//!
//! `cargo bench --bench apply` takes 8 million plays of ten fields; `-- 1000000` another number. They are in row groups of
//! 262,144 first, then in a single one. The peers: polars' lazy engine, scan with columns sink, in the Python that
//! `COARSEN_PYTHON` names (with `notebooks/requirements.txt`; it isn't among this build's features), and eager polars,
//! which is always at hand. Every side is a process of its own, and its output must equal ours, or the run is refused.
//!
//! `RAYON_NUM_THREADS=1 POLARS_MAX_THREADS=1` times one core.

mod eager;
mod lazy;
mod plays;
#[path = "../support/spent.rs"]
mod spent;

use std::fs::File;
use std::path::Path;
use std::process::Command;

use coarsen::telemetry::apply::{Options, Place, apply};
use polars::prelude::{DataFrame, ParquetReader, SerReader};
use serde_json::{Value, json};

use spent::{Spent, peak, spent};

const GROUP: u64 = 1 << 18;
/// How this program is told to be one side.
const SIDE: &str = "--side";

/// One side, so many times: the least wall and the least CPU time (the second says more on a machine that others use too),
/// and the most memory.
fn side(who: &str, input: &Path, output: &Path, repeat: usize) -> Value {
    let policy = plays::policy();
    let options = Options::new("2026-11-24".parse().expect("a day"));
    let place = |path: &Path| Place::File(path.to_owned());
    let run = || match who {
        "coarsen" => drop(apply(&policy, &[place(input)], &place(output), &options).expect("applied")),
        _ => eager::run(input, output),
    };
    let runs: Vec<Spent> = (0..repeat).map(|_| spent(run).1).collect();
    let least = |of: fn(&Spent) -> f64| runs.iter().map(of).fold(f64::INFINITY, f64::min);
    let cpu = least(|run| run.cpu.unwrap_or(f64::NAN));
    json!({"wall": least(|run| run.wall), "cpu": cpu, "peak": peak()})
}

/// That side as a process of its own.
fn process(who: &str, input: &Path, output: &Path, repeat: usize) -> Value {
    let mut this = Command::new(std::env::current_exe().expect("this program"));
    let said = this.args([SIDE, who]).args([input, output]).arg(repeat.to_string()).output().expect("a side");
    assert!(said.status.success(), "{who} failed: {}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).expect("JSON")
}

fn read(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).expect("a table")).finish().expect("a table")
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [first, who, input, output, repeat] = &args[..]
        && first == SIDE
    {
        return println!("{}", side(who, input.as_ref(), output.as_ref(), repeat.parse().expect("a number")));
    }
    let test = args.iter().any(|arg| arg == "--test");
    let rows = args.iter().find_map(|arg| arg.parse().ok()).unwrap_or(if test { 20_000 } else { 8_000_000 });
    let repeat = if test { 1 } else { 5 };
    let python = std::env::var("COARSEN_PYTHON").ok();
    let folder = tempfile::tempdir().expect("a folder");
    let [input, ours, theirs] =
        ["plays", "ours", "theirs"].map(|name| folder.path().join(format!("{name}.parquet")));
    let threads = rayon::current_num_threads();
    println!("{rows} plays of ten fields, Parquet to Parquet, {threads} threads, best of {repeat}");
    for (layout, in_group) in [("row groups of 262,144", GROUP), ("one row group", rows)] {
        plays::write(&input, rows, in_group);
        println!("{layout}");
        let line = |who: &str, said: &Value, than: Option<&Value>| {
            let [wall, cpu] = ["wall", "cpu"].map(|key| said[key].as_f64().unwrap_or(f64::NAN));
            let (rate, per_core) = (rows as f64 / wall / 1e6, rows as f64 / cpu / 1e6);
            print!(
                "  {who:<14} wall {wall:6.2} s, {rate:5.2} M plays/s  CPU {cpu:6.2} s, {per_core:5.2} M plays/s of a core"
            );
            if let Some(peak) = said["peak"].as_u64() {
                print!("  {peak} MiB at most");
            }
            if let Some(ours) = than {
                let ratio = |key: &str| {
                    ours[key].as_f64().unwrap_or(f64::NAN) / said[key].as_f64().unwrap_or(f64::NAN)
                };
                print!("  ours is {:.2} of its wall, {:.2} of its CPU", ratio("wall"), ratio("cpu"));
            }
            println!();
        };
        let our_side = process("coarsen", &input, &ours, repeat);
        line("coarsen apply", &our_side, None);
        let our_plays = read(&ours);
        let same =
            |who: &str| assert!(our_plays.equals(&read(&theirs)), "{who} and coarsen write the same plays");
        match &python {
            Some(python) => {
                let said = lazy::run(python, &input, &theirs, repeat);
                same("polars, lazy");
                line("polars, lazy", &said, Some(&our_side));
            }
            None => println!("  polars, lazy   not run: name a Python that has polars by COARSEN_PYTHON"),
        }
        let said = process("eager", &input, &theirs, repeat);
        same("polars, eager");
        line("polars, eager", &said, Some(&our_side));
    }
    println!("the goal: at most 1.5 of polars, lazy, or 5 M plays/s of a core; under 1 GiB at any size");
}
