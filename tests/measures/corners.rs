//! The symbol `other`: laws of the boxes, and pings that are linked.

use std::collections::BTreeSet;

use coarsen::anonymity::Distortion;
use coarsen::classes::{Cells, Classes, Generalization};
use proptest::prelude::*;

use crate::laws::no_riskier;
use crate::naive::group;
use crate::some::{catalogue, corner, ends, files, measure, with_corners};

/// The classes as sets of files.
fn sets(classes: &Classes<'_>) -> BTreeSet<BTreeSet<u32>> {
    classes.iter().map(|files| files.iter().copied().collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A box of whole joint buckets only merges classes, so it is a nested coarsening, the first one and any other.
    #[test]
    fn a_box_more_never_raises_a_risk_nor_lowers_the_loss(
        files in files(), fine in with_corners(), ends in ends(),
    ) {
        let catalogue = catalogue(&files);
        let mut coarse = fine.clone();
        coarse.other.push(corner(&fine, &ends));
        no_riskier(&measure(&catalogue, &fine), &measure(&catalogue, &coarse))?;
        let cells = Cells::new(&catalogue);
        let (f, c) = (Distortion::of(&cells, &fine), Distortion::of(&cells, &coarse));
        prop_assert!(c.total >= f.total - 1e-12 && c.other >= f.other);
        prop_assert!(c.duration.ncp >= f.duration.ncp - 1e-12 && c.bitrate.ncp >= f.bitrate.ncp - 1e-12);
    }

    /// What several pings show together, `other` among it, from the definition.
    #[test]
    fn linked_classes_are_what_all_pings_together_leave_alike(
        files in files(), pings in prop::collection::vec(with_corners(), 0..3),
    ) {
        let catalogue = catalogue(&files);
        let mut seen: Vec<String> = vec![String::new(); catalogue.files()];
        for ping in &pings {
            for (emitted, class) in group(&catalogue, ping) {
                class.iter().for_each(|&file| seen[file] += &format!("{emitted};"));
            }
        }
        let alike = |file: &String| (0..seen.len()).filter(|&f| seen[f] == *file).map(|f| f as u32).collect();
        let expected: BTreeSet<BTreeSet<u32>> = seen.iter().map(alike).collect();
        let cells = Cells::new(&catalogue);
        prop_assert_eq!(sets(&Classes::linked(&cells, &pings)), expected);
    }
}

#[test]
fn a_column_that_is_not_there_is_missing_in_every_file() {
    use coarsen::catalogue::{Columns, SideField};
    use coarsen::classes::{Corner, Numbers};
    let catalogue = coarsen::catalogue::Catalogue::new(Columns {
        title: vec![0, 1],
        duration_ms: vec![1, 2],
        side: [(SideField::Kind, vec![Some("movie"); 2].into_iter().collect())].into(),
        ..Columns::default()
    })
    .expect("a catalogue");
    let cells = Cells::new(&catalogue);
    let classes = |corner: Corner| {
        let mut keep = Generalization::keep(&catalogue);
        keep.other = vec![corner];
        Classes::group(&cells, keep.key()).len()
    };
    assert_eq!(classes(Corner { bitrate: Numbers::Missing, ..Corner::default() }), 1);
    let named = |value: Option<&str>| vec![(SideField::Resolution, vec![value.map(str::to_owned)])];
    assert_eq!(classes(Corner { side: named(None), ..Corner::default() }), 1);
    assert_eq!(classes(Corner { side: named(Some("480p")), ..Corner::default() }), 2);
}
