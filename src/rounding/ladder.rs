//! `ladder:NAME`: snap down to a published list of bit rates.
//!
//! The figures are those of `datasets/ladders.csv` (a test compares them); where a rung is given as
//! a range its lower end counts.

use super::{Bucket, Cuts, Partition, RoundingError};

/// Published ladders in kbit/s, rungs of equal rate merged.
const LADDERS: &[(&str, &[u64])] = &[
    ("apple_hls_h264", &[145, 365, 730, 1_100, 2_000, 3_000, 4_500, 6_000, 7_800]),
    ("apple_hls_hevc_sdr", &[145, 300, 600, 900, 1_600, 2_400, 3_400, 4_500, 5_800, 8_100, 11_600, 16_800]),
    ("apple_hls_hevc_hdr", &[160, 360, 730, 1_090, 1_930, 2_900, 4_080, 5_400, 7_000]),
    ("netflix_fixed_2015", &[235, 375, 560, 750, 1_050, 1_750, 2_350, 3_000, 4_300, 5_800]),
    (
        "youtube_upload_sdr",
        &[
            1_000, 1_500, 2_500, 4_000, 5_000, 7_500, 8_000, 12_000, 16_000, 24_000, 35_000, 53_000, 80_000,
            120_000,
        ],
    ),
    ("youtube_upload_hdr", &[6_500, 9_500, 10_000, 15_000, 20_000, 30_000, 44_000, 66_000]),
    ("sabre_bbb", &[230, 331, 477, 688, 991, 1_427, 2_056, 2_962, 5_027, 6_000]),
    ("sabre_bbb4k", &[1_000, 2_500, 5_000, 8_000, 16_000, 35_000]),
];

/// A published list of bit rates: values snap down to a rung, and below the first rung lies one bucket from 0.
///
/// ```
/// use coarsen::rounding::{Bucket, Ladder, Partition};
/// let ladder = Ladder::named("apple_hls_h264")?;
/// assert_eq!(ladder.bucket(4_600_000), Bucket { from: 4_500_000, to: Some(6_000_000) });
/// assert_eq!(ladder.bucket(100_000), Bucket { from: 0, to: Some(145_000) });
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ladder {
    name: &'static str,
    rungs: Cuts,
}

impl Ladder {
    /// # Errors
    /// [`RoundingError::UnknownLadder`], which lists the names.
    pub fn named(name: &str) -> Result<Self, RoundingError> {
        let found = LADDERS.iter().find(|(ladder, _)| *ladder == name);
        let &(name, kbps) = found.ok_or_else(|| RoundingError::UnknownLadder {
            name: name.to_owned(),
            known: Self::names().collect::<Vec<_>>().join(", "),
        })?;
        Ok(Self { name, rungs: Cuts::new(kbps.iter().map(|rate| rate * 1_000).collect())? })
    }

    /// The names of the published ladders.
    pub fn names() -> impl Iterator<Item = &'static str> {
        LADDERS.iter().map(|&(name, _)| name)
    }

    /// The ladder's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The rungs in bit/s.
    pub fn rungs(&self) -> &[u64] {
        self.rungs.edges()
    }
}

impl Partition for Ladder {
    #[inline]
    fn bucket(&self, value: u64) -> Bucket {
        self.rungs.bucket(value)
    }
}
