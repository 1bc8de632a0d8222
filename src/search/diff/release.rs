//! What the release of a new policy leaves more open than that of the old one.

use crate::policy::{Link, Policy, Release};
use crate::search::SearchError;

/// In words, what is looser; nothing where pings are linked no more, spread over as long, and mixed as well.
pub(super) fn loosened(old: &Policy, new: &Policy) -> Result<Vec<String>, SearchError> {
    let unsaid = Release::default();
    let (old, new) = (old.release.as_ref().unwrap_or(&unsaid), new.release.as_ref().unwrap_or(&unsaid));
    let mut found = Vec::new();
    let linked = |link| match link {
        Link::None => (0, "nothing"),
        Link::Session => (1, "session"),
        Link::Server => (2, "server"),
    };
    let (before, now) = (linked(old.link), linked(new.link));
    if now.0 > before.0 {
        found.push(format!("link: pings are linked by {}, and were by {}", now.1, before.1));
    }
    // An identifier that never changes links the most plays.
    let under_one = |release: &Release| if release.rotate == 0 { u32::MAX } else { release.rotate };
    if new.link != Link::None && old.link != Link::None && under_one(new) > under_one(old) {
        let many = |rotate: u32| if rotate == 0 { "all plays".to_owned() } else { format!("{rotate} plays") };
        found.push(format!(
            "rotate: one identifier for {}, and was for {}",
            many(new.rotate),
            many(old.rotate)
        ));
    }
    // What hides when a play was is how far the delays are spread, not how long they are.
    let spread =
        |release: &Release| Ok::<_, SearchError>(release.delay_ms()?.map_or(0, |(from, to)| to - from));
    if spread(new)? < spread(old)? {
        let shown = |release: &Release| release.delay.clone().unwrap_or_else(|| "no delay".to_owned());
        found.push(format!("delay: spread over {}, and was over {}", shown(new), shown(old)));
    }
    let batch = |release: &Release| release.batch.unwrap_or(1);
    if batch(new) < batch(old) {
        found.push(format!("batch: {} pings leave together, and {} did", batch(new), batch(old)));
    }
    if old.shuffle && !new.shuffle {
        found.push("shuffle: a batch leaves in its order, and was shuffled".to_owned());
    }
    Ok(found)
}
