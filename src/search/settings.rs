//! Under which settings of a server fields leave: every choice of switches, for content of either kind.

use std::collections::BTreeSet;

use super::SearchError;
use crate::policy::{Content, ESSENTIAL, Field};

/// The most switches of one ping whose every subset is judged.
const SWITCHES: usize = 8;

/// One choice of switches, for content of one kind where that matters.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    on: Vec<String>,
    content: Option<Content>,
}

impl Setting {
    /// Whether the field may leave, its expiry aside.
    pub fn allows(&self, field: &Field) -> bool {
        let on = field.consent == ESSENTIAL || self.on.contains(&field.consent);
        on && self.content.is_none_or(|content| field.content.is_none_or(|only| only == content))
    }

    /// In words.
    pub fn shown(&self) -> String {
        let on = if self.on.is_empty() { ESSENTIAL.to_owned() } else { self.on.join(", ") };
        let of = self.content.map_or(String::new(), |content| format!(" for {} content", content.name()));
        format!("where {on} alone may leave{of}")
    }
}

/// Every setting that matters to these fields of a ping. O(2^switches).
///
/// # Errors
/// [`SearchError::Switches`] where they have more than eight switches.
pub(super) fn settings(fields: &[&Field], ping: &str) -> Result<Vec<Setting>, SearchError> {
    let switches: BTreeSet<&str> =
        fields.iter().map(|field| field.consent.as_str()).filter(|switch| *switch != ESSENTIAL).collect();
    let switches: Vec<&str> = switches.into_iter().collect();
    if switches.len() > SWITCHES {
        return Err(SearchError::Switches {
            ping: ping.to_owned(),
            switches: switches.len(),
            most: SWITCHES,
        });
    }
    let contents = match fields.iter().any(|field| field.content.is_some()) {
        true => vec![Some(Content::Personal), Some(Content::Provided)],
        false => vec![None],
    };
    let of = |content: Option<Content>| {
        let switches = &switches;
        (0..1u32 << switches.len()).map(move |on| {
            let is_on =
                |(place, switch): (usize, &&str)| (on >> place & 1 == 1).then(|| (*switch).to_owned());
            Setting { on: switches.iter().enumerate().filter_map(is_on).collect(), content }
        })
    };
    Ok(contents.into_iter().flat_map(of).collect())
}
