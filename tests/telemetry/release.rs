//! How pings leave: their order and their identifiers.

use std::collections::{BTreeMap, BTreeSet};

use coarsen::policy::Policy;
use coarsen::telemetry::apply::Options;

use crate::draw::day;
use crate::plays::Folder;

fn policy(release: &str) -> Policy {
    let field = |ping: &str| {
        format!(
            "[[field]]\nping = \"{ping}\"\nname = \"n\"\ntype = \"integer\"\nrounding = \"keep\"\nconsent = \"playback\"\n\
             purpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
        )
    };
    let head = "schema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n[release]\n";
    Policy::from_toml(&format!("{head}{release}\n{}{}", field("a"), field("b"))).unwrap()
}

/// What leaves of plays numbered from 0, ping by ping, each row as its cells.
fn leave(release: &str, plays: usize, seed: Option<u64>) -> [Vec<Vec<String>>; 2] {
    let folder = Folder::new();
    let rows = (0..plays).map(|n| format!("{n},true,s{},v{}\n", n % 3, n % 2));
    let text = "n,consent_playback,server,session\n".to_owned() + &rows.collect::<String>();
    std::fs::write(folder.path("in.csv"), text).unwrap();
    let options = Options { seed, ..Options::new(day("2026-01-01")) };
    folder.apply(&policy(release), "in.csv", "out-{ping}.csv", &options).unwrap();
    ["a", "b"].map(|ping| {
        let bytes = folder.output(ping, "csv").unwrap();
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    })
}

fn numbers(rows: &[Vec<String>]) -> Vec<usize> {
    rows.iter().map(|row| row[0].parse().unwrap()).collect()
}

#[test]
fn without_shuffle_the_order_is_the_inputs() {
    for rows in leave("batch = 10", 25, None) {
        assert_eq!(numbers(&rows), (0..25).collect::<Vec<usize>>());
    }
}

#[test]
fn a_batch_is_shuffled_and_stays_a_batch() {
    let pings = leave("batch = 100\nshuffle = true", 250, Some(1));
    for rows in &pings {
        let found = numbers(rows);
        for (at, batch) in found.chunks(100).enumerate() {
            let ends = (at * 100, (at * 100 + 100).min(250));
            assert_eq!(batch.iter().copied().collect::<BTreeSet<usize>>(), (ends.0..ends.1).collect());
            assert_ne!(batch, (ends.0..ends.1).collect::<Vec<usize>>());
        }
    }
    assert_ne!(numbers(&pings[0]), numbers(&pings[1]), "pings have orders of their own");
    let places = numbers(&pings[0]).into_iter().zip(numbers(&pings[1])).filter(|(a, b)| a == b).count();
    assert!(places < 15, "{places} of 250 plays stand in the same row of both pings");
    assert_eq!(pings, leave("batch = 100\nshuffle = true", 250, Some(1)), "a seed repeats them");
    assert_ne!(pings, leave("batch = 100\nshuffle = true", 250, None), "and without one nothing does");
}

#[test]
fn identifiers_rotate_and_are_each_pings_own() {
    let pings = leave("link = \"server\"\nrotate = 4", 60, None);
    let mut all = BTreeSet::new();
    for rows in &pings {
        let mut lives: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        rows.iter().zip(numbers(rows)).for_each(|(row, n)| lives.entry(&row[1]).or_default().push(n));
        // Three servers of twenty plays each, four plays under an identifier.
        assert_eq!(lives.len(), 15);
        for (name, life) in lives {
            assert!(name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
            assert_eq!(life.len(), 4);
            assert!(life.windows(2).all(|two| two[1] - two[0] == 3), "plays of one server: {life:?}");
            assert!(all.insert(name.to_owned()), "no other ping bears {name}");
        }
    }
    let [first, _] = leave("link = \"session\"", 10, None);
    assert_eq!(first.iter().map(|row| &row[1]).collect::<BTreeSet<_>>().len(), 2);
}
