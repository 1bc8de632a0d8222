//! Tables of what a policy lets leave.

use std::borrow::Cow;

use super::column::Buckets;
use super::table::Table;
use crate::policy::{Consent, Day, Field, FieldType, Play, Policy, Sent, Value};
use crate::telemetry::plays::{Column, Number, Plays, Switch, Text, Texts};
use crate::utility::UtilityError;

/// A column of a table while it grows.
enum Growing {
    Text(Text, Texts),
    Number(Number, Buckets),
    /// What no question can ask for: a flag, or a column that plays don't have.
    Unasked,
}

/// One ping while its table grows: its fields by their place in the policy, and the column of each.
struct Ping<'p> {
    name: &'p str,
    fields: Vec<(&'p Field, Growing)>,
    leaves: Vec<bool>,
}

pub(super) fn tables<'a>(
    plays: &'a Plays,
    policy: &Policy,
    as_of: Day,
    on: &[String],
) -> Result<Vec<Table<'a>>, UtilityError> {
    let mut pings: Vec<Ping<'_>> = policy
        .pings()
        .into_iter()
        .map(|name| Ping {
            name,
            fields: policy.fields_of(name).map(|field| (field, growing(field))).collect(),
            leaves: Vec::with_capacity(plays.len()),
        })
        .collect();
    let columns: Vec<Option<Column>> = policy.columns().iter().map(|name| Column::named(name)).collect();
    let consents = consents(on);
    let mut values = vec![Value::Missing; columns.len()];
    for play in 0..plays.len() {
        for (value, column) in values.iter_mut().zip(&columns) {
            *value = value_of(plays, *column, play);
        }
        let consent = &consents[switched_on(plays, play)];
        let told = Play::new(&values);
        let sent = policy.generalize(&told, consent, as_of);
        let sent = sent.map_err(|problem| UtilityError::Play { play: play as u64 + 1, problem })?;
        for ping in &mut pings {
            ping.leaves.push(false);
        }
        for leaving in sent.pings() {
            let Some(ping) = pings.iter_mut().find(|ping| ping.name == leaving.name()) else { continue };
            if let Some(leaves) = ping.leaves.last_mut() {
                *leaves = true;
            }
            let mut left = leaving.fields().peekable();
            for (field, column) in &mut ping.fields {
                let sent = left.next_if(|(next, _)| std::ptr::eq(*next, *field));
                column.push(sent.map(|(_, sent)| sent));
            }
        }
        for ping in pings.iter_mut().filter(|ping| ping.leaves.last() == Some(&false)) {
            ping.fields.iter_mut().for_each(|(_, column)| column.push(None));
        }
    }
    Ok(pings.into_iter().map(|ping| ping.done(plays.len())).collect())
}

/// Of text where the field is text and plays have such a column, and so on. A field that never leaves is no column.
fn growing(field: &Field) -> Growing {
    match (Column::named(field.column()), field.kind) {
        _ if !field.is_emitted() => Growing::Unasked,
        (Some(Column::Text(text)), FieldType::Category) => Growing::Text(text, Texts::default()),
        (Some(Column::Number(number)), kind) if kind.dimension().is_some() => {
            Growing::Number(number, Buckets::default())
        }
        _ => Growing::Unasked,
    }
}

impl Growing {
    fn push(&mut self, sent: Option<Sent<'_>>) {
        match (self, sent) {
            (Self::Text(_, names), Some(Sent::Text(text))) => names.push(Some(text)),
            (Self::Text(_, names), _) => names.push(None),
            (Self::Number(_, buckets), Some(Sent::Number { representative, bucket })) => {
                buckets.push(Some((bucket, representative)));
            }
            (Self::Number(_, buckets), _) => buckets.push(None),
            (Self::Unasked, _) => {}
        }
    }
}

impl Ping<'_> {
    fn done<'a>(self, plays: usize) -> Table<'a> {
        let (mut texts, mut numbers) = (Vec::new(), Vec::new());
        for (_, column) in self.fields {
            match column {
                Growing::Text(text, names) => texts.push((text, Cow::Owned(names))),
                Growing::Number(number, buckets) => numbers.push((number, buckets.done())),
                Growing::Unasked => {}
            }
        }
        let leaves = Some(self.leaves).filter(|leaves| !leaves.iter().all(|leaves| *leaves));
        Table { name: self.name.to_owned(), plays, leaves, texts, numbers }
    }
}

fn value_of(plays: &Plays, column: Option<Column>, play: usize) -> Value<'_> {
    match column {
        Some(Column::Text(text)) => plays.text(text).get(play).map_or(Value::Missing, Value::Text),
        Some(Column::Number(number)) => {
            plays.number(number)[play].map_or(Value::Missing, |number| Value::Number(u64::from(number)))
        }
        Some(Column::Switch(switch)) => plays.switch(switch)[play].map_or(Value::Missing, Value::Flag),
        None => Value::Missing,
    }
}

/// Which switches of a play are on, a bit each.
pub(super) fn switched_on(plays: &Plays, play: usize) -> usize {
    let on = |(bit, switch): (usize, Switch)| usize::from(plays.switch(switch)[play] == Some(true)) << bit;
    Switch::ALL.into_iter().enumerate().map(on).sum()
}

/// The consent that each choice of switches is, those that are on for every play among it.
pub(super) fn consents(always: &[String]) -> Vec<Consent> {
    let always = always.iter().fold(Consent::none(), |consent, switch| consent.with(switch));
    let of = |on: usize| {
        let switches = Switch::ALL.into_iter().enumerate().filter(|(bit, _)| on >> bit & 1 == 1);
        switches.fold(always.clone(), |consent, (_, switch)| consent.with(switch.switch()))
    };
    (0..1 << Switch::ALL.len()).map(of).collect()
}
