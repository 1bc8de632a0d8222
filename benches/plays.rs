//! Simulating plays, and writing them: 10⁵ and 10⁶ many times, 10⁷ once, beside what ten times 10⁶ would take.
//!
//! `RAYON_NUM_THREADS=1` times one core.

#[path = "support/spent.rs"]
mod spent;
mod support;

use std::hint::black_box;

use coarsen::catalogue::Catalogue;
use coarsen::telemetry::plays::{Settings, simulate, write};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use spent::{spent, testing};
use support::{SEED, catalogue};

const PLAYS: [u64; 2] = [100_000, 1_000_000];
const ONCE: u64 = 10_000_000;

fn plays(c: &mut Criterion) {
    let catalogue = catalogue(20_000);
    let mut group = c.benchmark_group("plays");
    group.sample_size(10);
    for plays in if testing() { vec![10_000] } else { PLAYS.to_vec() } {
        let settings = Settings::new(1_000, plays, SEED);
        group.throughput(Throughput::Elements(plays));
        group.bench_function(BenchmarkId::new("simulate", plays), |b| {
            b.iter(|| black_box(simulate(&catalogue, &settings).expect("plays")));
        });
        let simulated = simulate(&catalogue, &settings).expect("plays");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plays.parquet");
        group.bench_function(BenchmarkId::new("write", plays), |b| {
            b.iter(|| write(&path, &simulated).expect("written"));
        });
    }
    group.finish();
    if !testing() {
        once(&catalogue);
    }
}

/// Too long to be done ten times.
fn once(catalogue: &Catalogue) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plays.parquet");
    let took = [PLAYS[1], ONCE].map(|plays| {
        let settings = Settings::new(1_000, plays, SEED);
        let (simulated, simulating) = spent(|| simulate(catalogue, &settings).expect("plays"));
        let ((), writing) = spent(|| write(&path, &simulated).expect("written"));
        (simulating.wall, writing.wall)
    });
    let [(less_simulated, less_written), (simulated, written)] = took;
    println!(
        "{ONCE} plays, once: simulated in {simulated:.1} s ({:.2} of ten times a tenth), written in {written:.1} s ({:.2})",
        simulated / less_simulated / 10.0,
        written / less_written / 10.0
    );
}

criterion_group!(benches, plays);
criterion_main!(benches);
