//! Why a policy has no Rust.

/// A policy that can't be written as a module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RustError {
    /// Every field is dropped.
    #[error("nothing leaves by this policy: every field of it is dropped")]
    Nothing,
    /// Two names that become one identifier.
    #[error("in Rust the {what} `{one}` and `{other}` would both be called `{ident}`: rename one")]
    OneName {
        /// What they are.
        what: &'static str,
        /// One of them, escaped.
        one: String,
        /// The other, escaped.
        other: String,
        /// The identifier.
        ident: String,
    },
}
