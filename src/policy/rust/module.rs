//! The whole module.

use super::super::plan::How;
use super::super::{Content, Day, ESSENTIAL, Policy};
use super::RustError;
use super::names::{Idents, snake};
use super::ping::Ping;
use super::write::{Code, quoted, read_type};

/// Where a module comes from, for those who read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The canonical hash of the policy, which becomes the module's `POLICY`.
    pub hash: String,
    /// The command that generates it.
    pub command: String,
}

/// What a field must pass to leave.
#[derive(PartialEq)]
struct Gate<'p> {
    switch: &'p str,
    content: Option<Content>,
    expires: Day,
}

/// The text of a module that generalizes plays exactly as [`Policy::generalize`] does.
///
/// It is for `include!` in a module, or to be one. Names become identifiers (`Own-Switch` is `own_switch`, `type` is
/// `type_`, `480p` is `n480p`). It holds:
///
/// | item | |
/// | --- | --- |
/// | `POLICY` | the canonical hash of the policy |
/// | `Play` | an `Option` for each column of which something can leave: `None` is a missing value |
/// | `Content`, `Consent`, `Day` | whose content was played, the switches that are on, which day it is |
/// | `generalize` | what leaves of a play, as `Pings`: of each ping `None` where nothing of it leaves |
/// | `NAMEPing` | a field for each of a ping: a number that stands for the bucket, a name, a flag; `bucket_of_NAME` tells the bucket of a number |
/// | `Boxed` | where a ping has boxes: its fields, or the one symbol `other` |
///
/// Where the fields of a ping need different switches, contents or days, each is an `Option` of an `Option`: a field that
/// doesn't leave is told from one that leaves as missing. No play can be refused, since each value has its type.
///
/// O(fields x edges).
///
/// # Errors
/// [`RustError`]: two names that become one identifier, or a policy by which nothing leaves.
///
/// ```
/// use coarsen::policy::Policy;
/// use coarsen::policy::rust::{Origin, module};
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
/// let origin = Origin { hash: "sha256:0123".to_owned(), command: "coarsen policy rust policy.toml".to_owned() };
/// let text = module(&policy, &origin)?;
/// assert!(text.contains("pub const POLICY: &str = \"sha256:0123\";"));
/// assert!(text.contains("Some(value - value % 300_000 + 150_000)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn module(policy: &Policy, origin: &Origin) -> Result<String, RustError> {
    let plan = policy.plan();
    let mut gates: Vec<Gate<'_>> = Vec::new();
    let mut gate_of = Vec::new();
    for step in &plan.steps {
        let field = &policy.fields()[step.field];
        let gate = Gate { switch: &field.consent, content: field.content, expires: field.expires };
        // What is dropped has no gate, and is asked for none.
        let known = gates.iter().position(|other| *other == gate);
        gate_of.push(known.unwrap_or(gates.len()));
        if known.is_none() && step.how != How::Drop {
            gates.push(gate);
        }
    }
    let mut columns = Idents::new("columns");
    let mut idents = Vec::new();
    for (at, column) in plan.columns.iter().enumerate() {
        let is_read = plan.steps.iter().any(|step| step.column == at && step.how != How::Drop);
        idents.push(if is_read { Some(columns.take(snake(column), column)?) } else { None });
    }
    let mut taken = [Idents::new("pings"), Idents::new("pings")];
    let mut pings = Vec::new();
    for of in &plan.pings {
        let column = |at: usize| idents[at].clone().unwrap_or_default();
        pings.extend(Ping::new(policy, of, &mut taken, |step| gate_of[step], column)?);
    }
    if pings.is_empty() {
        return Err(RustError::Nothing);
    }
    let mut code = Code::default();
    head(policy, origin, &mut code);
    let has_text =
        (0..idents.len()).any(|at| idents[at].is_some() && read_type(plan.kinds[at]).contains("'a"));
    code.line("/// A play: `None` is a missing value.");
    code.line("#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]");
    code.line(if has_text { "pub struct Play<'a> {" } else { "pub struct Play {" });
    for (at, column) in plan.columns.iter().enumerate() {
        if let Some(ident) = &idents[at] {
            code.line(format!("/// {}: {}.", quoted(column), plan.kinds[at].wanted()));
            code.line(format!("pub {ident}: Option<{}>,", read_type(plan.kinds[at])));
        }
    }
    code.lines(["}", ""]);
    let switches = switches(&gates, &mut code)?;
    code.lines(DAY.lines().chain([""]));
    let borrows = pings.iter().any(Ping::borrows);
    code.line("/// What leaves of a play: of each ping `None` where nothing of it leaves.");
    code.line("#[derive(Clone, Copy, Debug, PartialEq, Eq)]");
    code.line(if borrows { "pub struct Pings<'a> {" } else { "pub struct Pings {" });
    for ping in &pings {
        code.line(format!("/// Ping {}.", quoted(ping.name)));
        code.line(format!("pub {}: {},", ping.ident, ping.outgoing()));
    }
    code.lines(["}", ""]);
    if pings.iter().any(Ping::has_boxes) {
        code.lines(BOXED.lines().chain([""]));
    }
    if pings.iter().any(Ping::has_numbers) {
        code.lines(BUCKET.lines());
        if pings.iter().any(Ping::asks_midpoint) {
            code.lines(MIDPOINT.lines());
        }
        code.lines(["}", ""]);
    }
    let play = |lifetime: &str| if has_text { format!("Play<{lifetime}>") } else { "Play".to_owned() };
    generalize(&gates, &switches, &pings, &play, &mut code);
    pings.iter().for_each(|ping| ping.write(&play, gates.len(), &mut code));
    Ok(code.into_text().trim_end().to_owned() + "\n")
}

fn head(policy: &Policy, origin: &Origin, code: &mut Code) {
    code.line(format!(
        "// What leaves by the policy {}, version {}. Generated by",
        quoted(&policy.name),
        policy.version
    ));
    code.line(format!("//   {}", origin.command.escape_debug()));
    code.line("// and not to be edited: change the policy, and generate this anew.");
    code.line("");
    code.line("/// The policy that this was generated from: the SHA-256 of its canonical form.");
    code.line(format!("pub const POLICY: &str = {:?};", origin.hash));
    code.line("");
}

/// The struct of switches, and the identifier of each gate's.
fn switches(gates: &[Gate<'_>], code: &mut Code) -> Result<Vec<Option<String>>, RustError> {
    let (mut idents, mut of_gates) = (Idents::new("switches"), Vec::new());
    let mut lines: Vec<String> = Vec::new();
    for gate in gates {
        if gate.switch == ESSENTIAL {
            of_gates.push(None);
            continue;
        }
        let ident = idents.take(snake(gate.switch), gate.switch)?;
        let line = format!("pub {ident}: bool,");
        if !lines.contains(&line) {
            lines.extend([format!("/// {}.", quoted(gate.switch)), line]);
        }
        of_gates.push(Some(ident));
    }
    code.line("/// The switches that the owner has turned on; by default none.");
    code.line("#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]");
    if lines.is_empty() {
        code.line("pub struct Consent;");
    } else {
        code.line("pub struct Consent {");
        code.lines(lines.iter().map(String::as_str));
        code.line("}");
    }
    code.line("");
    Ok(of_gates)
}

fn generalize(
    gates: &[Gate<'_>],
    switches: &[Option<String>],
    pings: &[Ping<'_>],
    play: &dyn Fn(&str) -> String,
    code: &mut Code,
) {
    code.line("/// What leaves of a play of that content, on that day, with these switches on.");
    code.line("#[inline]");
    code.line("#[must_use]");
    let (name, lifetime, result) = match pings.iter().any(Ping::borrows) {
        true => ("pub fn generalize<'a>", "'a", "Pings<'a>"),
        false => ("pub fn generalize", "'_", "Pings"),
    };
    let content = if gates.iter().any(|gate| gate.content.is_some()) { "content" } else { "_content" };
    let consent = if switches.iter().any(Option::is_some) { "consent" } else { "_consent" };
    let play = format!("play: &{}", play(lifetime));
    let arguments = [&*play, &format!("{content}: Content"), &format!("{consent}: &Consent"), "today: Day"];
    code.signature(name, &arguments, result);
    code.line(format!("let mut leaves = [false; {}];", gates.len()));
    for (at, (gate, switch)) in gates.iter().zip(switches).enumerate() {
        let [day, month, ..] = gate.expires.number().to_le_bytes();
        let year = gate.expires.number() >> 16;
        code.line(format!("leaves[{at}] = today < Day::new({year}, {month}, {day});"));
        if let Some(switch) = switch {
            code.line(format!("leaves[{at}] &= consent.{switch};"));
        }
        match gate.content {
            None => {}
            Some(Content::Personal) => code.line(format!("leaves[{at}] &= content == Content::Personal;")),
            Some(Content::Provided) => code.line(format!("leaves[{at}] &= content == Content::Provided;")),
        }
    }
    code.line("Pings {");
    for ping in pings {
        code.line(format!("{}: {}::of(play, &leaves),", ping.ident, ping.kind));
    }
    code.lines(["}", "}", ""]);
}

const DAY: &str = r"/// Whose content was played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// The owner's own; what a play is that doesn't say.
    #[default]
    Personal,
    /// Provided by a service.
    Provided,
}

/// A day; days compare in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(u32);

impl Day {
    /// The day of a year, a month and a day of the month, as one would write it. None is refused.
    #[inline]
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        Self((year as u32) << 16 | (month as u32) << 8 | day as u32)
    }
}
";

const BOXED: &str = r"/// What leaves in a ping that has boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boxed<T> {
    /// Its fields.
    Fields(T),
    /// The one symbol `other`, without any field.
    Other,
}
";

const BUCKET: &str = r"/// What a number is told as: from one value to below another, or without an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The smallest value in it.
    pub from: u64,
    /// The smallest value above it; `None` where it has no end.
    pub to: Option<u64>,
}

impl Bucket {
    #[inline]
    const fn new(from: u64, to: Option<u64>) -> Self {
        Self { from, to }
    }
";

const MIDPOINT: &str = r"
#[inline]
const fn midpoint(self) -> u64 {
match self.to {
Some(to) => self.from + (to - self.from) / 2,
None => self.from,
}
}
";
