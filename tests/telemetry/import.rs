//! Importing histories: the laws.

use std::fs::{read, write as write_file};
use std::path::{Path, PathBuf};

use coarsen::telemetry::plays::import::{ImportError, Mapping, Options, Source, Summary, import};
use coarsen::telemetry::plays::{Column, Number, Plays, Row, Switch, Text, write};
use proptest::prelude::*;
use tempfile::TempDir;

const FORMATS: [&str; 3] = ["csv", "jsonl", "parquet"];

fn place(folder: &TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

/// What a column of a play holds.
#[derive(Clone, Debug)]
struct Sketch {
    texts: Vec<Option<&'static str>>,
    numbers: Vec<Option<u32>>,
    flags: Vec<Option<bool>>,
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let text = prop::option::of(prop::sample::select(
        &["hevc", "direct play", "a,b\"c", "7", "é \u{1b}[", "true"][..],
    ));
    let number =
        prop::option::of(prop_oneof![1u32..100, Just(u32::MAX), any::<u32>().prop_map(|n| n.max(1))]);
    let texts = prop::collection::vec(text, Text::ALL.len());
    let numbers = prop::collection::vec(number, Number::ALL.len());
    let flags = prop::collection::vec(prop::option::of(any::<bool>()), Switch::ALL.len());
    (texts, numbers, flags).prop_map(|(texts, numbers, flags)| Sketch { texts, numbers, flags })
}

impl Sketch {
    fn row(&self) -> Row<'static> {
        let mut row = Row::default();
        Text::ALL.into_iter().zip(&self.texts).for_each(|(column, text)| row[column] = *text);
        Number::ALL.into_iter().zip(&self.numbers).for_each(|(column, number)| row[column] = *number);
        Switch::ALL.into_iter().zip(&self.flags).for_each(|(column, flag)| row[column] = *flag);
        row
    }
}

/// The cells of a row of Playback Reporting; the first two and the fifth must not matter.
fn cells() -> impl Strategy<Value = [String; 9]> {
    let word = prop_oneof![
        prop::sample::select(
            &["Movie", "Episode", "DirectPlay", "Transcode (v:h264 a:aac)", "Jellyfin Web", "iPhone"][..]
        )
        .prop_map(str::to_owned),
        "[^\\t\\n\\r]{0,12}",
    ];
    let seconds = prop_oneof![(0u32..10_000).prop_map(|n| n.to_string()), "[^\\t\\n\\r]{0,5}"];
    (prop::array::uniform8(word), seconds).prop_map(
        |([_, user, item, kind, name, method, client, device], seconds)| {
            ["2026-11-24 20:15:00".to_owned(), user, item, kind, name, method, client, device, seconds]
        },
    )
}

fn history(rows: &[[String; 9]]) -> String {
    rows.iter().map(|row| row.join("\t") + "\n").collect()
}

fn jellyfin(folder: &TempDir, text: &str) -> Result<(Summary, Vec<u8>), ImportError> {
    let (input, output) = (place(folder, "history.tsv"), place(folder, "out.csv"));
    write_file(&input, text).unwrap();
    let options = Options { refused: Some(place(folder, "bad.csv")), ..Options::default() };
    let summary = import(&Source::JellyfinReporting, &input, &output, &options)?;
    Ok((summary, read(output).unwrap()))
}

/// Every text of written plays but the server's.
fn texts(csv: &[u8]) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv);
    let header = reader.headers().unwrap().clone();
    let is_text =
        |name: &str| matches!(Column::named(name), Some(Column::Text(text)) if text != Text::Server);
    let rows = reader.records().flat_map(|record| {
        let record = record.unwrap();
        let cells = header.iter().zip(record.iter()).filter(|(name, cell)| is_text(name) && !cell.is_empty());
        cells.map(|(_, cell)| cell.to_owned()).collect::<Vec<_>>()
    });
    rows.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    /// Importing what was written gives what was written, from each format into each.
    #[test]
    fn importing_what_was_written_changes_nothing(sketches in prop::collection::vec(sketch(), 1..8)) {
        let plays: Plays = sketches.iter().map(Sketch::row).collect();
        let folder = TempDir::new().unwrap();
        let none: [&str; 0] = [];
        let source = Source::Table(Mapping::parse(none, none).unwrap());
        for to in FORMATS {
            let straight = place(&folder, &format!("straight.{to}"));
            write(&straight, &plays).unwrap();
            for from in FORMATS {
                let [input, output] = [place(&folder, &format!("in.{from}")), place(&folder, &format!("out.{to}"))];
                write(&input, &plays).unwrap();
                let summary = import(&source, &input, &output, &Options::default()).unwrap();
                prop_assert_eq!((summary.rows_in, summary.out, summary.refused), (plays.len() as u64, plays.len() as u64, 0));
                prop_assert!(read(&output).unwrap() == read(&straight).unwrap(), "{} into {}", from, to);
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Users, names and times change no byte, every row is accounted for, and only this program's words are told.
    #[test]
    fn nobody_of_jellyfin_is_told(rows in prop::collection::vec(cells(), 1..12), other in "[^\\t\\n\\r]{0,12}") {
        let folder = TempDir::new().unwrap();
        let (summary, plays) = jellyfin(&folder, &history(&rows)).unwrap();
        prop_assert_eq!(summary.rows_in, rows.len() as u64);
        prop_assert_eq!(summary.out + summary.refused, summary.rows_in);
        for text in texts(&plays) {
            prop_assert!(WORDS.contains(&text.as_str()), "{}", text);
        }
        let mut others = rows;
        for row in &mut others {
            (row[0], row[1], row[4]) = ("1999-01-01".to_owned(), other.clone(), other.clone());
        }
        let (again, same) = jellyfin(&folder, &history(&others)).unwrap();
        prop_assert!(again == summary && same == plays);
    }

    /// Any bytes are a history or are refused; never a panic.
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = TempDir::new().unwrap();
        for (name, source) in [("in", Source::JellyfinReporting), ("in", Source::Tautulli)] {
            let [input, output] = [place(&folder, name), place(&folder, "out.csv")];
            write_file(&input, &bytes).unwrap();
            let done = import(&source, &input, &output, &Options::default());
            prop_assert_eq!(done.is_ok(), output.exists());
            if output.exists() {
                std::fs::remove_file(output).unwrap();
            }
        }
    }
}

/// All that a history of Playback Reporting can become.
const WORDS: [&str; 31] = [
    "movie",
    "episode",
    "track",
    "clip",
    "home",
    "direct play",
    "remux",
    "transcode",
    "androidtv",
    "firetv",
    "tvos",
    "roku",
    "tizen",
    "webos",
    "xbox",
    "playstation",
    "web",
    "android",
    "ios",
    "windows",
    "macos",
    "linux",
    "phone",
    "tablet",
    "box",
    "stick",
    "tv",
    "console",
    "speaker",
    "laptop",
    "desktop",
];

/// An output that is there already survives an import that fails.
#[test]
fn a_failed_import_leaves_the_old_plays() {
    let folder = TempDir::new().unwrap();
    let [input, output] = [place(&folder, "in.tsv"), place(&folder, "out.csv")];
    write_file(&input, "nonsense\n").unwrap();
    write_file(&output, "old").unwrap();
    let failed = import(&Source::JellyfinReporting, Path::new(&input), &output, &Options::default());
    assert!(matches!(failed, Err(ImportError::Row { row: 1, column: None, .. })));
    assert_eq!(read(output).unwrap(), b"old");
}
