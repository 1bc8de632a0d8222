//! Collapsing a catalogue and measuring one generalization, beside a polars group-by of the same candidate.
//!
//! The peer answers less: class sizes only, from columns that are in memory already, while the measure yields
//! every figure of `coarsen measure`, distinct titles and series among them.

mod support;

use std::hint::black_box;

use coarsen::anonymity::Thresholds;
use coarsen::catalogue::{Catalogue, SideField};
use coarsen::classes::{Cells, Rows};
use coarsen::search::evaluate;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use polars::prelude::{Column, DataFrame};
use support::{SIZES, catalogue, generalization};

/// The candidate's three bucket columns, as the peer would hold them.
fn frame(catalogue: &Catalogue) -> DataFrame {
    let duration: Vec<u32> = catalogue.duration_ms().iter().map(|ms| ms / 300_000).collect();
    let rates = catalogue.bitrate_bps().expect("bit rates");
    let bitrate: Vec<u32> = rates.iter().map(|r| r.map_or(99, |rate| (rate.get() + 1).ilog2())).collect();
    let column = catalogue.side(SideField::Resolution).expect("resolutions");
    let resolution: Vec<u32> = (0..column.len()).map(|row| column.index(row) as u32).collect();
    let columns = vec![
        Column::new("duration".into(), duration),
        Column::new("bitrate".into(), bitrate),
        Column::new("resolution".into(), resolution),
    ];
    DataFrame::new(catalogue.files(), columns).expect("a frame")
}

fn classes(c: &mut Criterion) {
    let mut group = c.benchmark_group("one generalization");
    group.sample_size(10);
    for size in SIZES {
        let catalogue = catalogue(size);
        let cells = Cells::new(&catalogue);
        let frame = frame(&catalogue);
        let generalization = generalization();
        // Both sides see the same classes.
        let groups =
            frame.group_by(["duration", "bitrate", "resolution"]).expect("groups").get_groups().len();
        let evaluation = evaluate(&cells, &generalization, Thresholds::default(), &[0.001]);
        assert_eq!(groups as u64, evaluation.measures.classes);

        group.throughput(Throughput::Elements(catalogue.files() as u64));
        group.bench_function(BenchmarkId::new("collapse once", size), |b| {
            b.iter(|| black_box(Cells::new(&catalogue)));
        });
        group.bench_function(BenchmarkId::new("all measures, alone", size), |b| {
            b.iter(|| black_box(evaluate(&cells, &generalization, Thresholds::default(), &[0.001])));
        });
        let rows = Rows::new(&cells, &generalization.duration, &generalization.by);
        group.bench_function(BenchmarkId::new("all measures, within a sweep", size), |b| {
            b.iter(|| {
                let mut tally =
                    coarsen::anonymity::Tally::new(Thresholds::default(), catalogue.kind().levels());
                rows.visit(&generalization.bitrate, &mut tally);
                black_box(tally)
            });
        });
        group.bench_function(BenchmarkId::new("peer: polars group-by, sizes only", size), |b| {
            b.iter(|| {
                let groups = frame.group_by(["duration", "bitrate", "resolution"]).expect("groups");
                black_box(groups.get_groups().iter().map(|group| group.len()).min())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, classes);
criterion_main!(benches);
