//! What every comparator is measured by.

use std::collections::HashSet;

use serde::Serialize;

use crate::anonymity::{public_scale, public_span};
use crate::catalogue::Catalogue;
use crate::search::SearchError;
use crate::units::Dimension;

/// Whether a comparator can run on a client: none can, see [`super`].
pub const SHIPPABLE: bool = false;

/// The records that comparators group: the files of a catalogue that have both numbers.
#[derive(Clone, Debug)]
pub struct Records {
    /// Title of each record.
    pub title: Vec<u32>,
    /// Duration in ms.
    pub duration_ms: Vec<u32>,
    /// Bit rate in bit/s, where the catalogue has the column.
    pub bitrate_bps: Option<Vec<u32>>,
    /// Files of the catalogue left out because they lack a bit rate.
    pub left_out: usize,
    /// The file of each record.
    pub file: Vec<u32>,
}

impl Records {
    /// Of a catalogue. O(files).
    ///
    /// # Errors
    /// [`SearchError::NoValue`] where no file has a bit rate though the catalogue has the column.
    pub fn of(catalogue: &Catalogue) -> Result<Self, SearchError> {
        let rates = catalogue.bitrate_bps();
        let has_all = |&file: &u32| rates.is_none_or(|rates| rates[file as usize].is_some());
        let file: Vec<u32> = (0..catalogue.files() as u32).filter(has_all).collect();
        if file.is_empty() {
            return Err(SearchError::NoValue);
        }
        let pick = |column: &[u32]| file.iter().map(|&file| column[file as usize]).collect();
        let rate = |rates: &[Option<std::num::NonZeroU32>]| {
            file.iter().filter_map(|&file| rates[file as usize]).map(std::num::NonZeroU32::get).collect()
        };
        Ok(Self {
            title: pick(catalogue.title()),
            duration_ms: pick(catalogue.duration_ms()),
            bitrate_bps: rates.map(rate),
            left_out: catalogue.files() - file.len(),
            file,
        })
    }

    /// Some of them, in this order.
    ///
    /// # Panics
    /// Where a number is out of range.
    pub fn select(&self, records: &[usize]) -> Self {
        let pick = |column: &[u32]| records.iter().map(|&record| column[record]).collect();
        Self {
            title: pick(&self.title),
            duration_ms: pick(&self.duration_ms),
            bitrate_bps: self.bitrate_bps.as_deref().map(pick),
            left_out: self.left_out,
            file: pick(&self.file),
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.title.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.title.is_empty()
    }

    /// Distinct titles among some records. O(records).
    pub fn titles_of(&self, records: &[u32]) -> u32 {
        records.iter().map(|&record| self.title[record as usize]).collect::<HashSet<_>>().len() as u32
    }

    /// Duration in ms and, where there is one, the binary logarithm of the bit rate: the plane on which groups are made.
    pub(super) fn plane(&self) -> Vec<Vec<f64>> {
        let durations = self.duration_ms.iter().map(|&ms| f64::from(ms)).collect();
        let rates =
            self.bitrate_bps.iter().map(|rates| rates.iter().map(|&r| libm::log2(f64::from(r))).collect());
        std::iter::once(durations).chain(rates).collect()
    }
}

/// What groups lose of one number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GroupLoss {
    /// Mean of |x - mean of the group|, in base units.
    pub mean_abs_error: f64,
    /// Mean of (x - mean of the group)^2, in squared base units.
    pub mean_squared_error: f64,
    /// Mean NCP *a posteriori*: from the least to the greatest value of the group, as a share of the public range. What
    /// a rounding loses is counted between its edges (a priori), which is never less.
    pub ncp: f64,
}

/// One comparator on one catalogue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The method and its parameter, such as `mdav k=5`.
    pub name: String,
    /// Always [`SHIPPABLE`].
    pub shippable: bool,
    /// Records that were grouped.
    pub records: usize,
    /// Groups, or visible values.
    pub groups: usize,
    /// Fewest records of a group; 0 where there is no group.
    pub k_records: u32,
    /// Fewest distinct titles of a group; 0 where there is no group.
    pub k_titles: u32,
    /// Share of the records that come out as the one symbol for all that is not shown.
    pub hidden: f64,
    /// Of the duration, over the records that are shown; `None` where none is.
    pub duration: Option<GroupLoss>,
    /// Of the bit rate, likewise; `None` also where the catalogue has none.
    pub bitrate: Option<GroupLoss>,
}

impl Compared {
    /// Measures groups of records. Records in no group are hidden: NCP 1, and part of no error. O(records).
    pub(super) fn of(name: String, records: &Records, groups: &[Vec<u32>]) -> Self {
        let shown: usize = groups.iter().map(Vec::len).sum();
        let loss = |values: &[u32], dimension| group_loss(values, groups, records.len(), dimension);
        Self {
            name,
            shippable: SHIPPABLE,
            records: records.len(),
            groups: groups.len(),
            k_records: groups.iter().map(|group| group.len() as u32).min().unwrap_or(0),
            k_titles: groups.iter().map(|group| records.titles_of(group)).min().unwrap_or(0),
            hidden: (records.len() - shown) as f64 / records.len().max(1) as f64,
            duration: loss(&records.duration_ms, Dimension::Duration),
            bitrate: records.bitrate_bps.as_deref().and_then(|rates| loss(rates, Dimension::Bitrate)),
        }
    }
}

fn group_loss(values: &[u32], groups: &[Vec<u32>], all: usize, dimension: Dimension) -> Option<GroupLoss> {
    let (mut absolute, mut squared, mut ncp, mut shown) = (0.0, 0.0, 0.0, 0usize);
    for group in groups {
        let values = group.iter().map(|&record| values[record as usize]);
        let n = group.len() as f64;
        let mean = values.clone().map(u64::from).sum::<u64>() as f64 / n;
        for off in values.clone().map(|value| f64::from(value) - mean) {
            absolute += off.abs();
            squared += off * off;
        }
        let (low, high) = (values.clone().min()?, values.max()?);
        let place = |value: u32| public_scale(u64::from(value), dimension);
        ncp += n * (place(high) - place(low)) / public_span(dimension);
        shown += group.len();
    }
    let n = shown as f64;
    (shown > 0).then(|| GroupLoss {
        mean_abs_error: absolute / n,
        mean_squared_error: squared / n,
        ncp: (ncp + (all - shown) as f64) / all as f64,
    })
}
