//! What is wrong with a row of a history. A fault never holds the value.

/// Why a row is no play.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A value of another type than the column's.
    #[error("it holds {found}, and {wanted} belongs there")]
    Kind {
        /// What is there, in words.
        found: &'static str,
        /// What belongs there, in words.
        wanted: &'static str,
    },
    /// A number below 0.
    #[error("it holds a negative number, and {wanted} belongs there")]
    Negative {
        /// What belongs there.
        wanted: &'static str,
    },
    /// A number that no column holds.
    #[error("it holds a number over 4294967295 in the unit of the play's column, the largest there is")]
    TooLarge,
    /// A duration or bit rate of 0.
    #[error("it holds 0, which no file has; leave it empty where it is unknown")]
    Zero,
    /// Text that isn't UTF-8.
    #[error("it holds text that is not UTF-8")]
    NotUtf8,
    /// A row of another length.
    #[error("it has {found} cells separated by tabs, and a row of this history has {wanted}")]
    Cells {
        /// Cells of the row.
        found: usize,
        /// Cells there should be.
        wanted: usize,
    },
    /// What stands where the date belongs is none, so that the columns are others.
    #[error("no date like 2026-11-24 stands there; are these the columns, and is there no header?")]
    Date,
    /// A play that ended before it began, or that stood paused for longer than it lasted.
    #[error("it ends before it starts, or was paused for longer than it lasted")]
    Backward,
    /// A row so long that it can't be held.
    #[error("it is longer than {most} bytes; is a line break missing?")]
    TooLong {
        /// The most bytes.
        most: u64,
    },
    /// A line that is no JSON object.
    #[error("{0}")]
    Json(String),
    /// A key of a line of JSON that stands twice.
    #[error("this key stands twice; remove one")]
    Twice,
}
