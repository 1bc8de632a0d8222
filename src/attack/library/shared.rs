//! Two periods in which fewer plays of a server share an identifier.

use std::sync::OnceLock;

use super::super::{Prior, Trial};
use super::periods::linkage;
use super::{
    Library, OfPrior, POINTS, Settings, Side, Unicity, each_prior, matches, side, sizes, unicity, values,
};
use crate::attack::servers::LibrariesError;
use crate::catalogue::Catalogue;
use crate::classes::{Cells, Classes, Generalization};

/// Servers and what they play in two periods, drawn once, to be asked of several generalizations and of several numbers
/// of plays under one identifier.
///
/// A server shows one identifier in each period, which bears its first plays of it. In truth it shows the others under
/// further identifiers, which the attacker would have to tell apart as well: what is found is an upper bound.
pub struct Periods {
    settings: Settings,
    seed: u64,
    most_titles: u32,
    blind: f64,
    by_prior: Vec<OfServers>,
    /// By raw values and by nothing, under each prior: the same whatever leaves, so found once.
    ends: OnceLock<Vec<[Side; 2]>>,
}

/// What servers of one prior own and play, the known ones first.
struct OfServers {
    prior: Prior,
    known: Vec<Vec<u32>>,
    periods: [Vec<Vec<u32>>; 2],
}

impl Periods {
    /// Draws them. O(files log files + servers x (library + plays log files)).
    ///
    /// # Errors
    /// [`LibrariesError::FewTitles`].
    pub fn draw(catalogue: &Catalogue, settings: Settings, seed: u64) -> Result<Self, LibrariesError> {
        let keep = |prior, known: &[Vec<u32>], periods: &[Vec<Vec<u32>>; 2]| {
            Ok::<_, LibrariesError>(OfServers { prior, known: known.to_vec(), periods: periods.clone() })
        };
        let super::Asked { most_titles, blind, by_prior } = each_prior(catalogue, settings, seed, keep)?;
        Ok(Self { settings, seed, most_titles, blind, by_prior, ends: OnceLock::new() })
    }

    /// What the libraries give away, as [`library`](super::library()) tells it; `raw` is the catalogue that they were drawn
    /// from. O(files log files + servers x plays x servers) at worst.
    pub fn library(&self, told: &Cells<'_>, raw: &Cells<'_>, generalization: &Generalization) -> Library {
        let side = |OfServers { known, periods, .. }: &OfServers, released: &[u32]| {
            side(known, periods, released, self.settings.draws, self.seed)
        };
        let ends = self.ends.get_or_init(|| {
            let catalogue = raw.catalogue();
            let baseline = Classes::group(raw, Generalization::keep(catalogue).key()).numbers();
            let control = vec![0; catalogue.files()];
            self.by_prior.iter().map(|of| [&baseline, &control].map(|released| side(of, released))).collect()
        });
        let released = Classes::group(told, generalization.key()).numbers();
        let of_prior = |(of, [baseline, control]): (&OfServers, &[Side; 2])| OfPrior {
            prior: of.prior,
            titles: sizes(&of.known),
            released: side(of, &released),
            baseline: baseline.clone(),
            control: control.clone(),
        };
        Library {
            servers: self.settings.servers,
            plays: self.settings.plays,
            most_titles: self.most_titles,
            blind: self.blind,
            by_prior: self.by_prior.iter().zip(ends).map(of_prior).collect(),
        }
    }

    /// How much was drawn.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// How many servers are found again in the second period by whatever fits best, where the files release these
    /// values and so many plays share an identifier; all of a period where it has no more. O(servers x plays x servers)
    /// at worst.
    ///
    /// # Panics
    /// Where a file has no value.
    pub fn found_again(&self, released: &[u32], plays: u32) -> Vec<(Prior, Trial)> {
        let of_prior = |OfServers { prior, known, periods }: &OfServers| {
            let [first, second] = periods.each_ref().map(|of| {
                let left = of[..known.len()].iter().map(|files| values(self.first(files, plays), released));
                left.collect::<Vec<_>>()
            });
            let found = matches(&first, &second).unwrap_or_default();
            // The first threshold is 0, which takes whatever is best alone.
            let recall = linkage(&found, &[]).first().map(|linkage| linkage.recall);
            (*prior, recall.unwrap_or_else(|| Trial::new(0, 0)))
        };
        self.by_prior.iter().map(of_prior).collect()
    }

    /// How many identifiers so many files single out, one of [`POINTS`], that were played under them: an identifier that
    /// bears fewer counts nowhere. O(servers x draws x points x servers / 64).
    pub fn singled_out(&self, released: &[u32], plays: u32, points: u32) -> Vec<(Prior, Unicity)> {
        let Some(at) = POINTS.iter().position(|&of| of == points) else { return Vec::new() };
        let of_prior = |OfServers { prior, known, periods: [first, _] }: &OfServers| {
            let played = |files: &Vec<u32>| {
                let mut files = self.first(files, plays).to_vec();
                files.sort_unstable();
                files.dedup();
                files
            };
            let sets: Vec<Vec<u32>> = first[..known.len()].iter().map(played).collect();
            Some((*prior, *unicity(&sets, released, self.settings.draws, self.seed).get(at)?))
        };
        self.by_prior.iter().filter_map(of_prior).collect()
    }

    fn first<'a>(&self, files: &'a [u32], plays: u32) -> &'a [u32] {
        &files[..files.len().min(plays.min(self.settings.plays) as usize)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::library::library;
    use crate::catalogue::synthetic::{Recipe, synthesize};

    #[test]
    fn all_plays_are_those_of_a_library_and_fewer_tell_less() {
        let catalogue =
            synthesize(&Recipe::builtin("mixed").expect("a built-in recipe"), 600, 3).expect("a catalogue");
        let cells = Cells::new(&catalogue);
        let settings = Settings { servers: 100, plays: 100, draws: 2 };
        let kept = Generalization::keep(&catalogue);
        let released = Classes::group(&cells, kept.key()).numbers();
        let whole = library(&cells, &cells, &kept, settings, 5).expect("titles enough for libraries");
        let periods = Periods::draw(&catalogue, settings, 5).expect("the same titles");
        for ((prior, found), of) in periods.found_again(&released, 100).into_iter().zip(&whole.by_prior) {
            assert_eq!((prior, found), (of.prior, of.released.linkage[0].recall));
        }
        let rates = |plays| periods.found_again(&released, plays)[0].1.rate;
        assert!(rates(100) > rates(10) && rates(10) > rates(1), "{} {} {}", rates(100), rates(10), rates(1));
        // Whoever sees nothing finds nobody, however many plays are linked.
        let nothing = vec![0; catalogue.files()];
        assert!(periods.found_again(&nothing, 100).iter().all(|(_, found)| found.hits == 0));
        let points = |plays| periods.singled_out(&released, plays, 3)[0].1;
        // One play is not three files.
        assert_eq!((points(1).servers, points(1).rate), (0, 0.0));
        assert!(points(100).rate > 0.5);
        assert!(periods.singled_out(&released, 100, 7).is_empty(), "7 is none of the numbers");
    }
}
