//! `coarsen attack partial`.

use coarsen::attack::channel::{Randomized, Subject};
use coarsen::attack::partial::{Partial, Settings, Watched, partial};
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use super::partial_drawn as drawn;
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "partial",
    what: "A3: sees how long was played, not how long the file is, in one play or several",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with, at most: three completion rates, three numbers of plays, file and title
/// under both priors.
pub const COMPARISONS: usize = 3 * 3 * 2 * 2;

/// Files that are played, at most, for each completion rate and number of plays.
const MOST_FILES: u64 = 2_000;

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    found: Partial,
    agrees: bool,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let generalization = &seen.leaving.generalization;
    if generalization.duration.is_drop() {
        return Ok(Answer::NotApplicable("no duration leaves, and so no played time".to_owned()));
    }
    let draws = seen.draws.min(MOST_FILES);
    if let Some(Randomized { subject, channel, .. }) = seen.channel {
        if subject == Subject::Bitrate {
            let reason =
                "a drawn bit rate beside a played time that isn't drawn isn't worked out: draw the duration";
            return Ok(Answer::NotApplicable(reason.to_owned()));
        }
        return drawn::run(seen, channel, draws);
    }
    let found = partial(seen.told, generalization.key(), seen.raw, &Settings::default(), draws, seen.seed);
    let found = found.map_err(Failure::input)?;
    let agrees = |row: &Watched| row.closed_form.is_none_or(|closed| seen.agrees(&row.ran.longest, closed));
    let agrees = found.watched.iter().all(agrees);
    let text = render(&found);
    Ok(Answer::Found(Found::new(&Ran { found, agrees }, text, agrees)?))
}

fn render(found: &Partial) -> String {
    let row = |row: &Watched| {
        let longest = row.ran.longest;
        let plays = if row.plays == 1 { "play" } else { "plays" };
        vec![
            format!(
                "{:.0} % completed, {} {plays}, {:?}, {:?} prior",
                100.0 * row.completion,
                row.plays,
                row.target,
                row.prior
            )
            .to_lowercase(),
            percent(longest.rate),
            format!("{} to {}", percent(longest.low), percent(longest.high)),
            row.closed_form.map_or("too fine".to_owned(), percent),
            percent(row.ran.linked.rate),
            format!("{:.1}", row.ran.candidates),
            percent(row.control),
            percent(row.without),
            percent(row.baseline.linked.rate),
        ]
    };
    let header = [
        "played time",
        "named by the longest",
        "95 % interval",
        "closed form",
        "by all of them",
        "files as long",
        "seeing nothing",
        "without played time",
        "seeing raw values",
    ];
    output::table(&header, &found.watched.iter().map(row).collect::<Vec<_>>())
}
