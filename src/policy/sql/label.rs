//! The text of a bucket as a SQL expression: what `Dimension::human_range` writes.

use super::{Dialect, SqlError};
use crate::units::Dimension;

/// The label of the bucket between two edges that expressions stand for, the upper one NULL where it is open.
/// The unit is the largest that divides the edges, so it is chosen by comparing remainders.
pub(super) fn label(
    dialect: Dialect,
    dimension: Dimension,
    from: &str,
    to: &str,
) -> Result<String, SqlError> {
    let units = dimension.units();
    let written = |edge: &str, size: u64| match size {
        1 => dialect.digits(edge),
        size => dialect.digits(&dialect.quotient(edge, &dialect.number(size))),
    };
    let divides =
        |edge: &str, size: u64| format!("{edge} % {} = {}", dialect.number(size), dialect.number(0));
    let (mut open, mut closed) = (String::new(), String::new());
    for &(unit, size) in units {
        let space = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let unit = if space.is_empty() { None } else { Some(dialect.text(&space)?) };
        let mut one = vec![dialect.text("from ")?, written(from, size)];
        let mut two = vec![written(from, size), dialect.text("-")?, written(to, size)];
        one.extend(unit.clone());
        two.extend(unit);
        let (one, two) = (dialect.joined(&one), dialect.joined(&two));
        if size == 1 {
            open += &format!("ELSE {one} ");
            closed += &format!("ELSE {two} ");
        } else {
            // Nothing is 0 of the base unit, as every unit would divide it.
            let zero = dialect.number(0);
            open += &format!("WHEN {from} <> {zero} AND {} THEN {one} ", divides(from, size));
            closed += &format!("WHEN {} AND {} THEN {two} ", divides(from, size), divides(to, size));
        }
    }
    // An ELSE alone is no CASE.
    let whole = |branches: &str| match branches.strip_prefix("ELSE ") {
        Some(only) => only.trim_end().to_owned(),
        None => format!("CASE {branches}END"),
    };
    let (open, closed) = (whole(&open), whole(&closed));
    Ok(format!("CASE WHEN {from} IS NULL THEN NULL WHEN {to} IS NULL THEN {open} ELSE {closed} END"))
}
