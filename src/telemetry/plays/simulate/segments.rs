//! How large the segments of a picture are: as those of a real encode vary about their mean.
//!
//! The encode is the one of 6,000 kbit/s of Big Buck Bunny, whose segments Sabre ships (`datasets/traces`, BSD-2-Clause): a
//! hard scene takes up to 1.7 times the mean, an easy one 0.6 times. This one encode stands for what is played as it is and
//! for every rung of a transcode, which is kind to the lower rungs: those of the movie reach 1.8 to 2.3 times their mean. A
//! file enters it at a place of its own and goes round it; what lasts 3 s there lasts a segment of ours here. Sizes are
//! thousandths of the mean and whole, so that all sums are exact.
//!
//! # Laws
//! 1. The sizes of one round sum to a thousand for each.
//! 2. Everybody who plays a file meets the same sizes in the same places, in every quality.

use std::sync::OnceLock;

use polars::prelude::{DataType, ParquetReader, PolarsResult, SerReader};

use crate::telemetry::plays::PlaysError;

const SEGMENTS: &[u8] = include_bytes!("../../../../datasets/traces/segments_bbb.parquet");
/// The encode that is taken: of the movie, the highest rung, counted from 0.
const ENCODE: (&str, i64) = ("bbb", 9);
/// A thousandth of the mean.
const PERMILLE: u64 = 1_000;

/// One round of sizes, each in thousandths of their mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Encode {
    sizes: Vec<u64>,
    largest: u64,
}

impl Encode {
    /// From the bits of each segment: running sums are rounded down, not each size, so that nothing is lost. `None` where
    /// there is no segment, nothing in any, or more than 2^40 bits in all.
    pub fn new(bits: &[u64]) -> Option<Self> {
        let all: u128 = bits.iter().map(|&bits| u128::from(bits)).sum();
        if all == 0 || all > 1 << 40 {
            return None;
        }
        let thousandths = u128::from(PERMILLE) * bits.len() as u128;
        let mut before = 0u128;
        let place = |sum: u128| (sum * thousandths / all) as u64;
        let sizes: Vec<u64> = bits
            .iter()
            .map(|&bits| {
                let (from, to) = (before, before + u128::from(bits));
                before = to;
                place(to) - place(from)
            })
            .collect();
        let largest = sizes.iter().copied().max()?;
        Some(Self { sizes, largest })
    }

    /// The sizes of a file, entered at a place that follows from a number of its own.
    pub fn entered(&self, number: u64) -> Sizes<'_> {
        let place = (number % self.sizes.len() as u64) as usize;
        Sizes { round: &self.sizes, largest: self.largest, place }
    }
}

/// The sizes of a file's segments, one after another and without end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes<'a> {
    round: &'a [u64],
    largest: u64,
    place: usize,
}

impl Sizes<'static> {
    /// Every segment as large as the next: sound.
    pub const EVEN: Self = Self { round: &[PERMILLE], largest: PERMILLE, place: 0 };
}

impl Sizes<'_> {
    /// The size of the next segment, in thousandths of the mean.
    pub fn next(&mut self) -> u64 {
        let size = self.round[self.place];
        self.place += 1;
        if self.place == self.round.len() {
            self.place = 0;
        }
        size
    }

    /// The largest there is.
    pub fn largest(&self) -> u64 {
        self.largest
    }
}

/// Bits of so many ms at a rate in bit/s, of a segment of that size, rounded up.
pub(super) fn bits(rate_bps: u64, ms: u32, size: u64) -> u64 {
    (rate_bps * u64::from(ms) * size).div_ceil(1_000 * PERMILLE)
}

/// The encode that every picture varies as.
///
/// # Errors
/// None with the file as it is shipped.
pub(super) fn encode() -> Result<&'static Encode, PlaysError> {
    static READ: OnceLock<Result<Encode, String>> = OnceLock::new();
    let broken = |problem: &String| PlaysError::Table {
        from: "the segments of the program".to_owned(),
        problem: problem.clone(),
    };
    READ.get_or_init(read).as_ref().map_err(broken)
}

fn read() -> Result<Encode, String> {
    let bits = shipped().map_err(|error| error.to_string())?;
    Encode::new(&bits).ok_or_else(|| "the encode has no bits".to_owned())
}

fn shipped() -> PolarsResult<Vec<u64>> {
    let frame = ParquetReader::new(std::io::Cursor::new(SEGMENTS)).finish()?;
    let titles = frame.column("title_id")?.str()?;
    let [rungs, bits] = [frame.column("rung")?, frame.column("bits")?];
    let (rungs, bits) = (rungs.strict_cast(&DataType::Int64)?, bits.strict_cast(&DataType::UInt64)?);
    let rows = titles.iter().zip(rungs.i64()?.iter()).zip(bits.u64()?.iter());
    let of_encode = rows.filter(|&((title, rung), _)| title.zip(rung) == Some(ENCODE));
    // The file as it is shipped lacks no number.
    Ok(of_encode.filter_map(|(_, bits)| bits).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_round_sums_to_its_mean_and_each_size_is_right_to_a_thousandth(
            bits in prop::collection::vec(0u64..1 << 30, 1..300), number: u64,
        ) {
            prop_assume!(bits.iter().any(|&bits| bits > 0));
            let encode = Encode::new(&bits).expect("an encode");
            let mean = bits.iter().sum::<u64>() as f64 / bits.len() as f64;
            for (&size, &bits) in encode.sizes.iter().zip(&bits) {
                prop_assert!((size as f64 - 1_000.0 * bits as f64 / mean).abs() < 1.0 + 1e-6);
                prop_assert!(size <= encode.largest);
            }
            prop_assert_eq!(encode.sizes.iter().sum::<u64>(), 1_000 * bits.len() as u64);
            // One round, from wherever it is entered.
            let mut sizes = encode.entered(number);
            let mut met: Vec<u64> = bits.iter().map(|_| sizes.next()).collect();
            prop_assert_eq!(met[0], encode.sizes[(number % bits.len() as u64) as usize]);
            met.rotate_right((number % bits.len() as u64) as usize);
            prop_assert_eq!(met, encode.sizes);
        }

        #[test]
        fn more_of_anything_is_no_fewer_bits(
            rate in 0u64..1 << 32, more in 0u64..1 << 20, ms in 0u32..4_000, size in 0u64..3_000,
        ) {
            let least = bits(rate, ms, size);
            prop_assert!(bits(rate + more, ms, size) >= least);
            prop_assert!(bits(rate, ms + 1, size) >= least);
            prop_assert!(bits(rate, ms, size + 1) >= least);
        }
    }

    #[test]
    fn what_has_no_bits_is_no_encode() {
        assert_eq!(Encode::new(&[]), None);
        assert_eq!(Encode::new(&[0, 0]), None);
        assert_eq!(Encode::new(&[1 << 40, 1]), None);
        assert_eq!(bits(1_000, 4_000, Sizes::EVEN.largest()), 4_000);
    }

    /// Figures computed from the file apart from this program.
    #[test]
    fn the_shipped_encode_is_all_there() {
        let encode = encode().expect("an encode");
        assert_eq!(encode.sizes.len(), 199);
        assert_eq!(encode.largest, 1_683);
        let least = encode.sizes.iter().min();
        assert!(least.is_some_and(|least| (577..=579).contains(least)), "{least:?}");
    }
}
