//! The class tables that engines make of random catalogues, against those of `ClassTable::of`.

use std::collections::BTreeMap;

use coarsen::catalogue::ingest::Format;
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::{Catalogue, Category, Columns, SideField};
use coarsen::classes::{Cells, ClassTable, Generalization, TableClass, Told, class_sql};
use coarsen::policy::Policy;
use coarsen::policy::sql::Dialect;
use rand::RngExt;
use serde_json::{Value, json};

use crate::engine::drive;

const RESOLUTIONS: [&str; 5] = ["480p", "576p", "720p", "it's \"HD\" \\", "2160p"];

pub struct Drawn {
    pub catalogue: Catalogue,
    pub policy: Policy,
    pub text: String,
    pub lacks: Vec<String>,
}

fn field(name: &str, kind: &str, rounding: &str) -> String {
    format!(
        "[[field]]\nname = \"{name}\"\ntype = \"{kind}\"\nrounding = {}\nconsent = \"playback\"\n\
         purpose = \"A question.\"\nsensitivity = \"fingerprint\"\nexpires = \"2031-12-31\"\n",
        toml::Value::String(rounding.to_owned())
    )
}

pub fn draw(number: u64) -> Drawn {
    let mut rng = stream(5, "engines catalogue", number);
    let mut pick = |of: &[&'static str]| of[rng.random_range(0..of.len())];
    let duration =
        pick(&["drop", "floor:5min", "nearest:7min@1min+top:40min", "log:4", "keep", "edges:10min,1h"]);
    let bitrate = pick(&["drop", "floor:500kbps", "bits:2", "ladder:sabre_bbb+top:3Mbps", "keep"]);
    let resolution = pick(&["drop", "keep", "groups:SD=480p|576p,H'D=720p|it's \"HD\" \\"]);
    let boxes = pick(&["", "rate", "tier", "both"]);
    let lacking = pick(&["", "", "series_id", "popularity", "bitrate_bps", "resolution"]);
    let popularity = pick(&["counts", "shares", "zero", "mixed"]);
    let mut text = "schema = \"coarsen.policy/1\"\nname = \"drawn\"\nversion = 1\n".to_owned();
    text += &field("duration", "duration", duration);
    text += &field("bitrate", "bitrate", bitrate);
    text += &field("resolution", "category", resolution);
    if bitrate != "drop" && ["rate", "both"].contains(&boxes) {
        text += "[[other]]\nwhen = { bitrate = \"\" }\n";
    }
    if resolution != "drop" && ["tier", "both"].contains(&boxes) {
        text += "[[other]]\nwhen = { resolution = \"|720p|SD\" }\n";
    }
    let files = rng.random_range(1..400usize);
    let titles = rng.random_range(1..150u32);
    let mut columns =
        Columns { series: Some(Vec::new()), bitrate_bps: Some(Vec::new()), ..Columns::default() };
    let (mut shares, mut tiers): (Vec<f64>, Vec<Option<&str>>) = (Vec::new(), Vec::new());
    for _ in 0..files {
        let mut random = |below: u32| rng.random_range(0..below);
        columns.title.push(random(titles));
        columns.series.iter_mut().for_each(|all| all.push((random(3) > 0).then(|| random(9))));
        columns.duration_ms.push(if random(9) == 0 {
            u32::MAX - random(9)
        } else {
            1 + random(50) * 60_000 + random(3)
        });
        columns
            .bitrate_bps
            .iter_mut()
            .for_each(|all| all.push((random(8) > 0).then(|| 1 + random(40) * 125_000)));
        shares.push(match popularity {
            "counts" => f64::from(random(1000)),
            "shares" => f64::from(random(1_000_000)) / 7.0e5,
            "zero" => 0.0,
            // As unlike as floats are.
            _ => [0.0, 1e-30, 0.5, 3.0, 1e12][random(5) as usize],
        });
        tiers.push((random(7) > 0).then(|| RESOLUTIONS[random(5) as usize]));
    }
    columns.popularity = Some(shares);
    columns.side = BTreeMap::from([
        (SideField::Kind, columns.title.iter().map(|_| Some("movie")).collect::<Category>()),
        (SideField::Resolution, tiers.into_iter().collect::<Category>()),
    ]);
    match lacking {
        "series_id" => columns.series = None,
        "popularity" => columns.popularity = None,
        "bitrate_bps" => columns.bitrate_bps = None,
        "resolution" => _ = columns.side.remove(&SideField::Resolution),
        _ => {}
    }
    let absent = ["genre", "width", "height", "video_codec", "audio_codec", "container", lacking];
    let lacks = absent.into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let policy = Policy::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    Drawn { catalogue: Catalogue::new(columns).unwrap(), policy, text, lacks }
}

/// The catalogue as the driver takes a table.
fn table(catalogue: &Catalogue) -> Value {
    let mut columns: Vec<(&str, &str, Vec<Option<String>>)> = Vec::new();
    let text = |number: u32| Some(number.to_string());
    columns.push(("title_id", "i64", catalogue.title().iter().map(|&title| text(title)).collect()));
    if let Some(series) = catalogue.named_series() {
        columns.push(("series_id", "i64", series.map(|series| series.map(|id| id.to_string())).collect()));
    }
    columns.push(("duration_ms", "i64", catalogue.duration_ms().iter().map(|&value| text(value)).collect()));
    if let Some(rates) = catalogue.bitrate_bps() {
        columns.push((
            "bitrate_bps",
            "i64",
            rates.iter().map(|rate| rate.map(|rate| rate.to_string())).collect(),
        ));
    }
    if let Some(popularity) = catalogue.popularity() {
        columns.push(("popularity", "f64", popularity.map(|weight| Some(format!("{weight:e}"))).collect()));
    }
    if let Some(tiers) = catalogue.side(SideField::Resolution) {
        let tiers = (0..tiers.len()).map(|row| tiers.get(row).map(str::to_owned));
        columns.push(("resolution", "text", tiers.collect()));
    }
    let rows: Vec<Vec<&Option<String>>> =
        (0..catalogue.files()).map(|row| columns.iter().map(|(_, _, cells)| &cells[row]).collect()).collect();
    let names: Vec<Value> =
        columns.iter().map(|(name, kind, _)| json!({"name": name, "type": kind})).collect();
    json!({"columns": names, "rows": rows})
}

/// The table as CSV.
fn csv(result: &Value, query: &str) -> Vec<u8> {
    assert!(result["error"].is_null(), "{}\n{query}", result["error"]);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names: Vec<&str> =
        result["columns"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    writer.write_record(&names).unwrap();
    for row in result["rows"].as_array().unwrap() {
        writer.write_record(row.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap_or(""))).unwrap();
    }
    writer.into_inner().unwrap()
}

fn sorted(table: &ClassTable) -> Vec<TableClass> {
    let mut classes = table.classes.clone();
    classes.sort_unstable();
    classes
}

/// What our own code makes of the catalogue.
pub fn own(drawn: &Drawn) -> ClassTable {
    let told = Told::of(&drawn.policy, "play", &|_| true).unwrap();
    let told = told.catalogue(&drawn.catalogue).unwrap();
    let generalization = Generalization::of_ping(&drawn.policy, "play").unwrap();
    ClassTable::of(&Cells::new(&told), &generalization)
}

#[track_caller]
pub fn same(found: &ClassTable, wanted: &ClassTable, about: &str) {
    assert_eq!(sorted(found), sorted(wanted), "{about}");
    assert_eq!((found.titles, found.top_title), (wanted.titles, wanted.top_title), "{about}");
    let losses = |table: &ClassTable| -> Vec<(SideField, f64)> {
        table.side_loss.iter().map(|(field, loss)| (*field, *loss)).filter(|(_, loss)| *loss > 0.0).collect()
    };
    assert_eq!(losses(found), losses(wanted), "{about}");
    let (ours, theirs) = (&wanted.told, &found.told);
    assert_eq!((&ours.duration, &ours.bitrate, &ours.by), (&theirs.duration, &theirs.bitrate, &theirs.by));
    assert_eq!((&ours.lacks, &ours.has, ours.other), (&theirs.lacks, &theirs.has, theirs.other), "{about}");
}

fn agrees(dialect: Dialect, catalogues: u64) {
    let drawn: Vec<Drawn> = (0..catalogues).map(draw).collect();
    let query = |(number, drawn): (usize, &Drawn)| {
        class_sql(&drawn.policy, "play", dialect, &format!("catalogue_{number}"), &drawn.lacks).unwrap()
    };
    let queries: Vec<String> = drawn.iter().enumerate().map(query).collect();
    let tables: serde_json::Map<String, Value> = drawn
        .iter()
        .enumerate()
        .map(|(number, drawn)| (format!("catalogue_{number}"), table(&drawn.catalogue)))
        .collect();
    let answer = drive(dialect.name(), &json!({"tables": tables, "queries": queries}));
    let mut classes = 0;
    for (number, drawn) in drawn.iter().enumerate() {
        let about = format!("{}\nlacks {:?}\n{}", drawn.text, drawn.lacks, queries[number]);
        let bytes = csv(&answer["results"][number], &queries[number]);
        let found = ClassTable::from_bytes("engine", &bytes, Format::Csv)
            .unwrap_or_else(|error| panic!("{error}\n{about}"));
        same(&found, &own(drawn), &about);
        classes += found.classes.len();
    }
    let version = answer["version"].as_str().unwrap();
    println!("{version}: the class tables of {catalogues} catalogues, {classes} classes, all as our own");
}

#[test]
fn duckdb_makes_the_class_table() {
    agrees(Dialect::DuckDb, 24);
}

#[test]
fn spark_makes_the_class_table() {
    agrees(Dialect::Spark, 3);
}

#[test]
fn postgres_makes_the_class_table() {
    agrees(Dialect::Postgres, 24);
}
