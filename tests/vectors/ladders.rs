//! The built-in ladders against the table they were taken from.

use std::collections::{BTreeMap, BTreeSet};

use coarsen::rounding::Ladder;

#[test]
fn the_ladders_are_those_of_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/ladders.csv");
    let table = std::fs::read_to_string(path).unwrap();
    let mut lines = table.lines();
    let header: Vec<_> = lines.next().unwrap().split(',').collect();
    assert_eq!((header[0], header[4]), ("ladder", "kbps_low"));
    let mut rungs: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for line in lines {
        // Only the last column is quoted, so these two are found by the commas.
        let cells: Vec<_> = line.split(',').collect();
        rungs.entry(cells[0]).or_default().insert(cells[4].parse().unwrap());
    }
    assert_eq!(Ladder::names().collect::<BTreeSet<_>>(), rungs.keys().copied().collect());
    assert_eq!(Ladder::names().count(), rungs.len(), "a name stands twice");
    for (name, kbps) in rungs {
        let expected: Vec<_> = kbps.iter().map(|rate| rate * 1_000).collect();
        assert_eq!(Ladder::named(name).unwrap().rungs(), expected, "{name}");
    }
}
