//! What is done to the values of a play of which it is known what leaves: by kind of work, so that each kind is one
//! short loop without a branch that depends on a value.

use super::gates::Leaving;
use super::plan::{How, PingPlan, Step};
use super::{Consent, Content, Day, Field, FieldType, Policy, Value};
use crate::rounding::{Equal, Fast, Groups, Octaves, Ready};

/// What leaves of plays of one content, on one day, with some switches on.
#[derive(Clone, Debug, Default)]
pub(super) struct Program<'p> {
    /// How many values a play has.
    columns: usize,
    equal: Vec<Op<(Equal, &'p Ready)>>,
    few: Vec<Op<&'p Octaves<4>>>,
    slow: Vec<Op<&'p Ready>>,
    groups: Vec<Op<&'p Groups>>,
    texts: Vec<Op<()>>,
    flags: Vec<Op<()>>,
    pub pings: Vec<PingProgram<'p>>,
    /// How many values leave.
    leaving: usize,
}

/// What leaves of one ping.
#[derive(Clone, Debug)]
pub(super) struct PingProgram<'p> {
    pub plan: &'p PingPlan,
    /// Its fields: those that leave and come after those of the pings before.
    pub leaves: Vec<(&'p Field, &'p Step)>,
    /// The boxes all of whose fields leave.
    pub boxes: Vec<usize>,
}

/// One value from a column to a place among what leaves.
#[derive(Clone, Debug)]
struct Op<T> {
    from: u32,
    to: u32,
    by: T,
}

/// Why a play can't be told.
pub(super) enum Refusal<'p> {
    Columns,
    Room {
        wanted: usize,
        found: usize,
    },
    /// The first step whose value its field doesn't hold.
    Misfit(&'p Step),
}

impl<'p> Program<'p> {
    pub fn new(policy: &'p Policy, consent: &Consent, content: Content, as_of: Day) -> Self {
        let plan = policy.plan();
        let leaving = Leaving::new(&plan.gates, consent, content, as_of);
        let mut program = Self { columns: plan.columns.len(), ..Self::default() };
        for ping in &plan.pings {
            let mut leaves = Vec::new();
            for at in leaving.within(ping.steps.clone()) {
                let step = &plan.steps[at];
                let field = &policy.fields()[step.field];
                program.add(step, field.kind);
                leaves.push((field, step));
            }
            if !leaves.is_empty() {
                let asks = |place: &usize| ping.boxes[*place].iter().all(|asked| leaving.has(asked.step));
                let boxes = (0..ping.boxes.len()).filter(asks).collect();
                program.pings.push(PingProgram { plan: ping, leaves, boxes });
            }
        }
        program
    }

    fn add(&mut self, step: &'p Step, kind: FieldType) {
        // A policy is text in memory: it has fewer fields than a u32 counts.
        let (from, to) = (step.column as u32, self.leaving as u32);
        self.leaving += 1;
        match &step.how {
            How::Number(ready) => match ready.fast() {
                Fast::Equal(equal) => self.equal.push(Op { from, to, by: (equal.clone(), ready) }),
                Fast::Few(octaves) => self.few.push(Op { from, to, by: octaves }),
                Fast::Some(_) | Fast::No => self.slow.push(Op { from, to, by: ready }),
            },
            How::Groups(groups) => self.groups.push(Op { from, to, by: groups }),
            How::Keep if kind == FieldType::Flag => self.flags.push(Op { from, to, by: () }),
            // What is dropped doesn't leave.
            How::Keep | How::Drop => self.texts.push(Op { from, to, by: () }),
        }
    }

    /// Writes what leaves, one value for each of the fields. O(fields), without allocation.
    #[inline]
    pub fn run<'a>(&'a self, values: &[Value<'a>], room: &mut [Value<'a>]) -> Result<(), Refusal<'p>> {
        if values.len() != self.columns {
            return Err(Refusal::Columns);
        }
        let (wanted, found) = (self.leaving, room.len());
        if wanted > found {
            return Err(Refusal::Room { wanted, found });
        }
        let mut fit = numbers(&self.equal, values, room, |(equal, ready), number| {
            if Equal::tells(number) { equal.standing(number) } else { ready.standing_for(number) }
        });
        fit &= numbers(&self.few, values, room, |octaves, number| octaves.tell(number).0);
        fit &= numbers(&self.slow, values, room, |ready, number| ready.standing_for(number));
        fit &= texts(&self.groups, values, room, |groups, text| groups.name(text));
        fit &= texts(&self.texts, values, room, |(), text| text);
        for op in &self.flags {
            room[op.to as usize] = match values[op.from as usize] {
                Value::Flag(flag) => Value::Flag(flag),
                value => {
                    fit &= value == Value::Missing;
                    Value::Missing
                }
            };
        }
        if fit { Ok(()) } else { self.misfit(values).map_or(Ok(()), |step| Err(Refusal::Misfit(step))) }
    }

    /// The first step whose value its field doesn't hold.
    #[cold]
    fn misfit(&self, values: &[Value<'_>]) -> Option<&'p Step> {
        let leaves = self.pings.iter().flat_map(|ping| &ping.leaves);
        leaves.copied().find(|(field, step)| !field.kind.holds(values[step.column])).map(|(_, step)| step)
    }
}

/// Whether all values are numbers, or missing.
#[inline]
fn numbers<'a, T>(
    ops: &[Op<T>],
    values: &[Value<'a>],
    room: &mut [Value<'a>],
    tell: impl Fn(&T, u64) -> u64,
) -> bool {
    let mut fit = true;
    for op in ops {
        room[op.to as usize] = match &values[op.from as usize] {
            Value::Number(number) => Value::Number(tell(&op.by, *number)),
            value => {
                fit &= *value == Value::Missing;
                Value::Missing
            }
        };
    }
    fit
}

/// Whether all values are text, or missing.
#[inline]
fn texts<'a, T>(
    ops: &'a [Op<T>],
    values: &[Value<'a>],
    room: &mut [Value<'a>],
    tell: impl Fn(&'a T, &'a str) -> &'a str,
) -> bool {
    let mut fit = true;
    for op in ops {
        room[op.to as usize] = match &values[op.from as usize] {
            Value::Text(text) => Value::Text(tell(&op.by, text)),
            value => {
                fit &= *value == Value::Missing;
                Value::Missing
            }
        };
    }
    fit
}
