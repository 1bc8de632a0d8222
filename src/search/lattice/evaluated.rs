//! What a node is worth: its classes under a model, and its loss.

use super::{Grouped, Model};
use crate::anonymity::closeness;

/// The classes of a node under a model, before anything is suppressed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evaluated {
    /// Classes.
    pub classes: u64,
    /// Records of the smallest class: k.
    pub smallest: u32,
    /// Fewest different sensitive values of a class: distinct l.
    pub fewest: u32,
    /// Farthest distance of a class, 0 where the model doesn't ask.
    pub farthest: f64,
    /// Records.
    pub records: u64,
    /// Classes of one record.
    pub uniques: u64,
    /// Records in bad classes, which would be suppressed.
    pub bad: u64,
    /// Bad classes.
    pub bad_classes: u64,
    /// Sum of the squares of the sizes of all classes.
    pub squares: u64,
    /// The same without the bad classes.
    pub kept_squares: u64,
}

impl Evaluated {
    /// Shows every class to the model; `whole` holds the records by sensitive value. O(rows), with t-closeness
    /// O(classes x sensitive values).
    pub fn of(grouped: &Grouped, model: &Model, whole: &[u32]) -> Self {
        let mut found = Self { smallest: u32::MAX, fewest: u32::MAX, ..Self::default() };
        let mut counts = vec![0u32; if model.closeness.is_some() { whole.len() } else { 0 }];
        grouped.visit(|class| {
            let (mut records, distinct) = (0u32, class.len() as u32);
            for row in class {
                records += row.records;
            }
            let mut bad = records < model.k || distinct < model.distinct;
            if let Some(farthest) = model.closeness {
                class.iter().for_each(|row| counts[row.sensitive as usize] = row.records);
                let distance = closeness::equal(&counts, whole);
                class.iter().for_each(|row| counts[row.sensitive as usize] = 0);
                found.farthest = found.farthest.max(distance);
                bad |= distance > farthest;
            }
            // At most the square of the records, which are under 2^32.
            let square = u64::from(records) * u64::from(records);
            found.classes += 1;
            found.smallest = found.smallest.min(records);
            found.fewest = found.fewest.min(distinct);
            found.uniques += u64::from(records == 1);
            found.records += u64::from(records);
            found.squares += square;
            if bad {
                found.bad_classes += 1;
                found.bad += u64::from(records);
            } else {
                found.kept_squares += square;
            }
        });
        found
    }

    /// Discernibility DM*: sum of the squares of the kept classes, and n for every suppressed record. Source: Bayardo
    /// and Agrawal 2005. From n to n^2.
    pub fn discernibility(&self) -> u64 {
        self.kept_squares + self.records * self.bad
    }

    /// What suppression adds to [`Evaluated::discernibility`] over the plain sum of squares: for each record in a
    /// bad class of f records, n - f.
    pub fn penalty(&self) -> u64 {
        self.discernibility() - self.squares
    }

    /// Average risk of an attacker who knows that the target is in the table: classes over records, 0..1.
    pub fn average_risk(&self) -> f64 {
        self.classes as f64 / self.records as f64
    }
}

/// What is minimized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Non-uniform entropy in bits: over the columns and all records, those that would be suppressed too, the sum of
    /// -log2(records with the value / records with its name at the level). Sources: de Waal and Willenborg 1999; ARX.
    NonUniformEntropy,
    /// [`Evaluated::discernibility`].
    Discernibility,
    /// The sum of the squares of all classes, without a penalty: it only grows with coarser levels.
    MonotoneDiscernibility,
}

impl Loss {
    /// The loss of a node, given its entropy.
    pub fn of(self, evaluated: &Evaluated, entropy: f64) -> f64 {
        match self {
            Self::NonUniformEntropy => entropy,
            Self::Discernibility => evaluated.discernibility() as f64,
            Self::MonotoneDiscernibility => evaluated.squares as f64,
        }
    }
}
