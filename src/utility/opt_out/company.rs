//! The company of those who stay.

use std::collections::HashMap;

use serde::Serialize;

use crate::telemetry::plays::{Column, Text};
use crate::utility::release::Table;

/// What a cell is of: the devices of a server, as far as they leave.
const DEVICES: [Text; 3] = [Text::Platform, Text::Device, Text::Hardware];

/// Which servers report in which cells, before anybody opts out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Of each cell its servers, each once.
    pub servers: Vec<Vec<usize>>,
}

/// Cells by how many of their servers stay.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Staying {
    /// Cells that had several servers and of which a single one stays: all but one opted out.
    pub alone: f64,
    /// Cells that had several servers and of which none stays.
    pub emptied: f64,
    /// Cells of which a single server stays, also those that never had another.
    pub single: f64,
    /// Cells of which any stays.
    pub reported: f64,
}

/// What opting out does to the cells of a ping.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Company {
    /// Of the cells that had several servers, the share in which all but one opted out.
    pub alone: Option<f64>,
    /// Of the cells that had several servers, the share in which all did.
    pub emptied: Option<f64>,
    /// Of the cells in which anybody still reports, the share in which a single server does.
    pub single: Option<f64>,
}

/// What opting out does to those who report alike in one ping.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfPing {
    /// The ping.
    pub ping: String,
    /// The columns that are the same within a cell: those of the device, or those of the file, in which case a cell is a
    /// class of titles.
    pub of: Vec<&'static str>,
    /// Cells in which any server reports where nobody opts out.
    pub cells: usize,
    /// Of these, the cells with several servers.
    pub several: usize,
    /// By rate and slope: the expectation over who opts out.
    pub each: Vec<Company>,
}

impl Cells {
    /// How many cells have several servers. O(cells).
    pub fn several(&self) -> usize {
        self.servers.iter().filter(|servers| servers.len() > 1).count()
    }

    /// What is left where each server stays or not. O(parts).
    ///
    /// ```
    /// use coarsen::utility::opt_out::Cells;
    /// let cells = Cells { servers: vec![vec![0, 1], vec![1]] };
    /// let staying = cells.staying(&[true, false]);
    /// assert_eq!((staying.alone, staying.emptied, staying.single, staying.reported), (1.0, 0.0, 1.0, 1.0));
    /// ```
    pub fn staying(&self, stays: &[bool]) -> Staying {
        self.sum(|server| if stays[server] { 0.0 } else { 1.0 })
    }

    /// What is left on average where each server opts out with its chance, whatever the others do. Exact: of a cell the
    /// chances that none and that a single one stays, server by server. O(parts).
    ///
    /// ```
    /// use coarsen::utility::opt_out::Cells;
    /// let expected = Cells { servers: vec![vec![0, 1]] }.expected(&[0.5, 0.5]);
    /// assert_eq!((expected.alone, expected.emptied, expected.reported), (0.5, 0.25, 0.75));
    /// ```
    pub fn expected(&self, chances: &[f64]) -> Staying {
        self.sum(|server| chances[server])
    }

    fn sum(&self, out: impl Fn(usize) -> f64) -> Staying {
        let mut all = Staying::default();
        for servers in &self.servers {
            let (mut none, mut one) = (1.0, 0.0);
            for out in servers.iter().map(|&server| out(server)) {
                one = one * out + none * (1.0 - out);
                none *= out;
            }
            if servers.len() > 1 {
                all.alone += one;
                all.emptied += none;
            }
            all.single += one;
            all.reported += 1.0 - none;
        }
        all
    }

    fn company(&self, chances: &[f64]) -> Company {
        let expected = self.expected(chances);
        let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
        let several = self.several() as f64;
        Company {
            alone: share(expected.alone, several),
            emptied: share(expected.emptied, several),
            single: share(expected.single, expected.reported),
        }
    }
}

/// The company in each ping, of devices and then of files, as far as any of their columns leave. `server` tells who reports
/// a play; `chances` are of each setting. O(pings x columns x plays + settings x parts).
pub(super) fn of_pings(
    tables: &[Table<'_>],
    server: &dyn Fn(usize) -> Option<usize>,
    chances: &[Vec<f64>],
) -> Vec<OfPing> {
    let mut found = Vec::new();
    for table in tables {
        let columns: Vec<Column> = table.columns().collect();
        let devices = |column: &Column| DEVICES.into_iter().any(|text| *column == Column::Text(text));
        let files = |column: &Column| column.is_of_file();
        let devices: Vec<Column> = columns.iter().copied().filter(devices).collect();
        let files: Vec<Column> = columns.iter().copied().filter(files).collect();
        for of in [devices, files] {
            let cells = cells(table, &of, server);
            if of.is_empty() || cells.servers.is_empty() {
                continue;
            }
            found.push(OfPing {
                ping: table.name().to_owned(),
                of: of.iter().map(|column| column.name()).collect(),
                cells: cells.servers.len(),
                several: cells.several(),
                each: chances.iter().map(|chances| cells.company(chances)).collect(),
            });
        }
    }
    found
}

/// The cells of a table by some of its columns, each value as it leaves, in the order in which they are first seen.
fn cells(table: &Table<'_>, of: &[Column], server: &dyn Fn(usize) -> Option<usize>) -> Cells {
    let plays = (0..table.plays()).filter(|&play| table.leaves(play));
    let plays: Vec<(usize, usize)> = plays.filter_map(|play| Some((play, server(play)?))).collect();
    let mut cell_of = vec![0u32; plays.len()];
    for &column in of {
        let mut places: HashMap<(u32, Option<u64>), u32> = HashMap::new();
        for (cell, (play, _)) in cell_of.iter_mut().zip(&plays) {
            let next = places.len() as u32;
            *cell = *places.entry((*cell, value(table, column, *play))).or_insert(next);
        }
    }
    let cells = cell_of.iter().max().map_or(0, |last| *last as usize + 1);
    let mut servers: Vec<Vec<usize>> = vec![Vec::new(); cells];
    for (cell, (_, server)) in cell_of.iter().zip(&plays) {
        servers[*cell as usize].push(*server);
    }
    for servers in &mut servers {
        servers.sort_unstable();
        servers.dedup();
    }
    Cells { servers }
}

/// What tells a value of a column from its others.
fn value(table: &Table<'_>, column: Column, play: usize) -> Option<u64> {
    match column {
        Column::Text(text) => table.text(text)?.codes().get(play).map(|code| u64::from(*code)),
        Column::Number(number) => table.number(number)?.get(play),
        Column::Switch(_) => None,
    }
}
