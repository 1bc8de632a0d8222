//! A13 through a channel: what is drawn of a completed play's length or bit rate, and when its reports arrive, which gives
//! the length back.
//!
//! The lags of reports are drawn apart from the channel, so that what is seen of a file has the product of both chances:
//! that of the output given what the number is rounded to, and that of the times given the length itself. The sum over
//! files of one output is then that of the undrawn attacker, each file weighed by its chance of the output.
//!
//! # Laws
//! - `stochastic:1ms` after any rounding is that rounding: the figures of [`success`](crate::attack::arrival::success).
//! - Never less than either alone, what is drawn or what arrives, and never more than the rounding with what arrives.
//! - Drawing or delaying on top never raises it. Without any lag it is A1 on the length as it is.

use rayon::prelude::*;

use super::Through;
use super::levels::level;
use super::placed::Placed;
use super::spread::Alike;
use crate::attack::arrival::exact::{Weighed, by_length as heaviest_by_length, few, list, won};
use crate::attack::arrival::kernel::Kernel;
use crate::attack::arrival::{ArrivalTimes, Attacker, Named, Ran, Sending, ladder};
use crate::attack::channel::Subject;
use crate::attack::levels;
use crate::attack::{Prior, Target};
use crate::classes::{Cells, Classes, Generalization};

/// Curves that are laid over each other for one answer, at most: each costs some tens of steps.
const MOST_CURVES: u64 = 1 << 20;

/// A catalogue of which the duration leaves through a channel, and reports of completed plays arrive.
pub struct Heard<'t, 'a> {
    through: &'t Through<'a>,
    attacker: Attacker<'a>,
}

/// The files of a part.
struct Files {
    placed: Placed<Weighed>,
    /// Whether those are the heaviest targets of each length, instead of the files.
    by_length: bool,
}

impl<'t, 'a> Heard<'t, 'a> {
    /// Studies the catalogue. O(files log files + probabilities summed).
    pub fn study(through: &'t Through<'a>) -> Self {
        let channel = |part: u32| Some(through.parts()[part as usize].channel);
        let values = through.values().to_vec();
        let [file, title] = [Target::File, Target::Title].map(|target| level(through, target));
        let without = [0, 1].map(|prior: usize| [file[prior].top1, title[prior].top1]);
        let (catalogue, part_of) = (through.catalogue(), through.part_of());
        Self { through, attacker: Attacker::of_groups(catalogue, part_of, channel, values, without) }
    }

    /// How often the Bayes attacker names the target who sees what leaves, its duration drawn, and when both reports
    /// arrive, under the uniform prior and under popularity. `None` where
    /// [`success`](crate::attack::arrival::success) has no closed form either, or where the outputs are too many for it.
    /// O(probabilities summed x log lag), or O(pairs log pairs) with pairs of a probability and a time.
    pub fn success(&self, target: Target, sending: Sending) -> Option<[f64; 2]> {
        let kernel = Kernel::new(sending);
        let catalogue = self.through.catalogue();
        let names = target.names(catalogue);
        let parts: Vec<Files> =
            (0..self.through.parts().len()).map(|part| self.files(part, &names, &kernel)).collect();
        let (mut curves, mut listed) = (0u64, 0u64);
        for files in &parts {
            let terms = files.placed.terms();
            let sum = if files.by_length { &mut curves } else { &mut listed };
            *sum = sum.saturating_add(terms);
        }
        if curves > MOST_CURVES || listed > MOST_CURVES || listed > 0 && !few(listed, &kernel) {
            return None;
        }
        let mut hits = [0.0; 2];
        for (files, part) in parts.iter().zip(self.through.parts()) {
            let of_one = |&Alike { output, times, .. }: &Alike| {
                let drawn = |of: &Weighed| {
                    let chance = times * part.channel.probability(of.value, output);
                    Weighed { weights: of.weights.map(|weight| weight * chance), ..*of }
                };
                let likely = files.placed.likely(output).iter().map(drawn);
                if files.by_length {
                    let likely: Vec<Weighed> = likely.collect();
                    [0, 1].map(|prior| won(likely.iter().map(|of| (of.length, of.weights[prior])), &kernel))
                } else {
                    list(likely, &kernel)
                }
            };
            let outputs = files.placed.spread.outputs();
            let found: Vec<[f64; 2]> = outputs.par_iter().map(of_one).collect();
            found.iter().for_each(|found| hits.iter_mut().zip(found).for_each(|(hits, part)| *hits += part));
        }
        let whole = [catalogue.files() as f64, catalogue.top_title().all_weight as f64];
        Some([0, 1].map(|prior| (hits[prior] / whole[prior]).min(1.0)))
    }

    /// The files of a part, or the heaviest targets of each length where those do.
    fn files(&self, part: usize, names: &[u32], kernel: &Kernel) -> Files {
        let part = &self.through.parts()[part];
        let spread = self.through.spread(part, true, |file| file, |_| 1);
        let of = |&file: &u32| {
            Weighed::of(self.through.catalogue(), names, self.through.values()[file as usize], file)
        };
        let mut files: Vec<Weighed> = part.files.iter().map(of).collect();
        let place = |of: &Weighed| part.channel.place(of.value);
        files.sort_by_key(|of| (place(of), of.length, of.name));
        // Bit rates differ among files of one length.
        let by_length = kernel.step() == 1 && self.through.subject() == Subject::Duration;
        let lengths = if by_length { heaviest_by_length(files.clone()) } else { None };
        let by_length = lengths.is_some();
        // Durations rise with lengths, and so do their places.
        let placed = Placed::new(spread, lengths.unwrap_or(files), place);
        Files { placed, by_length }
    }

    /// Draws completed plays, what the channel makes of each, and the lags of its reports; as
    /// [`Attacker::run`]. O(draws x candidates).
    pub fn run(&self, sending: Sending, prior: Prior, draws: u64, seed: u64) -> Ran {
        self.attacker.run(sending, prior, draws, seed)
    }
}

/// As [`arrival_times`](crate::attack::arrival::arrival_times) of classes, beside who sees arrivals and what leaves
/// beside the duration alone ([`Named::times_alone`]). O(ways of sending x (what one costs + draws x candidates)).
pub fn arrival_times(
    through: &Through<'_>,
    raw: &Cells<'_>,
    targets: &[Target],
    of_policy: Option<Sending>,
    draws: u64,
    seed: u64,
) -> ArrivalTimes {
    let silent = through.silenced();
    let [heard, alone] = [through, &silent].map(Heard::study);
    let nothing = Classes::group(raw, Generalization::drop().key());
    let everything = Classes::group(raw, Generalization::keep(raw.catalogue()).key());
    let known = [Target::File, Target::Title].into_iter().filter(|target| targets.contains(target));
    let sides = known.map(|target| {
        let beside = [&nothing, &everything].map(|of| levels::level(of, target));
        (target, [level(through, target), beside[0], beside[1]])
    });
    let sides: Vec<_> = sides.collect();
    ladder(of_policy, |sending| {
        let exact: Vec<_> =
            sides.iter().map(|(target, _)| [&heard, &alone].map(|of| of.success(*target, sending))).collect();
        let mut named = Vec::new();
        for (at, prior) in Prior::ALL.into_iter().enumerate() {
            let ran = heard.run(sending, prior, draws, seed);
            let unclear = exact.iter().any(|[_, alone]| alone.is_none());
            let ran_alone = unclear.then(|| alone.run(sending, prior, draws, seed));
            for ((target, sides), exact) in sides.iter().zip(&exact) {
                let of = |ran: Ran| if *target == Target::File { ran.file } else { ran.title };
                let [closed_form, times_alone] = exact.map(|of_priors| of_priors.map(|of| of[at]));
                let [released, control, baseline] = [0, 1, 2].map(|side| sides[side][at].top1);
                let met = of(ran);
                named.push(Named {
                    target: *target,
                    prior,
                    trial: met.trial,
                    closed_form,
                    success: closed_form.unwrap_or(met.certainty),
                    released,
                    sure: Some(met.sure),
                    times_alone: times_alone.or(ran_alone.map(|ran| of(ran).certainty)),
                    control,
                    baseline,
                });
            }
        }
        named
    })
}
