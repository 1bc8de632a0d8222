//! `coarsen attack arrival`.

use coarsen::attack::arrival::{
    ArrivalTimes, HARMLESS, JITTER_MS, MOST_ROWS, Named, Row, Sending, arrival_times,
};
use coarsen::attack::{Prior, Target, through};
use coarsen::policy::Release;
use coarsen::units::Dimension;
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "arrival",
    what: "A13: sees when the reports of a completed play arrive, and so its length, too",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with, at most: file and title under both priors.
pub const COMPARISONS: usize = 4 * MOST_ROWS;

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    found: ArrivalTimes,
    /// Which of the attackers that ran disagree with their closed form.
    disagreeing: Vec<(Sending, Named)>,
    /// Pings that leave together by the policy: a number says nothing of time, so it counts for nothing here.
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_of_pings: Option<u32>,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let release = seen.leaving.release.as_ref();
    let of_policy = match release.map(sending).transpose()? {
        Some(Err(reason)) => return Ok(Answer::NotApplicable(reason)),
        found => found.and_then(Result::ok),
    };
    let key = seen.leaving.generalization.key();
    let targets = [Target::File, Target::Title];
    let found = match seen.through() {
        None => arrival_times((seen.told, seen.raw), key, &targets, of_policy, seen.draws, seen.seed),
        Some(Err(reason)) => return Ok(reason.into()),
        Some(Ok(through)) => {
            through::arrival_times(&through, seen.raw, &targets, of_policy, seen.draws, seen.seed)
        }
    };
    let disagreeing: Vec<(Sending, Named)> = found
        .rows
        .iter()
        .flat_map(|row| row.named.iter().map(|named| (row.sending, *named)))
        .filter(|(_, named)| match (named.closed_form, named.sure) {
            (Some(claim), _) => !seen.agrees(&named.trial, claim),
            (None, Some(sure)) => !seen.calibrated(&named.trial, sure),
            (None, None) => false,
        })
        .collect();
    let agrees = disagreeing.is_empty();
    let text = render(&found);
    let batch_of_pings = release.and_then(|release| release.batch);
    Ok(Answer::Found(Found::new(&Ran { found, disagreeing, batch_of_pings }, text, agrees)?))
}

/// How a policy sends: its delay, each ping on its own; or why that can't be judged.
fn sending(release: &Release) -> Result<Result<Sending, String>, Failure> {
    let (from, to) = release.delay_ms().map_err(Failure::input)?.unwrap_or_default();
    Ok(Sending::spread(JITTER_MS, from, to).map_err(|error| error.to_string()))
}

fn render(found: &ArrivalTimes) -> String {
    let line = |row: &Row| {
        let mark = if row.is_of_policy { "the policy: " } else { "" };
        let mut cells = vec![format!("{mark}{}", row.sending)];
        let alone = |named: &&Named| (named.target, named.prior) == (Target::Title, Prior::Uniform);
        let alone = row.named.iter().find(alone).and_then(|named| named.times_alone).map(percent);
        for prior in Prior::ALL {
            for target in [Target::Title, Target::File] {
                let of = row.named.iter().find(|named| (named.target, named.prior) == (target, prior));
                let Some(named) = of else { continue };
                let about = if named.closed_form.is_none() { "~" } else { "" };
                cells.push(format!("{about}{}", percent(named.success)));
                if (target, prior) == (Target::Title, Prior::Uniform) {
                    let trial = &named.trial;
                    cells.push(format!("{} to {}", percent(trial.low), percent(trial.high)));
                }
            }
        }
        cells.extend(alone);
        cells
    };
    let side = |name: &str, pick: fn(&Named) -> f64| {
        let mut cells = vec![name.to_owned()];
        let named = found.rows.first().map_or(&[][..], |row| &row.named);
        for prior in Prior::ALL {
            for target in [Target::Title, Target::File] {
                let of = named.iter().find(|named| (named.target, named.prior) == (target, prior));
                cells.push(of.map_or_else(String::new, |named| percent(pick(named))));
                if (target, prior) == (Target::Title, Prior::Uniform) {
                    cells.push(String::new());
                }
            }
        }
        cells
    };
    let mut rows: Vec<Vec<String>> = found.rows.iter().map(line).collect();
    rows.push(side("without arrivals", |named| named.released));
    rows.push(side("seeing nothing", |named| named.control));
    rows.push(side("seeing raw values", |named| named.baseline));
    let header =
        ["completed plays", "title, by files", "95 % interval", "file", "title, by plays", "file, by plays"];
    let drawn = found.rows.iter().flat_map(|row| &row.named).any(|named| named.times_alone.is_some());
    let mut header = header.to_vec();
    if drawn {
        header.push("title, by arrivals alone");
        rows.iter_mut().for_each(|row| row.resize(header.len(), String::new()));
    }
    let mut text = output::table(&header, &rows);
    if found.rows.iter().flat_map(|row| &row.named).any(|named| named.closed_form.is_none()) {
        text.push_str(
            "~ estimates, from the plays that were drawn: too much can be seen for a closed form\n",
        );
    }
    let at_once = found.rows.iter().find(|row| row.is_of_policy && row.sending.delay_ms == 0);
    let title = at_once.and_then(|row| {
        row.named.iter().find(|named| (named.target, named.prior) == (Target::Title, Prior::Uniform))
    });
    if let Some(named) = title {
        text.push_str(&format!(
            "the policy spreads its pings by no delay, so their arrival gives the length away: the title is named for {} \
             of the files, and for {} by what is rounded\n",
            percent(named.success),
            percent(named.released)
        ));
    }
    let enough = |what: &str, ms: Option<u64>| match ms {
        Some(ms) => format!("a {what} of {}", Dimension::Duration.compact(ms)),
        None => format!("no {what} of these"),
    };
    text.push_str(&format!(
        "arrivals name titles at most {HARMLESS} times as often as what is released does: from {} on, or {}\n",
        enough("delay", found.harmless_delay_ms),
        enough("batch", found.harmless_batch_ms)
    ));
    text
}
