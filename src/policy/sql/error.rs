//! Why a policy has no SQL.

/// A policy, or a wish, that can't be written in a dialect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SqlError {
    /// No such dialect.
    #[error("unknown dialect `{name}`: the dialects are {known}")]
    Dialect {
        /// As written.
        name: String,
        /// The dialects there are.
        known: String,
    },
    /// Several pings and none chosen.
    #[error("the policy has several pings, and a SELECT yields one: choose it with --ping, one of {pings}")]
    WhichPing {
        /// The pings there are.
        pings: String,
    },
    /// No such ping.
    #[error("the policy has no ping `{name}`: its pings are {pings}")]
    Ping {
        /// As written.
        name: String,
        /// The pings there are.
        pings: String,
    },
    /// Every field is dropped or expired.
    #[error("nothing of ping `{ping}` leaves on {as_of}: every field of it is dropped or has expired")]
    Nothing {
        /// The ping.
        ping: String,
        /// The day.
        as_of: String,
    },
    /// A name that the engine can't bear.
    #[error("{dialect} can't name a column or table `{name}`: {problem}")]
    Name {
        /// The dialect.
        dialect: &'static str,
        /// The name, escaped.
        name: String,
        /// What is wrong, and the mend.
        problem: &'static str,
    },
    /// Two names that the engine takes for one.
    #[error("{dialect} takes `{one}` and `{other}` for one name: rename one")]
    OneName {
        /// The dialect.
        dialect: &'static str,
        /// One of them.
        one: String,
        /// The other.
        other: String,
    },
    /// A text that the engine can't hold.
    #[error("no text of {dialect} holds the NUL character, as `{text}` does: remove it from the policy")]
    Text {
        /// The dialect.
        dialect: &'static str,
        /// The text, escaped.
        text: String,
    },
}
