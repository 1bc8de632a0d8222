//! How a study tells how far it is.

/// Somebody who wants to know how far a study is.
pub trait Progress: Sync {
    /// A stage begins, of so many steps where that is known.
    fn stage(&self, name: &str, steps: Option<u64>);
    /// So many steps of the stage are done.
    fn advance(&self, steps: u64);
}

/// Nobody.
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
}
