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
    /// Two fields that would leave in one column.
    #[error("field `{field}` and `{other}` would both leave as column `{column}`: rename one")]
    Clash {
        /// The field.
        field: String,
        /// The other one.
        other: String,
        /// The column.
        column: String,
    },
    /// A field that would read the play's consent.
    #[error("field `{field}` reads column `{column}`, which states consent and never leaves: name another")]
    Reserved {
        /// The field.
        field: String,
        /// The column.
        column: String,
    },
    /// Two fields that read one column as different things.
    #[error(
        "field `{field}` reads column `{column}` as another type than a field before it: give both one type"
    )]
    ColumnType {
        /// The column.
        column: String,
        /// The field.
        field: String,
    },
    /// A representative that doesn't lie in its bucket.
    #[error("field `{field}` of ping `{ping}`, representative: {problem}")]
    Representative {
        /// The field.
        field: String,
        /// Its ping.
        ping: String,
        /// What is wrong, and the mend.
        problem: String,
    },
    /// Words that leave a list open.
    #[error("the text of {of} says `{words}`, and a complete list leaves nothing open: name each thing")]
    OpenEnded {
        /// What says so.
        of: String,
        /// The words.
        words: &'static str,
    },
    /// A text that says nothing: empty, or white space alone.
    #[error("the `{key}` of {of} is empty, and a list of what is collected must say it: write it{mend}")]
    Blank {
        /// What has it.
        of: String,
        /// Its key.
        key: &'static str,
        /// What else would do.
        mend: &'static str,
    },
    /// A delay that can't be read.
    #[error("[release] delay `{text}`: write it as FROM..TO, like 1h..6h, the second not below the first")]
    Delay {
        /// As written.
        text: String,
    },
    /// A batch of nothing, or a shuffle without batches.
    #[error(
        "[release]: `batch` is the number of pings that leave together, at least 1, and `shuffle` needs one"
    )]
    Batch,
    /// A rotation of no identifier.
    #[error("[release]: `rotate` counts the plays under one identifier, and `link` says that there is none")]
    Rotate,
    /// Any of these, with its place in the text.
    #[error("line {line}, column {column}: {source}")]
    At {
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in characters.
        column: usize,
        /// What is wrong there.
        source: Box<PolicyError>,
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
