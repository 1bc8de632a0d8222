//! Things of one part in the order of the places that they are drawn from, so that an output finds those it is likely of.

use super::spread::Spread;
use super::{Part, Through};

/// Things by rising place.
pub(super) struct Placed<T> {
    /// The places, and outputs of them.
    pub spread: Spread,
    /// The things.
    pub items: Vec<T>,
    /// Where those of each place end.
    ends: Vec<usize>,
}

impl Placed<u32> {
    /// The files of a part, by rising value and number. O(files log files).
    pub fn files(through: &Through<'_>, part: &Part) -> Self {
        let value = |file: &u32| through.values()[*file as usize];
        let mut files = part.files.clone();
        files.sort_unstable_by_key(|file| (value(file), *file));
        let spread = through.spread(part, true, |file| file, |_| 1);
        Self::new(spread, files, |file| part.channel.place(value(file)))
    }
}

impl<T> Placed<T> {
    /// Of things that lie by rising place, at exactly the places that are spread. O(things).
    pub fn new(spread: Spread, items: Vec<T>, place: impl Fn(&T) -> i64) -> Self {
        let mut end = 0;
        let same = items.chunk_by(|a, b| place(a) == place(b));
        let ends = same.map(|same| {
            end += same.len();
            end
        });
        let ends = ends.collect();
        Self { spread, items, ends }
    }

    /// The things that an output is likely of.
    pub fn likely(&self, output: i64) -> &[T] {
        let places = self.spread.likely(output);
        let end = |place: usize| if place == 0 { 0 } else { self.ends[place - 1] };
        &self.items[end(places.start)..end(places.end)]
    }

    /// Likely things, over all outputs; or what is more than any limit. O(outputs log places).
    pub fn terms(&self) -> u64 {
        // First whether there are too many outputs to make a list of.
        if self.spread.terms() == u64::MAX {
            return u64::MAX;
        }
        self.spread.outputs().iter().map(|alike| self.likely(alike.output).len() as u64).sum()
    }
}
