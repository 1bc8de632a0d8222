//! Which budgets can be overdrawn on a grid at all.

use super::budget::{Budget, Use};
use super::files::Files;
use super::uses::uses;
use crate::anonymity::{FIXED, Thresholds};

/// The budgets that some choice may overdraw; what no choice can overdraw costs time and bounds nothing.
///
/// `files` are the cells of the finest choice: one atom, a group a cell. Exposed files, hits and plays never fall when
/// a partition is refined, so the finest choice uses the most of them. The hits of a kind can fall, but are at most
/// the files of its own titles with the most files, cell by cell, which can't.
pub(super) fn relevant(files: &Files, budgets: Vec<Budget>, thresholds: Thresholds) -> Vec<Budget> {
    let of_kind = |kind: usize| {
        let of_kind = files.files.iter().filter(|file| file.kind as usize == kind).copied().collect();
        let hits = Budget { of: Use::Hits, most: 0 };
        uses(&Files { files: of_kind, ..*files }, &[hits], thresholds)[0] << FIXED
    };
    let most = |budget: &Budget| match budget.of {
        Use::KindHits(kind) => of_kind(kind),
        of if of.is_monotone() => uses(files, &[*budget], thresholds)[0],
        _ => u64::MAX,
    };
    budgets.into_iter().filter(|budget| most(budget) > budget.most).collect()
}
