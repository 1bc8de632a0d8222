//! Exact optimal breakpoints, by both algorithms, beside the plain dynamic program that tries every start.

use std::hint::black_box;

use coarsen::search::optimal::{Distribution, Form, Loss, optimum, optimum_by};
use coarsen::units::Dimension;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Distinct values over about four hours in ms, one title each, in uneven gaps.
fn reference(values: u32) -> Distribution {
    let spread = 14_000_000 / u64::from(values);
    let mut value = 0;
    let pairs = (0..values).map(|title| {
        value += 1 + u64::from(title).wrapping_mul(0x9E37_79B9_7F4A_7C15) % (2 * spread - 1);
        (value, title)
    });
    Distribution::new(pairs.collect()).expect("a reference")
}

/// Every start for every end, floats about the mean of all, no bound on the window: the textbook program, as oracle and
/// as what the two algorithms save.
fn plain(values: &[u64], k: usize) -> f64 {
    let n = values.len();
    let mean = values.iter().sum::<u64>() as f64 / n as f64;
    let (mut sum, mut squares) = (vec![0.0; n + 1], vec![0.0; n + 1]);
    for (i, &value) in values.iter().enumerate() {
        let off = value as f64 - mean;
        sum[i + 1] = sum[i] + off;
        squares[i + 1] = squares[i] + off * off;
    }
    let mut best = vec![f64::INFINITY; n + 1];
    best[0] = 0.0;
    for j in k..=n {
        for i in 0..=j - k {
            let total = sum[j] - sum[i];
            let through = best[i] + squares[j] - squares[i] - total * total / (j - i) as f64;
            best[j] = best[j].min(through);
        }
    }
    best[n]
}

fn squared(c: &mut Criterion) {
    let mut group = c.benchmark_group("optimum, squared error");
    group.sample_size(10);
    for values in [10_000, 100_000, 1_000_000] {
        let reference = reference(values);
        group.throughput(Throughput::Elements(u64::from(values)));
        for k in [5, 20, 100, 1000] {
            for form in [Form::Window, Form::Queue] {
                if form == Form::Window && k == 1000 && values > 100_000 {
                    continue;
                }
                group.bench_function(BenchmarkId::new(format!("{form:?}, k {k}"), values), |b| {
                    b.iter(|| black_box(optimum_by(form, &reference, k, Loss::Squared)));
                });
            }
        }
        if values == 10_000 {
            let found = optimum(&reference, 20, Loss::Squared).expect("an optimum").loss();
            let plainly = plain(reference.values(), 20);
            assert!((found - plainly).abs() < 1e-6 * found, "{found} {plainly}");
            group.bench_function(BenchmarkId::new("baseline: every start, k 20", values), |b| {
                b.iter(|| black_box(plain(reference.values(), 20)));
            });
        }
    }
    group.finish();
}

fn others(c: &mut Criterion) {
    let mut group = c.benchmark_group("optimum, other losses, k 20");
    group.sample_size(10);
    let values = 1_000_000;
    let reference = reference(values);
    group.throughput(Throughput::Elements(u64::from(values)));
    for loss in [Loss::Absolute, Loss::Certainty(Dimension::Duration)] {
        for form in [Form::Window, Form::Queue] {
            group.bench_function(BenchmarkId::new(format!("{loss:?}, {form:?}"), values), |b| {
                b.iter(|| black_box(optimum_by(form, &reference, 20, loss)));
            });
        }
    }
    group.bench_function(BenchmarkId::new("collapse the reference", values), |b| {
        let pairs: Vec<(u64, u32)> = reference.values().iter().copied().zip(0..).collect();
        b.iter(|| black_box(Distribution::new(pairs.clone())));
    });
    group.finish();
}

criterion_group!(benches, squared, others);
criterion_main!(benches);
