//! Detection power: how much more traffic a release takes to find a fault than raw plays do.
//!
//! A fault is put into plays at random, and whoever looks for it sees only what leaves.
//!
//! | | |
//! | --- | --- |
//! | design | plays after a day against as many before it, in the same cells. Against the rest of the plays of one day would not do: cells differ without any fault, so with enough plays something always stands out |
//! | faults | of one [`Family`], drawn by plays and bands of a random place and width, never along anybody's edges |
//! | groups | the combinations of those of the family's categories that leave in one ping; across a category that doesn't leave plays are pooled, which thins a fault out |
//! | places | the buckets of the family's number in order, or its values where it leaves as it is; more than 64 of either are joined by a grid of the family that is fixed beforehand: quarters of an octave of the bit rate, 5 min of the length |
//! | scan | of every run of adjacent places in every group the pooled two-proportion z, or of a mean Welch's; the strongest is flagged where it passes the threshold |
//! | threshold | what the strongest run passes in a hundredth of replicas without a fault: the rate of false alarms of the whole search, at that amount of traffic |
//! | replicas | each arm draws its plays independently from those of the table, as many as arrive in a Poisson process: no clusters of plays by server |
//! | found | the flagged run holds at least half of the plays that the fault struck and that leave; precision and recall are told besides |
//!
//! Plays of an arm are all that happen, so who opts out costs traffic, and so does pooling: the ratio of the plays needed with a
//! power of 0.8 is one of total traffic. Where a bucket holds a share m of struck plays, it costs about 1/m
//! ([`traffic_of_mixing`]).
//!
//! # Laws
//! 1. Plays that leave as they are take no more traffic than raw ones: the ratio is 1 exactly, and the power over size is
//!    that of raw plays.
//! 2. Without effect a fault is flagged as often as there are false alarms.
//! 3. The same plays, release, settings and seed give the same figures on any number of threads.
//! 4. Plays of which nothing leaves change nothing but their share of the traffic.
//!
//! A stall rate multiplied by f: a play of the band that doesn't stall does with probability p (f - 1) / (1 - p), p the band's
//! rate in the plays, and all do from p f = 1 on. A new stall is seen with the probability that any of the table is seen: a bucket
//! that holds 0 and 1 hides it. A slower transcode is rounded anew. Of a mean, a cell's plays are normal around it, and fewer than 30
//! plays aren't tested.

mod base;
mod cells;
mod counts;
mod curve;
mod expected;
mod family;
mod fault;
mod formula;
mod hit;
mod look;
mod machine;
mod needed;
mod prepared;
mod quantile;
mod result;
mod scan;
mod seen;
mod settings;
mod sorted;
mod sums;
mod tried;

pub use family::Family;
pub use formula::{plays_per_arm, traffic_of_mixing};
pub use prepared::Prepared;
pub use result::{Amount, AtSize, Detection, Needed, OverSize, Power};
pub use settings::{PowerError, PowerSettings};

use crate::telemetry::plays::Plays;
use crate::utility::release::Release;

/// The power to find faults of a family in what a release lets leave of plays. For several releases of the same plays see
/// [`Prepared`]. O(plays log plays + replicas x scan).
///
/// # Errors
/// [`PowerError::Asked`] for settings out of their range, [`PowerError::OtherPlays`] where the release is of other plays.
pub fn power(
    plays: &Plays,
    release: &Release<'_>,
    family: Family,
    settings: &PowerSettings,
) -> Result<Detection, PowerError> {
    Prepared::new(plays, family, settings)?.detection(release)
}
