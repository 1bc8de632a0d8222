//! What leaves of a play, as a client reads it.

use super::plan::{How, Step};
use super::program::{PingProgram, Program};
use super::{Field, Other, Policy, Value};
use crate::rounding::{Bucket, Partition};

/// What leaves of one play, ping by ping: see [`Client::generalize`](super::Client::generalize).
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    policy: &'a Policy,
    program: &'a Program<'a>,
    values: &'a [Value<'a>],
    told: &'a [Value<'a>],
}

/// What leaves of one play in one ping.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingPing<'a> {
    policy: &'a Policy,
    ping: &'a PingProgram<'a>,
    told: &'a [Value<'a>],
    in_box: Option<usize>,
}

/// What leaves of one field.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingField<'a> {
    field: &'a Field,
    value: &'a Value<'a>,
    step: &'a Step,
}

impl<'a> Outgoing<'a> {
    #[inline]
    pub(super) fn new(
        policy: &'a Policy,
        program: &'a Program<'a>,
        values: &'a [Value<'a>],
        told: &'a [Value<'a>],
    ) -> Self {
        Self { policy, program, values, told }
    }

    /// The pings that leave, in the policy's order.
    #[inline]
    pub fn pings(self) -> impl Iterator<Item = OutgoingPing<'a>> {
        let Self { policy, program, values, mut told } = self;
        program.pings.iter().map(move |ping| {
            // There is a value for each field, so that none are missing.
            let (now, later) = told.split_at_checked(ping.leaves.len()).unwrap_or_default();
            told = later;
            let in_box = if ping.boxes.is_empty() { None } else { in_box(policy, ping, values) };
            OutgoingPing { policy, ping, told: now, in_box }
        })
    }
}

/// The first box of a ping that a play lies in.
#[inline(never)]
fn in_box(policy: &Policy, ping: &PingProgram<'_>, values: &[Value<'_>]) -> Option<usize> {
    let lies = |place: &&usize| policy.plan().lies_in(&ping.plan.boxes[**place], |column| values[column]);
    ping.boxes.iter().find(lies).copied()
}

impl<'a> OutgoingPing<'a> {
    /// Its name.
    #[inline]
    pub fn name(&self) -> &'a str {
        &self.ping.plan.name
    }

    /// Whether it leaves as the one symbol `other`, without fields.
    #[inline]
    pub fn is_other(&self) -> bool {
        self.in_box.is_some()
    }

    /// The first box of `[[other]]` that it lies in. O(boxes).
    pub fn in_box(&self) -> Option<&'a Other> {
        self.policy.box_of(&self.ping.plan.name, self.in_box?)
    }

    /// The fields that leave in it, in the policy's order, each with what leaves of it.
    #[inline]
    pub fn fields(self) -> impl Iterator<Item = OutgoingField<'a>> {
        let leaves = if self.is_other() { &[][..] } else { &self.ping.leaves };
        leaves.iter().zip(self.told).map(|((field, step), value)| OutgoingField { field, value, step })
    }
}

impl<'a> OutgoingField<'a> {
    /// The field.
    #[inline]
    pub fn field(&self) -> &'a Field {
        self.field
    }

    /// What leaves: of a number the one that stands for its bucket, of a category its name or its group's.
    #[inline]
    pub fn value(&self) -> &'a Value<'a> {
        self.value
    }

    /// The bucket that a number leaves as. What stands for it lies in it, so that it is found there when asked for.
    #[inline]
    pub fn bucket(&self) -> Option<Bucket> {
        match (&self.step.how, self.value) {
            (How::Number(ready), Value::Number(standing)) => Some(ready.bucket(*standing)),
            _ => None,
        }
    }
}
