//! The attackers, and their growth in the number of files.

mod arrival;
mod open_world;
mod servers;
#[path = "../support/mod.rs"]
mod support;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, arrival::bench, open_world::bench, servers::bench);
criterion_main!(benches);
