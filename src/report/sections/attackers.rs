//! Attackers that really ran, beside the closed form.

use super::super::document::{Block, Cell, Table, number, text};
use super::super::numbers::{count, percent};
use crate::attack::{Prior, Target};
use crate::study::{Attack, Results};

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    if results.attacks.is_empty() {
        return Vec::new();
    }
    // One row for what the attacker sees and names, in the order in which they ran; both priors side by side.
    type Key<'a> = (&'a str, &'a str, &'a str, Target);
    let mut rows: Vec<(Key<'_>, [Option<&Attack>; 2])> = Vec::new();
    for attack in &results.attacks {
        let key = (attack.attacker, attack.catalogue.as_str(), attack.sees.as_str(), attack.target);
        let at = rows.iter().position(|(held, _)| *held == key).unwrap_or(rows.len());
        if at == rows.len() {
            rows.push((key, [None, None]));
        }
        rows[at].1[usize::from(attack.prior == Prior::Popularity)] = Some(attack);
    }
    let row = |((attacker, catalogue, sees, target), attacks): (Key<'_>, [Option<&Attack>; 2])| {
        let sees = match sees {
            "keep" => "raw values".to_owned(),
            "drop" => "nothing".to_owned(),
            ping => format!("{ping} ping"),
        };
        let target = match target {
            Target::File => "file",
            Target::Title => "title",
            Target::Series => "series",
            Target::Genre => "genre",
        };
        let mut cells: Vec<Cell> = vec![catalogue.into(), attacker.into(), sees.into(), target.into()];
        for attack in attacks {
            cells.extend(attack.map_or_else(|| [Cell::none(), Cell::none()], measured));
        }
        cells
    };
    let draws: Vec<u64> = results.attacks.iter().map(|attack| attack.trial.draws).collect();
    let (least, most) = (draws.iter().min().copied().unwrap_or(0), draws.iter().max().copied().unwrap_or(0));
    let draws = if least == most { count(most) } else { format!("{} to {}", count(least), count(most)) };
    vec![
        Block::Text(format!(
            "The linkage attacker holds the catalogue as a table, knows nothing of classes, draws {draws} plays, \
             guesses each and counts. What it achieves must agree with what the classes say; a study whose two \
             computations disagree ends with an error and writes no report. The agreement is tested so that all rows \
             together raise a false alarm with a chance of {} at most; of the 95 % intervals shown here, one in \
             twenty misses the closed form by chance.",
            scientific(results.provenance.false_alarm)
        )),
        Block::Table(Table {
            caption: "Named right by the attacker that ran, with the 95 % Wilson interval, beside the closed form; over \
                      files (uniform prior) and over plays (popularity)."
                .to_owned(),
            columns: vec![
                text("Catalogue"),
                text("Attacker"),
                text("Sees"),
                text("Names the"),
                number("Over files, measured"),
                number("Closed form"),
                number("Over plays, measured"),
                number("Closed form"),
            ],
            rows: rows.into_iter().map(row).collect(),
        }),
    ]
}

fn measured(attack: &Attack) -> [Cell; 2] {
    let trial = &attack.trial;
    let text = format!("{} ({} to {})", percent(trial.rate), percent(trial.low), percent(trial.high));
    [text.into(), percent(attack.closed_form).into()]
}

/// A chance as one in so many.
fn scientific(chance: f64) -> String {
    if chance <= 0.0 { "0".to_owned() } else { format!("1 in {}", count((1.0 / chance).round() as u64)) }
}
