//! `coarsen attack intersection`.

use coarsen::attack::intersection::{Candidates, Intersection, Left, PLAYED, Sent, intersection, sent};
use coarsen::classes::Classes;
use coarsen::rounding::Rounding;
use coarsen::units::Dimension;
use serde::Serialize;

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "intersection",
    what: "A7: sees the size in bytes too, exact or rounded, or the bytes that were sent",
    run,
    no_channel: Some(
        "it intersects intervals of duration, bit rate and size for certain, and what is drawn is only likelier in some",
    ),
};

/// How the size leaves beside the rest, the coarsest first: 1 GB, 100 MB, 1 MB, exact.
const SIZES: [&str; 4] = ["floor:1000000000", "floor:100000000", "floor:1000000", "keep"];

/// Plays that are asked for the bytes sent, at most.
const MOST_PLAYS: u64 = 5_000;

#[derive(Serialize)]
struct Ran {
    #[serde(flatten)]
    found: Intersection,
    sent: Vec<Sent>,
}

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
    let sent = sent(&classes, key, &PLAYED, seen.draws.min(MOST_PLAYS), seen.seed).unwrap_or_default();
    let text = output::table(&header, &rows) + &render(&sent);
    Ok(Answer::Found(Found::new(&Ran { found, sent }, text, true)?))
}

fn render(sent: &[Sent]) -> String {
    let row = |of: &Sent| {
        let Candidates { mean_files, one_file, one_title } = of.with;
        vec![
            percent(f64::from(of.played_permille) / 1e3),
            of.plays.to_string(),
            format!("{:.1}", of.before.mean_files),
            format!("{mean_files:.1}"),
            percent(one_file),
            percent(one_title),
        ]
    };
    let header = [
        "bytes sent of a play that ends at",
        "plays",
        "files that fit without",
        "with",
        "one file",
        "one title",
    ];
    format!("\n{}", output::table(&header, &sent.iter().map(row).collect::<Vec<_>>()))
}
