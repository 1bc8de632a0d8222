//! Simulating plays, and writing them.
//!
//! `RAYON_NUM_THREADS=1` times one core.

mod support;

use std::hint::black_box;

use coarsen::telemetry::plays::{Settings, simulate, write};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use support::{SEED, catalogue};

const PLAYS: [u64; 3] = [10_000, 100_000, 1_000_000];

fn plays(c: &mut Criterion) {
    let catalogue = catalogue(20_000);
    let mut group = c.benchmark_group("plays");
    group.sample_size(10);
    for plays in PLAYS {
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
}

criterion_group!(benches, plays);
criterion_main!(benches);
