//! Arrival times: files named by one jitter or delay as a closed form, which grows as n log n; one run, whose plays are
//! fewer the more candidates each has; and the whole ladder.

use std::hint::black_box;

use coarsen::attack::arrival::{Attacker, Sending, arrival_times, success};
use coarsen::attack::{Prior, Target};
use coarsen::classes::{Cells, Classes};
use criterion::{BenchmarkId, Criterion, Throughput};

use crate::support::{SEED, SIZES, catalogue, generalization};

pub fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("arrival");
    group.sample_size(10);
    let generalization = generalization();
    for size in &SIZES[..2] {
        let catalogue = catalogue(*size);
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, generalization.key());
        let attacker = Attacker::study(&catalogue, generalization.key());
        group.throughput(Throughput::Elements(catalogue.files() as u64));
        for (name, delay_ms) in [("jitter of 1 s", 0), ("delay of 1 h", 3_600_000)] {
            let sending = Sending::new(1_000, delay_ms, 0).expect("a short lag");
            group.bench_function(BenchmarkId::new(format!("closed form, {name}"), size), |b| {
                b.iter(|| black_box(success(&classes, Target::File, sending)));
            });
            group.bench_function(BenchmarkId::new(format!("a run, {name}"), size), |b| {
                b.iter(|| black_box(attacker.run(sending, Prior::Uniform, 100_000, SEED)));
            });
        }
        group.bench_function(BenchmarkId::new("the ladder", size), |b| {
            b.iter(|| {
                black_box(arrival_times(
                    (&cells, &cells),
                    generalization.key(),
                    &[Target::File, Target::Title],
                    None,
                    100_000,
                    SEED,
                ))
            });
        });
    }
    group.finish();
}
