//! Attackers through a channel, 30 s buckets drawn to noise of a minute: closed forms grow with the outputs and the files,
//! and for linked plays with the files that are likely behind one play.

use std::hint::black_box;

use coarsen::attack::arrival::Sending;
use coarsen::attack::channel::{Memory, Randomized};
use coarsen::attack::library;
use coarsen::attack::membership::{Settings, drawn};
use coarsen::attack::noisy;
use coarsen::attack::open_world::World;
use coarsen::attack::sequence::{Order, Runs};
use coarsen::attack::through::{Bingers, Copied, Heard, Speaker, Through, Watcher, fingerprint, level};
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Generalization};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use criterion::{BenchmarkId, Criterion, Throughput};

use super::support::{SEED, catalogue, generalization};

/// Files, about.
const SIZES: [u32; 3] = [2_000, 20_000, 200_000];

pub fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("through");
    group.sample_size(10);
    let duration = Rounding::parse("floor:30s", Dimension::Duration).expect("a rounding");
    let rounded = Generalization { duration, ..generalization() };
    let noise = "noise:1@1min+fresh".parse::<Randomized>().expect("a channel").channel;
    for size in SIZES {
        let catalogue = catalogue(size);
        let cells = Cells::new(&catalogue);
        let runs = Runs::of(&catalogue);
        let through = Through::new(&cells, rounded.key(), noise).expect("few outputs");
        group.throughput(Throughput::Elements(catalogue.files() as u64));
        group.bench_function(BenchmarkId::new("linkage", size), |b| {
            b.iter(|| black_box(level(&through, Target::Title)));
        });
        group.bench_function(BenchmarkId::new("membership", size), |b| {
            let ask = || drawn(&cells, rounded.key(), &through, &cells, Settings::default(), SEED);
            b.iter(|| black_box(ask()));
        });
        let bingers = Bingers::study(&through, &runs);
        for (order, plays) in [(Order::InOrder, 3), (Order::InOrder, 8), (Order::OneMissing, 5)] {
            group.bench_function(BenchmarkId::new(format!("1,000 of {plays} {order:?}"), size), |b| {
                let mut random = stream(SEED, "through", 0);
                b.iter(|| black_box(bingers.run(order, plays, Prior::Uniform, 1_000, &mut random)));
            });
        }
        group.bench_function(BenchmarkId::new("library", size), |b| {
            let settings = library::Settings { servers: 200, ..library::Settings::default() };
            let drawn = (&through, Memory::Fresh);
            b.iter(|| black_box(fingerprint(drawn, (&cells, &cells), rounded.key(), settings, SEED)));
        });
        group.bench_function(BenchmarkId::new("noisy", size), |b| {
            let settings = noisy::Settings::default();
            let copied = Copied::study(&cells, rounded.key(), &settings, noise).expect("few lengths");
            b.iter(|| black_box(copied.run(Prior::Uniform, 1_000, &mut stream(SEED, "through", 1))));
        });
        group.bench_function(BenchmarkId::new("partial", size), |b| {
            let watcher = Watcher::study(&cells, rounded.key(), noise, 60_000).expect("few cells");
            b.iter(|| black_box(watcher.closed_form(0.5, Prior::Uniform)));
        });
        group.bench_function(BenchmarkId::new("arrival", size), |b| {
            let heard = Heard::study(&through);
            let sending = Sending::new(1_000, 60_000, 0).expect("a short lag");
            b.iter(|| black_box(heard.run(sending, Prior::Uniform, 1_000, SEED)));
        });
        group.bench_function(BenchmarkId::new("open world", size), |b| {
            let speaker = Speaker::study(&through).expect("few files");
            let world = World::draw(&catalogue, 50, 0, SEED);
            b.iter(|| black_box(speaker.stated(&world, Prior::Uniform)));
        });
    }
    group.finish();
}
