//! A10, homogeneity: what is learned without naming the title.
//!
//! Twenty titles that look alike hide which one was watched. Where all of them are of one genre, or of one series, that
//! is told all the same (Machanavajjhala, Kifer, Gehrke and Venkitasubramaniam 2007).

use std::borrow::Cow;

use serde::Serialize;

use super::bayes::Guesser;
use super::{Prior, Target, Trial};
use crate::anonymity::Confident;
use crate::catalogue::stream::Stream;
use crate::catalogue::{Catalogue, SideField};
use crate::classes::{Classes, Key};

/// What is learned of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Secret {
    /// Its genre; a missing one is a genre of its own.
    Genre,
    /// Its series or album; a title without one is its own.
    Series,
}

impl Secret {
    /// Every secret.
    pub const ALL: [Self; 2] = [Self::Genre, Self::Series];

    /// The level that it is.
    pub fn target(self) -> Target {
        match self {
            Self::Genre => Target::Genre,
            Self::Series => Target::Series,
        }
    }

    /// The secret of each file as a number, where the catalogue tells it.
    fn of(self, catalogue: &Catalogue) -> Option<Cow<'_, [u32]>> {
        let target = self.target();
        target.is_told(catalogue).then(|| target.names(catalogue))
    }
}

/// What the classes tell of a secret.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Homogeneity {
    /// Share of the files, and of the plays, in classes whose candidates all share one value.
    pub shared_by_all: Confident,
    /// The same where one value holds at least 95 % of the class: of its files, and of its plays.
    pub shared_by_most: Confident,
    /// The value named right with one guess.
    pub named: Confident,
    /// Of genre alone: the one about which the classes tell most, by yes or no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yes_or_no: Option<YesOrNo>,
}

/// Is it this genre, yes or no? Every file equally likely.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct YesOrNo {
    /// The genre; `None` is a missing one.
    pub genre: Option<String>,
    /// How often the answer is right before anything is seen.
    pub before: f64,
    /// How often it is right after.
    pub after: f64,
}

/// What one class, or all together, hold of some value.
#[derive(Clone, Copy, Default)]
struct Held {
    files: u64,
    weight: u64,
}

/// What the classes tell of that secret; `None` where the catalogue doesn't tell it. O(files log files).
///
/// # Laws
/// `shared_by_all` is at most `shared_by_most`, and under nested coarsening neither it nor `named` rises
/// (`shared_by_most` may: a class of one value that holds 96 % of a larger one pulls the rest along). A secret
/// that all files of a title share is never harder to name than the title.
pub fn homogeneity(classes: &Classes<'_>, secret: Secret) -> Option<Homogeneity> {
    let catalogue = classes.catalogue();
    let of_file = secret.of(catalogue)?;
    let weight = catalogue.weight();
    let values = of_file.iter().max().map_or(0, |&value| value as usize + 1);
    let mut whole = vec![0u64; values];
    of_file.iter().for_each(|&value| whole[value as usize] += 1);
    // How far a majority of each value passes half its classes, in files: twice what it holds less the class.
    let mut majority = vec![0u64; values];
    let (mut all, mut most, mut named) = (Held::default(), Held::default(), Held::default());
    let mut keyed: Vec<(u32, u64)> = Vec::new();
    for files in classes.iter() {
        keyed.clear();
        keyed.extend(files.iter().map(|&file| (of_file[file as usize], weight[file as usize])));
        keyed.sort_unstable();
        let class = Held { files: files.len() as u64, weight: keyed.iter().map(|&(_, weight)| weight).sum() };
        let (mut top, mut top_weight) = (0, 0);
        for same in keyed.chunk_by(|a, b| a.0 == b.0) {
            let held = same.len() as u64;
            top = top.max(held);
            top_weight = top_weight.max(same.iter().map(|&(_, weight)| weight).sum());
            majority[same[0].0 as usize] += (2 * held).saturating_sub(class.files);
        }
        let single = top == class.files;
        all.files += if single { class.files } else { 0 };
        all.weight += if single { class.weight } else { 0 };
        most.files += if nearly_all(top, class.files) { class.files } else { 0 };
        most.weight += if nearly_all(top_weight, class.weight) { class.weight } else { 0 };
        named.files += top;
        named.weight += top_weight;
    }
    let (files, plays) = (catalogue.files() as u64, catalogue.top_title().all_weight);
    let shares = |held: Held| Confident {
        uniform: held.files as f64 / files as f64,
        popularity: held.weight as f64 / plays as f64,
    };
    let genre = catalogue.side(SideField::Genre).filter(|_| secret == Secret::Genre);
    let yes_or_no = genre.and_then(|genre| {
        // "No" is right on all others, and "yes" gains what majorities pass the half by.
        let after = |value: usize| files - whole[value] + majority[value];
        let before = |value: usize| whole[value].max(files - whole[value]);
        let present = (0..values).filter(|&value| whole[value] > 0);
        let told_most =
            present.max_by_key(|&value| (after(value) - before(value), std::cmp::Reverse(value)))?;
        Some(YesOrNo {
            genre: genre.names().get(told_most).cloned(),
            before: before(told_most) as f64 / files as f64,
            after: after(told_most) as f64 / files as f64,
        })
    });
    Some(Homogeneity {
        shared_by_all: shares(all),
        shared_by_most: shares(most),
        named: shares(named),
        yes_or_no,
    })
}

/// Whether the part is at least 95 % of the whole, exactly.
fn nearly_all(part: u64, whole: u64) -> bool {
    20 * u128::from(part) >= 19 * u128::from(whole)
}

/// An attacker who draws plays and names the secret of each; `None` where the catalogue doesn't tell it.
/// Its closed form is [`Homogeneity::named`]. O(files + draws).
pub fn run(
    catalogue: &Catalogue,
    key: Key<'_>,
    secret: Secret,
    prior: Prior,
    draws: u64,
    random: &mut Stream,
) -> Option<Trial> {
    let guesser = Guesser::study(catalogue, key, secret.of(catalogue)?, prior);
    guesser.run(&(0..catalogue.files() as u32).collect::<Vec<u32>>(), draws, random).map(|ran| ran.top1)
}
