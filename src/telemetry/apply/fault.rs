//! What is wrong with a row. A fault never holds the value.

use crate::policy::JsonPlayError;

/// Why a policy can't be applied to a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A value of another type than the field's.
    #[error("it holds {found}, and the policy wants {wanted}")]
    Kind {
        /// What is there, in words.
        found: &'static str,
        /// What the policy wants.
        wanted: &'static str,
    },
    /// A number below 0.
    #[error("it holds a negative number, and the policy wants {wanted} from 0 on")]
    Negative {
        /// What the policy wants.
        wanted: &'static str,
    },
    /// A number that no whole number of 64 bits is.
    #[error("it holds a number over 18446744073709551615, the largest there is")]
    TooLarge,
    /// Text that isn't UTF-8.
    #[error("it holds text that is not UTF-8")]
    NotUtf8,
    /// A consent that is neither yes nor no.
    #[error("a consent is true, false or absent, and this is none of them")]
    Consent,
    /// Another word than `personal` and `provided`.
    #[error("the content is `personal`, `provided` or absent, and this is none of them")]
    Content,
    /// A server or session that is no name.
    #[error("a server or session is a name or a whole number, and this is neither")]
    Sender,
    /// A line of JSON that can't be read.
    #[error("{0}")]
    Json(#[from] JsonPlayError),
    /// A key that the policy doesn't know, where that was to be an error.
    #[error("the policy doesn't know this key, and --strict refuses it")]
    Unknown,
    /// A line or row so long that it can't be held.
    #[error("it is longer than {most} bytes; is a line break or quotation mark missing?")]
    TooLong {
        /// The most bytes.
        most: u64,
    },
    /// A CSV row of another length than the header.
    #[error("the row has {found} cells and the header {wanted}, so that its consent can't be read")]
    Cells {
        /// Cells of the row.
        found: usize,
        /// Cells of the header.
        wanted: usize,
    },
}
