//! Plays as far as their servers consent.

use super::policy::{consents, switched_on};
use crate::policy::{Content, Day, Policy};
use crate::telemetry::plays::{Column, Plays, Text};

/// The plays of which a policy lets anything leave that tells of more than the server, each without the columns that it
/// lets nobody have of that play: what raw plays would tell is asked of these, so that nothing depends on what somebody
/// switched off. A column that no field of the policy comes from stays. The switches `on` are on for every play.
/// O(plays x columns).
///
/// ```
/// use coarsen::policy::Policy;
/// use coarsen::telemetry::plays::{Number, Plays, Row, Switch};
/// let policy = Policy::from_toml(r#"
///     schema = "coarsen.policy/1"
///     name = "p"
///     version = 1
///     [[field]]
///     name = "duration"
///     column = "duration_ms"
///     type = "duration"
///     rounding = "floor:5min"
///     consent = "playback"
///     purpose = "Completion by length."
///     sensitivity = "fingerprint"
///     expires = "2031-12-31"
/// "#)?;
/// let mut row = Row::default();
/// row[Number::DurationMs] = Some(5_423_000);
/// let mut consenting = row;
/// consenting[Switch::Playback] = Some(true);
/// let plays: Plays = [row, consenting].into_iter().collect();
/// let told = coarsen::utility::consenting(&plays, &policy, "2026-11-24".parse()?, &[]);
/// assert_eq!(told.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn consenting(plays: &Plays, policy: &Policy, as_of: Day, on: &[String]) -> Plays {
    let named = |name: &String| Column::named(name).filter(|column| !matches!(column, Column::Switch(_)));
    let listed: Vec<Option<Column>> = policy.columns().iter().map(named).collect();
    // By choice of switches: which columns leave.
    let read: Vec<Vec<Column>> = consents(on)
        .iter()
        .map(|consent| {
            policy.reads(Content::default(), consent, as_of).filter_map(|place| listed[place]).collect()
        })
        .collect();
    let told = |play: usize| {
        let read = &read[switched_on(plays, play)];
        let withheld = listed.iter().flatten().filter(|column| !read.contains(column));
        // Which server reports is no answer to anything, but who is drawn again for an interval.
        let withheld = withheld.filter(|column| **column != Column::Text(Text::Server));
        // What leaves whatever is switched off tells of the server alone, and of no play.
        read.iter().any(|column| !column.is_of_server()).then(|| {
            let mut row = plays.row(play);
            for column in withheld {
                match *column {
                    Column::Text(text) => row[text] = None,
                    Column::Number(number) => row[number] = None,
                    Column::Switch(_) => {}
                }
            }
            row
        })
    };
    (0..plays.len()).filter_map(told).collect()
}
