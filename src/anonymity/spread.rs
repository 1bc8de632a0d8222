//! The class-size histogram, in doublings.

use serde::Serialize;

/// Files by the number of files in their class.
///
/// ```
/// use coarsen::anonymity::Spread;
/// let spread = Spread::of([(1, 4), (3, 6), (200, 400)]);
/// assert_eq!((spread.files_in_1, spread.files_in_2_3, spread.files_in_128_up), (4, 6, 400));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// Alone.
    pub files_in_1: u64,
    /// In classes of 2 or 3.
    pub files_in_2_3: u64,
    /// Of 4 to 7.
    pub files_in_4_7: u64,
    /// Of 8 to 15.
    pub files_in_8_15: u64,
    /// Of 16 to 31.
    pub files_in_16_31: u64,
    /// Of 32 to 63.
    pub files_in_32_63: u64,
    /// Of 64 to 127.
    pub files_in_64_127: u64,
    /// Of 128 and more.
    pub files_in_128_up: u64,
}

impl Spread {
    /// From the files in classes of each size; sizes are at least 1.
    pub fn of(files_by_size: impl IntoIterator<Item = (u32, u64)>) -> Self {
        let mut spread = Self::default();
        for (size, files) in files_by_size {
            *match size {
                0..=1 => &mut spread.files_in_1,
                2..=3 => &mut spread.files_in_2_3,
                4..=7 => &mut spread.files_in_4_7,
                8..=15 => &mut spread.files_in_8_15,
                16..=31 => &mut spread.files_in_16_31,
                32..=63 => &mut spread.files_in_32_63,
                64..=127 => &mut spread.files_in_64_127,
                128.. => &mut spread.files_in_128_up,
            } += files;
        }
        spread
    }
}
