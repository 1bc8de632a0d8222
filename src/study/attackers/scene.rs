//! What an attacker meets: a catalogue, and what is told of its plays.

use super::Ends;
use crate::attack::side_fields::leave_one_out;
use crate::catalogue::Catalogue;
use crate::classes::{Classes, Generalization};
use crate::rounding::Rounding;
use crate::study::results::Ping;
use crate::units::Dimension;

/// What is told of a play.
pub(in crate::study) enum Told {
    /// One ping.
    One(Box<Generalization>),
    /// Several, joined.
    Joined(Vec<Generalization>),
}

/// A change of what leaves, in words.
#[derive(Clone)]
pub(in crate::study) struct Variant {
    pub change: String,
    pub generalization: Generalization,
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
    pub variants: Vec<Variant>,
    pub draws: u64,
    pub seed: u64,
}

/// Fewer servers tell nothing.
const FEWEST_SERVERS: u32 = 50;

impl<'a> Scene<'a> {
    pub fn new(
        (sees, told, variants): (String, Told, Vec<Variant>),
        ends: &'a Ends<'a>,
        (draws, seed): (u64, u64),
    ) -> Self {
        let cells = ends.cells;
        let classes = match &told {
            Told::One(generalization) => Classes::group(cells, generalization.key()),
            Told::Joined(all) => Classes::linked(cells, all),
        };
        Self { sees, of_choice: true, told, brief: false, classes, ends, variants, draws, seed }
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
        let wanted = u32::try_from(self.draws / 100).unwrap_or(u32::MAX);
        wanted.clamp(FEWEST_SERVERS, most)
    }

    /// The classes of each change.
    pub fn changed(&self) -> impl Iterator<Item = (&str, Classes<'a>)> {
        let classes = |variant: &Variant| Classes::group(self.ends.cells, variant.generalization.key());
        self.variants.iter().map(move |variant| (variant.change.as_str(), classes(variant)))
    }
}

/// What could be changed of a ping: each number one step coarser, and each field left out.
pub(in crate::study) fn variants(
    catalogue: &Catalogue,
    ping: &Ping,
    chosen: &Generalization,
) -> Vec<Variant> {
    let mut found = Vec::new();
    let coarser = ping.neighbors.iter().filter(|neighbor| neighbor.step == "coarser");
    for neighbor in coarser {
        let mut generalization = chosen.clone();
        let (rounding, field, dimension) = match neighbor.attribute.as_str() {
            "duration" => (&mut generalization.duration, "duration", Dimension::Duration),
            "bitrate" => (&mut generalization.bitrate, "bit rate", Dimension::Bitrate),
            _ => continue,
        };
        // A rounding as it was written is read again.
        let Ok(wider) = Rounding::parse(&neighbor.rounding, dimension) else { continue };
        if !wider.is_drop() {
            *rounding = wider;
            found.push(Variant { change: format!("{field} {}", neighbor.rounding), generalization });
        }
    }
    found.extend(leave_one_out(catalogue, chosen).into_iter().map(|(field, generalization)| Variant {
        change: format!("without the {}", words(&field)),
        generalization,
    }));
    found
}

/// A field's name in words.
pub(super) fn words(field: &str) -> String {
    if field == "bitrate" { "bit rate".to_owned() } else { field.replace('_', " ") }
}
