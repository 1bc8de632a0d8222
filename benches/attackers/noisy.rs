//! Noisy matching: the closed form grows with the files, and with the buckets that their copies reach; a play that runs
//! costs the files in its reach.

use std::hint::black_box;

use coarsen::attack::Prior;
use coarsen::attack::noisy::{Attacker, Settings};
use coarsen::classes::Cells;
use criterion::{BenchmarkId, Criterion, Throughput};

use crate::support::{SEED, SIZES, catalogue, generalization};

pub fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("noisy");
    group.sample_size(10);
    let (generalization, settings) = (generalization(), Settings::default());
    for size in &SIZES[..3] {
        let catalogue = catalogue(*size);
        let cells = Cells::new(&catalogue);
        let study = || Attacker::study(&cells, generalization.key(), &settings).expect("a mode");
        let attacker = study();
        group.throughput(Throughput::Elements(catalogue.files() as u64));
        group.bench_function(BenchmarkId::new("study", size), |b| b.iter(|| black_box(study())));
        group.bench_function(BenchmarkId::new("closed form", size), |b| {
            b.iter(|| black_box(attacker.closed_form()));
        });
        group.bench_function(BenchmarkId::new("1,000 plays", size), |b| {
            b.iter(|| black_box(attacker.run(Prior::Uniform, 1_000, SEED)));
        });
    }
    group.finish();
}
