//! Exact optimal breakpoints of one attribute: the least loss that cuts into buckets of at least k titles can reach.
//!
//! The reference is a [`Distribution`]: distinct values rising, each with its files and titles. A bucket holds whole
//! values, so ties are never split and the partition is a rounding. A bucket that holds fewer than k distinct titles
//! is not allowed. With e(i) the least end at which the bucket from cut i holds k titles, and f(j) the least loss of
//! all below cut j,
//!
//! f(j) = min of f(i) + c(i, j) over the i with e(i) <= j.
//!
//! Two properties of the losses (see [`Loss`], held by proptests) make that fast, each in a file of its own:
//!
//! - *Splitting never raises a loss*: c(i, m) + c(m, j) <= c(i, j). So an optimal bucket need not reach e(e(i)): it
//!   could be split at e(i) into two allowed ones. That is the bound of Hansen & Mukherjee (2003), 2k - 1 records,
//!   carried over to ties and repeated titles, where the number 2k - 1 itself fails. [`Form::Window`] tries every i
//!   that the bound leaves: O(values x window).
//! - *The quadrangle inequality* (Monge): c(a, c) + c(b, d) <= c(a, d) + c(b, c) for a <= b <= c <= d. Once a later
//!   start beats an earlier one it does so for ever, so a queue of starts with the ends from which each is best is
//!   enough (Hirschberg & Larmore 1987; Galil & Park 1990). [`Form::Queue`]: O(values x log window).
//!
//! [`optimum`] takes the faster of the two, [`snapped`] cuts at given edges alone and so tells what readable numbers
//! cost. More k never lowers the loss; but the optima of two k are not nested (tests keep a counter-example).
//!
//! ```
//! use coarsen::search::optimal::{Distribution, Loss, optimum};
//! let values = [1, 2, 3, 10, 11, 12, 13, 30, 31, 32];
//! let reference = Distribution::new(values.iter().zip(0..).map(|(&value, title)| (value, title)).collect())?;
//! let found = optimum(&reference, 3, Loss::Squared)?;
//! assert_eq!((found.edges(), found.loss()), (&[10, 30][..], 9.0));
//! # Ok::<(), coarsen::search::SearchError>(())
//! ```

mod absolute;
mod alone;
mod certainty;
mod cost;
mod distribution;
mod form;
mod loss;
mod marks;
mod queue;
mod rebase;
mod snap;
mod squared;
mod window;
mod word;

pub use alone::{Alone, alone};
pub use distribution::Distribution;
pub use form::{Form, Optimum, optimum, optimum_by};
pub use loss::Loss;
pub use snap::{Price, readable_durations, readable_rates, snap_price, snapped};
