//! Joint buckets that leave as `other`, in words.

use super::Source;
use crate::policy::{Condition, Field, OTHER, Other, PolicyError};
use crate::report::document::{Block, Heading};
use crate::report::words::and;

/// The boxes of a ping, where it has any.
///
/// # Errors
/// None for a policy that was checked.
pub(super) fn blocks(source: &Source<'_>, ping: &str) -> Result<Vec<Block>, PolicyError> {
    let fields = source.policy.fields();
    let of_ping = source.policy.others().iter().filter(|other| other.ping() == ping);
    let boxes: Vec<String> = of_ping.map(|other| words(other, fields)).collect::<Result<_, _>>()?;
    if boxes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![
        Block::Heading(Heading { id: format!("other.{ping}"), text: format!("What is sent as {OTHER}") }),
        Block::Text(format!(
            "A few joint buckets are so rare that they would tell too much. A play in any of them leaves as \
             {{\"{OTHER}\":true}}, without a single field; every other play of this ping says {OTHER}: false besides \
             its fields. They were fixed in advance. A box is only asked where all \
             fields that it names may leave. These are all:"
        )),
        Block::List(boxes),
    ])
}

/// What lies in a box.
fn words(other: &Other, fields: &[Field]) -> Result<String, PolicyError> {
    let conditions = other.conditions(fields)?;
    let of = |(field, condition): &(&Field, Condition)| format!("{} {}", field.name, asked(field, condition));
    Ok(and(&conditions.iter().map(of).collect::<Vec<_>>()))
}

fn asked(field: &Field, condition: &Condition) -> String {
    match (condition, field.kind.dimension()) {
        (Condition::Range(range), Some(dimension)) => match (range.from, range.to) {
            (0, None) => "with any value".to_owned(),
            (0, Some(to)) => format!("under {}", dimension.human(to)),
            (from, None) => format!("from {} on", dimension.human(from)),
            (from, Some(to)) => format!("from {} to under {}", dimension.human(from), dimension.human(to)),
        },
        (Condition::Missing | Condition::Range(_), _) => "without a value".to_owned(),
        (Condition::AnyOf(values), _) => {
            let values: Vec<&str> =
                values.iter().map(|value| value.as_deref().unwrap_or("without a value")).collect();
            values.join(" or ")
        }
    }
}
