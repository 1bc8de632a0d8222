//! Diagnostic value: what the engineers still learn.
//!
//! A [`Question`] is one query over plays that runs unchanged on raw plays and on what leaves of them (a [`Release`]);
//! [`judge()`] tells what is left of its answer.

mod error;
mod judge;
pub mod power;
mod question;
mod release;

pub use error::UtilityError;
pub use judge::{
    Figures, Interval, Judged, Judging, LEAST_PLAYS, Outcome, Untested, Worst, judge, kendall_tau_b, untested,
};
pub use question::{Answer, Key, Level, Question, Statistic, Value, built_in, read_questions};
pub use release::{NumberColumn, Release, Table, TextColumn};
