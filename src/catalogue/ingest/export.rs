//! Writing a catalogue as a table.

use std::path::Path;

use polars::prelude::{
    Column, DataFrame, IntoColumn, IntoSeries, NamedFrom, NewChunkedArray, ParquetWriter, Series,
    StringChunked, UInt16Chunked, UInt32Chunked,
};

use super::{Format, write_whole};
use crate::catalogue::{Catalogue, CatalogueError, Category, SideField};

/// Writes a catalogue as Parquet or CSV by the file's ending, beside its place first and then renamed into it.
///
/// # Errors
/// [`CatalogueError::Extension`], [`CatalogueError::Io`], [`CatalogueError::Table`].
pub fn write(path: &Path, catalogue: &Catalogue) -> Result<(), CatalogueError> {
    let bytes = match Format::of(path)? {
        Format::Parquet => to_parquet(catalogue)?,
        Format::Csv => to_csv(catalogue)?,
    };
    write_whole(path, &bytes).map_err(|source| CatalogueError::Io { path: path.to_owned(), source })
}

/// The Parquet file of a catalogue; the same bytes for the same catalogue.
///
/// # Errors
/// [`CatalogueError::Table`] where polars refuses.
pub fn to_parquet(catalogue: &Catalogue) -> Result<Vec<u8>, CatalogueError> {
    let table = |error: polars::prelude::PolarsError| CatalogueError::Table {
        from: "Parquet".to_owned(),
        problem: error.to_string(),
    };
    let mut columns: Vec<Column> = Vec::new();
    let mut add = |series: Series| columns.push(series.into_column());
    add(Series::new("file_id".into(), (0..catalogue.files() as u32).collect::<Vec<u32>>()));
    add(Series::new("title_id".into(), catalogue.title()));
    if let Some(series) = catalogue.named_series() {
        add(UInt32Chunked::from_iter_options("series_id".into(), series).into_series());
    }
    add(Series::new("duration_ms".into(), catalogue.duration_ms()));
    if let Some(bitrate) = catalogue.bitrate_bps() {
        let bitrate = bitrate.iter().map(|rate| rate.map(std::num::NonZeroU32::get));
        add(UInt32Chunked::from_iter_options("bitrate_bps".into(), bitrate).into_series());
    }
    for field in SideField::ALL {
        let Some(column) = catalogue.side(field) else { continue };
        let name = field.name().into();
        let rows = 0..column.len();
        add(match field {
            SideField::Width | SideField::Height => {
                let pixels = rows.map(|row| column.get(row).and_then(|text| text.parse().ok()));
                UInt16Chunked::from_iter_options(name, pixels).into_series()
            }
            _ => StringChunked::from_iter_options(name, rows.map(|row| column.get(row))).into_series(),
        });
    }
    if let Some(popularity) = catalogue.popularity() {
        add(Series::new("popularity".into(), popularity.collect::<Vec<f64>>()));
    }
    let mut frame = DataFrame::new(catalogue.files(), columns).map_err(table)?;
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).map_err(table)?;
    Ok(bytes)
}

fn to_csv(catalogue: &Catalogue) -> Result<Vec<u8>, CatalogueError> {
    let table =
        |error: ::csv::Error| CatalogueError::Table { from: "CSV".to_owned(), problem: error.to_string() };
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let side: Vec<(SideField, &Category)> =
        SideField::ALL.into_iter().filter_map(|field| Some((field, catalogue.side(field)?))).collect();
    let mut header = vec!["file_id", "title_id"];
    header.extend(catalogue.named_series().map(|_| "series_id"));
    header.push("duration_ms");
    header.extend(catalogue.bitrate_bps().map(|_| "bitrate_bps"));
    header.extend(side.iter().map(|(field, _)| field.name()));
    header.extend(catalogue.popularity().map(|_| "popularity"));
    writer.write_record(&header).map_err(table)?;
    let series: Option<Vec<Option<u32>>> = catalogue.named_series().map(Iterator::collect);
    let mut popularity = catalogue.popularity();
    let text = |number: Option<u32>| number.map_or(String::new(), |n| n.to_string());
    for row in 0..catalogue.files() {
        let mut record = vec![row.to_string(), catalogue.title()[row].to_string()];
        record.extend(series.as_ref().map(|series| text(series[row])));
        record.push(catalogue.duration_ms()[row].to_string());
        record.extend(catalogue.bitrate_bps().map(|rates| text(rates[row].map(std::num::NonZeroU32::get))));
        record.extend(side.iter().map(|(_, column)| column.get(row).unwrap_or_default().to_owned()));
        record.extend(popularity.as_mut().and_then(Iterator::next).map(|weight| weight.to_string()));
        writer.write_record(&record).map_err(table)?;
    }
    writer.into_inner().map_err(|error| table(error.into_error().into()))
}
