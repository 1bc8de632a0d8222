//! Plays that consent has let through, as columns: what every reader makes and the engine takes.

use polars::prelude::{PlSmallStr, StringChunked, StringChunkedBuilder};

use crate::policy::{FieldType, Value};

/// A column of a batch.
#[derive(Clone, Debug)]
pub(super) enum Cells {
    /// The input has no such column, or nothing that leaves reads it.
    Absent,
    /// Numbers, and which are known; all where there is no list.
    Numbers(Vec<u64>, Option<Vec<bool>>),
    /// Texts in one part.
    Texts(StringChunked),
    /// Flags, and which are known; all where there is no list.
    Flags(Vec<bool>, Option<Vec<bool>>),
}

impl Cells {
    /// The value in a row.
    pub fn value(&self, row: usize) -> Value<'_> {
        let is_known = |known: &Option<Vec<bool>>| known.as_ref().is_none_or(|known| known[row]);
        match self {
            Self::Numbers(values, known) if is_known(known) => Value::Number(values[row]),
            Self::Flags(values, known) if is_known(known) => Value::Flag(values[row]),
            Self::Texts(texts) => texts.get(row).map_or(Value::Missing, Value::Text),
            _ => Value::Missing,
        }
    }
}

/// Plays that may leave, as columns.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// For each column of the policy.
    pub columns: Vec<Cells>,
    /// The rows of the columns that the plays stand in, rising.
    pub rows: Vec<u32>,
    /// For each play its pattern.
    pub patterns: Vec<u32>,
    /// For each play who sent it, hashed; empty where pings can't be linked.
    pub senders: Vec<Option<u128>>,
}

/// A batch that is made row by row.
pub(super) struct Rows {
    columns: Vec<Builder>,
    patterns: Vec<u32>,
    senders: Vec<Option<u128>>,
    /// Bytes of text so far.
    bytes: usize,
}

enum Builder {
    Numbers(Vec<u64>, Vec<bool>),
    Texts(StringChunkedBuilder),
    Flags(Vec<bool>, Vec<bool>),
}

/// Rows of a batch at most, and bytes of its text.
const ROWS: usize = 16_384;
const BYTES: usize = 16 << 20;

impl Rows {
    pub fn new(kinds: &[FieldType]) -> Self {
        let column = |kind: &FieldType| match kind {
            FieldType::Category => Builder::Texts(StringChunkedBuilder::new(PlSmallStr::EMPTY, ROWS)),
            FieldType::Flag => Builder::Flags(Vec::new(), Vec::new()),
            _ => Builder::Numbers(Vec::new(), Vec::new()),
        };
        let columns = kinds.iter().map(column).collect();
        Self { columns, patterns: Vec::new(), senders: Vec::new(), bytes: 0 }
    }

    /// Adds a play: a value of the column's kind, or none, for each column.
    pub fn push(&mut self, values: &[Value<'_>], pattern: u32, sender: Option<u128>) {
        for (column, value) in self.columns.iter_mut().zip(values) {
            match (column, *value) {
                (Builder::Numbers(values, known), value) => {
                    let number = if let Value::Number(number) = value { Some(number) } else { None };
                    values.push(number.unwrap_or(0));
                    known.push(number.is_some());
                }
                (Builder::Flags(values, known), value) => {
                    let flag = if let Value::Flag(flag) = value { Some(flag) } else { None };
                    values.push(flag.unwrap_or(false));
                    known.push(flag.is_some());
                }
                (Builder::Texts(texts), Value::Text(text)) => {
                    self.bytes += text.len();
                    texts.append_value(text);
                }
                (Builder::Texts(texts), _) => texts.append_null(),
            }
        }
        self.patterns.push(pattern);
        self.senders.push(sender);
    }

    /// Whether the batch should be handed on.
    pub fn is_full(&self) -> bool {
        self.patterns.len() >= ROWS || self.bytes >= BYTES
    }

    /// The batch.
    pub fn finish(self) -> Batch {
        let column = |column| match column {
            Builder::Numbers(values, known) => Cells::Numbers(values, Some(known)),
            Builder::Flags(values, known) => Cells::Flags(values, Some(known)),
            Builder::Texts(texts) => Cells::Texts(texts.finish()),
        };
        let columns = self.columns.into_iter().map(column).collect();
        Batch {
            columns,
            rows: (0..self.patterns.len() as u32).collect(),
            patterns: self.patterns,
            senders: self.senders,
        }
    }
}
