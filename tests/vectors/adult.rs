//! Adult, 30,162 records: what ARX publishes for it, and exhaustive optima. See `data/adult/README.md`.
#![cfg(feature = "harness")]

use std::path::PathBuf;
use std::sync::LazyLock;

use coarsen::catalogue::{Category, Hierarchy};
use coarsen::search::lattice::{Evaluated, Loss, Model, Optimum, Table};
use rayon::prelude::*;

/// The columns in the order of the published nodes.
const COLUMNS: [&str; 9] = [
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
    "salary-class",
];
const RECORDS: u64 = 30_162;

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/data/adult").join(name)
}

struct Adult {
    columns: Vec<Category>,
    hierarchies: Vec<Hierarchy>,
}

static ADULT: LazyLock<Adult> = LazyLock::new(|| {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').from_path(file("adult.csv")).expect("the table");
    assert_eq!(reader.headers().expect("a header"), COLUMNS.as_slice());
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
    let column = |at: usize| records.iter().map(|record| record.get(at)).collect();
    let hierarchy =
        |name: &&str| Hierarchy::read(&file(&format!("adult_hierarchy_{name}.csv"))).expect("a hierarchy");
    Adult {
        columns: (0..COLUMNS.len()).map(column).collect(),
        hierarchies: COLUMNS.iter().map(hierarchy).collect(),
    }
});

/// The table of some columns, and the sensitive one.
fn table(names: &[&str], sensitive: Option<&str>) -> Table {
    let at = |name: &str| COLUMNS.iter().position(|column| *column == name).expect("a column");
    let columns: Vec<(&Category, &Hierarchy)> =
        names.iter().map(|name| (&ADULT.columns[at(name)], &ADULT.hierarchies[at(name)])).collect();
    let sensitive: Option<Vec<u32>> =
        sensitive.map(|name| ADULT.columns[at(name)].codes().iter().map(|&code| u32::from(code)).collect());
    Table::new(&columns, sensitive.as_deref()).expect("a table")
}

fn without(left_out: &[&str]) -> Vec<&'static str> {
    COLUMNS.into_iter().filter(|name| !left_out.contains(name)).collect()
}

fn raw(names: &[&str]) -> Evaluated {
    table(names, None).evaluate(&vec![0; names.len()], &Model::default())
}

#[test]
fn raw_records_are_as_unique_as_published() {
    let all = raw(&COLUMNS);
    assert_eq!((all.records, all.classes, all.uniques, all.smallest), (RECORDS, 19_502, 15_512, 1));
    assert_eq!(all.squares, 115_382);
    assert_eq!(all.average_risk(), 0.6465751607983555);
    assert_eq!(all.uniques as f64 / all.records as f64, 0.5142895033485844);
    for (left_out, classes, uniques) in [
        (&["salary-class"][..], 18_109, 14_021),
        (&["occupation"], 12_458, 8_841),
        (&["occupation", "salary-class"], 11_089, 7_653),
    ] {
        let some = raw(&without(left_out));
        assert_eq!((some.classes, some.uniques), (classes, uniques), "{left_out:?}");
    }
}

/// A published optimum: k, the share that may be suppressed, the node, its loss, its classes and bad records.
struct Row {
    k: u32,
    share: f64,
    loss: Loss,
    levels: [usize; 9],
    value: f64,
    classes: u64,
    bad: u64,
}

fn rows() -> Vec<Row> {
    const NUE: Loss = Loss::NonUniformEntropy;
    const DM: Loss = Loss::Discernibility;
    let row =
        |k, share, loss, levels, value, classes, bad| Row { k, share, loss, levels, value, classes, bad };
    vec![
        row(5, 0.04, NUE, [1, 0, 1, 1, 3, 2, 2, 0, 1], 255_559.854557, 1_498, 906),
        row(100, 0.04, NUE, [1, 1, 1, 1, 3, 2, 2, 1, 1], 379_417.346057, 90, 866),
        row(5, 0.0, NUE, [1, 2, 1, 1, 3, 2, 2, 1, 1], 407_289.538893, 48, 0),
        row(100, 0.0, NUE, [0, 4, 1, 1, 3, 2, 2, 1, 1], 453_196.893246, 12, 0),
        row(2, 0.0, DM, [1, 1, 1, 1, 3, 2, 2, 1, 1], 19_399_310.0, 90, 0),
        row(5, 0.0, DM, [1, 1, 1, 2, 3, 2, 2, 1, 1], 33_627_534.0, 45, 0),
        row(10, 0.0, DM, [1, 1, 1, 1, 3, 2, 2, 2, 1], 55_170_356.0, 30, 0),
        row(100, 0.0, DM, [0, 4, 1, 1, 3, 2, 2, 1, 1], 102_352_340.0, 12, 0),
        row(2, 0.04, DM, [0, 0, 1, 2, 3, 2, 2, 1, 0], 4_602_798.0, 665, 62),
        row(5, 0.04, DM, [0, 0, 1, 2, 3, 2, 2, 1, 1], 7_220_555.0, 356, 105),
        row(10, 0.04, DM, [1, 0, 1, 2, 3, 2, 2, 1, 1], 10_541_769.0, 180, 121),
        row(100, 0.04, DM, [1, 0, 1, 2, 3, 2, 2, 2, 1], 38_545_780.0, 51, 618),
    ]
}

fn model(row: &Row) -> Model {
    Model::k_anonymity(row.k).budget_of(row.share, RECORDS)
}

fn is_published(row: &Row, optimum: &Optimum) {
    assert_eq!(optimum.levels, row.levels, "k={} {:?} {}", row.k, row.loss, row.share);
    let relative = (optimum.loss - row.value).abs() / row.value;
    assert!(relative < 1e-11, "k={} {:?}: {} is not {}", row.k, row.loss, optimum.loss, row.value);
}

/// All 12,960 nodes are visited once, and every row of both tables is read off them.
#[test]
fn looking_at_every_node_finds_the_published_optima() {
    let (table, rows) = (table(&COLUMNS, None), rows());
    assert_eq!(table.lattice().nodes(), 12_960);
    // Of every node the sum of squares, and how many classes there are of each size under 100, the largest k.
    let sizes: Vec<(u64, [u32; 100])> = table.every(|_, grouped| {
        let (mut squares, mut small) = (0, [0; 100]);
        grouped.visit(|class| {
            let records = class[0].records;
            squares += u64::from(records) * u64::from(records);
            if records < 100 {
                small[records as usize] += 1;
            }
        });
        (squares, small)
    });
    let loss_of = |row: &Row, index: usize| {
        let (squares, small) = &sizes[index];
        let bad = (0..row.k as usize).map(|size| (size as u64, u64::from(small[size])));
        let (records, bad_squares) =
            bad.fold((0, 0), |(n, sq), (size, count)| (n + size * count, sq + size * size * count));
        let loss = match row.loss {
            Loss::NonUniformEntropy => table.entropy(&table.lattice().levels(index)),
            _ => (squares - bad_squares + RECORDS * records) as f64,
        };
        (records <= model(row).budget).then_some(loss)
    };
    for row in &rows {
        let losses = (0..sizes.len()).filter_map(|index| Some((loss_of(row, index)?, index)));
        let (loss, index) = losses.min_by(|a, b| a.0.total_cmp(&b.0)).expect("a node that holds");
        is_published(row, &Optimum { levels: table.lattice().levels(index), loss });
    }
}

#[test]
fn the_pruned_search_finds_the_published_optima() {
    let table = table(&COLUMNS, None);
    rows().par_iter().for_each(|row| {
        let (optimum, asked) = table.optimal(&model(row), row.loss).expect("a search");
        is_published(row, &optimum.expect("a node that holds"));
        let found = table.evaluate(&row.levels, &model(row));
        // The table of DM* counts the classes that are kept, that of the entropy all.
        let left_out = if row.loss == Loss::Discernibility { found.bad_classes } else { 0 };
        assert_eq!((found.classes - left_out, found.bad), (row.classes, row.bad), "k={}", row.k);
        assert!(asked < 12_960 / 8, "k={} {:?}: {asked} nodes were asked", row.k, row.loss);
    });
}

#[test]
fn everything_generalized_loses_the_published_entropy() {
    let table = table(&COLUMNS, None);
    let top: Vec<usize> = table.lattice().sizes().iter().map(|levels| levels - 1).collect();
    let entropy = table.entropy(&top);
    assert!((entropy - 558_333.050163).abs() < 1e-6, "{entropy}");
    let smallest = table.evaluate(&[0, 4, 1, 1, 3, 2, 2, 1, 1], &Model::default()).smallest;
    assert_eq!(smallest, 397);
}

/// Sensitive: occupation; equal distance at most 0.2 and k = 5.
#[test]
fn t_closeness_is_as_published() {
    let table = table(&without(&["occupation"]), Some("occupation"));
    let close = Model { closeness: Some(0.2), ..Model::k_anonymity(5) };
    let none_bad = table.evaluate(&[1, 4, 1, 1, 3, 2, 2, 1], &close);
    assert!((none_bad.farthest - 0.1315438).abs() < 5e-8, "{}", none_bad.farthest);
    assert_eq!((none_bad.smallest, none_bad.bad), (14_086, 0));
    assert_eq!(none_bad.discernibility(), 456_853_172);
    let some_bad = table.evaluate(&[1, 4, 1, 0, 3, 2, 2, 1], &close);
    assert_eq!((some_bad.bad, some_bad.squares), (848, 311_880_088));
}
