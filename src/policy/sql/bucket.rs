//! The edges of a value's bucket as SQL expressions.

use super::Dialect;
use crate::rounding::{Bucket, Family, Floor, Partition, Rounding};

/// Expressions for the lower and the upper edge of the bucket of a value, the upper one NULL where the bucket is open.
/// Neither asks whether the value is there: comparing with NULL takes some branch, so the caller does.
#[derive(Clone, Debug)]
pub(crate) struct Edges {
    pub from: String,
    pub to: String,
}

impl Edges {
    /// Of the value that the expression stands for, which should be short: it is written once for each comparison.
    /// Text of O(edges) for roundings that are lists of them, else of O(1).
    pub fn of(dialect: Dialect, rounding: &Rounding, value: &str) -> Self {
        if let Some(cut) = rounding.cut() {
            return floored(dialect, rounding, value, cut);
        }
        let edges: Vec<u64> = match rounding.family() {
            Family::Keep => return between(dialect, rounding, value, &|| steps(dialect, value, 1, &[])),
            Family::Bits(bits) => {
                let powers: Vec<u64> = (bits.bits()..u64::BITS).map(|power| 1 << power).collect();
                return between(dialect, rounding, value, &|| steps(dialect, value, 2, &powers));
            }
            Family::Digits(digits) => {
                let powers: Vec<u64> =
                    (digits.digits()..20).map_while(|power| 10u64.checked_pow(power)).collect();
                return between(dialect, rounding, value, &|| steps(dialect, value, 10, &powers));
            }
            _ => rounding.buckets().skip(1).map(|bucket| bucket.from).collect(),
        };
        let from = |at: usize| dialect.number(at.checked_sub(1).map_or(0, |at| edges[at]));
        let to = |at: usize| edges.get(at).map_or("NULL".to_owned(), |&edge| dialect.number(edge));
        Self {
            from: dialect.exact(&tree(dialect, value, &edges, 0, &from)),
            to: dialect.exact(&tree(dialect, value, &edges, 0, &to)),
        }
    }
}

/// What `leaf` says of the number of edges at or below the value: a tree of comparisons, log2(edges) deep.
fn tree(
    dialect: Dialect,
    value: &str,
    edges: &[u64],
    below: usize,
    leaf: &dyn Fn(usize) -> String,
) -> String {
    let middle = edges.len() / 2;
    let Some(&edge) = edges.get(middle) else { return leaf(below) };
    let low = tree(dialect, value, &edges[..middle], below, leaf);
    let high = tree(dialect, value, &edges[middle + 1..], below + middle + 1, leaf);
    format!("CASE WHEN {value} < {} THEN {low} ELSE {high} END", dialect.number(edge))
}

fn floored(dialect: Dialect, rounding: &Rounding, value: &str, floor: Floor) -> Edges {
    between(dialect, rounding, value, &|| {
        let (width, phase) = (dialect.number(floor.width()), dialect.number(floor.phase()));
        let above = if floor.phase() == 0 { value.to_owned() } else { format!("({value} - {phase})") };
        let from = format!("{value} - {above} % {width}");
        Edges { to: format!("{from} + {width}"), from }
    })
}

/// Multiples of the power of the base that fits the value: 1 below the first of the powers, which rise.
fn steps(dialect: Dialect, value: &str, base: u64, powers: &[u64]) -> Edges {
    let step = |at: usize| dialect.number((0..at).fold(1, |step, _| step * base));
    let from = |at: usize| match at {
        0 => value.to_owned(),
        at => format!("{value} - {value} % {}", step(at)),
    };
    let to = |at: usize| format!("{} + {}", from(at), step(at));
    Edges { from: tree(dialect, value, powers, 0, &from), to: tree(dialect, value, powers, 0, &to) }
}

/// Arithmetic between the ends, and at the ends, where phases and coding cut, the buckets themselves.
fn between(dialect: Dialect, rounding: &Rounding, value: &str, arithmetic: &dyn Fn() -> Edges) -> Edges {
    let number = |number: u64| dialect.number(number);
    let coding = rounding.coding();
    let (mut from, mut to) = (String::new(), String::new());
    let mut add = |condition: String, bucket: Bucket| {
        let upper = bucket.to.map_or("NULL".to_owned(), number);
        from += &format!("WHEN {value} {condition} THEN {} ", number(bucket.from));
        to += &format!("WHEN {value} {condition} THEN {upper} ");
    };
    // Where a phase or bottom coding cuts, the first two buckets; where top coding cuts, the last two. The last is open.
    let first = rounding.bucket(0);
    let second = first.to.map(|to| rounding.bucket(to));
    let phased = rounding.width().is_some_and(|width| first.to != Some(width));
    for bucket in [Some(first), second].into_iter().flatten().filter(|_| phased || coding.bottom().is_some())
    {
        if let Some(above) = bucket.to {
            add(format!("< {}", number(above)), bucket);
        }
    }
    let last = rounding.bucket(u64::MAX);
    add(format!(">= {}", number(last.from)), last);
    let before = last.from.checked_sub(1).filter(|_| coding.top().is_some());
    if let Some(before) = before.map(|value| rounding.bucket(value)) {
        add(format!(">= {}", number(before.from)), before);
    }
    let edges = arithmetic();
    let whole = |ends: &str, between: &str| dialect.exact(&format!("CASE {ends}ELSE {between} END"));
    Edges { from: whole(&from, &edges.from), to: whole(&to, &edges.to) }
}
