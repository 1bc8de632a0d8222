//! Side fields told more coarsely: hierarchies, groups in a policy, and the search for levels.

use coarsen::anonymity::Distortion;
use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::catalogue::{Catalogue, Hierarchy, SideField};
use coarsen::classes::{Cells, Generalization, Told};
use coarsen::policy::{Limits, Policy};
use coarsen::rounding::{Groups, Rounding};
use coarsen::search::lattice::{Lattice, at_levels, side_levels};
use coarsen::units::Dimension;
use proptest::prelude::*;

fn video(titles: u32, seed: u64) -> Catalogue {
    synthesize(&Recipe::builtin("video").expect("a recipe"), titles, seed).expect("a catalogue")
}

fn builtins() -> Vec<(SideField, Hierarchy)> {
    let of = |field| (field, Hierarchy::builtin(field).expect("a built-in hierarchy"));
    SideField::REPORTED.map(of).into_iter().collect()
}

fn rounded(duration: &str) -> Generalization {
    Generalization {
        duration: Rounding::parse(duration, Dimension::Duration).expect("a rounding"),
        ..Generalization::drop()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// The pruned search finds what trying all combinations of levels finds.
    #[test]
    fn side_levels_are_what_every_combination_shows(
        seed in 0u64..1_000, k in 2u32..25, width in prop::sample::select(vec!["floor:30min", "floor:1h", "drop"]),
    ) {
        let (catalogue, hierarchies) = (video(150, seed), builtins());
        let hierarchies: Vec<(SideField, &Hierarchy)> = hierarchies.iter().map(|(f, h)| (*f, h)).collect();
        let mut limits = Limits::default();
        for limit in [format!("k_titles={k}"), "exposed_share=0.02".to_owned(), "title_uniform=0.2".to_owned()] {
            limits.set(&limit).expect("a limit");
        }
        let generalization = rounded(width);
        let lattice = Lattice::new(hierarchies.iter().map(|(_, h)| h.levels()).collect()).expect("a lattice");
        let mut best: Option<(f64, Vec<usize>)> = None;
        for levels in (0..lattice.nodes()).map(|index| lattice.levels(index)) {
            let (found, broken) =
                at_levels(&catalogue, &generalization, &hierarchies, &levels, &limits).expect("levels");
            let loss = found.evaluation.distortion.total;
            if broken.is_empty() && best.as_ref().is_none_or(|(least, _)| loss < *least) {
                best = Some((loss, levels));
            }
        }
        let (found, asked) = side_levels(&catalogue, &generalization, &hierarchies, &limits).expect("a search");
        prop_assert!(asked < lattice.nodes() as u64);
        prop_assert_eq!(found.map(|found| (found.evaluation.distortion.total, found.levels)), best);
    }

    /// A level that ships as groups is told alike by the hierarchy and by the policy.
    #[test]
    fn a_policy_of_groups_is_the_level_of_the_hierarchy(seed in 0u64..1_000) {
        let catalogue = video(120, seed);
        for (field, hierarchy) in builtins() {
            let groups = hierarchy.groups(1).expect("groups");
            let policy = policy(field, &groups.to_string());
            let told = Told::of(&policy, "play", &|_| true).expect("a ping");
            let told = told.catalogue(&catalogue).expect("a recoded catalogue");
            let level = catalogue.with_levels(&[(field, &hierarchy, 1)]).expect("a level");
            prop_assert_eq!(told.side(field), level.side(field));
            prop_assert_eq!(told.side_loss(field), level.side_loss(field));
        }
    }
}

fn policy(field: SideField, rounding: &str) -> Policy {
    let toml = format!(
        "schema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n[[field]]\nname = \"{field}\"\ntype = \"category\"\n\
         rounding = \"{rounding}\"\nconsent = \"playback\"\npurpose = \"Stalls.\"\nsensitivity = \"low\"\n\
         expires = \"2031-12-31\"\n"
    );
    Policy::from_toml(&toml).expect("a policy")
}

/// The loss of a side field runs from 0 to 1 with the levels, in the total with the field's weight; and a field told in
/// two steps loses what it loses in one.
#[test]
fn a_side_field_loses_more_with_every_level() {
    let catalogue = video(200, 3);
    let raw = Distortion::of(&Cells::new(&catalogue), &Generalization::keep(&catalogue)).total;
    for ((field, hierarchy), weight) in builtins().into_iter().zip([0.5, 0.25, 0.25, 0.25]) {
        let at = |level| catalogue.with_levels(&[(field, &hierarchy, level)]).expect("a level");
        let losses: Vec<f64> = (0..hierarchy.levels()).map(|level| at(level).side_loss(field)).collect();
        assert_eq!((losses[0], losses[hierarchy.levels() - 1]), (0.0, 1.0));
        assert!(losses.is_sorted(), "{field}: {losses:?}");
        let coarser = at(1);
        let total = Distortion::of(&Cells::new(&coarser), &Generalization::keep(&coarser)).total;
        assert!((total - raw - weight * losses[1] / 3.25).abs() < 1e-12, "{field}: {total}");
        let names = coarser.side(field).expect("a column").names().to_vec();
        let all = Groups::new(vec![("all".to_owned(), names)]).expect("one group");
        let twice = coarser.with_groups(field, &all).expect("once more");
        let column = catalogue.side(field).expect("a column");
        let told = (0..column.len()).filter(|&row| column.get(row).is_some()).count();
        assert_eq!(twice.side_loss(field), told as f64 / column.len() as f64, "{field}");
        let half: Vec<u32> = (0..catalogue.files() as u32).step_by(2).collect();
        let part = coarser.select(&half).expect("rows");
        assert_eq!(part.side(field).map(|c| c.get(0)), coarser.side(field).map(|c| c.get(0)));
    }
}

#[test]
fn what_cannot_be_told_more_coarsely_is_refused() {
    let catalogue = video(20, 1);
    let hierarchy = Hierarchy::from_csv("4320p;UHD;*\n", "mine.csv").expect("a hierarchy");
    let error =
        |field, level| catalogue.with_levels(&[(field, &hierarchy, level)]).expect_err("refused").to_string();
    assert!(error(SideField::Resolution, 1).contains("the hierarchy mine.csv lacks this value"));
    assert!(error(SideField::Resolution, 3).contains("mine.csv has the levels 0 to 2, not 3"));
    assert!(error(SideField::Kind, 1).contains("never told more coarsely"));
    assert!(Hierarchy::builtin(SideField::Width).expect_err("none").to_string().contains("give a CSV file"));
}

/// Every name of the recipes is listed, but for containers that stand alone.
#[test]
fn built_in_hierarchies_list_what_recipes_make() {
    for recipe in Recipe::builtins() {
        let catalogue =
            synthesize(&Recipe::builtin(recipe).expect("a recipe"), 3_000, 1).expect("a catalogue");
        for (field, hierarchy) in builtins() {
            let Some(column) = catalogue.side(field) else { continue };
            let unlisted: Vec<&String> = column
                .names()
                .iter()
                .filter(|name| hierarchy.values().all(|value| value != **name))
                .collect();
            assert!(unlisted.iter().all(|name| *name == "avi"), "{recipe} {field}: {unlisted:?}");
        }
    }
}

#[test]
fn a_bad_hierarchy_is_refused_with_row_and_level() {
    for (text, words) in [
        ("", "a line per value with at least two columns"),
        ("a\nb\n", "a line per value with at least two columns"),
        ("a;x;*\nb;*\n", "h.csv, row 2, column `level 2`: 2 columns, where the first row has 3"),
        ("a;x;*\na;x;*\n", "h.csv, row 2, column `level 0`: `a` stands twice; remove one of the rows"),
        ("a;x;*\nb;;*\n", "h.csv, row 2, column `level 1`: an empty name"),
        ("a;x;y;*\nb;x;z;*\n", "row 2, column `level 2`: `x` becomes `z` here and `y` in row 1"),
        ("a;x;*\nb;y;all\n", "row 2, column `level 2`: `all`, where row 1 has `*`"),
    ] {
        let error = Hierarchy::from_csv(text, "h.csv").expect_err(text).to_string();
        assert!(error.contains(words), "{error}");
    }
    let commas = Hierarchy::from_csv("\u{feff}a,\"x,y\",*\r\nb,z,*\r\n", "h.csv").expect("commas and quotes");
    assert_eq!(commas.name(Some("a"), 1).expect("a name"), Some("x,y"));
    let error = commas.groups(1).expect_err("a comma can't be shipped").to_string();
    assert_eq!(
        error,
        "in `groups:`, `x,y`: `=`, `|` and `,` part groups and values: choose a name without them"
    );
}
