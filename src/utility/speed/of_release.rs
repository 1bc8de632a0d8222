//! The speeds of what leaves.

use std::collections::HashMap;

use super::ready::{FACTORS, SpeedPlay, Speeds, Told, judge};
use crate::telemetry::plays::{Column, Number, Plays, Text};
use crate::utility::{Finding, Release, Table, Why, octaves};

/// The factors of the model.
const OF: [Text; FACTORS] = [Text::Hardware, Text::VideoCodec, Text::Resolution];

/// What the model takes beside its factors.
const NUMBERS: [Number; 2] = [Number::TranscodeSpeedPermille, Number::BitrateBps];

/// Judges what leaves with speed and bit rate in one ping: the one with the most of the factors, the first of several.
/// Factors that leave elsewhere are missing in the released fit ([`Speeds::without`]); a factor's missing value is a level
/// of its own. Speeds of 0 have no logarithm and are left out. O(plays log plays + resamples × servers).
///
/// ```
/// use coarsen::telemetry::plays::{Number, Plays, Row, Text};
/// use coarsen::utility::{Finding, Release, speed::of_release};
/// let names: Vec<String> = (0..200).map(|play| format!("s{}", play % 20)).collect();
/// let rows = names.iter().zip(0u32..).map(|(server, play)| {
///     let mut row = Row::default();
///     row[Text::Server] = Some(server);
///     row[Number::BitrateBps] = Some(1_000_000 << (play % 5));
///     row[Number::TranscodeSpeedPermille] = Some(4_000 >> (play % 5));
///     row
/// });
/// let plays: Plays = rows.collect();
/// let Finding::Found(speeds) = of_release(&plays, &Release::raw(&plays), 1) else { panic!() };
/// assert!((speeds.raw.slope + 2f64.ln()).abs() < 1e-12);
/// assert_eq!((speeds.attenuation, speeds.error_ratio), (Some(1.0), Some(1.0)));
/// ```
pub fn of_release(plays: &Plays, release: &Release<'_>, seed: u64) -> Finding<Speeds> {
    let raw = [plays.number(NUMBERS[0]), plays.number(NUMBERS[1])];
    let asked = |play: usize| Some((raw[0][play].filter(|&speed| speed > 0)?, raw[1][play]?));
    if !(0..plays.len()).any(|play| asked(play).is_some() && release.leaves(play)) {
        return Finding::Unasked { why: Why::NoPlays };
    }
    let held = |table: &Table<'_>| OF.iter().filter(|text| table.holds(Column::Text(**text))).count();
    let tables = release.tables().iter();
    let tables = tables.filter(|table| NUMBERS.iter().all(|number| table.holds(Column::Number(*number))));
    let Some(table) = tables.rev().max_by_key(|table| held(table)) else {
        return Finding::Lost { why: Why::Apart };
    };
    let [Some(speeds), Some(bitrates)] = NUMBERS.map(|number| table.number(number)) else {
        return Finding::Lost { why: Why::Apart };
    };
    let ln = |permille: u64| libm::log(permille as f64 / 1_000.0);
    let texts = plays.text(Text::Server);
    let mut servers = Levels::default();
    let mut names: Vec<&str> = Vec::new();
    let mut raw_levels: [Levels; FACTORS] = Default::default();
    let mut left_levels: [Levels; FACTORS] = Default::default();
    let mut told = Vec::new();
    for play in (0..plays.len()).filter(|&play| table.leaves(play)) {
        let Some((speed, bitrate)) = asked(play) else { continue };
        let (Some(left_speed), Some(left_bitrate)) = (speeds.for_log(play), bitrates.for_log(play)) else {
            continue;
        };
        let server = servers.of(texts.codes()[play]) as usize;
        if server == names.len() {
            // Plays without a server are as of one.
            names.push(texts.get(play).unwrap_or(""));
        }
        let raw = Told {
            levels: [0, 1, 2].map(|factor| raw_levels[factor].of(plays.text(OF[factor]).codes()[play])),
            bitrate: octaves(u64::from(bitrate)),
            speed: ln(u64::from(speed)),
        };
        let left = |factor: usize| table.text(OF[factor]).and_then(|text| text.codes().get(play).copied());
        let released = Told {
            levels: [0, 1, 2].map(|factor| left(factor).map_or(0, |code| left_levels[factor].of(code))),
            bitrate: octaves(left_bitrate),
            speed: ln(left_speed),
        };
        told.push(SpeedPlay { server, raw, released });
    }
    if told.is_empty() {
        return Finding::Lost { why: Why::NoPlays };
    }
    match judge(&told, &names, seed) {
        Finding::Found(mut speeds) => {
            let without = OF.into_iter().filter(|text| !table.holds(Column::Text(*text)));
            speeds.without = without.map(Text::name).collect();
            Finding::Found(speeds)
        }
        other => other,
    }
}

/// Codes as levels from 0, by first appearance; a missing value's code is one like any other.
#[derive(Default)]
struct Levels(HashMap<u32, u32>);

impl Levels {
    fn of(&mut self, code: u32) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(code).or_insert(next)
    }
}
