//! How many files of a real catalogue attackers name, width by width.

use serde::Serialize;

use super::averaging::ANEW;
use super::scene::{Scene, Told};
use super::{Ends, Idle, all};
use crate::attack::Prior;
use crate::classes::{Cells, Generalization};
use crate::rounding::Rounding;
use crate::search::SearchError;
use crate::study::StudyError;
use crate::study::sources::Named;
use crate::units::Dimension;

/// Widths of the duration, which leaves alone.
pub const WIDTHS: [&str; 4] = ["floor:1s", "floor:10s", "floor:1min", "floor:5min"];

/// What an attacker finds on a catalogue whose durations alone leave, rounded to a width.
#[derive(Clone, Debug, Serialize)]
pub struct OnFiles {
    /// The catalogue.
    pub catalogue: String,
    /// Its files.
    pub files: usize,
    /// The attacker, and which of its figures.
    pub attacker: &'static str,
    /// See [`Attacked::part`](super::Attacked::part).
    pub part: &'static str,
    /// What is found.
    pub finds: &'static str,
    /// The condition.
    pub at: String,
    /// What the rates are shares of.
    pub of: Of,
    /// The share, by width.
    pub rates: Vec<AtWidth>,
    /// The share by who sees nothing.
    pub control: f64,
}

/// The share at one width.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AtWidth {
    /// One of [`WIDTHS`].
    pub width: &'static str,
    /// The share.
    pub rate: f64,
    /// Its 95 % interval where it was drawn; `None` of a closed form.
    pub interval: Option<[f64; 2]>,
}

/// An attacker that has nothing to attack on a catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct IdleOnFiles {
    /// The catalogue.
    pub catalogue: String,
    /// The attacker.
    pub attacker: &'static str,
    /// Why.
    pub reason: String,
}

/// What a rate is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    /// Files.
    Files,
    /// Stretches of linked plays.
    Stretches,
}

/// Which figure of an attacker counts what it gets right of files, or of stretches.
struct Naming {
    attacker: &'static str,
    /// The part of its figures; `None` for the first, which is the one that attackers are compared by.
    part: Option<&'static str>,
    /// Whether its strongest condition is asked rather than the one that it is compared at, which is what leaves and no
    /// more: linkage again.
    is_strongest: bool,
}

const fn naming(attacker: &'static str) -> Naming {
    Naming { attacker, part: None, is_strongest: false }
}

/// Attackers who name files or what they are of, or the series of stretches.
const NAMING: [Naming; 11] = [
    naming("linkage"),
    naming("noisy"),
    naming("partial"),
    naming("sequence"),
    Naming { is_strongest: true, ..naming("intersection") },
    Naming { part: Some(ANEW), ..naming("averaging") },
    naming("homogeneity"),
    Naming { is_strongest: true, ..naming("side-fields") },
    naming("known-library"),
    naming("arrival"),
    naming("open-world"),
];

/// The others, each with the reason why it says nothing here.
pub const NOT_ON_FILES: [(&str, &str); 3] = [
    ("library", "it names servers, and no file"),
    ("membership", "it is given the file, and asks whether a server holds it"),
    ("suppression", "nothing is missing or left out where durations alone leave, as every file has one"),
];

/// Lets the attackers that name files loose on a catalogue, at each width; and tells which have nothing to attack there.
///
/// # Errors
/// As [`all`].
pub(in crate::study) fn on_files(
    named: &Named,
    (draws, seed): (u64, u64),
    false_alarm: f64,
) -> Result<(Vec<OnFiles>, Vec<IdleOnFiles>), StudyError> {
    let catalogue = &named.catalogue;
    let cells = Cells::new(catalogue);
    let ends = Ends::new(&cells);
    let scene = |width: &str| {
        let duration = Rounding::parse(width, Dimension::Duration).map_err(SearchError::from)?;
        let told = Told::One(Box::new(Generalization { duration, ..Generalization::drop() }));
        let told = (width.to_owned(), told, Vec::new());
        Ok(Scene::new(told, &ends, (draws, seed)).in_brief())
    };
    let scenes: Vec<Scene<'_>> = WIDTHS.into_iter().map(scene).collect::<Result<_, StudyError>>()?;
    let mut found: Vec<OnFiles> = Vec::new();
    let of = |name: &str| NAMING.iter().find(|naming| naming.attacker == name);
    let met = all(&scenes, |name| of(name).is_some(), false_alarm, &|| {})?;
    for attacked in met.found {
        let width = WIDTHS.into_iter().find(|width| *width == attacked.sees);
        let (Some(naming), Some(width)) = (of(attacked.attacker), width) else { continue };
        let step = match naming.is_strongest {
            true => attacked.steps.last(),
            false => attacked.steps.get(attacked.headline),
        };
        let Some((step, rate)) = step.and_then(|step| Some((step, *step.rate(Prior::Uniform)?))) else {
            continue;
        };
        let at_width = AtWidth { width, rate: rate.rate, interval: rate.interval };
        match found.iter_mut().find(|held| held.attacker == attacked.attacker) {
            Some(held) if held.part == attacked.part => held.rates.push(at_width),
            Some(_) => {}
            None if naming.part.is_some_and(|part| part != attacked.part) => {}
            None => found.push(OnFiles {
                catalogue: named.name.clone(),
                files: catalogue.files(),
                attacker: attacked.attacker,
                part: attacked.part,
                finds: attacked.finds,
                at: step.at.clone(),
                of: if attacked.attacker == "sequence" { Of::Stretches } else { Of::Files },
                rates: vec![at_width],
                control: rate.control,
            }),
        }
    }
    // The first width stands for all: what a catalogue lacks, it lacks at each.
    let idle = met.idle.into_iter().filter(|idle| idle.sees == WIDTHS[0]);
    let idle = idle.map(|Idle { attacker, reason, .. }| IdleOnFiles {
        catalogue: named.name.clone(),
        attacker,
        reason,
    });
    Ok((found, idle.collect()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalogue::{Catalogue, SideField, real};
    use crate::study::attackers::ATTACKERS;

    /// Some 300 files of a real catalogue, whole titles.
    fn excerpt(name: &str) -> Named {
        let all = real::all().expect("the real catalogues");
        let real = all.into_iter().find(|real| real.name == name).expect("one of that name");
        let catalogue = real.catalogue.sample_titles(300, 1, 0).expect("larger than that");
        Named { name: name.to_owned(), origin: real.credit.to_owned(), sha256: real.sha256, catalogue }
    }

    /// Files that lie with the most frequent name of their bucket, by the definition.
    fn most_frequent(catalogue: &Catalogue, width_ms: u32, name: impl Fn(usize) -> u32) -> usize {
        let mut buckets: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
        for file in 0..catalogue.files() {
            let bucket = buckets.entry(catalogue.duration_ms()[file] / width_ms).or_default();
            *bucket.entry(name(file)).or_default() += 1;
        }
        buckets.values().filter_map(|names| names.values().max()).sum()
    }

    #[test]
    fn real_files_are_named_as_their_buckets_say_and_nobody_is_passed_over() {
        for name in ["talks", "music"] {
            let named = excerpt(name);
            let catalogue = &named.catalogue;
            let (found, idle) = on_files(&named, (5_000, 1), 1e-6).expect("attackers that agree");
            for known in &ATTACKERS {
                let times = found.iter().filter(|of| of.attacker == known.name).count()
                    + idle.iter().filter(|of| of.attacker == known.name).count()
                    + NOT_ON_FILES.iter().filter(|(of, _)| *of == known.name).count();
                assert_eq!(times, 1, "{} on {name}: {idle:?}", known.name);
            }
            let of = |attacker: &str| found.iter().find(|of| of.attacker == attacker).expect("it was met");
            for (at, width_ms) in [1_000, 10_000, 60_000, 300_000].into_iter().enumerate() {
                let titles = most_frequent(catalogue, width_ms, |file| catalogue.title()[file]);
                let linkage = of("linkage").rates[at];
                assert_eq!((linkage.width, linkage.interval), (WIDTHS[at], None));
                assert_eq!(
                    (linkage.rate * catalogue.files() as f64).round() as usize,
                    titles,
                    "{name}, {width_ms}"
                );
                let genre = catalogue.side(SideField::Genre);
                if let Some(genre) = genre {
                    let genres = most_frequent(catalogue, width_ms, |file| genre.index(file) as u32);
                    let rate = of("homogeneity").rates[at].rate;
                    assert_eq!(
                        (rate * catalogue.files() as f64).round() as usize,
                        genres,
                        "{name}, {width_ms}"
                    );
                }
            }
            for of in &found {
                assert_eq!(of.rates.len(), WIDTHS.len(), "{}", of.attacker);
                for at in &of.rates {
                    let [low, high] = at.interval.unwrap_or([at.rate; 2]);
                    assert!(
                        0.0 <= low && low <= at.rate && at.rate <= high && high <= 1.0,
                        "{}: {at:?}",
                        of.attacker
                    );
                    assert!(at.interval.is_none() || low < high, "{}: {at:?}", of.attacker);
                }
            }
            // A mean of fresh draws takes back what the rounding hides; a fixed rounding doesn't let it.
            let (anew, fixed) = (of("averaging").rates[2], of("linkage").rates[2]);
            assert!(anew.interval.is_some_and(|[low, _]| low > fixed.rate), "{name}: {anew:?}, {fixed:?}");
        }
    }
}
