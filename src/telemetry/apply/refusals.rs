//! Bad rows as a list: file, row, column, reason; never a value.

use std::fmt::Display;
use std::fs::File;
use std::io;

use crate::catalogue::harmless;

/// A CSV of bad rows.
pub(in crate::telemetry) struct Refusals(csv::Writer<File>);

impl Refusals {
    pub fn new(file: File) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(["file", "row", "column", "reason"])?;
        Ok(Self(writer))
    }

    pub fn add(
        &mut self,
        from: &str,
        row: u64,
        column: Option<&str>,
        fault: &impl Display,
    ) -> io::Result<()> {
        // A fault may name a key of the input.
        let (row, fault) = (row.to_string(), harmless(&fault.to_string()));
        Ok(self.0.write_record([from, &row, column.unwrap_or_default(), &fault])?)
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}
