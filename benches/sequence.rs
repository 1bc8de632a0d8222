//! Naming albums by linked tracks, and its growth in the number of albums: 12 tracks each, whole seconds, as music
//! catalogues tell them; the attacker sees 10 s buckets.
//!
//! The time grows as n log n, as sorting does, times the number of gaps where one track is missing.

use std::hint::black_box;

use coarsen::attack::sequence::{Linked, Order, Runs};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Classes, Generalization};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand::RngExt;

const TRACKS: usize = 12;
const ALBUMS: [usize; 3] = [1_000, 10_000, 100_000];

/// Tracks of 1 to 8 min.
fn albums(albums: usize) -> Catalogue {
    let mut random = stream(1, "albums", 0);
    let files = albums * TRACKS;
    Catalogue::new(Columns {
        title: (0..files as u32).collect(),
        series: Some((0..files).map(|file| Some((file / TRACKS) as u32)).collect()),
        duration_ms: (0..files).map(|_| random.random_range(60..480) * 1_000).collect(),
        side: [(SideField::Kind, (0..files).map(|_| Some("track")).collect())].into(),
        ..Columns::default()
    })
    .expect("a catalogue")
}

fn sequence(c: &mut Criterion) {
    let mut group = c.benchmark_group("linked tracks");
    group.sample_size(10);
    let duration = Rounding::parse("floor:10s", Dimension::Duration).expect("a rounding");
    let generalization = Generalization { duration, ..Generalization::drop() };
    for size in ALBUMS {
        let catalogue = albums(size);
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, generalization.key());
        let runs = Runs::of(&catalogue);
        let linked = Linked::new(&classes, &runs);
        group.throughput(Throughput::Elements(catalogue.files() as u64));
        group.bench_function(BenchmarkId::new("runs", size), |b| b.iter(|| black_box(Runs::of(&catalogue))));
        for (order, plays) in
            [(Order::InOrder, 3), (Order::InOrder, 12), (Order::Shuffled, 5), (Order::OneMissing, 5)]
        {
            let name = format!("{plays} {order:?}");
            group.bench_function(BenchmarkId::new(name, size), |b| {
                b.iter(|| black_box(linked.recognition(order, plays, order.stretch(plays))));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, sequence);
criterion_main!(benches);
