//! The SELECT of one ping.
//!
//! Three layers, so that every engine computes a value once: what may leave and its value; the buckets and the boxes;
//! what leaves.

use super::label::label;
use super::{Ask, Dialect, Edges, SqlError};
use crate::policy::Standing;
use crate::policy::plan::{Asked, How, Step};
use crate::policy::{
    CONSENT_PREFIX, CONTENT, Condition, Content, ESSENTIAL, Field, FieldType, OTHER, Policy,
};
use crate::rounding::{Groups, Rounding};

/// One SELECT over a table of plays that yields what [`Policy::generalize`] lets leave in one ping, a row for each play
/// of which something leaves.
///
/// The table holds the policy's columns ([`Policy::columns`]) of the ping, a boolean `consent_SWITCH` for each switch
/// that governs one of its fields (NULL is off), and, where a field is for one kind of content, `content` (`personal`
/// or `provided`; NULL is `personal`). NULL is a missing value. A number must be whole and from 0 to 2^64 - 1: the query
/// ends with an error that names the column where one that may leave isn't. Nothing of a value is read whose switch is
/// off. What leaves bears the names of [`Field::outgoing`], in the policy's order, as far as it is asked; a field that is
/// dropped or has expired has no column; [`OTHER`] comes last where the ping has boxes.
///
/// O(fields x edges).
///
/// # Errors
/// [`SqlError`]: which ping, a ping of which nothing leaves, a name or text that the engine can't hold.
///
/// ```
/// use coarsen::policy::Policy;
/// use coarsen::policy::sql::{Ask, Dialect, select};
/// let policy = Policy::from_toml(r#"
///     schema = "coarsen.policy/1"
///     name = "playback"
///     version = 1
///     [[field]]
///     name = "duration"
///     column = "duration_ms"
///     type = "duration"
///     rounding = "floor:5min"
///     consent = "playback"
///     purpose = "Stall rates by length."
///     sensitivity = "fingerprint"
///     expires = "2031-12-31"
/// "#)?;
/// let ask = Ask {
///     dialect: Dialect::DuckDb,
///     table: "plays".to_owned(),
///     ping: None,
///     columns: Default::default(),
///     as_of: "2026-11-24".parse()?,
/// };
/// assert!(select(&policy, &ask)?.contains(r#"COALESCE("consent_playback", FALSE)"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn select(policy: &Policy, ask: &Ask) -> Result<String, SqlError> {
    let ping = ask.ping_of(policy)?;
    let mut layers = Layers { dialect: ask.dialect, leaves: Vec::new(), values: Vec::new() };
    let plan = policy.plan();
    let of_ping = plan.pings.iter().filter(|of| of.name == ping);
    let (steps, boxes): (Vec<&Step>, Vec<&[Asked]>) = of_ping.fold(Default::default(), |mut all, of| {
        all.0.extend(&plan.steps[of.steps.clone()]);
        all.1.extend(of.boxes.iter().map(Vec::as_slice));
        all
    });
    let sent = |(_, field): &(&Step, &Field)| field.expires > ask.as_of && field.is_emitted();
    let sent: Vec<(&Step, &Field)> =
        steps.into_iter().map(|step| (step, &policy.fields()[step.field])).filter(sent).collect();
    if sent.is_empty() {
        return Err(SqlError::Nothing { ping: ping.to_owned(), as_of: ask.as_of.to_string() });
    }
    let (dialect, mut buckets, mut columns, mut names) = (ask.dialect, Vec::new(), Vec::new(), Vec::new());
    for &(step, field) in &sent {
        let value = layers.value(field)?;
        let bare = |expression: String| expression;
        let mut add = |name: String, expression: String| {
            columns.push((dialect.ident(&name)?, expression));
            names.push(name);
            Ok::<(), SqlError>(())
        };
        match &step.how {
            How::Number(ready) => {
                let rounding = ready.rounding();
                let at = buckets.len();
                let edges = Bucketed::new(dialect, rounding, &value, at);
                let (from, to) = (edges.from.clone(), edges.to.clone());
                buckets.push(edges);
                add(
                    field.name.clone(),
                    dialect.sent(&representative(dialect, ready.standing(), &from, &to)),
                )?;
                if ask.columns.interval {
                    add(format!("{}_from", field.name), dialect.sent(&from))?;
                    add(format!("{}_to", field.name), dialect.sent(&to))?;
                }
                if ask.columns.label {
                    let text = label(dialect, rounding.dimension(), &from, &to)?;
                    add(format!("{}_label", field.name), text)?;
                }
            }
            How::Groups(groups) => add(field.name.clone(), group(dialect, groups, &value)?)?,
            How::Keep | How::Drop => add(field.name.clone(), bare(value))?,
        }
    }
    let boxed = !boxes.is_empty();
    if boxed {
        names.push(OTHER.to_owned());
    }
    dialect.apart(names.iter().map(String::as_str))?;
    let inside = boxes.iter().filter_map(|asked| {
        // A box asks only where all its fields may leave: one that has expired leaves no box.
        let steps: Option<Vec<_>> = asked
            .iter()
            .map(|asked| {
                let step = &plan.steps[asked.step];
                sent.iter()
                    .find(|(sent, _)| std::ptr::eq(*sent, step))
                    .map(|&(step, field)| (asked, step, field))
            })
            .collect();
        steps
    });
    let inside: Result<Vec<String>, SqlError> = inside
        .map(|steps| {
            let all: Result<Vec<String>, SqlError> = steps
                .into_iter()
                .map(|(asked, step, field)| {
                    let value = layers.value(field)?;
                    let leaves = layers.leaves(field)?;
                    let met = met(dialect, &asked.condition, step, field.kind, &value)?;
                    Ok(match leaves {
                        Some(leaves) => format!("{leaves} AND {met}"),
                        None => met,
                    })
                })
                .collect();
            Ok(format!("({})", all?.join(" AND ")))
        })
        .collect();
    let inside = inside?;
    let inside = if inside.is_empty() { "FALSE".to_owned() } else { inside.join(" OR ") };
    layers.written(ask, &sent, &buckets, boxed.then_some(inside), &columns)
}

/// The number that stands for a bucket.
fn representative(dialect: Dialect, standing: Standing, from: &str, to: &str) -> String {
    if standing == Standing::Lower {
        return from.to_owned();
    }
    let open = match standing {
        Standing::Open(value) => dialect.number(value),
        _ => from.to_owned(),
    };
    let half = dialect.quotient(&format!("({to} - {from})"), &dialect.number(2));
    format!("CASE WHEN {from} IS NULL THEN NULL WHEN {to} IS NULL THEN {open} ELSE {from} + {half} END")
}

/// The name of a value's group.
pub(crate) fn group(dialect: Dialect, groups: &Groups, value: &str) -> Result<String, SqlError> {
    let mut text = format!("CASE WHEN {value} IS NULL THEN NULL ");
    for (group, values) in groups.groups() {
        let values: Result<Vec<String>, SqlError> = values.iter().map(|value| dialect.text(value)).collect();
        text += &format!("WHEN {value} IN ({}) THEN {} ", values?.join(", "), dialect.text(group)?);
    }
    Ok(format!("{text}ELSE {} END", dialect.text(Groups::OTHER)?))
}

/// Whether a value meets a condition of a box; TRUE or FALSE, never NULL.
fn met(
    dialect: Dialect,
    condition: &Condition,
    step: &Step,
    kind: FieldType,
    value: &str,
) -> Result<String, SqlError> {
    Ok(match condition {
        Condition::Missing => format!("{value} IS NULL"),
        Condition::Range(range) => {
            let mut text = format!("({value} IS NOT NULL AND {value} >= {}", dialect.number(range.from));
            if let Some(to) = range.to {
                text += &format!(" AND {value} < {}", dialect.number(to));
            }
            text + ")"
        }
        Condition::AnyOf(names) => {
            let mut any = Vec::new();
            if names.contains(&None) {
                any.push(format!("{value} IS NULL"));
            }
            let told = match &step.how {
                How::Groups(groups) => group(dialect, groups, value)?,
                _ => value.to_owned(),
            };
            for name in names.iter().flatten() {
                match (kind, name.as_str()) {
                    (FieldType::Flag, "true") => any.push(format!("COALESCE({value}, FALSE)")),
                    (FieldType::Flag, "false") => any.push(format!("NOT COALESCE({value}, TRUE)")),
                    // A flag has no other names.
                    (FieldType::Flag, _) => any.push("FALSE".to_owned()),
                    (_, name) => {
                        any.push(format!("({value} IS NOT NULL AND {told} = {})", dialect.text(name)?));
                    }
                }
            }
            format!("({})", any.join(" OR "))
        }
    })
}

/// A field's bucket in the second layer.
struct Bucketed {
    from: String,
    to: String,
    edges: Edges,
    value: String,
}

impl Bucketed {
    fn new(dialect: Dialect, rounding: &Rounding, value: &str, at: usize) -> Self {
        let edges = Edges::of(dialect, rounding, value);
        Self { from: format!("from_{at}"), to: format!("to_{at}"), edges, value: value.to_owned() }
    }

    fn columns(&self) -> [String; 2] {
        let of = |name: &str, edge: &str| {
            format!("CASE WHEN {} IS NULL THEN NULL ELSE {edge} END AS {name}", self.value)
        };
        [of(&self.from, &self.edges.from), of(&self.to, &self.edges.to)]
    }
}

/// The first layer: each condition to leave and each value once.
struct Layers {
    dialect: Dialect,
    /// The switch and content, with the expression.
    leaves: Vec<((String, Option<Content>), String)>,
    /// The column, its type and number of its condition, with the expression.
    values: Vec<((String, Option<usize>), String)>,
}

impl Layers {
    /// The number of the condition to leave; `None` where nothing is asked.
    fn condition(&mut self, field: &Field) -> Result<Option<usize>, SqlError> {
        let mut asked = Vec::new();
        if field.consent != ESSENTIAL {
            let column = self.dialect.ident(&format!("{CONSENT_PREFIX}{}", field.consent))?;
            asked.push(format!("COALESCE({column}, FALSE)"));
        }
        if let Some(content) = field.content {
            let column = self.dialect.name_of(&self.dialect.ident(CONTENT)?);
            let (personal, wanted) =
                (self.dialect.text(Content::Personal.name())?, self.dialect.text(content.name())?);
            asked.push(format!("COALESCE({column}, {personal}) = {wanted}"));
        }
        if asked.is_empty() {
            return Ok(None);
        }
        let key = (field.consent.clone(), field.content);
        if let Some(known) = self.leaves.iter().position(|(of, _)| *of == key) {
            return Ok(Some(known));
        }
        self.leaves.push((key, asked.join(" AND ")));
        Ok(Some(self.leaves.len() - 1))
    }

    /// The condition to leave by its name.
    fn leaves(&mut self, field: &Field) -> Result<Option<String>, SqlError> {
        Ok(self.condition(field)?.map(|at| format!("leaves_{at}")))
    }

    /// The value by its name, NULL where it may not leave.
    fn value(&mut self, field: &Field) -> Result<String, SqlError> {
        let condition = self.condition(field)?;
        let key = (field.column().to_owned(), condition);
        if let Some(known) = self.values.iter().position(|(of, _)| *of == key) {
            return Ok(format!("value_{known}"));
        }
        let column = self.dialect.ident(field.column())?;
        let value = match field.kind {
            FieldType::Category => self.dialect.name_of(&column),
            FieldType::Flag => self.dialect.flag_of(&column),
            _ => self.dialect.value(field.column(), &column)?,
        };
        let value = match condition {
            Some(at) => format!("CASE WHEN {} THEN {value} END", self.leaves[at].1),
            None => value,
        };
        self.values.push((key, value));
        Ok(format!("value_{}", self.values.len() - 1))
    }

    fn written(
        &mut self,
        ask: &Ask,
        sent: &[(&Step, &Field)],
        buckets: &[Bucketed],
        inside: Option<String>,
        columns: &[(String, String)],
    ) -> Result<String, SqlError> {
        let dialect = self.dialect;
        let read: Vec<String> = sent
            .iter()
            .flat_map(|(_, field)| {
                let consent =
                    (field.consent != ESSENTIAL).then(|| format!("{CONSENT_PREFIX}{}", field.consent));
                let content = field.content.map(|_| CONTENT.to_owned());
                std::iter::once(field.column().to_owned()).chain(consent).chain(content)
            })
            .collect();
        dialect.apart(read.iter().map(String::as_str))?;
        let mut any = Vec::new();
        for (_, field) in sent {
            // A field that needs nothing leaves of every play.
            let Some(leaves) = self.leaves(field)? else {
                any.clear();
                break;
            };
            if !any.contains(&leaves) {
                any.push(leaves);
            }
        }
        let names = |list: &[((String, Option<usize>), String)]| -> Vec<String> {
            (0..list.len()).map(|at| format!("value_{at}")).collect()
        };
        let leaves: Vec<String> = (0..self.leaves.len()).map(|at| format!("leaves_{at}")).collect();
        let first = self.leaves.iter().zip(&leaves).map(|((_, of), name)| format!("{of} AS {name}"));
        let values = names(&self.values);
        let first =
            first.chain(self.values.iter().zip(&values).map(|((_, of), name)| format!("{of} AS {name}")));
        let second = leaves.iter().chain(&values).cloned();
        let second = second.chain(buckets.iter().flat_map(Bucketed::columns));
        let second = second.chain(inside.iter().map(|inside| format!("{inside} AS is_other")));
        let third = columns.iter().map(|(name, of)| match inside {
            Some(_) => format!("CASE WHEN is_other THEN NULL ELSE {of} END AS {name}"),
            None => format!("{of} AS {name}"),
        });
        let other = inside.iter().map(|_| Ok(format!("is_other AS {}", dialect.ident(OTHER)?)));
        let other: Result<Vec<String>, SqlError> = other.collect();
        let third = third.chain(other?);
        let fence = dialect.fence();
        let lines = |of: Vec<String>, indent: &str| of.join(&format!(",\n{indent}"));
        let (first, second, third) =
            (lines(first.collect(), "      "), lines(second.collect(), "    "), lines(third.collect(), "  "));
        let mut text = format!(
            "SELECT\n  {third}\nFROM (\n  SELECT\n    {second}\n  FROM (\n    SELECT\n      {first}\n    FROM \
             {table}{fence}\n  ) AS plays{fence}\n) AS buckets\n",
            table = dialect.table(&ask.table)?
        );
        if !any.is_empty() {
            text += &format!("WHERE {}\n", any.join(" OR "));
        }
        Ok(text)
    }
}
