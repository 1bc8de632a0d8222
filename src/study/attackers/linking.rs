//! How many plays a release links, as far as attackers go by it.

use super::{Otherwise, Part, Remedy, Step};
use crate::policy::{Link, Release};

/// Plays that somebody sees to be of one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::study) enum Linking {
    /// No release is stated: what attackers would do whom somebody hands linked plays.
    Assumed,
    /// So many share an identifier; 1 where none is linked to another.
    Plays(u32),
    /// All of them.
    All,
}

impl Linking {
    /// By a release.
    pub fn of(release: &Release) -> Self {
        match (release.link, release.rotate) {
            (Link::None, _) => Self::Plays(1),
            (_, 0) => Self::All,
            (_, plays) => Self::Plays(plays),
        }
    }

    /// Whether fewer are linked than an attacker is compared at where somebody does link them.
    pub fn under(self, assumed: u32) -> Option<u32> {
        match self {
            Self::Plays(plays) if plays < assumed => Some(plays),
            _ => None,
        }
    }
}

/// What somebody would have to do whom a release gives fewer plays than an attacker takes.
pub(super) const WERE_LINKED: &str = "somebody linked the plays, by address, say";

impl Part {
    /// Compares it where fewer plays are linked, as a release has it: what it was compared at stands beside, where
    /// somebody links them all the same. Each comes with what was tried against it.
    pub(super) fn with_fewer(&mut self, step: Step, remedies: Vec<Remedy>, linked: Vec<Remedy>) {
        let all = Otherwise::of(WERE_LINKED, &self.steps[self.headline]);
        self.otherwise = vec![Otherwise { remedies: linked, ..all }];
        self.remedies = remedies;
        self.steps.insert(0, step);
        self.headline = 0;
    }
}

/// So many plays under one identifier, as a remedy.
pub(super) fn rotated(plays: u32) -> String {
    match plays {
        1 => "no two plays under one identifier".to_owned(),
        plays => format!("a new identifier after {plays} plays"),
    }
}

/// So many plays under one identifier, as a condition.
pub(super) fn shared(plays: u32) -> String {
    match plays {
        1 => "1 play, as no two are linked".to_owned(),
        plays => format!("{plays} plays, as many as are linked"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_links_as_many_plays_as_it_says() {
        let of = |link, rotate| Linking::of(&Release { link, rotate, ..Release::default() });
        assert_eq!(of(Link::None, 0), Linking::Plays(1));
        assert_eq!(of(Link::Server, 0), Linking::All);
        assert_eq!(of(Link::Session, 7), Linking::Plays(7));
        assert_eq!(Linking::Plays(7).under(8), Some(7));
        assert_eq!(Linking::Plays(8).under(8), None);
        assert_eq!(Linking::All.under(8).or(Linking::Assumed.under(8)), None);
    }
}
