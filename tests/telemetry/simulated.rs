//! Simulated plays: repeatable, within their laws, and about as published studies have them.

use std::path::Path;

use coarsen::catalogue::Catalogue;
use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::telemetry::plays::{
    Column, Number, Plays, PlaysError, Settings, Switch, Text, describe, simulate, write,
};
use sha2::{Digest, Sha256};

fn catalogue(recipe: &str, titles: u32) -> Catalogue {
    synthesize(&Recipe::builtin(recipe).expect("a recipe"), titles, 7).expect("a catalogue")
}

fn on_threads(threads: usize, catalogue: &Catalogue, settings: &Settings, path: &Path) -> Vec<u8> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(|| write(path, &simulate(catalogue, settings).expect("plays")).expect("written"));
    std::fs::read(path).expect("a file")
}

#[test]
fn the_same_bytes_come_of_any_number_of_threads() {
    let catalogue = catalogue("mixed", 400);
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["plays.parquet", "plays.csv", "plays.jsonl"] {
        let path = folder.path().join(name);
        let settings = Settings { opt_out: 0.3, ..Settings::new(30, 1_500, 3) };
        let one = on_threads(1, &catalogue, &settings, &path);
        assert!(one == on_threads(2, &catalogue, &settings, &path), "{name}");
        let other = Settings { seed: 4, ..settings };
        assert!(one != on_threads(2, &catalogue, &other, &path), "{name} doesn't depend on the seed");
    }
}

#[test]
fn who_opts_out_changes_consent_alone() {
    let catalogue = catalogue("mixed", 400);
    let settings = Settings::new(60, 1_500, 3);
    let all = simulate(&catalogue, &settings).expect("plays");
    let some = simulate(&catalogue, &Settings { opt_out: 0.4, ..settings }).expect("plays");
    for text in Text::ALL {
        assert!(all.text(text) == some.text(text), "{}", text.name());
    }
    for number in Number::ALL {
        assert!(all.number(number) == some.number(number), "{}", number.name());
    }
    assert!(all.switch(Switch::Playback).iter().all(|on| *on == Some(true)));
    let share = describe(&some).opted_out_servers.expect("servers");
    assert!((0.2..0.6).contains(&share), "{share}");
    for switch in Switch::ALL {
        assert_eq!(some.switch(switch), some.switch(Switch::Playback));
    }
}

#[test]
fn every_play_keeps_the_laws() {
    let catalogue = catalogue("mixed", 600);
    let plays = simulate(&catalogue, &Settings::new(80, 6_000, 5)).expect("plays");
    assert_eq!(plays.len(), 6_000);
    for row in (0..plays.len()).map(|play| plays.row(play)) {
        let file = row[Number::FileId].expect("a file") as usize;
        assert_eq!(row[Number::TitleId], Some(catalogue.title()[file]));
        assert_eq!(row[Number::DurationMs], Some(catalogue.duration_ms()[file]));
        assert!(row[Number::PlayedMs] <= row[Number::DurationMs]);
        assert_eq!(row[Number::Stalls] == Some(0), row[Number::StalledMs] == Some(0), "{row:?}");
        let began = row[Number::StartupMs].is_some();
        assert!(began || row[Number::PlayedMs] == Some(0));
        let delivery = row[Text::Delivery].expect("a delivery");
        assert!(delivery == "transcode" || row[Number::TranscodeSpeedPermille].is_none());
        if delivery != "transcode" && began {
            assert_eq!(row[Number::DeliveredBps], row[Number::BitrateBps]);
        }
        for column in [
            Text::Server,
            Text::Kind,
            Text::Platform,
            Text::Device,
            Text::Hardware,
            Text::ServerVersion,
            Text::UpdateChannel,
            Text::AccountState,
        ] {
            assert!(row[column].is_some(), "{}", column.name());
        }
    }
}

/// A server is what it is for all its plays, and servers differ.
#[test]
fn every_server_has_one_version_channel_and_account() {
    let plays = simulate(&catalogue("mixed", 600), &Settings::new(200, 6_000, 5)).expect("plays");
    let mut of: std::collections::BTreeMap<&str, [&str; 3]> = std::collections::BTreeMap::new();
    for play in 0..plays.len() {
        let text = |column| plays.text(column).get(play).expect("a text");
        let own = [Text::ServerVersion, Text::UpdateChannel, Text::AccountState].map(text);
        assert_eq!(*of.entry(text(Text::Server)).or_insert(own), own);
    }
    let distinct = |at: usize| of.values().map(|own| own[at]).collect::<std::collections::BTreeSet<_>>();
    assert!(distinct(0).len() > 5 && distinct(1).len() == 2 && distinct(2).len() > 1, "{of:?}");
}

/// What follows of a series or album follows in order, and binges are there.
#[test]
fn series_and_albums_are_played_in_order() {
    let catalogue = catalogue("mixed", 600);
    let plays = simulate(&catalogue, &Settings::new(40, 4_000, 5)).expect("plays");
    let (files, servers) = (plays.number(Number::FileId), plays.text(Text::Server).codes());
    let mut next = 0;
    for play in 1..plays.len() {
        let [before, after] = [play - 1, play].map(|play| files[play].expect("a file") as usize);
        let is_next = catalogue.title()[after] == catalogue.title()[before] + 1;
        if servers[play - 1] == servers[play]
            && catalogue.series()[before] == catalogue.series()[after]
            && is_next
        {
            next += 1;
        }
    }
    assert!(next > plays.len() / 5, "only {next} plays go on with the next title");
}

/// Published: most sessions never stall and few do, 1 to 10 % by link; what stalls has a heavy tail; stalled time is a
/// fraction of a percent of the time watched.
#[test]
fn stalls_are_as_rare_and_as_unequal_as_published() {
    let plays = simulate(&catalogue("video", 2_000), &Settings::new(300, 12_000, 1)).expect("plays");
    let description = describe(&plays);
    let stalled = description.stalled_plays.expect("plays");
    assert!((0.005..0.10).contains(&stalled), "{stalled} of the plays stalled");
    let time = description.stalled_time.expect("plays");
    assert!((0.0002..0.006).contains(&time), "{time} of the time stood still");
    let mut each: Vec<u32> =
        plays.number(Number::StalledMs).iter().flatten().copied().filter(|&ms| ms > 0).collect();
    each.sort_unstable();
    let all: u64 = each.iter().map(|&ms| u64::from(ms)).sum();
    let worst: u64 = each.iter().rev().take(each.len() / 10).map(|&ms| u64::from(ms)).sum();
    assert!(worst * 3 > all, "the worst tenth of those that stalled has {worst} of {all} ms");
    // Transcodes, which are what a bad link or a strange codec asks for, stall more than what fits.
    let of = |name: &str| {
        let cells = description.cells.iter().filter(|cell| cell.delivery.as_deref() == Some(name));
        let stalled = |cell: &coarsen::telemetry::plays::Cell| cell.stalled_plays.unwrap_or(0.0);
        let (sum, plays) = cells.fold((0.0, 0), |(sum, plays), cell| {
            (sum + stalled(cell) * cell.plays as f64, plays + cell.plays)
        });
        sum / plays as f64
    };
    assert!(of("transcode") > 2.0 * of("direct play"));
}

/// Rungs change within a play: what is delivered lies between two rungs then, and never above the highest.
#[test]
fn some_transcodes_change_their_rung_and_others_keep_it() {
    const RUNGS: [u32; 9] =
        [145_000, 365_000, 730_000, 1_100_000, 2_000_000, 3_000_000, 4_500_000, 6_000_000, 7_800_000];
    let plays = simulate(&catalogue("video", 2_000), &Settings::new(300, 12_000, 1)).expect("plays");
    let (mut changed, mut kept) = (0, 0);
    for row in (0..plays.len()).map(|play| plays.row(play)) {
        let Some(rate) = row[Number::DeliveredBps] else { continue };
        // Of what the machine doesn't make the picture is as it was.
        if row[Number::TranscodeSpeedPermille].is_none() {
            assert!(
                row[Text::Delivery] == Some("transcode") || row[Number::BitrateBps] == Some(rate),
                "{row:?}"
            );
            continue;
        }
        assert!((RUNGS[0]..=RUNGS[8]).contains(&rate), "{row:?}");
        *(if RUNGS.contains(&rate) { &mut kept } else { &mut changed }) += 1;
    }
    // Most links at home carry the highest rung that the file has from the start.
    assert!(changed > 200 && kept > changed, "{changed} changed their rung, {kept} kept it");
}

/// Published: of those who don't want the end, 37, 53 and 75 % leave within 5, 10 and 25 min.
#[test]
fn early_leavers_leave_as_early_as_published() {
    let settings = Settings { completion: 0.0, ..Settings::new(300, 12_000, 2) };
    let plays = simulate(&catalogue("video", 2_000), &settings).expect("plays");
    let long = (0..plays.len()).map(|play| plays.row(play)).filter(|row| row[Number::StartupMs].is_some());
    let long = long.filter(|row| row[Number::DurationMs] > Some(40 * 60_000));
    let played: Vec<u32> = long.filter_map(|row| row[Number::PlayedMs]).collect();
    assert!(played.len() > 3_000);
    for (minutes, published) in [(5, 0.37), (10, 0.53), (25, 0.75)] {
        let within = played.iter().filter(|&&ms| ms <= minutes * 60_000).count();
        let share = within as f64 / played.len() as f64;
        assert!((share - published).abs() < 0.04, "{share} leave within {minutes} min, not {published}");
    }
}

/// What the catalogue lacks the plays lack; nothing becomes 0.
#[test]
fn what_is_not_known_is_missing() {
    let films = coarsen::catalogue::real::all().expect("real catalogues").remove(2).catalogue;
    let plays = simulate(&films, &Settings::new(20, 500, 1)).expect("plays");
    let lacking = |column: &str| {
        let all = describe(&plays).missing;
        all.into_iter().find(|missing| missing.column == column).expect("a column").plays
    };
    for column in ["bitrate_bps", "resolution", "video_codec", "audio_codec", "container"] {
        assert_eq!(lacking(column), 500, "{column}");
    }
    assert_eq!(lacking("duration_ms"), 0);
    let zeros = plays.number(Number::DeliveredBps).iter().filter(|rate| **rate == Some(0)).count();
    assert_eq!(zeros, 0);
}

#[test]
fn what_cannot_be_simulated_is_refused() {
    let catalogue = catalogue("mixed", 400);
    let refused = |settings: Settings| match simulate(&catalogue, &settings) {
        Err(PlaysError::Asked(problem)) => problem,
        other => panic!("{:?}", other.map(|plays| plays.len())),
    };
    let settings = Settings::new(5, 10, 1);
    assert!(refused(Settings { servers: 0, ..settings.clone() }).contains("0 servers"));
    assert!(refused(Settings { plays: 0, ..settings.clone() }).contains("0 plays"));
    assert!(refused(Settings { opt_out: 1.5, ..settings.clone() }).contains("1.5 is no share"));
    assert!(refused(Settings { completion: f64::NAN, ..settings }).contains("NaN is no share"));
    let few = synthesize(&Recipe::builtin("mixed").expect("a recipe"), 20, 7).expect("a catalogue");
    assert!(matches!(simulate(&few, &Settings::new(5, 10, 1)), Err(PlaysError::Libraries(_))));
}

#[test]
fn every_column_has_a_name_of_its_own_and_is_found_by_it() {
    let mut names: Vec<&str> = Column::all().map(Column::name).collect();
    assert!(Column::all().all(|column| Column::named(column.name()) == Some(column)));
    assert_eq!(names.len(), Text::ALL.len() + Number::ALL.len() + Switch::ALL.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Column::all().count());
    assert!(Plays::default().is_empty());
}

/// Every hash in the datasheet is that of the file beside it, the traces and segments that plays come of among them.
#[test]
fn the_shipped_data_is_that_of_the_datasheet() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets");
    let datasheet = std::fs::read_to_string(folder.join("README.md")).expect("the datasheet");
    let (_, hashes) = datasheet.split_once("```text\n").expect("the hashes");
    let (hashes, _) = hashes.split_once("```").expect("their end");
    let mut names = Vec::new();
    for line in hashes.lines() {
        let (hash, name) = line.split_once("  ").expect("a hash and a name");
        let digest = Sha256::digest(std::fs::read(folder.join(name)).expect("a file"));
        let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, hash, "{name}");
        names.push(name);
    }
    let shipped = ["real", "traces"].map(|within| std::fs::read_dir(folder.join(within)).expect("a folder"));
    for file in shipped.into_iter().flatten().map(|file| file.expect("a file").path()) {
        let is_data = file.extension().is_some_and(|ending| ending == "parquet");
        assert!(!is_data || names.iter().any(|name| file.ends_with(name)), "{} has no hash", file.display());
    }
}

#[test]
fn the_datasheet_lists_every_column_with_its_unit() {
    let datasheet = include_str!("../../datasets/README.md");
    let (_, rows) = datasheet.split_once("## The columns of a play").expect("the section");
    let rows =
        rows.lines().skip_while(|line| !line.starts_with("| `")).take_while(|line| line.starts_with("| `"));
    let listed: Vec<(&str, &str)> = rows
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            assert!(!cells[3].is_empty(), "{row}");
            (cells[1].trim_matches('`'), cells[2])
        })
        .collect();
    let columns: Vec<(&str, &str)> =
        Column::all().map(|column| (column.name(), column.unit().unwrap_or_default())).collect();
    assert_eq!(listed, columns);
}
