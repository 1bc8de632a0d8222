//! What leaves, as columns: what the engine makes and every writer takes.

use crate::policy::{Columns, Field, FieldType, Rule, Value};
use crate::rounding::Bucket;

use super::cells::Cells;

/// What is in a cell that leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing leaves of the field for this play, or the play leaves as the one symbol.
    Withheld,
    /// The value is missing.
    Missing,
    /// A value.
    Known,
}

/// One field of a ping, as a column that grows.
#[derive(Debug)]
pub(super) struct Told<'p> {
    pub rule: Rule<'p>,
    pub states: Vec<State>,
    pub body: Body,
}

/// The values; what stands in a cell that isn't known means nothing.
#[derive(Debug)]
pub(super) enum Body {
    /// The number that stands for the bucket; and the bucket, where its edges are asked for.
    Numbers(Vec<u64>, Option<Vec<Bucket>>),
    /// The texts one after another, and where each ends.
    Texts(String, Vec<usize>),
    Flags(Vec<bool>),
}

/// The plays of a batch that leave in a ping: row, pattern, and whether as the one symbol.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaving {
    pub row: u32,
    pub pattern: u32,
    pub other: bool,
}

impl<'p> Told<'p> {
    pub fn new(rule: Rule<'p>, columns: Columns) -> Self {
        let edges = (columns.interval || columns.label).then(Vec::new);
        let body = match rule.field().kind {
            FieldType::Category => Body::Texts(String::new(), Vec::new()),
            FieldType::Flag => Body::Flags(Vec::new()),
            _ => Body::Numbers(Vec::new(), edges),
        };
        Self { rule, states: Vec::new(), body }
    }

    pub fn field(&self) -> &'p Field {
        self.rule.field()
    }

    /// Bytes of text so far.
    pub fn bytes(&self) -> usize {
        if let Body::Texts(text, _) = &self.body { text.len() } else { 0 }
    }

    pub fn clear(&mut self) {
        self.states.clear();
        match &mut self.body {
            Body::Numbers(values, buckets) => {
                values.clear();
                if let Some(buckets) = buckets {
                    buckets.clear();
                }
            }
            Body::Texts(text, ends) => {
                text.clear();
                ends.clear();
            }
            Body::Flags(values) => values.clear(),
        }
    }

    /// Adds what leaves of a column of a batch. `leaves` tells by pattern whether the field leaves.
    pub fn extend(&mut self, cells: &Cells, leaving: &[Leaving], leaves: impl Fn(u32) -> bool) {
        let from = self.states.len();
        // Mostly all of a batch leaves, and then nobody need be asked play by play.
        let all = leaving.iter().all(|play| !play.other && leaves(play.pattern));
        let state = |play: &Leaving, known: bool| match (all || !play.other && leaves(play.pattern), known) {
            (false, _) => State::Withheld,
            (true, false) => State::Missing,
            (true, true) => State::Known,
        };
        let states = |known: &Option<Vec<bool>>, states: &mut Vec<State>| match known {
            None if all => states.resize(from + leaving.len(), State::Known),
            None => states.extend(leaving.iter().map(|play| state(play, true))),
            Some(known) => states.extend(leaving.iter().map(|play| state(play, known[play.row as usize]))),
        };
        match (&mut self.body, cells) {
            (Body::Numbers(values, buckets), Cells::Numbers(numbers, known)) => {
                states(known, &mut self.states);
                let numbers = leaving
                    .iter()
                    .zip(&self.states[from..])
                    .map(|(play, state)| if *state == State::Known { numbers[play.row as usize] } else { 0 });
                values.reserve(leaving.len());
                match buckets {
                    None => self.rule.numbers(numbers, |value, _| values.push(value)),
                    Some(buckets) => self.rule.numbers(numbers, |value, bucket| {
                        values.push(value);
                        buckets.push(bucket);
                    }),
                }
            }
            (Body::Texts(out, ends), Cells::Texts(texts)) => {
                for play in leaving {
                    let text = texts.get(play.row as usize);
                    let state = state(play, text.is_some());
                    self.states.push(state);
                    if let (State::Known, Some(text)) = (state, text) {
                        out.push_str(self.rule.name(text));
                    }
                    ends.push(out.len());
                }
            }
            (Body::Flags(values), Cells::Flags(flags, known)) => {
                states(known, &mut self.states);
                values.extend(leaving.iter().map(|play| flags[play.row as usize]));
            }
            // A column of another kind never gets here: its rows were refused unless the value was missing.
            (body, _) => {
                self.states.extend(leaving.iter().map(|play| state(play, false)));
                body.fill(leaving.len());
            }
        }
    }

    /// What stands in a row, where that is known: a number that stands for a bucket, a name, or a flag.
    pub fn value(&self, row: usize) -> Value<'_> {
        match &self.body {
            _ if self.states[row] != State::Known => Value::Missing,
            Body::Numbers(values, _) => Value::Number(values[row]),
            Body::Texts(text, ends) => {
                Value::Text(&text[if row == 0 { 0 } else { ends[row - 1] }..ends[row]])
            }
            Body::Flags(values) => Value::Flag(values[row]),
        }
    }

    /// The bucket of a known number, where edges were asked for.
    pub fn bucket(&self, row: usize) -> Option<Bucket> {
        let Body::Numbers(_, Some(buckets)) = &self.body else { return None };
        (self.states[row] == State::Known).then(|| buckets[row])
    }

    /// The bucket of a known number in words, where edges were asked for.
    pub fn label(&self, row: usize) -> Option<String> {
        let bucket = self.bucket(row)?;
        Some(self.field().kind.dimension()?.human_range(bucket.from, bucket.to))
    }
}

impl Body {
    fn fill(&mut self, rows: usize) {
        match self {
            Self::Numbers(values, buckets) => {
                values.resize(values.len() + rows, 0);
                if let Some(buckets) = buckets {
                    buckets.resize(values.len(), Bucket::ALL);
                }
            }
            Self::Texts(text, ends) => ends.resize(ends.len() + rows, text.len()),
            Self::Flags(values) => values.resize(values.len() + rows, false),
        }
    }
}

/// Rows of one ping that are written together.
pub(super) struct Chunk<'a> {
    pub columns: &'a [&'a Told<'a>],
    /// Whether each row is the one symbol; none where the ping has no boxes.
    pub other: Option<&'a [bool]>,
    /// Each row's identifier; none where pings can't be linked.
    pub links: Option<&'a [Option<u128>]>,
    /// The rows in the order in which they leave.
    pub order: &'a [u32],
    /// Whether that is the order in which they stand.
    pub is_in_order: bool,
}

/// The column of identifiers, where pings are linked.
pub(super) const LINK: &str = "link";

/// An identifier as it leaves.
pub(super) fn hex(link: u128) -> String {
    format!("{link:032x}")
}
