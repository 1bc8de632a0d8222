//! The open world: one closed form, and all worlds with their runs; both grow as the files do.

use std::hint::black_box;

use coarsen::attack::Prior;
use coarsen::attack::open_world::{Doubt, World, open_world, stated};
use coarsen::classes::{Cells, Classes};
use criterion::{BenchmarkId, Criterion, Throughput};

use crate::support::{SEED, SIZES, catalogue, generalization};

pub fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("open world");
    group.sample_size(10);
    let generalization = generalization();
    for size in &SIZES[..2] {
        let catalogue = catalogue(*size);
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, generalization.key());
        let world = World::draw(&catalogue, 50, 0, SEED);
        group.throughput(Throughput::Elements(catalogue.files() as u64));
        group.bench_function(BenchmarkId::new("closed form", size), |b| {
            b.iter(|| black_box(stated(&classes, &world, Doubt::Coverage, Prior::Popularity)));
        });
        group.bench_function(BenchmarkId::new("all worlds", size), |b| {
            b.iter(|| black_box(open_world(&cells, &cells, generalization.key(), 100_000, SEED)));
        });
    }
    group.finish();
}
