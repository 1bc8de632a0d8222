//! How much of what a field tells about a play's fate it still tells when rounded (U5).
//!
//! The field's raw values fall into at most [`BINS`] bins of about equal depth, fixed before any rounding: x. What leaves
//! of a bin is what leaves of its smallest value: y. So y is a function of x, and by the data-processing inequality (Cover
//! and Thomas 2006, theorem 2.8.1) I(target; y) is at most I(target; x) and falls as roundings are nested, exactly and
//! not on average.
//!
//! Both are of the plays at hand (plug-in), not of those that might have been: they stand about (bins - 1)/(2 N) nats too
//! high for N plays and a target of two values (Miller 1955), so that the ratio is told beside that much
//! ([`Retained::bias_bits`]). What a bin mixes, neither of them sees.

mod bins;
mod mutual;
mod of_release;

pub use bins::{BINS, Bins};
pub use mutual::{Retained, mutual_information, retained};
pub use of_release::{Field, Question, Target, of_release};
