//! JSON lines: an object in each, blank lines aside. `consent` is an object of switches, as in what `apply` reads.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;

use super::TWO_SERVERS;
use super::json::Json;
use super::value::Given;
use crate::catalogue::CatalogueError;
use crate::catalogue::ingest::{Maps, Target};
use crate::catalogue::shown;
use crate::policy::{CONSENT, CONSENT_PREFIX};
use crate::telemetry::plays::import::by_line::by_line;
use crate::telemetry::plays::import::gather::Gathering;
use crate::telemetry::plays::import::{Fault, ImportError, Mapping};
use crate::telemetry::plays::{Column, Row, Text};

/// Why a line gives no play.
enum Wrong {
    /// The row is bad: the key at fault, where it is one's.
    Row(Option<String>, Fault),
    /// No row of its kind can be read.
    Table(ImportError),
}

pub(super) fn read(
    file: File,
    mapping: &Mapping,
    server: Option<&str>,
    gathering: &mut Gathering,
) -> Result<(), ImportError> {
    let mut lines =
        Lines { maps: &mapping.0, server, from: gathering.from().to_owned(), seen: BTreeSet::new() };
    by_line(file, gathering, |text, number, gathering| match lines.pass(text, number, gathering) {
        Ok(()) => Ok(()),
        Err(Wrong::Row(column, fault)) => gathering.refuse(number, column.as_deref(), fault),
        Err(Wrong::Table(error)) => Err(error),
    })?;
    match mapping.0.named().find(|name| !lines.seen.contains(*name)) {
        Some(name) => {
            let problem = format!("there is no such key in any line of {}", lines.from);
            Err(CatalogueError::Mapping { text: name.to_owned(), problem }.into())
        }
        None => Ok(()),
    }
}

struct Lines<'m> {
    maps: &'m Maps,
    server: Option<&'m str>,
    from: String,
    /// The mapped and ignored keys that some line has.
    seen: BTreeSet<&'m str>,
}

impl Lines<'_> {
    /// Adds the play of a line.
    fn pass(&mut self, line: &[u8], number: u64, gathering: &mut Gathering) -> Result<(), Wrong> {
        let syntax = |error: serde_json::Error| Wrong::Row(None, Fault::Json(format!("not JSON: {error}")));
        let Json::Object(entries) = serde_json::from_slice(line).map_err(syntax)? else {
            let problem = "a play is a JSON object, like {\"played_ms\": 5400000}";
            return Err(Wrong::Row(None, Fault::Json(problem.to_owned())));
        };
        let mut keys = BTreeSet::new();
        let mut values: Vec<(Column, Value<'_>)> = Vec::new();
        for (key, value) in &entries {
            match value {
                Json::Object(switches) if key == CONSENT => {
                    twice(&mut keys, key.clone())?;
                    for (switch, value) in switches {
                        let key = format!("{CONSENT_PREFIX}{switch}");
                        let value = self.value(&key, value, number)?;
                        twice(&mut keys, key)?;
                        values.extend(value);
                    }
                }
                Json::Null if key == CONSENT => twice(&mut keys, key.clone())?,
                value => {
                    let value = self.value(key, value, number)?;
                    twice(&mut keys, key.clone())?;
                    values.extend(value);
                }
            }
        }
        let mut row = Row::default();
        row[Text::Server] = self.server;
        for (column, value) in &values {
            match (*column, value) {
                (Column::Text(column), Value::Text(text)) => row[column] = text.as_deref(),
                (Column::Number(column), Value::Number(number)) => row[column] = *number,
                (Column::Switch(column), Value::Flag(flag)) => row[column] = *flag,
                // A column gets a value of its own kind.
                _ => {}
            }
        }
        gathering.accept(&row);
        Ok(())
    }

    /// What a key gives a play; nothing where it is ignored.
    fn value<'j>(
        &mut self,
        key: &str,
        json: &'j Json,
        number: u64,
    ) -> Result<Option<(Column, Value<'j>)>, Wrong> {
        if let Some(name) = self.maps.named().find(|name| *name == key) {
            self.seen.insert(name);
        }
        let at = || format!("{}, row {number}", self.from);
        let (name, scale) = match self.maps.target(key) {
            Target::Ours { name, scale } => (name, scale),
            Target::Ignored => return Ok(None),
            Target::Unknown => {
                let error = CatalogueError::UnknownColumn {
                    from: at(),
                    column: shown(key),
                    known: self.maps.known(),
                };
                return Err(Wrong::Table(error.into()));
            }
        };
        let given = match json {
            Json::Null => Given::Missing,
            Json::Flag(flag) => Given::Flag(*flag),
            Json::Whole(number) => Given::Whole(*number),
            Json::Decimal(number) => Given::Decimal(*number),
            Json::Text(text) => Given::Text(Cow::Borrowed(text)),
            Json::List | Json::Object(_) => Given::Nested,
        };
        let Some(column) = Column::named(name) else { return Ok(None) };
        if column == Column::Text(Text::Server) && self.server.is_some() {
            let error = ImportError::History { from: at(), problem: TWO_SERVERS.to_owned() };
            return Err(Wrong::Table(error));
        }
        let value = match column {
            Column::Text(_) => given.text().map(Value::Text),
            Column::Number(column) => given.number(column, scale).map(Value::Number),
            Column::Switch(_) => given.flag().map(Value::Flag),
        };
        value.map(|value| Some((column, value))).map_err(|fault| Wrong::Row(Some(key.to_owned()), fault))
    }
}

/// What a key gives a column.
enum Value<'j> {
    Text(Option<Cow<'j, str>>),
    Number(Option<u32>),
    Flag(Option<bool>),
}

fn twice(keys: &mut BTreeSet<String>, key: String) -> Result<(), Wrong> {
    if keys.contains(&key) {
        return Err(Wrong::Row(Some(key), Fault::Twice));
    }
    keys.insert(key);
    Ok(())
}
