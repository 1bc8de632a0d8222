//! What the classes of a table are of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalogue::{CatalogueError, SideField};
use crate::classes::{Coarsely, Generalization, Told};
use crate::policy::{Policy, Standing};
use crate::rounding::Groups;

/// A generalization as a class table states it, with what the catalogue has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// The ping.
    pub ping: Option<String>,
    /// The rounding of the duration as written.
    pub duration: String,
    /// The rounding of the bit rate as written.
    pub bitrate: String,
    /// The side fields that leave.
    pub by: Vec<String>,
    /// How many boxes leave as `other`.
    pub other: usize,
    /// How the side fields in groups are told.
    pub groups: BTreeMap<String, String>,
    /// The fields that leave and the catalogue lacks: it can't judge them.
    pub lacks: Vec<String>,
    /// The attributes that distortion counts and the catalogue has.
    pub has: Vec<String>,
}

impl Stated {
    /// What one ping of a policy tells of a catalogue that lacks these columns.
    ///
    /// # Errors
    /// Those of [`Told::of`] and [`Told::generalization`]; and [`CatalogueError::Mapping`] for what a class table doesn't
    /// hold: side fields in buckets of numbers, and distances from anything but midpoints.
    pub fn of_ping(policy: &Policy, ping: &str, lacks: &[String]) -> Result<Self, CatalogueError> {
        let (generalization, groups) = in_groups(policy, ping)?;
        let groups = groups.iter().map(|(field, groups)| (field.name().to_owned(), groups.to_string()));
        let has = |column: &str| !lacks.iter().any(|lacked| lacked == column);
        let stated = Self::of(&generalization, &has);
        Ok(Self { ping: Some(ping.to_owned()), groups: groups.collect(), ..stated })
    }

    /// A generalization of a catalogue of which it is known whether it has a column.
    pub fn of(generalization: &Generalization, has: &dyn Fn(&str) -> bool) -> Self {
        let Generalization { duration, bitrate, by, other } = generalization;
        let bare = (!bitrate.is_drop() && !has("bitrate_bps")).then_some("bitrate");
        let sides = by.iter().map(|field| field.name()).filter(|name| !has(name));
        let known = SideField::REPORTED.iter().map(|field| field.name()).filter(|name| has(name));
        let rate = has("bitrate_bps").then_some("bitrate");
        let names = |names: &mut dyn Iterator<Item = &'static str>| names.map(str::to_owned).collect();
        Self {
            ping: None,
            duration: duration.to_string(),
            bitrate: bitrate.to_string(),
            by: names(&mut by.iter().map(|field| field.name())),
            other: other.len(),
            groups: BTreeMap::new(),
            lacks: names(&mut bare.into_iter().chain(sides)),
            has: names(&mut std::iter::once("duration").chain(rate).chain(known)),
        }
    }
}

/// What one ping of a policy lets leave, and which of its side fields are in groups; errors as [`Stated::of_ping`].
pub(super) fn in_groups(
    policy: &Policy,
    ping: &str,
) -> Result<(Generalization, Vec<(SideField, Groups)>), CatalogueError> {
    let told = Told::of(policy, ping, &|_| true)?;
    let refuse = |text: &str, problem: &str| CatalogueError::Mapping {
        text: text.to_owned(),
        problem: format!("a class table holds no {problem}; measure the catalogue itself"),
    };
    if told.standing != [Standing::Midpoint; 2] {
        return Err(refuse("representative", "distances from another representative than the midpoint"));
    }
    let groups = told.coarser.iter().map(|(field, coarsely)| match coarsely {
        Coarsely::Groups(groups) => Ok((*field, groups.clone())),
        Coarsely::Buckets(_) => Err(refuse(field.name(), "buckets of a side field")),
    });
    let groups = groups.collect::<Result<_, CatalogueError>>()?;
    Ok((told.generalization()?, groups))
}
