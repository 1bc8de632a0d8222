//! A table of categorical columns, each with its hierarchy.

use std::collections::HashMap;

use rayon::prelude::*;

use super::super::SearchError;
use super::grouped::Coarser;
use super::optimum::{Answer, Known, pruned};
use super::{Evaluated, Grouped, Lattice, Levels, Loss, Model, Optimum, Row};
use crate::catalogue::{Category, Hierarchy};

/// Records with categorical columns and, where there is one, a sensitive value.
///
/// ```
/// use coarsen::catalogue::{Category, Hierarchy};
/// use coarsen::search::lattice::{Loss, Model, Table};
/// let codec: Category = ["h264", "hevc", "h264", "vp9"].map(Some).into_iter().collect();
/// let hierarchy = Hierarchy::from_csv("h264;mpeg;*\nhevc;mpeg;*\nvp9;open;*", "codecs.csv")?;
/// let table = Table::new(&[(&codec, &hierarchy)], None)?;
/// let mut two = Model::k_anonymity(2);
/// let optimum = table.optimal(&two, Loss::Discernibility)?.0.expect("one class holds");
/// assert_eq!((optimum.levels, optimum.loss), (vec![2], 16.0));
/// two.budget = 1;
/// assert_eq!(table.optimal(&two, Loss::Discernibility)?.0.expect("so it does").levels, [1]);
/// # Ok::<(), coarsen::search::SearchError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    lattice: Lattice,
    raw: Grouped,
    whole: Vec<u32>,
    sensitive: bool,
}

/// A column as the keys hold it.
#[derive(Clone, Debug)]
struct Column {
    shift: u32,
    mask: u64,
    /// For each level the code of each code: that of the first value with the same name there. Levels are nested, so it
    /// may be asked of the codes of any finer level as well.
    codes: Vec<Vec<u64>>,
    /// How many different names there are at each level.
    names: Vec<usize>,
    /// For each level the column's part of the non-uniform entropy, in bits.
    entropy: Vec<f64>,
}

impl Table {
    /// A table of columns with their hierarchies, and the sensitive value of each record as any number that is small
    /// (a list as long as the largest is held). O(records log records).
    ///
    /// # Errors
    /// [`SearchError::Catalogue`] for a value that its hierarchy lacks, [`SearchError::Lattice`] for no column or record,
    /// columns of different lengths, 2^32 records or more, values that don't fit into a key of 64 bits together, and
    /// more nodes than [`Lattice::new`] allows.
    pub fn new(columns: &[(&Category, &Hierarchy)], sensitive: Option<&[u32]>) -> Result<Self, SearchError> {
        let refuse = |problem: String| SearchError::Lattice { problem };
        let records = columns.first().map_or(0, |(column, _)| column.len());
        if records == 0 || u32::try_from(records).is_err() {
            return Err(refuse(format!("{records} records; give a column with 1 to 4294967295 of them")));
        }
        let lengths = columns.iter().map(|(column, _)| column.len()).chain(sensitive.map(<[u32]>::len));
        if let Some(other) = lengths.into_iter().find(|&length| length != records) {
            return Err(refuse(format!(
                "a column of {other} records beside one of {records}; make them equal"
            )));
        }
        let mut whole = vec![0; sensitive.map_or(1, |s| s.iter().max().map_or(0, |&max| max as usize + 1))];
        (0..records).for_each(|row| whole[sensitive.map_or(0, |s| s[row] as usize)] += 1);
        let row = |row| Row { key: 0, sensitive: sensitive.map_or(0, |s| s[row]), records: 1 };
        let mut rows: Vec<Row> = (0..records).map(row).collect();
        let (mut built, mut shift) = (Vec::new(), 0);
        let wide = || refuse("the values of the columns fill over 64 bits; leave a column out".to_owned());
        for (category, hierarchy) in columns {
            let width = bits(category.levels());
            if shift + width > 64 {
                return Err(wide());
            }
            for (at, row) in rows.iter_mut().enumerate() {
                row.key |= (category.index(at) as u64) << shift;
            }
            built.push(Column::new(category, hierarchy, shift)?);
            shift += width;
        }
        let lattice = Lattice::new(columns.iter().map(|(_, hierarchy)| hierarchy.levels()).collect())?;
        let raw = Grouped::new(rows);
        Ok(Self { columns: built, lattice, raw, whole, sensitive: sensitive.is_some() })
    }

    /// The lattice of its generalizations.
    pub fn lattice(&self) -> &Lattice {
        &self.lattice
    }

    /// Records by sensitive value; one count of all where there is none.
    pub fn whole(&self) -> &[u32] {
        &self.whole
    }

    /// The classes of a node. O(distinct raw records x log of them).
    pub fn group(&self, levels: &[usize]) -> Grouped {
        self.roll_up(&self.raw, &vec![0; levels.len()], levels)
    }

    /// The classes of a node under a model. Costs as [`Table::group`].
    pub fn evaluate(&self, levels: &[usize], model: &Model) -> Evaluated {
        Evaluated::of(&self.group(levels), model, &self.whole)
    }

    /// The non-uniform entropy of a node in bits, see [`Loss::NonUniformEntropy`]. O(columns).
    pub fn entropy(&self, levels: &[usize]) -> f64 {
        self.columns.iter().zip(levels).map(|(column, &level)| column.entropy[level]).sum()
    }

    /// Asks something of the classes of every node, in the lattice's order, each rolled up from a finer one, on all
    /// threads. O(rows of all nodes).
    pub fn every<T: Send>(&self, ask: impl Fn(&[usize], &Grouped) -> T + Sync) -> Vec<T> {
        self.below(&self.raw, &[], &ask)
    }

    /// What stands below a choice of levels for the first columns, given their classes with the others raw.
    fn below<T: Send>(
        &self,
        grouped: &Grouped,
        chosen: &[usize],
        ask: &(impl Fn(&[usize], &Grouped) -> T + Sync),
    ) -> Vec<T> {
        let column = chosen.len();
        if column == self.columns.len() {
            return vec![ask(chosen, grouped)];
        }
        let mut coarser: Vec<Grouped> = Vec::new();
        for level in 1..self.lattice.sizes()[column] {
            let finer = coarser.last().unwrap_or(grouped);
            coarser.push(finer.rolled_up(&[self.columns[column].coarser(level)]));
        }
        let tables: Vec<&Grouped> = std::iter::once(grouped).chain(&coarser).collect();
        let of_level = |(level, table): (usize, &&Grouped)| {
            let chosen: Levels = chosen.iter().copied().chain([level]).collect();
            self.below(table, &chosen, ask)
        };
        // A few thousand tasks are enough for any number of threads.
        let parts: Vec<Vec<T>> = match column < 4 {
            true => tables.par_iter().enumerate().map(of_level).collect(),
            false => tables.iter().enumerate().map(of_level).collect(),
        };
        parts.into_iter().flatten().collect()
    }

    fn roll_up(&self, grouped: &Grouped, from: &[usize], to: &[usize]) -> Grouped {
        let pairs = self.columns.iter().zip(from.iter().zip(to)).filter(|(_, (from, to))| from != to);
        let coarser: Vec<Coarser<'_>> = pairs.map(|(column, (_, &to))| column.coarser(to)).collect();
        grouped.rolled_up(&coarser)
    }

    /// The least loss whose bad classes lie within the model's budget, by looking at every node; `None` where no node
    /// holds. The oracle of [`Table::optimal`], and faster where most nodes must be asked anyway.
    ///
    /// # Errors
    /// [`SearchError::Lattice`] for a model about sensitive values where the table has none.
    pub fn exhaustive(&self, model: &Model, loss: Loss) -> Result<Option<Optimum>, SearchError> {
        self.check(model)?;
        let losses = self.every(|levels, grouped| {
            let evaluated = Evaluated::of(grouped, model, &self.whole);
            (evaluated.bad <= model.budget).then(|| loss.of(&evaluated, self.entropy(levels)))
        });
        let holding = losses.into_iter().enumerate().filter_map(|(index, loss)| Some((loss?, index)));
        let best = holding.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        Ok(best.map(|(loss, index)| Optimum { levels: self.lattice.levels(index), loss }))
    }

    /// The same optimum from fewer nodes, and how many were asked; what is left out, and why that is exact, is
    /// told by the [folder](super).
    ///
    /// # Errors
    /// As [`Table::exhaustive`].
    pub fn optimal(&self, model: &Model, loss: Loss) -> Result<(Option<Optimum>, u64), SearchError> {
        self.check(model)?;
        let mut held: Vec<(Levels, Grouped)> = Vec::new();
        let known = |levels: &[usize]| match loss {
            Loss::NonUniformEntropy => Known::Loss(self.entropy(levels)),
            Loss::Discernibility | Loss::MonotoneDiscernibility => Known::AtLeast(self.least_squares(levels)),
        };
        pruned(&self.lattice, known, |levels| {
            let finer = held.iter().filter(|(held, _)| held.iter().zip(levels).all(|(held, to)| held <= to));
            let grouped = match finer.min_by_key(|(_, grouped)| grouped.len()) {
                Some((from, grouped)) => self.roll_up(grouped, from, levels),
                None => self.group(levels),
            };
            let evaluated = Evaluated::of(&grouped, model, &self.whole);
            held.push((levels.to_vec(), grouped));
            let (finer_at_least, coarser_at_least) = match loss {
                Loss::NonUniformEntropy => (0.0, 0.0),
                Loss::Discernibility if model.closeness.is_none() => {
                    (evaluated.penalty() as f64, evaluated.squares as f64)
                }
                Loss::Discernibility | Loss::MonotoneDiscernibility => (0.0, evaluated.squares as f64),
            };
            Ok(Answer {
                holds: evaluated.bad <= model.budget,
                loss: loss.of(&evaluated, self.entropy(levels)),
                none_finer: model.is_monotone(),
                finer_at_least,
                coarser_at_least,
            })
        })
    }

    /// A lower bound on the sum of squares of a node: n records in at most as many classes as there are combinations
    /// of names make at least n^2 / classes (Cauchy and Schwarz). Rounded down, so that rounding can't lift it over
    /// the sum, which is whole.
    fn least_squares(&self, levels: &[usize]) -> f64 {
        let records: u64 = self.whole.iter().map(|&records| u64::from(records)).sum();
        let names = self.columns.iter().zip(levels).map(|(column, &level)| column.names[level] as f64);
        let records = records as f64;
        (records * records / names.product::<f64>()).floor()
    }

    fn check(&self, model: &Model) -> Result<(), SearchError> {
        if model.asks_sensitive() && !self.sensitive {
            let problem = "the model asks about sensitive values, and the table has none; give it some";
            return Err(SearchError::Lattice { problem: problem.to_owned() });
        }
        Ok(())
    }
}

impl Column {
    /// The column, whose codes are those of [`Category::index`].
    fn new(category: &Category, hierarchy: &Hierarchy, shift: u32) -> Result<Self, SearchError> {
        let values = category.names();
        let mut counts = vec![0u64; category.levels()];
        (0..category.len()).for_each(|row| counts[category.index(row)] += 1);
        let level = |level| hierarchy.names_at(values, level);
        let names: Vec<_> = (0..hierarchy.levels()).map(level).collect::<Result<_, _>>()?;
        let (mut codes, mut entropy, mut different) = (Vec::new(), Vec::new(), Vec::new());
        for names in &names {
            // The first value of each name, and the records of the name.
            let mut first: HashMap<Option<&str>, (u64, u64)> = HashMap::new();
            for (code, name) in names.iter().enumerate() {
                first.entry(*name).or_insert((code as u64, 0)).1 += counts[code];
            }
            let of_name = |name: &Option<&str>| first[name];
            codes.push(names.iter().map(|name| of_name(name).0).collect());
            let told = |(name, &count): (&Option<&str>, &u64)| match count {
                0 => 0.0,
                count => count as f64 * libm::log2(of_name(name).1 as f64 / count as f64),
            };
            entropy.push(names.iter().zip(&counts).map(told).sum());
            different.push(first.values().filter(|(_, records)| *records > 0).count());
        }
        let mask = (1u64 << bits(counts.len())) - 1;
        Ok(Self { shift, mask, codes, names: different, entropy })
    }

    fn coarser(&self, level: usize) -> Coarser<'_> {
        Coarser { shift: self.shift, mask: self.mask, codes: &self.codes[level] }
    }
}

/// Bits that hold the numbers below a count.
fn bits(count: usize) -> u32 {
    usize::BITS - count.saturating_sub(1).leading_zeros()
}
