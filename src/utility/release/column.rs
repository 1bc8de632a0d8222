//! A column of numbers that leave.

use std::collections::BTreeMap;

use crate::policy::Standing;
use crate::rounding::{Bucket, Partition, Ready};
use crate::telemetry::plays::Texts;
use crate::utility::above_zero;

/// A column of numbers: as they are, or what stands for their buckets.
#[derive(Clone, Debug)]
pub struct NumberColumn<'a>(pub(super) Held<'a>);

#[derive(Clone, Debug)]
pub(super) enum Held<'a> {
    Raw(&'a [Option<u32>]),
    Rounded { codes: Vec<u32>, buckets: Vec<Bucket>, standing: Vec<u64> },
}

impl NumberColumn<'_> {
    /// The code of a missing value in [`NumberColumn::codes`].
    pub const MISSING: u32 = Texts::MISSING;

    /// The number of a play as it leaves, `None` where it is missing or there is no such play.
    pub fn get(&self, play: usize) -> Option<u64> {
        match &self.0 {
            Held::Raw(values) => values.get(play)?.map(u64::from),
            Held::Rounded { codes, standing, .. } => standing.get(*codes.get(play)? as usize).copied(),
        }
    }

    /// The bucket of a play, `None` where numbers are as they are or the play's is missing.
    pub fn bucket(&self, play: usize) -> Option<Bucket> {
        match &self.0 {
            Held::Raw(_) => None,
            Held::Rounded { codes, buckets, .. } => buckets.get(*codes.get(play)? as usize).copied(),
        }
    }

    /// The number of a play as it leaves, for its logarithm: see [`above_zero`].
    pub(in crate::utility) fn for_log(&self, play: usize) -> Option<u64> {
        self.get(play).map(|representative| above_zero(representative, self.bucket(play)))
    }

    /// What stands for each of the buckets.
    pub fn standing(&self) -> Option<&[u64]> {
        match &self.0 {
            Held::Raw(_) => None,
            Held::Rounded { standing, .. } => Some(standing),
        }
    }

    /// The buckets that hold a play, from low to high; `None` where the numbers are as they are.
    pub fn buckets(&self) -> Option<&[Bucket]> {
        match &self.0 {
            Held::Raw(_) => None,
            Held::Rounded { buckets, .. } => Some(buckets),
        }
    }

    /// One code per play: a place in [`NumberColumn::buckets`], or [`NumberColumn::MISSING`]; `None` where the numbers
    /// are as they are.
    pub fn codes(&self) -> Option<&[u32]> {
        match &self.0 {
            Held::Raw(_) => None,
            Held::Rounded { codes, .. } => Some(codes),
        }
    }
}

impl<'a> NumberColumn<'a> {
    /// The numbers in the buckets of a rounding, at their midpoints. O(plays + buckets log buckets).
    pub(super) fn rounded(values: &[Option<u32>], rounding: &Ready) -> NumberColumn<'a> {
        let mut growing = Buckets::default();
        for value in values {
            growing.push(value.map(|value| {
                let bucket = rounding.bucket(u64::from(value));
                (bucket, Standing::Midpoint.of(bucket))
            }));
        }
        growing.done()
    }
}

/// A column of buckets while it grows.
#[derive(Clone, Debug, Default)]
pub(super) struct Buckets {
    codes: Vec<u32>,
    seen: BTreeMap<Bucket, (u32, u64)>,
    last: Option<(Bucket, u32)>,
}

impl Buckets {
    /// Adds a play: its bucket and what stands for it.
    pub fn push(&mut self, told: Option<(Bucket, u64)>) {
        let code = told.map_or(NumberColumn::MISSING, |(bucket, standing)| {
            if let Some((last, code)) = self.last
                && last == bucket
            {
                return code;
            }
            let next = self.seen.len() as u32;
            let (code, _) = *self.seen.entry(bucket).or_insert((next, standing));
            self.last = Some((bucket, code));
            code
        });
        self.codes.push(code);
    }

    /// The column, its codes rising with the buckets.
    pub fn done<'a>(self) -> NumberColumn<'a> {
        let mut place = vec![0; self.seen.len()];
        for (to, (code, _)) in self.seen.values().enumerate() {
            place[*code as usize] = to as u32;
        }
        let code = |code: u32| place.get(code as usize).copied().unwrap_or(NumberColumn::MISSING);
        NumberColumn(Held::Rounded {
            codes: self.codes.into_iter().map(code).collect(),
            standing: self.seen.values().map(|(_, standing)| *standing).collect(),
            buckets: self.seen.into_keys().collect(),
        })
    }
}
