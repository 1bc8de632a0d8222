//! How much is drawn, and from which seed.

/// The most replicas of either kind.
const MOST_REPLICAS: u32 = 1_000_000;

/// How much is drawn to tell the power to find faults.
///
/// ```
/// use coarsen::utility::power::PowerSettings;
/// let settings = PowerSettings::new(1_000_000, 1);
/// assert_eq!((settings.replicas, settings.calm), (500, 2_000));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerSettings {
    /// Replicas with a fault each, from 100 to a million.
    pub replicas: u32,
    /// Replicas without any, by which the threshold is set: from 1,000 to a million.
    pub calm: u32,
    /// The plays of each arm at which power over fault size is told, from 1 to a billion. All plays that happen count,
    /// also those of which a table tells nothing.
    pub traffic: u64,
    /// The seed.
    pub seed: u64,
}

/// What power can't be told with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PowerError {
    /// A setting out of its range.
    #[error("{asked} {what} can't be drawn: ask for {least} to {most}")]
    Asked {
        /// What of.
        what: &'static str,
        /// How many were asked for.
        asked: u64,
        /// The fewest.
        least: u64,
        /// The most.
        most: u64,
    },
    /// Another table than the one that was prepared.
    #[error(
        "a table of {given} plays was given where the plays are {prepared}: release those that were prepared"
    )]
    OtherPlays {
        /// Plays of the table.
        given: usize,
        /// Plays that were prepared.
        prepared: usize,
    },
}

impl PowerSettings {
    /// 500 faults and 2,000 replicas without.
    pub fn new(traffic: u64, seed: u64) -> Self {
        Self { replicas: 500, calm: 2_000, traffic, seed }
    }

    /// So many faults of each family, and twice as many replicas without, a thousand at least.
    pub fn with_replicas(self, replicas: u32) -> Self {
        Self { replicas, calm: replicas.saturating_mul(2).max(1_000), ..self }
    }

    pub(super) fn check(&self) -> Result<(), PowerError> {
        let ranges = [
            ("replicas with a fault", u64::from(self.replicas), 100, u64::from(MOST_REPLICAS)),
            ("replicas without a fault", u64::from(self.calm), 1_000, u64::from(MOST_REPLICAS)),
            ("plays", self.traffic, 1, super::needed::MOST_TRAFFIC),
        ];
        for (what, asked, least, most) in ranges {
            if !(least..=most).contains(&asked) {
                return Err(PowerError::Asked { what, asked, least, most });
            }
        }
        Ok(())
    }
}
