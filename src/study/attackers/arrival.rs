//! A13: when reports arrive.

use super::linkage::titles as titles_of;
use super::remedies::left;
use super::variants::Variant;
use super::{Answer, Otherwise, Part, Rate, Remedy, Scene, Step};
use crate::attack::arrival::{ArrivalTimes, Attacker, JITTER_MS, Row, Sending, arrival_times, success};
use crate::attack::{Prior, Target};
use crate::classes::Classes;
use crate::units::Dimension;

/// Nothing but the network between a report and its arrival.
const AT_ONCE: Sending = Sending { jitter_ms: JITTER_MS, delay_ms: 0, batch_ms: 0 };
/// Plays drawn for each way of sending, at most.
const MOST_PLAYS: u64 = 2_000;
/// The same for each change that might stop it.
const MOST_PLAYS_OF_A_CHANGE: u64 = 200;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let key = scene.one()?.key();
    let draws = scene.most_draws(MOST_PLAYS);
    let stated = stated(scene)?;
    let mut found =
        arrival_times((scene.ends.cells, scene.ends.cells), key, &[Target::Title], stated, draws, scene.seed);
    // That of the policy comes first, and may stand in the ladder as well.
    found.rows.retain(|row| row.is_of_policy || Some(row.sending) != stated);
    let weakest_first = |row: &Row| {
        let Sending { jitter_ms, delay_ms, batch_ms } = row.sending;
        std::cmp::Reverse((batch_ms, delay_ms, jitter_ms))
    };
    found.rows.sort_by_key(weakest_first);
    let steps: Vec<Step> = found.rows.iter().map(|row| Step { at: words(row), rates: titles(row) }).collect();
    let of = |sending: Sending| found.rows.iter().position(|row| row.sending == sending).unwrap_or(0);
    let at_once = of(AT_ONCE);
    let headline = stated.map_or(at_once, of);
    let sending = found.rows[headline].sending;
    let mut remedies = slower(scene, &found, &steps[headline], sending);
    if scene.wins(&steps[headline]) {
        let changes = scene.variants.iter();
        remedies.extend(changes.map(|variant| changed(scene, variant, &steps[headline], sending)));
    }
    let otherwise = stated.map(|_| Otherwise {
        remedies: slower(scene, &found, &steps[at_once], AT_ONCE),
        ..Otherwise::of("reports left at once", &steps[at_once])
    });
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "title named right, of completed plays",
        varies: "how reports are sent",
        steps,
        headline,
        remedies,
        otherwise: otherwise.into_iter().collect(),
        ..Part::default()
    }])
}

/// How the policy sends reports, where it states a delay. A batch is a number of pings, which says nothing of time.
fn stated(scene: &Scene<'_>) -> Result<Option<Sending>, String> {
    let Some(release) = scene.release else { return Ok(None) };
    let Some((from, to)) = release.delay_ms().map_err(|error| error.to_string())? else { return Ok(None) };
    Sending::spread(JITTER_MS, from, to).map(Some).map_err(|error| error.to_string())
}

/// What a change would leave of it where reports are sent so.
fn changed<'a>(scene: &Scene<'a>, variant: &Variant<'a>, step: &Step, sending: Sending) -> Remedy {
    let remedy = |change: String, rates: Vec<(Prior, f64)>| Remedy {
        change,
        loss: variant.loss,
        rates: left(rates, step),
    };
    // Who sees no arrival names no more: where that wins already, nothing needs to be drawn.
    let unseen = titles_of(variant.classes(scene.ends.cells));
    let without_arrivals = remedy(format!("{}, even were no arrival seen", variant.change), unseen.into());
    if !without_arrivals.stops(scene.tolerated()) {
        return without_arrivals;
    }
    let rates = variant.on(scene.ends.cells, |told, generalization| {
        let classes = Classes::group(told, generalization.key());
        if let Some(closed) = success(&classes, Target::Title, sending) {
            return Prior::ALL.into_iter().zip(closed).collect();
        }
        let attacker = Attacker::study(told.catalogue(), generalization.key());
        let draws = scene.most_draws(MOST_PLAYS_OF_A_CHANGE);
        let of = |prior| (prior, attacker.run(sending, prior, draws, scene.seed).title.certainty);
        Vec::from(Prior::ALL.map(of))
    });
    remedy(variant.change.clone(), rates)
}

/// The ladder of longer delays, then of longer batches, each from the shortest.
fn slower(scene: &Scene<'_>, found: &ArrivalTimes, step: &Step, than: Sending) -> Vec<Remedy> {
    if !scene.wins(step) {
        return Vec::new();
    }
    let of = |lag: fn(&Sending) -> u64| {
        let longer = found
            .rows
            .iter()
            .rev()
            .filter(move |row| !row.is_of_policy && lag(&row.sending) > lag(&than).max(than.delay_ms));
        longer.map(|row| {
            let rates = titles(row).into_iter().map(|rate| (rate.prior, rate.rate));
            Remedy::free(format!("reports {}", words(row)), rates, step)
        })
    };
    of(|sending| sending.delay_ms).chain(of(|sending| sending.batch_ms)).collect()
}

fn titles(row: &Row) -> Vec<Rate> {
    let titles = row.named.iter().filter(|named| named.target == Target::Title);
    let rate = |named: &crate::attack::arrival::Named| Rate {
        prior: named.prior,
        rate: named.success,
        is_exact: named.closed_form.is_some(),
        // Of its own certainty, which comes nearer than its hits do.
        interval: None,
        ran: Some(named.trial),
        control: named.control,
        baseline: Some(named.baseline),
    };
    titles.map(rate).collect()
}

fn words(row: &Row) -> String {
    let Sending { jitter_ms, delay_ms, batch_ms } = row.sending;
    let time = |ms: u64| Dimension::Duration.compact(ms);
    let of_policy = if row.is_of_policy { ", as the policy has it" } else { "" };
    match (delay_ms, batch_ms) {
        (0, 0) => format!("at once, jitter {}{of_policy}", time(jitter_ms)),
        (delay, 0) => format!("delayed by up to {}{of_policy}", time(delay)),
        (_, batch) => format!("in batches of {}", time(batch)),
    }
}
