//! Diagnostic value: what the engineers still learn.
//!
//! A [`Question`] is one query over plays that runs unchanged on raw plays and on what leaves of them (a [`Release`]);
//! [`judge()`] tells what is left of its answer.

mod digits;
pub mod distance;
mod error;
mod finding;
pub mod information;
mod judge;
mod octaves;
pub mod opt_out;
pub mod power;
mod question;
mod release;
pub mod speed;
mod times;

pub use digits::two_digits;
pub use error::UtilityError;
pub use finding::{Finding, Why};
pub(crate) use judge::judge_knowing;
pub use judge::{
    Figures, Interval, Judged, Judging, LEAST_PLAYS, Outcome, Untested, Worst, judge, kendall_tau_b, untested,
};
pub use octaves::{above_zero, octaves};
pub use question::{Answer, Key, Level, Question, Statistic, Value, built_in, read_questions};
pub use release::{NumberColumn, Release, Table, consenting};
