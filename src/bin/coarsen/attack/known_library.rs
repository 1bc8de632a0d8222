//! `coarsen attack known-library`.

use coarsen::attack::known_library::{KnownLibrary, SIZES, known_library};
use coarsen::attack::{Trial, through};
use coarsen::classes::Classes;
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "known-library",
    what: "A12: knows that the file lies in a library of 100, 300, 1,000 or 3,000 titles",
    run,
    no_channel: None,
};

/// Libraries of each size, at most.
const MOST_LIBRARIES: u64 = 1_000;

/// How many closed forms it is compared with, at most: where a number is drawn, plays are too.
pub const COMPARISONS: usize = SIZES.len();

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    found: KnownLibrary,
    /// Where a number is drawn, an attacker who ran on plays of each library.
    #[serde(skip_serializing_if = "Option::is_none")]
    ran: Option<Trial>,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let libraries = seen.draws.min(MOST_LIBRARIES) as u32;
    let found = match seen.through() {
        None => {
            let classes = Classes::group(seen.told, seen.leaving.generalization.key());
            let known = |titles: u32| known_library(&classes, titles, libraries, seen.seed);
            let of_size = |titles: u32| Some(Ran { found: known(titles)?, ran: None });
            Ok(SIZES.into_iter().filter_map(of_size).collect())
        }
        Some(through) => through.and_then(|through| {
            let of_size = |titles: u32| through::known_library(&through, titles, libraries, seen.seed);
            let found = SIZES.into_iter().filter_map(|titles| of_size(titles).transpose());
            found.map(|found| found.map(|(found, ran)| Ran { found, ran: Some(ran) })).collect()
        }),
    };
    let found: Vec<Ran> = match found {
        Ok(found) => found,
        Err(reason) => return Ok(reason.into()),
    };
    if found.is_empty() {
        let titles = seen.raw.catalogue().titles();
        let reason = format!("the catalogue has {titles} titles, and the smallest library {}", SIZES[0]);
        return Ok(Answer::NotApplicable(reason));
    }
    let drawn = seen.channel.is_some();
    let row = |Ran { found, ran }: &Ran| {
        let mut row = vec![
            format!("library of {} titles", found.titles),
            percent(found.title_uniform),
            format!("{} to {}", percent(found.low), percent(found.high)),
        ];
        row.extend(ran.map(|ran| format!("{} to {}", percent(ran.low), percent(ran.high))));
        row
    };
    let agrees = |Ran { found, ran }: &Ran| ran.is_none_or(|ran| seen.agrees(&ran, found.title_uniform));
    let agrees = found.iter().all(agrees);
    let mut header = vec!["", "title named right", "95 % interval"];
    header.extend(drawn.then_some("attacker that ran, 95 %"));
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    let text = output::table(&header, &rows);
    Ok(Answer::Found(Found::new(&found, text, agrees)?))
}
