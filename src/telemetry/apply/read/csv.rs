//! CSV with a header, row by row.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::{Input, content};
use crate::policy::{FieldType, Value};
use crate::telemetry::apply::cells::Rows;
use crate::telemetry::apply::consent::{Said, yes_or_no};
use crate::telemetry::apply::intake::{Intake, Layout, Passage};
use crate::telemetry::apply::{ApplyError, Fault};
use crate::telemetry::lines::LONGEST;

/// Hands out only so many bytes until somebody says that there may be more: a quotation mark that is never closed must
/// not be read into memory with all that follows.
struct Bounded<'a> {
    inner: Input<'a>,
    left: Rc<Cell<u64>>,
}

/// What the reader buffers ahead of a row counts as well.
const BUFFER: usize = 1 << 16;

impl Read for Bounded<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        let left = self.left.get().checked_sub(read as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        self.left.set(left);
        Ok(read)
    }
}

pub(super) fn read(from: &str, input: Input<'_>, intake: &mut Intake<'_>) -> Result<(), ApplyError> {
    let table = |problem: String| ApplyError::Table { from: from.to_owned(), problem };
    let left = Rc::new(Cell::new(LONGEST));
    let input = Bounded { inner: input, left: left.clone() };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .buffer_capacity(BUFFER)
        .from_reader(input);
    let broken = |row: u64, error: csv::Error| match error.kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => ApplyError::Row {
            from: from.to_owned(),
            row,
            column: None,
            fault: Fault::TooLong { most: LONGEST },
        },
        _ => table(error.to_string()),
    };
    let mut record = csv::ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(|error| broken(0, error))? {
        return Err(table("there is no header; the first line names the columns".to_owned()));
    }
    let mut header = Vec::new();
    for (at, cell) in record.iter().enumerate() {
        let cell = if at == 0 { cell.strip_prefix(b"\xef\xbb\xbf").unwrap_or(cell) } else { cell };
        let name = std::str::from_utf8(cell);
        let name = name.map_err(|_| table(format!("the name of column {} is not UTF-8", at + 1)))?;
        header.push(name.to_owned());
    }
    let layout = intake.layout(from, &header)?;
    let kinds = intake.policy().kinds();
    let mut rows = Rows::new(kinds);
    for row in 1.. {
        left.set(LONGEST);
        if !reader.read_byte_record(&mut record).map_err(|error| broken(row, error))? {
            break;
        }
        match pass(&record, header.len(), &layout, intake) {
            Ok(Some(play)) if intake.accept(play.pattern) => {
                rows.push(&play.values, play.pattern, play.sender);
            }
            Ok(_) => {}
            Err((place, fault)) => {
                intake.refuse(from, row, place.map(|place| header[place].as_str()), fault)?;
            }
        }
        if rows.is_full() {
            intake.take(&std::mem::replace(&mut rows, Rows::new(kinds)).finish())?;
        }
    }
    intake.take(&rows.finish())
}

/// A play that consent lets through.
struct Passed<'r> {
    values: Vec<Value<'r>>,
    pattern: u32,
    sender: Option<u128>,
}

/// The place of the column that is at fault, where it is one's.
type Wrong = (Option<usize>, Fault);

/// What of a row may leave: nothing where it is opted out.
fn pass<'r>(
    record: &'r csv::ByteRecord,
    wanted: usize,
    layout: &Layout,
    intake: &mut Intake<'_>,
) -> Result<Option<Passed<'r>>, Wrong> {
    if record.len() != wanted {
        return Err((None, Fault::Cells { found: record.len(), wanted }));
    }
    let mut own = Said::default();
    for (switch, place) in layout.consent.iter().enumerate() {
        let Some(place) = *place else { continue };
        if let Some(on) = yes_or_no(&record[place]).ok_or((Some(place), Fault::Consent))? {
            own.say(switch, on);
        }
    }
    // A name that is no UTF-8 is not among the servers'.
    let server = layout.server.and_then(|place| std::str::from_utf8(&record[place]).ok());
    let Passage::Consents(on) = intake.passage(own, server) else { return Ok(None) };
    let word = layout.content.filter(|_| intake.asks_content(on)).map_or(&b""[..], |place| &record[place]);
    let content = content(word).map_err(|fault| (layout.content, fault))?;
    let kinds = intake.policy().kinds();
    let (place, pattern) = intake.pattern(on, content);
    let mut values = vec![Value::Missing; kinds.len()];
    for (column, value) in values.iter_mut().enumerate().filter(|(column, _)| pattern.reads[*column]) {
        if let Some(at) = layout.columns[column] {
            *value = cell(&record[at], kinds[column]).map_err(|fault| (Some(at), fault))?;
        }
    }
    let sender = match layout.sender.filter(|_| !pattern.is_withheld()) {
        None => None,
        Some(at) => match std::str::from_utf8(&record[at]).map_err(|_| (Some(at), Fault::NotUtf8))? {
            "" => None,
            name => Some(intake.sender(name)),
        },
    };
    Ok(Some(Passed { values, pattern: place, sender }))
}

fn cell(cell: &[u8], kind: FieldType) -> Result<Value<'_>, Fault> {
    if cell.is_empty() {
        return Ok(Value::Missing);
    }
    let wanted = kind.wanted();
    match kind {
        FieldType::Category => std::str::from_utf8(cell).map(Value::Text).map_err(|_| Fault::NotUtf8),
        FieldType::Flag => match yes_or_no(cell) {
            Some(Some(flag)) => Ok(Value::Flag(flag)),
            _ => Err(Fault::Kind { found: "neither true nor false", wanted }),
        },
        _ => number(cell, wanted).map(Value::Number),
    }
}

fn number(cell: &[u8], wanted: &'static str) -> Result<u64, Fault> {
    let is_digits = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    if !is_digits(cell) {
        return match cell.strip_prefix(b"-") {
            Some(digits) if is_digits(digits) => Err(Fault::Negative { wanted }),
            _ => Err(Fault::Kind { found: "text that is no whole number", wanted }),
        };
    }
    let digit = |number: u64, digit: &u8| number.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
    cell.iter().try_fold(0, digit).ok_or(Fault::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_digits_and_nothing_else() {
        for (cell, wanted) in [("0", 0), ("007", 7), ("18446744073709551615", u64::MAX)] {
            assert_eq!(number(cell.as_bytes(), ""), Ok(wanted), "{cell}");
        }
        let kind = Fault::Kind { found: "text that is no whole number", wanted: "" };
        for (cell, fault) in [
            ("-1", Fault::Negative { wanted: "" }),
            ("18446744073709551616", Fault::TooLarge),
            ("99999999999999999999999", Fault::TooLarge),
            ("1.5", kind.clone()),
            ("1e3", kind.clone()),
            ("+1", kind.clone()),
            (" 1", kind.clone()),
            ("-", kind),
        ] {
            assert_eq!(number(cell.as_bytes(), ""), Err(fault), "{cell}");
        }
    }
}
