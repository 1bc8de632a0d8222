//! A policy applied column by column: the same plan that [`Policy::generalize`] follows play by play.

use super::plan::{How, Step};
use super::{Field, Policy, Value};
use crate::rounding::Bucket;

/// How one field is told, ready for a whole column.
///
/// It tells what *would* leave; whether anything does is said by [`Policy::withheld`].
#[derive(Clone, Copy, Debug)]
pub struct Rule<'p> {
    field: &'p Field,
    step: &'p Step,
}

impl Policy {
    /// The rules of one ping, in the policy's order; none of a ping that isn't there.
    pub fn rules<'p>(&'p self, ping: &str) -> impl Iterator<Item = Rule<'p>> {
        let plan = self.plan().pings.iter().find(|plan| plan.name == ping);
        let steps = plan.map_or(&[][..], |plan| &self.plan().steps[plan.steps.clone()]);
        steps.iter().map(|step| Rule { field: &self.fields()[step.field], step })
    }

    /// Whether a play lies in a box of that ping, and so leaves as the one symbol. `leaves` tells whether the field of
    /// a rule, by its place among [`Policy::rules`] of the ping, may leave; `value` what the play holds, by the place of
    /// the column among [`Policy::columns`]. O(conditions).
    pub fn is_boxed<'v>(
        &self,
        ping: &str,
        leaves: impl Fn(usize) -> bool,
        value: impl Fn(usize) -> Value<'v>,
    ) -> bool {
        let Some(plan) = self.plan().pings.iter().find(|plan| plan.name == ping) else { return false };
        self.plan().box_of(plan, |step| leaves(step - plan.steps.start), value).is_some()
    }
}

impl<'p> Rule<'p> {
    /// The field.
    pub fn field(&self) -> &'p Field {
        self.field
    }

    /// The place of its column among [`Policy::columns`].
    pub fn column(&self) -> usize {
        self.step.column
    }

    /// The name that stands for a value of a category: its group's, where there are groups. O(log values).
    pub fn name<'v>(&self, text: &'v str) -> &'v str
    where
        'p: 'v,
    {
        match &self.step.how {
            How::Groups(groups) => groups.name(text),
            _ => text,
        }
    }

    /// What is told of a column of numbers, in order: the number that stands for each, and its bucket. Nothing where
    /// the field is no number, or dropped. O(values) buckets.
    pub fn numbers(&self, values: impl IntoIterator<Item = u64>, mut tell: impl FnMut(u64, Bucket)) {
        if let How::Number(ready) = &self.step.how {
            values.into_iter().map(|value| ready.tell(value)).for_each(|(standing, b)| tell(standing, b));
        }
    }
}
