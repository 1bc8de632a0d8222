//! A sweep of a grid of widths, per candidate, beside a polars group-by of each candidate in turn.

mod support;

use std::hint::black_box;

use coarsen::catalogue::Catalogue;
use coarsen::classes::Cells;
use coarsen::search::{Grid, sweep};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use polars::prelude::{Column, DataFrame};
use support::{SIZES, catalogue};

const DURATIONS: &str = "10s,1min,5min,20min";
const BITRATES: &str = "100kbps,250kbps,500kbps,1Mbps,2Mbps,4Mbps";

fn one_by_one(catalogue: &Catalogue, grid: &Grid) -> usize {
    let rates = catalogue.bitrate_bps().expect("bit rates");
    let mut classes = 0;
    for duration in &grid.durations {
        let width = duration.width().expect("a width") as u32;
        let durations: Vec<u32> = catalogue.duration_ms().iter().map(|ms| ms / width).collect();
        for bitrate in &grid.bitrates {
            let width = bitrate.width().expect("a width") as u32;
            let bitrates: Vec<u32> = rates.iter().map(|r| r.map_or(u32::MAX, |r| r.get() / width)).collect();
            let columns = vec![
                Column::new("duration".into(), durations.clone()),
                Column::new("bitrate".into(), bitrates),
            ];
            let frame = DataFrame::new(catalogue.files(), columns).expect("a frame");
            classes += frame.group_by(["duration", "bitrate"]).expect("groups").get_groups().len();
        }
    }
    classes
}

fn whole_grid(c: &mut Criterion) {
    let grid = Grid::from_lists(Some(DURATIONS), Some(BITRATES)).expect("a grid");
    let mut group = c.benchmark_group("grid of 24");
    group.sample_size(10);
    for size in SIZES {
        let catalogue = catalogue(size);
        let cells = Cells::new(&catalogue);
        let by = [Vec::new()];
        let swept: u64 = sweep(&cells, &grid, &by, 0.001, &|_| ()).iter().map(|row| row.classes).sum();
        assert_eq!(swept as usize, one_by_one(&catalogue, &grid));
        group.throughput(Throughput::Elements(grid.len() as u64));
        group.bench_function(BenchmarkId::new("sweep, all measures", size), |b| {
            b.iter(|| black_box(sweep(&cells, &grid, &by, 0.001, &|_| ())));
        });
        group.bench_function(BenchmarkId::new("peer: polars group-by one by one, sizes only", size), |b| {
            b.iter(|| black_box(one_by_one(&catalogue, &grid)));
        });
    }
    group.finish();
}

criterion_group!(benches, whole_grid);
criterion_main!(benches);
