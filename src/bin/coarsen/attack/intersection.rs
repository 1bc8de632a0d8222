//! `coarsen attack intersection`.

use coarsen::attack::intersection::{Candidates, Left, intersection};
use coarsen::classes::Classes;
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "intersection",
    what: "A7: sees the size in bytes too, exact or rounded, which is duration times bit rate",
    run,
    no_channel: Some(
        "it intersects intervals of duration, bit rate and size for certain, and what is drawn is only likelier in some",
    ),
};

/// How the size leaves beside the rest, the coarsest first: 1 GB, 100 MB, 1 MB, exact.
const SIZES: [&str; 4] = ["floor:1000000000", "floor:100000000", "floor:1000000", "keep"];

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let sizes = SIZES.map(|text| Rounding::parse(text, Dimension::Integer));
    let sizes: Vec<Rounding> = sizes.into_iter().collect::<Result<_, _>>().map_err(Failure::input)?;
    let key = seen.leaving.generalization.key();
    let classes = Classes::group(seen.told, key);
    let Some(found) = intersection(&classes, key, &sizes) else {
        let reason = "the catalogue has no bit rates, and so no sizes";
        return Ok(Answer::NotApplicable(reason.to_owned()));
    };
    let row = |size: &str, left: &Left| {
        let Candidates { mean_files, one_file, one_title } = left.all;
        vec![
            size.to_owned(),
            format!("{mean_files:.1}"),
            percent(one_file),
            percent(one_title),
            format!("{:.1}", left.duration.mean_files),
            format!("{:.1}", left.bitrate.mean_files),
        ]
    };
    let without = row("no size", &found.before);
    let with = found.with.iter().map(|with| row(&with.size, &with.left));
    let rows: Vec<Vec<String>> = std::iter::once(without).chain(with).collect();
    let header = [
        "size in bytes",
        "files that fit",
        "one file",
        "one title",
        "by duration alone",
        "by bit rate alone",
    ];
    let text = output::table(&header, &rows);
    Ok(Answer::Found(Found::new(&found, text, true)?))
}
