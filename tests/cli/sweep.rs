//! `sweep`: the columns that scripts rely on, and that its rows say what `measure` says.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::tool::Folder;

const COLUMNS: &str = "duration,bitrate,duration_width_ms,bitrate_width_bps,by,classes,k_files,k_titles,\
    k_files_budget,k_titles_budget,k_series,unique_files,unique_titles,reid_file_uniform,reid_file_popularity,\
    reid_title_uniform,reid_title_popularity,confident_title_uniform,confident_title_popularity,\
    largest_over_20_files,largest_over_80_plays,duration_mae_ms,bitrate_mae_bps,distortion,duration_mse_ms2,\
    bitrate_mse_bps2,files_in_1,files_in_2_3,files_in_4_7,files_in_8_15,files_in_16_31,files_in_32_63,\
    files_in_64_127,files_in_128_up";

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
        let pairs: [(&str, &Value); 15] = [
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
            ("duration_mse_ms2", &measured["distortion"]["duration"]["mean_squared_error_ms2"]),
            ("files_in_1", &measured["files_in"]["files_in_1"]),
            ("files_in_128_up", &measured["files_in"]["files_in_128_up"]),
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

/// The files of a folder by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect()
}

#[test]
fn sizes_alone_are_the_same_columns() {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "100", "-o", "in.parquet"]).ok();
    let sweep = |measures: &str, output: &str| {
        let args =
            ["sweep", "--catalogue", "in.parquet", "--duration-widths", "1s,1min", "--measures", measures];
        folder.run(&[&args[..], &["-o", output]].concat()).ok();
        let bytes = folder.read(output);
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|row| {
            let row = row.unwrap();
            names.iter().cloned().zip(row.iter().map(str::to_owned)).collect::<BTreeMap<_, _>>()
        });
        rows.collect::<Vec<_>>()
    };
    let (all, counts) = (sweep("all", "all.csv"), sweep("counts", "counts.csv"));
    assert_eq!((all.len(), counts.len()), (20, 20));
    for (all, counts) in all.iter().zip(&counts) {
        assert!(counts.len() > 15 && !counts.contains_key("k_titles"));
        assert!(counts.iter().all(|(name, value)| all[name] == *value), "{counts:?}");
    }
}

/// A sweep that is killed and taken up again leaves what one run leaves, whatever the number of threads.
#[test]
fn a_killed_sweep_goes_on() {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "2000", "-o", "in.parquet"]).ok();
    let args = |output| {
        let lists = ["--duration-widths", "1s..2000s:1s", "--bitrate-widths", "50kbps..5Mbps:50kbps"];
        let rest = ["sweep", "--catalogue", "in.parquet", "--by", "resolution", "-o", output];
        [&rest[..], &lists, &["--measures", "counts"]].concat()
    };
    let mut killed = folder.command(&args("killed")).stderr(Stdio::null()).spawn().unwrap();
    // Until it has written a part, and not all of them.
    let started = Instant::now();
    let parts = |name: &str| {
        let names = std::fs::read_dir(folder.path(name)).map_or(Vec::new(), |entries| {
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
        });
        names.into_iter().filter(|name| name.starts_with("part-")).count()
    };
    while parts("killed") == 0 && started.elapsed() < Duration::from_secs(300) {
        std::thread::sleep(Duration::from_millis(2));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!((1..4).contains(&parts("killed")), "{} parts were written before the kill", parts("killed"));
    // As a kill in the middle of a write leaves it.
    std::fs::write(folder.path("killed").join(".tmpabc"), b"half").unwrap();

    let mut again = folder.command(&args("killed"));
    again.env("RAYON_NUM_THREADS", "1");
    let said = String::from_utf8(again.output().unwrap().stderr).unwrap();
    assert!(said.contains("are there already") && said.contains("200000 candidates in 4 files"), "{said}");
    folder.run(&args("whole")).ok();
    assert_eq!(files(&folder.path("killed")), files(&folder.path("whole")));
    assert_eq!(parts("whole"), 4);

    // Another sweep, or a folder of something else, is refused and left alone.
    let before = files(&folder.path("whole"));
    let other = [&args("whole")[..], &["--exposed", "0.5"]].concat();
    folder.refused(&other, &["another sweep", "empty"]);
    assert_eq!(files(&folder.path("whole")), before);
    std::fs::create_dir(folder.path("mine")).unwrap();
    std::fs::write(folder.path("mine").join("letter.txt"), b"dear").unwrap();
    folder.refused(&args("mine"), &["mine", "something else"]);
    assert_eq!(files(&folder.path("mine")).len(), 1);
}

#[test]
fn a_file_is_not_filled_with_millions() {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "20", "-o", "in.parquet"]).ok();
    let lists = ["--duration-widths", "1s..1200s:1s", "--bitrate-widths", "10kbps..10Mbps:10kbps"];
    let args = ["sweep", "--catalogue", "in.parquet", "-o", "out.parquet"];
    folder.refused(&[&args[..], &lists].concat(), &["1200000 candidates", "folder"]);
    folder.write("taken", "x");
    folder.refused(&["sweep", "--catalogue", "in.parquet", "-o", "taken"], &["taken", "a file stands"]);
}

#[test]
fn phases_and_quantiles_are_swept() {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "300", "-o", "in.parquet"]).ok();
    let lists = ["--duration-widths", "3min,quantile:4;edges:20min,1h", "--duration-phases", "1min"];
    let args = ["sweep", "--catalogue", "in.parquet", "--bitrate-widths", "atleast:50", "-o", "out.csv"];
    folder.run(&[&args[..], &lists].concat()).ok();
    let text = String::from_utf8(folder.read("out.csv")).unwrap();
    for name in ["floor:3min,", "floor:3min@1min,", "floor:3min@2min,", "\"edges:20min,1h\","] {
        assert!(text.contains(name), "{name}: {text}");
    }
    // Four quantiles have three edges, frozen as such.
    let quantile = text.lines().nth(4).unwrap();
    assert!(
        quantile.starts_with("\"edges:") && quantile.split('"').nth(1).unwrap().matches(',').count() == 2
    );
    assert_eq!(text.lines().count(), 1 + 5);
    folder.refused(&[&args[..], &["--duration-phases", "0s"]].concat(), &["above 0"]);
}
