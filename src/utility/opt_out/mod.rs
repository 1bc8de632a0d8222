//! What it does to answers that some servers opt out, and to those who don't (U6).
//!
//! A server opts out with log-odds of an intercept and slope × its score ([`scores`]): how much it plays, better hardware,
//! and a taste in platforms, since those who mind their privacy are not like the others. The intercept makes the overall
//! rate ([`chances`]). A mechanism assumed, not measured: it is swept.
//!
//! Of those who stay, the share of plays that stalled by platform (U1) and of transcodes that kept up by hardware (U2) are
//! told as they come and weighted by the inverse of the share of servers that stay in a cell of platform × hardware
//! (poststratification; Holt and Smith 1979; inverse probability weights with the chance estimated by cell, Hernán and
//! Robins 2020, chapter 12): how many servers there are of each must be known from elsewhere ([`Tallies`]). What opting out
//! hangs on beside the cell, weights don't mend.
//!
//! Those who stay lose company ([`Cells`]): a cell of platform × device × hardware with several servers of which a single
//! one stays names it to whoever knows who was there.
//!
//! # Laws
//! 1. Nobody out, no bias: exactly.
//! 2. What is computed of those who stay ([`Tallies::rates`], [`Cells::staying`]) hangs on no play of those who don't;
//!    only on how many servers each cell has, which is known from elsewhere.
//! 3. Who opts out in a draw hangs on the seed, the server's name and its chance alone.

mod cells;
mod chance;
mod estimate;
mod sweep;
mod tallies;

pub use cells::{Cells, Staying};
pub use chance::{Covariates, chances, lots, scores};
pub use estimate::Estimate;
pub use sweep::{Biased, Company, GroupBias, OptOut, Setting, Settings, of_release};
pub use tallies::{Rates, Tallies, Tally};
