//! A6, membership: does this server hold exactly this file?
//!
//! Somebody links the plays of one server over a period and counts those in the bucket of one file, or of whatever
//! else leaves. A server without the file plays others, by the prior, that fall into the bucket: a Poisson count with
//! rate plays x share of the bucket, the file itself left out. One with it plays it too, a Poisson count with rate
//! `repeats`. The log likelihood ratio `n ln(1 + repeats / rate) - repeats` rises with the count n, so a threshold on
//! the count is the best test (Neyman and Pearson 1933); what counts is how many are caught at few false alarms, not
//! the average (Carlini et al. 2022, *Membership inference attacks from first principles*).
//!
//! Each figure is found three times: as a closed form from the tails of both counts; by an attacker that runs, on
//! servers that really play from the catalogue so; and among servers with libraries of their own
//! ([`servers`](super::servers)), where the threshold is set on a sample and the model is wrong, as it is in life. A
//! figure that a sample can't show, as a false alarm is rarer than one in so many servers, is left out.
//!
//! Only the bucket of one file is watched; sessions and several files are not joined. Of a duration that is drawn through
//! a channel the file has several outputs, and each is weighed by what it tells ([`drawn()`]).
//!
//! # Laws
//! - Right alarms are at least as frequent as false ones, and rise with them. A blind guess has both alike.
//! - Under nested coarsening the best test never catches more.
//! - Nobody catches more than the plays of the file allow: at f false alarms at most `1 - (1 - f) e^-repeats`, which
//!   is reached where nobody else plays its bucket.

mod background;
mod closed;
mod drawn;
mod optimal;
mod owners;
mod run;
mod scores;
mod targets;

pub use closed::{Asked, Caught};
pub use drawn::drawn;
pub use optimal::{Threshold, area, best_test};
pub use owners::Found;
pub use targets::Sought;

use serde::Serialize;

use self::targets::Others;
use super::servers::{LibrariesError, Servers};
use super::{Prior, Trial};
use crate::catalogue::Catalogue;
use crate::classes::{Cells, Classes, Generalization};

/// The rates of false alarms that are always shown, falling.
pub const FALSE_ALARMS: [f64; 4] = [0.1, 0.01, 0.001, 0.0001];

/// How much is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Servers with libraries of their own.
    pub servers: u32,
    /// Servers that play from the whole catalogue, at least, for each sort of target.
    pub draws: u32,
    /// Plays of a server in a period, on average.
    pub plays: f64,
    /// Plays of the file in a period by who holds it, on average.
    pub repeats: f64,
    /// Targets of each sort.
    pub targets: u32,
}

impl Default for Settings {
    /// 2,000 servers, 2,000 draws, 200 plays and 3 of the file, 10 targets.
    fn default() -> Self {
        Self { servers: 2_000, draws: 2_000, plays: 200.0, repeats: 3.0, targets: 10 }
    }
}

/// What is told of who holds a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Membership {
    /// Servers with libraries of their own.
    pub servers: u32,
    /// Plays of a server in a period, on average.
    pub plays: f64,
    /// Plays of the file by who holds it.
    pub repeats: f64,
    /// Under each prior, for each sort of target.
    pub tried: Vec<Tried>,
}

/// What is told of targets of one sort, on average over them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    /// What sort.
    pub sought: Sought,
    /// By which servers play.
    pub prior: Prior,
    /// How many there are.
    pub targets: u32,
    /// Plays of other files that fall into the bucket, on average, by what leaves and by raw values.
    pub others: [f64; 2],
    /// Area under the curve, by what leaves and by raw values.
    pub area: [f64; 2],
    /// By the rate of false alarms.
    pub curve: Vec<Point>,
}

/// Right alarms at one rate of false ones.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The rate of false alarms, which is that of right ones for a blind guess.
    pub false_alarms: f64,
    /// Right alarms by what leaves, as a closed form.
    pub closed_form: f64,
    /// The same by raw values: the baseline.
    pub baseline: f64,
    /// The same where nothing leaves but that there was a play: the control.
    pub control: f64,
    /// What the attacker that runs achieved; `None` where so few servers can't show so few false alarms.
    pub trial: Option<Trial>,
    /// Its false alarms, to be compared with [`Point::false_alarms`].
    pub false_trial: Option<Trial>,
    /// Among servers with libraries, where there are enough.
    pub owners: Option<Found>,
}

/// One way of seeing, as closed forms.
struct View<'a> {
    catalogue: &'a Catalogue,
    others: Others,
    settings: Settings,
}

impl<'a> View<'a> {
    fn of(catalogue: &'a Catalogue, classes: &Classes<'_>, prior: Prior, settings: Settings) -> Self {
        View { catalogue, others: Others::of(classes, prior), settings }
    }

    /// The mean over targets.
    fn mean(&self, targets: &[u32], of: impl Fn(f64) -> f64) -> f64 {
        let rates = targets.iter().map(|&file| of(self.rate(file)));
        rates.sum::<f64>() / targets.len() as f64
    }

    /// Plays of other files in the bucket of a file.
    fn rate(&self, file: u32) -> f64 {
        self.settings.plays * self.others.share(self.catalogue, file)
    }

    fn power(&self, targets: &[u32], false_alarms: f64) -> f64 {
        let repeats = self.settings.repeats;
        self.mean(targets, |rate| Threshold::of(rate, false_alarms).power(rate + repeats))
    }

    fn others(&self, targets: &[u32]) -> f64 {
        self.mean(targets, |rate| rate)
    }

    fn area(&self, targets: &[u32]) -> f64 {
        self.mean(targets, |rate| area(rate, rate + self.settings.repeats))
    }
}

/// Asks after files of each [`Sought`] sort, under each prior. A sort of which there is no file is left out. `told` is
/// the catalogue with its side fields as they are told, `raw` as it is; both hold the same files.
///
/// O(files log files + (servers + draws) x plays x log files).
///
/// # Errors
/// [`LibrariesError::FewTitles`].
pub fn membership(
    told: &Cells<'_>,
    raw: &Cells<'_>,
    generalization: &Generalization,
    settings: Settings,
    seed: u64,
) -> Result<Membership, LibrariesError> {
    let catalogue = raw.catalogue();
    let classes = [
        Classes::group(told, generalization.key()),
        Classes::group(raw, Generalization::keep(catalogue).key()),
        Classes::group(raw, Generalization::drop().key()),
    ];
    let emitted = run::emitted(told.catalogue(), generalization.key());
    let mut tried = Vec::new();
    for prior in Prior::ALL {
        let servers = Servers::draw(catalogue, prior, settings.servers, seed)?;
        let views = classes.each_ref().map(|of| View::of(catalogue, of, prior, settings));
        let played = owners::played(&servers, settings.plays, seed);
        let crowd = run::Crowd::of(catalogue, &emitted, prior, settings.plays, settings.repeats);
        for sought in Sought::ALL {
            let targets = sought.files(&classes[0], &classes[1], prior, settings.targets, seed);
            if targets.is_empty() {
                continue;
            }
            let owners = owners::count(&servers, &played, &emitted, &targets, settings.repeats);
            let name = format!("membership {sought:?} {prior:?}");
            let thresholds = |&file: &u32| {
                let rate = views[0].rate(file);
                (file, FALSE_ALARMS.map(|false_alarms| Threshold::of(rate, false_alarms)).to_vec())
            };
            let each = settings.draws.div_ceil(targets.len() as u32);
            let said = crowd.run(&name, &targets.iter().map(thresholds).collect::<Vec<_>>(), each, seed);
            let point = |(&false_alarms, said): (&f64, run::Said)| {
                let [closed_form, baseline, control] =
                    views.each_ref().map(|view| view.power(&targets, false_alarms));
                let shown = owners::resolves(said.right.draws, false_alarms);
                Point {
                    false_alarms,
                    closed_form,
                    baseline,
                    control,
                    trial: shown.then_some(said.right),
                    false_trial: shown.then_some(said.false_alarms),
                    owners: owners::found(&owners, false_alarms),
                }
            };
            let of_both = |of: &dyn Fn(&View<'_>) -> f64| [of(&views[0]), of(&views[1])];
            tried.push(Tried {
                sought,
                prior,
                targets: targets.len() as u32,
                others: of_both(&|view| view.others(&targets)),
                area: of_both(&|view| view.area(&targets)),
                curve: FALSE_ALARMS.iter().zip(said).map(point).collect(),
            });
        }
    }
    let Settings { servers, plays, repeats, .. } = settings;
    Ok(Membership { servers, plays, repeats, tried })
}
