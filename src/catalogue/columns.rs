//! The catalogue's columns, raw and checked.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;

use super::weights::{Popularity, weights};
use super::{CatalogueError, Category, SideField, error::shown, recode::Coarser};

/// Raw columns, one entry per file; an absent column is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// What an attacker wants to name, as any number.
    pub title: Vec<u32>,
    /// Series or album, as any number; a title without one is its own.
    pub series: Option<Vec<Option<u32>>>,
    /// Media duration in ms, at least 1.
    pub duration_ms: Vec<u32>,
    /// Bit rate of the whole file in bit/s, at least 1.
    pub bitrate_bps: Option<Vec<Option<u32>>>,
    /// Relative weight of plays, finite and not negative.
    pub popularity: Option<Vec<f64>>,
    /// Side fields; [`SideField::Kind`] is required.
    pub side: BTreeMap<SideField, Category>,
}

/// A checked catalogue, in which ids are dense: titles are numbered 0.. by first appearance.
///
/// ```
/// use coarsen::catalogue::{Catalogue, Columns, SideField};
/// let catalogue = Catalogue::new(Columns {
///     title: vec![7, 7, 9],
///     duration_ms: vec![5_400_000, 5_400_120, 1_320_000],
///     side: [(SideField::Kind, ["movie", "movie", "episode"].map(Some).into_iter().collect())].into(),
///     ..Columns::default()
/// })?;
/// assert_eq!((catalogue.files(), catalogue.titles()), (3, 2));
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Catalogue {
    title: Vec<u32>,
    titles: u32,
    series: Vec<u32>,
    named_series: u32,
    all_series: u32,
    has_series: bool,
    duration_ms: Vec<u32>,
    bitrate_bps: Option<Vec<Option<NonZeroU32>>>,
    popularity: Popularity,
    weight: Vec<u64>,
    top_title: TopTitle,
    pub(super) side: BTreeMap<SideField, Category>,
    /// The side fields that are told more coarsely than they came, each with its loss.
    pub(super) coarser: BTreeMap<SideField, (Coarser, f64)>,
}

/// What the largest title holds of the whole catalogue: all that a blind guess can hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopTitle {
    /// Most files of one title.
    pub files: u64,
    /// Largest weight of one title.
    pub weight: u64,
    /// Sum of all weights.
    pub all_weight: u64,
}

impl TopTitle {
    fn of(title: &[u32], titles: u32, weight: &[u64]) -> Self {
        let mut sums = vec![(0u64, 0u64); titles as usize];
        for (&title, &weight) in title.iter().zip(weight) {
            let sum = &mut sums[title as usize];
            *sum = (sum.0 + 1, sum.1 + weight);
        }
        Self {
            files: sums.iter().map(|sum| sum.0).max().unwrap_or(0),
            weight: sums.iter().map(|sum| sum.1).max().unwrap_or(0),
            all_weight: weight.iter().sum(),
        }
    }
}

impl Catalogue {
    /// Checks the columns. O(files).
    ///
    /// # Errors
    /// [`CatalogueError`]: no row, columns of different lengths, a duration or bit rate of 0, a popularity
    /// that is negative or not finite, no kind, a title of two kinds.
    pub fn new(columns: Columns) -> Result<Self, CatalogueError> {
        let files = columns.duration_ms.len();
        let from = || "columns".to_owned();
        if files == 0 {
            return Err(CatalogueError::Empty { from: from() });
        }
        let same_length = |column, found| {
            (found == files).then_some(()).ok_or(CatalogueError::Length { column, found, expected: files })
        };
        same_length("title_id", columns.title.len())?;
        columns.series.as_ref().map_or(Ok(()), |c| same_length("series_id", c.len()))?;
        columns.bitrate_bps.as_ref().map_or(Ok(()), |c| same_length("bitrate_bps", c.len()))?;
        columns.popularity.as_ref().map_or(Ok(()), |c| same_length("popularity", c.len()))?;
        for (field, column) in &columns.side {
            same_length(field.name(), column.len())?;
        }
        if !columns.side.contains_key(&SideField::Kind) {
            return Err(CatalogueError::MissingColumn { from: from(), column: "kind" });
        }
        let value = |row: usize, column: &str, problem: &str, mend| CatalogueError::Value {
            from: from(),
            row: row + 1,
            column: column.to_owned(),
            problem: problem.to_owned(),
            mend,
        };
        if let Some(row) = columns.duration_ms.iter().position(|&d| d == 0) {
            return Err(value(row, "duration_ms", "a duration of 0", "leave such files out"));
        }
        let mut bitrate_bps = None;
        if let Some(column) = columns.bitrate_bps {
            if let Some(row) = column.iter().position(|&b| b == Some(0)) {
                return Err(value(
                    row,
                    "bitrate_bps",
                    "a bit rate of 0",
                    "leave it empty where it is unknown",
                ));
            }
            bitrate_bps = Some(column.into_iter().map(|b| b.and_then(NonZeroU32::new)).collect());
        }
        if let Some(column) = &columns.popularity
            && let Some(row) = column.iter().position(|p| !(p.is_finite() && *p >= 0.0))
        {
            let problem = format!("a popularity of {}", column[row]);
            return Err(value(row, "popularity", &problem, "give a finite weight of at least 0"));
        }

        let mut title = columns.title;
        let mut numbers = Numbers::of(title.iter().copied());
        title.iter_mut().for_each(|title| *title = numbers.number(*title));
        let titles = numbers.given;
        let kind = &columns.side[&SideField::Kind];
        let mut kind_of_title: Vec<Option<u16>> = vec![None; titles as usize];
        for (row, (&title, &code)) in title.iter().zip(kind.codes()).enumerate() {
            let first = *kind_of_title[title as usize].get_or_insert(code);
            if first != code {
                let name = |code| shown(kind.name(code).unwrap_or("nothing"));
                let problem = format!("the title is `{}` here and `{}` before", name(code), name(first));
                return Err(value(row, "kind", &problem, "give all files of a title one kind"));
            }
        }
        let has_series = columns.series.is_some();
        let mut named = columns.series.unwrap_or_default();
        let mut numbers = Numbers::of(named.iter().flatten().copied());
        named.iter_mut().flatten().for_each(|series| *series = numbers.number(*series));
        let named_series = numbers.given;
        let own = |title: u32| named_series + title;
        let series = match has_series {
            true => {
                named.into_iter().zip(&title).map(|(series, &title)| series.unwrap_or(own(title))).collect()
            }
            false => title.iter().map(|&title| own(title)).collect(),
        };
        let (weight, popularity) = weights(columns.popularity, files);
        Ok(Self {
            top_title: TopTitle::of(&title, titles, &weight),
            weight,
            all_series: named_series + titles,
            series,
            title,
            titles,
            named_series,
            has_series,
            duration_ms: columns.duration_ms,
            bitrate_bps,
            popularity,
            side: columns.side,
            coarser: BTreeMap::new(),
        })
    }

    /// How many files there are.
    pub fn files(&self) -> usize {
        self.duration_ms.len()
    }

    /// How many titles there are.
    pub fn titles(&self) -> u32 {
        self.titles
    }

    /// The title of each file, below [`Catalogue::titles`].
    pub fn title(&self) -> &[u32] {
        &self.title
    }

    /// The series or album of each file, below [`Catalogue::series_bound`]; a title without one is its own.
    pub fn series(&self) -> &[u32] {
        &self.series
    }

    /// A bound on the numbers in [`Catalogue::series`].
    pub fn series_bound(&self) -> u32 {
        self.all_series
    }

    /// The series or album of each file as the input named it, where it names any.
    pub fn named_series(&self) -> Option<impl Iterator<Item = Option<u32>> + '_> {
        let named = |&series: &u32| (series < self.named_series).then_some(series);
        self.has_series.then(|| self.series.iter().map(named))
    }

    /// Media duration of each file in ms.
    pub fn duration_ms(&self) -> &[u32] {
        &self.duration_ms
    }

    /// Bit rate of each file in bit/s, where the catalogue has the column.
    pub fn bitrate_bps(&self) -> Option<&[Option<NonZeroU32>]> {
        self.bitrate_bps.as_deref()
    }

    /// Popularity of each file as given, where it is.
    pub fn popularity(&self) -> Option<impl Iterator<Item = f64> + '_> {
        let given = match &self.popularity {
            Popularity::Unknown => return None,
            Popularity::Weights => None,
            Popularity::Given(given) => Some(given),
        };
        let of_row = move |row: usize| given.map_or_else(|| self.weight[row] as f64, |given| given[row]);
        Some((0..self.files()).map(of_row))
    }

    /// Lets go of popularity as it was given, 8 bytes a file unless the weights hold it: all measures are of the
    /// weights, which stay. A catalogue so treated is not one to write.
    pub fn forget_popularity(&mut self) {
        self.popularity = Popularity::Unknown;
    }

    /// Popularity as exact integer weights, whose sum is under 2^62; all 1 where it is unknown.
    pub fn weight(&self) -> &[u64] {
        &self.weight
    }

    /// What the largest title holds of the whole.
    pub fn top_title(&self) -> TopTitle {
        self.top_title
    }

    /// A side field, where the catalogue has the column.
    pub fn side(&self, field: SideField) -> Option<&Category> {
        self.side.get(&field)
    }

    /// The kind of each file.
    pub fn kind(&self) -> &Category {
        &self.side[&SideField::Kind]
    }

    /// The names of the kinds that do occur.
    pub fn kinds(&self) -> Vec<&str> {
        let kind = self.kind();
        let mut seen = vec![false; kind.levels()];
        (0..kind.len()).for_each(|row| seen[kind.index(row)] = true);
        kind.names().iter().zip(seen).filter(|(_, seen)| *seen).map(|(name, _)| name.as_str()).collect()
    }

    /// The side fields of [`SideField::REPORTED`] that the catalogue has.
    pub fn reported(&self) -> Vec<SideField> {
        SideField::REPORTED.into_iter().filter(|&field| self.side(field).is_some()).collect()
    }

    /// The files of that kind alone. `None` where there is none.
    pub fn of_kind(&self, kind: &str) -> Option<Self> {
        let of_kind = |&row: &u32| self.kind().get(row as usize) == Some(kind);
        self.select(&(0..self.files() as u32).filter(of_kind).collect::<Vec<u32>>())
    }

    /// The catalogue of these rows alone, in this order, with ids renumbered. `None` for no row.
    ///
    /// # Panics
    /// Where a row is out of range.
    pub fn select(&self, rows: &[u32]) -> Option<Self> {
        if rows.is_empty() {
            return None;
        }
        let pick = |row: &u32| *row as usize;
        let mut numbers = Numbers::of(rows.iter().map(|row| self.title[pick(row)]));
        let title: Vec<u32> = rows.iter().map(|row| numbers.number(self.title[pick(row)])).collect();
        let titles = numbers.given;
        let mut series: Vec<u32> = rows.iter().map(|row| self.series[pick(row)]).collect();
        let named = |&series: &u32| series < self.named_series;
        let mut numbers = Numbers::of(series.iter().copied().filter(named));
        // Own series are numbered after the named ones, so those are counted first.
        for series in &mut series {
            *series = if named(series) { numbers.number(*series) } else { Numbers::NONE };
        }
        let named_series = numbers.given;
        for (series, title) in series.iter_mut().zip(&title).filter(|(series, _)| **series == Numbers::NONE) {
            *series = named_series + title;
        }
        let mut weight: Vec<u64> = rows.iter().map(|row| self.weight[pick(row)]).collect();
        let mut popularity = match &self.popularity {
            Popularity::Given(given) => Popularity::Given(rows.iter().map(|row| given[pick(row)]).collect()),
            held => held.clone(),
        };
        // As in a whole catalogue: all zero is no popularity at all.
        if weight.iter().all(|&weight| weight == 0) {
            weight.fill(1);
            if matches!(popularity, Popularity::Weights) {
                popularity = Popularity::Given(vec![0.0; rows.len()]);
            }
        }
        let side = self.side.iter().map(|(&field, column)| (field, column.select(rows))).collect();
        Some(Self {
            top_title: TopTitle::of(&title, titles, &weight),
            title,
            titles,
            series,
            named_series,
            all_series: named_series + titles,
            has_series: self.has_series,
            duration_ms: rows.iter().map(|row| self.duration_ms[pick(row)]).collect(),
            bitrate_bps: self.bitrate_bps.as_ref().map(|c| rows.iter().map(|row| c[pick(row)]).collect()),
            popularity,
            weight,
            coarser: self.coarser_of(&side),
            side,
        })
    }
}

/// Numbers renumbered 0.. by first appearance.
struct Numbers {
    seen: Seen,
    /// How many were given out.
    given: u32,
}

/// The new number of each old one.
enum Seen {
    /// [`Numbers::NONE`] where there is none.
    Table(Vec<u32>),
    Map(HashMap<u32, u32>),
}

impl Numbers {
    const NONE: u32 = u32::MAX;

    /// For these values, as many times as they come.
    fn of(values: impl Iterator<Item = u32>) -> Self {
        let (count, max) = values.fold((0, 0), |(count, max), value| (count + 1u64, max.max(value)));
        // Ids that are nearly dense already need no hashing.
        let dense = u64::from(max) <= 8 * count + 1024;
        let seen =
            if dense { Seen::Table(vec![Self::NONE; max as usize + 1]) } else { Seen::Map(HashMap::new()) };
        Self { seen, given: 0 }
    }

    /// The number of one of the values.
    fn number(&mut self, value: u32) -> u32 {
        let slot = match &mut self.seen {
            Seen::Table(table) => &mut table[value as usize],
            Seen::Map(map) => map.entry(value).or_insert(Self::NONE),
        };
        if *slot == Self::NONE {
            *slot = self.given;
            self.given += 1;
        }
        *slot
    }
}
