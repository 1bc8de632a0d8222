//! Which titles are played, and which the attacker's catalogue holds.

use rand::RngExt;

use crate::catalogue::Catalogue;
use crate::catalogue::stream::stream;

/// What a title is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Played, and in the attacker's catalogue.
    Known,
    /// Played, and not in it.
    Absent,
    /// In it, and never played: the attacker takes it for any other.
    Decoy,
}

impl Role {
    /// Whether the attacker's catalogue holds it.
    pub fn is_listed(self) -> bool {
        self != Self::Absent
    }

    /// Whether it may be played.
    pub fn is_played(self) -> bool {
        self != Self::Decoy
    }
}

/// The titles of a catalogue in their roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// How many in a hundred of the titles that are played the attacker's catalogue holds; the attacker knows this.
    pub coverage_percent: u32,
    /// The role of each title.
    pub roles: Vec<Role>,
}

impl World {
    /// Draws the role of each title, each on its own: a decoy with `decoys_percent`, and otherwise known with
    /// `coverage_percent`; more than 100 is 100. Of one seed a smaller coverage knows fewer of the same titles, and
    /// fewer decoys are some of the same. O(titles).
    pub fn draw(catalogue: &Catalogue, coverage_percent: u32, decoys_percent: u32, seed: u64) -> Self {
        let mut random = stream(seed, "open world", 0);
        let role = |_| {
            let (decoy, known) = (random.random_range(0..100u32), random.random_range(0..100u32));
            match (decoy < decoys_percent, known < coverage_percent) {
                (true, _) => Role::Decoy,
                (false, true) => Role::Known,
                (false, false) => Role::Absent,
            }
        };
        let roles = (0..catalogue.titles()).map(role).collect();
        Self { coverage_percent: coverage_percent.min(100), roles }
    }
}
