//! Rates by group of those who stay.

/// Plays of a server in a cell, and how many of them are hits: stalled, kept up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The server.
    pub server: usize,
    /// The cell.
    pub cell: usize,
    /// Its plays there.
    pub plays: u64,
    /// Of them, the hits.
    pub hits: u64,
}

/// All that rates ask of plays, and how many servers each cell has, which is known from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tallies {
    /// How many groups there are: a rate is told of each.
    pub groups: usize,
    /// The group of each cell.
    pub group_of_cell: Vec<usize>,
    /// Servers of each cell, whether they stay or not.
    pub known: Vec<u64>,
    /// At most one of each server and cell.
    pub parts: Vec<Tally>,
}

/// Rates of those who stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// Hits by plays of each group; `None` where nobody stays.
    pub naive: Vec<Option<f64>>,
    /// The same, each cell weighted by known servers by those who stay there.
    pub weighted: Vec<Option<f64>>,
    /// Known servers of cells in which none stays, as a share of all: whom no weight speaks for.
    pub unreached: f64,
}

/// Sums over a cell.
#[derive(Clone, Copy, Default)]
struct OfCell {
    servers: u64,
    plays: u64,
    hits: u64,
}

impl Tallies {
    /// The rates where each server stays or not. Looks at no tally of those who don't. O(tallies).
    ///
    /// ```
    /// use coarsen::utility::opt_out::{Tallies, Tally};
    /// let tally = |server, cell, hits| Tally { server, cell, plays: 10, hits };
    /// let tallies = Tallies {
    ///     groups: 1,
    ///     group_of_cell: vec![0, 0],
    ///     known: vec![2, 1],
    ///     parts: vec![tally(0, 0, 5), tally(1, 0, 5), tally(2, 1, 0)],
    /// };
    /// let rates = tallies.rates(&[true, false, true]);
    /// assert_eq!((rates.naive[0], rates.weighted[0]), (Some(0.25), Some(1.0 / 3.0)));
    /// ```
    pub fn rates(&self, stays: &[bool]) -> Rates {
        let mut cells = vec![OfCell::default(); self.known.len()];
        for part in self.parts.iter().filter(|part| stays[part.server]) {
            let cell = &mut cells[part.cell];
            cell.servers += 1;
            cell.plays += part.plays;
            cell.hits += part.hits;
        }
        let (mut naive, mut weighted) = (vec![[0.0; 2]; self.groups], vec![[0.0; 2]; self.groups]);
        let (mut unreached, mut all) = (0, 0);
        for ((cell, &group), &known) in cells.iter().zip(&self.group_of_cell).zip(&self.known) {
            all += known;
            if cell.servers == 0 {
                unreached += known;
                continue;
            }
            let weight = known as f64 / cell.servers as f64;
            for (sums, weight) in [(&mut naive, 1.0), (&mut weighted, weight)] {
                let [hits, plays] = &mut sums[group];
                *hits += weight * cell.hits as f64;
                *plays += weight * cell.plays as f64;
            }
        }
        let rates = |sums: Vec<[f64; 2]>| {
            sums.into_iter().map(|[hits, plays]| (plays > 0.0).then(|| hits / plays)).collect()
        };
        Rates {
            naive: rates(naive),
            weighted: rates(weighted),
            unreached: if all == 0 { 0.0 } else { unreached as f64 / all as f64 },
        }
    }

    /// Plays of each group, of all servers. O(tallies).
    pub fn plays(&self) -> Vec<u64> {
        let mut plays = vec![0; self.groups];
        self.parts.iter().for_each(|part| plays[self.group_of_cell[part.cell]] += part.plays);
        plays
    }
}
