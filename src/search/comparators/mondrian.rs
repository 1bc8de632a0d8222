//! Mondrian, strict: LeFevre, DeWitt & Ramakrishnan 2006.
//!
//! A group is split at the median of the dimension in which its values range widest, as a share of the whole; where
//! a half would hold fewer than k distinct titles, the next dimension is tried; where none can be split, the group
//! stands. Strict: equal values of the split dimension stay together.

use super::compared::{Compared, Records};
use crate::search::SearchError;

/// Mondrian of a catalogue's records over duration and log bit rate, k distinct titles a group.
/// O(n log^2 n) where halves are even.
///
/// # Errors
/// [`SearchError::Titles`] for k = 0 or over the titles there are.
pub fn mondrian(records: &Records, k: u32) -> Result<Compared, SearchError> {
    let groups = mondrian_groups(&records.plane(), &records.title, k)?;
    Ok(Compared::of(format!("mondrian k={k}"), records, &groups))
}

/// The groups of strict Mondrian on points given by columns (each as long as the list of titles), each rising.
///
/// The cut of a dimension lies at an end of the run of equal values that holds the median: after it, or before it where
/// that is nearer to the middle (after it when both are as near); the other end is tried where the first leaves too
/// few titles.
///
/// ```
/// use coarsen::search::comparators::mondrian_groups;
/// let columns = [vec![1.0, 2.0, 3.0, 4.0]];
/// assert_eq!(mondrian_groups(&columns, &[0, 1, 2, 3], 2)?, [[0, 1], [2, 3]]);
/// // Two titles on each side can't be had where one title bears both upper values.
/// assert_eq!(mondrian_groups(&columns, &[0, 1, 2, 2], 2)?, [[0, 1, 2, 3]]);
/// # Ok::<(), coarsen::search::SearchError>(())
/// ```
///
/// # Errors
/// [`SearchError::Titles`] for k = 0 or over the titles there are.
///
/// # Panics
/// Where a column is shorter than the list of titles.
pub fn mondrian_groups(columns: &[Vec<f64>], titles: &[u32], k: u32) -> Result<Vec<Vec<u32>>, SearchError> {
    let mut names = titles.to_vec();
    names.sort_unstable();
    names.dedup();
    let number = |title: &u32| names.binary_search(title).unwrap_or_default() as u32;
    let titles: &[u32] = &titles.iter().map(number).collect::<Vec<_>>();
    let mut seen = Seen { last: vec![0; names.len()], turn: 0 };
    let all: Vec<u32> = (0..titles.len() as u32).collect();
    let present = seen.distinct(titles, &all);
    if k == 0 || k > present {
        return Err(SearchError::Titles { k, titles: present });
    }
    let range = |column: &Vec<f64>, group: &[u32]| {
        let values = group.iter().map(|&record| column[record as usize]);
        values.clone().fold(f64::NEG_INFINITY, f64::max) - values.fold(f64::INFINITY, f64::min)
    };
    let whole: Vec<f64> = columns.iter().map(|column| range(column, &all)).collect();
    let (mut open, mut groups) = (vec![all], Vec::new());
    while let Some(mut group) = open.pop() {
        let share = |dimension: usize| {
            if whole[dimension] > 0.0 { range(&columns[dimension], &group) / whole[dimension] } else { 0.0 }
        };
        let mut dimensions: Vec<(f64, usize)> = (0..columns.len()).map(|d| (share(d), d)).collect();
        dimensions.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut split = |&(share, dimension): &(f64, usize)| {
            let column = &columns[dimension];
            if share == 0.0 {
                return None;
            }
            group
                .sort_unstable_by(|&a, &b| column[a as usize].total_cmp(&column[b as usize]).then(a.cmp(&b)));
            let enough = |seen: &mut Seen, part: &[u32]| seen.distinct(titles, part) >= k;
            let cut = cuts(column, &group)
                .into_iter()
                .find(|&cut| enough(&mut seen, &group[..cut]) && enough(&mut seen, &group[cut..]))?;
            Some((group[cut..].to_vec(), group[..cut].to_vec()))
        };
        match dimensions.iter().find_map(&mut split) {
            Some((upper, lower)) => open.extend([upper, lower]),
            None => {
                group.sort_unstable();
                groups.push(group);
            }
        }
    }
    Ok(groups)
}

/// The ends, inside the group, of the run of equal values that holds the median; the nearer to the middle first.
fn cuts(column: &[f64], group: &[u32]) -> Vec<usize> {
    let value = |i: usize| column[group[i] as usize];
    let middle = group.len() / 2;
    let median = value((group.len() - 1) / 2);
    let before = group.partition_point(|&record| column[record as usize] < median);
    let after = group.partition_point(|&record| column[record as usize] <= median);
    let mut cuts: Vec<usize> = [after, before].into_iter().filter(|&at| 0 < at && at < group.len()).collect();
    cuts.sort_by_key(|&at| at.abs_diff(middle));
    cuts
}

/// Counts distinct titles without clearing: a title was seen in this turn or in an earlier one.
struct Seen {
    last: Vec<u32>,
    turn: u32,
}

impl Seen {
    fn distinct(&mut self, titles: &[u32], records: &[u32]) -> u32 {
        if self.turn == u32::MAX {
            self.last.fill(0);
            self.turn = 0;
        }
        self.turn += 1;
        let mut distinct = 0;
        for &record in records {
            let last = &mut self.last[titles[record as usize] as usize];
            distinct += u32::from(*last != self.turn);
            *last = self.turn;
        }
        distinct
    }
}
