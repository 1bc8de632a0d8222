//! What a release is worth to those who ask.

use std::cmp::Ordering;

use serde::Serialize;

use super::traffic::{Traffic, step};

/// What is lost of the answers. The less of everything the better; see [`Worth::compare`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worth {
    /// Questions whose answer is lost, and families of faults that no amount of traffic finds.
    pub lost: u32,
    /// Of these, the families of faults.
    pub faults_lost: u32,
    /// How much more total traffic it is expected to take to find a fault, by the normal approximation: the product over the
    /// families that are found, none of which counts as less than 1.
    pub sample_size_ratio: f64,
    /// The errors of the answers that are tested, each over that of knowing nothing but the figure of all plays together,
    /// added up.
    pub error: f64,
}

impl Worth {
    /// Nothing is asked, so nothing is lost.
    pub(super) const NOTHING: Self = Self { lost: 0, faults_lost: 0, sample_size_ratio: 1.0, error: 0.0 };

    /// What it costs those who look for faults.
    pub fn traffic(&self) -> Traffic {
        Traffic { faults_lost: self.faults_lost, sample_size_ratio: self.sample_size_ratio }
    }

    /// Less where more is kept: fewer lost, then the smaller ratio, then the smaller error. Ratios count in steps of a
    /// quarter: what lies between is within the error of what can be measured, and no reason to prefer a larger error of the
    /// answers.
    pub fn compare(&self, other: &Self) -> Ordering {
        let ratio = step(self.sample_size_ratio).total_cmp(&step(other.sample_size_ratio));
        self.lost.cmp(&other.lost).then(ratio).then_with(|| self.error.total_cmp(&other.error))
    }
}
