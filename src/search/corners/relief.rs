//! How much a joint bucket bears of each limit that is broken.

use super::super::breach::thresholds;
use super::cells::Cell;
use crate::anonymity::Thresholds;
use crate::catalogue::Catalogue;
use crate::policy::Limits;

/// One quantity that a limit holds down: a sum over classes, so each class has a part in it.
#[derive(Clone, Copy, Debug)]
enum Sum {
    /// Files, or plays, in classes under the thresholds.
    Exposed { plays: bool },
    /// In classes where one title holds at least the share.
    Largest { at: f64, plays: bool },
    /// Right guesses of the title.
    Title { plays: bool },
    /// Right guesses on files of one kind.
    TitleOfKind { kind: usize },
}

/// The limits as sums with the largest value allowed.
pub struct Relief {
    thresholds: Thresholds,
    sums: Vec<(Sum, f64, f64)>,
}

impl Relief {
    /// Of these limits on a catalogue.
    pub fn of(limits: &Limits, catalogue: &Catalogue) -> Self {
        let (files, plays) = (catalogue.files() as f64, catalogue.top_title().all_weight as f64);
        let mut sums = Vec::new();
        let share = limits.get("exposed_share").unwrap_or(0.0);
        if limits.get("k_titles").or(limits.get("k_series")).is_some() {
            sums.push((Sum::Exposed { plays: false }, share, files));
            sums.push((Sum::Exposed { plays: true }, share, plays));
        }
        for at in [0.2, 0.5, 0.8] {
            if let Some(allowed) = limits.get(&format!("largest_title_share@{at}")) {
                sums.push((Sum::Largest { at, plays: false }, allowed, files));
            }
            if let Some(allowed) = limits.get(&format!("largest_title_share_plays@{at}")) {
                sums.push((Sum::Largest { at, plays: true }, allowed, plays));
            }
        }
        if let Some(allowed) = limits.get("title_uniform") {
            sums.push((Sum::Title { plays: false }, allowed, files));
            let kind = catalogue.kind();
            let mut of_kind = vec![0.0; kind.levels()];
            (0..kind.len()).for_each(|file| of_kind[kind.index(file)] += 1.0);
            let occurs = of_kind.into_iter().enumerate().filter(|(_, files)| *files > 0.0);
            sums.extend(occurs.map(|(kind, files)| (Sum::TitleOfKind { kind }, allowed, files)));
        }
        let blind = catalogue.top_title().weight as f64 / plays;
        let gain = limits.get("title_popularity_gain").map(|gain| gain * blind);
        for allowed in [limits.get("title_popularity"), gain].into_iter().flatten() {
            sums.push((Sum::Title { plays: true }, allowed, plays));
        }
        Self { thresholds: thresholds(limits), sums }
    }

    /// The class's part in a sum, and its size in the sum's whole.
    fn part(&self, sum: Sum, cell: &Cell) -> (f64, f64) {
        let class = &cell.class;
        let size = |plays| if plays { class.weight as f64 } else { f64::from(class.files) };
        let top =
            |plays| if plays { class.top_title_weight as f64 } else { f64::from(class.top_title_files) };
        let all_if = |holds: bool, plays| (if holds { size(plays) } else { 0.0 }, size(plays));
        match sum {
            Sum::Exposed { plays } => {
                let exposed =
                    class.titles < self.thresholds.k_titles || class.series < self.thresholds.k_series;
                all_if(exposed, plays)
            }
            Sum::Largest { at, plays } => all_if(top(plays) >= at * size(plays), plays),
            Sum::Title { plays } => (top(plays), size(plays)),
            Sum::TitleOfKind { kind } => {
                let ties: u32 = cell.kinds.iter().map(|kind| kind.best_titles).sum();
                let here = cell.kinds[kind];
                let hits = top(false) * f64::from(here.best_titles) / f64::from(ties.max(1));
                (hits, f64::from(here.files))
            }
        }
    }

    /// How far each limit is broken by these classes together: the excess, and 0 where it holds.
    pub fn excess<'c>(&self, cells: impl Iterator<Item = &'c Cell> + Clone) -> Vec<f64> {
        let one = |&(sum, allowed, whole): &(Sum, f64, f64)| {
            let value: f64 = cells.clone().map(|cell| self.part(sum, cell).0).sum();
            (value - allowed * whole).max(0.0)
        };
        self.sums.iter().map(one).collect()
    }

    /// How much of the excesses goes away with the class, in shares of each, added up. A rate is relieved by what the
    /// class has over the allowed rate. 0 where it bears none of them.
    pub fn of_cell(&self, excess: &[f64], cell: &Cell) -> f64 {
        let broken = self.sums.iter().zip(excess).filter(|(_, excess)| **excess > 0.0);
        broken
            .map(|(&(sum, allowed, _), excess)| {
                let (part, size) = self.part(sum, cell);
                let over = match sum {
                    Sum::Exposed { .. } | Sum::Largest { .. } => part,
                    Sum::Title { .. } | Sum::TitleOfKind { .. } => (part - allowed * size).max(0.0),
                };
                over / excess
            })
            .sum()
    }
}
