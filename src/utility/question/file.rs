//! Questions as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Key, Question, Statistic};
use crate::rounding::{Groups, Rounding};
use crate::telemetry::plays::{Column, Number, Text};
use crate::utility::UtilityError;

/// The questions that ship with the program.
const BUILT_IN: &str = include_str!("../../../datasets/questions/playback.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "question", default)]
    questions: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    asks: String,
    statistic: Figure,
    of: Option<String>,
    at_least: Option<Amount>,
    is: Option<Vec<String>>,
    over: Option<Vec<String>>,
    by: Vec<WrittenKey>,
    #[serde(default)]
    only: BTreeMap<String, Vec<String>>,
    margin: f64,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Figure {
    Share,
    Mean,
    Ratio,
    Plays,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a whole number, or an amount with its unit such as \"2s\"")]
enum Amount {
    Whole(u64),
    WithUnit(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKey {
    column: String,
    #[serde(rename = "in")]
    cut: Option<String>,
}

/// The questions that ship with the program, `datasets/questions/playback.toml`.
pub fn built_in() -> Vec<Question> {
    // A test reads them, so that they can be read.
    read_questions("the built-in questions", BUILT_IN).unwrap_or_default()
}

/// Reads questions in TOML; `from` says where they come from in an error.
///
/// # Errors
/// [`UtilityError::Toml`] for what is no TOML of questions, [`UtilityError::Question`] for one that can't be asked: a
/// column that plays don't have, a cut that is no rounding of it, two questions of one name, keys that don't go with the
/// statistic, a margin that is no number from 0 up.
///
/// ```
/// let questions = coarsen::utility::read_questions("example", r#"
///     [[question]]
///     name = "long-waits"
///     asks = "How often does it take four seconds or more to start on which device?"
///     statistic = "share"
///     of = "startup_ms"
///     at_least = "4s"
///     by = [{ column = "device" }]
///     margin = 0.01
/// "#)?;
/// assert_eq!(questions.len(), 1);
/// # Ok::<(), coarsen::utility::UtilityError>(())
/// ```
pub fn read_questions(from: &str, text: &str) -> Result<Vec<Question>, UtilityError> {
    let file: File = toml::from_str(text)
        .map_err(|source| UtilityError::Toml { from: from.to_owned(), source: Box::new(source) })?;
    let mut questions: Vec<Question> = Vec::with_capacity(file.questions.len());
    for written in file.questions {
        let name = written.name.clone();
        let refuse = |problem| UtilityError::Question { name: name.escape_debug().to_string(), problem };
        let question = written.read().map_err(refuse)?;
        if questions.iter().any(|other| other.name == question.name) {
            return Err(refuse("stands twice: rename one".to_owned()));
        }
        questions.push(question);
    }
    Ok(questions)
}

impl Written {
    fn read(self) -> Result<Question, String> {
        if self.name.is_empty() || self.by.is_empty() {
            return Err(
                "a question has a name and at least one key: write by = [{ column = \"platform\" }]".into()
            );
        }
        if !(self.margin >= 0.0 && self.margin.is_finite()) {
            return Err(format!("margin is {}, and is a number from 0 up", self.margin));
        }
        let statistic = self.statistic()?;
        let by: Vec<Key> = self.by.iter().map(WrittenKey::read).collect::<Result<_, _>>()?;
        let only = self.only.iter().map(|(column, names)| match (text(column)?, names.is_empty()) {
            (_, true) => Err(format!("only: {column} has no name: give one, or leave it out")),
            (column, false) => Ok((column, names.clone())),
        });
        let only = only.collect::<Result<_, String>>()?;
        Ok(Question { name: self.name, asks: self.asks, statistic, by, only, margin: self.margin })
    }

    fn statistic(&self) -> Result<Statistic, String> {
        let of =
            || self.of.as_deref().ok_or("`of` is missing: name the column that the figure is of".to_owned());
        let without = |keys: &[(&str, bool)]| match keys.iter().find(|(_, there)| *there) {
            Some((key, _)) => Err(format!("`{key}` doesn't go with this statistic: leave it out")),
            None => Ok(()),
        };
        let (at_least, is, over) =
            (("at_least", self.at_least.is_some()), ("is", self.is.is_some()), ("over", self.over.is_some()));
        match self.statistic {
            Figure::Plays => {
                without(&[("of", self.of.is_some()), at_least, is, over])?;
                Ok(Statistic::Plays)
            }
            Figure::Mean => {
                without(&[at_least, is, over])?;
                number(of()?).map(Statistic::Mean)
            }
            Figure::Ratio => {
                without(&[at_least, is])?;
                let over = self.over.as_deref().filter(|over| !over.is_empty());
                let over = over.ok_or("`over` is missing: name the columns whose sum it is divided by")?;
                let over = over.iter().map(|name| number(name)).collect::<Result<_, _>>()?;
                Ok(Statistic::Ratio(number(of()?)?, over))
            }
            Figure::Share => {
                without(&[over])?;
                match (&self.at_least, &self.is) {
                    (Some(least), None) => {
                        let number = number(of()?)?;
                        Ok(Statistic::AtLeast(number, least.in_unit_of(number)?))
                    }
                    (None, Some(names)) if !names.is_empty() => {
                        Ok(Statistic::Is(text(of()?)?, names.clone()))
                    }
                    _ => {
                        Err("a share needs either `at_least` or `is`: write at_least = 1 or is = [\"seek\"]"
                            .into())
                    }
                }
            }
        }
    }
}

impl Amount {
    fn in_unit_of(&self, number: Number) -> Result<u64, String> {
        match self {
            Self::Whole(whole) => Ok(*whole),
            Self::WithUnit(text) => number.dimension().parse(text).map_err(|error| error.to_string()),
        }
    }
}

impl WrittenKey {
    fn read(&self) -> Result<Key, String> {
        match (column(&self.column)?, self.cut.as_deref()) {
            (Column::Text(text), None) => Ok(Key::Text(text, None)),
            (Column::Text(text), Some(cut)) => {
                let groups = Groups::parse(cut).map_err(|error| format!("{}: {error}", self.column))?;
                Ok(Key::Text(text, Some(groups)))
            }
            (Column::Number(number), Some(cut)) => {
                let cut = Rounding::parse(cut, number.dimension());
                Ok(Key::Number(number, cut.map_err(|error| format!("{}: {error}", self.column))?))
            }
            (Column::Number(_), None) => Err(format!(
                "{} is a number, and every value would be a cell of its own: cut it, as in in = \"edges:...\"",
                self.column
            )),
            (Column::Switch(_), _) => Err(format!("{} is a switch, which never leaves", self.column)),
        }
    }
}

fn column(name: &str) -> Result<Column, String> {
    Column::named(name).ok_or_else(|| {
        let known: Vec<&str> = Column::all().map(Column::name).collect();
        format!("plays have no column {}; they have {}", name.escape_debug(), known.join(", "))
    })
}

fn number(name: &str) -> Result<Number, String> {
    match column(name)? {
        Column::Number(number) => Ok(number),
        _ => Err(format!("{name} is no column of numbers")),
    }
}

fn text(name: &str) -> Result<Text, String> {
    match column(name)? {
        Column::Text(text) => Ok(text),
        _ => Err(format!("{name} is no column of text")),
    }
}
