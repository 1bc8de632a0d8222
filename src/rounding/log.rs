//! `log:N`: N buckets per doubling, with an integer edge table (no float at an edge).

use super::{Bucket, Cuts, Partition, RoundingError};

/// Bucket `⌊N · log2(x + 1)⌋`, as Glean's functional bucketing; relative width 2^(1/N) - 1.
///
/// The lower edge of bucket i is the smallest integer with that id, ⌈2^(i/N)⌉ - 1. The table is
/// built exactly: with r = i mod N, ⌊2^(r/N) · 2^64⌋ is an integer N-th root, and as 2^(r/N) is
/// irrational for r > 0 every ceiling follows from it by a shift. Edges that coincide (small x) merge.
/// Nested: N refines every divisor of N.
///
/// Building takes about N³ steps once (well under a ms up to 16, 70 ms at 64); a bucket is found among the edges of its octave.
///
/// ```
/// use coarsen::rounding::{Bucket, Log, Partition};
/// let log = Log::new(1)?;
/// assert_eq!(log.bucket(1_000_000), Bucket { from: 524_287, to: Some(1_048_575) });
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Log {
    per_doubling: u32,
    table: Cuts,
    /// For each octave of x + 1 the first edge in it; one more ends the last.
    octaves: [u16; 65],
}

impl Log {
    /// From 1 to 64 buckets per doubling.
    ///
    /// # Errors
    /// [`RoundingError::Range`].
    pub fn new(per_doubling: u64) -> Result<Self, RoundingError> {
        if !(1..=64).contains(&per_doubling) {
            let what = "buckets per doubling";
            return Err(RoundingError::Range { what, min: 1, max: 64, value: per_doubling });
        }
        let n = per_doubling as u32;
        let roots: Vec<u128> = (0..n).map(|r| root_of_two(r, n)).collect();
        let mut edges = Vec::with_capacity(64 * n as usize);
        for octave in 0..64 {
            for (r, root) in roots.iter().enumerate() {
                // ⌈2^(octave + r/N)⌉ - 1: for r > 0 the power is irrational, so the ceiling is floor + 1.
                let edge = (root >> (64 - octave)) as u64 - u64::from(r == 0);
                if edge > edges.last().copied().unwrap_or(0) {
                    edges.push(edge);
                }
            }
        }
        edges.push(u64::MAX); // 2^64 - 1, where x + 1 reaches 2^64
        // At most 64 edges in each of 64 octaves.
        let first_in = |octave: usize| edges.partition_point(|&edge| edge < (1u64 << octave) - 1) as u16;
        let mut octaves = [edges.len() as u16; 65];
        (0..64).for_each(|octave| octaves[octave] = first_in(octave));
        Ok(Self { per_doubling: n, table: Cuts::new(edges)?, octaves })
    }

    /// Buckets per doubling.
    pub fn per_doubling(&self) -> u32 {
        self.per_doubling
    }

    /// The edges above 0.
    pub(super) fn edges(&self) -> &[u64] {
        self.table.edges()
    }
}

impl Partition for Log {
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        // u64::MAX is the last edge, and begins an octave that no other value is in.
        let Some(above) = value.checked_add(1) else { return Bucket { from: value, to: None } };
        let octave = above.ilog2() as usize;
        let (first, end) = (usize::from(self.octaves[octave]), usize::from(self.octaves[octave + 1]));
        let edges = self.table.edges();
        let next = first + edges[first..end].iter().filter(|&&edge| edge <= value).count();
        Bucket { from: if next == 0 { 0 } else { edges[next - 1] }, to: edges.get(next).copied() }
    }
}

/// ⌊2^(r/n) · 2^64⌋ for r < n, exactly: the largest y with y^n <= 2^(r + 64n), by bisection.
fn root_of_two(r: u32, n: u32) -> u128 {
    let (mut low, mut high) = (1u128 << 64, 1u128 << 65);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if power_at_most(middle, n, r + 64 * n) { low = middle } else { high = middle }
    }
    low
}

/// Whether y^n <= 2^bits, for y of at most 66 bits: schoolbook multiplication on 32-bit limbs.
fn power_at_most(y: u128, n: u32, bits: u32) -> bool {
    let digits: Vec<u64> = (0..3).map(|i| (y >> (32 * i)) as u64 & 0xffff_ffff).collect();
    let mut product: Vec<u64> = vec![1];
    for _ in 0..n {
        let mut next = vec![0u64; product.len() + 3];
        for (i, &a) in product.iter().enumerate() {
            let mut carry = 0;
            for (j, &b) in digits.iter().enumerate() {
                let sum = next[i + j] + a * b + carry;
                next[i + j] = sum & 0xffff_ffff;
                carry = sum >> 32;
            }
            next[i + 3] += carry;
        }
        while next.last() == Some(&0) {
            next.pop();
        }
        product = next;
    }
    let top = product.len() as u32 - 1;
    let length = 32 * top + (64 - product[top as usize].leading_zeros());
    let is_power = product[top as usize].is_power_of_two() && product[..top as usize].iter().all(|&d| d == 0);
    length <= bits || (length == bits + 1 && is_power)
}
