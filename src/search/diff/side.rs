//! One side of a pair: a ping of a policy on a day.

use crate::catalogue::CatalogueError;
use crate::classes::Told;
use crate::policy::{Day, Field, Policy};
use crate::search::settings::Setting;

/// A ping of a policy.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub policy: &'a Policy,
    pub ping: &'a str,
    pub as_of: Day,
    /// Whether what has expired counts too: it left before its day.
    pub ever: bool,
}

impl<'a> Side<'a> {
    /// The fields that leave on the day.
    pub fn fields(&self) -> impl Iterator<Item = &'a Field> {
        let as_of = self.as_of;
        self.policy.fields_of(self.ping).filter(move |field| field.is_emitted() && field.expires > as_of)
    }

    /// The fields that count in the join.
    pub fn counted(&self) -> impl Iterator<Item = &'a Field> {
        let Self { as_of, ever, .. } = *self;
        let counts = move |field: &&Field| field.is_emitted() && (ever || field.expires > as_of);
        self.policy.fields_of(self.ping).filter(counts)
    }

    /// What they tell of a file; under one setting, or all of them.
    pub fn told(&self, setting: Option<&Setting>) -> Result<Told, CatalogueError> {
        let leaves = |field: &Field| {
            let counts = self.ever || field.expires > self.as_of;
            counts && setting.is_none_or(|setting| setting.allows(field))
        };
        Told::of(self.policy, self.ping, &leaves)
    }
}

/// Whether a field leaves wherever the other one does, on one day, and shows the kind of content where that does.
pub(super) fn goes_with(field: &Field, other: &Field) -> bool {
    let on = field.consent == other.consent || field.consent == crate::policy::ESSENTIAL;
    on && field.content == other.content
}
