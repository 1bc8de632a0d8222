//! What should leave, as rows of texts: `Policy::generalize` and nothing else.

use coarsen::policy::sql::Ask;
use coarsen::policy::{Consent, Play, Policy, Sent};

use crate::draw::Plays;
use crate::engine::Rows;

/// The rows that leave in the asked ping, in the columns that its SELECT has.
pub fn rows(policy: &Policy, plays: &Plays, ask: &Ask) -> Rows {
    let ping = ask.ping.as_deref().unwrap();
    let boxed = policy.others().iter().any(|other| other.ping() == ping);
    let mut rows = Rows::new();
    for play in plays.all() {
        let values = play.values(policy);
        let consent = play.switches.iter().fold(Consent::none(), |all, switch| all.with(switch));
        let view = Play::new(&values).of(play.content.unwrap_or_default());
        let sent = policy.generalize(&view, &consent, ask.as_of).unwrap();
        let Some(sent) = sent.pings().find(|sent| sent.name() == ping) else { continue };
        let mut row = Vec::new();
        for field in policy.fields_of(ping).filter(|field| field.is_emitted() && field.expires > ask.as_of) {
            let value = sent.fields().find(|(of, _)| of.name == field.name).map(|(_, value)| value);
            let dimension = field.kind.dimension();
            match (value, dimension) {
                (Some(Sent::Number { representative, bucket }), Some(dimension)) => {
                    row.push(Some(representative.to_string()));
                    if ask.columns.interval {
                        row.extend([Some(bucket.from.to_string()), bucket.to.map(|to| to.to_string())]);
                    }
                    if ask.columns.label {
                        row.push(Some(dimension.human_range(bucket.from, bucket.to)));
                    }
                }
                (None | Some(Sent::Missing), Some(_)) => {
                    row.extend(vec![
                        None;
                        1 + 2 * usize::from(ask.columns.interval)
                            + usize::from(ask.columns.label)
                    ]);
                }
                (Some(Sent::Text(text)), None) => row.push(Some(text.to_owned())),
                (Some(Sent::Flag(flag)), None) => row.push(Some(flag.to_string())),
                (None | Some(Sent::Missing), None) => row.push(None),
                (value, _) => panic!("{value:?} in {}", field.name),
            }
        }
        if boxed {
            row.push(Some(sent.is_other().to_string()));
        }
        rows.push(row);
    }
    rows
}
