//! How often the Bayes attacker names the series of linked plays: exact, by counting equal stretches.

use rayon::prelude::*;

use super::names::{Names, shuffled};
use super::{Order, Runs};
use crate::classes::Classes;

/// The plays of a catalogue's runs as a generalization shows them.
pub struct Linked<'a> {
    classes: &'a Classes<'a>,
    runs: &'a Runs,
    /// By place.
    symbols: Vec<u32>,
}

/// How often the best attacker names the series of so many linked plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recognition {
    /// Stretches that could be played.
    pub stretches: u64,
    /// Each stretch equally likely.
    pub uniform: Named,
    /// Each played as often as its first file; `None` where nobody plays any of them.
    pub popularity: Option<Named>,
}

/// Shares of the stretches, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Named {
    /// Named right with one guess.
    pub right: f64,
    /// Shown by no other series that anybody plays, so named for sure; at most [`Named::right`].
    pub certain: f64,
}

impl<'a> Linked<'a> {
    /// A class is a symbol. O(files).
    pub fn new(classes: &'a Classes<'a>, runs: &'a Runs) -> Self {
        let class_of = classes.numbers();
        let symbols = runs.files().iter().map(|&file| class_of[file as usize]).collect();
        Self { classes, runs, symbols }
    }

    /// Of so many linked plays, over the stretches of which `stretch` files are left at least, so that several
    /// numbers of plays can be asked of the same ones. `None` where no run is that long, for no play, and where the
    /// stretch is shorter than the plays need ([`Order::stretch`]).
    ///
    /// O(n log n) for n stretches, times log `plays` in order where there are many classes, times `plays` where one is
    /// missing. For 4 billion combinations of places and gaps or more there are no numbers left, which is `None` too.
    ///
    /// ```
    /// use coarsen::attack::sequence::{Linked, Order, Runs};
    /// use coarsen::catalogue::{Catalogue, Columns, SideField};
    /// use coarsen::classes::{Cells, Classes, Generalization};
    /// // The albums `ab` and `ba`: one play says little, two in order name the album, shuffled they say nothing.
    /// let catalogue = Catalogue::new(Columns {
    ///     title: vec![0, 1, 2, 3],
    ///     series: Some(vec![Some(0), Some(0), Some(1), Some(1)]),
    ///     duration_ms: vec![60_000, 90_000, 90_000, 60_000],
    ///     side: [(SideField::Kind, ["track"; 4].map(Some).into_iter().collect())].into(),
    ///     ..Columns::default()
    /// })?;
    /// let (cells, runs) = (Cells::new(&catalogue), Runs::of(&catalogue));
    /// let keep = Generalization::keep(&catalogue);
    /// let classes = Classes::group(&cells, keep.key());
    /// let linked = Linked::new(&classes, &runs);
    /// let uniform = |order, plays| linked.recognition(order, plays, plays).map(|found| found.uniform.right);
    /// assert_eq!(uniform(Order::InOrder, 1), Some(0.5));
    /// assert_eq!(uniform(Order::InOrder, 2), Some(1.0));
    /// assert_eq!(uniform(Order::Shuffled, 2), Some(0.5));
    /// assert_eq!(uniform(Order::InOrder, 3), None);
    /// # Ok::<(), coarsen::catalogue::CatalogueError>(())
    /// ```
    pub fn recognition(&self, order: Order, plays: u32, stretch: u32) -> Option<Recognition> {
        let slots = (self.symbols.len() as u64).saturating_mul(u64::from(plays));
        if plays == 0 || stretch < order.stretch(plays) || slots >= u64::from(u32::MAX) {
            return None;
        }
        let starts: Vec<u32> = self.runs.starts(stretch).collect();
        if starts.is_empty() {
            return None;
        }
        let sums = self.packed(order, plays, &starts).unwrap_or_else(|| self.sorted(order, plays, &starts));
        let [uniform, popularity] = sums.map(Sums::named);
        Some(Recognition { stretches: starts.len() as u64, uniform: uniform?, popularity })
    }

    /// The sums over stretches by their names. O(stretches log stretches), and what [`Names`] cost.
    fn sorted(&self, order: Order, plays: u32, starts: &[u32]) -> [Sums; 2] {
        let catalogue = self.classes.catalogue();
        let of_place = |place: u32, name: u32| {
            let file = self.runs.files()[place as usize] as usize;
            let series = catalogue.series()[file];
            (u64::from(name) << 32 | u64::from(series), catalogue.weight()[file])
        };
        let mut seen: Vec<(u64, u64)> = if order == Order::Shuffled {
            let names = shuffled(&self.symbols, starts, plays);
            starts.iter().zip(names).map(|(&place, name)| of_place(place, name)).collect()
        } else {
            let names = Names::new(self.runs, &self.symbols, order, plays);
            let named = |place: u32, gap| of_place(place, names.of(place, gap));
            let of_start = |&place: &u32| order.gaps(plays).map(move |gap| (place, gap));
            starts.par_iter().flat_map_iter(of_start).map(|(place, gap)| named(place, gap)).collect()
        };
        seen.par_sort_unstable();
        // Every gap of a stretch is as likely as the others, so each counts as the stretch does.
        sums(&seen, |key| key >> 32)
    }

    /// The same sums where the plays are all of a stretch and their symbols fit side by side into one number, which then
    /// is its name: few classes or few plays, as in a search. `None` where not. O(stretches x plays), and one sort.
    fn packed(&self, order: Order, plays: u32, starts: &[u32]) -> Option<[Sums; 2]> {
        let bits = usize::BITS - self.classes.len().saturating_sub(1).leading_zeros();
        if order != Order::InOrder || bits.saturating_mul(plays) > u128::BITS - u32::BITS {
            return None;
        }
        let catalogue = self.classes.catalogue();
        let of_start = |&start: &u32| {
            let stretch = &self.symbols[start as usize..(start + plays) as usize];
            let name = stretch.iter().fold(0, |name, &symbol| name << bits | u128::from(symbol));
            let file = self.runs.files()[start as usize] as usize;
            (name << u32::BITS | u128::from(catalogue.series()[file]), catalogue.weight()[file])
        };
        let mut seen: Vec<(u128, u64)> = starts.par_iter().map(of_start).collect();
        seen.par_sort_unstable_by_key(|&(key, _)| key);
        Some(sums(&seen, |key| key >> u32::BITS))
    }
}

#[derive(Clone, Copy, Default)]
struct Sums {
    all: u128,
    right: u128,
    certain: u128,
}

impl Sums {
    fn named(self) -> Option<Named> {
        let share = |part: u128| part as f64 / self.all as f64;
        (self.all > 0).then(|| Named { right: share(self.right), certain: share(self.certain) })
    }
}

/// Counted, and by weight. Of (name and series, weight), sorted, and what the name of such a key is.
fn sums<K: Copy + PartialEq>(seen: &[(K, u64)], name: impl Fn(K) -> K) -> [Sums; 2] {
    let mut sums = [Sums::default(); 2];
    for same_name in seen.chunk_by(|a, b| name(a.0) == name(b.0)) {
        // All, the best series, and how many series there are.
        let mut of_name = [(0u128, 0u128, 0u32); 2];
        for same_series in same_name.chunk_by(|a, b| a.0 == b.0) {
            let weight = same_series.iter().map(|&(_, weight)| u128::from(weight)).sum();
            for ((all, best, series), sum) in of_name.iter_mut().zip([same_series.len() as u128, weight]) {
                *all += sum;
                *best = sum.max(*best);
                *series += u32::from(sum > 0);
            }
        }
        for (sums, (all, best, series)) in sums.iter_mut().zip(of_name) {
            sums.all += all;
            sums.right += best;
            sums.certain += if series == 1 { all } else { 0 };
        }
    }
    sums
}
