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
//! Weights need cells that are finer than what is told: where hardware doesn't leave with the stalls, or platform not with
//! the speeds, there are none, and a weighted rate is told of nothing.
//!
//! Those who stay lose company ([`Cells`]), in each ping: a cell of devices (platform, device, hardware, as far as they leave
//! there) or a class of titles (what leaves there of the file) with several servers of which a single one stays names it to
//! whoever knows who was there. How many that are on average is told exactly, without a draw.
//!
//! # Laws
//! 1. Nobody out, no bias: exactly.
//! 2. What is computed of those who stay ([`Tallies::rates`], [`Cells::staying`]) hangs on no play of those who don't;
//!    only on how many servers each cell has, which is known from elsewhere.
//! 3. Of cells, what is told on average is the mean of [`Cells::staying`] over everybody who might opt out.
//! 4. Who opts out in a draw hangs on the seed, the server's name and its chance alone.

mod chance;
mod company;
mod estimate;
mod sweep;
mod tallies;

pub use chance::{Covariates, chances, lots, scores};
pub use company::{Cells, Company, OfPing, Staying};
pub use estimate::Estimate;
pub use sweep::{Biased, GroupBias, OptOut, Rated, Setting, Settings, of_release};
pub use tallies::{Rates, Tallies, Tally};
