//! Tables of which only what describes the file is chosen.

use std::borrow::Cow;

use super::column::{Held, NumberColumn};
use super::table::Table;
use crate::catalogue::SideField;
use crate::classes::Generalization;
use crate::policy::Standing;
use crate::rounding::{Ready, Rounding};
use crate::telemetry::plays::{Number, Plays, Text};
use crate::units::Dimension;

/// Everything as it is.
pub(super) fn raw(plays: &Plays) -> Table<'_> {
    let texts = Text::ALL.into_iter().map(|text| (text, Cow::Borrowed(plays.text(text)))).collect();
    let numbers = Number::ALL.into_iter().map(|number| (number, kept(plays, number))).collect();
    Table { name: "raw".to_owned(), plays: plays.len(), leaves: None, texts, numbers }
}

/// What a generalization emits of the file, and the rest as it is. No id leaves.
pub(super) fn table<'a>(plays: &'a Plays, name: &str, emitted: &Generalization) -> Table<'a> {
    let leaves = |text: &Text| match side(*text) {
        Some(field) => emitted.by.contains(&field),
        None => *text != Text::Server,
    };
    let texts =
        Text::ALL.into_iter().filter(leaves).map(|text| (text, Cow::Borrowed(plays.text(text)))).collect();
    let mut numbers = Vec::new();
    for number in Number::ALL {
        if [Number::FileId, Number::TitleId].contains(&number) {
            continue;
        }
        let rounding = number.rounded_as().map(|dimension| match dimension {
            Dimension::Duration => &emitted.duration,
            _ => &emitted.bitrate,
        });
        match rounding {
            Some(rounding) if rounding.is_drop() => {}
            Some(rounding) if *rounding != Rounding::keep(rounding.dimension()) => {
                let rounded = NumberColumn::rounded(
                    plays.number(number),
                    &Ready::new(rounding.clone(), Standing::default()),
                );
                numbers.push((number, rounded));
            }
            _ => numbers.push((number, kept(plays, number))),
        }
    }
    Table { name: name.to_owned(), plays: plays.len(), leaves: None, texts, numbers }
}

/// The side field of a catalogue that a column of text is.
fn side(text: Text) -> Option<SideField> {
    text.name().parse().ok()
}

fn kept(plays: &Plays, number: Number) -> NumberColumn<'_> {
    NumberColumn(Held::Raw(plays.number(number)))
}
