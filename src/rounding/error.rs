//! What can be wrong with a rounding.

use crate::units::UnitError;

/// A rounding that can't be read or built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RoundingError {
    /// No family of that name.
    #[error(
        "unknown rounding `{name}`: the roundings are keep, drop, floor:W, nearest:W, ceil:W, log:N, \
         bits:N, digits:N, edges:A,B,.., ladder:NAME, quantile:N, atleast:N"
    )]
    Unknown {
        /// The name as written.
        name: String,
    },
    /// A family without its number, or one that takes none with one.
    #[error("`{text}`: write it like `{example}`")]
    Malformed {
        /// The rounding as written.
        text: String,
        /// One that can be read.
        example: &'static str,
    },
    /// A number with a unit that can't be read.
    #[error("in the rounding `{text}`: {source}")]
    Unit {
        /// The rounding as written.
        text: String,
        /// What is wrong with the number.
        source: UnitError,
    },
    /// A width of 0.
    #[error("a width of 0 makes no bucket: use `keep` for no rounding at all")]
    ZeroWidth,
    /// A phase at or over the width.
    #[error("the phase {phase} must be below the width {width}: use its remainder {mend}")]
    Phase {
        /// The phase in base units.
        phase: u64,
        /// The width in base units.
        width: u64,
        /// The phase that means the same.
        mend: u64,
    },
    /// A count outside its range.
    #[error("{what} must be from {min} to {max}, not {value}")]
    Range {
        /// What is counted.
        what: &'static str,
        /// The smallest allowed.
        min: u64,
        /// The largest allowed.
        max: u64,
        /// What was given.
        value: u64,
    },
    /// Edges that don't rise, or none, or one at 0.
    #[error(
        "edges must rise strictly and begin above 0, but {at} follows {before} (0 and infinity are implied)"
    )]
    Edges {
        /// The edge that breaks the order.
        at: u64,
        /// The edge before it, or 0.
        before: u64,
    },
    /// No edge at all.
    #[error("there is no edge to cut at ({why}): use `drop` where one bucket is meant")]
    NoEdge {
        /// Where the edges should have come from.
        why: &'static str,
    },
    /// No published ladder of that name.
    #[error("unknown ladder `{name}`: the ladders are {known}")]
    UnknownLadder {
        /// The name as written.
        name: String,
        /// The ladders there are.
        known: String,
    },
    /// A ladder for something else than a bit rate.
    #[error("a ladder is a list of bit rates, and this field is none: use `edges:`")]
    NotABitrate,
    /// Bottom coding at or over top coding, or at 0.
    #[error("bottom coding must lie above 0 and below top coding")]
    Coding,
    /// Coding of a dropped field.
    #[error("`drop` leaves nothing to code: write `drop` alone")]
    CodedDrop,
    /// A rounding whose edges come from a catalogue, where there is none.
    #[error(
        "`{text}` takes its edges from a reference catalogue: none is at hand here, write `edges:` instead"
    )]
    NeedsReference {
        /// The rounding as written.
        text: String,
    },
    /// Groups of values that can't be read or built.
    #[error("in `groups:`, `{name}`: {problem}")]
    Groups {
        /// The group or value.
        name: String,
        /// What is wrong, and the mend.
        problem: &'static str,
    },
    /// A category that is neither kept, dropped nor grouped, or a flag that is neither kept nor dropped.
    #[error(
        "a category is `keep`, `drop` or `groups:NAME=VALUE|VALUE,..` (a flag `keep` or `drop`), not `{text}`"
    )]
    Category {
        /// The rounding as written.
        text: String,
    },
}
