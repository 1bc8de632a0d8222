//! The lattice search against trying every node from the definitions, and what fails under suppression.

use std::collections::BTreeMap;

use coarsen::catalogue::{Category, Hierarchy};
use coarsen::search::lattice::{Evaluated, Loss, Model, Table};
use proptest::prelude::*;

/// Values `0`..`6` with names that are halved from level to level, told apart at random before the last.
fn hierarchy(depth: usize, names: &[u8]) -> Hierarchy {
    let line = |value: usize| {
        let mut line = value.to_string();
        let mut name = u32::from(names[value]);
        for _ in 1..depth {
            line += &format!(";g{name}");
            name /= 2;
        }
        line + ";*"
    };
    Hierarchy::from_csv(&(0..6).map(line).collect::<Vec<_>>().join("\n"), "drawn").expect("nested by making")
}

#[derive(Clone, Debug)]
struct Drawn {
    hierarchies: Vec<Hierarchy>,
    /// Row by row the value in each column, `None` where it is missing.
    rows: Vec<Vec<Option<u8>>>,
    sensitive: Vec<u32>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let hierarchy = (1usize..4, prop::collection::vec(0u8..4, 6)).prop_map(|(d, n)| hierarchy(d, &n));
    let value = || prop_oneof![1 => Just(None), 6 => (0u8..6).prop_map(Some)];
    prop::collection::vec(hierarchy, 1..4).prop_flat_map(move |hierarchies| {
        let row = (prop::collection::vec(value(), hierarchies.len()), 0u32..3);
        prop::collection::vec(row, 1..25).prop_map(move |rows| {
            let (rows, sensitive) = rows.into_iter().unzip();
            Drawn { hierarchies: hierarchies.clone(), rows, sensitive }
        })
    })
}

fn table(drawn: &Drawn) -> Table {
    let column = |at: usize| {
        let names: Vec<Option<String>> =
            drawn.rows.iter().map(|row| row[at].map(|v| v.to_string())).collect();
        names.iter().map(Option::as_deref).collect::<Category>()
    };
    let columns: Vec<Category> = (0..drawn.hierarchies.len()).map(column).collect();
    let pairs: Vec<(&Category, &Hierarchy)> = columns.iter().zip(&drawn.hierarchies).collect();
    Table::new(&pairs, Some(&drawn.sensitive)).expect("a table")
}

/// Bad records, discernibility, sum of squares and entropy of a node from their definitions.
fn naive(drawn: &Drawn, levels: &[usize], model: &Model) -> (u64, u64, u64, f64) {
    let told = |row: &Vec<Option<u8>>| -> Vec<Option<String>> {
        let values = row.iter().zip(&drawn.hierarchies).zip(levels);
        values
            .map(|((value, hierarchy), &level)| {
                let value = value.map(|value| value.to_string());
                hierarchy.name(value.as_deref(), level).expect("a listed value").map(str::to_owned)
            })
            .collect()
    };
    let all: Vec<Vec<Option<String>>> = drawn.rows.iter().map(told).collect();
    let n = all.len();
    let mut classes: BTreeMap<&Vec<Option<String>>, Vec<usize>> = BTreeMap::new();
    all.iter().enumerate().for_each(|(row, key)| classes.entry(key).or_default().push(row));
    let (mut bad, mut dm, mut squares, mut entropy) = (0, 0, 0, 0.0);
    for rows in classes.values() {
        let count = |value: u32, of: &[usize]| of.iter().filter(|&&r| drawn.sensitive[r] == value).count();
        let everyone: Vec<usize> = (0..n).collect();
        let distinct = (0..3).filter(|&value| count(value, rows) > 0).count();
        let far = |v| (count(v, rows) * n).abs_diff(count(v, &everyone) * rows.len());
        let distance = (0..3).map(far).sum::<usize>() as f64 / (2 * rows.len() * n) as f64;
        let size = rows.len() as u64;
        squares += size * size;
        let is_bad = size < u64::from(model.k)
            || distinct < model.distinct as usize
            || model.closeness.is_some_and(|t| distance > t + 1e-12);
        bad += if is_bad { size } else { 0 };
        dm += if is_bad { size * n as u64 } else { size * size };
    }
    for column in 0..levels.len() {
        for row in 0..n {
            let same = drawn.rows.iter().filter(|other| other[column] == drawn.rows[row][column]).count();
            let alike = all.iter().filter(|other| other[column] == all[row][column]).count();
            entropy -= (same as f64 / alike as f64).log2();
        }
    }
    (bad, dm, squares, entropy)
}

fn model() -> impl Strategy<Value = Model> {
    let closeness = prop_oneof![2 => Just(None), 1 => (1u32..8).prop_map(|t| Some(f64::from(t) / 9.7))];
    (0u32..6, 0u32..4, closeness, 0u64..8).prop_map(|(k, distinct, closeness, budget)| Model {
        k,
        distinct,
        closeness,
        budget,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Every node is what its definition says, rolled up or grouped directly; and for every loss the pruned search, the
    /// exhaustive one and a look at the definitions agree, on the first of equal nodes too.
    #[test]
    fn the_pruned_search_finds_what_every_node_shows(drawn in drawn(), model in model()) {
        let table = table(&drawn);
        let lattice = table.lattice();
        let rolled = table.every(|levels, grouped| (levels.to_vec(), Evaluated::of(grouped, &model, table.whole())));
        prop_assert_eq!(rolled.len(), lattice.nodes());
        let mut naives = Vec::new();
        for (index, (levels, evaluated)) in rolled.iter().enumerate() {
            prop_assert_eq!(lattice.index(levels), index);
            prop_assert_eq!(evaluated, &table.evaluate(levels, &model));
            let (bad, dm, squares, entropy) = naive(&drawn, levels, &model);
            prop_assert_eq!((evaluated.bad, evaluated.squares), (bad, squares));
            prop_assert_eq!(evaluated.discernibility(), dm);
            prop_assert!((table.entropy(levels) - entropy).abs() < 1e-9);
            naives.push((bad, [table.entropy(levels), dm as f64, squares as f64]));
        }
        for (at, loss) in [Loss::NonUniformEntropy, Loss::Discernibility, Loss::MonotoneDiscernibility].into_iter().enumerate() {
            let mut best: Option<(f64, usize)> = None;
            for (index, (bad, losses)) in naives.iter().enumerate() {
                if *bad <= model.budget && best.is_none_or(|(least, _)| losses[at] < least) {
                    best = Some((losses[at], index));
                }
            }
            let expected = best.map(|(loss, index)| (lattice.levels(index), loss));
            let found = |optimum: Option<coarsen::search::lattice::Optimum>| optimum.map(|o| (o.levels, o.loss));
            prop_assert_eq!(found(table.exhaustive(&model, loss).unwrap()), expected.clone());
            let (optimum, asked) = table.optimal(&model, loss).unwrap();
            prop_assert_eq!(found(optimum), expected);
            prop_assert!(asked <= lattice.nodes() as u64);
        }
    }

    /// What pruning rests on: coarser nodes never have more bad records (without t-closeness), a smaller sum of
    /// squares, or a larger penalty.
    #[test]
    fn coarser_nodes_suppress_no_more(drawn in drawn(), k in 0u32..6, distinct in 0u32..4) {
        let (table, model) = (table(&drawn), Model { distinct, ..Model::k_anonymity(k) });
        let all = table.every(|levels, grouped| (levels.to_vec(), Evaluated::of(grouped, &model, table.whole())));
        for (fine, finer) in &all {
            for (_, coarser) in all.iter().filter(|(c, _)| fine.iter().zip(c).all(|(f, c)| f <= c)) {
                prop_assert!(coarser.bad <= finer.bad && coarser.squares >= finer.squares);
                prop_assert!(coarser.penalty() <= finer.penalty() && coarser.smallest >= finer.smallest);
            }
        }
    }
}

fn labels(fine: &[u32], coarse: &[u32], sensitive: Option<&[u32]>) -> Table {
    let mut lines: Vec<String> = fine.iter().zip(coarse).map(|(f, c)| format!("{f};c{c};*")).collect();
    lines.sort();
    lines.dedup();
    let hierarchy = Hierarchy::from_csv(&lines.join("\n"), "labels").expect("nested");
    let names: Vec<String> = fine.iter().map(u32::to_string).collect();
    let column: Category = names.iter().map(|name| Some(name.as_str())).collect();
    Table::new(&[(&column, &hierarchy)], sensitive).expect("a table")
}

/// Diversity and closeness of the kept classes, and discernibility, can get better as the suppressed classes grow.
#[test]
fn under_suppression_coarser_is_not_always_worse() {
    let sensitive = [0, 1, 0, 2];
    let table = labels(&[4, 0, 3, 0], &[0, 1, 0, 1], Some(&sensitive));
    let kept = |level: usize, distinct: u32| {
        let two = Model { distinct, ..Model::k_anonymity(2) };
        let found = table.evaluate(&[level], &two);
        (found.classes - found.bad_classes, found.bad)
    };
    // Fine: one class {c, b} is kept, two values. Coarser: {a, a} is kept too, which holds one value.
    assert_eq!((kept(0, 1), kept(0, 2)), ((1, 2), (1, 2)));
    assert_eq!((kept(1, 1), kept(1, 2)), ((2, 0), (1, 2)));

    // Against the values of all records the one fine class that is kept lies 1/2 away, and is bad too; against what is
    // kept it would be no way away.
    let near = Model { closeness: Some(0.4), ..Model::k_anonymity(2) };
    assert_eq!([0, 1].map(|level| table.evaluate(&[level], &near).bad), [4, 4]);

    // The mean size of the kept classes, 3 and 5 / 2.
    let table = labels(&[0, 5, 1, 5, 5], &[1, 2, 1, 2, 2], None);
    let mean = |level: usize| {
        let found = table.evaluate(&[level], &Model::k_anonymity(2));
        (5.0 - found.bad as f64) / f64::from(found.classes as u32 - found.bad_classes as u32)
    };
    assert_eq!([0, 1].map(mean), [3.0, 2.5]);

    let table = labels(&[5, 3, 1, 4], &[0, 1, 0, 0], None);
    let two = Model::k_anonymity(2);
    assert_eq!([0, 1].map(|level| table.evaluate(&[level], &two).discernibility()), [16, 13]);
    let (optimum, _) = table.optimal(&Model { budget: 4, ..two }, Loss::Discernibility).unwrap();
    assert_eq!(optimum.unwrap().levels, [1]);
}

/// With t-closeness and a budget, a coarser node can have more bad records: nothing may be inferred from one that
/// breaks.
#[test]
fn under_t_closeness_a_budget_is_not_monotone() {
    // Fine: {a}, {a, b} x 4, {b} x 3. The lone a merged with a class of both makes that class bad too.
    let fine = [0, 1, 1, 2, 2, 2];
    let table = labels(&fine, &[0, 0, 0, 1, 1, 1], Some(&[0, 0, 1, 1, 1, 0]));
    let model = Model { closeness: Some(0.1), ..Model::default() };
    let bad = [0, 1].map(|level| table.evaluate(&[level], &model).bad);
    assert_eq!(bad, [4, 6]);
    assert!(model.is_monotone() && !Model { budget: 4, ..model }.is_monotone());
    let (optimum, _) = table.optimal(&Model { budget: 4, ..model }, Loss::NonUniformEntropy).unwrap();
    assert_eq!(optimum.unwrap().levels, [0]);
}

/// The seven records of ARX's example: 2-anonymous in three classes.
#[test]
fn arx_seven_records() {
    let column = |names: [&'static str; 7]| -> Category { names.map(Some).into_iter().collect() };
    let ages = column(["34", "45", "66", "70", "34", "70", "45"]);
    let genders = column(["m", "f", "m", "f", "f", "m", "m"]);
    let zips = column(["81667", "81675", "81925", "81931", "81931", "81931", "81931"]);
    let hierarchy = |text: &str| Hierarchy::from_csv(text, "arx").expect("a hierarchy");
    let age = hierarchy("34;<50;*\n45;<50;*\n66;>=50;*\n70;>=50;*");
    let gender = hierarchy("m;*\nf;*");
    let zip = hierarchy(
        "81667;8166*;816**;81***;8****;*****\n81675;8167*;816**;81***;8****;*****\n\
         81925;8192*;819**;81***;8****;*****\n81931;8193*;819**;81***;8****;*****",
    );
    let table = Table::new(&[(&ages, &age), (&genders, &gender), (&zips, &zip)], None).expect("a table");
    assert_eq!(table.evaluate(&[0, 0, 0], &Model::default()).average_risk(), 1.0);
    for loss in [Loss::NonUniformEntropy, Loss::Discernibility] {
        let optimum = table.optimal(&Model::k_anonymity(2), loss).unwrap().0.expect("an optimum");
        let found = table.evaluate(&optimum.levels, &Model::default());
        assert_eq!((found.classes, found.smallest), (3, 2), "{:?} {loss:?}", optimum.levels);
        assert_eq!(found.average_risk(), 3.0 / 7.0);
    }
}

#[test]
fn what_no_table_can_be_made_of_is_refused() {
    let hierarchy = Hierarchy::from_csv("a;*\nb;*", "letters.csv").expect("a hierarchy");
    let [ab, ax, none]: [Category; 3] =
        [&["a", "b"][..], &["a", "x"], &[]].map(|names| names.iter().map(|n| Some(*n)).collect());
    let error = |columns: &[(&Category, &Hierarchy)], sensitive: Option<&[u32]>| {
        Table::new(columns, sensitive).expect_err("refused").to_string()
    };
    assert!(error(&[(&ax, &hierarchy)], None).contains("`x`"));
    assert!(error(&[(&ax, &hierarchy)], None).contains("the hierarchy letters.csv lacks this value"));
    assert!(error(&[(&none, &hierarchy)], None).contains("0 records"));
    assert!(error(&[], None).contains("0 records"));
    assert!(error(&[(&ab, &hierarchy)], Some(&[1])).contains("1 records beside one of 2"));
    assert!(error(&[(&ab, &hierarchy); 40], None).contains("64 bits"));
    let table = Table::new(&[(&ab, &hierarchy)], None).expect("a table");
    let asks = Model { distinct: 2, ..Model::default() };
    assert!(table.optimal(&asks, Loss::Discernibility).is_err());
}
