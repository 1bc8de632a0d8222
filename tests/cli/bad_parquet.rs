//! Parquet files that are damaged, or hold what no catalogue does.

use polars::prelude::{BooleanChunked, Column, IntoColumn, IntoSeries, NamedFrom, NewChunkedArray, Series};

use crate::tool::{Folder, SMALL, to_parquet, write_parquet};

#[track_caller]
fn refused(folder: &Folder, name: &str, words: &[&str]) {
    folder.refused(&["measure", "--catalogue", name, "--duration", "floor:1s", "--json"], words);
    folder.refused(&["catalogue", "import", name, "-o", "out.csv"], words);
}

fn synthetic() -> (Folder, Vec<u8>) {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "60", "-o", "whole.parquet"]).ok();
    let whole = folder.read("whole.parquet");
    (folder, whole)
}

#[test]
fn cut_short() {
    let (folder, whole) = synthetic();
    for length in [1, 3, 4, 8, 11, 12, whole.len() / 3, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        folder.write("in.parquet", &whole[..length]);
        refused(&folder, "in.parquet", &["in.parquet", "Parquet"]);
        // The end of the file is there, what stood before it is not.
        if length > 4 {
            folder.write("in.parquet", [&whole[..length], &whole[whole.len() - 8..]].concat());
            refused(&folder, "in.parquet", &["in.parquet", "not a whole Parquet file", "cut short?"]);
        }
    }
    folder.write("in.parquet", b"");
    refused(&folder, "in.parquet", &["in.parquet", "no file in it"]);
}

#[test]
fn garbage_in_the_middle() {
    let (folder, whole) = synthetic();
    let footer = u32::from_le_bytes(whole[whole.len() - 8..whole.len() - 4].try_into().unwrap()) as usize;
    let pages = whole.len() - 8 - footer;
    // Pages are compressed: what is written over them can't be unpacked.
    for place in [4, pages / 3, pages * 2 / 3] {
        let mut damaged = whole.clone();
        damaged[place..place + 256].fill(0xff);
        folder.write("in.parquet", &damaged);
        refused(&folder, "in.parquet", &["in.parquet", "not a whole Parquet file"]);
    }
    // Not every damage of the footer can be seen, but none may end in a panic.
    for place in (pages..whole.len() - 8).step_by(footer / 25) {
        for byte in [0x00, 0x0c, 0xff] {
            let mut damaged = whole.clone();
            damaged[place] = byte;
            folder.write("in.parquet", &damaged);
            let ran = folder.run(&["measure", "--catalogue", "in.parquet", "--duration", "floor:1s"]);
            assert!(matches!(ran.code, Some(0 | 2)), "byte {place}: {}", ran.stderr);
            assert!(!ran.stderr.contains("panicked"), "byte {place}: {}", ran.stderr);
            assert_eq!(ran.code == Some(2), ran.stdout.is_empty(), "byte {place}");
        }
    }
}

#[test]
fn a_format_under_the_other_ones_name() {
    let folder = Folder::new();
    folder.write("small.csv", SMALL).write("csv.parquet", SMALL);
    to_parquet(&folder, "small.csv", "small.parquet");
    folder.write("parquet.csv", folder.read("small.parquet"));
    refused(&folder, "csv.parquet", &["csv.parquet", "not a Parquet file", ".csv"]);
    refused(&folder, "parquet.csv", &["parquet.csv", "this is a Parquet file", ".parquet"]);
}

/// Three rows, one column exchanged or added.
fn with(column: Column) -> Vec<Column> {
    let mut columns = vec![
        Series::new("title_id".into(), [1u32, 2, 3]).into_column(),
        Series::new("duration_ms".into(), [1_000u32, 2_000, 3_000]).into_column(),
        Series::new("kind".into(), ["movie", "movie", "clip"]).into_column(),
    ];
    columns.retain(|other| other.name() != column.name());
    columns.push(column);
    columns
}

#[test]
fn values_that_no_catalogue_holds() {
    let folder = Folder::new();
    let columns: [(Series, &[&str]); 10] = [
        (
            Series::new("title_id".into(), [1.0, 2.0, 2.5]),
            &["row 1, column `title_id`", "an id with decimals"],
        ),
        (
            Series::new("file_id".into(), [None, Some(2.5), Some(1.0)]),
            &["row 2, column `file_id`", "decimals"],
        ),
        (Series::new("kind".into(), [1.5, 2.0, 3.0]), &["column `kind`", "decimals", "give names"]),
        (Series::new("duration_ms".into(), [1i64, -1, 1]), &["row 2, column `duration_ms`", "-1"]),
        (Series::new("duration_ms".into(), [1.0, f64::NAN, 1.0]), &["row 2, column `duration_ms`", "NaN"]),
        (Series::new("duration_ms".into(), [None, Some(1u32), Some(1)]), &["row 1", "no value"]),
        (
            Series::new("duration_ms".into(), [1, u64::MAX, 1]),
            &["row 2", "18446744073709551615", "out of range"],
        ),
        (Series::new("popularity".into(), [1.0, 1.0, -f64::MIN_POSITIVE]), &["row 3, column `popularity`"]),
        (Series::new("popularity".into(), [f32::INFINITY; 3]), &["row 1, column `popularity`", "inf"]),
        (Series::new("notes".into(), ["x"; 3]), &["unknown column `notes`"]),
    ];
    for (column, words) in columns {
        write_parquet(&folder.path("in.parquet"), with(column.into_column()));
        refused(&folder, "in.parquet", &[&["in.parquet"], words].concat());
    }
}

#[test]
fn types_that_no_catalogue_holds() {
    let folder = Folder::new();
    let flags = |name: &str| BooleanChunked::from_slice(name.into(), &[true; 3]).into_series().into_column();
    write_parquet(&folder.path("in.parquet"), with(flags("genre")));
    refused(&folder, "in.parquet", &["in.parquet", "column `genre` holds Boolean", "give it as text"]);
    // A column that is left out may hold anything.
    write_parquet(&folder.path("in.parquet"), with(flags("seen")));
    refused(&folder, "in.parquet", &["unknown column `seen`"]);
    assert_eq!(folder.measure("in.parquet", &["--ignore", "seen", "--duration", "keep"])["classes"], 3);
}

#[test]
fn no_rows() {
    let folder = Folder::new();
    let columns = with(Series::new("genre".into(), ["a"; 3]).into_column());
    write_parquet(&folder.path("in.parquet"), columns.iter().map(|column| column.head(Some(0))).collect());
    refused(&folder, "in.parquet", &["in.parquet", "no file in it"]);
    write_parquet(&folder.path("in.parquet"), columns[1..].to_vec());
    refused(&folder, "in.parquet", &["in.parquet", "no column `title_id`"]);
}
