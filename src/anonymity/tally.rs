//! One pass over the classes.

use super::Sizes;
use crate::classes::{Class, KindShare, Visit};

/// The class sizes under which files count as exposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Fewest distinct titles.
    pub k_titles: u32,
    /// Fewest distinct series or albums.
    pub k_series: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { k_titles: 20, k_series: 5 }
    }
}

/// Fixed point of the hits by kind, so that their sum depends on no order.
pub(crate) const FIXED: u32 = 32;
/// One title's share of a class, as a fraction; rising.
pub(crate) const LARGEST: [(u64, u64); 3] = [(1, 5), (1, 2), (4, 5)];
/// The share at which an attacker is confident, above those.
const CONFIDENT: (u64, u64) = (19, 20);

/// Everything that the measures need, as exact integers: no order of the classes changes it.
///
/// Adding a class is O(kinds); a class of one file O(1).
#[derive(Clone, Debug)]
pub struct Tally {
    thresholds: Thresholds,
    pub(super) classes: u64,
    pub(super) files: u64,
    pub(super) weight: u64,
    pub(super) by_files: Sizes,
    pub(super) by_titles: Sizes,
    pub(super) by_series: Sizes,
    pub(super) plays_by_titles: Sizes,
    pub(super) exposed_files: u64,
    pub(super) exposed_weight: u64,
    pub(super) single_files: u64,
    pub(super) single_title_files: u64,
    pub(super) top_file_weight: u64,
    pub(super) top_title_files: u64,
    pub(super) top_title_weight: u64,
    pub(super) confident_files: u64,
    pub(super) confident_weight: u64,
    pub(super) largest_files: [u64; 3],
    pub(super) largest_weight: [u64; 3],
    pub(super) kinds: Vec<KindTally>,
    singles: u64,
    single_weight: u64,
    single_kinds: Vec<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KindTally {
    pub files: u64,
    pub exposed: u64,
    pub hits: u64,
}

impl Tally {
    /// An empty tally for that many levels of kind.
    pub fn new(thresholds: Thresholds, kinds: usize) -> Self {
        Self {
            thresholds,
            classes: 0,
            files: 0,
            weight: 0,
            by_files: Sizes::default(),
            by_titles: Sizes::default(),
            by_series: Sizes::default(),
            plays_by_titles: Sizes::default(),
            exposed_files: 0,
            exposed_weight: 0,
            single_files: 0,
            single_title_files: 0,
            top_file_weight: 0,
            top_title_files: 0,
            top_title_weight: 0,
            confident_files: 0,
            confident_weight: 0,
            largest_files: [0; 3],
            largest_weight: [0; 3],
            kinds: vec![KindTally::default(); kinds],
            singles: 0,
            single_weight: 0,
            single_kinds: vec![0; kinds],
        }
    }

    /// The thresholds it counts exposed files against.
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// Files shown so far.
    pub fn files(&self) -> u64 {
        self.files + self.singles
    }

    /// Classes by the number of their titles: files in each size.
    pub fn by_titles(&self) -> &Sizes {
        &self.by_titles
    }

    /// Adds up the classes of one file, which are only counted until then.
    pub(crate) fn settle(&mut self) {
        let (files, weight) = (std::mem::take(&mut self.singles), std::mem::take(&mut self.single_weight));
        if files == 0 {
            return;
        }
        self.classes += files;
        self.files += files;
        self.weight += weight;
        for sizes in [&mut self.by_files, &mut self.by_titles, &mut self.by_series] {
            sizes.add(1, files);
        }
        self.plays_by_titles.add(1, weight);
        self.single_files += files;
        self.single_title_files += files;
        self.top_file_weight += weight;
        self.top_title_files += files;
        self.top_title_weight += weight;
        self.confident_files += files;
        self.confident_weight += weight;
        self.largest_files.iter_mut().for_each(|sum| *sum += files);
        self.largest_weight.iter_mut().for_each(|sum| *sum += weight);
        let exposed = self.thresholds.k_titles > 1 || self.thresholds.k_series > 1;
        if exposed {
            self.exposed_files += files;
            self.exposed_weight += weight;
        }
        for (kind, count) in self.kinds.iter_mut().zip(&mut self.single_kinds) {
            let files = std::mem::take(count);
            kind.files += files;
            kind.hits += files << FIXED;
            kind.exposed += if exposed { files } else { 0 };
        }
    }
}

impl Visit for Tally {
    fn class(&mut self, class: &Class, kinds: &[KindShare]) {
        let files = u64::from(class.files);
        self.classes += 1;
        self.files += files;
        self.weight += class.weight;
        self.by_files.add(class.files, files);
        self.by_titles.add(class.titles, files);
        self.by_series.add(class.series, files);
        self.plays_by_titles.add(class.titles, class.weight);
        let exposed = class.titles < self.thresholds.k_titles || class.series < self.thresholds.k_series;
        if exposed {
            self.exposed_files += files;
            self.exposed_weight += class.weight;
        }
        self.single_files += if class.files == 1 { files } else { 0 };
        self.single_title_files += if class.titles == 1 { files } else { 0 };
        self.top_file_weight += class.top_file_weight;
        self.top_title_files += u64::from(class.top_title_files);
        self.top_title_weight += class.top_title_weight;
        let (top_files, top_weight) = (u64::from(class.top_title_files), class.top_title_weight);
        // The shares rise, so the first that isn't reached ends the comparisons.
        for (i, (part, whole)) in LARGEST.into_iter().chain([CONFIDENT]).enumerate() {
            if top_files * whole < files * part {
                break;
            }
            *self.largest_files.get_mut(i).unwrap_or(&mut self.confident_files) += files;
        }
        for (i, (part, whole)) in LARGEST.into_iter().chain([CONFIDENT]).enumerate() {
            if u128::from(top_weight) * u128::from(whole) < u128::from(class.weight) * u128::from(part) {
                break;
            }
            *self.largest_weight.get_mut(i).unwrap_or(&mut self.confident_weight) += class.weight;
        }
        let ties: u64 = kinds.iter().map(|kind| u64::from(kind.best_titles)).sum();
        for (sum, kind) in self.kinds.iter_mut().zip(kinds).filter(|(_, kind)| kind.files > 0) {
            sum.files += u64::from(kind.files);
            sum.exposed += if exposed { u64::from(kind.files) } else { 0 };
            // A random tie-break guesses each best title equally often.
            sum.hits += kind_hits(top_files, u64::from(kind.best_titles), ties);
        }
    }

    fn single(&mut self, weight: u64, kind: usize) {
        self.singles += 1;
        self.single_weight += weight;
        // Without kinds there is nothing to count them in.
        if let Some(count) = self.single_kinds.get_mut(kind) {
            *count += 1;
        }
    }
}

/// Expected hits on the files of a kind, in fixed point, where `best` of the `ties` titles with the most files of a
/// class are of that kind.
pub(crate) fn kind_hits(top_files: u64, best: u64, ties: u64) -> u64 {
    if best == ties { top_files << FIXED } else { ((top_files * best) << FIXED) / ties.max(1) }
}

impl KindTally {
    /// Expected hits on files of the kind.
    pub fn expected_hits(&self) -> f64 {
        self.hits as f64 / (1u64 << FIXED) as f64
    }
}
