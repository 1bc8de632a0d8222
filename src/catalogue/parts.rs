//! Parts of a catalogue, and two catalogues together: what a choice is held against.
//!
//! Parts are drawn without replacement. A bootstrap, which draws files or titles with repeats, is no substitute here: a
//! title drawn twice is still one title, so a sample of as many draws holds only about 63 % of the titles, each class
//! counts fewer distinct ones than a catalogue of that size would, and one title holds more of it.

use rand::RngExt;
use rand::seq::SliceRandom;

use super::stream::stream;
use super::{Catalogue, CatalogueError, Category, Columns, SideField};

impl Catalogue {
    /// Two halves without a series in common, which hold every file between them; each series falls to either by a fair
    /// coin. `None` for a half without any. Another `toss` is another pair. O(files).
    pub fn halves(&self, seed: u64, toss: u64) -> [Option<Self>; 2] {
        let mut random = stream(seed, "halves", toss);
        let coin: Vec<bool> = (0..self.series_bound()).map(|_| random.random()).collect();
        let half = |side: bool| {
            let rows: Vec<u32> = (0..self.files() as u32)
                .filter(|&row| coin[self.series()[row as usize] as usize] == side)
                .collect();
            self.select(&rows)
        };
        [half(false), half(true)]
    }

    /// Titles drawn without replacement with all their files, as many as fit into that many files, at least one title.
    /// `None` where the catalogue has no more files than that. Another `draw` is independent; of one draw, the smaller
    /// samples are parts of the larger. O(files).
    pub fn sample_titles(&self, files: usize, seed: u64, draw: u64) -> Option<Self> {
        if files >= self.files() {
            return None;
        }
        let mut order: Vec<u32> = (0..self.titles()).collect();
        order.shuffle(&mut stream(seed, "titles", draw));
        let mut of_title = vec![0usize; self.titles() as usize];
        self.title().iter().for_each(|&title| of_title[title as usize] += 1);
        let (mut held, mut drawn) = (0, vec![false; self.titles() as usize]);
        for title in order.into_iter().map(|title| title as usize) {
            held += of_title[title];
            // The first always stays, and the first that doesn't fit ends the sample, so that samples are nested.
            if held > files && held > of_title[title] {
                break;
            }
            drawn[title] = true;
        }
        let rows = (0..self.files() as u32).filter(|&row| drawn[self.title()[row as usize] as usize]);
        self.select(&rows.collect::<Vec<u32>>())
    }

    /// Two catalogues that have no title and no series in common, as one: first the files of the one, then those of the
    /// other. A column that one lacks is missing there. Popularity is relative within a catalogue, so the other's is
    /// scaled until its mean title is as popular as the one's; without the column every file has weight 1. O(files).
    ///
    /// ```
    /// use coarsen::catalogue::Catalogue;
    /// use coarsen::catalogue::synthetic::{Recipe, synthesize};
    /// let recipe = Recipe::builtin("mixed")?;
    /// let (one, other) = (synthesize(&recipe, 20, 1)?, synthesize(&recipe, 30, 2)?);
    /// let both = Catalogue::join(&one, &other)?;
    /// assert_eq!((both.titles(), both.files()), (50, one.files() + other.files()));
    /// # Ok::<(), coarsen::catalogue::CatalogueError>(())
    /// ```
    ///
    /// # Errors
    /// [`CatalogueError::Mapping`] where ids or the values of a side field are too many.
    pub fn join(one: &Self, other: &Self) -> Result<Self, CatalogueError> {
        let too_many = |column: &str| CatalogueError::Mapping {
            text: column.to_owned(),
            problem: "the two catalogues together have too many different values; join smaller ones"
                .to_owned(),
        };
        if one.titles().checked_add(other.titles()).is_none() {
            return Err(too_many("title_id"));
        }
        let apart = |a: &[u32], b: &[u32], from: u32| -> Vec<u32> {
            a.iter().copied().chain(b.iter().map(|id| id + from)).collect()
        };
        let named = |catalogue: &Self| -> Vec<Option<u32>> {
            catalogue.named_series().map_or_else(|| vec![None; catalogue.files()], Iterator::collect)
        };
        let (mut series, others) = (named(one), named(other));
        let from = series.iter().flatten().max().map_or(0, |max| max + 1);
        if others.iter().flatten().any(|id| id.checked_add(from).is_none()) {
            return Err(too_many("series_id"));
        }
        series.extend(others.into_iter().map(|id| id.map(|id| id + from)));
        let has_series = one.named_series().is_some() || other.named_series().is_some();
        let rates = |catalogue: &Self| -> Vec<Option<u32>> {
            let rates = catalogue.bitrate_bps();
            rates.map_or_else(
                || vec![None; catalogue.files()],
                |r| r.iter().map(|r| r.map(|r| r.get())).collect(),
            )
        };
        let has_rates = one.bitrate_bps().is_some() || other.bitrate_bps().is_some();
        let mut columns = Columns {
            title: apart(one.title(), other.title(), one.titles()),
            series: has_series.then_some(series),
            duration_ms: one.duration_ms().iter().chain(other.duration_ms()).copied().collect(),
            bitrate_bps: has_rates.then(|| rates(one).into_iter().chain(rates(other)).collect()),
            popularity: joined_popularity(one, other),
            side: Default::default(),
        };
        for field in SideField::ALL {
            if one.side(field).is_none() && other.side(field).is_none() {
                continue;
            }
            let names = |catalogue: &'_ Self, row: usize| -> Option<String> {
                catalogue.side(field).and_then(|column| column.get(row)).map(str::to_owned)
            };
            let mut all: Vec<Option<String>> = (0..one.files()).map(|row| names(one, row)).collect();
            all.extend((0..other.files()).map(|row| names(other, row)));
            let column = Category::intern(all.iter().map(Option::as_deref));
            columns.side.insert(field, column.ok_or_else(|| too_many(field.name()))?);
        }
        Self::new(columns)
    }
}

fn joined_popularity(one: &Catalogue, other: &Catalogue) -> Option<Vec<f64>> {
    if one.popularity().is_none() && other.popularity().is_none() {
        return None;
    }
    let given = |catalogue: &Catalogue| {
        let popularity: Vec<f64> = catalogue.popularity().into_iter().flatten().collect();
        // All zero is no popularity at all.
        if popularity.iter().any(|p| *p > 0.0) { popularity } else { vec![1.0; catalogue.files()] }
    };
    let (mut joined, others) = (given(one), given(other));
    let mean = |popularity: &[f64], titles: u32| popularity.iter().sum::<f64>() / f64::from(titles);
    let scale = mean(&joined, one.titles()) / mean(&others, other.titles());
    joined.extend(others.into_iter().map(|popularity| popularity * scale));
    Some(joined)
}
