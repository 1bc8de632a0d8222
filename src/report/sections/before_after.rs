//! Before and after, catalogue by catalogue.

use super::super::document::{Block, Cell, Table, number, text};
use super::super::figures::rates;
use super::super::numbers::percent;
use super::super::words::{and, emitted, field};
use super::shown;
use crate::anonymity::Measures;
use crate::study::{BeforeAfter, Ping, Results};

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    vec![
        Block::Figure(rates(results, "plot-rates-files", |rate| rate.uniform, "files, each equally likely")),
        Block::Figure(rates(results, "plot-rates-plays", |rate| rate.popularity, "plays, by popularity")),
        Block::Table(table(results)),
    ]
}

fn table(results: &Results) -> Table {
    let pings: Vec<&Ping> = shown(results).into_iter().flat_map(|shape| &shape.pings).collect();
    let rows = |named: &BeforeAfter| {
        let name = || -> Cell { named.catalogue.as_str().into() };
        let mut rows = vec![row(name(), "raw values", &named.before)];
        for ping in &pings {
            let after = named.after.iter().find(|(after, _)| after == ping.ping.name);
            rows.push(match after {
                Some((_, measures)) => row(name(), &format!("{} ping", ping.ping.name), measures),
                None => {
                    let mut cells =
                        vec![name(), absent(ping.ping.name, &emitted(&ping.row), &named.lacks).into()];
                    cells.extend((0..5).map(|_| Cell::none()));
                    cells
                }
            });
        }
        let blind = named.before.blind_guess;
        let file_blind = 1.0 / (named.files.max(1) as f64);
        rows.push(vec![
            name(),
            "nothing (blind guess)".into(),
            percent(blind.uniform).into(),
            percent(blind.popularity).into(),
            percent(file_blind).into(),
            Cell::none(),
            // All files are one class; none is alone with its title, except where there is but one title.
            if blind.uniform >= 1.0 { percent(1.0).into() } else { Cell::none() },
        ]);
        rows
    };
    Table {
        caption: format!(
            "Named right with one guess by the best attacker, on every catalogue, by what the attacker sees; the \
             pings are those of the shape {}. Over files every file is equally likely, over plays it goes by \
             popularity.",
            results.shown
        ),
        columns: vec![
            text("Catalogue"),
            text("Attacker sees"),
            number("Titles, over files"),
            number("Titles, over plays"),
            number("Files, over files"),
            number("Files, over plays"),
            number("Files alone with their title"),
        ],
        rows: results.before_after.iter().flat_map(rows).collect(),
    }
}

/// A ping that the catalogue doesn't show, with those of the ping's own fields that it lacks.
fn absent(ping: &str, sends: &[&str], lacks: &[&str]) -> String {
    let lacking: Vec<String> =
        sends.iter().filter(|sent| lacks.contains(sent)).map(|sent| field(sent)).collect();
    if lacking.len() == sends.len() {
        format!("{ping} ping: not judged, lacks {}", and(&lacking))
    } else {
        format!("{ping} ping: lacks {}, so not shown here", and(&lacking))
    }
}

fn row(name: Cell, sees: &str, measures: &Measures) -> Vec<Cell> {
    let (title, file) = (measures.reidentification.title, measures.reidentification.file);
    vec![
        name,
        sees.into(),
        percent(title.uniform).into(),
        percent(title.popularity).into(),
        percent(file.uniform).into(),
        percent(file.popularity).into(),
        percent(measures.unique_share.titles).into(),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_ping_lacks_none_but_its_own_fields() {
        let lacks = ["bitrate", "resolution"];
        let said = |sends: &[&str]| super::absent("speed", sends, &lacks);
        assert_eq!(said(&["bitrate"]), "speed ping: not judged, lacks bit rate");
        assert_eq!(said(&["bitrate", "video_codec"]), "speed ping: lacks bit rate, so not shown here");
    }
}
