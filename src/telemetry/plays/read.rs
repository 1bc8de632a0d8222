//! Reading plays that were written as Parquet, a row group at a time.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use polars::prelude::{Column as Series, DataType, ParallelStrategy, ParquetReader, PolarsResult, SerReader};

use super::{Column, Plays, PlaysError, Row};
use crate::catalogue::ingest::{Footer, caught, footer};
use crate::catalogue::{harmless, shown};
use crate::telemetry::apply::Format;

/// Reads plays from a Parquet file with columns of our names; a column that it lacks is missing. O(plays).
///
/// # Errors
/// [`PlaysError::Io`], and [`PlaysError::Table`] where it isn't such a file: another format, cut short, a column that is
/// none of ours, a value that the column can't hold (with its row).
pub fn read(path: &Path) -> Result<Plays, PlaysError> {
    let from = harmless(&path.to_string_lossy());
    let fail = |problem: String| PlaysError::Table { from: from.clone(), problem };
    if super::format_of(path)? != Format::Parquet {
        return Err(fail(
            "plays are read from Parquet: make one of it with coarsen plays import --from table".to_owned(),
        ));
    }
    let io = |source| PlaysError::Io { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let broken = |what: &str| fail(format!("not a whole Parquet file ({what}); was it cut short?"));
    let mut ends = [0; 8];
    let read_ends = file.read_exact(&mut ends[..4]).and_then(|()| file.seek(SeekFrom::End(-4)));
    let is_whole = read_ends.and_then(|_| file.read_exact(&mut ends[4..])).is_ok();
    if !is_whole || &ends[..4] != b"PAR1" || &ends[4..] != b"PAR1" {
        return Err(broken("it doesn't begin and end with PAR1"));
    }
    // A damaged page can make the reader panic; for the user that is a damaged file.
    let reader = || -> PolarsResult<ParquetReader<File>> {
        Ok(ParquetReader::new(file.try_clone()?).read_parallel(ParallelStrategy::None))
    };
    let whole = |result: std::thread::Result<PolarsResult<_>>| match result {
        Ok(read) => read.map_err(|error| broken(&error.to_string())),
        Err(_) => Err(broken("a damaged page")),
    };
    let Footer { fields, groups } = match caught(|| footer(reader()?)) {
        Ok(read) => read.map_err(|error| broken(&error.to_string()))?,
        Err(_) => return Err(broken("a damaged footer")),
    };
    let mut columns = Vec::new();
    for name in fields.iter().map(|field| field.name.as_str()) {
        let unknown = || {
            let ours: Vec<&str> = Column::all().map(Column::name).collect();
            let (name, ours) = (shown(name), ours.join(", "));
            fail(format!(
                "`{name}` is no column of plays (they are {ours}): coarsen plays import maps or drops it"
            ))
        };
        columns.push(Column::named(name).ok_or_else(unknown)?);
    }
    let mut plays = Plays::default();
    for group in groups {
        let read = caught(|| {
            let mut reader = reader()?;
            reader.set_metadata(group.clone());
            reader.finish()
        });
        let frame = whole(read)?;
        let mut cells = Vec::new();
        for (series, &column) in frame.columns().iter().zip(&columns) {
            cells.push(Cells::of(series, column).map_err(|problem| match problem {
                Wrong::Column(problem) => fail(format!("column `{}`: {problem}", column.name())),
                Wrong::Cell(row, problem) => {
                    fail(format!("row {}, column `{}`: {problem}", plays.len() + row + 1, column.name()))
                }
            })?);
        }
        for at in 0..frame.height() {
            let mut row = Row::default();
            cells.iter().zip(&columns).for_each(|(cells, column)| cells.set(at, *column, &mut row));
            plays.push(&row);
        }
    }
    Ok(plays)
}

/// The cells of a column that is of the type it should be.
enum Cells {
    Text(Series),
    Numbers(Vec<Option<u32>>),
    Flags(Vec<Option<bool>>),
}

/// What is wrong with a column, or with its cell in a row.
enum Wrong {
    Column(String),
    Cell(usize, String),
}

impl Cells {
    fn of(series: &Series, column: Column) -> Result<Self, Wrong> {
        let refuse =
            |wanted: &str| Wrong::Column(format!("it holds {}, and {wanted} belongs there", series.dtype()));
        let explain = |error: polars::prelude::PolarsError| Wrong::Column(error.to_string());
        match column {
            Column::Text(_) => match series.dtype() {
                DataType::String => Ok(Self::Text(series.clone())),
                DataType::Null => Ok(Self::Numbers(Vec::new())),
                DataType::Categorical(..) | DataType::Enum(..) => {
                    Ok(Self::Text(series.strict_cast(&DataType::String).map_err(explain)?))
                }
                _ => Err(refuse("text")),
            },
            Column::Number(_) => {
                if series.dtype() == &DataType::Null {
                    return Ok(Self::Numbers(Vec::new()));
                }
                if !series.dtype().is_integer() {
                    return Err(refuse("a whole number"));
                }
                // A number over 2^63 is too large in any case, and the strict cast says so.
                let wide = series.strict_cast(&DataType::Int64).map_err(explain)?;
                let cell = |(row, cell): (usize, Option<i64>)| match cell.map(u32::try_from) {
                    None => Ok(None),
                    Some(Ok(number)) => Ok(Some(number)),
                    Some(Err(_)) => {
                        Err(Wrong::Cell(row, "it is no whole number from 0 to 4294967295".to_owned()))
                    }
                };
                let cells = wide.i64().map_err(explain)?.iter().enumerate().map(cell);
                Ok(Self::Numbers(cells.collect::<Result<_, _>>()?))
            }
            Column::Switch(_) => match series.dtype() {
                DataType::Boolean => Ok(Self::Flags(series.bool().map_err(explain)?.iter().collect())),
                DataType::Null => Ok(Self::Numbers(Vec::new())),
                _ => Err(refuse("true or false")),
            },
        }
    }

    fn set<'a>(&'a self, at: usize, column: Column, row: &mut Row<'a>) {
        match (self, column) {
            (Self::Text(series), Column::Text(text)) => {
                row[text] = series.str().ok().and_then(|cells| cells.get(at));
            }
            (Self::Numbers(cells), Column::Number(number)) => row[number] = cells.get(at).copied().flatten(),
            (Self::Flags(cells), Column::Switch(switch)) => row[switch] = cells.get(at).copied().flatten(),
            // A column of nothing.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::plays::{Number, Switch, Text, write};
    use proptest::prelude::*;

    const NAMES: [&str; 4] = ["mkv", "direct play", "a,\"b\"\n", "é"];

    fn plays() -> impl Strategy<Value = Plays> {
        let texts = prop::collection::vec(prop::option::of(0..NAMES.len()), Text::ALL.len());
        let numbers = prop::collection::vec(prop::option::of(any::<u32>()), Number::ALL.len());
        let switches = prop::collection::vec(any::<Option<bool>>(), Switch::ALL.len());
        let row = (texts, numbers, switches).prop_map(|(texts, numbers, switches)| {
            let mut row = Row::default();
            Text::ALL.into_iter().zip(texts).for_each(|(column, at)| row[column] = at.map(|at| NAMES[at]));
            Number::ALL.into_iter().zip(numbers).for_each(|(column, number)| row[column] = number);
            Switch::ALL.into_iter().zip(switches).for_each(|(column, on)| row[column] = on);
            row
        });
        prop::collection::vec(row, 0..20).prop_map(|rows| rows.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_is_written_is_read(plays in plays()) {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("plays.parquet");
            write(&path, &plays).expect("written");
            prop_assert_eq!(read(&path).expect("read"), plays);
        }

        #[test]
        fn tables_are_appended(a in plays(), b in plays()) {
            let mut both = a.clone();
            both.append(&b);
            let rows = (0..a.len()).map(|play| a.row(play)).chain((0..b.len()).map(|play| b.row(play)));
            prop_assert_eq!(both, rows.collect::<Plays>());
        }
    }
}
