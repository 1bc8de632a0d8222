//! What a policy's justification claims: measured, and written into the policy.

use sha2::{Digest, Sha256};

use super::SearchError;
use super::breach;
use super::to_policy::Justify;
use crate::anonymity::Measures;
use crate::catalogue::ingest::hex;
use crate::classes::{Cells, Classes, Told};
use crate::policy::{Justification, Limits, Measured, Policy, PolicyError};

/// What stands for the ping as a whole among its fields.
pub const WHOLE: &str = "*";

/// `sha256:` of the policy in canonical form without its justification: what a change of any value changes, and a
/// change of comments or layout doesn't.
///
/// # Errors
/// [`PolicyError::Toml`] where the policy can't be written.
pub fn canonical_hash(policy: &Policy) -> Result<String, PolicyError> {
    Ok(format!("sha256:{}", hex(&Sha256::digest(policy.canonical()?))))
}

/// The policy with what was measured of it on a catalogue: of every field that tells something of a file alone, and of
/// every ping as a whole, derived fields as [`Told`] judges them. The limits are the policy's own over the defaults.
/// O(fields x files log files).
///
/// # Errors
/// [`SearchError::Policy`] and [`SearchError::Limits`] where the policy can't be written or its limits read,
/// [`SearchError::Catalogue`] for a field that no catalogue holds, [`SearchError::Lacks`] for one that this one lacks.
pub fn justified(policy: &Policy, cells: &Cells<'_>, justify: &Justify<'_>) -> Result<Policy, SearchError> {
    let limits = policy.limits_over_defaults()?;
    for ping in policy.pings() {
        let lacks = Told::of(policy, ping, &|_| true)?.missing_in(cells.catalogue());
        if let Some(field) = lacks.first() {
            return Err(SearchError::Lacks { ping: ping.to_owned(), field });
        }
    }
    let sha = |hash: &str| format!("sha256:{hash}");
    let mut justified = policy.clone();
    justified.justification = Some(Justification {
        policy: canonical_hash(policy)?,
        results: justify.results.map(sha),
        catalogue: sha(justify.catalogue),
        measured: measured(policy, cells, &limits)?,
    });
    Ok(justified)
}

/// The figures of every field alone and of every ping, ping by ping, whether a field has expired or not.
pub(super) fn measured(
    policy: &Policy,
    cells: &Cells<'_>,
    limits: &Limits,
) -> Result<Vec<Measured>, SearchError> {
    // No figure of a row is an attacker's.
    let limits = &limits.without_attacks();
    let mut rows = Vec::new();
    for ping in policy.pings() {
        let whole = Told::of(policy, ping, &|_| true)?;
        if whole.attributes() == 0 {
            continue;
        }
        for field in policy.fields_of(ping) {
            let mut alone = Told::of(policy, ping, &|other| other.name == field.name)?;
            // A field alone is judged by its own buckets, as a box may leave with any of them.
            alone.other.clear();
            if alone.attributes() > 0 {
                rows.push(figures(ping, &field.name, &measures(cells, &alone, limits)?));
            }
        }
        rows.push(figures(ping, WHOLE, &measures(cells, &whole, limits)?));
    }
    Ok(rows)
}

/// The measures of what a ping tells, on a catalogue as it is told.
pub(super) fn measures(cells: &Cells<'_>, told: &Told, limits: &Limits) -> Result<Measures, SearchError> {
    grouped(cells, told, |classes| breach::measured(classes, limits))
}

/// The class of each file, as a ping tells it.
pub(super) fn numbers(cells: &Cells<'_>, told: &Told) -> Result<Vec<u32>, SearchError> {
    grouped(cells, told, |classes| classes.numbers())
}

/// Something of the classes that a ping makes of a catalogue as it is told.
fn grouped<T>(cells: &Cells<'_>, told: &Told, of: impl Fn(&Classes<'_>) -> T) -> Result<T, SearchError> {
    Ok(match told.catalogue(cells.catalogue())? {
        std::borrow::Cow::Borrowed(_) => of(&Classes::group(cells, told.key())),
        std::borrow::Cow::Owned(catalogue) => of(&Classes::group(&Cells::new(&catalogue), told.key())),
    })
}

/// What is claimed of measures.
pub(super) fn figures(ping: &str, field: &str, measures: &Measures) -> Measured {
    Measured {
        ping: ping.to_owned(),
        field: field.to_owned(),
        k_titles: u64::from(measures.k_titles_budget()),
        exposed_share: measures.exposed.files,
        title_uniform: measures.reidentification.title.uniform,
    }
}

/// The text of a policy with another justification: comments, order and layout of everything else stay. Where the old
/// table can't be told from the rest line by line, the whole is written anew, without comments.
///
/// # Errors
/// [`SearchError::Policy`] where the policy can't be written.
///
/// ```
/// use coarsen::policy::Policy;
/// use coarsen::search::justified_text;
/// let text = r#"# What leaves.
/// schema = "coarsen.policy/1"
/// name = "p"
/// version = 1
/// [justification]
/// policy = "sha256:old"
/// catalogue = "sha256:old"
/// [[field]] # The only one.
/// name = "platform"
/// type = "category"
/// about = "client"
/// rounding = "keep"
/// consent = "playback"
/// purpose = "Which platforms are used."
/// sensitivity = "low"
/// expires = "2031-12-31"
/// "#;
/// let mut policy = Policy::from_toml(text)?;
/// policy.justification.as_mut().unwrap().policy = "sha256:new".to_owned();
/// let written = justified_text(text, &policy)?;
/// assert!(written.contains("# What leaves.") && written.contains("# The only one."));
/// assert!(written.contains("sha256:new") && !written.contains("policy = \"sha256:old"));
/// assert_eq!(Policy::from_toml(&written)?, policy);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn justified_text(text: &str, policy: &Policy) -> Result<String, SearchError> {
    let whole = policy.to_toml()?;
    let (_, table) = parted(&whole);
    let (rest, _) = parted(text);
    let written = format!("{}\n\n{}\n", rest.trim_end(), table.trim_end());
    // A line of a longer text may look like a header, so what was written is read again.
    let same = Policy::from_toml(&written).is_ok_and(|read| read == *policy);
    Ok(if same { written } else { whole })
}

/// The lines of a policy outside and inside of its justification.
fn parted(text: &str) -> (String, String) {
    let (mut rest, mut table, mut inside) = (String::new(), String::new(), false);
    for line in text.lines() {
        let name = line.trim_start().trim_start_matches('[').trim_start();
        if line.trim_start().starts_with('[') {
            let name: &str = name.split([']', '.']).next().unwrap_or_default().trim_end();
            inside = name == "justification";
        }
        let to = if inside { &mut table } else { &mut rest };
        to.push_str(line);
        to.push('\n');
    }
    (rest, table)
}
