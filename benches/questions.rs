//! Each built-in question put to plays, raw and as a policy lets them leave, over the number of plays; and the judgment of
//! all of them, with its resamples.

mod support;

use std::hint::black_box;

use coarsen::policy::Policy;
use coarsen::telemetry::plays::{Plays, Settings, simulate};
use coarsen::utility::{Judging, Release, built_in, judge};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use support::{SEED, catalogue};

const POLICY: &str = include_str!("../datasets/policies/playback.toml");

/// Ten times as many plays: the same again, so that only their number differs.
fn tenfold(plays: &Plays) -> Plays {
    let mut more = Plays::default();
    (0..10).for_each(|_| more.append(plays));
    more
}

fn questions(c: &mut Criterion) {
    let catalogue = catalogue(20_000);
    let policy = Policy::from_toml(POLICY).expect("a policy");
    let today = "2026-11-24".parse().expect("a day");
    let mut plays = simulate(&catalogue, &Settings::new(1_000, 100_000, SEED)).expect("plays");
    for size in ["1e5", "1e6", "1e7"] {
        let mut group = c.benchmark_group(format!("questions/{size}"));
        group.sample_size(10).throughput(Throughput::Elements(plays.len() as u64));
        for (what, release) in [
            ("raw", Release::raw(&plays)),
            ("policy", Release::of_policy(&plays, &policy, today, &[]).expect("a release")),
        ] {
            for question in built_in() {
                let table = question.table(&release).expect("a ping that answers it");
                group.bench_function(BenchmarkId::new(question.name.clone(), what), |b| {
                    b.iter(|| black_box(question.answer(&plays, table, &|_| true).expect("an answer")));
                });
            }
        }
        group.finish();
        if size != "1e7" {
            plays = tenfold(&plays);
        }
    }
    let plays = simulate(&catalogue, &Settings::new(1_000, 100_000, SEED)).expect("plays");
    let release = Release::of_policy(&plays, &policy, today, &[]).expect("a release");
    let mut group = c.benchmark_group("judge");
    group.sample_size(10);
    for resamples in [0, 1_000] {
        let judging = Judging { resamples, seed: 1 };
        group.bench_function(BenchmarkId::new("1e5 plays", resamples), |b| {
            b.iter(|| black_box(judge(&plays, &release, &built_in(), &judging).expect("judged")));
        });
    }
    group.finish();
}

criterion_group!(benches, questions);
criterion_main!(benches);
