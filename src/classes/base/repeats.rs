//! Which files share their title with another file of the same combination of side fields.

use std::ops::Range;

/// The files whose title has several files in their combination, by rising place, each with the next of its title.
#[derive(Debug, Default)]
pub(super) struct Repeats(Vec<Repeat>);

#[derive(Clone, Copy, Debug)]
struct Repeat {
    place: u32,
    /// The number of the next one of the same title and combination; [`NONE`] for the last.
    next: u32,
}

const NONE: u32 = u32::MAX;

impl Repeats {
    /// From the combination and title of every place, combination by combination. O(files + titles).
    pub fn find(places: impl Iterator<Item = (u32, u32)> + Clone, titles: u32) -> Self {
        // Of each title the combination seen last and how many files it has there; then the number of the last one.
        let mut last: Vec<(u32, u32)> = vec![(NONE, NONE); titles as usize];
        let mut repeated: Vec<u32> = Vec::new();
        for (at, (combination, title)) in places.clone().enumerate() {
            let held = &mut last[title as usize];
            if held.0 == combination {
                repeated.extend(Some(held.1).filter(|&first| first != NONE).into_iter().chain([at as u32]));
                held.1 = NONE;
            } else {
                *held = (combination, at as u32);
            }
        }
        repeated.sort_unstable();
        last.fill((NONE, NONE));
        let mut found: Vec<Repeat> = Vec::with_capacity(repeated.len());
        let mut wanted = repeated.into_iter().peekable();
        for (at, (combination, title)) in places.enumerate() {
            if wanted.next_if_eq(&(at as u32)).is_none() {
                continue;
            }
            let held = &mut last[title as usize];
            if held.0 == combination {
                found[held.1 as usize].next = found.len() as u32;
            }
            *held = (combination, found.len() as u32);
            found.push(Repeat { place: at as u32, next: NONE });
        }
        Self(found)
    }

    /// Calls with the places of each title that has several in this range; `walked` is scratch.
    #[inline]
    pub fn within(&self, range: &Range<u32>, walked: &mut Vec<bool>, mut show: impl FnMut(u32, bool)) {
        let from = self.0.partition_point(|repeat| repeat.place < range.start);
        let until = from + self.0[from..].partition_point(|repeat| repeat.place < range.end);
        walked.clear();
        walked.resize(until - from, false);
        for first in from..until {
            let mut next = self.0[first].next as usize;
            if walked[first - from] || next >= until {
                continue;
            }
            show(self.0[first].place, true);
            while next < until {
                walked[next - from] = true;
                show(self.0[next].place, false);
                next = self.0[next].next as usize;
            }
        }
    }
}
