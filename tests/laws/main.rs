//! Laws that hold for every rounding and every quantity, on drawn values.
//!
//! What is drawn, and the naive definition it is compared with, is written once in [`sketch`].

mod groups;
mod nesting;
mod reference;
mod rounding;
mod sketch;
mod smallest;
mod units;
