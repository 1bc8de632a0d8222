//! The two ways to the classes yield the same, and no order matters.

use coarsen::anonymity::{Measures, Tally};
use coarsen::catalogue::stream::stream;
use coarsen::classes::{Cells, Class, Classes, KindShare, Rows, Visit};
use coarsen::search::{Grid, SweepRow, evaluate, sweep};
use proptest::prelude::*;
use rand::seq::SliceRandom;

use crate::some::{THRESHOLDS, catalogue, files, measure, nested_pair};

/// Keeps every class that it is shown.
#[derive(Default)]
struct Keep(Vec<(Class, Vec<(u32, u32)>)>);

impl Visit for Keep {
    fn class(&mut self, class: &Class, kinds: &[KindShare]) {
        self.0.push((*class, kinds.iter().map(|kind| (kind.files, kind.best_titles)).collect()));
    }

    fn single(&mut self, weight: u64, kind: usize) {
        let mut kinds = vec![(0, 0); 4];
        kinds[kind] = (1, 1);
        let class = Class {
            files: 1,
            titles: 1,
            series: 1,
            weight,
            top_file_weight: weight,
            top_title_files: 1,
            top_title_weight: weight,
        };
        self.0.push((class, kinds));
    }
}

impl Keep {
    fn sorted(mut self) -> Vec<(Class, Vec<(u32, u32)>)> {
        self.0.iter_mut().for_each(|(_, kinds)| kinds.resize(4, (0, 0)));
        self.0.sort();
        self.0
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn rows_and_groups_show_the_same_classes(files in files(), (generalization, _) in nested_pair()) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let (mut grouped, mut swept) = (Keep::default(), Keep::default());
        Classes::group(&cells, generalization.key()).visit(&mut grouped);
        Rows::new(&cells, &generalization.duration, &generalization.by).visit(&generalization.bitrate, &mut swept);
        prop_assert_eq!(grouped.sorted(), swept.sorted());
    }

    #[test]
    fn a_tally_of_rows_yields_the_same_measures(files in files(), (generalization, _) in nested_pair()) {
        let catalogue = catalogue(&files);
        let cells = Cells::new(&catalogue);
        let mut tally = Tally::new(THRESHOLDS, catalogue.kind().levels());
        Rows::new(&cells, &generalization.duration, &generalization.by).visit(&generalization.bitrate, &mut tally);
        prop_assert_eq!(Measures::of(tally, &catalogue, &[0.0, 0.1]), measure(&catalogue, &generalization));
    }

    #[test]
    fn the_order_of_the_files_never_matters(files in files(), (generalization, _) in nested_pair(), seed: u64) {
        let mut shuffled = files.clone();
        shuffled.shuffle(&mut stream(seed, "shuffle", 0));
        let (before, after) = (catalogue(&files), catalogue(&shuffled));
        prop_assert_eq!(measure(&before, &generalization), measure(&after, &generalization));
    }
}

#[test]
fn a_sweep_is_its_candidates_one_by_one_on_any_number_of_threads() {
    let recipe = coarsen::catalogue::synthetic::Recipe::builtin("mixed").expect("a recipe");
    let catalogue = coarsen::catalogue::synthetic::synthesize(&recipe, 600, 5).expect("a catalogue");
    let cells = Cells::new(&catalogue);
    let grid = Grid::from_lists(Some("1s,90s,5min,1h"), Some("100kbps,2Mbps,log:2,ladder:sabre_bbb"))
        .expect("a grid")
        .with_baselines();
    let by = [vec![], catalogue.reported()];
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| sweep(&cells, &grid, &by, 0.01, &|_| ()))
    };
    let rows = on(1);
    assert_eq!(rows, on(3));
    let mut expected = Vec::new();
    for by in &by {
        for duration in &grid.durations {
            for bitrate in &grid.bitrates {
                let generalization = coarsen::classes::Generalization {
                    duration: duration.clone(),
                    bitrate: bitrate.clone(),
                    by: by.clone(),
                    other: Vec::new(),
                };
                let evaluation = evaluate(&cells, &generalization, Default::default(), &[0.01]);
                expected.push(SweepRow::of(&evaluation));
            }
        }
    }
    assert_eq!(rows, expected);
}
