//! A choice that holds elsewhere: on halves, on smaller samples, on grown catalogues.
//!
//! A [`Panel`] holds catalogues made of the choosing one: pairs of halves without a series in common, samples of titles
//! without replacement (never a bootstrap, see [`Catalogue::sample_titles`] and the module it stands in), and the
//! catalogue together with titles that it doesn't have. [`recommend_robust`] finds the least loss that meets the limits
//! on the catalogue *and* on a share of the members; [`holds_on`] counts on how many members the limits hold.
//!
//! Pruning is that of the plain search, and exact: a candidate that breaks limits which no coarsening can worsen on more
//! halves and samples than may fail kills its refinements, as these hold no value that the catalogue doesn't; a grown
//! catalogue does, so nothing is concluded from one.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::Candidates;
use super::breach::{self, Breach, breaches, evaluate_for};
use super::recommend::{AskLimits, Found, PingChoice, ShapeChoice};
use super::shape::{PingShape, Shape};
use super::space::{Answer, Ask, Space, Walked};
use crate::catalogue::Catalogue;
use crate::classes::{Cells, Generalization};
use crate::policy::Limits;

/// The sizes of the samples, in files.
pub const SAMPLES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// How a panel is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// Pairs of halves.
    pub tosses: u64,
    /// Samples of each size.
    pub samples: u64,
    /// The fewest files of a sample or grown catalogue that the choice must hold on; smaller ones are shown.
    pub least_files: usize,
    /// The seed of all draws.
    pub seed: u64,
}

impl Default for Draws {
    fn default() -> Self {
        Self { tosses: 5, samples: 5, least_files: 10_000, seed: 1 }
    }
}

/// Which members are counted together towards the share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pool {
    Halves,
    Sizes,
    Shown,
}

#[derive(Clone, Debug)]
struct Member {
    group: String,
    pool: Pool,
    /// Whether it is a part, so that what is nested on the catalogue is nested on it.
    part: bool,
    catalogue: Catalogue,
}

/// Catalogues that a choice is held against.
#[derive(Clone, Debug)]
pub struct Panel {
    members: Vec<Member>,
}

impl Panel {
    /// The halves and samples of a catalogue, and grown catalogues with their names. O(draws x files).
    pub fn of(catalogue: &Catalogue, grown: Vec<(String, Catalogue)>, draws: &Draws) -> Self {
        let pool = |files| if files >= draws.least_files { Pool::Sizes } else { Pool::Shown };
        let mut members = Vec::new();
        for files in SAMPLES {
            let sample = |draw| {
                let catalogue = catalogue.sample_titles(files, draws.seed, draw)?;
                Some(Member { group: format!("{files} files"), pool: pool(files), part: true, catalogue })
            };
            members.extend((0..draws.samples).filter_map(sample));
        }
        for toss in 0..draws.tosses {
            let halves = catalogue.halves(draws.seed, toss).into_iter().flatten();
            let group = || "halves".to_owned();
            members.extend(halves.map(|catalogue| Member {
                group: group(),
                pool: Pool::Halves,
                part: true,
                catalogue,
            }));
        }
        members.extend(grown.into_iter().map(|(group, catalogue)| Member {
            group,
            pool: pool(catalogue.files()),
            part: false,
            catalogue,
        }));
        Self { members }
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The catalogues of a group, in the order of their draws.
    pub fn group<'p>(&'p self, group: &'p str) -> impl Iterator<Item = &'p Catalogue> {
        self.members.iter().filter(move |member| member.group == group).map(|member| &member.catalogue)
    }
}

/// In how many catalogues the limits hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Held {
    /// So many hold.
    pub holds: u32,
    /// Of so many.
    pub of: u32,
}

impl Held {
    fn count(&mut self, holds: bool) {
        self.holds += u32::from(holds);
        self.of += 1;
    }
}

/// One group of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupHeld {
    /// `halves`, the size of the samples, or the name of a grown catalogue.
    pub group: String,
    /// Whether a robust choice must hold on them, but for the share that may fail.
    pub required: bool,
    /// Overall.
    pub all: Held,
    /// The files of each kind alone, of the members that have any.
    pub by_kind: BTreeMap<String, Held>,
}

/// In how many members of each group the limits hold, overall and for each kind alone. O(files of all members), on all
/// threads.
pub fn holds_on(panel: &Panel, generalization: &Generalization, limits: &Limits) -> Vec<GroupHeld> {
    let holds = |catalogue: &Catalogue| breach::holds(&Cells::new(catalogue), generalization, limits);
    let verdict = |member: &Member| {
        let catalogue = &member.catalogue;
        let of_kind = |kind: &str| Some((kind.to_owned(), holds(&catalogue.of_kind(kind)?)));
        let kinds: Vec<(String, bool)> = catalogue.kinds().into_iter().filter_map(of_kind).collect();
        (holds(catalogue), kinds)
    };
    let verdicts: Vec<_> = panel.members.par_iter().map(verdict).collect();
    let mut groups: Vec<GroupHeld> = Vec::new();
    for (member, (all, kinds)) in panel.members.iter().zip(verdicts) {
        if groups.last().is_none_or(|last| last.group != member.group) {
            groups.push(GroupHeld {
                group: member.group.clone(),
                required: member.pool != Pool::Shown,
                all: Held::default(),
                by_kind: BTreeMap::new(),
            });
        }
        if let Some(group) = groups.last_mut() {
            group.all.count(all);
            kinds.into_iter().for_each(|(kind, holds)| group.by_kind.entry(kind).or_default().count(holds));
        }
    }
    groups
}

/// Chooses the widths of every ping of a shape among those that meet the limits on the catalogue, on at least the share
/// (0..1) of the panel's halves, and on at least the share of its required samples and grown catalogues. Where none
/// does, the nearest is the one that fails on the fewest, and the breach is called `robust`.
/// `done` is told of every candidate that was asked. O(candidates x files of all members) at worst.
pub fn recommend_robust(
    cells: &Cells<'_>,
    shape: &Shape,
    candidates: &Candidates,
    limits: &Limits,
    panel: &Panel,
    share: f64,
    done: &(dyn Fn() + Sync),
) -> ShapeChoice {
    let required: Vec<(&Member, Cells<'_>)> = panel
        .members
        .par_iter()
        .filter(|member| member.pool != Pool::Shown)
        .map(|member| (member, Cells::new(&member.catalogue)))
        .collect();
    let choose = |ping: &PingShape| {
        let space = Space::new(cells, ping, candidates);
        let members = required.iter().map(|(member, cells)| Asked {
            pool: member.pool,
            part: member.part,
            ask: AskLimits::new(cells, limits),
        });
        let mut ask = AskRobust {
            main: AskLimits::new(cells, limits),
            members: members.collect(),
            share,
            nearest: None,
        };
        let Walked { best, asked } = space.walk(&mut ask, None, done);
        let again = |at| evaluate_for(cells, &space.at(at), limits);
        let found = match (best, ask.nearest) {
            (Some((_, at)), _) => Found::Holds(again(at)),
            (None, Some((failing, at))) => Found::Nearest(again(at), vec![broken(failing, share)]),
            (None, None) => {
                // Something was asked, as drop is always among the candidates.
                let evaluation = again(ask.main.nearest().unwrap_or((0, 0)));
                let broken = breaches(limits, &evaluation.measures);
                Found::Nearest(evaluation, broken)
            }
        };
        PingChoice { ping: ping.clone(), found, candidates: space.len(), asked, most_other: 0 }
    };
    ShapeChoice::of(cells, shape, shape.pings.iter().map(choose).collect())
}

fn broken(failing: f64, share: f64) -> Breach {
    Breach {
        limit: "robust".to_owned(),
        what: "share of the halves, or of the samples and grown catalogues, on which a limit breaks"
            .to_owned(),
        value: failing,
        allowed: 1.0 - share,
        monotone: false,
    }
}

struct Asked<'c> {
    pool: Pool,
    part: bool,
    ask: AskLimits<'c, 'c>,
}

/// Asks the catalogue, and where the limits hold there the members, one by one.
struct AskRobust<'c, 'a> {
    main: AskLimits<'c, 'a>,
    members: Vec<Asked<'c>>,
    share: f64,
    /// The least share of a pool that fails, of those that hold on the catalogue, and its place.
    nearest: Option<(f64, (usize, usize))>,
}

/// Members of a pool on which a candidate fails, and on which its refinements surely fail too.
#[derive(Clone, Copy, Default)]
struct Fails {
    all: usize,
    sure: usize,
}

impl Ask for AskRobust<'_, '_> {
    fn ask(&mut self, space: &Space<'_>, at: (usize, usize), widths: f64, least: Option<f64>) -> Answer {
        let answer = self.main.ask(space, at, widths, least);
        if answer.loss.is_none() {
            return answer;
        }
        let pools = [Pool::Halves, Pool::Sizes];
        let of = pools.map(|pool| self.members.iter().filter(|member| member.pool == pool).count());
        // A hair less, so that 0.9 of 10 is 9.
        let may_fail = of.map(|of| of - ((self.share * of as f64 - 1e-9).ceil().max(0.0) as usize).min(of));
        let mut fails = [Fails::default(); 2];
        for member in &mut self.members {
            let broken = member.ask.breaches(space, at);
            let Some(pool) = pools.iter().position(|pool| *pool == member.pool) else { continue };
            fails[pool].all += usize::from(!broken.is_empty());
            fails[pool].sure += usize::from(member.part && broken.iter().any(|breach| breach.monotone));
            // Until something holds the nearest is looked for, which takes all of them.
            if least.is_some() && fails[pool].all > may_fail[pool] {
                break;
            }
        }
        let share = |count: fn(&Fails) -> usize| {
            let of_pool = |(fails, of): (&Fails, usize)| count(fails) as f64 / of.max(1) as f64;
            fails.iter().zip(of).map(of_pool).fold(0.0, f64::max)
        };
        let over = |count: fn(&Fails) -> usize| fails.iter().zip(may_fail).any(|(f, may)| count(f) > may);
        if !over(|fails| fails.all) {
            return answer;
        }
        let failing = share(|fails| fails.all);
        if least.is_none() && self.nearest.is_none_or(|(held, _)| failing < held) {
            self.nearest = Some((failing, at));
        }
        let no_nearer = self.nearest.is_some_and(|(held, _)| share(|fails| fails.sure) >= held);
        let hopeless = over(|fails| fails.sure) && (least.is_some() || no_nearer);
        Answer { loss: None, hopeless, bound: 0.0 }
    }
}
