//! Detection power: one family and one table at a time, on 200,000 simulated plays.
//!
//! `RAYON_NUM_THREADS=1` times one core.

mod support;

use std::hint::black_box;

use coarsen::catalogue::SideField;
use coarsen::classes::Generalization;
use coarsen::rounding::Rounding;
use coarsen::telemetry::plays::{Plays, Settings, simulate};
use coarsen::units::Dimension;
use coarsen::utility::Release;
use coarsen::utility::power::{Family, PowerSettings, Prepared};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use support::{SEED, catalogue};

const PLAYS: u64 = 200_000;
const TRAFFIC: u64 = 1_000_000;

fn released<'a>(plays: &'a Plays, duration: &str, bitrate: &str) -> Release<'a> {
    let generalization = Generalization {
        duration: Rounding::parse(duration, Dimension::Duration).expect("a rounding"),
        bitrate: Rounding::parse(bitrate, Dimension::Bitrate).expect("a rounding"),
        by: vec![SideField::VideoCodec],
        other: Vec::new(),
    };
    Release::of_pings(plays, &[("plays", &generalization)])
}

fn power(c: &mut Criterion) {
    let plays = simulate(&catalogue(20_000), &Settings::new(1_000, PLAYS, SEED)).expect("plays");
    let settings = PowerSettings::new(TRAFFIC, SEED);
    let mut group = c.benchmark_group("power");
    group.sample_size(10);
    for family in Family::ALL {
        group.bench_function(BenchmarkId::new("prepare", family), |b| {
            b.iter(|| black_box(Prepared::new(&plays, family, &settings).expect("plays and faults")));
        });
        let prepared = Prepared::new(&plays, family, &settings).expect("plays and faults");
        for (duration, bitrate) in [("floor:5min", "log:1"), ("floor:15min", "log:4")] {
            let release = released(&plays, duration, bitrate);
            let needed = prepared.needed(&release).expect("the same plays").expect("a measured release");
            eprintln!("{family}, {duration}, {bitrate}: {needed:?}");
            group.bench_function(BenchmarkId::new(format!("needed, {duration}, {bitrate}"), family), |b| {
                b.iter(|| black_box(prepared.needed(&release).expect("the same plays")));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, power);
criterion_main!(benches);
