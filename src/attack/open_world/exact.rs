//! Precision and recall as a closed form over classes.

use serde::Serialize;

use super::doubt::{Held, Missing};
use super::{Doubt, World};
use crate::anonymity::Confident;
use crate::attack::Prior;
use crate::classes::Classes;

/// What an attacker achieves who speaks only when it is sure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stated {
    /// Share of the plays at which it speaks, 0 to 1.
    pub spoken: f64,
    /// Share of those at which it is right; `None` where it never speaks.
    pub precision: Option<f64>,
    /// Share of all plays at which it speaks and is right.
    pub recall: f64,
}

/// What the attacker achieves who speaks at a posterior of 0.95; `None` where nothing is ever played. O(files).
///
/// # Laws
/// - Where every title is known, it speaks at the confident share, see
///   [`Measures`](crate::anonymity::Measures::confident_title), and its precision is at least 0.95.
/// - With [`Doubt::Counts`] and no decoys the precision is at least 0.95 at any coverage, and the recall never rises as
///   the coverage of one seed falls.
/// - With [`Doubt::Coverage`] neither is a law: what is missing is known on average over classes alone, so that a
///   title whose rival is missing may be named for sure. Nested coarsening may raise recall and spoken share with both,
///   the [`abstaining_gain`] never.
///
/// ```
/// use coarsen::attack::Prior;
/// use coarsen::attack::open_world::{Doubt, World, stated};
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Cells, Classes, Generalization};
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 1],
///     duration_ms: vec![60_000, 90_000],
///     side: [(SideField::Kind, ["clip"; 2].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let cells = Cells::new(&catalogue);
/// let kept = Generalization::keep(&catalogue);
/// let classes = Classes::group(&cells, kept.key());
/// let known = World::draw(&catalogue, 100, 0, 1);
/// let found = stated(&classes, &known, Doubt::Coverage, Prior::Uniform).unwrap();
/// assert_eq!((found.spoken, found.precision, found.recall), (1.0, Some(1.0), 1.0));
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
pub fn stated(classes: &Classes<'_>, world: &World, doubt: Doubt, prior: Prior) -> Option<Stated> {
    let catalogue = classes.catalogue();
    let titles = catalogue.title();
    let held = |files: &[u32]| {
        let (mut held, mut right) = (Held::default(), 0);
        for same in files.chunk_by(|&a, &b| titles[a as usize] == titles[b as usize]) {
            let weight = same.iter().map(|&file| prior.weight(catalogue, file as usize)).sum();
            let role = world.roles[titles[same[0] as usize] as usize];
            if role.is_played() {
                held.played += weight;
            }
            if role.is_listed() {
                held.titles += 1;
                held.listed += weight;
                if weight > held.top {
                    held.top = weight;
                    right = if role.is_played() { weight } else { 0 };
                }
            }
        }
        (held, right)
    };
    let all: Vec<(Held, u64)> = classes.iter().map(held).collect();
    let missing = Missing::learn(world.coverage_percent, all.iter().map(|&(held, _)| held));
    let (mut plays, mut spoken, mut right) = (0, 0, 0);
    for &(held, of_top) in &all {
        plays += held.played;
        if missing.is_sure(held, doubt) {
            spoken += held.played;
            right += of_top;
        }
    }
    let share = |part: u64, of: u64| (of > 0).then(|| part as f64 / of as f64);
    let (spoken_share, recall) = (share(spoken, plays)?, share(right, plays)?);
    Some(Stated { spoken: spoken_share, precision: share(right, spoken), recall })
}

/// What an attacker gains on average who knows every title, wins 1 for a right name and loses 19 for a wrong one, and
/// may be silent: the sum over classes of max(0, m - 19 (W - m)) over all weight, m being the weight of the largest
/// title and W that of the class. O(files).
///
/// # Laws
/// A g-vulnerability (Alvim et al. 2012): it never rises under nested coarsening, where the confident share may.
///
/// ```
/// use coarsen::attack::open_world::abstaining_gain;
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// use coarsen::classes::{Cells, Classes, Generalization};
/// let catalogue = Catalogue::new(Columns {
///     title: vec![0, 0, 1],
///     duration_ms: vec![60_000, 60_000, 90_000],
///     side: [(SideField::Kind, ["clip"; 3].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// let cells = Cells::new(&catalogue);
/// let kept = Generalization::keep(&catalogue);
/// assert_eq!(abstaining_gain(&Classes::group(&cells, kept.key())).uniform, 1.0);
/// assert_eq!(abstaining_gain(&Classes::group(&cells, Generalization::drop().key())).uniform, 0.0);
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
pub fn abstaining_gain(classes: &Classes<'_>) -> Confident {
    let catalogue = classes.catalogue();
    let titles = catalogue.title();
    let [uniform, popularity] = Prior::ALL.map(|prior| {
        let (mut gain, mut whole) = (0u128, 0u128);
        for files in classes.iter() {
            let same = files.chunk_by(|&a, &b| titles[a as usize] == titles[b as usize]);
            let weight = |same: &[u32]| -> u64 {
                same.iter().map(|&file| prior.weight(catalogue, file as usize)).sum()
            };
            let (top, all) = same.map(weight).fold((0, 0), |(top, all), held| (held.max(top), all + held));
            whole += u128::from(all);
            gain += u128::from(top).saturating_sub(19 * u128::from(all - top));
        }
        gain as f64 / whole as f64
    });
    Confident { uniform, popularity }
}
