//! A sweep as a table.

use std::path::Path;

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, ParquetWriter, Series};

use super::error::ReportError;
use super::write::write_file;
use crate::search::{Cell, Tabular};

/// The Parquet file of a sweep, a column per name of its rows in their order; the same bytes for the same rows.
///
/// # Errors
/// [`ReportError::Table`] where polars refuses.
pub fn sweep_parquet<R: Tabular>(rows: &[R]) -> Result<Vec<u8>, ReportError> {
    let table = |problem: polars::prelude::PolarsError| ReportError::Table {
        format: "Parquet",
        problem: problem.to_string(),
    };
    let cells: Vec<Vec<(&'static str, Cell<'_>)>> = rows.iter().map(Tabular::cells).collect();
    let width = cells.first().map_or(0, Vec::len);
    let columns: Vec<Column> = (0..width).map(|at| column(&cells, at)).collect();
    let mut frame = DataFrame::new(rows.len(), columns).map_err(table)?;
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).map_err(table)?;
    Ok(bytes)
}

/// One column, of the kind that its first cell has.
fn column(cells: &[Vec<(&'static str, Cell<'_>)>], at: usize) -> Column {
    macro_rules! values {
        ($cell:ident) => {
            cells.iter().filter_map(|row| match row[at].1 {
                Cell::$cell(value) => Some(value),
                _ => None,
            })
        };
    }
    let (name, first) = cells[0][at];
    let name = name.into();
    let series = match first {
        Cell::Text(_) => Series::new(name, values!(Text).collect::<Vec<&str>>()),
        Cell::Small(_) => Series::new(name, values!(Small).collect::<Vec<u32>>()),
        Cell::Count(_) => Series::new(name, values!(Count).collect::<Vec<u64>>()),
        Cell::MaybeCount(_) => Series::new(name, values!(MaybeCount).collect::<Vec<Option<u64>>>()),
        Cell::Number(_) => Series::new(name, values!(Number).collect::<Vec<f64>>()),
        Cell::MaybeNumber(_) => Series::new(name, values!(MaybeNumber).collect::<Vec<Option<f64>>>()),
    };
    series.into_column()
}

/// The CSV file of a sweep, with the columns of [`sweep_parquet`]; an empty cell where there is no value.
///
/// # Errors
/// [`ReportError::Table`] where a row can't be written.
pub fn sweep_csv<R: Tabular>(rows: &[R]) -> Result<Vec<u8>, ReportError> {
    let table = |problem: String| ReportError::Table { format: "CSV", problem };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for (number, row) in rows.iter().enumerate() {
        let cells = row.cells();
        if number == 0 {
            let names = cells.iter().map(|(name, _)| name);
            writer.write_record(names).map_err(|error| table(error.to_string()))?;
        }
        let cells = cells.into_iter().map(|(_, cell)| text(cell));
        writer.write_record(cells).map_err(|error| table(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| table(error.to_string()))
}

fn text(cell: Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => text.to_owned(),
        Cell::Small(count) => count.to_string(),
        Cell::Count(count) => count.to_string(),
        Cell::MaybeCount(count) => count.map_or(String::new(), |count| count.to_string()),
        Cell::Number(number) => format!("{number:?}"),
        Cell::MaybeNumber(number) => number.map_or(String::new(), |number| format!("{number:?}")),
    }
}

/// Writes a sweep as Parquet or CSV by the file's ending, beside its place first and then renamed into it.
///
/// # Errors
/// [`ReportError::Extension`], [`ReportError::Io`], [`ReportError::Table`].
pub fn write_sweep<R: Tabular>(path: &Path, rows: &[R]) -> Result<(), ReportError> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let bytes = match ending.as_deref() {
        Some("parquet") => sweep_parquet(rows)?,
        Some("csv") => sweep_csv(rows)?,
        _ => return Err(ReportError::Extension { path: path.to_owned() }),
    };
    write_file(path, &bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use polars::prelude::{ParquetReader, SerReader};

    use super::*;
    use crate::search::SweepRow;

    fn row() -> SweepRow {
        SweepRow {
            duration: "floor:5min".to_owned(),
            bitrate: "drop".to_owned(),
            duration_width_ms: Some(300_000),
            bitrate_width_bps: None,
            by: "resolution,container".to_owned(),
            classes: 3,
            k_files: 1,
            k_titles: 1,
            k_files_budget: 2,
            k_titles_budget: 2,
            k_series: 1,
            unique_files: 0.5,
            unique_titles: 0.5,
            reid_file_uniform: 0.25,
            reid_file_popularity: 0.25,
            reid_title_uniform: 0.25,
            reid_title_popularity: 0.25,
            confident_title_uniform: 0.0,
            confident_title_popularity: 0.0,
            largest_over_20_files: 1.0,
            largest_over_80_plays: 0.0,
            duration_mae_ms: Some(75_000.5),
            bitrate_mae_bps: None,
            distortion: 0.125,
            duration_mse_ms2: Some(0.5),
            bitrate_mse_bps2: None,
            files_in_1: 1,
            files_in_2_3: 2,
            files_in_4_7: 0,
            files_in_8_15: 0,
            files_in_16_31: 0,
            files_in_32_63: 0,
            files_in_64_127: 0,
            files_in_128_up: 0,
        }
    }

    #[test]
    fn parquet_and_csv_have_the_fields_in_their_order() {
        let json = serde_json::to_value(row()).expect("a row is JSON");
        let fields: Vec<String> = json.as_object().expect("of named fields").keys().cloned().collect();
        let bytes = sweep_parquet(&[row(), row()]).unwrap();
        assert_eq!(bytes, sweep_parquet(&[row(), row()]).unwrap());
        let frame = ParquetReader::new(Cursor::new(bytes)).finish().unwrap();
        let names: Vec<String> = frame.get_column_names().iter().map(|name| name.to_string()).collect();
        assert_eq!(names, fields);
        assert_eq!(frame.height(), 2);
        assert_eq!(frame.column("bitrate_width_bps").unwrap().null_count(), 2);
        assert_eq!(frame.column("duration_width_ms").unwrap().u64().unwrap().get(0), Some(300_000));

        let csv = String::from_utf8(sweep_csv(&[row()]).unwrap()).unwrap();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[0], fields.join(","));
        assert!(lines[1].starts_with("floor:5min,drop,300000,,\"resolution,container\",3,"), "{}", lines[1]);
    }

    #[test]
    fn another_ending_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sweep.xlsx");
        assert!(matches!(write_sweep(&path, &[row()]), Err(ReportError::Extension { .. })));
        assert!(!path.exists());
        write_sweep(&folder.path().join("sweep.csv"), &[row()]).unwrap();
        write_sweep::<SweepRow>(&folder.path().join("sweep.parquet"), &[]).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
