//! The cells of a column one by one, without a copy of the column.

use polars::prelude::{Column, DataType, PolarsError};

/// A cell: a number as it is, anything else as text.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'a> {
    /// No value; of a column of decimals it is [`Cell::Float`].
    Missing,
    Integer(i64),
    Float(Option<f64>),
    /// Without the blanks around it, and never empty: a CSV and a Parquet file of one catalogue must agree on what is
    /// missing. Integers over 64 bits with a sign, such as hashes taken as ids, are text.
    Text(&'a str),
}

/// Shows every cell with its row. What the column itself has wrong, `explain` makes an error of.
pub(crate) fn cells<E>(
    column: &Column,
    explain: impl Fn(String) -> E,
    show: &mut dyn FnMut(usize, Cell<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let refuse = |error: PolarsError| explain(error.to_string());
    let mut integer =
        |(row, cell): (usize, Option<i64>)| show(row, cell.map_or(Cell::Missing, Cell::Integer));
    match column.dtype() {
        DataType::UInt16 => {
            let cells = column.u16().map_err(refuse)?.iter();
            cells.map(|cell| cell.map(i64::from)).enumerate().try_for_each(integer)
        }
        DataType::Int32 => {
            let cells = column.i32().map_err(refuse)?.iter();
            cells.map(|cell| cell.map(i64::from)).enumerate().try_for_each(integer)
        }
        DataType::UInt32 => {
            let cells = column.u32().map_err(refuse)?.iter();
            cells.map(|cell| cell.map(i64::from)).enumerate().try_for_each(integer)
        }
        DataType::UInt64 => column.u64().map_err(refuse)?.iter().enumerate().try_for_each(|(row, cell)| {
            match cell.map(|cell| (cell, i64::try_from(cell))) {
                Some((cell, Err(_))) => show(row, Cell::Text(&cell.to_string())),
                Some((_, Ok(cell))) => show(row, Cell::Integer(cell)),
                None => show(row, Cell::Missing),
            }
        }),
        dtype if dtype.is_integer() => {
            let cells = column.strict_cast(&DataType::Int64).map_err(refuse)?;
            cells.i64().map_err(refuse)?.iter().enumerate().try_for_each(&mut integer)
        }
        dtype if dtype.is_float() => {
            let cells = column.strict_cast(&DataType::Float64).map_err(refuse)?;
            let mut cells = cells.f64().map_err(refuse)?.iter().enumerate();
            cells.try_for_each(|(row, cell)| show(row, Cell::Float(cell)))
        }
        DataType::Null => (0..column.len()).try_for_each(|row| show(row, Cell::Missing)),
        DataType::String | DataType::Categorical(..) | DataType::Enum(..) => {
            let cells = column.strict_cast(&DataType::String).map_err(refuse)?;
            let mut cells = cells.str().map_err(refuse)?.iter().enumerate();
            cells.try_for_each(|(row, cell)| {
                let text = cell.map(str::trim).filter(|text| !text.is_empty());
                show(row, text.map_or(Cell::Missing, Cell::Text))
            })
        }
        other => Err(explain(format!("holds {other}; give numbers or text"))),
    }
}
