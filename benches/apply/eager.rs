//! The peer that is always at hand: eager polars, row group by row group.
//!
//! It reads the same columns, keeps the plays whose consent is on, rounds the numbers by whole vectors, and writes the same
//! columns with the same packing. It checks nothing: no negative number, no type, no accounting.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use polars::prelude::{
    Column, DataFrame, IntoColumn, ParquetCompression, ParquetReader, ParquetWriter, SerReader, UInt64Chunked,
};

use crate::plays::{CONSENT, How, Rounded, rounded};

fn told(values: &UInt64Chunked, Rounded { name, how }: &Rounded) -> Column {
    let values = values.into_no_null_iter();
    let out: Vec<u64> = match how {
        How::Floor { width, top } => {
            let top = top.unwrap_or(u64::MAX);
            values.map(|v| if v >= top { top } else { v / width * width + width / 2 }).collect()
        }
        How::Nearest { width } => {
            let half = width / 2;
            values.map(|v| if v < half { half / 2 } else { (v + half) / width * width }).collect()
        }
        How::Buckets(buckets) => {
            values.map(|v| buckets[buckets.partition_point(|(from, _)| *from <= v) - 1].1).collect()
        }
    };
    UInt64Chunked::from_vec((*name).into(), out).into_column()
}

/// From Parquet to Parquet.
pub fn run(input: &Path, output: &Path) {
    let open = || ParquetReader::new(File::open(input).expect("the plays"));
    let metadata = open().get_metadata().expect("a footer").clone();
    let roundings = rounded();
    let mut writer = None;
    for group in &metadata.row_groups {
        let mut alone = (*metadata).clone();
        alone.num_rows = group.num_rows();
        alone.row_groups = vec![group.clone()];
        let mut reader = open();
        reader.set_metadata(Arc::new(alone));
        let frame = reader.finish().expect("a row group");
        let consent = frame.column(CONSENT).expect("consent").bool().expect("flags").clone();
        let frame = frame.drop(CONSENT).expect("a frame").filter(&consent).expect("consenting plays");
        let columns = frame.columns().iter().map(|column| {
            match roundings.iter().find(|rounded| rounded.name == column.name().as_str()) {
                Some(rounded) => told(column.u64().expect("numbers"), rounded),
                None => column.clone(),
            }
        });
        let frame = DataFrame::new(frame.height(), columns.collect()).expect("a frame");
        let writer = writer.get_or_insert_with(|| {
            let file = File::create(output).expect("a file");
            let writer = ParquetWriter::new(file).with_compression(ParquetCompression::Snappy);
            writer.batched(frame.schema()).expect("a writer")
        });
        writer.write_batch(&frame).expect("written");
    }
    writer.expect("a row group").finish().expect("a footer");
}
