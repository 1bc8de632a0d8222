//! The attackers that run: plays are drawn by the model of copies, and each attacker names what it takes for likeliest.

use std::borrow::Cow;

use rayon::prelude::*;
use serde::Serialize;

use super::index::{Index, Rest};
use crate::attack::heaviest::{Sums, bound, heavier};
use crate::attack::{Prior, Target, Trial};
use crate::catalogue::Drawn;
use crate::catalogue::stream::Stream;
use crate::rounding::Bucket;

/// What the attackers achieved on the same plays at one level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ran {
    /// The exact posterior over all modes: no attacker does better in expectation.
    pub bayes: Trial,
    /// The cheap interval form: keeps every file of which some mode's interval meets the duration's bucket, and names
    /// whoever holds most of the prior among them.
    pub interval: Trial,
    /// How often the truth is among those.
    pub interval_recall: Trial,
    /// Files that the interval form keeps, on average.
    pub interval_candidates: f64,
    /// The attacker of A1, who takes every copy for the same encode.
    pub ignoring: Trial,
    /// How often the truth is among the files that would be seen so.
    pub ignoring_recall: Trial,
}

/// Kin, lower edge of the duration's bucket, and the rest.
type Seen = (u32, u64, Rest);

/// Hits at one level.
#[derive(Clone, Copy, Default)]
pub(in crate::attack) struct Hits {
    pub bayes: u64,
    /// How sure the exact posterior was of what it named, summed up.
    pub sure: f64,
    pub interval: u64,
    pub interval_recall: u64,
    pub ignoring: u64,
    pub ignoring_recall: u64,
}

impl Hits {
    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            bayes: self.bayes + other.bayes,
            sure: self.sure + other.sure,
            interval: self.interval + other.interval,
            interval_recall: self.interval_recall + other.interval_recall,
            ignoring: self.ignoring + other.ignoring,
            ignoring_recall: self.ignoring_recall + other.ignoring_recall,
        }
    }
}

/// Draws plays by the prior, lets all attackers name each, counts; one result a target. Plays that look alike are judged
/// once. O(draws log draws + different sights x files in reach).
pub(super) fn run(
    index: &Index<'_>,
    targets: &[Target],
    prior: Prior,
    draws: u64,
    random: &mut Stream,
) -> Vec<Ran> {
    let catalogue = index.catalogue;
    let drawn = Drawn::new((0..catalogue.files()).map(|file| prior.weight(catalogue, file)));
    let mut plays: Vec<(Seen, u32)> = Vec::new();
    for _ in 0..draws {
        let file = drawn.draw(random) as u32;
        let copy = index.draw_copy(file, random);
        let from = index.duration.bucket(copy.duration).from;
        plays.push(((copy.kin, from, copy.rest), file));
    }
    plays.sort_unstable();
    let names: Vec<Cow<'_, [u32]>> = targets.iter().map(|target| target.names(catalogue)).collect();
    let same_length: Vec<&[(Seen, u32)]> =
        plays.chunk_by(|(a, _), (b, _)| (a.0, a.1) == (b.0, b.1)).collect();
    let scratch = || names.iter().map(|names| [(); 2].map(|()| Sums::new(bound(names)))).collect::<Vec<_>>();
    let judge =
        |sums: &mut Vec<[Sums; 2]>, plays: &&[(Seen, u32)]| of_length(index, &names, prior, sums, plays);
    let found: Vec<(Vec<Hits>, u64)> = same_length.par_iter().map_init(scratch, judge).collect();
    let kept: u64 = found.iter().map(|(_, kept)| kept).sum();
    let of_target = |at: usize| {
        let hits = found.iter().fold(Hits::default(), |sum, (hits, _)| sum.plus(hits[at]));
        let trial = |hits| Trial::new(draws, hits);
        Ran {
            bayes: trial(hits.bayes),
            interval: trial(hits.interval),
            interval_recall: trial(hits.interval_recall),
            interval_candidates: kept as f64 / draws.max(1) as f64,
            ignoring: trial(hits.ignoring),
            ignoring_recall: trial(hits.ignoring_recall),
        }
    };
    (0..targets.len()).map(of_target).collect()
}

/// Judges plays of one kin whose durations fall into one bucket; and the files kept by the interval form, over all plays.
fn of_length(
    index: &Index<'_>,
    names: &[Cow<'_, [u32]>],
    prior: Prior,
    scratch: &mut [[Sums; 2]],
    plays: &[(Seen, u32)],
) -> (Vec<Hits>, u64) {
    let (kin, from, _) = plays[0].0;
    let bucket = index.duration.bucket(from);
    let kept = kept(index, kin, bucket);
    let mut reencoded = Vec::new();
    index.each_reencoded(kin, bucket, |file, weight| reencoded.push((file, weight)));
    let sights: Vec<Sight> =
        plays.chunk_by(|a, b| a.0 == b.0).map(|plays| Sight::new(index, bucket, plays)).collect();
    let hits = judge(index, names, prior, scratch, &reencoded, Some(&kept), &sights);
    (hits, kept.len() as u64 * plays.len() as u64)
}

/// Judges plays of one kin that look alike but for their rest. `reencoded` are the files of which a copy of another encode
/// may look so, each with the weight of the mode times its chance, and `kept` those of the interval form, where it is asked.
pub(in crate::attack) fn judge(
    index: &Index<'_>,
    names: &[Cow<'_, [u32]>],
    prior: Prior,
    scratch: &mut [[Sums; 2]],
    reencoded: &[(u32, f64)],
    kept: Option<&[u32]>,
    sights: &[Sight],
) -> Vec<Hits> {
    let weight = |file: u32| prior.weight(index.catalogue, file as usize) as f64;
    let held = |files: &[(u32, f64)]| files.iter().map(|&(file, chance)| chance * weight(file)).sum::<f64>();
    let all_common = held(reencoded);
    let mut hits = vec![Hits::default(); names.len()];
    for (at, names) in names.iter().enumerate() {
        // What a copy of another encode says is the same for every rest, but for its share.
        let [common, sums] = &mut scratch[at];
        if let Some(kept) = kept {
            kept.iter().for_each(|&file| sums.add(names[file as usize], weight(file)));
            let guess = sums.heaviest().map(|(name, _)| name);
            for &file in sights.iter().flat_map(|sight| &sight.played) {
                // Whoever is drawn weighs something, so the sum tells whether the name is there.
                hits[at].interval_recall += u64::from(sums.get(names[file as usize]) > 0.0);
                hits[at].interval += u64::from(guess == Some(names[file as usize]));
            }
            sums.clear();
        }
        for &(file, chance) in reencoded {
            common.add(names[file as usize], chance * weight(file));
        }
        let best_common = common.heaviest();
        for sight in sights {
            let mut names_of_own: Vec<u32> =
                sight.own.iter().map(|&(file, _)| names[file as usize]).collect();
            names_of_own.sort_unstable();
            names_of_own.dedup();
            names_of_own.iter().for_each(|&name| sums.add(name, sight.share * common.get(name)));
            for &(file, chance) in &sight.own {
                sums.add(names[file as usize], chance * weight(file));
            }
            let far =
                best_common.map(|(name, held)| (name, sight.share * held)).filter(|&(_, held)| held > 0.0);
            let bayes = heavier(sums.heaviest(), far);
            let all = sight.share * all_common + held(&sight.own);
            let sure = bayes.map_or(0.0, |(_, held)| (held / all).min(1.0));
            hits[at].sure += sure * sight.played.len() as f64;
            let bayes = bayes.map(|(name, _)| name);
            sums.clear();
            for &(file, chance) in &sight.alike {
                sums.add(names[file as usize], chance * weight(file));
            }
            let ignoring = sums.heaviest().map(|(name, _)| name);
            for &file in &sight.played {
                let name = names[file as usize];
                hits[at].bayes += u64::from(bayes == Some(name));
                hits[at].ignoring += u64::from(ignoring == Some(name));
                hits[at].ignoring_recall += u64::from(sums.get(name) > 0.0);
            }
            sums.clear();
        }
        common.clear();
    }
    hits
}

/// Plays that look alike, and who may look so.
pub(in crate::attack) struct Sight {
    /// The files that the attacker holds of what was played.
    pub played: Vec<u32>,
    /// What is told of them besides their duration.
    pub rest: Rest,
    /// How often a copy of another encode is told with this rest.
    pub share: f64,
    /// Copies of the same encode, remuxes and other cuts: weight of the mode times chance.
    pub own: Vec<(u32, f64)>,
    /// The files that look so themselves, each with its chance to.
    pub alike: Vec<(u32, f64)>,
}

impl Sight {
    fn new(index: &Index<'_>, bucket: Bucket, plays: &[(Seen, u32)]) -> Self {
        let (kin, _, rest) = plays[0].0;
        let mut sight = Self::of(index, rest, plays.iter().map(|&(_, file)| file).collect());
        sight.may_be(index, kin, bucket, 1.0);
        sight
    }

    /// Of plays that are told with that rest, without anybody who may look so.
    pub fn of(index: &Index<'_>, rest: Rest, played: Vec<u32>) -> Self {
        Self { played, rest, share: index.share(index.told(rest)), own: Vec::new(), alike: Vec::new() }
    }

    /// Adds who may look so by lasting so long, which was seen with that chance. O(files in reach).
    pub fn may_be(&mut self, index: &Index<'_>, kin: u32, bucket: Bucket, chance: f64) {
        let Self { rest, own, alike, .. } = self;
        posterior(index, kin, bucket, *rest, |file, weight| own.push((file, weight * chance)));
        let lasting = &index.of_kin(kin)[index.lasting(kin, bucket)];
        let like = lasting.iter().filter(|&&file| index.rest(file) == *rest);
        alike.extend(like.map(|&file| (file, chance)));
    }
}

/// For each file of which a copy of its own encode, or another cut, looks so: weight of the mode times its chance.
fn posterior(index: &Index<'_>, kin: u32, bucket: Bucket, rest: Rest, mut add: impl FnMut(u32, f64)) {
    let (settings, files) = (index.settings, index.of_kin(kin));
    for &file in files[index.lasting(kin, bucket)].iter().filter(|&&file| index.rest(file) == rest) {
        add(file, f64::from(settings.same));
        if settings.other_cut > 0 {
            index.each_cut_for(file, &mut add);
        }
    }
    if settings.remux > 0 {
        let may_look_so = |file: &&u32| index.rest_of(None, **file).1 == rest.1;
        for &file in files[index.remuxed(kin, bucket)].iter().filter(may_look_so) {
            let chance = index.remux_lasts(file, bucket) * index.remux_rate(file, rest.0);
            add(file, f64::from(settings.remux) * chance);
        }
    }
}

/// The files that the interval form keeps.
pub(in crate::attack) fn kept(index: &Index<'_>, kin: u32, bucket: Bucket) -> Vec<u32> {
    let (settings, files) = (index.settings, index.of_kin(kin));
    let mut kept = files[index.lasting(kin, bucket)].to_vec();
    if settings.other_cut > 0 {
        let cuts: Vec<u32> = kept.iter().flat_map(|&file| index.cuts(file)).copied().collect();
        kept.extend(cuts);
    }
    if settings.remux > 0 {
        kept.extend(&files[index.remuxed(kin, bucket)]);
    }
    index.reencoded(kin, bucket).for_each(|places| kept.extend(&files[places]));
    kept.sort_unstable();
    kept.dedup();
    kept
}
