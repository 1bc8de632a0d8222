//! Free edges of both numbers, from the catalogue to the choice with its bound, on the readable grid.

mod support;

use std::hint::black_box;

use coarsen::classes::Cells;
use coarsen::policy::Limits;
use coarsen::search::{FreeGrid, free, unsnapped};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use support::{SIZES, catalogue};

/// Nodes of branch and bound: enough to matter, few enough to repeat.
const NODES: u64 = 1_000;

fn free_edges(c: &mut Criterion) {
    let (grid, finer, limits) = (FreeGrid::readable(), FreeGrid::fine(), Limits::default());
    let mut group = c.benchmark_group("free edges");
    group.sample_size(10);
    for size in &SIZES[..2] {
        let catalogue = catalogue(*size);
        let cells = Cells::new(&catalogue);
        let choose = || free(&cells, &[], &grid, &limits, NODES, &|| ()).expect("a grid");
        group.bench_function(BenchmarkId::new("choice and bound, 1000 nodes", size), |b| {
            b.iter(|| black_box(choose()));
        });
        let Some(choice) = choose().generalization else { continue };
        group.bench_function(BenchmarkId::new("price of readable edges", size), |b| {
            b.iter(|| black_box(unsnapped(&cells, &choice, &finer, &limits).expect("edges")));
        });
    }
    group.finish();
}

criterion_group!(benches, free_edges);
criterion_main!(benches);
