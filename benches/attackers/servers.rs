//! The attackers on servers: drawing libraries, fingerprints, membership.
//!
//! The draws don't grow with the catalogue; reading it does, as n log n. The more files, the larger are libraries, up
//! to 5,000 titles.

use std::hint::black_box;

use coarsen::attack::library::{self, library};
use coarsen::attack::membership::{self, membership};
use coarsen::attack::sequence::{LinkedPlays, Owned};
use coarsen::attack::{Prior, servers::Servers};
use coarsen::classes::{Cells, Classes};
use criterion::{BenchmarkId, Criterion, Throughput};

use super::support::{SEED, catalogue, generalization};

/// Files, about.
const SIZES: [u32; 3] = [2_000, 20_000, 200_000];

pub fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("servers");
    group.sample_size(10);
    for size in SIZES {
        let catalogue = catalogue(size);
        let (cells, generalization) = (Cells::new(&catalogue), generalization());
        group.throughput(Throughput::Elements(catalogue.files() as u64));
        group.bench_function(BenchmarkId::new("1,000 libraries", size), |b| {
            b.iter(|| black_box(Servers::draw(&catalogue, Prior::Popularity, 1_000, SEED)));
        });
        group.bench_function(BenchmarkId::new("library", size), |b| {
            let settings = library::Settings::default();
            b.iter(|| black_box(library(&cells, &cells, &generalization, settings, SEED)));
        });
        if let Ok(servers) = Servers::draw(&catalogue, Prior::Popularity, 1_000, SEED) {
            let plays = LinkedPlays::draw(&servers, 2_000, SEED);
            let class_of = Classes::group(&cells, generalization.key()).numbers();
            group.bench_function(BenchmarkId::new("linked plays of 1,000 servers", size), |b| {
                b.iter(|| black_box(Owned::of_servers(&servers, &class_of).run(&plays, &class_of)));
            });
        }
        group.bench_function(BenchmarkId::new("membership", size), |b| {
            let settings = membership::Settings::default();
            b.iter(|| black_box(membership(&cells, &cells, &generalization, settings, SEED)));
        });
    }
    group.finish();
}
