//! Groups: the rounding of a category, a fixed map from values to coarser names.

use std::fmt;

use super::RoundingError;
use super::slots::Slots;

/// Groups of values, written `groups:SD=480p|576p,HD=720p|1080p`. A value in no group becomes [`Groups::OTHER`], so
/// that no value leaves as it is unless a group says so.
///
/// A name or value is not empty, holds none of `=`, `|`, `,` and no control character, and neither begins nor ends
/// with a space. No group or value stands twice, and none is called [`Groups::OTHER`]: what belongs there is left out.
///
/// ```
/// use coarsen::rounding::Groups;
/// let tiers = Groups::parse("groups:SD=480p|576p,HD=720p|1080p")?;
/// assert_eq!((tiers.name("576p"), tiers.name("2160p")), ("SD", "other"));
/// assert_eq!(Groups::parse(&tiers.to_string())?, tiers);
/// # Ok::<(), coarsen::rounding::RoundingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    groups: Vec<(String, Vec<String>)>,
    slots: Slots,
}

const RESERVED: [char; 3] = ['=', '|', ','];
const EXAMPLE: &str = "groups:SD=480p|576p,HD=720p|1080p";

impl Groups {
    /// The name of a value in no group.
    pub const OTHER: &'static str = "other";

    /// Groups by name, each with its values. O(values log values).
    ///
    /// # Errors
    /// [`RoundingError::Groups`] where a name or value breaks the rules above, a group is empty, or there is none.
    pub fn new(groups: Vec<(String, Vec<String>)>) -> Result<Self, RoundingError> {
        let refuse = |name: &str, problem| {
            Err(RoundingError::Groups { name: name.escape_debug().to_string(), problem })
        };
        if groups.is_empty() {
            return refuse("groups:", "there is no group: name one, or write `drop`");
        }
        let mut of: Vec<(&str, u32)> = Vec::new();
        for (at, (group, values)) in groups.iter().enumerate() {
            if let Some((name, problem)) =
                std::iter::once(group).chain(values).find_map(|name| Some((name, wrong(name)?)))
            {
                return refuse(name, problem);
            }
            if group == Self::OTHER {
                return refuse(group, "this is the name of values in no group: leave its values out");
            }
            if groups[..at].iter().any(|(other, _)| other == group) {
                return refuse(group, "the group stands twice: put its values together");
            }
            if values.is_empty() {
                return refuse(group, "the group has no value: give it one, or remove it");
            }
            of.extend(values.iter().map(|value| (value.as_str(), at as u32)));
        }
        of.sort_unstable();
        if let Some(twice) = of.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return refuse(twice[0].0, "the value stands twice: remove one");
        }
        let slots = Slots::new(&of);
        Ok(Self { groups, slots })
    }

    /// Reads groups as they are written.
    ///
    /// # Errors
    /// [`RoundingError::Malformed`] where it isn't `groups:NAME=VALUE|VALUE,..`, and those of [`Groups::new`].
    pub fn parse(text: &str) -> Result<Self, RoundingError> {
        let malformed = || RoundingError::Malformed { text: text.to_owned(), example: EXAMPLE };
        let list = text.trim().strip_prefix("groups:").ok_or_else(malformed)?;
        let group = |group: &str| {
            let (name, values) = group.split_once('=').ok_or_else(malformed)?;
            Ok((name.to_owned(), values.split('|').map(str::to_owned).collect()))
        };
        Self::new(list.split(',').map(group).collect::<Result<_, RoundingError>>()?)
    }

    /// The name of the group that holds the value. O(value), about.
    #[inline]
    pub fn name(&self, value: &str) -> &str {
        self.slots.find(value).map_or(Self::OTHER, |group| &self.groups[group].0)
    }

    /// Whether these groups tell all that the other ones do: values of one name here have one name there.
    ///
    /// It holds exactly if the values of each group have one name there, and no group there holds a value that is in
    /// none here, since any text is in none. O(values log values).
    ///
    /// ```
    /// use coarsen::rounding::Groups;
    /// let tiers = Groups::parse("groups:SD=480p|576p,HD=720p|1080p")?;
    /// assert!(tiers.is_nested_in(&Groups::parse("groups:any=480p|576p|720p|1080p")?));
    /// assert!(!tiers.is_nested_in(&Groups::parse("groups:small=480p")?));
    /// assert!(!tiers.is_nested_in(&Groups::parse("groups:SD=480p|576p,UHD=2160p")?));
    /// # Ok::<(), coarsen::rounding::RoundingError>(())
    /// ```
    pub fn is_nested_in(&self, coarser: &Self) -> bool {
        let together = |(_, values): &(String, Vec<String>)| {
            let mut names = values.iter().map(|value| coarser.name(value));
            let first = names.next();
            names.all(|name| Some(name) == first)
        };
        self.groups.iter().all(together)
            && coarser
                .groups
                .iter()
                .flat_map(|(_, values)| values)
                .all(|value| self.name(value) != Self::OTHER)
    }

    /// The groups in the order in which they are written, each with its values.
    pub fn groups(&self) -> &[(String, Vec<String>)] {
        &self.groups
    }
}

/// What is wrong with a name or value, and the mend.
fn wrong(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("an empty name: give it at least one character");
    }
    if name.contains(RESERVED) {
        return Some("`=`, `|` and `,` part groups and values: choose a name without them");
    }
    if name.contains(char::is_control) {
        return Some("a control character: choose a name without it");
    }
    (name.trim() != name).then_some("a space at an end: remove it")
}

impl fmt::Display for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("groups:")?;
        for (at, (group, values)) in self.groups.iter().enumerate() {
            write!(f, "{}{group}={}", if at == 0 { "" } else { "," }, values.join("|"))?;
        }
        Ok(())
    }
}
