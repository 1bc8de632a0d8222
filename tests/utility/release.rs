//! Tables hold what leaves, and nothing else.

use std::path::Path;

use coarsen::policy::Policy;
use coarsen::rounding::{Partition, Rounding};
use coarsen::telemetry::apply::{Options, Place, apply};
use coarsen::telemetry::plays::{Column, Number, Plays, Text, write};
use coarsen::units::Dimension;
use coarsen::utility::{Release, Table};

use crate::some::{SIDES, emitted, plays};

const POLICY: &str = r#"
    schema = "coarsen.policy/1"
    name = "some"
    version = 1
    [[field]]
    ping = "stalls"
    name = "bitrate"
    column = "bitrate_bps"
    type = "bitrate"
    rounding = "log:2"
    consent = "playback"
    purpose = "Stalls by bit rate."
    sensitivity = "fingerprint"
    expires = "2031-12-31"
    [[field]]
    ping = "stalls"
    name = "stalls"
    type = "integer"
    about = "session"
    rounding = "edges:1,2"
    consent = "playback"
    purpose = "Stalls by bit rate."
    sensitivity = "low"
    expires = "2031-12-31"
    [[field]]
    ping = "stalls"
    name = "error"
    type = "category"
    about = "session"
    rounding = "groups:network=timeout|reset|name"
    consent = "crash"
    purpose = "What fails."
    sensitivity = "low"
    expires = "2031-12-31"
    [[field]]
    ping = "platforms"
    name = "platform"
    type = "category"
    about = "client"
    rounding = "keep"
    consent = "features"
    purpose = "Which platforms are there?"
    sensitivity = "low"
    expires = "2031-12-31"
    [[field]]
    ping = "platforms"
    name = "duration"
    column = "duration_ms"
    type = "duration"
    rounding = "drop"
    consent = "features"
    purpose = "Nothing."
    sensitivity = "fingerprint"
    expires = "2031-12-31"
"#;

/// The rows of a table that leave, as CSV writes them.
fn rows(table: &Table<'_>, columns: &[Column]) -> Vec<Vec<String>> {
    let cell = |play: usize, column: &Column| match column {
        Column::Text(text) => {
            table.text(*text).and_then(|texts| texts.get(play)).unwrap_or_default().to_owned()
        }
        Column::Number(number) => {
            let number = table.number(*number).and_then(|numbers| numbers.get(play));
            number.map_or(String::new(), |number| number.to_string())
        }
        Column::Switch(_) => unreachable!("no switch leaves"),
    };
    let leaving = (0..table.plays()).filter(|play| table.leaves(*play));
    leaving.map(|play| columns.iter().map(|column| cell(play, column)).collect()).collect()
}

fn leaving(release: &Release<'_>, plays: &Plays) -> usize {
    (0..plays.len()).filter(|play| release.leaves(*play)).count()
}

fn csv(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).expect("an output");
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn a_policy_s_tables_hold_what_apply_writes() {
    let plays = plays(20, 400, 0.4);
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("plays.parquet");
    write(&input, &plays).expect("written");
    let policy = Policy::from_toml(POLICY).expect("a policy");
    let today = "2026-11-24".parse().expect("a day");
    let out = folder.path().join("out-{ping}.csv");
    apply(&policy, &[Place::File(input)], &Place::File(out), &Options::new(today)).expect("applied");

    let release = Release::of_policy(&plays, &policy, today, &[]).expect("a release");
    let [stalls, platforms] = release.tables() else { panic!("two pings") };
    let columns =
        [Column::Number(Number::BitrateBps), Column::Number(Number::Stalls), Column::Text(Text::Error)];
    let written = csv(&folder.path().join("out-stalls.csv"));
    assert!(!written.is_empty() && written.len() < plays.len(), "some opted out");
    assert_eq!(rows(stalls, &columns), written);
    let platform = [Column::Text(Text::Platform)];
    assert_eq!(rows(platforms, &platform), csv(&folder.path().join("out-platforms.csv")));
    assert!(!platforms.holds(Column::Number(Number::DurationMs)), "what is dropped is no column");
    assert_eq!(leaving(&release, &plays), written.len());
}

#[test]
fn a_switch_may_be_on_for_every_play() {
    let plays = plays(10, 200, 1.0);
    let policy = Policy::from_toml(POLICY).expect("a policy");
    let today = "2026-11-24".parse().expect("a day");
    assert_eq!(leaving(&Release::of_policy(&plays, &policy, today, &[]).expect("a release"), &plays), 0);
    let on = ["crash".to_owned()];
    let release = Release::of_policy(&plays, &policy, today, &on).expect("a release");
    let [stalls, platforms] = release.tables() else { panic!("two pings") };
    assert_eq!(leaving(&release, &plays), plays.len());
    assert!((0..plays.len()).all(|play| stalls.leaves(play) && !platforms.leaves(play)));
    let bitrate = stalls.number(Number::BitrateBps).expect("a column");
    assert!((0..plays.len()).all(|play| bitrate.get(play).is_none()), "its switch is off");
}

/// Each number is told by the midpoint of its bucket, and by the place of its bucket among those that hold a play.
fn holds_midpoints(plays: &Plays, table: &Table<'_>, number: Number, rounding: &Rounding) {
    let column = table.number(number).expect("a column");
    let (codes, buckets) = (column.codes().expect("codes"), column.buckets().expect("buckets"));
    assert!(buckets.is_sorted());
    for (play, value) in plays.number(number).iter().enumerate() {
        let bucket = value.map(|value| rounding.bucket(u64::from(value)));
        assert_eq!(column.get(play), bucket.map(|bucket| bucket.midpoint()));
        assert_eq!(buckets.get(codes[play] as usize).copied(), bucket);
    }
}

#[test]
fn derived_numbers_are_rounded_as_what_they_are_derived_from() {
    let plays = plays(10, 300, 0.0);
    let generalization = emitted("floor:5min+top:1h", "log:2", &["resolution"]);
    let release = Release::of_pings(&plays, &[("play", &generalization)]);
    let table = &release.tables()[0];
    for number in [Number::DurationMs, Number::PlayedMs] {
        holds_midpoints(&plays, table, number, &generalization.duration);
    }
    for number in [Number::BitrateBps, Number::DeliveredBps] {
        holds_midpoints(&plays, table, number, &generalization.bitrate);
    }
    let leave = |text| table.holds(Column::Text(text));
    assert!(leave(Text::Resolution) && leave(Text::Platform) && leave(Text::Event));
    assert!(!leave(Text::VideoCodec) && !leave(Text::Kind) && !leave(Text::Server));
    assert!(!table.holds(Column::Number(Number::FileId)) && !table.holds(Column::Number(Number::TitleId)));
}

#[test]
fn what_is_dropped_takes_its_derived_numbers_along_and_what_is_kept_stays() {
    let plays = plays(10, 300, 0.0);
    let release = Release::of_pings(&plays, &[("play", &emitted("drop", "keep", &SIDES))]);
    let table = &release.tables()[0];
    assert!(
        !table.holds(Column::Number(Number::DurationMs)) && !table.holds(Column::Number(Number::PlayedMs))
    );
    let (kept, raw) = (table.number(Number::BitrateBps).expect("a column"), Release::raw(&plays));
    let raw = raw.tables()[0].number(Number::BitrateBps).expect("a column");
    assert!((0..plays.len()).all(|play| kept.get(play) == raw.get(play)));
    assert!(kept.buckets().is_none());
}

#[test]
fn an_open_bucket_is_no_number_too_large_for_its_column() {
    let rounding = Rounding::parse("floor:5min+top:1h", Dimension::Duration).expect("a rounding");
    assert_eq!(rounding.bucket(u64::from(u32::MAX)).midpoint(), 3_600_000);
}
