//! Who has switched what on: a play's own word, its server's, and the caller's for all.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::ApplyError;
use crate::catalogue::{harmless, shown};
use crate::policy::{CONSENT_PREFIX, Consent, Policy};

/// What one party says of the switches of a policy, a bit for each: on, off, or neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    on: u64,
    off: u64,
}

impl Said {
    pub fn say(&mut self, switch: usize, on: bool) {
        if on { self.on |= 1 << switch } else { self.off |= 1 << switch }
    }
}

/// What each server has switched on or off, from a CSV: `server,consent_playback,..`, a cell `true`, `false` or empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Servers {
    from: PathBuf,
    /// The switches, and for each server what its cells say.
    switches: Vec<String>,
    said: HashMap<String, Vec<Option<bool>>>,
}

/// `true` or `false` in any case; nothing where empty.
pub(super) fn yes_or_no(cell: &[u8]) -> Option<Option<bool>> {
    match cell {
        b"" => Some(None),
        _ if cell.eq_ignore_ascii_case(b"true") => Some(Some(true)),
        _ if cell.eq_ignore_ascii_case(b"false") => Some(Some(false)),
        _ => None,
    }
}

impl Servers {
    /// Reads the file. O(file), which is held in memory: a line for each server.
    ///
    /// # Errors
    /// [`ApplyError::Table`] where it isn't such a CSV, with the row.
    pub fn read(path: &Path) -> Result<Self, ApplyError> {
        let from = harmless(&path.to_string_lossy());
        let wrong = |problem: String| ApplyError::Table { from: from.clone(), problem };
        let mut reader = csv::Reader::from_path(path).map_err(|error| wrong(error.to_string()))?;
        let header = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
        let mut names = header.iter();
        if names.next() != Some("server") {
            return Err(wrong("the first column must be `server`, the others `consent_SWITCH`".to_owned()));
        }
        let mut switches = Vec::new();
        for name in names {
            let switch =
                name.strip_prefix(CONSENT_PREFIX).filter(|switch| !switches.iter().any(|s| s == switch));
            let problem = || format!("column `{}` is no `consent_SWITCH`, or stands twice", shown(name));
            switches.push(switch.ok_or_else(|| wrong(problem()))?.to_owned());
        }
        let mut said = HashMap::new();
        for (row, record) in reader.records().enumerate() {
            let row = row + 1;
            let record = record.map_err(|error| wrong(format!("row {row}: {error}")))?;
            let cells = record.iter().skip(1).zip(&switches).map(|(cell, switch)| {
                let problem =
                    || format!("row {row}, column `{CONSENT_PREFIX}{switch}`: write true, false or nothing");
                yes_or_no(cell.as_bytes()).ok_or_else(|| wrong(problem()))
            });
            let cells = cells.collect::<Result<Vec<_>, _>>()?;
            if said.insert(record[0].to_owned(), cells).is_some() {
                return Err(wrong(format!("row {row}: the server stands twice; remove one")));
            }
        }
        Ok(Self { from: path.to_owned(), switches, said })
    }

    /// The file it was read from.
    pub fn from(&self) -> &Path {
        &self.from
    }
}

/// The switches of a policy, and what the caller and the servers say of them.
#[derive(Debug)]
pub(super) struct Switchboard {
    /// As the policy names them; the place is the bit.
    pub switches: Vec<String>,
    caller: Said,
    servers: Option<HashMap<String, Said>>,
}

impl Switchboard {
    pub fn new(policy: &Policy, consent: &[String], servers: Option<&Servers>) -> Result<Self, ApplyError> {
        let switches: Vec<String> = policy.switches().into_iter().map(str::to_owned).collect();
        if switches.len() > 64 {
            let problem =
                format!("the policy has {} switches, and 64 are the most there can be", switches.len());
            return Err(ApplyError::Asked(problem));
        }
        let mut caller = Said::default();
        for name in consent {
            let Some(switch) = switches.iter().position(|switch| switch == name) else {
                let known = if switches.is_empty() { "none".to_owned() } else { switches.join(", ") };
                let name = shown(name);
                return Err(ApplyError::Asked(format!(
                    "no field hangs on the switch `{name}`; the policy's are: {known}"
                )));
            };
            caller.say(switch, true);
        }
        let servers = servers.map(|servers| {
            let places: Vec<Option<usize>> = servers
                .switches
                .iter()
                .map(|name| switches.iter().position(|switch| switch == name))
                .collect();
            let each = servers.said.iter().map(|(server, cells)| {
                let mut said = Said::default();
                for (place, cell) in places.iter().zip(cells) {
                    if let (&Some(place), &Some(on)) = (place, cell) {
                        said.say(place, on);
                    }
                }
                (server.clone(), said)
            });
            each.collect()
        });
        Ok(Self { switches, caller, servers })
    }

    /// Whether a play's server must be known to tell what is on.
    pub fn asks_servers(&self) -> bool {
        self.servers.is_some()
    }

    /// The switches that are on for a play: those of which its own word, its server's or the caller's says on, and none
    /// says off.
    pub fn on(&self, own: Said, server: Option<&str>) -> u64 {
        let of_server =
            server.and_then(|server| self.servers.as_ref()?.get(server)).copied().unwrap_or_default();
        (own.on | of_server.on | self.caller.on) & !(own.off | of_server.off | self.caller.off)
    }

    /// A set of switches as the policy takes it.
    pub fn consent(&self, on: u64) -> Consent {
        let on = self.switches.iter().enumerate().filter(|(place, _)| on >> place & 1 == 1);
        on.fold(Consent::none(), |consent, (_, switch)| consent.with(switch))
    }
}
