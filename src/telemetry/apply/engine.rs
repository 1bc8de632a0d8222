//! From plays to pings: what of a batch leaves is collected ping by ping, and written in chunks of fixed size.
//!
//! Chunks, batches of the release and identifiers count pings that leave, never plays that came in: an opted-out play
//! moves none of them.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::admission::Pattern;
use super::cells::Batch;
use super::release::{Key, Links};
use super::told::{Chunk, LINK, Leaving, Told};
use super::write::Sink;
use super::{ApplyError, PingRows};
use crate::policy::{Columns, Day, Link, Policy};

/// Rows of a chunk, about: of whole batches of the release.
const CHUNK: usize = 262_144;
/// After so many rows, about, a chunk that holds much text may end early.
const STEP: usize = 8_192;
const BYTES: usize = 64 << 20;
/// Pings that a release may shuffle together: they are held in memory.
const MOST: usize = 1 << 20;

/// One ping on its way out.
pub(super) struct Outgoing<'p> {
    policy: &'p Policy,
    name: &'p str,
    /// Its place among the policy's pings.
    place: usize,
    /// The fields of which anything may ever leave, each with its place among the ping's rules.
    columns: Vec<(usize, Told<'p>)>,
    boxed: bool,
    other: Vec<bool>,
    links: Option<Links>,
    linked: Vec<Option<u128>>,
    shuffle: Option<(usize, ChaCha8Rng)>,
    step: usize,
    chunk: usize,
    rows: u64,
    sink: Option<Box<dyn Sink>>,
}

/// The pings of a policy, in its order.
///
/// # Errors
/// [`ApplyError::Asked`] where the release can't be done, or nothing of the policy may leave on that day.
pub(super) fn outgoing<'p>(
    policy: &'p Policy,
    shown: Columns,
    as_of: Day,
    key: &Key,
) -> Result<Vec<Outgoing<'p>>, ApplyError> {
    let release = policy.release.as_ref();
    let batch =
        release.filter(|release| release.shuffle).and_then(|release| release.batch).unwrap_or(1) as usize;
    if batch > MOST {
        let problem = format!(
            "[release] batch = {batch}: a batch that is shuffled is held in memory, and {MOST} pings are the most"
        );
        return Err(ApplyError::Asked(problem));
    }
    let link = release.map_or(Link::None, |release| release.link);
    let mut pings = Vec::new();
    for (place, name) in policy.pings().into_iter().enumerate() {
        let may_leave =
            |rule: &crate::policy::Rule<'_>| rule.field().is_emitted() && rule.field().expires > as_of;
        let columns: Vec<(usize, Told<'p>)> = policy
            .rules(name)
            .enumerate()
            .filter(|(_, rule)| may_leave(rule))
            .map(|(at, rule)| (at, Told::new(rule, shown)))
            .collect();
        if link != Link::None
            && columns.iter().any(|(_, told)| told.field().outgoing().iter().any(|c| c == LINK))
        {
            let problem = format!(
                "a field of ping `{name}` leaves as column `{LINK}`, which [release] link needs for identifiers: rename it"
            );
            return Err(ApplyError::Asked(problem));
        }
        let rotate = release.map_or(0, |release| release.rotate);
        let shuffle = release.is_some_and(|release| release.shuffle);
        let step = batch * (STEP / batch).max(1);
        pings.push(Outgoing {
            policy,
            name,
            place,
            columns,
            boxed: policy.others().iter().any(|other| other.ping() == name),
            other: Vec::new(),
            links: (link != Link::None).then(|| Links::new(key, name, rotate, Links::MOST)),
            linked: Vec::new(),
            shuffle: shuffle.then(|| (batch, key.stream(&format!("shuffle/{name}")))),
            step,
            chunk: step * (CHUNK / step).max(1),
            rows: 0,
            sink: None,
        });
    }
    if pings.iter().all(|ping| ping.columns.is_empty()) {
        let problem =
            format!("nothing of the policy may leave on {as_of}: every field is dropped or has expired");
        return Err(ApplyError::Asked(problem));
    }
    Ok(pings)
}

impl<'p> Outgoing<'p> {
    /// Whether nothing of it may ever leave, so that it has no output.
    pub fn is_void(&self) -> bool {
        self.columns.is_empty()
    }

    /// Where it is written.
    pub fn open(
        &mut self,
        open: impl FnOnce(&Chunk<'_>) -> Result<Box<dyn Sink>, ApplyError>,
    ) -> Result<(), ApplyError> {
        self.sink = Some(self.with_chunk(&[], open)?);
        Ok(())
    }

    fn with_chunk<T>(&self, order: &[u32], with: impl FnOnce(&Chunk<'_>) -> T) -> T {
        let columns: Vec<&Told<'_>> = self.columns.iter().map(|(_, told)| told).collect();
        with(&Chunk {
            columns: &columns,
            other: self.boxed.then_some(&self.other),
            links: self.links.as_ref().map(|_| &self.linked[..]),
            order,
            is_in_order: self.shuffle.is_none(),
        })
    }

    /// Adds what leaves of a batch.
    pub fn take(&mut self, batch: &Batch, patterns: &[Pattern]) -> Result<(), ApplyError> {
        let sent: Vec<bool> =
            patterns.iter().map(|pattern| pattern.leaves[self.place].contains(&true)).collect();
        let plays = batch.rows.iter().zip(&batch.patterns).enumerate();
        let plays = plays.filter(|(_, (_, pattern))| sent[**pattern as usize]);
        let (mut leaving, mut places) = (Vec::with_capacity(batch.rows.len()), Vec::new());
        for (place, (&row, &pattern)) in plays {
            let other = self.boxed && {
                let leaves = &patterns[pattern as usize].leaves[self.place];
                let value = |column: usize| batch.columns[column].value(row as usize);
                self.policy.is_boxed(self.name, |rule| leaves[rule], value)
            };
            leaving.push(Leaving { row, pattern, other });
            if self.links.is_some() {
                places.push(place);
            }
        }
        let (mut leaving, mut places) = (&leaving[..], &places[..]);
        while !leaving.is_empty() {
            let room = self.step - self.held() % self.step;
            let (now, later) = leaving.split_at(room.min(leaving.len()));
            if let Some(links) = &mut self.links {
                let (these, others) = places.split_at(now.len());
                self.linked
                    .extend(these.iter().map(|&at| batch.senders[at].map(|sender| links.next(sender))));
                places = others;
            }
            self.add(now, batch, patterns);
            leaving = later;
            if self.held().is_multiple_of(self.step) && self.is_full() {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Rows that are held.
    fn held(&self) -> usize {
        self.columns.first().map_or(0, |(_, told)| told.states.len())
    }

    fn is_full(&self) -> bool {
        self.held() >= self.chunk || self.columns.iter().map(|(_, told)| told.bytes()).sum::<usize>() >= BYTES
    }

    fn add(&mut self, leaving: &[Leaving], batch: &Batch, patterns: &[Pattern]) {
        if self.boxed {
            self.other.extend(leaving.iter().map(|play| play.other));
        }
        let place = self.place;
        self.columns.par_iter_mut().for_each(|(rule, told)| {
            let leaves: Vec<bool> = patterns.iter().map(|pattern| pattern.leaves[place][*rule]).collect();
            let column = told.rule.column();
            told.extend(&batch.columns[column], leaving, |pattern| leaves[pattern as usize]);
        });
    }

    fn flush(&mut self) -> Result<(), ApplyError> {
        let held = self.held();
        let mut order: Vec<u32> = (0..held as u32).collect();
        if let Some((batch, stream)) = &mut self.shuffle {
            order.chunks_mut(*batch).for_each(|batch| batch.shuffle(stream));
        }
        if let Some(mut sink) = self.sink.take() {
            self.with_chunk(&order, |chunk| sink.chunk(chunk))?;
            self.sink = Some(sink);
        }
        self.rows += held as u64;
        self.columns.iter_mut().for_each(|(_, told)| told.clear());
        self.other.clear();
        self.linked.clear();
        Ok(())
    }

    /// Writes what is held and ends the output.
    pub fn finish(mut self) -> Result<PingRows, ApplyError> {
        if self.held() > 0 {
            self.flush()?;
        }
        if let Some(sink) = self.sink.take() {
            sink.finish()?;
        }
        Ok(PingRows { ping: self.name.to_owned(), rows: self.rows })
    }
}
