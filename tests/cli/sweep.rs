//! `sweep`: the columns that scripts rely on, and that its rows say what `measure` says.

use serde_json::Value;

use crate::tool::Folder;

const COLUMNS: &str = "duration,bitrate,duration_width_ms,bitrate_width_bps,by,classes,k_files,k_titles,\
    k_files_budget,k_titles_budget,k_series,unique_files,unique_titles,reid_file_uniform,reid_file_popularity,\
    reid_title_uniform,reid_title_popularity,confident_title_uniform,confident_title_popularity,\
    largest_over_20_files,largest_over_80_plays,duration_mae_ms,bitrate_mae_bps,distortion";

#[test]
fn columns_and_rows() {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "200", "-o", "in.parquet"]).ok();
    let sweep = |output: &str, more: &[&str]| {
        let args = ["sweep", "--catalogue", "in.parquet", "-o", output];
        folder.run(&[&args[..], more].concat()).ok();
    };
    let lists = ["--duration-widths", "1min..3min:1min,digits:2", "--bitrate-widths", "500kbps,log:1"];
    let more = ["--by", "resolution,container", "--by-subsets", "--baselines", "--exposed", "0.01"];
    sweep("out.csv", &[&lists[..], &more].concat());
    let bytes = folder.read("out.csv");
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), COLUMNS);
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    // 4 durations and 2 bit rates, keep and drop on both sides, the 4 subsets of two side fields.
    assert_eq!(rows.len(), (4 + 2) * (2 + 2) * 4);
    for row in [&rows[0], &rows[37], &rows[95]] {
        let cell = |column: &str| &row[COLUMNS.split(',').position(|c| c == column).unwrap()];
        let by = cell("by");
        let mut what = vec!["--duration", cell("duration"), "--bitrate", cell("bitrate")];
        if !by.is_empty() {
            what.extend(["--by", by]);
        }
        let measured = folder.measure("in.parquet", &what);
        let rates = &measured["reidentification"];
        let pairs: [(&str, &Value); 12] = [
            ("classes", &measured["classes"]),
            ("k_files", &measured["k"]["files"]),
            ("k_titles", &measured["k"]["titles"]),
            ("k_series", &measured["k"]["series"]),
            ("k_titles_budget", &measured["k_within_budget"][1]["titles"]),
            ("unique_titles", &measured["unique_share"]["titles"]),
            ("reid_file_popularity", &rates["file"]["popularity"]),
            ("reid_title_uniform", &rates["title"]["uniform"]),
            ("largest_over_20_files", &measured["largest_title_share"][0]["files"]),
            ("largest_over_80_plays", &measured["largest_title_share"][2]["plays"]),
            ("duration_mae_ms", &measured["distortion"]["duration"]["mean_abs_error_ms"]),
            ("distortion", &measured["distortion"]["total"]),
        ];
        for (column, expected) in pairs {
            // JSON is read with an error in the last digit.
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
            match (cell(column).parse::<f64>(), expected.as_f64()) {
                (Ok(found), Some(expected)) => {
                    assert!(near(found, expected), "{column} of {row:?}: {expected}")
                }
                (found, expected) => assert_eq!(found.ok(), expected, "{column} of {row:?}"),
            }
        }
    }
    // A name such as digits:2 has no width.
    assert!(rows.iter().any(|row| &row[0] == "floor:2min" && &row[2] == "120000"));
    assert!(rows.iter().any(|row| &row[0] == "digits:2" && row[2].is_empty()));
    // The other format, again.
    sweep("a.parquet", &lists);
    sweep("b.parquet", &lists);
    assert_eq!(folder.read("a.parquet"), folder.read("b.parquet"));
}
