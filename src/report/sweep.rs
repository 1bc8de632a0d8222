//! A sweep as a table.

use std::path::Path;

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, ParquetWriter, Series};

use super::error::ReportError;
use super::write::write_file;
use crate::search::SweepRow;

/// The Parquet file of a sweep, a column per field of [`SweepRow`] in their order; the same bytes for the same rows.
///
/// # Errors
/// [`ReportError::Table`] where polars refuses.
pub fn sweep_parquet(rows: &[SweepRow]) -> Result<Vec<u8>, ReportError> {
    let table = |problem: polars::prelude::PolarsError| ReportError::Table {
        format: "Parquet",
        problem: problem.to_string(),
    };
    let mut columns: Vec<Column> = Vec::new();
    macro_rules! add {
        ($($field:ident: $kind:ty = $value:expr;)*) => {
            $(let values: Vec<$kind> = rows.iter().map($value).collect();
            columns.push(Series::new(stringify!($field).into(), values).into_column());)*
        };
    }
    add! {
        duration: &str = |row| row.duration.as_str();
        bitrate: &str = |row| row.bitrate.as_str();
        duration_width_ms: Option<u64> = |row| row.duration_width_ms;
        bitrate_width_bps: Option<u64> = |row| row.bitrate_width_bps;
        by: &str = |row| row.by.as_str();
        classes: u64 = |row| row.classes;
        k_files: u32 = |row| row.k_files;
        k_titles: u32 = |row| row.k_titles;
        k_files_budget: u32 = |row| row.k_files_budget;
        k_titles_budget: u32 = |row| row.k_titles_budget;
        k_series: u32 = |row| row.k_series;
        unique_files: f64 = |row| row.unique_files;
        unique_titles: f64 = |row| row.unique_titles;
        reid_file_uniform: f64 = |row| row.reid_file_uniform;
        reid_file_popularity: f64 = |row| row.reid_file_popularity;
        reid_title_uniform: f64 = |row| row.reid_title_uniform;
        reid_title_popularity: f64 = |row| row.reid_title_popularity;
        confident_title_uniform: f64 = |row| row.confident_title_uniform;
        confident_title_popularity: f64 = |row| row.confident_title_popularity;
        largest_over_20_files: f64 = |row| row.largest_over_20_files;
        largest_over_80_plays: f64 = |row| row.largest_over_80_plays;
        duration_mae_ms: Option<f64> = |row| row.duration_mae_ms;
        bitrate_mae_bps: Option<f64> = |row| row.bitrate_mae_bps;
        distortion: f64 = |row| row.distortion;
        duration_mse_ms2: Option<f64> = |row| row.duration_mse_ms2;
        bitrate_mse_bps2: Option<f64> = |row| row.bitrate_mse_bps2;
        files_in_1: u64 = |row| row.spread.files_in_1;
        files_in_2_3: u64 = |row| row.spread.files_in_2_3;
        files_in_4_7: u64 = |row| row.spread.files_in_4_7;
        files_in_8_15: u64 = |row| row.spread.files_in_8_15;
        files_in_16_31: u64 = |row| row.spread.files_in_16_31;
        files_in_32_63: u64 = |row| row.spread.files_in_32_63;
        files_in_64_127: u64 = |row| row.spread.files_in_64_127;
        files_in_128_up: u64 = |row| row.spread.files_in_128_up;
    }
    let mut frame = DataFrame::new(rows.len(), columns).map_err(table)?;
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).map_err(table)?;
    Ok(bytes)
}

/// The CSV file of a sweep, with the columns of [`sweep_parquet`]; an empty cell where there is no value.
///
/// # Errors
/// [`ReportError::Table`] where a row can't be written.
pub fn sweep_csv(rows: &[SweepRow]) -> Result<Vec<u8>, ReportError> {
    let table = |problem: String| ReportError::Table { format: "CSV", problem };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).map_err(|error| table(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| table(error.to_string()))
}

/// Writes a sweep as Parquet or CSV by the file's ending, beside its place first and then renamed into it.
///
/// # Errors
/// [`ReportError::Extension`], [`ReportError::Io`], [`ReportError::Table`].
pub fn write_sweep(path: &Path, rows: &[SweepRow]) -> Result<(), ReportError> {
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
        }
    }

    #[test]
    fn parquet_and_csv_have_the_fields_in_their_order() {
        let fields: Vec<String> = match serde_json::to_value(row()).unwrap() {
            serde_json::Value::Object(fields) => fields.keys().cloned().collect(),
            other => panic!("{other}"),
        };
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
        write_sweep(&folder.path().join("sweep.parquet"), &[]).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
