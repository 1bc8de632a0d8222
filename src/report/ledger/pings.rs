//! How pings leave, and whether they can be linked, in plain words.

use super::{Source, quantity, risk};
use crate::policy::{Field, Link, PolicyError, Release};
use crate::report::document::{Block, Cell, Table, number, text};
use crate::report::numbers::counted;
use crate::report::words::and;
use crate::units::Dimension;

/// The pings, and how they leave.
///
/// # Errors
/// [`PolicyError::Delay`] where the delay can't be read.
pub(super) fn blocks(source: &Source<'_>) -> Result<Vec<Block>, PolicyError> {
    let policy = source.policy;
    let rows = policy.pings().into_iter().map(|ping| {
        vec![
            Cell::link(ping, format!("ping.{ping}")),
            policy.fields_of(ping).count().to_string().into(),
            policy.others().iter().filter(|other| other.ping() == ping).count().to_string().into(),
            risk::of(source, ping, "*"),
        ]
    });
    let release = sentences(policy.release.as_ref(), policy.pings().len())?;
    Ok(vec![
        Block::Text(
            "A ping is a set of fields that leave together for one play, in one line. A ping of which nothing may \
             leave is not sent."
                .to_owned(),
        ),
        Block::Text(risk::MEANING.to_owned()),
        Block::Table(Table {
            caption: "All pings".to_owned(),
            columns: vec![text("Ping"), number("Fields"), number("Boxes sent as other"), text("Measured risk")],
            rows: rows.collect(),
        }),
        Block::List([release, shared(source)].concat()),
    ])
}

/// What `[release]` says; what it doesn't say is said too.
fn sentences(release: Option<&Release>, pings: usize) -> Result<Vec<String>, PolicyError> {
    let link = release.map(|release| release.link).unwrap_or_default();
    let rotate = release.map_or(0, |release| release.rotate);
    let of = |who: &str| {
        let until = match rotate {
            0 => "never changes".to_owned(),
            plays => format!("is replaced by a new one after {}", counted(plays, "play")),
        };
        format!(
            "Each ping carries an identifier of the {who}, so that the pings under it can be linked; it {until}."
        )
    };
    let mut said = vec![match link {
        Link::None if pings > 1 => {
            "No ping carries an identifier: nothing in two pings says that they come from one play, one server or one \
             person."
                .to_owned()
        }
        Link::None => {
            "The ping carries no identifier: nothing in two of them says that they come from one server or one person."
                .to_owned()
        }
        Link::Server => of("server"),
        Link::Session => of("session"),
    }];
    let delay = release.map(Release::delay_ms).transpose()?.flatten();
    let human = |ms| quantity::exact(Dimension::Duration, ms);
    said.push(match delay {
        Some((from, to)) => format!(
            "Each ping waits {} to {} before it leaves, drawn anew for each, so that its time of arrival doesn't tell \
             when something was played or which pings belong together.",
            human(from),
            human(to)
        ),
        None => "No delay is stated: whoever sees pings arrive can link them by their time.".to_owned(),
    });
    let batch = release.and_then(|release| release.batch);
    let shuffled = release.is_some_and(|release| release.shuffle);
    said.push(match (batch, shuffled) {
        (Some(batch), true) => format!("Pings leave {batch} at a time, in random order."),
        (Some(batch), false) => format!("Pings leave {batch} at a time, in the order of the plays."),
        (None, _) => "Pings leave one by one, in the order of the plays.".to_owned(),
    });
    Ok(said)
}

/// The columns that several pings tell of: in them the pings of one play agree.
fn shared(source: &Source<'_>) -> Vec<String> {
    let policy = source.policy;
    let leaves = |field: &Field| field.is_emitted() && source.as_of < field.expires;
    let told = |column: &String| {
        let tells =
            |ping: &&str| policy.fields_of(ping).any(|field| field.column() == column && leaves(field));
        let pings: Vec<String> = policy.pings().into_iter().filter(tells).map(str::to_owned).collect();
        (pings.len() > 1).then(|| {
            format!("{column} is told of in the pings {}: those of one play agree in it.", and(&pings))
        })
    };
    policy.columns().iter().filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(link: Link, rotate: u32, delay: Option<&str>, batch: Option<u32>, shuffle: bool) -> Release {
        Release { link, rotate, delay: delay.map(str::to_owned), batch, shuffle }
    }

    #[test]
    fn what_can_be_linked_is_said() {
        let none = sentences(Some(&release(Link::None, 0, Some("1h..90min"), Some(100), true)), 2)
            .expect("a release")
            .join(" ");
        assert!(
            none.contains("No ping carries an identifier") && none.contains("waits 1 h to 1.5 h"),
            "{none}"
        );
        assert!(none.contains("100 at a time, in random order"), "{none}");
        let server =
            sentences(Some(&release(Link::Server, 20, None, None, false)), 2).expect("a release").join(" ");
        assert!(server.contains("can be linked; it is replaced by a new one after 20 plays"), "{server}");
        assert!(server.contains("link them by their time") && server.contains("one by one"), "{server}");
        let session = sentences(Some(&release(Link::Session, 0, None, Some(5), false)), 1)
            .expect("a release")
            .join(" ");
        assert!(session.contains("of the session") && session.contains("never changes"), "{session}");
        assert!(sentences(Some(&release(Link::None, 0, Some("soon"), None, false)), 1).is_err());
        assert_eq!(sentences(None, 1), sentences(Some(&release(Link::None, 0, None, None, false)), 1));
    }
}
