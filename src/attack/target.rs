//! What an attacker wants to name, and how likely it holds each play.

use std::borrow::Cow;

use serde::Serialize;

use crate::catalogue::{Catalogue, SideField};

/// How the attacker believes targets are drawn, and how they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Prior {
    /// Every file equally likely.
    Uniform,
    /// In proportion to popularity.
    Popularity,
}

impl Prior {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Uniform, Self::Popularity];

    /// The weight of a file, see [`Catalogue::weight`].
    pub(super) fn weight(self, catalogue: &Catalogue, file: usize) -> u64 {
        match self {
            Self::Uniform => 1,
            Self::Popularity => catalogue.weight()[file],
        }
    }
}

/// What the attacker wants to name: the levels, from the finest.
///
/// Whoever names the finer names the coarser, wherever a finer one lies in one coarser one: a file always lies in one
/// title, but a catalogue may hold a series of several genres.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The very file.
    File,
    /// The title.
    Title,
    /// The series or album; a title without one is its own.
    Series,
    /// The genre; a missing one is a genre of its own.
    Genre,
}

impl Target {
    /// Every level, from the finest.
    pub const ALL: [Self; 4] = [Self::File, Self::Title, Self::Series, Self::Genre];

    /// Whether the catalogue can tell this level apart: one without series, or without genres, has nothing to name
    /// there.
    pub fn is_told(self, catalogue: &Catalogue) -> bool {
        match self {
            Self::File | Self::Title => true,
            Self::Series => catalogue.named_series().is_some(),
            Self::Genre => catalogue.side(SideField::Genre).is_some(),
        }
    }

    /// The number of each file's target. O(files).
    pub(super) fn names(self, catalogue: &Catalogue) -> Cow<'_, [u32]> {
        match self {
            Self::File => Cow::Owned((0..catalogue.files() as u32).collect()),
            Self::Title => Cow::Borrowed(catalogue.title()),
            Self::Series => Cow::Borrowed(catalogue.series()),
            Self::Genre => {
                let index = |row| catalogue.side(SideField::Genre).map_or(0, |genre| genre.index(row) as u32);
                Cow::Owned((0..catalogue.files()).map(index).collect())
            }
        }
    }
}
