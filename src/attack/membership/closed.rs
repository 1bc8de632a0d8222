//! What the best test catches, as a closed form alone, where fewer plays share an identifier.

use super::super::Prior;
use super::targets::Others;
use super::{Settings, Sought, Threshold};
use crate::classes::Classes;

/// Files of each sort, to be asked after in several classes and with several numbers of linked plays.
///
/// Of the plays of a period, of the file among them, some share an identifier: the counts are Poisson still, with that share
/// of each rate.
pub struct Asked<'a> {
    raw: &'a Classes<'a>,
    settings: Settings,
    seed: u64,
    by_prior: Vec<OfPrior>,
}

struct OfPrior {
    prior: Prior,
    blind: Others,
    /// Sorts that don't depend on what leaves, with their files.
    targets: Vec<(Sought, Vec<u32>)>,
}

/// How often holders of a file are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caught {
    /// What sort of file.
    pub sought: Sought,
    /// By which servers play.
    pub prior: Prior,
    /// Plays that share an identifier.
    pub plays: f64,
    /// Right alarms.
    pub rate: f64,
    /// The same where nothing leaves but that there was a play.
    pub control: f64,
}

impl<'a> Asked<'a> {
    /// The files that [`membership`](super::membership()) asks after; `nothing` and `raw` are the classes of whoever sees
    /// nothing and of raw values. O(files log files).
    pub fn new(nothing: &Classes<'_>, raw: &'a Classes<'a>, settings: Settings, seed: u64) -> Self {
        let fixed = Sought::ALL.into_iter().filter(|sought| *sought != Sought::Exposed);
        let of_prior = |prior| OfPrior {
            prior,
            blind: Others::of(nothing, prior),
            targets: fixed
                .clone()
                .map(|sought| (sought, sought.files(raw, raw, prior, settings.targets, seed)))
                .collect(),
        };
        Self { raw, settings, seed, by_prior: Prior::ALL.map(of_prior).into() }
    }

    /// The share of holders found at so many false alarms, where so many of the plays of a period share an identifier.
    /// Files that are hidden worst are those that these classes hide worst. A sort of which there is no file is left out.
    /// O(files log files + numbers of plays x targets).
    pub fn caught(&self, classes: &Classes<'_>, plays: &[f64], false_alarms: f64) -> Vec<Caught> {
        let mut found = Vec::new();
        for OfPrior { prior, blind, targets } in &self.by_prior {
            let others = Others::of(classes, *prior);
            let worst = Sought::Exposed.files(classes, self.raw, *prior, self.settings.targets, self.seed);
            let worst = (Sought::Exposed, worst);
            for (sought, files) in targets.iter().chain([&worst]).filter(|(_, files)| !files.is_empty()) {
                for &plays in plays {
                    let repeats = self.settings.repeats * plays / self.settings.plays;
                    let mean = |others: &Others| {
                        let power = |&file: &u32| {
                            let rate = plays * others.share(classes.catalogue(), file);
                            Threshold::of(rate, false_alarms).power(rate + repeats)
                        };
                        files.iter().map(power).sum::<f64>() / files.len() as f64
                    };
                    let (rate, control) = (mean(&others), mean(blind));
                    found.push(Caught { sought: *sought, prior: *prior, plays, rate, control });
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::membership::membership;
    use crate::catalogue::synthetic::{Recipe, synthesize};
    use crate::classes::{Cells, Generalization};

    #[test]
    fn all_plays_are_those_of_a_membership_and_fewer_catch_less() {
        let catalogue =
            synthesize(&Recipe::builtin("mixed").expect("a built-in recipe"), 600, 3).expect("a catalogue");
        let cells = Cells::new(&catalogue);
        let kept = Generalization::keep(&catalogue);
        let settings = Settings { servers: 50, draws: 50, ..Settings::default() };
        let whole = membership(&cells, &cells, &kept, settings, 5).expect("titles enough for libraries");
        let [nothing, raw] =
            [Generalization::drop(), kept.clone()].map(|of| Classes::group(&cells, of.key()));
        let asked = Asked::new(&nothing, &raw, settings, 5);
        let found = asked.caught(&raw, &[settings.plays, 20.0, 1.0], 0.01);
        assert_eq!(found.len(), 3 * whole.tried.len());
        for tried in &whole.tried {
            let point =
                tried.curve.iter().find(|point| point.false_alarms == 0.01).expect("a rate of the curve");
            let same: Vec<&Caught> = found
                .iter()
                .filter(|caught| (caught.sought, caught.prior) == (tried.sought, tried.prior))
                .collect();
            assert_eq!((same[0].rate, same[0].control), (point.closed_form, point.control));
            assert!(same[0].rate > same[1].rate && same[1].rate > same[2].rate, "{same:?}");
            // Of one play in 200 there is hardly one of the file.
            assert!(same[2].rate >= 0.01 && same[2].rate < 0.03, "{same:?}");
        }
    }
}
