//! `coarsen attack open-world`.

use coarsen::anonymity::Confident;
use coarsen::attack::Prior;
use coarsen::attack::open_world::{Doubt, MOST_ROWS, OpenWorld, Row, Stated, open_world};

use super::found::{Answer, Attack, Found, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "open-world",
    what: "its catalogue lacks titles, or holds some that nobody plays; speaks when 95 % sure",
    run,
    no_channel: Some(
        "it learns what its catalogue lacks from classes of files that look alike, and drawn durations form none",
    ),
};

/// How many closed forms it is compared with, at most: precision and recall.
pub const COMPARISONS: usize = 2 * MOST_ROWS;

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let key = seen.leaving.generalization.key();
    let found = open_world(seen.told, seen.raw, key, seen.draws, seen.seed);
    let agrees = found.rows.iter().all(|row| {
        let recall = seen.agrees(&row.ran.recall, row.closed_form.recall);
        recall
            && match row.closed_form.precision {
                Some(precision) => seen.agrees(&row.ran.precision, precision),
                None => row.ran.precision.draws == 0,
            }
    });
    Ok(Answer::Found(Found::new(&found, render(&found), agrees)?))
}

fn render(found: &OpenWorld) -> String {
    let stated = |stated: &Stated| {
        let precision = stated.precision.map_or("silent".to_owned(), percent);
        format!("{precision}, {}", percent(stated.recall))
    };
    let line = |row: &Row| {
        let prior = if row.prior == Prior::Uniform { "by files" } else { "by plays" };
        let doubt = match row.doubt {
            Doubt::Coverage => "",
            Doubt::Counts => ", counts reports",
        };
        let decoys = match row.decoys_percent {
            0 => String::new(),
            percent => format!(", {percent} % decoys"),
        };
        let interval = match row.ran.precision.draws {
            0 => "-".to_owned(),
            _ => format!("{} to {}", percent(row.ran.precision.low), percent(row.ran.precision.high)),
        };
        vec![
            format!("{} %{decoys}, {prior}{doubt}", row.coverage_percent),
            percent(row.closed_form.spoken),
            stated(&row.closed_form),
            interval,
            format!("{} to {}", percent(row.ran.recall.low), percent(row.ran.recall.high)),
            stated(&row.control),
            stated(&row.baseline),
        ]
    };
    let header = [
        "titles it holds",
        "it speaks at",
        "precision, recall",
        "precision, 95 %",
        "recall, 95 %",
        "seeing nothing",
        "seeing raw values",
    ];
    let both = |gain: &Confident| format!("{}, {}", percent(gain.uniform), percent(gain.popularity));
    let [released, nothing, raw] = &found.abstaining_gain;
    output::table(&header, &found.rows.iter().map(line).collect::<Vec<_>>())
        + &format!(
            "gain at odds of 19 to 1, holding every title (by files, by plays): {}; seeing nothing {}; seeing raw values \
             {}\n",
            both(released),
            both(nothing),
            both(raw)
        )
}
