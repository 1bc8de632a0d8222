//! How much more traffic it takes to find faults.

use std::cmp::Ordering;

use serde::Serialize;

use crate::search::{Cell, SweepRow, Tabular};

/// What a release costs those who look for faults.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Traffic {
    /// Families of faults that no amount of traffic finds.
    pub faults_lost: u32,
    /// How much more total traffic it is expected to take to find a fault, by the normal approximation: the product over the
    /// families that are found, none of which counts as less than 1. At least 1, no unit.
    pub sample_size_ratio: f64,
}

impl Traffic {
    /// Nothing is looked for.
    pub(super) const NOTHING: Self = Self { faults_lost: 0, sample_size_ratio: 1.0 };

    /// With one family more, of that [`expected`](crate::utility::power::Prepared::expected) ratio. `None`, where raw plays
    /// don't show it either, adds nothing.
    pub(super) fn and(self, expected: Option<f64>) -> Self {
        match expected {
            None => self,
            Some(ratio) if ratio.is_finite() => {
                Self { sample_size_ratio: self.sample_size_ratio * ratio.max(1.0), ..self }
            }
            Some(_) => Self { faults_lost: self.faults_lost + 1, ..self },
        }
    }

    /// What both cost that share no family.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            faults_lost: self.faults_lost + other.faults_lost,
            sample_size_ratio: self.sample_size_ratio * other.sample_size_ratio,
        }
    }

    /// Less where more is kept: fewer families lost, then the smaller ratio. Ratios count in steps of a quarter: what lies
    /// between is within the error of what can be measured.
    pub fn compare(&self, other: &Self) -> Ordering {
        let ratio = step(self.sample_size_ratio).total_cmp(&step(other.sample_size_ratio));
        self.faults_lost.cmp(&other.faults_lost).then(ratio)
    }

    /// The ratio where every family is found: ratios over different families can't be compared.
    pub fn of_all(self) -> Option<f64> {
        (self.faults_lost == 0).then_some(self.sample_size_ratio)
    }
}

/// Steps of a quarter that a ratio comes to.
pub(super) fn step(sample_size_ratio: f64) -> f64 {
    (libm::log(sample_size_ratio) / libm::log(1.25)).round()
}

/// A row of a sweep with what its candidate costs those who look for faults: two columns more.
impl Tabular for (&SweepRow, Traffic) {
    fn cells(&self) -> Vec<(&'static str, Cell<'_>)> {
        let (row, traffic) = self;
        let mut cells = row.cells();
        cells.push(("sample_size_ratio", Cell::Number(traffic.sample_size_ratio)));
        cells.push(("faults_lost", Cell::Small(traffic.faults_lost)));
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_multiply_and_lost_ones_are_counted() {
        let all = Traffic::NOTHING.and(Some(2.0)).and(None).and(Some(0.5)).and(Some(1.5));
        assert_eq!(all, Traffic { faults_lost: 0, sample_size_ratio: 3.0 });
        assert_eq!(all.of_all(), Some(3.0));
        let lost = all.and(Some(f64::INFINITY));
        assert_eq!(lost, Traffic { faults_lost: 1, sample_size_ratio: 3.0 });
        assert_eq!(lost.of_all(), None);
    }
}
