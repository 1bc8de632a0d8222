//! What can go wrong in a search.

use crate::catalogue::CatalogueError;
use crate::policy::{LimitsError, PolicyError};
use crate::rounding::RoundingError;
use crate::utility::UtilityError;
use crate::utility::power::PowerError;

/// A search that can't be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// A rounding that can't be built.
    #[error(transparent)]
    Rounding(#[from] RoundingError),
    /// A catalogue that can't be used.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A limit that can't be read.
    #[error(transparent)]
    Limits(#[from] LimitsError),
    /// A policy that can't be written.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A question that can't be put to plays.
    #[error(transparent)]
    Utility(#[from] UtilityError),
    /// Power that can't be told.
    #[error(transparent)]
    Power(#[from] PowerError),
    /// A field that the catalogue lacks.
    #[error(
        "the catalogue has no `{field}`, and ping `{ping}` tells of it: a justification measures all that leaves, so give \
         a catalogue that has the column"
    )]
    Lacks {
        /// The ping.
        ping: String,
        /// The attribute of a file.
        field: &'static str,
    },
    /// A ping that a policy doesn't have.
    #[error("policy `{policy}` version {version} has no ping `{ping}`: its pings are {known}")]
    Ping {
        /// The policy's name.
        policy: String,
        /// Its version.
        version: u32,
        /// The ping as asked for.
        ping: String,
        /// The pings there are.
        known: String,
    },
    /// A ping of too many switches.
    #[error(
        "the fields of ping `{ping}` have {switches} switches, and each subset of them is judged, of at most {most}: \
         split the ping by switch"
    )]
    Switches {
        /// The ping.
        ping: String,
        /// Its switches.
        switches: usize,
        /// The most that are judged.
        most: usize,
    },
    /// A limit that a search can't keep.
    #[error(
        "free edges can't be held to the limit `{limit}`, as an attacker's success is no sum over classes: lift it, or choose another shape"
    )]
    FreeAttack {
        /// The limit.
        limit: String,
    },
    /// A list of widths that can't be read.
    #[error("the list `{text}`: {problem}")]
    List {
        /// The list as written.
        text: String,
        /// What is wrong, and the mend.
        problem: String,
    },
    /// A reference without a value.
    #[error("the reference holds no value to cut: give a catalogue that has the attribute")]
    NoValue,
    /// A reference too large for exact sums.
    #[error(
        "{files} files over a range of {range} are too many to sum squares exactly: use a larger base unit"
    )]
    TooWide {
        /// Its files.
        files: u64,
        /// From its least value to its greatest.
        range: u64,
    },
    /// More titles wanted than there are, or none.
    #[error("a bucket can't hold at least {k} of the reference's {titles} titles: ask for 1 to {titles}")]
    Titles {
        /// The titles asked for.
        k: u32,
        /// The titles there are.
        titles: u32,
    },
    /// More records wanted in a group than there are, or none.
    #[error("a group can't hold at least {k} of {records} records: ask for 1 to {records}")]
    Records {
        /// The records asked for.
        k: u32,
        /// The records there are.
        records: usize,
    },
    /// More records than a method of quadratic time is meant for.
    #[error(
        "{records} records take too long, the time grows with their square: sample at most {most} and say so"
    )]
    TooManyRecords {
        /// The records given.
        records: usize,
        /// The most that are taken.
        most: usize,
    },
    /// Reports without a client, a play or a threshold.
    #[error("there must be at least 1 client, 1 play of each and a threshold of 1")]
    NoClient,
    /// A lattice that can't be searched.
    #[error("the lattice of levels: {problem}")]
    Lattice {
        /// What is wrong, and the mend.
        problem: String,
    },
    /// A grid of edges too fine for a table of its rectangles.
    #[error(
        "the grid has {rectangles} rectangles on this catalogue, and {most} are the most: give fewer edges"
    )]
    Grid {
        /// The rectangles there are.
        rectangles: usize,
        /// The most allowed.
        most: usize,
    },
}
