//! A policy made ready: every text of it read once, so that a play meets only numbers.

use super::consent::Switch;
use super::gates::Gates;
use super::{Condition, Field, FieldType, NamedRepresentative, Other, PolicyError, Representative, Value};
use crate::rounding::{Groups, Partition, Ready, Rounding, Standing};

/// What [`Policy::generalize`](super::Policy::generalize) follows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    /// The columns that fields come from, each once.
    pub columns: Vec<String>,
    /// What is read of each.
    pub kinds: Vec<FieldType>,
    /// The fields, ping by ping in the order of the pings.
    pub steps: Vec<Step>,
    /// What each of them must pass to leave.
    pub gates: Gates,
    pub pings: Vec<PingPlan>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct PingPlan {
    pub name: String,
    /// Its steps.
    pub steps: std::ops::Range<usize>,
    pub boxes: Vec<Vec<Asked>>,
}

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// Its number among the policy's fields.
    pub field: usize,
    pub column: usize,
    pub how: How,
}

/// What is done to a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum How {
    Number(Box<Ready>),
    Groups(Groups),
    Keep,
    Drop,
}

/// What a box asks of a step of its ping.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub step: usize,
    pub condition: Condition,
}

impl Plan {
    /// The plan of fields and boxes that were checked, but for representatives. O(fields^2).
    ///
    /// # Errors
    /// [`PolicyError::Representative`], [`PolicyError::ColumnType`], and whatever [`Other::conditions`] refuses, each
    /// with the number of the field or box that is to blame.
    pub fn new(fields: &[Field], others: &[Other]) -> Result<Self, (Blame, PolicyError)> {
        let mut plan = Self {
            columns: Vec::new(),
            kinds: Vec::new(),
            steps: Vec::new(),
            gates: Gates::default(),
            pings: Vec::new(),
        };
        for field in fields {
            if !plan.pings.iter().any(|ping| ping.name == field.ping) {
                plan.pings.push(PingPlan { name: field.ping.clone(), steps: 0..0, boxes: Vec::new() });
            }
        }
        for ping in 0..plan.pings.len() {
            let (from, name) = (plan.steps.len(), plan.pings[ping].name.clone());
            for (at, field) in fields.iter().enumerate().filter(|(_, field)| field.ping == name) {
                let step = plan.step(at, field).map_err(|error| (Blame::Field(at), error))?;
                let until = field.is_emitted().then_some(field.expires);
                let switch = Switch::named(&field.consent);
                plan.gates.push(switch, field.content, until, (step.column, field.kind));
                plan.steps.push(step);
            }
            plan.pings[ping].steps = from..plan.steps.len();
        }
        for (at, other) in others.iter().enumerate() {
            let conditions = other.conditions(fields).map_err(|error| (Blame::Other(at), error))?;
            // The conditions name fields of the ping, or they would have been refused.
            let asked = conditions.into_iter().filter_map(|(field, condition)| {
                let place = fields.iter().position(|other| std::ptr::eq(other, field))?;
                let step = plan.steps.iter().position(|step| step.field == place)?;
                Some(Asked { step, condition })
            });
            let asked = asked.collect();
            if let Some(ping) = plan.pings.iter_mut().find(|ping| ping.name == other.ping()) {
                ping.boxes.push(asked);
            }
        }
        Ok(plan)
    }

    /// The number of the first box of a ping in which a play lies. `leaves` tells whether the field of a step may leave:
    /// a box asks only where all its fields may. `value` tells what a column holds. O(conditions).
    #[inline]
    pub fn box_of<'v>(
        &self,
        ping: &PingPlan,
        leaves: impl Fn(usize) -> bool,
        value: impl Fn(usize) -> Value<'v>,
    ) -> Option<usize> {
        let asks = |asked: &Vec<Asked>| asked.iter().all(|asked| leaves(asked.step));
        ping.boxes.iter().position(|asked| asks(asked) && self.lies_in(asked, &value))
    }

    /// Whether a play lies in a box all of whose fields leave. O(conditions).
    #[inline]
    pub fn lies_in<'v>(&self, asked: &[Asked], value: impl Fn(usize) -> Value<'v>) -> bool {
        let met = |asked: &Asked| {
            let step = &self.steps[asked.step];
            meets(&asked.condition, step, value(step.column))
        };
        asked.iter().all(met)
    }

    fn step(&mut self, at: usize, field: &Field) -> Result<Step, PolicyError> {
        let known = self.columns.iter().position(|column| column == field.column());
        let column = known.unwrap_or(self.columns.len());
        if known.is_none() {
            self.columns.push(field.column().to_owned());
            self.kinds.push(field.kind);
        } else if self.kinds[column] != field.kind {
            return Err(PolicyError::ColumnType {
                column: field.column().to_owned(),
                field: field.name.clone(),
            });
        }
        let refuse = |source| PolicyError::Rounding {
            field: field.name.clone(),
            ping: field.ping.clone(),
            source: Box::new(source),
        };
        let how = match field.parsed_rounding().map_err(refuse)? {
            _ if !field.is_emitted() => How::Drop,
            Some(rounding) => {
                let standing = standing(field, &rounding)?;
                How::Number(Box::new(Ready::new(rounding, standing)))
            }
            None => field.parsed_groups().map_err(refuse)?.map_or(How::Keep, How::Groups),
        };
        Ok(Step { field: at, column, how })
    }
}

fn meets(condition: &Condition, step: &Step, value: Value<'_>) -> bool {
    match (condition, value) {
        (Condition::Range(range), Value::Number(number)) => range.contains(number),
        (Condition::Missing, value) => value == Value::Missing,
        (Condition::AnyOf(names), Value::Missing) => names.contains(&None),
        (Condition::AnyOf(names), Value::Text(text)) => {
            let text = match &step.how {
                How::Groups(groups) => groups.name(text),
                _ => text,
            };
            names.iter().flatten().any(|name| name == text)
        }
        (Condition::AnyOf(names), Value::Flag(flag)) => {
            names.iter().flatten().any(|name| name == if flag { "true" } else { "false" })
        }
        (Condition::AnyOf(_), Value::Number(_)) | (Condition::Range(_), _) => false,
    }
}

/// Which part of a policy is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blame {
    Field(usize),
    Other(usize),
}

pub(super) fn standing(field: &Field, rounding: &Rounding) -> Result<Standing, PolicyError> {
    let table = match &field.representative {
        Representative::Midpoint | Representative::Named(NamedRepresentative::Midpoint) => {
            return Ok(Standing::Midpoint);
        }
        Representative::Named(NamedRepresentative::Lower) => return Ok(Standing::Lower),
        Representative::PerOpenBucket(table) => table,
    };
    let refuse = |problem: String| PolicyError::Representative {
        field: field.name.clone(),
        ping: field.ping.clone(),
        problem,
    };
    let dimension = rounding.dimension();
    let last = rounding.bucket(u64::MAX);
    let mut entries = table.iter();
    let (Some((key, value)), None) = (entries.next(), entries.next()) else {
        return Err(refuse(format!(
            "the one open bucket begins at {}: name it alone",
            dimension.compact(last.from)
        )));
    };
    let number = |text: &str| dimension.parse(text).map_err(|error| refuse(error.to_string()));
    if number(key)? != last.from {
        return Err(refuse(format!(
            "no open bucket begins at {key}; the one there is begins at {}",
            dimension.compact(last.from)
        )));
    }
    let value_at = number(value)?;
    if !last.contains(value_at) {
        return Err(refuse(format!(
            "{value} does not lie in the open bucket from {key}: choose one that does"
        )));
    }
    Ok(Standing::Open(value_at))
}
