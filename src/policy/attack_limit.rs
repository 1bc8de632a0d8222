//! Limits that an attacker must run for: `sequence@N`, `sequence_plays@N` and `known-library@N`.

use super::LimitsError;

/// The most linked plays that a limit may ask of.
pub const MOST_PLAYS: u32 = 12;

/// An attacker that a limit asks for, with how much it knows.
///
/// ```
/// use coarsen::policy::{AttackLimit, Limits};
/// let mut limits = Limits::none();
/// limits.set("sequence@3=0.01")?;
/// let asked: Vec<(AttackLimit, f64)> = limits.attacks().collect();
/// assert_eq!(asked, [(AttackLimit::Sequence { plays: 3 }, 0.01)]);
/// assert_eq!(asked[0].0.to_string(), "sequence@3");
/// # Ok::<(), coarsen::policy::LimitsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttackLimit {
    /// Links so many plays of a series in order and names it; every stretch of a series equally likely.
    Sequence {
        /// Linked plays, 1 to [`MOST_PLAYS`].
        plays: u32,
    },
    /// The same where a stretch is played as often as its first file.
    SequencePlays {
        /// Linked plays, 1 to [`MOST_PLAYS`].
        plays: u32,
    },
    /// Knows that the file lies in a library of so many titles, and names the title; every file equally likely.
    KnownLibrary {
        /// Titles of the library, at least 2.
        titles: u32,
    },
}

impl std::fmt::Display for AttackLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sequence { plays } => write!(f, "sequence@{plays}"),
            Self::SequencePlays { plays } => write!(f, "sequence_plays@{plays}"),
            Self::KnownLibrary { titles } => write!(f, "known-library@{titles}"),
        }
    }
}

impl AttackLimit {
    /// The attacker of a limit's name; `None` where the name is no attacker's.
    ///
    /// # Errors
    /// [`LimitsError::At`] for another number than the attacker takes, or one that isn't written plainly.
    pub(super) fn of_name(name: &str) -> Option<Result<Self, LimitsError>> {
        const PLAYS: &str = "a whole number of linked plays from 1 to 12, such as 3";
        const TITLES: &str = "a whole number of titles from 2 to 4294967295, such as 1000";
        let (attacker, at) = name.split_once('@').unwrap_or((name, ""));
        // One name for one limit: no sign, no zero ahead.
        let number: Option<u32> = at.parse().ok().filter(|number: &u32| number.to_string() == at);
        let plays = number.filter(|plays| (1..=MOST_PLAYS).contains(plays));
        let (found, range) = match attacker {
            "sequence" => (plays.map(|plays| Self::Sequence { plays }), PLAYS),
            "sequence_plays" => (plays.map(|plays| Self::SequencePlays { plays }), PLAYS),
            "known-library" => {
                (number.filter(|titles| *titles >= 2).map(|titles| Self::KnownLibrary { titles }), TITLES)
            }
            _ => return None,
        };
        let wrong = || LimitsError::At { name: name.to_owned(), attacker: attacker.to_owned(), range };
        Some(found.ok_or_else(wrong))
    }
}
