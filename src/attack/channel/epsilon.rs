//! Epsilon as an exact fraction.

use std::fmt;

use super::ChannelError;

/// How much one report may tell: likelihoods of neighbors differ by a factor of at most e^epsilon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epsilon {
    /// Above the line, at least 1.
    pub(super) numerator: u64,
    /// Below it, a power of ten at most [`Epsilon::FINEST`].
    pub(super) denominator: u64,
}

impl Epsilon {
    /// One over the smallest.
    pub const FINEST: u64 = 1_000_000;
    /// The largest.
    pub const LARGEST: u64 = 100;

    /// Reads a decimal number from 0.000001 to 100.
    ///
    /// # Errors
    /// [`ChannelError::Epsilon`].
    pub fn parse(text: &str) -> Result<Self, ChannelError> {
        let refused = || ChannelError::Epsilon { text: text.to_owned() };
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 6 {
            return Err(refused());
        }
        let denominator = 10u64.pow(decimals.len() as u32);
        let whole: u64 = whole.parse().ok().filter(|&whole| whole <= Self::LARGEST).ok_or_else(refused)?;
        let fraction: u64 = if decimals.is_empty() { 0 } else { decimals.parse().map_err(|_| refused())? };
        let numerator = whole * denominator + fraction;
        match numerator {
            0 => Err(refused()),
            _ if numerator > Self::LARGEST * denominator => Err(refused()),
            _ => Ok(Self { numerator, denominator }),
        }
    }

    /// As a float.
    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

impl fmt::Display for Epsilon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value())
    }
}
