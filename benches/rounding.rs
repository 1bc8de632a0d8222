//! Rounding one value, family by family, beside a bare division.

use std::hint::black_box;

use coarsen::rounding::{Partition, Rounding};
use coarsen::units::Dimension;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Values that no branch predictor learns: a multiplicative sequence over about 4 h in ms.
fn values() -> Vec<u64> {
    (1..=1_024u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 14_400_000).collect()
}

fn rounding(c: &mut Criterion) {
    let values = values();
    let mut group = c.benchmark_group("round one value");
    group.throughput(Throughput::Elements(values.len() as u64));
    group.bench_function("baseline: bare division", |b| {
        let width = black_box(300_000);
        b.iter(|| values.iter().map(|value| value / width).sum::<u64>());
    });
    for text in [
        "keep",
        "floor:300kbps",
        "nearest:300kbps",
        "ceil:300kbps",
        "log:8",
        "bits:4",
        "digits:2",
        "edges:500kbps,1Mbps,2Mbps,4Mbps,8Mbps",
        "ladder:apple_hls_h264",
        "floor:300kbps+bottom:600kbps+top:9Mbps",
    ] {
        let rounding = Rounding::parse(text, Dimension::Bitrate).expect("a rounding");
        group.bench_function(text, |b| {
            b.iter(|| values.iter().map(|&value| black_box(&rounding).bucket(value).from).sum::<u64>());
        });
    }
    group.finish();
}

criterion_group!(benches, rounding);
criterion_main!(benches);
