//! What the policy is held to, which text this is, and that there is nothing else.

use super::Source;
use crate::report::document::{Block, Cell, Tone};
use crate::report::words::limit;

/// The limits in words.
pub(super) fn limits(source: &Source<'_>) -> Vec<Block> {
    let limits = source.policy.limits.as_ref();
    let mut stated: Vec<(&str, f64)> = limits.into_iter().flat_map(|limits| limits.iter()).collect();
    if stated.is_empty() {
        return vec![Block::Text("The policy states no limits of its own.".to_owned())];
    }
    // How many titles first, then what may lie under that.
    stated.sort_by_key(|(name, _)| !name.starts_with("k_"));
    vec![
        Block::Text(
            "Whoever checks this policy against a catalogue of known files checks that there are:".to_owned(),
        ),
        Block::List(stated.into_iter().map(|(name, value)| limit(name, value)).collect()),
    ]
}

/// That the list is complete, and of which text.
pub(super) fn nothing_else(source: &Source<'_>) -> Vec<Block> {
    let policy = source.policy;
    let figures = match source.measured_as_it_stands() {
        None => Cell::toned("nothing was measured for this policy", Tone::Muted),
        Some(true) => "measured for this very text".into(),
        Some(false) => Cell::toned("measured for another text: the policy was changed since", Tone::Bad),
    };
    let mut facts = vec![
        ("Policy", policy.name.as_str().into()),
        ("Version", policy.version.to_string().into()),
        ("SHA-256 of the policy in canonical form", Cell::code(sha256(&source.hash).unwrap_or_default())),
        ("Figures", figures),
    ];
    if let Some(hash) =
        policy.justification.as_ref().and_then(|justification| sha256(&justification.catalogue))
    {
        facts.push(("SHA-256 of the catalogue that was measured", Cell::code(hash)));
    }
    vec![
        Block::Text(
            "This page is the whole list. A field that is not on it is not sent, whatever a play holds. The page was \
             made from the file that the program enforces; a field is added by changing that file, and then stands \
             here. A value that a play doesn't hold is sent as null."
                .to_owned(),
        ),
        Block::Facts(facts),
    ]
}

/// A hash as `sha256:` writes it; whatever else stands there is no hash.
fn sha256(text: &str) -> Option<&str> {
    let hash = text.strip_prefix("sha256:")?;
    (hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(hash)
}
