//! Partial watch: all grows with the files, and with the buckets times the classes of bit rate and side fields.

use std::hint::black_box;

use coarsen::attack::Prior;
use coarsen::attack::partial::Attacker;
use coarsen::classes::Cells;
use criterion::{BenchmarkId, Criterion, Throughput};

use crate::support::{SEED, SIZES, catalogue, generalization};

pub fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("partial");
    group.sample_size(10);
    let generalization = generalization();
    for size in &SIZES[..3] {
        let catalogue = catalogue(*size);
        let cells = Cells::new(&catalogue);
        let study = || Attacker::study(&cells, generalization.key(), 60_000);
        let attacker = study();
        group.throughput(Throughput::Elements(catalogue.files() as u64));
        group.bench_function(BenchmarkId::new("study", size), |b| b.iter(|| black_box(study())));
        for plays in [1, 10] {
            group.bench_function(BenchmarkId::new(format!("closed form, {plays} plays"), size), |b| {
                b.iter(|| black_box(attacker.closed_form(0.5, plays, Prior::Uniform)));
            });
            group.bench_function(BenchmarkId::new(format!("1,000 files, {plays} plays"), size), |b| {
                b.iter(|| black_box(attacker.run(0.5, plays, Prior::Uniform, 1_000, SEED)));
            });
        }
    }
    group.finish();
}
