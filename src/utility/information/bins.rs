//! Bins of about equal depth.

/// How many bins at most.
pub const BINS: usize = 128;

/// Bins of whole numbers, each from one value that occurs to before the next such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bins {
    starts: Vec<u64>,
}

impl Bins {
    /// At most so many bins that hold about equally many of the values; equal values share a bin. O(values log values).
    ///
    /// ```
    /// use coarsen::utility::information::Bins;
    /// let bins = Bins::of(vec![7, 1, 3, 3, 3, 9], 3);
    /// assert_eq!(bins.starts(), [1, 3, 7]);
    /// assert_eq!((bins.bin(3), bins.bin(8), bins.bin(0)), (1, 2, 0));
    /// ```
    pub fn of(mut values: Vec<u64>, most: usize) -> Self {
        values.sort_unstable();
        let mut starts: Vec<u64> =
            (0..most).filter_map(|bin| values.get(bin * values.len() / most).copied()).collect();
        starts.dedup();
        Self { starts }
    }

    /// The smallest value of each bin, ascending.
    pub fn starts(&self) -> &[u64] {
        &self.starts
    }

    /// The bin of a value; what lies below all counts to the first. O(log bins).
    pub fn bin(&self, value: u64) -> usize {
        self.starts.partition_point(|&start| start <= value).saturating_sub(1)
    }
}
