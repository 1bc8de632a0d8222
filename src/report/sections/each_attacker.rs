//! One section for each attacker: who it is, a figure, and its figures.

use super::super::document::{Block, Cell, Section, Table, number, text};
use super::super::figures;
use super::super::numbers::{count, percent};
use super::super::words::{and, capital};
use super::otherwise::{under, were};
use super::verdict::{rate, remedy};
use crate::attack::Prior;
use crate::attack::platform::{PlatformBits, TURNS};
use crate::study::{Attacked, Idle, Results, Step};

/// The anchor of an attacker's section.
pub(super) fn anchor(attacker: &str) -> String {
    format!("attack-{attacker}")
}

/// The title of an attacker's section, and who it is.
fn about(attacker: &str) -> (&'static str, &'static str) {
    match attacker {
        "linkage" => (
            "Linkage: a catalogue of known files",
            "It holds the catalogue, takes one play, and names the likeliest candidate. No attacker who sees the same \
             and knows no more does better.",
        ),
        "noisy" => (
            "Noisy matching: another copy than was played",
            "Its copy may be another container, another frame rate, trimmed, or another cut. It weighs every way in \
             which a copy can differ; how often each occurs is assumed, not measured.",
        ),
        "partial" => (
            "Partial watch: only the played time is known",
            "A play that is left early is shorter than its file. Of several plays of one file the longest tells most. \
             The duration's rounding is applied to the played time.",
        ),
        "sequence" => (
            "Sequence: linked plays of a season or an album",
            "It sees several plays of one series or album that somebody linked, and looks where such buckets follow \
             one another. Of plays of one server that somebody linked, drawn by popularity and not in a row, it names \
             the server that shows such plays most often; it knows every server's library.",
        ),
        "library" => (
            "Library: which server it is",
            "Servers own libraries drawn from the catalogue by popularity and taste. It knows a few files of a server, \
             or its plays of an earlier period, and looks for the server that fits.",
        ),
        "membership" => (
            "Membership: does this server hold exactly this file?",
            "It counts a server's linked plays in the file's bucket and asks whether that is more than others would \
             leave there. Who may be accused wrongly is fixed first.",
        ),
        "intersection" => (
            "Intersection: a size, or the bytes of a play, that are sent as well",
            "Size is duration times bit rate: it takes back most of what the rounding of the two hides. So do the \
             bytes that a play sent, which bound its bit rate beside what was played, told as the duration is. Two \
             versions of a policy are compared by `coarsen policy diff`.",
        ),
        "averaging" => (
            "Averaging: repeated plays of one file",
            "The mean of fresh noise comes ever nearer to the value. A fixed rounding tells after a thousand plays \
             what it tells after one; so does a draw that is kept.",
        ),
        "suppression" => (
            "Suppression: what is missing, as a signal",
            "That a value is missing, or that a play leaves as `other`, is itself something that leaves.",
        ),
        "homogeneity" => (
            "Homogeneity: what all candidates share",
            "It need not know which file it was to know its genre, where all candidates have one.",
        ),
        "side-fields" => (
            "Side fields: what one more field would add",
            "Codecs, container and picture size tell files apart as duration and bit rate do.",
        ),
        "known-library" => (
            "Known library: the attacker knows what the server holds",
            "From look-ups of metadata, from reports sent before rounding, or from a shared list. The most realistic \
             of the strong attackers.",
        ),
        "arrival" => (
            "Arrival times: when reports come in",
            "The stop's arrival less the start's is the length of a completed play, whatever was rounded, unless \
             reports are delayed.",
        ),
        "open-world" => (
            "Open world: the file may be unknown to the attacker",
            "It speaks only when it is 95 % sure, and knows what share of the titles its catalogue holds.",
        ),
        _ => ("A further attacker", ""),
    }
}

/// The section of each attacker, those that had nothing to attack among them.
pub(super) fn sections(results: &Results) -> Vec<Section> {
    let attackers = &results.attackers;
    let mut names: Vec<&str> = Vec::new();
    let found = attackers.found.iter().map(|attacked| attacked.attacker);
    for name in found.chain(attackers.idle.iter().map(|idle| idle.attacker)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().map(|name| section(results, name)).collect()
}

fn section(results: &Results, name: &str) -> Section {
    let (title, who) = about(name);
    let all: Vec<&Attacked> =
        results.attackers.found.iter().filter(|attacked| attacked.attacker == name).collect();
    let mut blocks = vec![Block::Text(who.to_owned())];
    let best = all.iter().filter(|attacked| attacked.ranked);
    // The part that finds most stands in the figure; the table has them all.
    if let Some(best) = best.max_by(|a, b| a.gain().total_cmp(&b.gain())) {
        let of_part: Vec<&Attacked> =
            all.iter().filter(|attacked| attacked.part == best.part).copied().collect();
        blocks.extend(figures::attack(format!("plot-{name}"), &of_part).map(Block::Figure));
    }
    let all = told(&all);
    if !all.is_empty() {
        blocks.push(Block::Table(table(&all)));
    }
    let against = |attacked: &Attacked| match attacked.part {
        "" => attacked.sees.clone(),
        part => format!("{}, {part}", attacked.sees),
    };
    let remedies = all.iter().flat_map(|attacked| {
        attacked.remedies.iter().map(move |of| format!("{}: {}", against(attacked), remedy(of)))
    });
    let remedies: Vec<String> = remedies.collect();
    if !remedies.is_empty() {
        blocks.push(Block::Text(
            "What was tried against it where it is compared with others and wins, and what each change would leave:"
                .to_owned(),
        ));
        blocks.push(Block::List(remedies));
    }
    if name == "side-fields" {
        let platform = results.diagnostics.as_ref().and_then(|asked| asked.platform.as_ref());
        blocks.push(Block::Text(of_platform(platform)));
    }
    let otherwise = all.iter().flat_map(|attacked| {
        attacked.otherwise.iter().flat_map(move |of| {
            let tried = of.remedies.iter().map(move |tried| format!("then {}", remedy(tried)));
            let told = std::iter::once(were(of)).chain(tried);
            told.map(move |told| format!("{}: {told}", against(attacked)))
        })
    });
    let otherwise: Vec<String> = otherwise.collect();
    if !otherwise.is_empty() {
        blocks.push(Block::Text("What it would find were something otherwise:".to_owned()));
        blocks.push(Block::List(otherwise));
    }
    let idle = results.attackers.idle.iter().filter(|idle| idle.attacker == name);
    let idle: Vec<String> = idle.map(|Idle { sees, reason, .. }| format!("{sees}: {reason}")).collect();
    if !idle.is_empty() {
        blocks.push(Block::Text("Nothing to attack:".to_owned()));
        blocks.push(Block::List(idle));
    }
    Section { id: anchor(name).into(), title: title.into(), blocks }
}

/// What the platform would add, which no catalogue holds.
fn of_platform(found: Option<&PlatformBits>) -> String {
    let Some(found) = found else {
        return "The platform is of the client and in no catalogue; no play was asked that could tell what it would add."
            .to_owned();
    };
    format!(
        "The platform is of the client and in no catalogue. Of {} plays of {} titles on {} platforms, told with what \
         leaves here it would add at most what it tells alone, and that at most its entropy of {:.2} bits. Estimated it \
         tells {:.3} bits of the title; the same platforms beside other plays {:.3} ({:.3} at most in {TURNS} turns), \
         which is what chance makes of so many titles. What is left is {:.3} bits.",
        count(found.plays),
        count(found.titles),
        found.platforms,
        found.at_most,
        found.plug_in,
        found.turned,
        found.turned_most,
        found.bits
    )
}

/// Of the first part every ping, of the others the one that gives away the most.
fn told<'a>(all: &[&'a Attacked]) -> Vec<&'a Attacked> {
    let best = |attacked: &&Attacked| {
        let same = all.iter().filter(|other| other.part == attacked.part);
        same.max_by(|a, b| a.gain().total_cmp(&b.gain())).is_some_and(|best| best.sees == attacked.sees)
    };
    let first = all.first().map_or("", |first| first.part);
    all.iter().copied().filter(|attacked| attacked.part == first || best(attacked)).collect()
}

fn table(all: &[&Attacked]) -> Table {
    let has_parts = all.iter().any(|attacked| !attacked.part.is_empty());
    let mut columns = vec![text("Sees")];
    columns.extend(has_parts.then(|| text("Of")));
    columns.push(text("Under"));
    columns.extend(["Over files", "Seeing nothing", "Raw values"].map(number));
    columns.extend(["Over plays", "Seeing nothing", "Raw values"].map(number));
    let row = |attacked: &Attacked, step: &Step, error_ms: Option<f64>| {
        let mut row: Vec<Cell> = vec![attacked.sees.as_str().into()];
        row.extend(has_parts.then(|| attacked.part.into()));
        row.push(under(&step.at, error_ms).into());
        for prior in Prior::ALL {
            match step.rate(prior) {
                Some(found) => {
                    let raw = found.baseline.map_or_else(Cell::none, |raw| percent(raw).into());
                    row.extend([rate(found), percent(found.control).into(), raw]);
                }
                None => row.extend([Cell::none(), Cell::none(), Cell::none()]),
            }
        }
        row
    };
    let rows = all.iter().flat_map(|attacked| {
        let steps = attacked.steps.iter().enumerate();
        steps.map(move |(at, step)| row(attacked, step, attacked.error_ms.get(at).copied()))
    });
    let mut finds: Vec<String> = Vec::new();
    for attacked in all {
        if !finds.iter().any(|held| held == attacked.finds) {
            finds.push(attacked.finds.to_owned());
        }
    }
    Table {
        caption: format!(
            "{}. A rate alone is a closed form or a mean over what is certain; one with a 95 % interval was drawn. Where \
             there are several parts, every ping is told of the first, and of the others the one that gives away most.",
            capital(&and(&finds))
        ),
        columns,
        rows: rows.collect(),
    }
}
