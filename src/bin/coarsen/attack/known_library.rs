//! `coarsen attack known-library`.

use coarsen::attack::known_library::{KnownLibrary, SIZES, known_library};
use coarsen::classes::Classes;

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "known-library",
    what: "A12: knows that the file lies in a library of 100, 300, 1,000 or 3,000 titles",
    run,
};

/// Libraries of each size, at most.
const MOST_LIBRARIES: u64 = 1_000;

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let libraries = seen.draws.min(MOST_LIBRARIES) as u32;
    let classes = Classes::group(seen.told, seen.leaving.generalization.key());
    let of_size = |&titles: &u32| known_library(&classes, titles, libraries, seen.seed);
    let found: Vec<KnownLibrary> = SIZES.iter().filter_map(of_size).collect();
    if found.is_empty() {
        let titles = seen.raw.catalogue().titles();
        let reason = format!("the catalogue has {titles} titles, and the smallest library {}", SIZES[0]);
        return Ok(Answer::NotApplicable(reason));
    }
    let row = |found: &KnownLibrary| {
        vec![
            format!("library of {} titles", found.titles),
            percent(found.title_uniform),
            percent(found.margin),
        ]
    };
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    let text = output::table(&["", "title named right", "margin (95 %)"], &rows);
    Ok(Answer::Found(Found::new(&found, text, true)?))
}
