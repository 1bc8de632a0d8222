//! What the release of a policy leaves open.

use serde::Serialize;

use crate::policy::{Link, Policy, Release};

/// Something that no class key shows: true of the policy, stated, and no failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The key of `[release]` that it is about.
    pub about: String,
    /// What it leaves open.
    pub says: String,
}

/// What a policy's release leaves open.
pub(super) fn warnings(policy: &Policy) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |about: &str, says: String| found.push(Warning { about: about.to_owned(), says });
    let unsaid = Release::default();
    let release = policy.release.as_ref().unwrap_or(&unsaid);
    let pings = policy.pings().len();
    let linked = match release.link {
        Link::None => None,
        Link::Server => Some("server"),
        Link::Session => Some("session"),
    };
    if let Some(by) = linked {
        if release.rotate == 0 {
            let says = "every ping of it bears one identifier, which never changes";
            warn(
                "rotate",
                format!("linked by {by} for ever: {says}; a season of plays says more than one play"),
            );
        }
        if pings > 1 {
            warn("link", format!("the pings of one play can be linked by {by}, and they were judged apart"));
        }
    }
    if !release.shuffle && pings > 1 {
        warn("shuffle", "pings leave in the order of the plays, and their order links them".to_owned());
    }
    found
}
