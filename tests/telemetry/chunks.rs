//! Inputs of more than one chunk: row groups of the output count what leaves alone.

use coarsen::policy::Policy;
use coarsen::telemetry::apply::Options;
use polars::prelude::{BooleanChunked, Column, IntoColumn, NewChunkedArray, ParquetReader, SerReader};

use crate::draw::day;
use crate::plays::{Folder, write_parquet};

const POLICY: &str = r#"schema = "coarsen.policy/1"
name = "p"
version = 1
[release]
batch = 1000
shuffle = true
[[field]]
name = "duration"
type = "duration"
rounding = "floor:5min"
consent = "playback"
purpose = "A question."
sensitivity = "low"
expires = "2031-12-31"
"#;

#[test]
fn opted_out_plays_move_no_row_group() {
    let folder = Folder::new();
    let plays: u64 = 300_000;
    let policy = Policy::from_toml(POLICY).unwrap();
    let options = Options { seed: Some(1), ..Options::new(day("2026-01-01")) };
    let mut outputs = Vec::new();
    // Every third play is opted out in the second input, and isn't there in the first. The third is the second as one
    // row group, which is more than is read at a time.
    for (name, rows) in [("without", 50_000), ("with", 70_000), ("with", 450_000)] {
        let out_of = |n: u64| name == "with" && n % 3 == 2;
        let total = if name == "with" { plays / 2 * 3 } else { plays };
        let mut kept = 0..;
        let values: Vec<i64> = (0..total)
            .map(|n| if out_of(n) { -1 } else { kept.next().map_or(0, |n: i64| n * 977 % 14_400_000) })
            .collect();
        let said = (0..total).map(|n| !out_of(n));
        let columns = vec![
            Column::new("duration".into(), values),
            BooleanChunked::from_iter_values("consent_playback".into(), said).into_column(),
        ];
        write_parquet(&folder.path(&format!("{name}.parquet")), columns, rows);
        let summary =
            folder.apply(&policy, &format!("{name}.parquet"), "out-{ping}.parquet", &options).unwrap();
        assert_eq!((summary.rows_in, summary.out), (total, plays));
        outputs.push(folder.output("play", "parquet").unwrap());
    }
    assert!(outputs.iter().all(|output| *output == outputs[0]), "the bytes differ");
    let mut reader = ParquetReader::new(std::io::Cursor::new(&outputs[0]));
    let groups: Vec<usize> = reader.get_metadata().unwrap().row_groups.iter().map(|g| g.num_rows()).collect();
    assert!(groups.len() > 1 && groups.iter().all(|rows| rows % 1000 == 0), "{groups:?}");
}
