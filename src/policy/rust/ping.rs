//! One ping as a struct, with what its fields are told by.

use super::super::plan::{Asked, How, PingPlan};
use super::super::{Condition, FieldType, Policy};
use super::RustError;
use super::names::{Idents, camel, snake};
use super::number::Number;
use super::write::{Code, number, quoted};
use crate::rounding::{Bucket, Groups};

/// A ping of which something can leave.
pub(super) struct Ping<'p> {
    pub name: &'p str,
    /// Its field in what leaves.
    pub ident: String,
    /// Its type.
    pub kind: String,
    fields: Vec<Leaf<'p>>,
    boxes: &'p [Vec<Asked>],
}

/// A field that can leave.
struct Leaf<'p> {
    ident: String,
    kind: FieldType,
    how: &'p How,
    step: usize,
    /// The field of the play that it is read from.
    column: String,
    gate: usize,
    /// How the docs call it.
    called: String,
    rounding: &'p str,
}

impl<'p> Ping<'p> {
    /// `gate` tells the number of a step's gate, `column` the identifier of a column. None where all is dropped.
    pub fn new(
        policy: &'p Policy,
        plan: &'p PingPlan,
        pings: &mut [Idents<'p>; 2],
        gate: impl Fn(usize) -> usize,
        column: impl Fn(usize) -> String,
    ) -> Result<Option<Self>, RustError> {
        let (mut idents, mut fields) = (Idents::new("fields of a ping"), Vec::new());
        for at in plan.steps.clone() {
            let step = &policy.plan().steps[at];
            if step.how == How::Drop {
                continue;
            }
            let field = &policy.fields()[step.field];
            fields.push(Leaf {
                ident: idents.take(snake(&field.name), &field.name)?,
                kind: field.kind,
                how: &step.how,
                step: at,
                column: column(step.column),
                gate: gate(at),
                called: quoted(&field.name),
                rounding: &field.rounding,
            });
        }
        if fields.is_empty() {
            return Ok(None);
        }
        let [snakes, camels] = pings;
        Ok(Some(Self {
            name: &plan.name,
            ident: snakes.take(snake(&plan.name), &plan.name)?,
            kind: camels.take(format!("{}Ping", camel(&plan.name)), &plan.name)?,
            fields,
            boxes: &plan.boxes,
        }))
    }

    pub fn has_boxes(&self) -> bool {
        !self.boxes.is_empty()
    }

    pub fn asks_midpoint(&self) -> bool {
        let asks = |ready: &crate::rounding::Ready| Number::asks_midpoint(ready.rounding(), ready.standing());
        self.fields.iter().any(|field| matches!(field.how, How::Number(ready) if asks(ready)))
    }

    pub fn has_numbers(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.how, How::Number(_)))
    }

    /// Whether it borrows text from the play.
    pub fn borrows(&self) -> bool {
        self.fields.iter().any(Leaf::borrows)
    }

    fn with_lifetime(&self) -> String {
        format!("{}{}", self.kind, if self.borrows() { "<'a>" } else { "" })
    }

    /// The type of its field in what leaves.
    pub fn outgoing(&self) -> String {
        let kind = self.with_lifetime();
        if self.has_boxes() { format!("Option<Boxed<{kind}>>") } else { format!("Option<{kind}>") }
    }

    /// The gates of its fields, each once.
    fn gates(&self) -> Vec<usize> {
        let mut gates: Vec<usize> = self.fields.iter().map(|field| field.gate).collect();
        gates.sort_unstable();
        gates.dedup();
        gates
    }

    /// Its type and functions. `play` is the type of a play whose text lives as long as what is in its place, and
    /// there are so many gates.
    pub fn write(&self, play: &dyn Fn(&str) -> String, gates: usize, code: &mut Code) {
        let is_mixed = self.gates().len() > 1;
        code.line(format!("/// What leaves in ping {}.", quoted(self.name)));
        if is_mixed {
            code.line("///");
            code.line(
                "/// Of each field `None` where it doesn't leave, and `Some(None)` where nothing is known.",
            );
        }
        code.line("#[derive(Clone, Copy, Debug, PartialEq, Eq)]");
        code.line(format!("pub struct {} {{", self.with_lifetime()));
        for field in &self.fields {
            let told = format!("Option<{}>", field.told());
            code.line(format!("/// {}.", field.doc()));
            let told = if is_mixed { format!("Option<{told}>") } else { told };
            code.line(format!("pub {}: {told},", field.ident));
        }
        code.lines(["}", ""]);
        let lifetime = if self.borrows() { "<'a>" } else { "" };
        code.line(format!("impl{lifetime} {} {{", self.with_lifetime()));
        self.write_of(is_mixed, play, gates, code);
        for field in &self.fields {
            field.write(code);
        }
        if self.has_boxes() {
            self.write_boxes([&format!("play: &{}", play("'_")), &format!("leaves: &[bool; {gates}]")], code);
        }
        code.end();
    }

    /// The function that makes one.
    fn write_of(&self, is_mixed: bool, play: &dyn Fn(&str) -> String, gates: usize, code: &mut Code) {
        let play = play(if self.borrows() { "'a" } else { "'_" });
        code.line("#[inline]");
        let arguments = [&*format!("play: &{play}"), &format!("leaves: &[bool; {gates}]")];
        code.signature("fn of", &arguments, &self.outgoing());
        match self.gates().as_slice() {
            [one] => code.early(&format!("!leaves[{one}]"), "None"),
            many => {
                code.line(format!("let mut any = leaves[{}];", many[0]));
                many[1..].iter().for_each(|gate| code.line(format!("any |= leaves[{gate}];")));
                code.early("!any", "None");
            }
        }
        if self.has_boxes() {
            code.early("Self::is_other(play, leaves)", "Some(Boxed::Other)");
        }
        let (open, close) = if self.has_boxes() { ("Some(Boxed::Fields(", "))") } else { ("Some(", ")") };
        let value = |field: &Leaf<'_>| match (is_mixed, field.how) {
            (false, _) => field.value(),
            (true, How::Keep | How::Drop) => format!("leaves[{}].then_some({})", field.gate, field.value()),
            (true, _) => format!("leaves[{}].then(|| {})", field.gate, field.value()),
        };
        let members: Vec<_> = self.fields.iter().map(|field| (field.ident.as_str(), value(field))).collect();
        code.made(&format!("{open}Self"), &members, close);
        code.lines(["}", ""]);
    }

    /// The functions that tell whether a play lies in a box all of whose fields leave.
    fn write_boxes(&self, arguments: [&str; 2], code: &mut Code) {
        code.line("#[inline]");
        code.signature("fn is_other", &arguments, "bool");
        let lies_in = |at: usize| format!("Self::is_in_box_{at}(play, leaves)");
        (1..self.boxes.len()).for_each(|at| code.early(&lies_in(at), "true"));
        code.line(lies_in(self.boxes.len()));
        code.lines(["}", ""]);
        for (at, asked) in self.boxes.iter().enumerate() {
            let field = |asked: &'p Asked| {
                Some((self.fields.iter().find(|field| field.step == asked.step)?, &asked.condition))
            };
            let fields: Vec<(&Leaf<'_>, &Condition)> = asked.iter().filter_map(field).collect();
            code.line("#[inline]");
            code.signature(&format!("fn is_in_box_{}", at + 1), &arguments, "bool");
            let mut gates: Vec<usize> = fields.iter().map(|(field, _)| field.gate).collect();
            gates.sort_unstable();
            gates.dedup();
            gates.iter().for_each(|gate| code.early(&format!("!leaves[{gate}]"), "false"));
            fields.iter().for_each(|(field, condition)| field.write_met(condition, code));
            code.lines(["true", "}", ""]);
        }
    }
}

impl Leaf<'_> {
    fn borrows(&self) -> bool {
        self.kind == FieldType::Category && *self.how == How::Keep
    }

    /// The type of what leaves.
    fn told(&self) -> &'static str {
        match (self.kind, self.how) {
            (FieldType::Category, How::Keep) => "&'a str",
            (FieldType::Category, _) => "&'static str",
            (FieldType::Flag, _) => "bool",
            _ => "u64",
        }
    }

    fn doc(&self) -> String {
        match self.how {
            How::Number(_) if self.rounding.len() <= 60 => {
                format!("{}, by {}: what stands for the bucket", self.called, quoted(self.rounding))
            }
            How::Number(_) => format!("{}: what stands for the bucket", self.called),
            How::Groups(_) => format!("{}: the name of the group", self.called),
            How::Keep | How::Drop => self.called.clone(),
        }
    }

    /// What leaves, as an expression.
    fn value(&self) -> String {
        match self.how {
            How::Number(_) | How::Groups(_) => format!("Self::told_{}(play.{})", self.ident, self.column),
            How::Keep | How::Drop => format!("play.{}", self.column),
        }
    }

    fn write(&self, code: &mut Code) {
        match self.how {
            How::Number(ready) => {
                let number = Number {
                    ident: &self.ident,
                    rounding: ready.rounding(),
                    standing: ready.standing(),
                    called: self.called.clone(),
                };
                number.write(code);
            }
            How::Groups(groups) => self.write_groups(groups, code),
            How::Keep | How::Drop => {}
        }
    }

    fn write_groups(&self, groups: &Groups, code: &mut Code) {
        code.line("#[inline]");
        code.signature(&format!("fn told_{}", self.ident), &["value: Option<&str>"], "Option<&'static str>");
        code.line("Some(match value? {");
        for (group, values) in groups.groups() {
            values.iter().for_each(|value| code.arm(&format!("{value:?}"), &format!("{group:?}")));
        }
        code.arm("_", &format!("{:?}", Groups::OTHER));
        code.line("})");
        code.line("}");
        code.line("");
    }

    /// What returns where a condition isn't met.
    fn write_met(&self, condition: &Condition, code: &mut Code) {
        let column = format!("play.{}", self.column);
        match condition {
            Condition::Missing => code.early(&format!("{column}.is_some()"), "false"),
            Condition::Range(Bucket { from: 0, to: None }) => {
                code.early(&format!("{column}.is_none()"), "false")
            }
            Condition::Range(range) => {
                code.lines([&*format!("let Some(value) = {column} else {{"), "return false;", "};"]);
                if range.from > 0 {
                    code.early(&format!("value < {}", number(range.from)), "false");
                }
                if let Some(to) = range.to {
                    code.early(&format!("value >= {}", number(to)), "false");
                }
            }
            Condition::AnyOf(names) => {
                code.line(format!("let name = {};", self.value()));
                let met = |name: &Option<String>| match (self.kind, name.as_deref()) {
                    (_, None) => "name.is_none()".to_owned(),
                    (FieldType::Flag, Some("true")) => "name == Some(true)".to_owned(),
                    (FieldType::Flag, Some("false")) => "name == Some(false)".to_owned(),
                    // A flag has no other names.
                    (FieldType::Flag, Some(_)) => "name.is_some() && name.is_none()".to_owned(),
                    (_, Some(name)) => format!("name == Some({name:?})"),
                };
                let mut met = names.iter().map(met);
                let first = met.next().unwrap_or_else(|| "false".to_owned());
                let more: Vec<String> = met.collect();
                code.line(format!("let {}met = {first};", if more.is_empty() { "" } else { "mut " }));
                more.iter().for_each(|more| code.line(format!("met |= {more};")));
                code.early("!met", "false");
            }
        }
    }
}
