//! A9, suppression as a signal: what is learned from being told nothing.
//!
//! `other`, and a missing value, are outputs. An attacker who knows the rule and the catalogue asks which files leave
//! so: often a few rare ones (Wong, Fu, Wang and Pei 2007: *Minimality attack in privacy preserving data publishing*).
//! Boxes help where the files behind the symbol are named less often than without them, and only there.

use std::convert::Infallible;

use serde::{Serialize, Serializer};

use super::among::{Among, named_among};
use super::bayes::Guesser;
use super::{Prior, Target, Trial};
use crate::anonymity::Confident;
use crate::catalogue::stream::Stream;
use crate::catalogue::{Catalogue, SideField};
use crate::classes::{Cells, Classes, Generalization, Inside};
use crate::rounding::{Partition, Rounding};
use crate::units::Dimension;

/// Something that leaves in place of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The one symbol of all boxes.
    Other,
    /// No bit rate.
    NoBitrate,
    /// No value of a side field.
    No(SideField),
}

impl std::fmt::Display for Signal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Other => f.write_str("other"),
            Self::NoBitrate => f.write_str("no bitrate"),
            Self::No(field) => write!(f, "no {field}"),
        }
    }
}

impl Serialize for Signal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Signal {
    /// The most signals that a generalization can give.
    pub const MOST: usize = 2 + SideField::ALL.len();

    /// Those that a generalization can give: `other` where it has boxes, and a missing value of each field that leaves.
    pub fn of(generalization: &Generalization) -> Vec<Self> {
        let other = (!generalization.other.is_empty()).then_some(Self::Other);
        // A rounding of a single bucket tells a value from none no more than one that drops both.
        let bitrate = generalization.bitrate.bucket(0).to.is_some().then_some(Self::NoBitrate);
        let side = generalization.by.iter().map(|&field| Self::No(field));
        other.into_iter().chain(bitrate).chain(side).collect()
    }

    /// The files that leave so: inside a box only `other` does. A column that the catalogue lacks gives no signal.
    /// O(files x boxes).
    pub fn files(self, catalogue: &Catalogue, generalization: &Generalization) -> Vec<u32> {
        let inside = Inside::of(&generalization.other, catalogue);
        let holds = |&file: &u32| {
            let file = file as usize;
            match self {
                Self::Other => inside.holds(file),
                Self::NoBitrate => {
                    !inside.holds(file) && catalogue.bitrate_bps().is_some_and(|rates| rates[file].is_none())
                }
                Self::No(field) => {
                    !inside.holds(file) && catalogue.side(field).is_some_and(|side| side.get(file).is_none())
                }
            }
        };
        (0..catalogue.files() as u32).filter(holds).collect()
    }

    /// The generalization that gives no such signal: without the boxes, or without the field.
    pub fn without(self, generalization: &Generalization) -> Generalization {
        let mut without = generalization.clone();
        match self {
            Self::Other => without.other.clear(),
            Self::NoBitrate => without.bitrate = Rounding::drop(Dimension::Bitrate),
            Self::No(field) => without.by.retain(|&by| by != field),
        }
        without
    }
}

/// What one signal gives away. All rates are over the files that leave so.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Suppression {
    /// What leaves.
    pub signal: Signal,
    /// How many files leave so, at least 1.
    pub files: u64,
    /// How many titles they are of.
    pub titles: u64,
    /// Their share of the catalogue's files, and of its plays.
    pub share: Confident,
    /// The title named right by who sees the signal, with whatever else leaves beside it.
    pub named: Among,
    /// The same without the boxes, or without the field.
    pub without: Among,
    /// The same by who sees nothing: the control.
    pub control: Among,
}

/// What each signal gives away, signals that no file gives aside. O(signals x files).
///
/// # Laws
/// `named` is at least `1 / titles` for the uniform prior, and 1 where a single title is behind the signal. Without
/// boxes that hold a file there is no [`Signal::Other`].
pub fn suppression(cells: &Cells<'_>, generalization: &Generalization) -> Vec<Suppression> {
    let named = |generalization: &Generalization| {
        let classes = Classes::group(cells, generalization.key());
        Ok::<_, Infallible>(move |among: &[bool]| named_among(&classes, among))
    };
    let Ok(found) = signals(cells.catalogue(), generalization, named);
    found
}

/// The same by whoever sees what leaves in another way: given what leaves, `named` tells how often the title is named right
/// on some of the files.
pub(super) fn signals<E, Named: Fn(&[bool]) -> Option<Among>>(
    catalogue: &Catalogue,
    generalization: &Generalization,
    named: impl Fn(&Generalization) -> Result<Named, E>,
) -> Result<Vec<Suppression>, E> {
    let (seeing, nothing) = (named(generalization)?, named(&Generalization::drop())?);
    let of_signal = |signal: Signal| {
        let files = signal.files(catalogue, generalization);
        if files.is_empty() {
            return Ok(None);
        }
        let mut among = vec![false; catalogue.files()];
        files.iter().for_each(|&file| among[file as usize] = true);
        let without = named(&signal.without(generalization))?;
        let mut titles: Vec<u32> = files.iter().map(|&file| catalogue.title()[file as usize]).collect();
        titles.sort_unstable();
        titles.dedup();
        let weight: u64 = files.iter().map(|&file| catalogue.weight()[file as usize]).sum();
        let all_weight = catalogue.top_title().all_weight;
        let rates = (seeing(&among), without(&among), nothing(&among));
        let (Some(named), Some(without), Some(control)) = rates else { return Ok(None) };
        Ok(Some(Suppression {
            signal,
            files: files.len() as u64,
            titles: titles.len() as u64,
            share: Confident {
                uniform: files.len() as f64 / catalogue.files() as f64,
                popularity: weight as f64 / all_weight as f64,
            },
            named,
            without,
            control,
        }))
    };
    Signal::of(generalization).into_iter().filter_map(|signal| of_signal(signal).transpose()).collect()
}

/// How often the title is named right of the given files, whatever they leave by these classes. `None` for no file.
/// O(files).
pub fn named_of(classes: &Classes<'_>, files: &[u32]) -> Option<Among> {
    let mut among = vec![false; classes.catalogue().files()];
    files.iter().for_each(|&file| among[file as usize] = true);
    named_among(classes, &among)
}

/// An attacker who draws plays that give the signal and names the title of each. `None` where none is ever played.
/// Its closed form is [`Suppression::named`]. O(files + draws).
pub fn run(
    catalogue: &Catalogue,
    generalization: &Generalization,
    signal: Signal,
    prior: Prior,
    draws: u64,
    random: &mut Stream,
) -> Option<Trial> {
    let files = signal.files(catalogue, generalization);
    let titles = Target::Title.names(catalogue);
    let guesser = Guesser::study(catalogue, generalization.key(), titles, prior);
    guesser.run(&files, draws, random).map(|ran| ran.top1)
}
