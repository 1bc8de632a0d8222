//! What was measured of a field, or of a ping as a whole.

use super::Source;
use crate::report::document::{Cell, Tone};
use crate::report::numbers::{counted, percent};

/// What the figures mean.
pub(super) const MEANING: &str = "Measured risk says, for a catalogue of known files: how many different titles at \
    least look alike in what is sent, once the exposed files are set aside; how many of the files are exposed, which \
    look like fewer titles than the limits ask for; and for how many of the files an attacker with one guess names the \
    title right. Of a field alone, and of all fields of a ping joined.";

/// The figures of the justification, `*` for the whole ping; that there are none is said.
pub(super) fn of(source: &Source<'_>, ping: &str, field: &str) -> Cell {
    let justification = source.policy.justification.as_ref();
    let measured = justification.into_iter().flat_map(|justification| &justification.measured);
    let figures: Vec<String> = measured
        .filter(|measured| measured.ping == ping && measured.field == field)
        .map(|measured| {
            format!(
                "at least {} look alike; {} of the files exposed; title named for {} of the files",
                counted(measured.k_titles, "title"),
                percent(measured.exposed_share),
                percent(measured.title_uniform)
            )
        })
        .collect();
    if figures.is_empty() {
        return Cell::toned("not measured", Tone::Muted);
    }
    let text = figures.join("; ");
    match source.measured_as_it_stands() {
        Some(true) => text.into(),
        _ => Cell::toned(format!("{text} (before the policy was changed)"), Tone::Unsure),
    }
}
