//! Published and hand-made numbers: the exact univariate optimum of the Tarragona data, and small cases.

use coarsen::search::optimal::{Distribution, Form, Loss, optimum, optimum_by};

use super::tarragona::{NAMES, columns};

/// Information loss in percent, 100 SSE / SST, as printed, for k = 3, 5, 10.
const TABLE: [[&str; 3]; 13] = [
    ["7.140952709", "10.952699032", "18.939966026"],
    ["0.552595", "0.948779", "5.257645"],
    ["0.509636", "1.716828", "6.328468"],
    ["1.486149", "3.030638", "8.315651"],
    ["1.687543745", "4.067712738", "11.651394890"],
    ["0.473140", "1.263650", "5.133694"],
    ["1.919531982", "4.303592828", "8.380475493"],
    ["0.264560", "1.242904", "4.638585"],
    ["1.285451", "3.707190", "11.039577"],
    ["1.746065", "4.217889", "10.619224"],
    ["2.540145", "5.322929", "13.174443"],
    ["4.135483", "6.517096", "16.630405"],
    ["4.951077130", "8.028701961", "17.779303256"],
];

/// The error itself at k = 3, where it is printed.
const SQUARED: [(&str, &str); 4] = [
    ("FIXED.ASSETS", "4604709131689.4"),
    ("SALES", "21359950567662.7"),
    ("NET.PROFIT", "130055839250.467"),
    ("PAID.UP.CAPITAL", "157912712712.167"),
];

/// The column as whole numbers from 0, rising.
fn sorted(column: &[i64]) -> Vec<u64> {
    let least = column.iter().min().expect("a record");
    let mut sorted: Vec<u64> = column.iter().map(|value| (value - least) as u64).collect();
    sorted.sort_unstable();
    sorted
}

/// The published optimum is one of records, and may part equal values, which a rounding can't. Here each record is made a
/// value of its own: scaled, and equal ones lifted by so little that it shows in no printed digit.
fn records(sorted: &[u64]) -> Distribution {
    let mut apart: Vec<u64> = sorted.iter().map(|value| value << 26).collect();
    for i in 1..apart.len() {
        apart[i] = apart[i].max(apart[i - 1] + 1);
    }
    Distribution::new(apart.into_iter().zip(0..).collect()).expect("a reference")
}

/// Squared error of the records themselves in groups that begin at these places, summed exactly.
fn squared(sorted: &[u64], places: &[usize]) -> f64 {
    let places: Vec<usize> = [0].iter().chain(places).chain(&[sorted.len()]).copied().collect();
    let (mut whole, mut parts) = (0u128, 0.0);
    for pair in places.windows(2) {
        let group = sorted[pair[0]..pair[1]].iter().map(|&value| u128::from(value));
        let n = group.len() as u128;
        let numerator = n * group.clone().map(|v| v * v).sum::<u128>() - group.sum::<u128>().pow(2);
        whole += numerator / n;
        parts += (numerator % n) as f64 / n as f64;
    }
    whole as f64 + parts
}

fn digits(value: f64, like: &str) -> String {
    let decimals = like.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    format!("{value:.decimals$}")
}

#[test]
fn every_row_of_the_univariate_optimum_on_tarragona() {
    for ((name, column), row) in NAMES.iter().zip(columns()).zip(TABLE) {
        let sorted = sorted(&column);
        let reference = records(&sorted);
        for (k, printed) in [3, 5, 10].into_iter().zip(row) {
            for form in [Form::Window, Form::Queue] {
                let found = optimum_by(form, &reference, k, Loss::Squared).expect("an optimum");
                let loss = squared(&sorted, found.places());
                let percent = 100.0 * loss / squared(&sorted, &[]);
                assert_eq!(digits(percent, printed), printed, "{name} {k} {form:?}");
                if let Some((_, printed)) = SQUARED.iter().find(|row| row.0 == *name && k == 3) {
                    assert_eq!(digits(loss, printed), *printed, "{name} {form:?}");
                }
            }
        }
    }
}

/// As a rounding, equal values together: no better than the published optimum, and the same to its digits wherever
/// that parts no tie.
#[test]
fn keeping_ties_together_never_gains() {
    let mut same = 0;
    for (column, row) in columns().iter().zip(TABLE) {
        let sorted = sorted(column);
        let reference = Distribution::new(sorted.iter().copied().zip(0..).collect()).expect("a reference");
        for (k, printed) in [3, 5, 10].into_iter().zip(row) {
            let loss = optimum(&reference, k, Loss::Squared).expect("an optimum").loss();
            let percent = digits(100.0 * loss / squared(&sorted, &[]), printed);
            assert!(percent.parse::<f64>().unwrap() >= printed.parse::<f64>().unwrap());
            same += usize::from(percent == printed);
        }
    }
    assert_eq!(same, 18);
}

#[test]
fn small_cases_by_hand() {
    for (values, k, loss, sizes) in [
        (&[1, 2, 3, 10, 11, 12, 13, 30, 31, 32][..], 3, 9.0, &[3, 4, 3][..]),
        (&[1, 2, 3, 4, 5, 6, 7], 3, 7.0, &[3, 4]),
        (&[1, 1, 1, 5, 5, 9, 9, 9, 9], 2, 0.0, &[3, 2, 4]),
    ] {
        let reference = Distribution::new(values.iter().copied().zip(0..).collect()).expect("a reference");
        for form in [Form::Window, Form::Queue] {
            let found = optimum_by(form, &reference, k, Loss::Squared).expect("an optimum");
            assert_eq!(found.loss(), loss);
            let below = reference.files_below();
            let inner = found.places().iter().map(|&place| below[place]);
            let places: Vec<u64> = std::iter::once(0).chain(inner).chain([reference.files()]).collect();
            let mut found: Vec<u64> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
            if found == [4, 3] {
                found.reverse();
            }
            assert_eq!(found, sizes);
        }
    }
}
