//! The buckets of a rounding by power of two.

use super::{Bucket, Partition, Rounding, Standing};

/// All buckets of a rounding that has at most N edges from any power of two to the next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Octaves<const N: usize> {
    octaves: [Octave<N>; 64],
    /// Each bucket after the number that stands for it.
    told: Vec<(u64, Bucket)>,
}

/// From a power of two to the next; the first from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Octave<const N: usize> {
    /// Where the buckets in it but the first begin, and from there on what is above the octave.
    edges: [u64; N],
    first: usize,
}

/// A rounding of more buckets has no table.
const MOST: usize = 512;

impl<const N: usize> Octaves<N> {
    /// O(buckets).
    pub fn new(rounding: &Rounding, standing: Standing) -> Option<Self> {
        let told: Vec<(u64, Bucket)> =
            rounding.buckets().take(MOST + 1).map(|bucket| (standing.of(bucket), bucket)).collect();
        if told.len() > MOST {
            return None;
        }
        let of = |value: u64| told.partition_point(|(_, bucket)| bucket.from <= value) - 1;
        let mut octaves = [Octave { edges: [u64::MAX; N], first: 0 }; 64];
        for (at, octave) in octaves.iter_mut().enumerate() {
            let from = if at == 0 { 0 } else { 1u64 << at };
            octave.first = of(from);
            let last = of(from.max(1) | (from.max(1) - 1));
            let begin = told[octave.first + 1..=last].iter().map(|(_, bucket)| bucket.from);
            if begin.len() > N {
                return None;
            }
            octave.edges.iter_mut().zip(begin).for_each(|(edge, begin)| *edge = begin);
        }
        // The largest value is not below what stands for no edge, and must find the last bucket there.
        let last = *told.last()?;
        let told = told.into_iter().chain([last; N]).collect();
        Some(Self { octaves, told })
    }

    /// The number that stands for the bucket of a value, and the bucket.
    #[inline]
    pub fn tell(&self, value: u64) -> &(u64, Bucket) {
        let octave = &self.octaves[63 - (value | 1).leading_zeros() as usize];
        let passed: usize = octave.edges.iter().map(|&edge| usize::from(edge <= value)).sum();
        &self.told[octave.first + passed]
    }
}
