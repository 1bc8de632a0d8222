//! Fields whose value no question tests.

use serde::Serialize;

use super::{Judged, Outcome};
use crate::utility::{Question, Release};

/// A column that leaves and that no question would miss.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Untested {
    /// The ping it leaves in.
    pub ping: String,
    /// The column.
    pub column: &'static str,
}

/// The columns whose removal loses no question: those that no question asks for in the ping which answers it, lost
/// ones aside. Their value is untested; nobody may say that they keep it. In the order in which they leave.
pub fn untested(release: &Release<'_>, questions: &[Question], judged: &[Judged]) -> Vec<Untested> {
    let asked = |ping: &str, column| {
        let answers = |judged: &&Judged| {
            matches!(judged.outcome, Outcome::AsBefore | Outcome::Blurred)
                && judged.ping.as_deref() == Some(ping)
        };
        judged.iter().filter(answers).any(|judged| {
            let question = questions.iter().find(|question| question.name == judged.question);
            question.is_some_and(|question| question.columns().any(|asked| asked == column))
        })
    };
    let mut found = Vec::new();
    for table in release.tables() {
        for column in table.columns().filter(|column| !asked(table.name(), *column)) {
            found.push(Untested { ping: table.name().to_owned(), column: column.name() });
        }
    }
    found
}
