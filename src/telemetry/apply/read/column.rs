//! A column of a Parquet file as cells, and which of its rows hold what the policy can't take.

use polars::prelude::{
    ArrowDataType, ChunkedArray, DataType, Int64Chunked, PolarsNumericType, PolarsResult, Series,
};

use crate::policy::FieldType;
use crate::telemetry::apply::Fault;
use crate::telemetry::apply::cells::Cells;

/// Rows that no policy can be applied to, should anything that leaves read them.
#[derive(Clone, Debug)]
pub(super) enum Bad {
    None,
    Rows(Vec<bool>, Fault),
    All(Fault),
}

impl Bad {
    pub fn fault(&self, row: usize) -> Option<&Fault> {
        match self {
            Self::Rows(rows, fault) if rows[row] => Some(fault),
            Self::All(fault) => Some(fault),
            _ => None,
        }
    }
}

/// Why the reader can't take a column of that type; a file may hold any, as long as nothing reads it.
pub(super) fn unreadable(of: &ArrowDataType) -> Option<&'static str> {
    use ArrowDataType as Of;
    match of {
        Of::Null | Of::Boolean | Of::UInt16 | Of::Int32 | Of::UInt32 | Of::Int64 | Of::UInt64 => None,
        Of::Float32 | Of::Float64 | Of::Utf8 | Of::LargeUtf8 | Of::Utf8View => None,
        Of::Dictionary(_, of, _) => unreadable(of),
        Of::Int8 | Of::UInt8 | Of::Int16 => {
            Some("numbers of 8 bits, or signed ones of 16 (write them with 32 or 64)")
        }
        Of::Timestamp(..) | Of::Date32 | Of::Date64 | Of::Time32(_) | Of::Time64(_) => Some("dates or times"),
        Of::Decimal(..) | Of::Decimal256(..) => Some("decimal numbers"),
        Of::List(_) | Of::LargeList(_) | Of::Struct(_) | Of::Map(..) => Some("lists or structures"),
        _ => Some("values of another type"),
    }
}

/// The cells of a column for a field of that kind.
pub(super) fn cells(series: Series, kind: FieldType) -> PolarsResult<(Cells, Bad)> {
    let wanted = kind.wanted();
    let is_number = kind.dimension().is_some();
    let is_whole = is_number && series.null_count() == 0;
    Ok(match series.dtype() {
        DataType::UInt64 if is_whole => (Cells::Numbers(unsigned(series)?, None), Bad::None),
        DataType::Int64 if is_whole && is_natural(series.i64()?) => {
            (Cells::Numbers(positive(series)?, None), Bad::None)
        }
        DataType::Null => (Cells::Absent, Bad::None),
        DataType::UInt64 if is_number => (numbers(series.u64()?, |value| value), Bad::None),
        DataType::UInt32 if is_number => (numbers(series.u32()?, u64::from), Bad::None),
        DataType::UInt16 if is_number => (numbers(series.u16()?, u64::from), Bad::None),
        DataType::Int64 if is_number => signed(series.i64()?, wanted),
        DataType::Int32 if is_number => signed(series.i32()?, wanted),
        DataType::Boolean if kind == FieldType::Flag => {
            let flags = series.bool()?;
            if flags.null_count() == 0 {
                let values = flags.downcast_iter().flat_map(|part| part.values().iter());
                return Ok((Cells::Flags(values.collect(), None), Bad::None));
            }
            let known = flags.iter().map(|flag| flag.is_some()).collect();
            (Cells::Flags(flags.iter().map(|flag| flag == Some(true)).collect(), Some(known)), Bad::None)
        }
        DataType::String if kind == FieldType::Category => {
            (Cells::Texts(series.str()?.rechunk().into_owned()), Bad::None)
        }
        of if kind == FieldType::Category && !of.is_primitive_numeric() && *of != DataType::Boolean => {
            let texts = series.cast(&DataType::String)?;
            (Cells::Texts(texts.str()?.rechunk().into_owned()), Bad::None)
        }
        of => {
            let found = match of {
                DataType::Boolean => "yes or no",
                of if of.is_float() => "a decimal number",
                of if of.is_integer() => "a whole number",
                _ => "text",
            };
            let known: Vec<bool> = series.is_not_null().iter().map(|known| known == Some(true)).collect();
            (Cells::Absent, Bad::Rows(known, Fault::Kind { found, wanted }))
        }
    })
}

/// Numbers without a gap, where they stand: copied only if they stand in several parts.
fn unsigned(series: Series) -> PolarsResult<Vec<u64>> {
    let values = series.u64()?.clone();
    drop(series);
    Ok(joined(values.downcast_into_iter().map(|part| part.into_inner().1.to_vec())))
}

/// The same of signed ones of which none is negative.
fn positive(series: Series) -> PolarsResult<Vec<u64>> {
    let values = series.i64()?.clone();
    drop(series);
    Ok(joined(values.downcast_into_iter().map(|part| {
        let part = part.into_inner().1.try_transmute::<u64>();
        part.map_or_else(|part| part.iter().map(|value| *value as u64).collect(), |part| part.to_vec())
    })))
}

fn is_natural(values: &Int64Chunked) -> bool {
    values.downcast_iter().all(|part| part.values_iter().all(|value| *value >= 0))
}

fn joined(mut parts: impl Iterator<Item = Vec<u64>>) -> Vec<u64> {
    let mut all = parts.next().unwrap_or_default();
    parts.for_each(|part| all.extend(part));
    all
}

fn numbers<T: PolarsNumericType>(values: &ChunkedArray<T>, whole: impl Fn(T::Native) -> u64) -> Cells {
    if values.null_count() == 0 {
        let whole = values.downcast_iter().flat_map(|part| part.values_iter().map(|value| whole(*value)));
        return Cells::Numbers(whole.collect(), None);
    }
    let known = values.iter().map(|value| value.is_some()).collect();
    Cells::Numbers(values.iter().map(|value| value.map_or(0, &whole)).collect(), Some(known))
}

fn signed<T: PolarsNumericType>(values: &ChunkedArray<T>, wanted: &'static str) -> (Cells, Bad)
where
    T::Native: Into<i64>,
{
    let is_negative = |value: Option<T::Native>| value.is_some_and(|value| value.into() < 0);
    let bad = if values.iter().any(is_negative) {
        Bad::Rows(values.iter().map(is_negative).collect(), Fault::Negative { wanted })
    } else {
        Bad::None
    };
    // A negative number is never told: its row is refused wherever anything reads it.
    (numbers(values, |value| value.into().max(0) as u64), bad)
}
