//! What servers' performance is worth knowing of when bit rates are rounded (U2).
//!
//! Of transcoded plays, ln(speed) is put down to hardware, video codec, resolution and log2(bit rate) by ordinary least
//! squares ([`Fit`]), once on raw plays and once on what leaves of the same plays. Rounding x flattens or steepens the
//! slope (the attenuation ratio β̂/β of errors in variables; Fuller 1987, section 1.1), blurs the fit (R²), and misleads
//! what it predicts of raw plays of servers that neither fit has seen: the error of ln(speed), and of "keeps up", a speed
//! of at least that of playing.
//!
//! The judge holds out servers, and resamples them for intervals (1 000 resamples, percentiles; Efron and Tibshirani 1993,
//! section 13.3), by names that need not leave. All of it depends on the plays that leave and on no other.

mod bootstrap;
mod fit;
mod of_release;
mod ready;
mod sums;

pub use bootstrap::Interval;
pub use fit::Fit;
pub use of_release::of_release;
pub use ready::{FACTORS, Judged, SpeedPlay, Speeds, Told, judge};
pub use sums::{Combination, Sums};
