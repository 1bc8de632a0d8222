//! What the engines write differently: names, texts, whole numbers.

use std::fmt::{self, Write};
use std::str::FromStr;

use super::SqlError;

/// An engine's SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// Apache Spark SQL.
    Spark,
    /// PostgreSQL.
    Postgres,
    /// ClickHouse.
    ClickHouse,
}

/// The end of the line of values, 2^64 - 1.
const LAST: u64 = u64::MAX;

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 4] = [Self::DuckDb, Self::Spark, Self::Postgres, Self::ClickHouse];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::Spark => "spark",
            Self::Postgres => "postgres",
            Self::ClickHouse => "clickhouse",
        }
    }

    /// A quoted name.
    pub(crate) fn ident(self, name: &str) -> Result<String, SqlError> {
        let refuse =
            |problem| SqlError::Name { dialect: self.name(), name: name.escape_debug().to_string(), problem };
        if name.is_empty() {
            return Err(refuse("it is empty; name it"));
        }
        if name.contains('\0') {
            return Err(refuse("it holds the NUL character; rename it"));
        }
        if self == Self::Postgres && name.len() > 63 {
            return Err(refuse("it is longer than 63 bytes, where PostgreSQL cuts names; shorten it"));
        }
        if self == Self::Spark && name.contains("${") {
            return Err(refuse("Spark puts the value of a variable in the place of `${`; rename it"));
        }
        Ok(match self {
            Self::DuckDb | Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Spark => format!("`{}`", name.replace('`', "``")),
            Self::ClickHouse => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
        })
    }

    /// A table's name; dots part catalogue, schema and table.
    pub(crate) fn table(self, name: &str) -> Result<String, SqlError> {
        let parts: Result<Vec<String>, SqlError> = name.split('.').map(|part| self.ident(part)).collect();
        Ok(parts?.join("."))
    }

    /// A text literal.
    pub(crate) fn text(self, text: &str) -> Result<String, SqlError> {
        if text.contains('\0') {
            return Err(SqlError::Text { dialect: self.name(), text: text.escape_debug().to_string() });
        }
        Ok(match self {
            Self::DuckDb => format!("'{}'", text.replace('\'', "''")),
            // With E a backslash means one thing, whatever standard_conforming_strings says.
            Self::Postgres if text.contains('\\') => {
                format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
            }
            Self::Postgres => format!("'{}'", text.replace('\'', "''")),
            Self::ClickHouse => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            Self::Spark => {
                // Spark's shell reads `;`, `--` and `${` before its parser does, and its files in the machine's
                // encoding: what isn't plain is written by number.
                let mut out = String::from("'");
                for c in text.chars() {
                    match u32::from(c) {
                        _ if c.is_ascii_alphanumeric() || " _.,:+/=<>()-|".contains(c) => out.push(c),
                        code @ 0..=0xffff => _ = write!(out, "\\u{code:04x}"),
                        code => _ = write!(out, "\\U{code:08x}"),
                    }
                }
                out.replace("--", "-\\u002d") + "'"
            }
        })
    }

    /// A whole number.
    pub(crate) fn number(self, number: u64) -> String {
        self.wide(number.into())
    }

    /// A whole number past the line of values.
    pub(crate) fn wide(self, number: u128) -> String {
        match self {
            Self::Spark => format!("{number}BD"),
            _ => number.to_string(),
        }
    }

    /// An expression in double precision.
    pub(crate) fn float(self, expression: &str) -> String {
        let of = match self {
            Self::DuckDb | Self::Spark => "DOUBLE",
            Self::Postgres => "double precision",
            Self::ClickHouse => "Nullable(Float64)",
        };
        format!("CAST({expression} AS {of})")
    }

    /// A whole number below 2^63 in double precision, in the type that the arithmetic is done in. By way of an integer,
    /// since PostgreSQL takes 15 digits of a float for a numeric.
    pub(crate) fn floored(self, expression: &str) -> String {
        let of = if self == Self::ClickHouse { "Nullable(Int64)" } else { "BIGINT" };
        self.exact(&format!("CAST({expression} AS {of})"))
    }

    /// A count, or a sum that is known to lie below 2^63.
    pub(crate) fn count(self, expression: &str) -> String {
        let of = if self == Self::ClickHouse { "Int64" } else { "BIGINT" };
        format!("CAST({expression} AS {of})")
    }

    /// An expression in the type that the arithmetic is done in.
    pub(crate) fn exact(self, expression: &str) -> String {
        let of = match self {
            Self::DuckDb => "HUGEINT",
            Self::Spark => "DECIMAL(20, 0)",
            Self::Postgres => "numeric",
            Self::ClickHouse => "Nullable(Int128)",
        };
        format!("CAST({expression} AS {of})")
    }

    /// A column's whole number in that type; the query ends with an error that names the column where it holds one
    /// below 0, above 2^64 - 1, or with a fraction.
    pub(crate) fn value(self, name: &str, column: &str) -> Result<String, SqlError> {
        self.value_in(name, column, 0, LAST)
    }

    /// The same from the least to the most, both included.
    pub(crate) fn value_in(
        self,
        name: &str,
        column: &str,
        least: u64,
        most: u64,
    ) -> Result<String, SqlError> {
        let exact = self.exact(column);
        let whole = match self {
            Self::Postgres => format!("trunc({column})"),
            _ => column.to_owned(),
        };
        let message = self.text(&format!("{name}: no whole number from {least} to {most}"))?;
        let (least, most) = (self.number(least), self.number(most));
        let stop = match self {
            Self::DuckDb => format!("error({message})"),
            Self::Spark => format!("CAST(raise_error({message}) AS DECIMAL(20, 0))"),
            // Not a constant, or it would fail before any row is read.
            Self::Postgres => format!("CAST({message} || left(CAST({column} AS text), 0) AS numeric)"),
            Self::ClickHouse => format!("toInt128(throwIf({column} IS NOT NULL, {message}))"),
        };
        let fits = format!("{exact} BETWEEN {least} AND {most} AND {exact} = {whole}");
        Ok(format!("CASE WHEN {column} IS NULL THEN NULL WHEN {fits} THEN {exact} ELSE {stop} END"))
    }

    /// A column's text.
    pub(crate) fn name_of(self, column: &str) -> String {
        match self {
            Self::DuckDb => format!("CAST({column} AS VARCHAR)"),
            Self::Spark => format!("CAST({column} AS STRING)"),
            // Byte by byte, whatever the column's own collation calls equal.
            Self::Postgres => format!("CAST({column} AS text) COLLATE \"C\""),
            Self::ClickHouse => format!("CAST({column} AS Nullable(String))"),
        }
    }

    /// A column's yes or no.
    pub(crate) fn flag_of(self, column: &str) -> String {
        match self {
            Self::ClickHouse => format!("CAST({column} AS Nullable(Bool))"),
            _ => format!("CAST({column} AS BOOLEAN)"),
        }
    }

    /// A whole quotient, rounded down.
    pub(crate) fn quotient(self, dividend: &str, divisor: &str) -> String {
        match self {
            Self::DuckDb => format!("{dividend} // {divisor}"),
            // `div` of Spark ends at 2^63.
            Self::Spark => self.exact(&format!("({dividend} - {dividend} % {divisor}) / {divisor}")),
            Self::Postgres => format!("div({dividend}, {divisor})"),
            Self::ClickHouse => format!("intDiv({dividend}, {divisor})"),
        }
    }

    /// A whole number as text.
    pub(crate) fn digits(self, number: &str) -> String {
        match self {
            Self::DuckDb => format!("CAST({number} AS VARCHAR)"),
            Self::Spark => format!("CAST({number} AS STRING)"),
            Self::Postgres => format!("CAST({number} AS text)"),
            Self::ClickHouse => format!("toString({number})"),
        }
    }

    /// Texts one after the other.
    pub(crate) fn joined(self, parts: &[String]) -> String {
        match self {
            Self::Spark | Self::ClickHouse => format!("concat({})", parts.join(", ")),
            _ => parts.join(" || "),
        }
    }

    /// A whole number in the type in which it leaves.
    pub(crate) fn sent(self, number: &str) -> String {
        match self {
            Self::DuckDb => format!("CAST({number} AS UBIGINT)"),
            Self::ClickHouse => format!("CAST({number} AS Nullable(UInt64))"),
            _ => self.exact(number),
        }
    }

    /// What ends a subquery whose columns must be computed once, not once for each use.
    pub(crate) const fn fence(self) -> &'static str {
        match self {
            Self::Postgres => " OFFSET 0",
            _ => "",
        }
    }

    /// Whether the names can stand side by side.
    pub(crate) fn apart<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Result<(), SqlError> {
        if !matches!(self, Self::DuckDb | Self::Spark) {
            return Ok(());
        }
        let mut seen = std::collections::BTreeMap::new();
        for name in names {
            let known = seen.insert(name.to_lowercase(), name).filter(|known| *known != name);
            if let Some(one) = known {
                let (one, other) = (one.escape_debug().to_string(), name.escape_debug().to_string());
                return Err(SqlError::OneName { dialect: self.name(), one, other });
            }
        }
        Ok(())
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dialect {
    type Err = SqlError;

    fn from_str(name: &str) -> Result<Self, SqlError> {
        let found = Self::ALL.into_iter().find(|dialect| dialect.name() == name);
        found.ok_or_else(|| SqlError::Dialect {
            name: name.escape_debug().to_string(),
            known: Self::ALL.map(Self::name).join(", "),
        })
    }
}
