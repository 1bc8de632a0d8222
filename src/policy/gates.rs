//! Which fields of a play may leave: asked once for a play, and held as bits.

use std::ops::Range;

use super::consent::Switch;
use super::{Consent, Content, Day, FieldType, Value};

/// What some fields must pass to leave. Most policies have one or two, whatever their fields.
#[derive(Clone, Debug, PartialEq)]
struct Gate {
    switch: Switch,
    content: Option<Content>,
    /// The day from which it is shut; none for what never leaves.
    until: Option<Day>,
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
    /// The steps that leave before any gate shuts, by [`Key::place`], those behind switches of one's own aside.
    open: [u64; PLACES],
    /// The day, as a number, on which the first gate shuts.
    until: u32,
    /// Whether there are gates behind switches of one's own.
    has_own: bool,
    /// Step by step.
    reads: Vec<Read>,
    /// The kinds of value that each column doesn't hold, as bits.
    misfits: Vec<u8>,
}

/// Steps that have a bit; what comes after them is asked again whenever it is needed.
pub(super) const BITS: usize = 64;

/// The ways in which named switches and content can be.
const PLACES: usize = 2 << Consent::NAMED;

/// Which steps leave. What looks at it apart is given its words, or it would be written to memory and copied there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaving<'a> {
    bits: u64,
    gates: &'a Gates,
    key: Key<'a>,
}

/// What gates are asked with.
#[derive(Clone, Copy, Debug)]
struct Key<'a> {
    consent: &'a Consent,
    content: Content,
    as_of: Day,
}

impl Key<'_> {
    #[inline]
    fn place(&self) -> usize {
        place(self.consent.named(), self.content)
    }
}

#[inline]
fn place(named: u8, content: Content) -> usize {
    (usize::from(named) << 1 | usize::from(content == Content::Provided)) % PLACES
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
        switch: Switch,
        content: Option<Content>,
        until: Option<Day>,
        (column, kind): (usize, FieldType),
    ) {
        let same = |held: &Gate| held.switch == switch && (held.content, held.until) == (content, until);
        let step = self.reads.len();
        let bit = if step < BITS { 1 << step } else { 0 };
        let gate = self.gates.iter().position(same).unwrap_or(self.gates.len());
        if let (Some(until), false) = (until, matches!(switch, Switch::Own(_))) {
            self.until = if self.until == 0 { until.number() } else { self.until.min(until.number()) };
            for content in Content::ALL.into_iter().filter(|kind| content.is_none_or(|of| of == *kind)) {
                let on = (0..1u8 << Consent::NAMED).filter(|named| Consent::has_named(*named, &switch));
                on.for_each(|named| self.open[place(named, content)] |= bit);
            }
        }
        if gate == self.gates.len() {
            if matches!(switch, Switch::Own(_)) {
                self.has_own = true;
            }
            self.gates.push(Gate { switch, content, until, steps: 0 });
        }
        self.gates[gate].steps |= bit;
        self.reads.push(Read { column: column as u32, gate: gate as u32 });
        // A column is read as one type.
        self.misfits.resize(self.misfits.len().max(column + 1), 0);
        self.misfits[column] = misfits(kind);
    }

    #[inline]
    fn leaving(&self, key: &Key<'_>) -> u64 {
        if self.has_own || key.as_of.number() >= self.until {
            return self.asked(key.consent, key.content, key.as_of);
        }
        self.open[key.place()]
    }

    /// The steps behind gates that are open.
    #[inline(never)]
    fn asked(&self, consent: &Consent, content: Content, as_of: Day) -> u64 {
        let key = Key { consent, content, as_of };
        self.gates.iter().filter(|gate| gate.is_open(&key)).fold(0, |steps, gate| steps | gate.steps)
    }

    /// Whether the gate of a step is open.
    #[inline(never)]
    fn passes(&self, step: usize, consent: &Consent, content: Content, as_of: Day) -> bool {
        self.gates[self.reads[step].gate as usize].is_open(&Key { consent, content, as_of })
    }

    /// The first step whose value its field doesn't hold, among those that leave.
    #[cold]
    fn first_misfit(&self, values: &[Value<'_>], mut within: Within<'_>) -> Option<usize> {
        let misfits = |step: usize| {
            let column = self.reads[step].column as usize;
            kind_of(values[column]) & self.misfits[column] != 0
        };
        within.find(|&step| misfits(step))
    }
}

impl Gate {
    fn is_open(&self, key: &Key<'_>) -> bool {
        self.content.is_none_or(|content| content == key.content)
            && self.until.is_some_and(|until| key.as_of < until)
            && key.consent.has(&self.switch)
    }
}

/// The kinds of value that a field of a type doesn't hold.
fn misfits(kind: FieldType) -> u8 {
    let of_each_kind = [Value::Missing, Value::Number(0), Value::Text(""), Value::Flag(false)];
    of_each_kind.into_iter().filter(|value| !kind.holds(*value)).fold(0, |all, value| all | kind_of(value))
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
    /// O(1), and O(gates) once one has shut or where switches are one's own; without allocation.
    #[inline]
    pub fn new(gates: &'a Gates, consent: &'a Consent, content: Content, as_of: Day) -> Self {
        let key = Key { consent, content, as_of };
        Self { bits: gates.leaving(&key), gates, key }
    }

    #[inline]
    pub fn has(&self, step: usize) -> bool {
        if step < BITS {
            self.bits >> step & 1 != 0
        } else {
            let Key { consent, content, as_of } = self.key;
            self.gates.passes(step, consent, content, as_of)
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
        let misfits = |(value, misfits): (&Value<'_>, &u8)| kind_of(*value) & misfits;
        let any = values.iter().zip(&self.gates.misfits).fold(0, |all, column| all | misfits(column));
        if any == 0 { None } else { self.gates.first_misfit(values, self.within(0..self.gates.reads.len())) }
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
        let of = self.of;
        self.rest.find(|&step| of.has(step))
    }
}
