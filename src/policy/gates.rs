//! Which fields of a play may leave: asked once for a play, and held as bits.

use std::ops::Range;

use super::consent::Switch;
use super::{Consent, Content, Day, FieldType, Value};

/// What some fields must pass to leave. Most policies have one or two, whatever their fields.
#[derive(Clone, Debug, PartialEq)]
struct Gate {
    /// The bits of [`Consent::bits`], one of which must be on; none for a switch of one's own.
    switch: u8,
    /// The kinds of content, as bits.
    content: u8,
    /// The day, as a number, from which it is shut; 0 for what never leaves.
    until: u32,
    own: Option<String>,
    /// The steps behind it that have a bit.
    steps: u64,
}

/// What is read of a step.
#[derive(Clone, Debug, PartialEq)]
struct Read {
    column: u32,
    gate: u32,
}

/// The gates of a policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Gates {
    gates: Vec<Gate>,
    /// Step by step.
    reads: Vec<Read>,
    /// The kinds of value that each column holds, as bits.
    holds: Vec<u8>,
}

/// Steps that have a bit; what comes after them is asked again whenever it is needed.
const BITS: usize = 64;

/// Which steps leave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaving<'a> {
    bits: u64,
    gates: &'a Gates,
    key: Key<'a>,
}

/// What gates are asked with. Day, switches and content are one word: a processor waits for parts of a word that were
/// written one by one when the whole is copied.
#[derive(Clone, Copy, Debug)]
struct Key<'a> {
    consent: &'a Consent,
    word: u64,
}

impl Key<'_> {
    #[inline]
    fn day(&self) -> u32 {
        self.word as u32
    }

    #[inline]
    fn switches(&self) -> u8 {
        (self.word >> 32) as u8
    }

    #[inline]
    fn content(&self) -> u8 {
        (self.word >> 40) as u8
    }
}

/// Some steps that leave, in order.
pub(super) struct Within<'a> {
    bits: u64,
    /// Those that have no bit.
    rest: Range<usize>,
    of: Leaving<'a>,
}

impl Gates {
    pub fn push(
        &mut self,
        switch: &Switch,
        content: Option<Content>,
        until: Option<Day>,
        (column, kind): (usize, FieldType),
    ) {
        let (switch, own) = match switch {
            Switch::Essential => (Consent::ESSENTIAL_BIT, None),
            Switch::Known(bit) => (*bit, None),
            Switch::Own(name) => (0, Some(name.clone())),
        };
        let (until, content) = (until.map_or(0, Day::number), content.map_or(u8::MAX, bit));
        let same = |held: &Gate| {
            (held.switch, held.content, held.until, &held.own) == (switch, content, until, &own)
        };
        let gate = self.gates.iter().position(same).unwrap_or(self.gates.len());
        if gate == self.gates.len() {
            self.gates.push(Gate { switch, content, until, own, steps: 0 });
        }
        let step = self.reads.len();
        self.gates[gate].steps |= if step < BITS { 1 << step } else { 0 };
        self.reads.push(Read { column: column as u32, gate: gate as u32 });
        // A column is read as one type.
        self.holds.resize(self.holds.len().max(column + 1), 0);
        self.holds[column] = holds(kind);
    }
}

impl Gate {
    #[inline]
    fn is_open(&self, key: &Key<'_>) -> bool {
        let open = (self.content & key.content() != 0) & (key.day() < self.until);
        open && (self.switch & key.switches() != 0
            || self.own.as_ref().is_some_and(|own| key.consent.has_own(own)))
    }
}

#[inline]
fn bit(content: Content) -> u8 {
    match content {
        Content::Personal => 1,
        Content::Provided => 2,
    }
}

/// The kinds of value that a field of a type holds.
fn holds(kind: FieldType) -> u8 {
    let of_each_kind = [Value::Missing, Value::Number(0), Value::Text(""), Value::Flag(false)];
    of_each_kind.into_iter().filter(|value| kind.holds(*value)).fold(0, |all, value| all | kind_of(value))
}

#[inline]
fn kind_of(value: Value<'_>) -> u8 {
    match value {
        Value::Missing => 1,
        Value::Number(_) => 2,
        Value::Text(_) => 4,
        Value::Flag(_) => 8,
    }
}

impl<'a> Leaving<'a> {
    /// O(gates), without allocation.
    #[inline]
    pub fn new(gates: &'a Gates, consent: &'a Consent, content: Content, as_of: Day) -> Self {
        let word =
            u64::from(as_of.number()) | u64::from(consent.bits()) << 32 | u64::from(bit(content)) << 40;
        let key = Key { consent, word };
        let open = gates.gates.iter().filter(|gate| gate.is_open(&key));
        let bits = open.fold(0, |steps, gate| steps | gate.steps);
        Self { bits, gates, key }
    }

    #[inline]
    pub fn has(&self, step: usize) -> bool {
        if step < BITS {
            self.bits >> step & 1 != 0
        } else {
            let gate = self.gates.reads[step].gate;
            self.gates.gates[gate as usize].is_open(&self.key)
        }
    }

    /// Those of a range of steps that leave.
    #[inline]
    pub fn within(self, steps: Range<usize>) -> Within<'a> {
        let below = |end: usize| if end < BITS { (1u64 << end) - 1 } else { u64::MAX };
        let bits = self.bits & below(steps.end) & !below(steps.start);
        Within { bits, rest: steps.start.max(BITS)..steps.end, of: self }
    }

    /// Whether nothing leaves. Where it says no, something may.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.bits == 0 && self.gates.reads.len() <= BITS
    }

    /// The first step that leaves and whose value its field doesn't hold. There is a value for each column.
    #[inline]
    pub fn misfit(&self, values: &[Value<'_>]) -> Option<usize> {
        // What doesn't leave is looked at as well, which costs less than to ask; it is forgiven afterwards.
        let misfits = |(value, holds): (&Value<'_>, &u8)| kind_of(*value) & !holds;
        let any = values.iter().zip(&self.gates.holds).fold(0, |all, column| all | misfits(column));
        if any == 0 { None } else { self.first_misfit(values) }
    }

    #[cold]
    fn first_misfit(&self, values: &[Value<'_>]) -> Option<usize> {
        let misfits = |step: usize| {
            let column = self.gates.reads[step].column as usize;
            kind_of(values[column]) & self.gates.holds[column] == 0
        };
        self.within(0..self.gates.reads.len()).find(|&step| misfits(step))
    }
}

impl Iterator for Within<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.bits != 0 {
            let step = self.bits.trailing_zeros() as usize;
            self.bits &= self.bits - 1;
            return Some(step);
        }
        if self.rest.is_empty() {
            return None;
        }
        self.rest.find(|&step| self.of.has(step))
    }
}
