//! What was done, in numbers.

use serde::{Serialize, Serializer, ser::SerializeMap};

/// The schema of a summary as JSON.
pub const SCHEMA: &str = "coarsen.apply/1";

/// Rows of one ping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PingRows {
    /// Its name.
    pub ping: String,
    /// Rows that left.
    pub rows: u64,
}

/// What became of every play: `rows_in = out + opted_out + refused`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Plays that were read.
    pub rows_in: u64,
    /// Plays that consent let through.
    pub out: u64,
    /// Of these, plays of which nothing left, since their fields are expired, dropped, or for other content.
    pub withheld: u64,
    /// Plays of which no switch that governs a field is on.
    pub opted_out: u64,
    /// Plays that the policy couldn't be applied to.
    pub refused: u64,
    /// Rows that left, ping by ping, in the policy's order.
    pub pings: Vec<PingRows>,
    /// Columns and keys that the policy doesn't know, each once, by name; of JSON lines those of plays that were let
    /// through, and at most [`Summary::MOST`].
    pub dropped: Vec<String>,
    /// Whether there were more than these.
    pub dropped_more: bool,
    /// Columns that the policy reads and a table lacks, each once, by name.
    pub lacking: Vec<String>,
    /// Whether to keep silent about `in` and `opted_out`, which alone tell of opted-out plays.
    pub silent: bool,
}

impl Summary {
    /// The names that are listed at most.
    pub const MOST: usize = 1000;

    /// The same without the two figures that tell of opted-out plays.
    #[must_use]
    pub fn without_opted_out(self) -> Self {
        Self { silent: true, ..self }
    }
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", SCHEMA)?;
        if !self.silent {
            map.serialize_entry("in", &self.rows_in)?;
        }
        map.serialize_entry("out", &self.out)?;
        map.serialize_entry("withheld", &self.withheld)?;
        if !self.silent {
            map.serialize_entry("opted_out", &self.opted_out)?;
        }
        map.serialize_entry("refused", &self.refused)?;
        map.serialize_entry("pings", &self.pings)?;
        map.serialize_entry("dropped_columns", &self.dropped)?;
        map.serialize_entry("more_dropped_columns", &self.dropped_more)?;
        map.serialize_entry("lacking_columns", &self.lacking)?;
        map.end()
    }
}
