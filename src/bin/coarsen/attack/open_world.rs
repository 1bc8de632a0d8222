//! `coarsen attack open-world`.

use coarsen::anonymity::Confident;
use coarsen::attack::Prior;
use coarsen::attack::open_world::{Doubt, MOST_ROWS, OpenWorld, Row, Stated, open_world};
use coarsen::attack::through;
use serde::Serialize;

use super::found::{Answer, Attack, Found, MOST_DRAWN, Seen};
use crate::failure::Failure;
use crate::output::{self, percent};

pub const ATTACK: Attack = Attack {
    name: "open-world",
    what: "its catalogue lacks titles, or holds some that nobody plays; speaks when 95 % sure",
    run,
    no_channel: None,
};

/// How many closed forms it is compared with, at most: precision and recall.
pub const COMPARISONS: usize = 2 * MOST_ROWS;

/// Why who knows the coverage alone isn't asked of what is drawn.
const NO_COVERAGE: &str = "it learns what its catalogue lacks in classes of k titles from classes of k + 1, and where \
                           numbers are drawn every title lies in many outputs in part";

#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    found: OpenWorld,
    /// Whom a channel leaves nothing to ask of.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_applicable: Option<Not>,
}

/// Why, by [`Doubt`].
#[derive(Serialize)]
struct Not {
    coverage: &'static str,
}

fn run(seen: &Seen<'_>) -> Result<Answer, Failure> {
    let (found, not_applicable) = match seen.through() {
        None => {
            let key = seen.leaving.generalization.key();
            (open_world(seen.told, seen.raw, key, seen.draws, seen.seed), None)
        }
        Some(Err(reason)) => return Ok(reason.into()),
        Some(Ok(through)) => {
            match through::open_world(&through, seen.raw, seen.draws.min(MOST_DRAWN), seen.seed) {
                Ok(found) => (found, Some(Not { coverage: NO_COVERAGE })),
                Err(reason) => return Ok(reason.into()),
            }
        }
    };
    let agrees = found.rows.iter().all(|row| {
        let recall = seen.agrees(&row.ran.recall, row.closed_form.recall);
        recall
            && match row.closed_form.precision {
                Some(precision) => seen.agrees(&row.ran.precision, precision),
                None => row.ran.precision.draws == 0,
            }
    });
    let mut text = render(&found);
    if not_applicable.is_some() {
        text.push_str(&format!("not applicable, knowing the coverage alone: {NO_COVERAGE}\n"));
    }
    Ok(Answer::Found(Found::new(&Told { found, not_applicable }, text, agrees)?))
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
