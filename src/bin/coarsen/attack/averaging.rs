//! `coarsen attack averaging`.

use coarsen::attack::Prior;
use coarsen::attack::averaging::{Attacker, Averaged, PLAYS};
use coarsen::attack::channel::{Memory, Subject, plays_until};
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "averaging",
    what: "A8: sees one file played again and again, rounded by a --channel",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with, at most.
pub const COMPARISONS: usize = 2 * PLAYS.len();

/// Files that are played, at most: each of them a thousand times.
const MOST_FILES: u64 = 1_000;

#[derive(Serialize)]
struct Ran {
    channel: String,
    memoized: bool,
    prior: Prior,
    /// Titles named right by who sees nothing: the control.
    control: f64,
    /// After one play, as a closed form; null where it has too many outputs.
    after_one_play: Option<f64>,
    /// After endless plays, as a closed form; null where it is that of one play and that is unknown.
    after_endless_plays: Option<f64>,
    /// What errors are told in.
    unit: &'static str,
    /// Fresh plays after which the mean lies within `half` at 95 %, for the value that takes most; null where none
    /// suffice, or nothing is averaged.
    plays_to_half: Option<u64>,
    /// Half a second or 50 kbps, in the unit.
    half: u64,
    by_plays: Vec<Averaged>,
    agrees: bool,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let Some(randomized) = seen.channel else {
        let reason = "nothing is drawn at random; give a --channel such as stochastic:60s+fresh".to_owned();
        return Ok(Answer::NotApplicable(reason));
    };
    let catalogue = seen.raw.catalogue();
    let top = catalogue.top_title();
    let memoized = randomized.memory == Memory::Memoized;
    let attack = |prior| {
        let key = seen.leaving.generalization.key();
        let attacker = Attacker::of_key(seen.told, key, randomized, prior);
        let by_plays = attacker.run(seen.draws.min(MOST_FILES) as u32, &PLAYS, seen.seed);
        let one = attacker.after_one_play();
        // Memoized, a thousand plays must achieve what one does; fresh, only one play has a closed form.
        let compared = by_plays.iter().filter(|after| memoized || after.plays == 1);
        let agrees = one.is_none_or(|one| compared.into_iter().all(|after| seen.agrees(&after.trial, one)));
        let deviation = randomized.channel.worst_deviation().filter(|_| !memoized);
        let half = half(randomized.subject);
        Ran {
            channel: randomized.to_string(),
            memoized,
            prior,
            control: match prior {
                Prior::Uniform => top.files as f64 / catalogue.files() as f64,
                Prior::Popularity => top.weight as f64 / top.all_weight as f64,
            },
            after_one_play: one,
            after_endless_plays: if memoized { one } else { Some(attacker.after_endless_plays()) },
            unit: randomized.subject.dimension().base_unit(),
            plays_to_half: deviation.map(|deviation| plays_until(deviation, half as f64)),
            half,
            by_plays,
            agrees,
        }
    };
    let found = [Prior::Uniform, Prior::Popularity].map(attack);
    let agrees = found.iter().all(|ran| ran.agrees);
    Ok(Answer::Found(Found::new(&found, render(&found), agrees)?))
}

/// What is close enough to name most files: half a second, or 50 kbps.
fn half(subject: Subject) -> u64 {
    match subject {
        Subject::Duration => 500,
        Subject::Bitrate => 50_000,
    }
}

fn render(found: &[Ran]) -> String {
    let mut text = String::new();
    for ran in found {
        let shown = |rate: Option<f64>| rate.map_or("unknown".to_owned(), percent);
        let (one, endless) = (shown(ran.after_one_play), shown(ran.after_endless_plays));
        let prior = format!("{:?}", ran.prior).to_lowercase();
        let memory = if ran.memoized { "memoized" } else { "fresh" };
        text.push_str(&format!(
            "{}, {memory}, {prior} prior: the title is named right for {} seeing nothing, {one} by closed form after one \
             play, {endless} after endless plays\n",
            ran.channel,
            percent(ran.control)
        ));
        let told = |error: f64| match ran.unit {
            "ms" => format!("{:.2} s", error / 1e3),
            _ => format!("{:.1} kbps", error / 1e3),
        };
        if let Some(plays) = ran.plays_to_half {
            let half = told(ran.half as f64);
            text.push_str(&format!("plays until the mean is known to {half}: {plays} at most\n"));
        }
        let error = |error: Option<f64>| error.map_or("-".to_owned(), told);
        let row = |after: &Averaged| {
            vec![
                after.plays.to_string(),
                percent(after.trial.rate),
                format!("{} to {}", percent(after.trial.low), percent(after.trial.high)),
                error(after.error),
                error(after.expected_error),
            ]
        };
        let header = ["plays of one file", "right", "95 % interval", "error of the mean", "by closed form"];
        text.push_str(&output::table(&header, &ran.by_plays.iter().map(row).collect::<Vec<_>>()));
    }
    text
}
