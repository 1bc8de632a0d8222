//! A4, the sequence attacker: somebody links several plays, such as a season in one sitting, and names the series.
//!
//! The series or album is watched as a server holds it, one file of each title, in the order of the catalogue's rows;
//! where titles have several files, their first files are one such run, their second ones another ([`Runs`]). A stretch
//! of L files of a run is drawn by its first file, each equally likely or by popularity, and the attacker sees what the
//! L plays emit, in one of several [`Order`]s. It knows the catalogue, the order and L, and that the
//! plays are of one series, not where in the run the stretch begins. Plays that somebody chose at will are harder to name.
//! Which *server* linked plays come from is another question: see [`Owned`].
//!
//! # Laws
//! - One linked play is A1 at the level of the series.
//! - Shuffled is never easier than in order, nor is it to miss one of L + 1 than to see all L + 1 in order.
//! - Under nested coarsening no rate rises; whoever is certain is right.
//! - On one fixed set of stretches, longer ones are named at least as often in order. Not so from one length to the
//!   next where each takes the stretches that are long enough, as a short series drops out; nor shuffled: the runs `ab`
//!   and `ba` are told apart by their first play, and not by both without their order.

mod attacker;
mod names;
mod recognition;
mod runs;
mod servers;

pub use attacker::Binger;
pub use recognition::{Linked, Named, Recognition};
pub use runs::Runs;
pub use servers::{LinkedPlays, Owned, ServersNamed, named};

use serde::Serialize;

/// The numbers of linked plays that are always shown.
pub const LENGTHS: [u32; 6] = [1, 2, 3, 5, 8, 12];

/// How the attacker sees the linked plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// One after the other, as they were played.
    InOrder,
    /// All of them, without their order.
    Shuffled,
    /// In order, but of a stretch one file longer, of which one is missing that is neither the first nor the last, each
    /// equally likely. The attacker doesn't know which. One play has no gap.
    OneMissing,
}

impl Order {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::InOrder, Self::Shuffled, Self::OneMissing];

    /// How long the stretch is of which so many plays are seen.
    pub fn stretch(self, plays: u32) -> u32 {
        plays + u32::from(self == Self::OneMissing && plays > 1)
    }

    /// The places in the stretch that may be missing; 0, the first, stands for none.
    pub(super) fn gaps(self, plays: u32) -> std::ops::Range<u32> {
        if self == Self::OneMissing && plays > 1 { 1..plays } else { 0..1 }
    }
}
