//! How the attacker's copy may differ from the one that was played.

use serde::Serialize;
use thiserror::Error;

/// One frame of film, 1/24 s: containers round the end of a file to a frame. A frame of PAL (40 ms) and of AAC, MP3 or
/// AC-3 sound (21 to 32 ms) is shorter.
pub const FRAME_MS: u32 = 42;

/// A change of speed: the played copy lasts `times / over` of the attacker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Speed {
    /// Weight of this mode.
    pub weight: u32,
    /// The played copy's duration, as the numerator of a fraction of the attacker's; at least 1.
    pub times: u32,
    /// The denominator; at least 1.
    pub over: u32,
}

/// The mixture of modes: each has a whole weight, and its probability is that weight over the sum of all.
///
/// The factors are facts: 25 frames a second for 24000/1001 or 24, and 24 for 24000/1001. **The weights are assumed**:
/// no measured share of the modes was found. Half the copies are taken to be the very encode, as shared files are; state
/// other weights where you know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// The same encode: nothing differs.
    pub same: u32,
    /// The same streams in another container: the duration differs by up to `tolerance_ms`, the bit rate by up to one
    /// part in `rate_parts`, each whole number in between equally likely. Side fields stay.
    pub remux: u32,
    /// Other speeds, of another encode; the duration then differs by up to `tolerance_ms` as well.
    pub speeds: Vec<Speed>,
    /// Credits or logos cut from the played copy, of another encode.
    pub trimmed: u32,
    /// Another cut: another file of the title was played, each equally likely. A title of one file has no other cut, and
    /// there the mode counts as the same encode.
    pub other_cut: u32,
    /// Noise of the duration in ms either way; never more than the duration itself.
    pub tolerance_ms: u32,
    /// Noise of the bit rate of a remux: one part in so many, either way; at least 1.
    pub rate_parts: u32,
    /// The longest trim in ms; never more than half of the file.
    pub longest_trim_ms: u32,
    /// Half of endlessly long trims would be shorter than this, in ms: a trim is at least `t` with a chance in
    /// proportion to `scale / (scale + t)`, a heavy tail that is cut at the longest; at least 1.
    pub trim_scale_ms: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            same: 50,
            remux: 20,
            speeds: vec![
                // PAL: 25 frames a second for 24000/1001, which is 24000/25025 of the duration; and back.
                Speed { weight: 5, times: 24_000, over: 25_025 },
                Speed { weight: 5, times: 25_025, over: 24_000 },
                // 25 for 24.
                Speed { weight: 3, times: 24, over: 25 },
                Speed { weight: 3, times: 25, over: 24 },
                // 24 for 24000/1001.
                Speed { weight: 2, times: 1_000, over: 1_001 },
                Speed { weight: 2, times: 1_001, over: 1_000 },
            ],
            trimmed: 5,
            other_cut: 5,
            ..Self::same_encode()
        }
    }
}

impl Settings {
    /// Nothing differs: the attacker of A1.
    pub fn same_encode() -> Self {
        Self {
            same: 1,
            remux: 0,
            speeds: Vec::new(),
            trimmed: 0,
            other_cut: 0,
            tolerance_ms: FRAME_MS,
            rate_parts: 100,
            longest_trim_ms: 600_000,
            trim_scale_ms: 60_000,
        }
    }

    /// The sum of all weights.
    pub(in crate::attack) fn total(&self) -> u64 {
        let speeds = self.speeds.iter().map(|speed| speed.weight);
        [self.same, self.remux, self.trimmed, self.other_cut].into_iter().chain(speeds).map(u64::from).sum()
    }

    pub(in crate::attack) fn check(&self) -> Result<(), SettingsError> {
        if self.total() == 0 {
            return Err(SettingsError::NoMode);
        }
        let least = |name: &str, value| match value {
            0 => Err(SettingsError::Zero { name: name.to_owned() }),
            _ => Ok(()),
        };
        least("rate_parts", self.rate_parts)?;
        least("trim_scale_ms", self.trim_scale_ms)?;
        for (at, speed) in self.speeds.iter().enumerate() {
            least(&format!("speeds[{at}].times"), speed.times)?;
            least(&format!("speeds[{at}].over"), speed.over)?;
        }
        Ok(())
    }
}

/// Why a mixture of modes makes no attacker.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// Every weight is 0.
    #[error(
        "the noisy attacker has no mode: every weight is 0; give at least one mode a weight, such as same = 1"
    )]
    NoMode,
    /// A number that must be at least 1.
    #[error("`{name}` of the noisy attacker is 0; give at least 1")]
    Zero {
        /// Which.
        name: String,
    },
}
