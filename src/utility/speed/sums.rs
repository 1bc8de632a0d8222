//! All that least squares asks of plays: sums by combination of levels, which add up.

use super::ready::FACTORS;

/// A level of each factor.
pub type Combination = [u32; FACTORS];

/// Sums of x and y over plays.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// Plays.
    pub n: f64,
    /// Σx.
    pub x: f64,
    /// Σx².
    pub xx: f64,
    /// Σy.
    pub y: f64,
    /// Σxy.
    pub xy: f64,
    /// Σy².
    pub yy: f64,
}

impl Sums {
    /// Of one play.
    pub fn of(x: f64, y: f64) -> Self {
        Self { n: 1.0, x, xx: x * x, y, xy: x * y, yy: y * y }
    }

    /// Adds so many times another's.
    pub fn add(&mut self, times: f64, other: &Self) {
        self.n += times * other.n;
        self.x += times * other.x;
        self.xx += times * other.xx;
        self.y += times * other.y;
        self.xy += times * other.xy;
        self.yy += times * other.yy;
    }
}
