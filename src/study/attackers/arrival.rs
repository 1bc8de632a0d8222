//! A13: when reports arrive.

use super::{Answer, Part, Rate, Remedy, Scene, Step};
use crate::attack::Target;
use crate::attack::arrival::{ArrivalTimes, JITTER_MS, Row, Sending, arrival_times};
use crate::units::Dimension;

/// Plays drawn for each way of sending, at most.
const MOST_PLAYS: u64 = 2_000;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let key = scene.one()?.key();
    let draws = scene.most_draws(MOST_PLAYS);
    let mut found =
        arrival_times((scene.ends.cells, scene.ends.cells), key, &[Target::Title], None, draws, scene.seed);
    let weakest_first = |row: &Row| {
        let Sending { jitter_ms, delay_ms, batch_ms } = row.sending;
        std::cmp::Reverse((batch_ms, delay_ms, jitter_ms))
    };
    found.rows.sort_by_key(weakest_first);
    let steps = found.rows.iter().map(|row| Step { at: words(row.sending), rates: titles(row) }).collect();
    let at_once = |row: &Row| row.sending == Sending { jitter_ms: JITTER_MS, delay_ms: 0, batch_ms: 0 };
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "title named right, of completed plays",
        varies: "how reports are sent",
        steps,
        headline: found.rows.iter().position(at_once).unwrap_or(0),
        remedies: remedies(&found),
    }])
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

fn words(Sending { jitter_ms, delay_ms, batch_ms }: Sending) -> String {
    let time = |ms: u64| Dimension::Duration.compact(ms);
    match (delay_ms, batch_ms) {
        (0, 0) => format!("at once, jitter {}", time(jitter_ms)),
        (delay, 0) => format!("delayed by up to {}", time(delay)),
        (_, batch) => format!("in batches of {}", time(batch)),
    }
}

/// The shortest delay and batch of those tried that make arrivals harmless.
fn remedies(found: &ArrivalTimes) -> Vec<Remedy> {
    let of = |is: &dyn Fn(&Sending) -> bool| {
        let row = found.rows.iter().find(|row| is(&row.sending))?;
        let rates = titles(row).into_iter().map(|rate| (rate.prior, rate.rate)).collect();
        Some(Remedy { change: format!("reports {}", words(row.sending)), rates })
    };
    let delay = found.harmless_delay_ms.and_then(|ms| of(&|sending| sending.delay_ms == ms));
    let batch = found.harmless_batch_ms.and_then(|ms| of(&|sending| sending.batch_ms == ms));
    delay.into_iter().chain(batch).collect()
}
