//! The figures of one generalization.

use std::collections::BTreeMap;

use serde::Serialize;

use super::tally::{LARGEST, Tally, Thresholds};
use super::{Attacked, Spread};
use crate::catalogue::{Catalogue, TopTitle};
use crate::classes::{ClassTable, Visit as _};

/// A k for each entity that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KValues {
    /// Files.
    pub files: u32,
    /// Distinct titles: distinct l-diversity with the title as the sensitive attribute.
    pub titles: u32,
    /// Distinct series or albums.
    pub series: u32,
}

/// The largest k such that smaller classes hold at most `floor(exposed_share x files)` files.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct KBudget {
    /// The share that may be exposed, 0..1.
    pub exposed_share: f64,
    /// k of files.
    pub files: u32,
    /// k of titles.
    pub titles: u32,
    /// k of series.
    pub series: u32,
    /// k of titles where the same share of the plays, not of the files, may be exposed.
    pub titles_by_plays: u32,
}

/// Share of the files and of the plays in classes where one title holds at least a share.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Largest {
    /// The title's share of its class.
    pub at_least: f64,
    /// Share of the files, by files.
    pub files: f64,
    /// Share of the plays, by popularity.
    pub plays: f64,
}

/// Shares of the files.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shares {
    /// Alone in their class.
    pub files: f64,
    /// In a class of one title.
    pub titles: f64,
}

/// A rate under both priors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Confident {
    /// Every file equally likely.
    pub uniform: f64,
    /// In proportion to popularity.
    pub popularity: f64,
}

/// Success of the best attacker with one guess.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reidentification {
    /// Naming the file.
    pub file: Confident,
    /// Naming the title.
    pub title: Confident,
}

/// Min-entropy leakage in bits: log2 of the success after over the success before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Leakage {
    /// Of the file, uniform prior: log2 of the number of classes.
    pub file_uniform: f64,
    /// Of the title, uniform prior.
    pub title_uniform: f64,
    /// Of the title, popularity prior.
    pub title_popularity: f64,
}

/// The prosecutor's figures of El Emam and Dankar, over files.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Prosecutor {
    /// The risk above which a file counts as at risk (strictly).
    pub threshold: f64,
    /// Share of the files above it.
    pub at_risk: f64,
    /// 1 / smallest class.
    pub highest: f64,
    /// 1 / largest class.
    pub lowest: f64,
    /// Classes over files.
    pub average: f64,
}

/// The figures of one kind, averaged over its files.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ByKind {
    /// Files of the kind.
    pub files: u64,
    /// Title re-identification, uniform prior, for an attacker who doesn't know the kind.
    pub title_uniform: f64,
    /// Share of its files in classes under the thresholds.
    pub exposed_share: f64,
}

/// Every measure of one generalization. Rates and shares lie in 0..1.
///
/// `exposed` counts classes under [`Thresholds`](super::Thresholds), titles or series.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// Number of classes.
    pub classes: u64,
    /// The smallest class.
    pub k: KValues,
    /// The smallest class, all but a share aside.
    pub k_within_budget: Vec<KBudget>,
    /// Files and plays in classes under the thresholds.
    pub exposed: Exposed,
    /// Dominated classes.
    #[serde(rename = "largest_title_share")]
    pub largest_title: Vec<Largest>,
    /// Lone files and titles.
    pub unique_share: Shares,
    /// The best attacker's success.
    pub reidentification: Reidentification,
    /// The best title guess of an attacker who sees nothing.
    pub blind_guess: Confident,
    /// Share of the weight in classes where one title holds at least 95 %.
    #[serde(rename = "confident_share", serialize_with = "confident_share")]
    pub confident_title: Confident,
    /// Leakage.
    pub leakage_bits: Leakage,
    /// Prosecutor risk.
    pub prosecutor: Prosecutor,
    /// How the files are spread over class sizes.
    pub files_in: Spread,
    /// Kind by kind; empty, and `null` in JSON, where the kinds aren't known.
    #[serde(serialize_with = "null_if_empty")]
    pub by_kind: BTreeMap<String, ByKind>,
    /// The attackers that the limits ask for, in the order of the limits' names; a tally knows none of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attackers: Vec<Attacked>,
}

/// Share of the files and of the plays in classes under the thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Exposed {
    /// Fewest titles that a class must hold.
    pub k_titles: u32,
    /// Fewest series that a class must hold.
    pub k_series: u32,
    /// Share of the files.
    pub files: f64,
    /// Share of the plays.
    pub plays: f64,
}

fn null_if_empty<S: serde::Serializer>(
    kinds: &BTreeMap<String, ByKind>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Some(kinds).filter(|kinds| !kinds.is_empty()).serialize(serializer)
}

fn confident_share<S: serde::Serializer>(title: &Confident, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Shape<'a> {
        posterior: f64,
        title: &'a Confident,
    }
    Shape { posterior: 0.95, title }.serialize(serializer)
}

/// The prosecutor's threshold.
const AT_RISK: f64 = 0.05;

impl Measures {
    /// The measures of a tally that was shown every class of that catalogue; `budgets` are the exposed
    /// shares of [`KBudget`]. O(class sizes that occur).
    pub fn of(tally: Tally, catalogue: &Catalogue, budgets: &[f64]) -> Self {
        Self::of_whole(tally, catalogue.top_title(), catalogue.kind().names(), budgets)
    }

    /// The measures of a class table. It tells no kinds, so [`Measures::by_kind`] is empty.
    /// O(classes + class sizes that occur).
    pub fn of_table(table: &ClassTable, thresholds: Thresholds, budgets: &[f64]) -> Self {
        let mut tally = Tally::new(thresholds, 0);
        table.classes.iter().for_each(|class| tally.class(&class.class, &[]));
        Self::of_whole(tally, table.top_title, &[], budgets)
    }

    fn of_whole(mut tally: Tally, top: TopTitle, kinds: &[String], budgets: &[f64]) -> Self {
        tally.settle();
        let (n, plays) = (tally.files, tally.weight);
        let blind = Confident { uniform: share(top.files, n), popularity: share(top.weight, top.all_weight) };
        let reidentification = Reidentification {
            file: Confident {
                uniform: share(tally.classes, n),
                popularity: share(tally.top_file_weight, plays),
            },
            title: Confident {
                uniform: share(tally.top_title_files, n),
                popularity: share(tally.top_title_weight, plays),
            },
        };
        let budget = |&exposed_share: &f64| {
            let (files, weight) = (budget(exposed_share, n), budget(exposed_share, plays));
            KBudget {
                exposed_share,
                files: tally.by_files.k_within(files).unwrap_or(0),
                titles: tally.by_titles.k_within(files).unwrap_or(0),
                series: tally.by_series.k_within(files).unwrap_or(0),
                titles_by_plays: tally.plays_by_titles.k_within(weight).unwrap_or(0),
            }
        };
        let largest = |(i, (part, whole)): (usize, (u64, u64))| Largest {
            at_least: part as f64 / whole as f64,
            files: share(tally.largest_files[i], n),
            plays: share(tally.largest_weight[i], plays),
        };
        let at_risk = (1.0 / AT_RISK).ceil() as u32;
        let by_kind = tally.kinds.iter().zip(kinds).filter(|(kind, _)| kind.files > 0);
        let by_kind = by_kind.map(|(kind, name)| {
            let of_kind = ByKind {
                files: kind.files,
                title_uniform: kind.expected_hits() / kind.files as f64,
                exposed_share: share(kind.exposed, kind.files),
            };
            (name.clone(), of_kind)
        });
        let smallest = tally.by_files.smallest().unwrap_or(0);
        let largest_class = tally.by_files.iter().last().map_or(0, |(size, _)| size);
        let thresholds = tally.thresholds();
        Self {
            classes: tally.classes,
            k: KValues {
                files: smallest,
                titles: tally.by_titles.smallest().unwrap_or(0),
                series: tally.by_series.smallest().unwrap_or(0),
            },
            k_within_budget: budgets.iter().map(budget).collect(),
            exposed: Exposed {
                k_titles: thresholds.k_titles,
                k_series: thresholds.k_series,
                files: share(tally.exposed_files, n),
                plays: share(tally.exposed_weight, plays),
            },
            largest_title: LARGEST.into_iter().enumerate().map(largest).collect(),
            unique_share: Shares {
                files: share(tally.single_files, n),
                titles: share(tally.single_title_files, n),
            },
            leakage_bits: Leakage {
                file_uniform: libm::log2(tally.classes as f64),
                title_uniform: bits(reidentification.title.uniform, blind.uniform),
                title_popularity: bits(reidentification.title.popularity, blind.popularity),
            },
            reidentification,
            blind_guess: blind,
            confident_title: Confident {
                uniform: share(tally.confident_files, n),
                popularity: share(tally.confident_weight, plays),
            },
            prosecutor: Prosecutor {
                threshold: AT_RISK,
                at_risk: share(tally.by_files.below(at_risk), n),
                highest: 1.0 / f64::from(smallest.max(1)),
                lowest: 1.0 / f64::from(largest_class.max(1)),
                average: share(tally.classes, n),
            },
            files_in: Spread::of(tally.by_files.iter()),
            by_kind: by_kind.collect(),
            attackers: Vec::new(),
        }
    }

    /// The exposed files' k of titles at the first budget.
    pub fn k_titles_budget(&self) -> u32 {
        self.k_within_budget.first().map_or(self.k.titles, |budget| budget.titles)
    }
}

/// The part of a whole; 0 where there is nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// `floor(share x whole)`, forgiving the last bit of a decimal share such as 0.29 x 100.
pub(crate) fn budget(share: f64, whole: u64) -> u64 {
    let exact = share * whole as f64;
    let near = exact.round();
    if (exact - near).abs() <= 1e-9 * near.max(1.0) { near as u64 } else { exact.floor() as u64 }
}

fn bits(after: f64, before: f64) -> f64 {
    if after > 0.0 && before > 0.0 { libm::log2(after / before) } else { 0.0 }
}
