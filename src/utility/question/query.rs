//! A question put to a table: one group-by, the same whatever the table holds.

use std::collections::BTreeMap;

use polars::prelude::{Column as Series, DataFrame, PolarsResult};

use super::answer::{Answer, Entry, Value};
use super::level::Levels;
use super::{Key, Level, Question, Statistic};
use crate::telemetry::plays::{Column, Number, Plays, Text};
use crate::utility::{NumberColumn, Release, Table, UtilityError};

impl Question {
    /// The table that can answer it: the first that holds all its columns.
    ///
    /// # Errors
    /// Why none can, in words.
    pub fn table<'r, 'a>(&self, release: &'r Release<'a>) -> Result<&'r Table<'a>, String> {
        let columns: Vec<Column> = self.columns().collect();
        release.holding(&columns).ok_or_else(|| {
            let held = |column: &&Column| release.tables().iter().any(|table| table.holds(**column));
            let (some, none): (Vec<&Column>, Vec<&Column>) = columns.iter().partition(held);
            let names = |columns: &[&Column]| columns.iter().map(|c| c.name()).collect::<Vec<_>>().join(", ");
            match none.is_empty() {
                true => format!("no ping holds {} together", names(&some)),
                false => format!("no ping holds {}", names(&none)),
            }
        })
    }

    /// Answers it from a table that holds its columns, asking the plays that `asked` says; a column that the table lacks
    /// is missing everywhere. O(plays x keys).
    ///
    /// # Errors
    /// [`UtilityError::Question`] where its keys part the plays into 2^64 cells or more.
    pub fn answer(
        &self,
        plays: &Plays,
        table: &Table<'_>,
        asked: &dyn Fn(usize) -> bool,
    ) -> Result<Answer, UtilityError> {
        let rows = plays.len();
        let levels: Vec<Levels> = self.by.iter().map(|key| levels(key, table, rows)).collect();
        let refuse =
            |problem: &str| UtilityError::Question { name: self.name.clone(), problem: problem.into() };
        let all =
            levels.iter().try_fold(1u64, |all, levels| all.checked_mul(levels.names.len().max(1) as u64));
        all.ok_or_else(|| refuse("its keys have 2^64 combinations or more: cut them more coarsely"))?;

        let only = self.filters(table);
        let sums = Sums::new(&self.statistic, table);
        let mut asked_rows = Rows::default();
        for play in (0..rows).filter(|play| asked(*play) && only(*play)) {
            let Some((over, under)) = sums.of(play) else { continue };
            let cell = levels
                .iter()
                .fold(0u64, |cell, levels| cell * levels.names.len() as u64 + u64::from(levels.codes[play]));
            asked_rows.push(plays.text(Text::Server).codes()[play], cell, over, under);
        }
        let entries = asked_rows.by_server().map_err(|error| refuse(&error.to_string()))?;
        Ok(Answer::of(entries, &levels, self.statistic == Statistic::Plays))
    }

    /// Whether the filters let a play through.
    fn filters<'t>(&'t self, table: &'t Table<'_>) -> impl Fn(usize) -> bool + 't {
        let filters: Vec<(Option<&[u32]>, Vec<bool>)> = self
            .only
            .iter()
            .map(|(text, names)| match table.text(*text) {
                Some(column) => {
                    (Some(column.codes()), column.names().iter().map(|name| names.contains(name)).collect())
                }
                None => (None, Vec::new()),
            })
            .collect();
        move |play| {
            filters.iter().all(|(codes, lets)| {
                codes.is_some_and(|codes| lets.get(codes[play] as usize).copied().unwrap_or(false))
            })
        }
    }
}

fn levels(key: &Key, table: &Table<'_>, plays: usize) -> Levels {
    let missing = || Levels { codes: vec![0; plays], names: vec![Level::Missing] };
    match key {
        Key::Text(text, groups) => {
            table.text(*text).map_or_else(missing, |column| Levels::of_text(column, groups.as_ref()))
        }
        Key::Number(number, cut) => {
            table.number(*number).map_or_else(missing, |column| Levels::of_number(column, plays, cut))
        }
    }
}

/// What a play adds above and below the line.
enum Sums<'t> {
    AtLeast(Option<&'t NumberColumn<'t>>, u64),
    Is(Option<&'t [u32]>, Vec<bool>),
    Mean(Option<&'t NumberColumn<'t>>),
    Ratio(Option<&'t NumberColumn<'t>>, Vec<Option<&'t NumberColumn<'t>>>),
    Plays,
}

impl<'t> Sums<'t> {
    fn new(statistic: &Statistic, table: &'t Table<'_>) -> Self {
        let number = |number: &Number| table.number(*number);
        match statistic {
            Statistic::AtLeast(of, least) => Self::AtLeast(number(of), *least),
            Statistic::Mean(of) => Self::Mean(number(of)),
            Statistic::Ratio(of, over) => Self::Ratio(number(of), over.iter().map(number).collect()),
            Statistic::Is(of, names) => match table.text(*of) {
                Some(column) => Self::Is(
                    Some(column.codes()),
                    column.names().iter().map(|name| names.contains(name)).collect(),
                ),
                None => Self::Is(None, Vec::new()),
            },
            Statistic::Plays => Self::Plays,
        }
    }

    /// `None` where the play doesn't tell.
    fn of(&self, play: usize) -> Option<(i64, i64)> {
        // Columns hold at most 2^32 - 1, and what stands for a bucket is at most twice that or its lower edge.
        let whole = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        match self {
            Self::AtLeast(of, least) => Some((i64::from((*of)?.get(play)? >= *least), 1)),
            Self::Is(codes, is) => is.get((*codes)?[play] as usize).map(|is| (i64::from(*is), 1)),
            Self::Mean(of) => Some((whole((*of)?.get(play)?), 1)),
            Self::Ratio(of, over) => {
                let under = over.iter().map(|over| (*over)?.get(play).map(whole)).sum::<Option<i64>>()?;
                Some((whole((*of)?.get(play)?), under))
            }
            Self::Plays => Some((1, 1)),
        }
    }
}

/// What the plays that are asked add, column by column.
#[derive(Default)]
struct Rows {
    server: Vec<u32>,
    cell: Vec<u64>,
    over: Vec<i64>,
    under: Vec<i64>,
}

impl Rows {
    fn push(&mut self, server: u32, cell: u64, over: i64, under: i64) {
        self.server.push(server);
        self.cell.push(cell);
        self.over.push(over);
        self.under.push(under);
    }

    /// The sums of each server and cell, by cell and then by server.
    #[allow(
        deprecated,
        reason = "the eager aggregation, without building polars' lazy engine for one group-by"
    )]
    fn by_server(self) -> PolarsResult<Vec<(u64, u32, Value)>> {
        let ones = vec![1i64; self.server.len()];
        let frame = DataFrame::new_infer_height(vec![
            Series::new("server".into(), self.server),
            Series::new("cell".into(), self.cell),
            Series::new("over".into(), self.over),
            Series::new("under".into(), self.under),
            Series::new("plays".into(), ones),
        ])?;
        let grouped = frame.group_by(["cell", "server"])?.select(["over", "under", "plays"]).sum()?;
        let whole = |name: &str| {
            Ok::<_, polars::prelude::PolarsError>(grouped.column(name)?.i64()?.into_no_null_iter())
        };
        let cells = grouped.column("cell")?.u64()?.into_no_null_iter();
        let servers = grouped.column("server")?.u32()?.into_no_null_iter();
        let values = whole("over_sum")?.zip(whole("under_sum")?).zip(whole("plays_sum")?);
        let values = values.map(|((over, under), plays)| Value { over, under, plays });
        let mut entries: Vec<(u64, u32, Value)> =
            cells.zip(servers).zip(values).map(|((cell, server), value)| (cell, server, value)).collect();
        entries.sort_unstable_by_key(|(cell, server, _)| (*cell, *server));
        Ok(entries)
    }
}

impl Answer {
    /// The answer of what each server adds to each cell, whose number is its levels in mixed radix.
    fn of(entries: Vec<(u64, u32, Value)>, levels: &[Levels], of_all: bool) -> Self {
        let cell_of = |mut number: u64| {
            let mut cell: Vec<Level> = levels
                .iter()
                .rev()
                .map(|levels| {
                    let radix = levels.names.len() as u64;
                    let level = levels.names[(number % radix) as usize].clone();
                    number /= radix;
                    level
                })
                .collect();
            cell.reverse();
            cell
        };
        let mut by_cell: BTreeMap<Vec<Level>, Vec<(u32, Value)>> = BTreeMap::new();
        for run in entries.chunk_by(|a, b| a.0 == b.0) {
            let servers = run.iter().map(|(_, server, value)| (*server, *value));
            by_cell.entry(cell_of(run[0].0)).or_default().extend(servers);
        }
        let mut answer = Self { of_all, ..Self::default() };
        let all: i64 = entries.iter().map(|(_, _, value)| value.under).sum();
        for (place, (cell, servers)) in by_cell.into_iter().enumerate() {
            let mut sum = Value::default();
            for (server, value) in servers {
                sum.over += value.over;
                sum.under += value.under;
                sum.plays += value.plays;
                answer.entries.push(Entry { server, cell: place as u32, value });
            }
            if of_all {
                sum.under = all;
            }
            answer.cells.push((cell, sum));
        }
        answer
    }
}
