//! What an attacker meets: a catalogue, and what is told of its plays.

use super::linking::Linking;
use super::remedies::{Remedy, gain, left};
use super::variants::Variant;
use super::{Ends, Step};
use crate::attack::Prior;
use crate::catalogue::Catalogue;
use crate::classes::{Classes, Generalization};
use crate::policy::Release;

/// What is told of a play.
pub(in crate::study) enum Told {
    /// One ping.
    One(Box<Generalization>),
    /// Several, joined.
    Joined(Vec<Generalization>),
}

/// See the module.
pub(in crate::study) struct Scene<'a> {
    pub sees: String,
    /// Whether it is of what is recommended.
    pub of_choice: bool,
    told: Told,
    /// Whether only what attackers are compared by is asked for.
    pub brief: bool,
    pub classes: Classes<'a>,
    pub ends: &'a Ends<'a>,
    /// What could be changed.
    pub variants: Vec<Variant<'a>>,
    /// How it leaves, where that is stated.
    pub release: Option<&'a Release>,
    /// What an attacker may find beyond its control, and is held off.
    tolerated: f64,
    pub draws: u64,
    pub seed: u64,
}

/// Fewer servers tell nothing.
const FEWEST_SERVERS: u32 = 50;

impl<'a> Scene<'a> {
    pub fn new(
        (sees, told, variants): (String, Told, Vec<Variant<'a>>),
        ends: &'a Ends<'a>,
        (draws, seed): (u64, u64),
    ) -> Self {
        let cells = ends.cells;
        let classes = match &told {
            Told::One(generalization) => Classes::group(cells, generalization.key()),
            Told::Joined(all) => Classes::linked(cells, all),
        };
        let (of_choice, brief, release, tolerated) = (true, false, None, 0.0);
        Self { sees, of_choice, told, brief, classes, ends, variants, release, tolerated, draws, seed }
    }

    /// The same under a release; an attacker that finds no more than that beyond its control is held off.
    pub fn released(self, release: &'a Release, tolerated: f64) -> Self {
        Self { release: Some(release), tolerated, ..self }
    }

    /// The same of a candidate that was not chosen.
    pub fn of_another(self) -> Self {
        Self { of_choice: false, ..self }
    }

    /// The same, of which only the first part of each attacker's figures is wanted.
    pub fn in_brief(self) -> Self {
        Self { brief: true, ..self }
    }

    pub fn catalogue(&self) -> &'a Catalogue {
        self.ends.cells.catalogue()
    }

    /// What leaves, where it is one ping.
    pub fn generalization(&self) -> Option<&Generalization> {
        match &self.told {
            Told::One(generalization) => Some(generalization),
            Told::Joined(_) => None,
        }
    }

    /// The same, for attackers that meet nothing else.
    pub fn one(&self) -> Result<&Generalization, String> {
        self.generalization().ok_or_else(|| "it attacks one ping at a time".to_owned())
    }

    /// The one ping, where it tells a duration.
    pub fn with_duration(&self) -> Result<&Generalization, String> {
        let generalization = self.one()?;
        if generalization.duration.is_drop() {
            return Err("the ping carries no duration".to_owned());
        }
        Ok(generalization)
    }

    /// The classes of a ping's duration alone.
    pub fn duration_alone(&self, generalization: &Generalization) -> Classes<'a> {
        let duration = generalization.duration.clone();
        Classes::group(self.ends.cells, Generalization { duration, ..Generalization::drop() }.key())
    }

    pub fn most_draws(&self, most: u64) -> u64 {
        self.draws.min(most)
    }

    /// Servers that are drawn: fewer where few plays are.
    pub fn most_servers(&self, most: u32) -> u32 {
        servers(self.draws, most)
    }

    /// How many plays are linked.
    pub fn linking(&self) -> Linking {
        self.release.map_or(Linking::Assumed, Linking::of)
    }

    /// Whether an attacker wins at a step, so that it is asked what would stop it.
    pub fn wins(&self, step: &Step) -> bool {
        !self.brief && gain(&step.rates) > self.tolerated
    }

    /// What an attacker may find beyond its control, and is held off.
    pub fn tolerated(&self) -> f64 {
        self.tolerated
    }

    /// What each change would leave of an attacker that wins at a step; `found` tells it, or nothing where a change
    /// leaves nothing to attack by.
    pub fn tried(
        &self,
        step: &Step,
        found: impl Fn(&Variant<'a>) -> Option<Vec<(Prior, f64)>>,
    ) -> Vec<Remedy> {
        if !self.wins(step) {
            return Vec::new();
        }
        let remedy = |variant: &Variant<'a>| {
            let (change, loss) = (variant.change.clone(), variant.loss);
            Some(Remedy { change, loss, rates: left(found(variant)?, step) })
        };
        self.variants.iter().filter_map(remedy).collect()
    }

    /// The same by the classes that a change makes.
    pub fn changed(
        &self,
        step: &Step,
        found: impl Fn(&Classes<'a>) -> Option<Vec<(Prior, f64)>>,
    ) -> Vec<Remedy> {
        self.tried(step, |variant| found(variant.classes(self.ends.cells)))
    }
}

/// Servers that are drawn where so many plays are.
pub(super) fn servers(draws: u64, most: u32) -> u32 {
    u32::try_from(draws / 100).unwrap_or(u32::MAX).clamp(FEWEST_SERVERS, most)
}

/// A field's name in words.
pub(super) fn words(field: &str) -> String {
    if field == "bitrate" { "bit rate".to_owned() } else { field.replace('_', " ") }
}
