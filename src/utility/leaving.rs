//! What leaves of one play.

use super::{NumberColumn, Release, above_zero};
use crate::rounding::Bucket;

/// Whether any column of a play leaves: what is asked of raw plays is asked of these, and nobody else's plays matter. A ping
/// that tells of the server alone, which may leave whatever is switched off, says nothing of a play.
pub(super) fn at_all(release: &Release<'_>, play: usize) -> bool {
    release.tables().iter().any(|table| table.leaves(play) && table.columns().next().is_some())
}

/// The bucket of a play, `None` where the column is as it is or the play's number is missing.
fn bucket(column: &NumberColumn<'_>, play: usize) -> Option<Bucket> {
    column.buckets()?.get(*column.codes()?.get(play)? as usize).copied()
}

/// The number of a play as it leaves, for its logarithm: see [`above_zero`].
pub(super) fn for_log(column: &NumberColumn<'_>, play: usize) -> Option<u64> {
    column.get(play).map(|representative| above_zero(representative, bucket(column, play)))
}
