//! Attackers of a single play that group the files once, and the averages of many; each grows with the number of files.

use std::hint::black_box;

use coarsen::attack::averaging::{Attacker as Averager, PLAYS};
use coarsen::attack::homogeneity::{Secret, homogeneity};
use coarsen::attack::intersection::intersection;
use coarsen::attack::known_library::known_library;
use coarsen::attack::levels::level;
use coarsen::attack::linkage::Attacker;
use coarsen::attack::side_fields::side_fields;
use coarsen::attack::suppression::suppression;
use coarsen::attack::{Prior, Target};
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Classes};
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use criterion::{BenchmarkId, Criterion, Throughput};

use crate::support::{SEED, SIZES, catalogue, generalization};

pub fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("one play");
    group.sample_size(10);
    let generalization = generalization();
    let key = generalization.key();
    let bytes = [Rounding::parse("floor:1000000", Dimension::Integer).expect("a rounding")];
    for size in &SIZES[..2] {
        let catalogue = catalogue(*size);
        let cells = Cells::new(&catalogue);
        let classes = Classes::group(&cells, key);
        group.throughput(Throughput::Elements(catalogue.files() as u64));
        let mut run = |name: &str, attack: &mut dyn FnMut()| {
            group.bench_function(BenchmarkId::new(name, size), |b| b.iter(&mut *attack));
        };
        run("linkage, closed form", &mut || {
            black_box(level(&classes, Target::Title));
        });
        run("linkage, 100,000 plays", &mut || {
            let attacker = Attacker::study(&catalogue, key, Target::Title, Prior::Popularity);
            black_box(attacker.run(100_000, &mut stream(SEED, "bench", 0)));
        });
        run("known library, 100 of 1,000 titles", &mut || {
            black_box(known_library(&classes, 1_000, 100, SEED));
        });
        run("suppression", &mut || {
            black_box(suppression(&cells, &generalization));
        });
        run("homogeneity", &mut || {
            black_box(homogeneity(&classes, Secret::Genre));
        });
        run("side fields", &mut || {
            black_box(side_fields(&cells, &generalization));
        });
        run("intersection with a size", &mut || {
            black_box(intersection(&classes, key, &bytes));
        });
        run("averaging, 100 files", &mut || {
            let randomized = "stochastic:1min+fresh".parse().expect("a channel");
            let attacker = Averager::study(&catalogue, randomized, Prior::Uniform);
            black_box(attacker.run(100, &PLAYS, SEED));
        });
    }
    group.finish();
}
