//! JSON lines: an object in each, blank lines aside.

use super::{Input, check};
use crate::catalogue::shown;
use crate::policy::{JsonPlay, JsonPlayError};
use crate::telemetry::apply::cells::Rows;
use crate::telemetry::apply::consent::Said;
use crate::telemetry::apply::intake::{Intake, Passage, SERVER};
use crate::telemetry::apply::{ApplyError, Fault};
use crate::telemetry::lines::{Broken, LONGEST, by_line};

pub(super) fn read(from: &str, input: Input<'_>, intake: &mut Intake<'_>) -> Result<(), ApplyError> {
    let kinds = intake.policy().kinds();
    let mut rows = Rows::new(kinds);
    let broken = |broken| match broken {
        Broken::Io(source) => ApplyError::Io { place: from.to_owned(), source },
        Broken::TooLong(row) => {
            let fault = Fault::TooLong { most: LONGEST };
            ApplyError::Row { from: from.to_owned(), row, column: None, fault }
        }
    };
    by_line(input, broken, |line, number| {
        if let Err((column, fault)) = pass(line, intake, &mut rows) {
            intake.refuse(from, number, column.as_deref(), fault)?;
        }
        if rows.is_full() {
            intake.take(&std::mem::replace(&mut rows, Rows::new(kinds)).finish())?;
        }
        Ok(())
    })?;
    intake.take(&rows.finish())
}

/// Adds a line's play, unless it is opted out. Of a bad one the key, where one is to blame.
fn pass(line: &[u8], intake: &mut Intake<'_>, rows: &mut Rows) -> Result<(), (Option<String>, Fault)> {
    let whole = |error: JsonPlayError| (error.key().map(str::to_owned), Fault::from(error));
    let play = JsonPlay::read(line).map_err(whole)?;
    let mut own = Said::default();
    for (at, switch) in intake.switches().iter().enumerate() {
        if play.consent().allows(switch) {
            own.say(at, true);
        }
        if play.refuses(switch) {
            own.say(at, false);
        }
    }
    let server = if intake.asks_servers() { play.name(SERVER).map_err(whole)? } else { None };
    let Passage::Consents(on) = intake.passage(own, server.as_deref()) else { return Ok(()) };
    let (policy, consent) = (intake.policy(), intake.consent(on));
    let held = play.values(policy, &consent, intake.as_of()).map_err(whole)?;
    let values = held.values();
    for ((value, kind), column) in values.iter().zip(policy.kinds()).zip(policy.columns()) {
        check(value, *kind).map_err(|fault| (Some(column.clone()), fault))?;
    }
    let unknown: Vec<&String> = held.unlisted.iter().filter(|key| !intake.knows_key(key)).collect();
    if let Some(key) = unknown.first().filter(|_| intake.is_strict()) {
        return Err((Some((*key).clone()), Fault::Unknown));
    }
    let (place, pattern) = intake.pattern(on, held.content);
    let is_withheld = pattern.is_withheld();
    let sender = match intake.sender_column().filter(|_| !is_withheld) {
        Some(key) => play.name(key).map_err(whole)?.filter(|name| !name.is_empty()),
        None => None,
    };
    let sender = sender.map(|name| intake.sender(&name));
    unknown.into_iter().for_each(|key| intake.note_dropped(shown(key)));
    if intake.accept(place) {
        rows.push(&values, place, sender);
    }
    Ok(())
}
