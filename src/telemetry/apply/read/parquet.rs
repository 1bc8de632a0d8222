//! Parquet, some rows of one row group at a time, column by column; of columns that nothing that leaves reads, nothing is
//! read.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use polars::io::parquet::metadata::FileMetadataRef;
use polars::prelude::{ArrowDataType, ArrowField, ParquetReader, PolarsResult, SerReader};
use rayon::prelude::*;

use super::column::{Bad, cells, unreadable};
use super::content;
use super::pages::{Pages, Shared};
use crate::catalogue::ingest::{Footer, caught, footer};
use crate::policy::{FieldType, Value};
use crate::telemetry::apply::cells::{Batch, Cells};
use crate::telemetry::apply::consent::Said;
use crate::telemetry::apply::intake::{Intake, Layout, Passage};
use crate::telemetry::apply::{ApplyError, Fault};

/// Rows that are unpacked at a time; fewer where the row group's are long. Each time a column's dictionary is unpacked anew, so
/// few times are fast.
const ROWS: usize = 3 << 20;
const FEWEST: usize = 4_096;
/// Bytes that are unpacked at a time, about.
const BYTES: usize = 128 << 20;

pub(super) fn read(from: &str, file: File, intake: &mut Intake<'_>) -> Result<(), ApplyError> {
    let table = Table::open(from, file)?;
    let layout = intake.layout(from, &table.header)?;
    let mut above = 0;
    for group in &table.groups {
        let mut start = 0;
        let bytes: usize = group.row_groups.iter().map(|group| group.total_byte_size()).sum();
        let most = (BYTES.saturating_mul(group.num_rows) / bytes.max(1)).clamp(FEWEST, ROWS);
        // As many each time.
        let most = group.num_rows.div_ceil(group.num_rows.div_ceil(most).max(1));
        let columns = table.columns(group)?;
        while start < group.num_rows {
            let rows = most.min(group.num_rows - start);
            let slice = Slice { table: &table, columns: &columns, start, rows, above };
            slice.read(&layout, intake)?;
            start += rows;
            above += rows as u64;
        }
    }
    Ok(())
}

/// A file whose footer is whole.
struct Table<'a> {
    from: &'a str,
    shared: Shared,
    header: Vec<String>,
    fields: Vec<ArrowField>,
    /// For each row group the footer of a file that held it alone.
    groups: Vec<FileMetadataRef>,
}

impl<'a> Table<'a> {
    fn open(from: &'a str, file: File) -> Result<Self, ApplyError> {
        let (mut ends, mut reader) = ([0; 8], &file);
        let mut both = || {
            reader.read_exact(&mut ends[..4])?;
            reader.seek(SeekFrom::End(-4))?;
            reader.read_exact(&mut ends[4..])
        };
        if both().is_err() || &ends[..4] != b"PAR1" || &ends[4..] != b"PAR1" {
            return Err(broken(from, "it doesn't begin and end with PAR1"));
        }
        let Footer { fields, groups } = whole(from, || footer(ParquetReader::new(file.try_clone()?)))?;
        let header = fields.iter().map(|field| field.name.to_string()).collect();
        Ok(Self { from, shared: Shared::new(file), header, fields, groups })
    }

    /// The columns of a row group.
    fn columns<'t>(&'t self, group: &'t FileMetadataRef) -> Result<Vec<Column<'t>>, ApplyError> {
        let column = |field: &ArrowField| {
            let mut chunks = group.row_groups.first()?.columns_under_root_iter(&field.name)?;
            let chunk = chunks.next().filter(|_| chunks.len() == 0)?;
            Some(Mutex::new(Pages::new(&self.shared, chunk)))
        };
        whole(self.from, || Ok(self.fields.iter().map(column).collect()))
    }
}

/// A damaged page can make the reader panic; for the user that is a damaged file.
fn whole<T>(from: &str, read: impl FnOnce() -> PolarsResult<T>) -> Result<T, ApplyError> {
    match caught(read) {
        Ok(read) => read.map_err(|error| broken(from, &error.to_string())),
        Err(_) => Err(broken(from, "a damaged page")),
    }
}

fn broken(from: &str, what: &str) -> ApplyError {
    let problem = format!("not a whole Parquet file ({what}); was it cut short?");
    ApplyError::Table { from: from.to_owned(), problem }
}

/// A column of a row group; none where lists or structures need several.
type Column<'t> = Option<Mutex<Pages<'t>>>;

/// Some rows of one row group.
struct Slice<'a, 't> {
    table: &'t Table<'t>,
    /// Of the row group.
    columns: &'a [Column<'t>],
    start: usize,
    rows: usize,
    /// Rows of the file before them.
    above: u64,
}

/// A column as it was unpacked; nothing where the input lacks it.
type Unpacked = Option<(Cells, Bad)>;

impl Slice<'_, '_> {
    fn read(&self, layout: &Layout, intake: &mut Intake<'_>) -> Result<(), ApplyError> {
        let consent = self.all(&layout.consent, |_| FieldType::Flag, Fault::Consent)?;
        let server = self.name(layout.server)?;
        // First the consent of every play, and of those that consent the content where it decides what leaves.
        let mut wrong: Vec<(usize, usize, Fault)> = Vec::new();
        let mut passed: Vec<(u32, u64)> = Vec::with_capacity(self.rows);
        'rows: for row in 0..self.rows {
            let mut own = Said::default();
            for (switch, column) in consent.iter().enumerate() {
                let Some((cells, bad)) = column else { continue };
                if let (Some(fault), Some(place)) = (bad.fault(row), layout.consent[switch]) {
                    wrong.push((row, place, fault.clone()));
                    continue 'rows;
                }
                if let Value::Flag(on) = cells.value(row) {
                    own.say(switch, on);
                }
            }
            let name = server.as_ref().and_then(|server| name(server, row));
            if let Passage::Consents(on) = intake.passage(own, name.as_deref()) {
                passed.push((row as u32, on));
            }
        }
        if passed.is_empty() {
            return self.refuse(wrong, intake);
        }
        let asked = passed.iter().any(|(_, on)| intake.asks_content(*on));
        let words = self.all(&[layout.content.filter(|_| asked)], |_| FieldType::Category, Fault::Content)?;
        let mut plays: Vec<(u32, u32)> = Vec::with_capacity(passed.len());
        let mut reads = vec![false; layout.columns.len()];
        for (row, on) in passed {
            let word = if intake.asks_content(on) { &words[0] } else { &None };
            match self.content(word, row as usize) {
                Err(fault) => wrong.push((row as usize, layout.content.unwrap_or_default(), fault)),
                Ok(content) => {
                    let (place, pattern) = intake.pattern(on, content);
                    // A pattern that was met before has said what it reads.
                    if plays.last().is_none_or(|(_, last)| *last != place) {
                        reads.iter_mut().zip(&pattern.reads).for_each(|(all, this)| *all |= this);
                    }
                    plays.push((row, place));
                }
            }
        }
        let wanted: Vec<Option<usize>> =
            layout.columns.iter().zip(&reads).map(|(place, reads)| place.filter(|_| *reads)).collect();
        let kinds = intake.policy().kinds();
        let columns = self.all_of(&wanted, |column| kinds[column])?;
        let sender = self.name(layout.sender)?;
        let batch = self.batch(plays, columns, sender, layout, &mut wrong, intake);
        self.refuse(wrong, intake)?;
        intake.take(&batch)
    }

    /// The plays whose values the policy can take; the others are noted as wrong.
    fn batch(
        &self,
        plays: Vec<(u32, u32)>,
        columns: Vec<Unpacked>,
        sender: Option<Cells>,
        layout: &Layout,
        wrong: &mut Vec<(usize, usize, Fault)>,
        intake: &mut Intake<'_>,
    ) -> Batch {
        let risky: Vec<(usize, &Bad)> = columns
            .iter()
            .enumerate()
            .filter_map(|(column, unpacked)| Some((column, &unpacked.as_ref()?.1)))
            .filter(|(_, bad)| !matches!(bad, Bad::None))
            .collect();
        let mut batch = Batch::default();
        for (row, place) in plays {
            let reads = &intake.pattern_at(place).reads;
            let found = risky.iter().filter(|(column, _)| reads[*column]);
            let found = found.filter_map(|(column, bad)| Some((*column, bad.fault(row as usize)?))).next();
            if let Some((column, fault)) = found {
                wrong.push((row as usize, layout.columns[column].unwrap_or_default(), fault.clone()));
                continue;
            }
            if intake.accept(place) {
                if let Some(sender) = &sender {
                    let name = name(sender, row as usize).filter(|name| !name.is_empty());
                    batch.senders.push(name.map(|name| intake.sender(&name)));
                }
                batch.rows.push(row);
                batch.patterns.push(place);
            }
        }
        batch.columns =
            columns.into_iter().map(|unpacked| unpacked.map_or(Cells::Absent, |(cells, _)| cells)).collect();
        batch
    }

    fn content(&self, words: &Unpacked, row: usize) -> Result<crate::policy::Content, Fault> {
        let Some((cells, bad)) = words else { return content(b"") };
        if let Some(fault) = bad.fault(row) {
            return Err(fault.clone());
        }
        content(if let Value::Text(word) = cells.value(row) { word.as_bytes() } else { b"" })
    }

    fn refuse(
        &self,
        mut wrong: Vec<(usize, usize, Fault)>,
        intake: &mut Intake<'_>,
    ) -> Result<(), ApplyError> {
        wrong.sort_by_key(|(row, ..)| *row);
        wrong.into_iter().try_for_each(|(row, place, fault)| {
            intake.refuse(
                self.table.from,
                self.above + row as u64 + 1,
                Some(&self.table.header[place]),
                fault,
            )
        })
    }

    /// A column of names: text or whole numbers.
    fn name(&self, place: Option<usize>) -> Result<Option<Cells>, ApplyError> {
        let Some(place) = place else { return Ok(None) };
        let of = &self.table.fields[place].dtype;
        let is_number = matches!(
            of,
            ArrowDataType::UInt16
                | ArrowDataType::UInt32
                | ArrowDataType::Int32
                | ArrowDataType::UInt64
                | ArrowDataType::Int64
        );
        let kind = if is_number { FieldType::Integer } else { FieldType::Category };
        match self.unpack(place, kind)? {
            (cells, Bad::None) => Ok(Some(cells)),
            _ => {
                let name = crate::catalogue::shown(&self.table.header[place]);
                let problem = format!(
                    "the column `{name}` holds neither names nor whole numbers from 0 on: write it as text"
                );
                Err(ApplyError::Table { from: self.table.from.to_owned(), problem })
            }
        }
    }

    /// Columns of the verb's own, of which anything bad is one fault.
    fn all(
        &self,
        places: &[Option<usize>],
        kind: impl Fn(usize) -> FieldType + Sync,
        fault: Fault,
    ) -> Result<Vec<Unpacked>, ApplyError> {
        let mut columns = self.all_of(places, kind)?;
        for (_, bad) in columns.iter_mut().flatten() {
            match bad {
                Bad::None => {}
                Bad::Rows(_, of) | Bad::All(of) => *of = fault.clone(),
            }
        }
        Ok(columns)
    }

    fn all_of(
        &self,
        places: &[Option<usize>],
        kind: impl Fn(usize) -> FieldType + Sync,
    ) -> Result<Vec<Unpacked>, ApplyError> {
        let unpack = |(column, place): (usize, &Option<usize>)| {
            place.map(|place| self.unpack(place, kind(column))).transpose()
        };
        places.par_iter().enumerate().map(unpack).collect()
    }

    fn unpack(&self, place: usize, kind: FieldType) -> Result<(Cells, Bad), ApplyError> {
        let (field, column) = (&self.table.fields[place], &self.columns[place]);
        if let Some(found) = unreadable(&field.dtype) {
            return Ok((Cells::Absent, Bad::All(Fault::Kind { found, wanted: kind.wanted() })));
        }
        let Some(column) = column else { return Err(broken(self.table.from, "a column is not there")) };
        whole(self.table.from, || {
            let mut pages = column.lock().unwrap_or_else(PoisonError::into_inner);
            cells(pages.values(self.start..self.start + self.rows, field)?, kind)
        })
    }
}

fn name(cells: &Cells, row: usize) -> Option<Cow<'_, str>> {
    match cells.value(row) {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}
