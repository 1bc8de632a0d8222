//! What can be wrong with a policy.

use super::LimitsError;
use crate::rounding::RoundingError;

/// A policy that can't be read, or that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Not the TOML of a policy: syntax, a missing or unknown key, a value of the wrong type.
    #[error("not a policy: {0}")]
    Toml(String),
    /// Another schema.
    #[error("the schema is `{found}`, and this program reads `coarsen.policy/1`")]
    Schema {
        /// The schema as written.
        found: String,
    },
    /// A rounding that can't be read, or doesn't fit the type.
    #[error("field `{field}` of ping `{ping}`: {source}")]
    Rounding {
        /// The field's name.
        field: String,
        /// The ping's name.
        ping: String,
        /// What is wrong.
        source: Box<RoundingError>,
    },
    /// The same field twice in one ping.
    #[error("field `{field}` stands twice in ping `{ping}`: remove one")]
    Twice {
        /// The field's name.
        field: String,
        /// The ping's name.
        ping: String,
    },
    /// A derived field whose origin isn't in the policy.
    #[error("field `{field}` is derived from `{origin}`, which no field of the policy is: name one that is")]
    UnknownOrigin {
        /// The field's name.
        field: String,
        /// The origin as written.
        origin: String,
    },
    /// A limit that can't be read.
    #[error("[limits]: {0}")]
    Limits(#[from] LimitsError),
    /// A joint bucket that can't be read, or that isn't made of the ping's own buckets.
    #[error("[[other]] of ping `{ping}`, `{field} = \"{text}\"`: {problem}")]
    Other {
        /// The ping's name.
        ping: String,
        /// The field that the box names.
        field: String,
        /// Its condition as written.
        text: String,
        /// What is wrong, and the mend.
        problem: String,
    },
    /// A joint bucket that names no field.
    #[error(
        "[[other]] of ping `{ping}` names no field, so it would swallow every file: name at least one in `when`"
    )]
    OtherOfAll {
        /// The ping's name.
        ping: String,
    },
    /// A policy without fields.
    #[error("the policy lists no field: nothing would leave; add a [[field]]")]
    Empty,
    /// A name that a file or column could not bear.
    #[error("the {what} `{name}` must be letters, digits, `_` or `-`")]
    Name {
        /// What is named.
        what: &'static str,
        /// The name as written.
        name: String,
    },
}
