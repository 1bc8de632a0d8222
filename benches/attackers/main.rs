//! The attackers, and their growth in the number of files.

mod arrival;
mod noisy;
mod open_world;
mod partial;
mod servers;
mod single;
#[path = "../support/mod.rs"]
mod support;
mod through;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    benches,
    single::bench,
    noisy::bench,
    partial::bench,
    servers::bench,
    arrival::bench,
    open_world::bench,
    through::bench
);
criterion_main!(benches);
