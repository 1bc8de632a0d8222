//! Measures of anonymity: functions of classes only.
//!
//! A [`Tally`] is shown every class once and yields [`Measures`], whichever way the classes came about.
//! What needs the files of a class stands apart: [`genre`] (by [`diversity`] and [`closeness`]) and [`Distortion`].
//!
//! # Laws
//! Under nested coarsening (each coarse bucket a union of fine ones), on the same files: no k falls; no unique
//! share, exposed share or re-identification rate rises; no distance of genres rises; no diversity falls.
//! Not so for [`Measures::confident_title`] and [`Measures::largest_title`]: the cells {A} and {A x 18, B} have
//! 0.05 of their weight in classes where one title holds 95 %, and merged all of it.

mod attacked;
pub mod closeness;
pub mod disclosure;
mod distortion;
pub mod diversity;
mod genre;
mod measures;
mod ranks;
mod sizes;
mod spread;
mod sums;
mod tally;

pub use attacked::Attacked;
pub use distortion::{AxisLoss, Distortion, WEIGHTS, axis_loss, ncp, public_scale, public_span};
pub use genre::{Genre, genre};
pub(crate) use measures::budget;
pub use measures::{
    ByKind, Confident, Exposed, KBudget, KValues, Largest, Leakage, Measures, Prosecutor, Reidentification,
    Shares,
};
pub use ranks::{CountFigures, Counts, Ranks, TitleFigures};
pub use sizes::Sizes;
pub use spread::Spread;
pub(crate) use tally::{FIXED, LARGEST, kind_hits};
pub use tally::{Tally, Thresholds};
