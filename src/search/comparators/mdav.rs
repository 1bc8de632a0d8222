//! MDAV: maximum distance to average vector, multivariate microaggregation.
//!
//! Domingo-Ferrer & Mateo-Sanz 2002, as in the comparisons published since: while at least 3k records remain, take
//! the record r farthest from the centroid of the remaining ones, and s farthest from r; r with its k - 1 nearest is a
//! group, then s with its k - 1 nearest. Of 2k to 3k - 1 remaining, one more group around the r of the new centroid,
//! and the rest is the last group; fewer than 2k are one group. Equal distances go to the lowest index.

use super::compared::{Compared, Records};
use crate::search::SearchError;

/// The most records that [`mdav`] takes: time grows with their square.
pub const MDAV_MOST: usize = 50_000;

/// MDAV of a catalogue's records by duration and log bit rate, both standardized. O(n^2 / k).
///
/// Groups have k to 2k - 1 *records*, so their titles may be fewer: see [`Compared::k_titles`].
///
/// # Errors
/// [`SearchError::TooManyRecords`] over [`MDAV_MOST`]: give a sample, and say so where the result is shown.
/// [`SearchError::Records`] for k = 0 or more than the records.
pub fn mdav(records: &Records, k: u32) -> Result<Compared, SearchError> {
    if records.len() > MDAV_MOST {
        return Err(SearchError::TooManyRecords { records: records.len(), most: MDAV_MOST });
    }
    let groups = mdav_groups(&standardized(&records.plane()), k)?;
    Ok(Compared::of(format!("mdav k={k}"), records, &groups))
}

/// Mean 0 and variance 1 (over n) in each column; a constant column becomes 0.
fn standardized(columns: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let one = |column: &Vec<f64>| {
        let n = column.len() as f64;
        let mean = column.iter().sum::<f64>() / n;
        let deviation = libm::sqrt(column.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n);
        let scale = if deviation > 0.0 { 1.0 / deviation } else { 0.0 };
        column.iter().map(|x| (x - mean) * scale).collect()
    };
    columns.iter().map(one).collect()
}

/// The groups of MDAV on points given by columns of one length (at least one column), in Euclidean distance, each
/// rising. O(n^2 / k x columns).
///
/// ```
/// use coarsen::search::comparators::mdav_groups;
/// let points = [vec![0.0, 1.0, 2.0, 50.0, 51.0, 53.0]];
/// assert_eq!(mdav_groups(&points, 3)?, [[3, 4, 5], [0, 1, 2]]);
/// # Ok::<(), coarsen::search::SearchError>(())
/// ```
///
/// # Errors
/// [`SearchError::Records`] for k = 0 or more than the points.
pub fn mdav_groups(columns: &[Vec<f64>], k: u32) -> Result<Vec<Vec<u32>>, SearchError> {
    let records = columns.iter().map(Vec::len).min().unwrap_or(0);
    if k == 0 || k as usize > records {
        return Err(SearchError::Records { k, records });
    }
    let k = k as usize;
    let mut left: Vec<u32> = (0..records as u32).collect();
    let mut groups = Vec::with_capacity(records / k);
    while left.len() >= 3 * k {
        let r = farthest(columns, &left, &centroid(columns, &left));
        let s = farthest(columns, &left, &point(columns, r));
        groups.push(take_nearest(columns, &mut left, &point(columns, r), k));
        // Where s fell into the group of r, the point s is still what the second group is gathered around.
        groups.push(take_nearest(columns, &mut left, &point(columns, s), k));
    }
    if left.len() >= 2 * k {
        let r = farthest(columns, &left, &centroid(columns, &left));
        groups.push(take_nearest(columns, &mut left, &point(columns, r), k));
    }
    groups.push(left);
    Ok(groups)
}

fn point(columns: &[Vec<f64>], record: u32) -> Vec<f64> {
    columns.iter().map(|column| column[record as usize]).collect()
}

fn centroid(columns: &[Vec<f64>], left: &[u32]) -> Vec<f64> {
    let mean = |column: &Vec<f64>| left.iter().map(|&i| column[i as usize]).sum::<f64>() / left.len() as f64;
    columns.iter().map(mean).collect()
}

fn distances(columns: &[Vec<f64>], left: &[u32], to: &[f64]) -> Vec<(f64, u32)> {
    let distance = |&record: &u32| {
        let off = columns.iter().zip(to).map(|(column, to)| column[record as usize] - to);
        (off.map(|off| off * off).sum::<f64>(), record)
    };
    left.iter().map(distance).collect()
}

fn farthest(columns: &[Vec<f64>], left: &[u32], from: &[f64]) -> u32 {
    let further = |a: (f64, u32), b: (f64, u32)| if b.0 > a.0 { b } else { a };
    distances(columns, left, from).into_iter().reduce(further).map_or(0, |(_, record)| record)
}

/// Takes the k nearest out of those left, which stay in order.
fn take_nearest(columns: &[Vec<f64>], left: &mut Vec<u32>, to: &[f64], k: usize) -> Vec<u32> {
    let mut near = distances(columns, left, to);
    near.select_nth_unstable_by(k - 1, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut group: Vec<u32> = near[..k].iter().map(|&(_, record)| record).collect();
    group.sort_unstable();
    left.retain(|record| group.binary_search(record).is_err());
    group
}
