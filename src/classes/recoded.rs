//! A catalogue as a policy tells its side fields.

use std::borrow::Cow;

use crate::catalogue::{Catalogue, CatalogueError, SideField};
use crate::policy::{About, Policy};
use crate::rounding::Groups;

/// The side fields that one ping of a policy tells in groups.
///
/// # Errors
/// [`CatalogueError::UnknownSideField`] for a grouped media field that no catalogue holds.
pub fn grouped_fields(policy: &Policy, ping: &str) -> Result<Vec<(SideField, Groups)>, CatalogueError> {
    let media = policy.fields_of(ping).filter(|field| field.about == About::Media);
    // A policy was checked when it was read, so its groups can be read.
    let grouped = media.filter_map(|field| Some((field, field.parsed_groups().ok()??)));
    grouped.map(|(field, groups)| Ok((field.name.parse()?, groups))).collect()
}

/// The catalogue as one ping of a policy tells its side fields: those in groups by the names of their groups, all
/// others as they are. The classes of [`Generalization::of_ping`](super::Generalization::of_ping) are formed on it.
/// A grouped field that the catalogue lacks is left out; the generalization reports it as missing. O(files).
///
/// # Errors
/// As [`grouped_fields`], and [`CatalogueError::Mapping`] for `kind` and `genre`, which are kept or dropped.
pub fn recoded<'a>(
    catalogue: &'a Catalogue,
    policy: &Policy,
    ping: &str,
) -> Result<Cow<'a, Catalogue>, CatalogueError> {
    let mut told = Cow::Borrowed(catalogue);
    for (field, groups) in grouped_fields(policy, ping)? {
        if catalogue.side(field).is_some() {
            told = Cow::Owned(told.with_groups(field, &groups)?);
        }
    }
    Ok(told)
}
