//! A Parquet file is one table, however its rows are grouped.

use polars::prelude::{Column, IntoColumn, NamedFrom, Series};

use crate::tool::{Folder, write_row_groups};

/// Seven rows, one column exchanged or added.
fn with(columns: impl IntoIterator<Item = Series>) -> Vec<Column> {
    let mut all = vec![
        Series::new("title_id".into(), [9u32, 4, 9, 1, 4, 1, 7]),
        Series::new("duration_ms".into(), [1_000u32, 2_000, 1_000, 3_000, 2_000, 4_000, 1_000]),
        Series::new("kind".into(), ["movie", "clip", "movie", "talk", "clip", "talk", "movie"]),
    ];
    for column in columns {
        all.retain(|other| other.name() != column.name());
        all.push(column);
    }
    all.into_iter().map(IntoColumn::into_column).collect()
}

/// Text that differs, in no order.
const NAMES: [&str; 7] =
    ["m", "c", "zebra, a name over twelve bytes", "a", "", "b", "zebra, another such name"];

#[test]
fn they_change_nothing() {
    let folder = Folder::new();
    let tables = [
        with([]),
        with([
            Series::new("title_id".into(), [-9i64, 1 << 40, -9, 0, 1 << 40, 0, 7]),
            Series::new("series_id".into(), ["b", "", "b", "a", "", "a", "a"]),
            Series::new("file_id".into(), [7i32, -1, 3, 2, 5, 4, 0]),
            Series::new("genre".into(), NAMES),
            Series::new("width".into(), [Some(640u16), None, Some(1920), Some(640), None, Some(64), Some(1)]),
            Series::new("popularity".into(), [0.5, 1.0, 2.0, 0.0, 7.0, 0.25, 3.0]),
        ]),
        with([
            Series::new("title_id".into(), [u64::MAX, 4, u64::MAX, 1, 4, 1, 1 << 63]),
            Series::new("file_id".into(), ["b", "a", "f", "d", "c", "e", "g"]),
            Series::new("genre".into(), [3i64, -1, 3, 3, 4, 4, 4]),
            Series::new(
                "bitrate_bps".into(),
                [Some(5.4), None, Some(5.6), Some(6.0), None, Some(9.0), Some(1.0)],
            ),
        ]),
    ];
    for table in tables {
        let names: Vec<&str> = table.iter().map(|column| column.name().as_str()).collect();
        let mut read = Vec::new();
        for rows in [None, Some(1), Some(2), Some(3)] {
            write_row_groups(&folder.path("in.parquet"), table.clone(), rows);
            folder.run(&["catalogue", "import", "in.parquet", "-o", "out.csv"]).ok();
            read.push(folder.read("out.csv"));
        }
        read.dedup();
        assert_eq!(read.len(), 1, "{names:?}");
    }
}

#[test]
fn rows_are_counted_from_the_first_group() {
    let folder = Folder::new();
    let cases: [(Series, [&str; 2]); 9] = [
        (Series::new("file_id".into(), [6u32, 5, 4, 3, 4, 5, 1]), ["row 5, column `file_id`", "as row 3"]),
        (Series::new("file_id".into(), [1i64, 2, 3, 4, 5, 6, 1]), ["row 7, column `file_id`", "as row 1"]),
        (
            Series::new("file_id".into(), [1, u64::MAX, 3, 4, 5, u64::MAX, 6]),
            ["row 6, column `file_id`", "as row 2"],
        ),
        (
            Series::new("file_id".into(), ["b", "a", "f", "f", "c", "a", "g"]),
            ["row 4, column `file_id`", "as row 3"],
        ),
        (Series::new("file_id".into(), NAMES), ["row 5, column `file_id`", "no value"]),
        (Series::new("title_id".into(), NAMES), ["row 5, column `title_id`", "no value"]),
        (
            Series::new("title_id".into(), [None, None, None, Some(1.0), Some(2.0), None, None]),
            ["row 4, column `title_id`", "an id with decimals"],
        ),
        (
            Series::new(
                "duration_ms".into(),
                [Some(1i64), Some(1), Some(1), None, Some(1), Some(-1), Some(1)],
            ),
            ["row 6, column `duration_ms`", "-1"],
        ),
        (Series::new("kind".into(), NAMES), ["row 5, column `kind`", "no value"]),
    ];
    for (column, words) in cases {
        for rows in [None, Some(2)] {
            write_row_groups(&folder.path("in.parquet"), with([column.clone()]), rows);
            folder.refused(&["catalogue", "describe", "in.parquet"], &words);
        }
    }
}
