//! Attackers, and their growth in the number of files.

#[path = "../support/mod.rs"]
mod support;

mod servers;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, servers::bench);
criterion_main!(benches);
