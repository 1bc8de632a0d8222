//! What every reader asks of the run: which columns matter, whether a play may pass, and where bad rows go.

use std::collections::BTreeSet;

use super::admission::{Admission, Pattern};
use super::cells::Batch;
use super::consent::Said;
use super::engine::Outgoing;
use super::refusals::Refusals;
use super::release::Key;
use super::{ApplyError, Fault, Summary};
use crate::catalogue::shown;
use crate::policy::{CONSENT, CONSENT_PREFIX, CONTENT, Consent, Content, Day, Link, Policy};

/// The column and key of a play's server.
pub(super) const SERVER: &str = "server";
/// The column and key of its session.
pub(super) const SESSION: &str = "session";

/// The run as readers see it.
pub(super) struct Intake<'p> {
    policy: &'p Policy,
    admission: Admission<'p>,
    pings: Vec<Outgoing<'p>>,
    key: Key,
    strict: bool,
    refusals: Option<Refusals>,
    /// What was counted so far.
    summary: Summary,
    dropped: BTreeSet<String>,
    lacking: BTreeSet<String>,
}

/// What becomes of a play whose consent is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passage {
    /// Nothing else of it is looked at.
    OptedOut,
    /// What of it may leave is looked at next, and its content where that decides.
    Consents(u64),
}

/// The places of the columns that matter in a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Of each of the policy's columns.
    pub columns: Vec<Option<usize>>,
    /// Of each switch's column.
    pub consent: Vec<Option<usize>>,
    pub content: Option<usize>,
    pub server: Option<usize>,
    /// Of the column that identifiers hang on.
    pub sender: Option<usize>,
}

impl<'p> Intake<'p> {
    pub fn new(
        policy: &'p Policy,
        admission: Admission<'p>,
        pings: Vec<Outgoing<'p>>,
        key: Key,
        strict: bool,
        refusals: Option<Refusals>,
    ) -> Self {
        let (summary, dropped, lacking) = (Summary::default(), BTreeSet::new(), BTreeSet::new());
        Self { policy, admission, pings, key, strict, refusals, summary, dropped, lacking }
    }

    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The switches, the place being the bit.
    pub fn switches(&self) -> &[String] {
        &self.admission.board().switches
    }

    /// The name of the column that identifiers hang on, where there are any.
    pub fn sender_column(&self) -> Option<&'static str> {
        match self.policy.release.as_ref().map_or(Link::None, |release| release.link) {
            Link::None => None,
            Link::Server => Some(SERVER),
            Link::Session => Some(SESSION),
        }
    }

    /// Whether a play's server must be read to know its consent.
    pub fn asks_servers(&self) -> bool {
        self.admission.board().asks_servers()
    }

    /// Where in a table of that header the columns are that matter. The others are noted as dropped.
    ///
    /// # Errors
    /// [`ApplyError::Unknown`] and [`ApplyError::Lacking`] in a strict run, [`ApplyError::Table`] for a column that
    /// stands twice.
    pub fn layout(&mut self, from: &str, header: &[String]) -> Result<Layout, ApplyError> {
        let mut names = BTreeSet::new();
        if let Some(twice) = header.iter().find(|name| !names.insert(name.as_str())) {
            let problem = format!("the column `{}` stands twice: remove or rename one", shown(twice));
            return Err(ApplyError::Table { from: from.to_owned(), problem });
        }
        let place = |name: &str| header.iter().position(|column| column == name);
        let columns: Vec<Option<usize>> = self.policy.columns().iter().map(|name| place(name)).collect();
        let lacking = self.policy.columns().iter().zip(&columns).filter(|(_, place)| place.is_none());
        let lacking: Vec<String> = lacking.map(|(name, _)| name.clone()).collect();
        let unknown = header.iter().filter(|name| !self.knows(name)).map(|name| shown(name));
        let unknown: Vec<String> = unknown.collect();
        if self.strict && !unknown.is_empty() {
            return Err(ApplyError::Unknown { from: from.to_owned(), names: unknown });
        }
        if self.strict && !lacking.is_empty() {
            return Err(ApplyError::Lacking { from: from.to_owned(), names: lacking });
        }
        unknown.into_iter().for_each(|name| self.note_dropped(name));
        self.lacking.extend(lacking);
        let sender = self.sender_column();
        if let Some(name) = sender.filter(|name| place(name).is_none()) {
            let problem = format!(
                "[release] link = \"{name}\" needs the column `{name}`, which isn't there: add it, or link nothing"
            );
            return Err(ApplyError::Table { from: from.to_owned(), problem });
        }
        Ok(Layout {
            consent: self
                .switches()
                .iter()
                .map(|switch| place(&format!("{CONSENT_PREFIX}{switch}")))
                .collect(),
            content: place(CONTENT),
            server: self.asks_servers().then(|| place(SERVER)).flatten(),
            sender: sender.and_then(place),
            columns,
        })
    }

    /// Whether a column of a table means something to the policy or to this verb.
    fn knows(&self, name: &str) -> bool {
        name.starts_with(CONSENT_PREFIX) || self.knows_key(name)
    }

    /// Whether a key of a line of JSON does.
    pub fn knows_key(&self, name: &str) -> bool {
        [CONSENT, CONTENT, SERVER].contains(&name)
            || self.sender_column() == Some(name)
            || self.policy.columns().iter().any(|column| column == name)
    }

    /// Whether a key that the policy doesn't know is an error.
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    pub fn note_dropped(&mut self, name: String) {
        if self.dropped.len() < Summary::MOST {
            self.dropped.insert(name);
        } else {
            self.summary.dropped_more |= !self.dropped.contains(&name);
        }
    }

    /// Counts a play and says whether it passes, from its own word and its server's.
    pub fn passage(&mut self, own: Said, server: Option<&str>) -> Passage {
        let on = self.admission.board().on(own, server);
        if self.admission.consents(on) {
            return Passage::Consents(on);
        }
        self.summary.rows_in += 1;
        self.summary.opted_out += 1;
        Passage::OptedOut
    }

    /// Whether the content of a play of that consent is looked at.
    pub fn asks_content(&mut self, on: u64) -> bool {
        self.admission.asks_content(on)
    }

    /// A set of switches as the policy takes it.
    pub fn consent(&self, on: u64) -> Consent {
        self.admission.board().consent(on)
    }

    pub fn as_of(&self) -> Day {
        self.admission.as_of()
    }

    /// The pattern of a play that passed.
    pub fn pattern(&mut self, on: u64, content: Content) -> (u32, &Pattern) {
        let place = self.admission.place(on, content);
        (place, &self.admission.patterns[place as usize])
    }

    /// A pattern that was found before, in this batch.
    pub fn pattern_at(&self, place: u32) -> &Pattern {
        &self.admission.patterns[place as usize]
    }

    /// Counts a play that is let through; whether any of it leaves.
    pub fn accept(&mut self, pattern: u32) -> bool {
        let withheld = self.admission.patterns[pattern as usize].is_withheld();
        self.summary.rows_in += 1;
        self.summary.out += 1;
        self.summary.withheld += u64::from(withheld);
        !withheld
    }

    /// A sender's name as it is kept.
    pub fn sender(&self, name: &str) -> u128 {
        self.key.sender(name)
    }

    /// Counts a bad row and lists it; ends the run where there is no list.
    pub fn refuse(
        &mut self,
        from: &str,
        row: u64,
        column: Option<&str>,
        fault: Fault,
    ) -> Result<(), ApplyError> {
        let column = column.map(shown);
        let Some(refusals) = &mut self.refusals else {
            return Err(ApplyError::Row { from: from.to_owned(), row, column, fault });
        };
        self.summary.rows_in += 1;
        self.summary.refused += 1;
        let added = refusals.add(from, row, column.as_deref(), &fault);
        added.map_err(|source| ApplyError::Io { place: "the list of refused rows".to_owned(), source })
    }

    /// Hands a batch on. Patterns may be forgotten after it.
    pub fn take(&mut self, batch: &Batch) -> Result<(), ApplyError> {
        let patterns = &self.admission.patterns;
        self.pings
            .iter_mut()
            .try_for_each(|ping| if ping.is_void() { Ok(()) } else { ping.take(batch, patterns) })?;
        self.admission.begin_batch();
        Ok(())
    }

    /// Ends every output, and says what was done.
    pub fn finish(self) -> Result<Summary, ApplyError> {
        let Self { pings, refusals, mut summary, dropped, lacking, .. } = self;
        summary.pings = pings.into_iter().map(Outgoing::finish).collect::<Result<_, _>>()?;
        if let Some(refusals) = refusals {
            let done = refusals.finish();
            done.map_err(|source| ApplyError::Io { place: "the list of refused rows".to_owned(), source })?;
        }
        (summary.dropped, summary.lacking) = (dropped.into_iter().collect(), lacking.into_iter().collect());
        Ok(summary)
    }
}
