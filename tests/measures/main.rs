//! Measures against their definitions, the two engines against each other, the laws of coarsening, and the
//! running attacker against the closed form.
#![cfg(feature = "harness")]

mod agreement;
mod arrival;
mod attack_limits;
mod base;
mod channels;
mod comparators;
mod copies;
mod corners;
mod diff;
mod engines;
mod free;
mod intersection;
mod lattice;
mod laws;
mod levels;
mod library;
mod membership;
mod naive;
mod noisy;
mod open_world;
mod optimal;
mod other;
mod partial;
mod platform;
mod robust;
mod search;
mod sequence;
mod servers;
mod sides;
mod signals;
mod some;
mod table;
mod through;
mod through_arrival;
mod through_library;
mod through_membership;
mod through_noisy;
mod through_open_world;
mod through_partial;
mod through_sequence;
mod through_suppression;
mod told;
mod value;
mod vectors;
