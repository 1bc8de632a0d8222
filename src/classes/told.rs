//! What one ping of a policy tells of a file, derived fields in their worst case.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Corner, Generalization, Key};
use crate::catalogue::{Catalogue, CatalogueError, SideField};
use crate::policy::{About, Field, FieldType, Policy, Standing};
use crate::rounding::{Family, Groups, Joined, Rounding};
use crate::units::Dimension;

/// What one ping of a policy tells of a file: every `about = "media"` field of it, and every field that is derived
/// from one, in its worst case.
///
/// # Derived fields
/// The played duration of a completed play *is* the duration. So a field with `derived_from` is judged as the file's
/// own attribute, whatever its `about` says:
/// - A number derived from one number of its type takes that number's value: its rounding is joined with the
///   origin's. Where the origin leaves in the ping and is nested in it, that adds nothing.
/// - Any other one (of another type, from several fields, a category) is some function of its origins, and no
///   function tells more than they do: it is judged as if they left as they are.
///
/// Origins are followed to the fields that are derived from nothing; those that describe no file are no attribute
/// of one, so they count for nothing.
///
/// Two columns of plays follow from the file whatever a policy says of them: what was played of it (`played_ms`) and what was
/// delivered (`delivered_bps`). A field that reads one, and names no media field that it is derived from, is judged as if
/// it named that.
#[derive(Clone, Debug)]
pub struct Told {
    /// The roundings of the duration.
    pub duration: Joined,
    /// The roundings of the bit rate.
    pub bitrate: Joined,
    /// The side fields, in order.
    pub by: Vec<SideField>,
    /// Those of them that are told more coarsely.
    pub coarser: Vec<(SideField, Coarsely)>,
    /// The boxes that leave as `other`.
    pub other: Vec<Corner>,
    /// The derived fields, and what they come to.
    pub derived: Vec<Derived>,
    /// What stands for a bucket of the duration and of the bit rate.
    pub standing: [Standing; 2],
}

/// How a side field is told more coarsely than it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coarsely {
    /// In groups of names.
    Groups(Groups),
    /// In buckets of whole numbers.
    Buckets(Rounding),
}

/// As a policy writes it.
impl std::fmt::Display for Coarsely {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Groups(groups) => groups.fmt(f),
            Self::Buckets(rounding) => rounding.fmt(f),
        }
    }
}

/// A derived field of a ping, and how it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The field.
    pub field: String,
    /// The media fields that it is derived from in the end.
    pub origins: Vec<String>,
    /// How it is judged.
    pub judged: Bearing,
}

/// What a derived field adds to the class key of its ping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// Nothing: its origin leaves in the ping and is nested in it.
    Nested,
    /// Its own buckets of the origin, which doesn't leave in the ping.
    Alone,
    /// Its own buckets, which cut those of the origin.
    Joined,
    /// Its origins as they are.
    Unrounded,
}

impl Told {
    /// What a ping tells where those of its fields leave that `leaves` says. A box counts only where every field
    /// that it asks leaves. O(fields of the policy^2).
    ///
    /// # Errors
    /// [`CatalogueError::UnknownSideField`] for a media field that no catalogue holds, [`CatalogueError::Mapping`]
    /// for a box over a range of numbers of a side field, and for an `[[other]]` entry that was changed after it was
    /// checked.
    pub fn of(policy: &Policy, ping: &str, leaves: &dyn Fn(&Field) -> bool) -> Result<Self, CatalogueError> {
        let leaving = || policy.fields_of(ping).filter(|field| field.is_emitted() && leaves(field));
        let mut key = Parts::default();
        let mut late: Vec<(&Field, Vec<Origin<'_>>)> = Vec::new();
        for field in leaving() {
            let mut origins = origins(policy, field);
            if origins.is_empty() && field.about == About::Media {
                key.add(field)?;
                continue;
            }
            if origins.is_empty() {
                origins.extend(follows_from(field.column()));
            }
            if !origins.is_empty() {
                late.push((field, origins));
            }
        }
        let mut derived = Vec::new();
        for (field, origins) in late {
            derived.push(Derived {
                field: field.name.clone(),
                origins: origins.iter().map(|origin| origin.name.to_owned()).collect(),
                judged: key.derive(field, &origins)?,
            });
        }
        let mut other = Vec::new();
        for entry in policy.others().iter().filter(|entry| entry.ping() == ping) {
            let conditions = entry.conditions(policy.fields());
            let conditions = conditions.map_err(|error| refuse("[[other]]", &error.to_string()))?;
            if conditions.iter().all(|(field, _)| leaves(field)) {
                other.push(Corner::of_conditions(conditions)?);
            }
        }
        let Parts { duration, bitrate, by, mut coarser, standing } = key;
        // What also leaves as it is isn't hidden by its groups or buckets.
        coarser.retain(|(field, _)| !by.contains(field));
        let by: BTreeSet<SideField> = by.into_iter().chain(coarser.iter().map(|(field, _)| *field)).collect();
        Ok(Self {
            duration: Joined::of(Dimension::Duration, duration),
            bitrate: Joined::of(Dimension::Bitrate, bitrate),
            by: by.into_iter().collect(),
            coarser,
            other,
            derived,
            standing,
        })
    }

    /// The key of its classes, on the catalogue that [`Told::catalogue`] makes.
    pub fn key(&self) -> Key<'_> {
        Key { duration: &self.duration, bitrate: &self.bitrate, by: &self.by, other: &self.other }
    }

    /// The catalogue with the side fields as they are told: those in groups by the names of their groups, those in
    /// buckets by their lower edges. A field that it lacks is left out. O(files).
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`] for `kind` and `genre`, which are kept or dropped, and for buckets of what is no
    /// whole number.
    pub fn catalogue<'a>(&self, catalogue: &'a Catalogue) -> Result<Cow<'a, Catalogue>, CatalogueError> {
        let mut told = Cow::Borrowed(catalogue);
        for (field, coarsely) in self.coarser.iter().filter(|(field, _)| catalogue.side(*field).is_some()) {
            told = Cow::Owned(match coarsely {
                Coarsely::Groups(groups) => told.with_groups(*field, groups)?,
                Coarsely::Buckets(rounding) => told.with_buckets(*field, rounding)?,
            });
        }
        Ok(told)
    }

    /// How many attributes of a file it tells of.
    pub fn attributes(&self) -> usize {
        usize::from(!self.duration.is_drop()) + usize::from(!self.bitrate.is_drop()) + self.by.len()
    }

    /// Those of them that the catalogue lacks: it can't judge them.
    pub fn missing_in(&self, catalogue: &Catalogue) -> Vec<&'static str> {
        let bitrate = (!self.bitrate.is_drop() && catalogue.bitrate_bps().is_none()).then_some("bitrate");
        let side = self.by.iter().filter(|&&field| catalogue.side(field).is_none()).map(|field| field.name());
        bitrate.into_iter().chain(side).collect()
    }

    /// The same as a generalization, where each number has one rounding.
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`] where a derived field cuts the buckets of its origin.
    pub fn generalization(&self) -> Result<Generalization, CatalogueError> {
        let one = |joined: &Joined| match joined.roundings() {
            [rounding] => Ok(rounding.clone()),
            _ => {
                let cutting = self.derived.iter().find(|derived| derived.judged == Bearing::Joined);
                Err(refuse(
                    cutting.map_or("derived_from", |derived| &derived.field),
                    "its buckets cut those of the field that it is derived from, and only `verify` judges both \
                     together; give it the same rounding or a coarser nested one, or drop it",
                ))
            }
        };
        Ok(Generalization {
            duration: one(&self.duration)?,
            bitrate: one(&self.bitrate)?,
            by: self.by.clone(),
            other: self.other.clone(),
        })
    }
}

fn refuse(text: &str, problem: &str) -> CatalogueError {
    CatalogueError::Mapping { text: text.to_owned(), problem: problem.to_owned() }
}

/// A key as it comes together.
#[derive(Default)]
struct Parts {
    duration: Vec<Rounding>,
    bitrate: Vec<Rounding>,
    /// The side fields that are told as they are.
    by: BTreeSet<SideField>,
    coarser: Vec<(SideField, Coarsely)>,
    standing: [Standing; 2],
}

impl Parts {
    /// A field that describes the file.
    fn add(&mut self, field: &Field) -> Result<(), CatalogueError> {
        // A policy was checked when it was read, so its roundings can be read.
        let rounding = field.parsed_rounding().ok().flatten();
        match (self.number(&field.name), rounding) {
            (Some((roundings, standing)), Some(rounding)) => {
                roundings.push(rounding);
                *standing = field.standing().ok().flatten().unwrap_or_default();
            }
            (_, Some(rounding)) if *rounding.family() != Family::Keep || !rounding.coding().is_none() => {
                self.coarser.push((field.name.parse()?, Coarsely::Buckets(rounding)));
            }
            _ => match (field.name.parse()?, field.parsed_groups().ok().flatten()) {
                (side, Some(groups)) => self.coarser.push((side, Coarsely::Groups(groups))),
                (side, None) => _ = self.by.insert(side),
            },
        }
        Ok(())
    }

    /// A field that is derived from these.
    fn derive(&mut self, field: &Field, origins: &[Origin<'_>]) -> Result<Bearing, CatalogueError> {
        if let [origin] = origins
            && origin.kind == field.kind
            && let Some((roundings, _)) = self.number(origin.name)
            && let Some(rounding) = field.parsed_rounding().ok().flatten()
        {
            let bearing = match roundings.as_slice() {
                [] => Bearing::Alone,
                told if told.iter().any(|told| told.is_nested_in(&rounding)) => Bearing::Nested,
                _ => Bearing::Joined,
            };
            roundings.push(rounding);
            return Ok(bearing);
        }
        for origin in origins {
            match self.number(origin.name) {
                Some((roundings, _)) => {
                    let dimension = origin.kind.dimension().unwrap_or(Dimension::Integer);
                    roundings.push(Rounding::keep(dimension));
                }
                None => _ = self.by.insert(origin.name.parse()?),
            }
        }
        Ok(Bearing::Unrounded)
    }

    /// The roundings of a number that has a column of its own in a catalogue, and what stands for its buckets.
    fn number(&mut self, name: &str) -> Option<(&mut Vec<Rounding>, &mut Standing)> {
        let [duration, bitrate] = &mut self.standing;
        match name {
            "duration" => Some((&mut self.duration, duration)),
            "bitrate" => Some((&mut self.bitrate, bitrate)),
            _ => None,
        }
    }
}

/// A media field that another is derived from.
#[derive(Clone, Copy)]
struct Origin<'p> {
    name: &'p str,
    kind: FieldType,
}

/// The number of a file that a column of plays follows from by what it is: a play that was completed lasted as long as the
/// file, and one that wasn't transcoded was delivered at its bit rate.
fn follows_from(column: &str) -> Option<Origin<'static>> {
    match column {
        "played_ms" => Some(Origin { name: "duration", kind: FieldType::Duration }),
        "delivered_bps" => Some(Origin { name: "bitrate", kind: FieldType::Bitrate }),
        _ => None,
    }
}

/// The media fields that a field is derived from in the end, by name, each once; none for one that isn't derived.
fn origins<'p>(policy: &'p Policy, field: &'p Field) -> Vec<Origin<'p>> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> = field.derived_from.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    while let Some(name) = waiting.pop() {
        if !seen.insert(name) {
            continue;
        }
        let named = || policy.fields().iter().filter(|field| field.name == name);
        waiting.extend(named().flat_map(|field| &field.derived_from).map(String::as_str));
        found.extend(named().find(|field| field.derived_from.is_empty() && field.about == About::Media));
    }
    found.sort_by(|a: &&Field, b| a.name.cmp(&b.name));
    found.into_iter().map(|field| Origin { name: &field.name, kind: field.kind }).collect()
}
