//! The ledger: the complete list of what a policy lets leave, as a page to publish.
//!
//! It is rendered from the file that the code enforces, and what it shows of a field is what
//! [`Policy::generalize`](crate::policy::Policy::generalize) makes of a value; nothing on the page leaves a list open.

mod alone;
mod boxes;
mod buckets;
mod close;
mod facts;
mod pings;
mod quantity;
mod risk;
mod summary;

use super::document::{Document, Section};
use super::error::ReportError;
use super::{html, markdown};
use crate::policy::{Day, Policy};
use crate::search::canonical_hash;

/// What every part of the page is made from.
struct Source<'p> {
    policy: &'p Policy,
    as_of: Day,
    /// SHA-256 of the policy in canonical form, without its justification, as `sha256:` writes it.
    hash: String,
}

impl Source<'_> {
    /// Whether the figures were measured for this very text; `None` where there are none.
    fn measured_as_it_stands(&self) -> Option<bool> {
        let justification = self.policy.justification.as_ref()?;
        Some(justification.policy == self.hash)
    }
}

/// The ledger of a policy as one HTML page that loads nothing and needs no script. Fields count as expired as of that
/// day.
///
/// # Errors
/// [`ReportError::Policy`] where the policy has no canonical form, a number being out of TOML's range, or where its
/// release was set to a delay that can't be read.
///
/// ```
/// use coarsen::policy::Policy;
/// use coarsen::report::{ledger_html, ledger_markdown};
/// let policy = Policy::from_toml(r#"
///     schema = "coarsen.policy/1"
///     name = "playback"
///     version = 1
///     [[field]]
///     name = "duration"
///     column = "duration_ms"
///     type = "duration"
///     rounding = "floor:5min+top:3h"
///     consent = "playback"
///     purpose = "Stall rates by length."
///     sensitivity = "fingerprint"
///     expires = "2031-12-31"
/// "#)?;
/// let today = "2026-11-24".parse()?;
/// assert!(ledger_html(&policy, today)?.contains("Stall rates by length."));
/// assert!(ledger_markdown(&policy, today)?.contains("90-95 min"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn ledger_html(policy: &Policy, as_of: Day) -> Result<String, ReportError> {
    html::render(&document(policy, as_of)?)
}

/// The same in Markdown.
///
/// # Errors
/// As [`ledger_html`].
pub fn ledger_markdown(policy: &Policy, as_of: Day) -> Result<String, ReportError> {
    Ok(markdown::render(&document(policy, as_of)?))
}

fn document(policy: &Policy, as_of: Day) -> Result<Document, ReportError> {
    let source = &Source { policy, as_of, hash: canonical_hash(policy).map_err(Box::new)? };
    let section = |id: &'static str, title: &'static str, blocks| Section {
        id: id.into(),
        title: title.into(),
        blocks,
    };
    let mut sections = vec![
        section("short", "In short", summary::short(source)),
        section("fields", "Every field", summary::table(source)),
        section("switches", "Switches", summary::switches(source)),
        section("pings", "How pings leave", pings::blocks(source).map_err(Box::new)?),
    ];
    for ping in policy.pings() {
        let blocks = facts::ping(source, ping).map_err(Box::new)?;
        sections.push(Section {
            id: format!("ping.{ping}").into(),
            title: format!("Ping {ping}").into(),
            blocks,
        });
    }
    sections.push(section("limits", "What the policy is held to", close::limits(source)));
    sections.push(section("nothing-else", "Nothing else", close::nothing_else(source)));
    Ok(Document {
        title: format!("Everything that {} sends", policy.name),
        subtitle: format!(
            "Version {} of the policy, as of {as_of}. What is not listed on this page is not sent.",
            policy.version
        ),
        sections,
    })
}
