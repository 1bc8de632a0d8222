//! What plays are like, at a glance.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Column, Number, Plays, Switch, Text};
use crate::catalogue::{PERCENTILES, at_percent};

/// What plays are like. Shares are missing where there is nothing to take them of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Description {
    /// Plays.
    pub plays: usize,
    /// Servers that are named.
    pub servers: usize,
    /// Of the servers that are named and say, the share of which some play is not consented to; nothing where none says.
    pub opted_out_servers: Option<f64>,
    /// Of the plays that began (some of the file was played), the share that stalled.
    pub stalled_plays: Option<f64>,
    /// Stalled time over stalled and played time, of all plays together.
    pub stalled_time: Option<f64>,
    /// Of the plays, the share that was played to the last ms.
    pub completed: Option<f64>,
    /// [`PERCENTILES`] of the start-up time in ms.
    pub startup_ms: Option<Percentiles>,
    /// [`PERCENTILES`] of the speed of transcoding in thousandths.
    pub transcode_speed_permille: Option<Percentiles>,
    /// [`PERCENTILES`] of the played share of the duration, in thousandths; 2^32 - 1 for what is more.
    pub played_permille: Option<Percentiles>,
    /// [`PERCENTILES`] of the stalled time of the plays that stalled, in ms.
    pub stalled_ms: Option<Percentiles>,
    /// By platform and delivery, by name.
    pub cells: Vec<Cell>,
    /// How many plays report each event and each error, by name.
    pub events: BTreeMap<String, usize>,
    /// The same, of errors.
    pub errors: BTreeMap<String, usize>,
    /// How many plays lack a value, column by column.
    pub missing: Vec<Missing>,
}

/// The values at [`PERCENTILES`]: the smallest that so many percent don't exceed.
pub type Percentiles = [u32; PERCENTILES.len()];

/// The plays of one platform and delivery.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// The platform.
    pub platform: Option<String>,
    /// The delivery.
    pub delivery: Option<String>,
    /// Plays.
    pub plays: usize,
    /// As in [`Description::stalled_plays`].
    pub stalled_plays: Option<f64>,
    /// As in [`Description::stalled_time`].
    pub stalled_time: Option<f64>,
    /// The median of the start-up time in ms.
    pub startup_ms: Option<u32>,
}

/// A column and how many plays lack it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The column.
    pub column: &'static str,
    /// Plays without a value.
    pub plays: usize,
}

/// Describes the plays of who hasn't switched playback off: those of the others change nothing of it but the share of
/// servers that opted out. O(plays log plays).
///
/// ```
/// use coarsen::telemetry::plays::{Number, Plays, Row, describe};
/// let play = |played, stalled| {
///     let mut row = Row::default();
///     row[Number::PlayedMs] = Some(played);
///     row[Number::StalledMs] = Some(stalled);
///     row[Number::Stalls] = Some(u32::from(stalled > 0));
///     row
/// };
/// let plays: Plays = [play(90_000, 0), play(8_000, 2_000)].into_iter().collect();
/// let description = describe(&plays);
/// assert_eq!((description.stalled_plays, description.stalled_time), (Some(0.5), Some(0.02)));
/// assert_eq!(description.completed, None);
/// ```
pub fn describe(plays: &Plays) -> Description {
    let opted_out_servers = opted_out(plays);
    let plays = &plays.only(|play| plays.switch(Switch::Playback)[play] != Some(false));
    let (stalled_plays, stalled_time) = stalls(plays, 0..plays.len());
    let number = |column: Number| plays.number(column);
    let shares = number(Number::PlayedMs).iter().zip(number(Number::DurationMs));
    let shares =
        shares.filter_map(|(played, duration)| Some((u64::from((*played)?), u64::from((*duration)?))));
    let shares: Vec<(u64, u64)> = shares.filter(|(_, duration)| *duration > 0).collect();
    let completed = shares.iter().filter(|(played, duration)| played == duration).count();
    let permille = |(played, duration): &(u64, u64)| u32::try_from(played * 1_000 / duration);
    let played_permille = shares.iter().map(|share| permille(share).unwrap_or(u32::MAX));
    let stalled = number(Number::StalledMs).iter().zip(number(Number::Stalls));
    let stalled = stalled.filter(|(_, stalls)| stalls.is_some_and(|stalls| stalls > 0));
    let mut by_cell: BTreeMap<[Option<&str>; 2], Vec<usize>> = BTreeMap::new();
    let (platform, delivery) = (plays.text(Text::Platform), plays.text(Text::Delivery));
    for play in 0..plays.len() {
        by_cell.entry([platform.get(play), delivery.get(play)]).or_default().push(play);
    }
    Description {
        plays: plays.len(),
        servers: plays.text(Text::Server).names().len(),
        opted_out_servers,
        stalled_plays,
        stalled_time,
        completed: share(completed, shares.len()),
        startup_ms: percentiles(number(Number::StartupMs).iter().flatten().copied()),
        transcode_speed_permille: percentiles(
            number(Number::TranscodeSpeedPermille).iter().flatten().copied(),
        ),
        played_permille: percentiles(played_permille),
        stalled_ms: percentiles(stalled.filter_map(|(ms, _)| *ms)),
        cells: by_cell.into_iter().map(|(names, of_cell)| cell(plays, names, &of_cell)).collect(),
        events: counts(plays, Text::Event),
        errors: counts(plays, Text::Error),
        missing: Column::all().map(|column| missing(plays, column)).collect(),
    }
}

fn cell(plays: &Plays, [platform, delivery]: [Option<&str>; 2], of_cell: &[usize]) -> Cell {
    let (stalled_plays, stalled_time) = stalls(plays, of_cell.iter().copied());
    let startup = plays.number(Number::StartupMs);
    let mut startup: Vec<u32> = of_cell.iter().filter_map(|&play| startup[play]).collect();
    startup.sort_unstable();
    Cell {
        platform: platform.map(str::to_owned),
        delivery: delivery.map(str::to_owned),
        plays: of_cell.len(),
        stalled_plays,
        stalled_time,
        startup_ms: at_percent(&startup, 50),
    }
}

/// The share of plays that stalled, and of time.
fn stalls(plays: &Plays, of: impl IntoIterator<Item = usize>) -> (Option<f64>, Option<f64>) {
    let number = |column: Number, play: usize| plays.number(column)[play].map(u64::from);
    let (mut began, mut stalled) = (0, 0);
    let (mut played_ms, mut stalled_ms) = (0u64, 0u64);
    for play in of {
        let played = number(Number::PlayedMs, play);
        if let (Some(played), Some(stalls)) = (played, number(Number::Stalls, play))
            && played + stalls > 0
        {
            began += 1;
            stalled += usize::from(stalls > 0);
        }
        if let (Some(played), Some(ms)) = (played, number(Number::StalledMs, play)) {
            played_ms += played;
            stalled_ms += ms;
        }
    }
    let all_ms = played_ms + stalled_ms;
    (share(stalled, began), (all_ms > 0).then(|| stalled_ms as f64 / all_ms as f64))
}

fn share(part: usize, of: usize) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

fn opted_out(plays: &Plays) -> Option<f64> {
    let (servers, consent) = (plays.text(Text::Server), plays.switch(Switch::Playback));
    let mut out: Vec<Option<bool>> = vec![None; servers.names().len()];
    for (&code, consent) in servers.codes().iter().zip(consent) {
        if let (Some(out), Some(consent)) = (out.get_mut(code as usize), consent) {
            *out = Some(out.unwrap_or(false) || !consent);
        }
    }
    let told: Vec<bool> = out.into_iter().flatten().collect();
    share(told.iter().filter(|out| **out).count(), told.len())
}

fn percentiles(values: impl Iterator<Item = u32>) -> Option<Percentiles> {
    let mut values: Vec<u32> = values.collect();
    values.sort_unstable();
    let at: Vec<u32> = PERCENTILES.iter().filter_map(|&percent| at_percent(&values, percent)).collect();
    at.try_into().ok()
}

fn counts(plays: &Plays, column: Text) -> BTreeMap<String, usize> {
    let texts = plays.text(column);
    let mut counts = vec![0; texts.names().len()];
    for &code in texts.codes().iter().filter(|&&code| (code as usize) < texts.names().len()) {
        counts[code as usize] += 1;
    }
    texts.names().iter().cloned().zip(counts).collect()
}

fn missing(plays: &Plays, column: Column) -> Missing {
    let count = match column {
        Column::Text(text) => plays.text(text).iter().filter(Option::is_none).count(),
        Column::Number(number) => plays.number(number).iter().filter(|cell| cell.is_none()).count(),
        Column::Switch(switch) => plays.switch(switch).iter().filter(|cell| cell.is_none()).count(),
    };
    Missing { column: column.name(), plays: count }
}
