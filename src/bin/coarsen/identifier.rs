//! `coarsen recommend --identifier-share SHARE`: how many plays may share one identifier.

use coarsen::classes::{Cells, Generalization};
use coarsen::policy::MOST_PLAYS;
use coarsen::search::{IdentifierPlays, identifier_plays};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{self, percent};

#[derive(clap::Args)]
pub struct IdentifierArgs {
    /// Tell also how many plays may share one identifier: the most plays in a row, up to 12, by which an attacker names at
    /// most that share (0 to 1) of the series and albums, ping by ping and with all pings of a play joined. The policy
    /// that is written links nothing all the same.
    #[arg(long, value_name = "SHARE")]
    identifier_share: Option<f64>,
}

/// How many plays may share one identifier.
#[derive(Serialize)]
pub struct Identifiers {
    share: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_applicable: Option<&'static str>,
    pings: Vec<IdentifierPlays>,
}

impl IdentifierArgs {
    /// Whether the share is one.
    ///
    /// # Errors
    /// A share out of 0 to 1.
    pub fn check(&self) -> Result<(), Failure> {
        match self.identifier_share {
            Some(share) if !(0.0..=1.0).contains(&share) => {
                Err(Failure::Input(format!("--identifier-share {share} must be a share between 0 and 1")))
            }
            _ => Ok(()),
        }
    }

    /// For the chosen pings; `None` where nobody asks.
    pub fn plays(&self, cells: &Cells<'_>, pings: &[(String, Generalization)]) -> Option<Identifiers> {
        let share = self.identifier_share?;
        let found = identifier_plays(cells, pings, share);
        let none = "no series or album of the catalogue has two titles, so there are no plays to link";
        Some(Identifiers {
            share,
            not_applicable: found.is_none().then_some(none),
            pings: found.unwrap_or_default(),
        })
    }
}

impl Identifiers {
    pub fn render(&self) -> String {
        let share = percent(self.share);
        let head = format!(
            "\nPlays that may share one identifier, so that at most {share} of the series are named\n"
        );
        if let Some(reason) = self.not_applicable {
            return format!("{head}not applicable: {reason}\n");
        }
        let row = |found: &IdentifierPlays| {
            let at = |plays: u32| {
                let named = found.named.iter().find(|named| named.plays == plays);
                named.map_or("-".to_owned(), |named| percent(named.uniform))
            };
            let plays = match (found.plays, found.at_least) {
                (plays, true) => format!("at least {plays}"),
                (0, _) => "0: one play alone names more".to_owned(),
                (plays, _) => plays.to_string(),
            };
            let next = if found.plays < MOST_PLAYS { at(found.plays + 1) } else { "-".to_owned() };
            let ping = found.ping.clone().unwrap_or_else(|| "all pings of a play joined".to_owned());
            vec![ping, plays, at(found.plays), next]
        };
        let rows: Vec<Vec<String>> = self.pings.iter().map(row).collect();
        head + &output::table(&["ping", "plays", "series named right", "with one play more"], &rows)
    }
}
