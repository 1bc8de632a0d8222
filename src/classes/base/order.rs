//! The order of a base: files by combination of side fields, outer atom and inner atom.

use rayon::prelude::*;

use super::Run;

/// The files in order, the inner atom of each, and where the runs begin.
pub(super) struct Order {
    pub files: Vec<u32>,
    pub atom: Vec<u32>,
    /// Last one that begins past the end.
    pub runs: Vec<Run>,
}

/// Stretches that the keys are cut into, at most.
const STRETCHES: u128 = 1 << 16;
/// A stretch of more files than this is sorted by all threads.
const LONG: usize = 1 << 16;

impl Order {
    /// Sorts by `[combination, outer atom, inner atom]`, each below its bound, and then by file. O(files log files).
    ///
    /// Files are dealt to stretches of the keys first, and each stretch is sorted by itself: so the keys of all files,
    /// of 16 bytes each, need never be there at once, unless nearly all files have nearly the same.
    pub fn new(files: u32, bounds: [u32; 3], key: impl Fn(u32) -> [u32; 3] + Sync) -> Self {
        let on_line = |[combination, outer, inner]: [u32; 3]| {
            let row = u128::from(combination) * u128::from(bounds[1]) + u128::from(outer);
            row * u128::from(bounds[2]) + u128::from(inner)
        };
        let keys: u128 = bounds.iter().map(|&bound| u128::from(bound)).product();
        let shift = (0..u128::BITS).find(|shift| keys >> shift < STRETCHES).unwrap_or(0);
        // Below 2^16 by the choice of the shift.
        let stretch: Vec<u16> =
            (0..files).into_par_iter().map(|file| (on_line(key(file)) >> shift) as u16).collect();
        let mut next = vec![0u32; (keys >> shift) as usize + 2];
        stretch.iter().for_each(|&stretch| next[usize::from(stretch) + 1] += 1);
        (1..next.len()).for_each(|stretch| next[stretch] += next[stretch - 1]);
        let starts = next.clone();
        let mut order = vec![0; files as usize];
        for (file, &stretch) in stretch.iter().enumerate() {
            let place = &mut next[usize::from(stretch)];
            order[*place as usize] = file as u32;
            *place += 1;
        }
        drop(stretch);

        let mut atom = vec![0; files as usize];
        let (mut files_left, mut atoms_left) = (&mut order[..], &mut atom[..]);
        let mut stretches = Vec::new();
        for ends in starts.windows(2).filter(|ends| ends[0] < ends[1]) {
            let length = (ends[1] - ends[0]) as usize;
            let (files, atoms);
            (files, files_left) = files_left.split_at_mut(length);
            (atoms, atoms_left) = atoms_left.split_at_mut(length);
            stretches.push((ends[0], files, atoms));
        }
        let sort = |(start, files, atoms): (u32, &mut [u32], &mut [u32])| {
            let mut keyed: Vec<([u32; 3], u32)> = files.iter().map(|&file| (key(file), file)).collect();
            if keyed.len() > LONG {
                keyed.par_sort_unstable()
            } else {
                keyed.sort_unstable()
            }
            for ((&(key, sorted), file), atom) in keyed.iter().zip(files).zip(atoms) {
                (*file, *atom) = (sorted, key[2]);
            }
            let row = |([combination, outer, _], _): &([u32; 3], u32)| (*combination, *outer);
            let mut at = start;
            let runs = keyed.chunk_by(|a, b| row(a) == row(b)).map(|run| {
                let (combination, outer) = row(&run[0]);
                let start = at;
                at += run.len() as u32;
                Run { start, combination, outer }
            });
            runs.collect::<Vec<Run>>()
        };
        let parts: Vec<Vec<Run>> = stretches.into_par_iter().map(sort).collect();
        let mut runs: Vec<Run> = Vec::new();
        for run in parts.into_iter().flatten() {
            // A run may go on from one stretch into the next.
            let same = |last: &Run| (last.combination, last.outer) == (run.combination, run.outer);
            if !runs.last().is_some_and(same) {
                runs.push(run);
            }
        }
        runs.push(Run { start: files, combination: u32::MAX, outer: u32::MAX });
        Self { files: order, atom, runs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_order_of_the_keys(
            (bounds, keys) in (1u32..5, 1u32..2_000, prop_oneof![1u32..4, 1u32..u32::MAX]).prop_flat_map(|(a, b, c)| {
                (Just([a, b, c]), proptest::collection::vec((0..a, 0..b, 0..c), 0..300))
            }),
        ) {
            let key = |file: u32| <[u32; 3]>::from(keys[file as usize]);
            let Order { files, atom, runs } = Order::new(keys.len() as u32, bounds, key);
            let mut sorted: Vec<u32> = (0..keys.len() as u32).collect();
            sorted.sort_by_key(|&file| (key(file), file));
            prop_assert_eq!(&files, &sorted);
            prop_assert_eq!(atom, sorted.iter().map(|&file| key(file)[2]).collect::<Vec<u32>>());
            let begins = |&at: &usize| at == 0 || key(sorted[at])[..2] != key(sorted[at - 1])[..2];
            let mut naive: Vec<(u32, u32, u32)> = (0..sorted.len())
                .filter(begins)
                .map(|at| (at as u32, key(sorted[at])[0], key(sorted[at])[1]))
                .collect();
            naive.push((keys.len() as u32, u32::MAX, u32::MAX));
            let runs: Vec<(u32, u32, u32)> = runs.iter().map(|run| (run.start, run.combination, run.outer)).collect();
            prop_assert_eq!(runs, naive);
        }
    }
}
