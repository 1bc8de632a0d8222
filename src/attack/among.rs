//! The Bayes attacker's success on some of the files, as a closed form over classes.

use serde::Serialize;

use crate::classes::Classes;

/// Rates over some of a catalogue's files.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Among {
    /// Every one of them equally likely.
    pub uniform: f64,
    /// In proportion to popularity; `None` where none of them is ever played.
    pub popularity: Option<f64>,
}

/// How often the title is named right on those files for which `among` holds, by an attacker who takes the whole
/// catalogue for possible and guesses at random among titles that are equally likely. `None` for no file.
/// O(files); sums run in the order of the classes.
pub(super) fn named_among(classes: &Classes<'_>, among: &[bool]) -> Option<Among> {
    let weight = classes.catalogue().weight();
    let (files, hits) = named(classes, among, |_| 1);
    let (plays, played) = named(classes, among, |file| weight[file as usize]);
    let rate = |hits: f64, of: u64| (of > 0).then(|| hits / of as f64);
    Some(Among { uniform: rate(hits, files)?, popularity: rate(played, plays) })
}

/// The weight of those files, and the part of it that is named right.
fn named(classes: &Classes<'_>, among: &[bool], weight: impl Fn(u32) -> u64) -> (u64, f64) {
    let title = classes.catalogue().title();
    let (mut all, mut hits) = (0, 0.0);
    for class in classes.iter() {
        let (mut best, mut ties, mut right) = (0, 0u32, 0);
        for same in class.chunk_by(|&a, &b| title[a as usize] == title[b as usize]) {
            let (mut held, mut of_them) = (0, 0);
            for &file in same {
                held += weight(file);
                of_them += if among[file as usize] { weight(file) } else { 0 };
            }
            all += of_them;
            if held > best {
                (best, ties, right) = (held, 0, 0);
            }
            if held == best {
                ties += 1;
                right += of_them;
            }
        }
        hits += if ties > 0 { right as f64 / f64::from(ties) } else { 0.0 };
    }
    (all, hits)
}
