//! The answer in a few sentences.

use super::super::document::Block;
use super::super::numbers::{count, counted, percent};
use super::super::words::{and, breach, capital, field, sent};
use super::{Seen, in_libraries, main_name, questions, seen, shown};
use crate::attack::Prior;
use crate::attack::known_library::SIZES;
use crate::search::{Breach, Judged, JudgedPing, Outcome};
use crate::study::{Attacked, LINKED, Otherwise, Rate, Results, ShapeResult, least, tolerated};

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    let sentences = sentences(results);
    if sentences.is_empty() { Vec::new() } else { vec![Block::Lead(sentences)] }
}

/// Each sentence with the word that leads in; none without any shape.
pub(in crate::report) fn sentences(results: &Results) -> Vec<(&'static str, String)> {
    let Some(shape) = shown(results) else { return Vec::new() };
    vec![
        (if shape.holds { "The choice." } else { "No choice." }, choice(results, shape)),
        ("What it still tells.", questions::sentence(results)),
        ("What it hides.", hides(results, shape)),
        ("Where it fails.", fails(results, shape)),
        ("What still gets through.", beyond(results)),
    ]
    .into_iter()
    .filter(|(_, sentence)| !sentence.is_empty())
    .collect()
}

/// Arrival times and linked plays, where they win against what is shown, or would were it to leave otherwise.
fn beyond(results: &Results) -> String {
    let tolerated = tolerated(&results.limits);
    let over_files =
        |rates: &[Rate]| rates.iter().find(|rate| rate.prior == Prior::Uniform).map_or(0.0, |rate| rate.rate);
    let pings = |name: &str, part: &str| -> Vec<&Attacked> {
        let wins = |attacked: &&Attacked| {
            attacked.gain() > tolerated || attacked.otherwise.iter().any(|of| of.gain() > tolerated)
        };
        let of_part = |attacked: &&Attacked| (attacked.attacker, attacked.part) == (name, part);
        let all = results.attackers.found.iter().filter(of_part);
        all.filter(|attacked| attacked.ranked && attacked.sees != LINKED).filter(wins).collect()
    };
    // The ping of which most is found, and the one of which most would be were it otherwise.
    let told = |name: &str, part: &str, does: &str| {
        let pings = pings(name, part);
        let found = |attacked: &Attacked| over_files(attacked.headline());
        let here = pings.iter().max_by(|a, b| found(a).total_cmp(&found(b)))?;
        let under = here.steps.get(here.headline).map_or("", |step| &step.at);
        let stopped = least(&here.remedies, tolerated);
        let stopped = stopped.map_or_else(String::new, |remedy| format!(", stopped {}", by(&remedy.change)));
        let otherwise = pings.iter().flat_map(|of| of.otherwise.iter().map(|other| (&of.sees, other)));
        let rate = |(_, of): &(&String, &Otherwise)| over_files(&of.step.rates);
        let most = otherwise.max_by(|a, b| rate(a).total_cmp(&rate(b)));
        let otherwise = most.map_or_else(String::new, |most| {
            let (sees, of) = most;
            format!(", but of {} if {} ({sees}, {})", percent(rate(&most)), of.when, of.step.at)
        });
        Some(format!("{does} of {} ({}, {under}){stopped}{otherwise}", percent(found(here)), here.sees))
    };
    let does = "of the files, who sees when the reports of a completed play arrive names the title";
    let arrival = told("arrival", "", does);
    let sequence =
        told("sequence", "in order", "of the seasons and albums, who sees plays of one names it in the case");
    let said: Vec<String> = arrival.into_iter().chain(sequence).collect();
    if said.is_empty() { String::new() } else { format!("{}.", capital(&said.join("; and "))) }
}

/// A change after a verb: `by bit rate log:1`, `without the duration`.
fn by(change: &str) -> String {
    if change.starts_with("without ") { change.to_owned() } else { format!("by {change}") }
}

/// Which shape and widths.
fn choice(results: &Results, shape: &ShapeResult) -> String {
    let pings = shape.pings.iter().map(|ping| format!("{} sends {}", ping.ping.name, sent(&ping.row)));
    let pings = pings.collect::<Vec<_>>().join("; ");
    let lost = percent(shape.distortion);
    let counts = "each field counts at its least loss among the pings, and that fields are no longer seen together \
                  counts nothing";
    let counts = (shape.pings.len() > 1).then(|| counts.to_owned());
    let notes = |least: Option<String>| {
        let all: Vec<String> = least.into_iter().chain(counts).collect();
        if all.is_empty() { String::new() } else { format!(" ({})", all.join("; ")) }
    };
    if shape.holds {
        let others = results.shapes.iter().any(|other| other.holds && other.shape != shape.shape);
        let best = match results.diagnostics {
            Some(_) => "of the shapes that hold the one that keeps the most answers",
            None => "the least of the shapes that hold",
        };
        let least = notes(others.then(|| best.to_owned()));
        return format!(
            "Every limit holds on {} with the shape “{}” ({}) at a distortion of {lost}{least}, where ping {pings}.",
            main_name(results),
            shape.shape,
            shape.about
        );
    }
    let worst = shape.pings.iter().filter_map(|ping| Some((ping.ping.name, ping.breaches.first()?)));
    let worst = worst.max_by(|a, b| a.1.factor().total_cmp(&b.1.factor()));
    let binding = worst.map_or(String::new(), |(ping, found)| {
        format!("; the binding limit is {} on ping {ping}: {}", found.limit, breach(found))
    });
    format!(
        "No candidate of any shape meets every limit on {}, so no policy was written; the nearest of those \
         evaluated is the shape “{}” ({}), at a distortion of {lost}{}, where ping {pings}{binding}.",
        main_name(results),
        shape.shape,
        shape.about,
        notes(None)
    )
}

/// What re-identification falls to: the whole catalogue and known libraries.
fn hides(results: &Results, shape: &ShapeResult) -> String {
    let Some(main) = results.before_after.first() else { return String::new() };
    let (before, blind) = (main.before.reidentification.title, main.before.blind_guess);
    let worst = |of: fn(&crate::anonymity::Confident) -> f64| {
        shape.pings.iter().map(|ping| of(&ping.measures.reidentification.title)).fold(0.0, f64::max)
    };
    let libraries = SIZES.iter().enumerate().filter_map(|(i, &titles)| {
        let rates = shape.pings.iter().filter_map(|ping| in_libraries(&ping.known_library)[i]);
        let rate = rates.map(|library| library.title_uniform).reduce(f64::max)?;
        Some((percent(rate), counted(titles, "title")))
    });
    let libraries: Vec<String> = libraries
        .enumerate()
        .map(|(i, (rate, titles))| {
            if i == 0 {
                format!("{rate} of the files in a library of {titles}")
            } else {
                format!("{rate} in one of {titles}")
            }
        })
        .collect();
    let known = if libraries.is_empty() {
        "; the catalogue is too small to draw known libraries from".to_owned()
    } else {
        format!("; where the attacker knows which library the file lies in, it is {}", and(&libraries))
    };
    let which = if shape.pings.len() > 1 { " (of the ping that gives away the most)" } else { "" };
    format!(
        "With the whole catalogue to choose from, an attacker with one guess names the title of {} of the files from \
         raw values and of {} after rounding{which}, against {} by blind guess, and of {} of the plays before and {} \
         after, against {} by blind guess{known}.",
        percent(before.uniform),
        percent(worst(|rate| rate.uniform)),
        percent(blind.uniform),
        percent(before.popularity),
        percent(worst(|rate| rate.popularity)),
        percent(blind.popularity),
    )
}

/// Which judges break which limit, those apart that the choice has seen, and what linking costs.
fn fails(results: &Results, shape: &ShapeResult) -> String {
    let (parts, others): (Vec<&Judged>, Vec<&Judged>) =
        results.judges.iter().partition(|judge| seen(results, judge) >= Seen::Part);
    let fail = |judges: &[&Judged]| judges.iter().filter(|judge| worst(judge).is_some()).count();
    let of = |judges: &[&Judged], what: &str| match fail(judges) {
        0 => format!("none of {what}"),
        failing => format!("{} of {what}", count(failing as u64)),
    };
    let apart =
        format!("{} it has never seen{}", counted(others.len() as u64, "catalogue"), real_ones(results));
    let apart = of(&others, &apart);
    let own = of(
        &parts,
        &format!("{} of the choosing catalogue (kinds alone, halves)", counted(parts.len() as u64, "part")),
    );
    let mut said = vec![match (others.is_empty(), parts.is_empty()) {
        (true, true) => "No other catalogue judged it, so nothing is known beyond this one".to_owned(),
        (true, false) => format!("No catalogue that it has never seen judged it; it breaks a limit on {own}"),
        (false, true) => format!("It breaks a limit on {apart}"),
        (false, false) => format!("It breaks a limit on {apart}, and on {own}"),
    }];
    said.extend(by_limit(results));
    let standing: Vec<String> = results
        .judges
        .iter()
        .filter(|judge| seen(results, judge) == Seen::NeverAndReal && worst(judge).is_none())
        .map(stands)
        .collect();
    if !standing.is_empty() {
        said.push(format!("of the real ones, {}", and(&standing)));
    }
    if shape.pings.len() > 1 {
        let library = in_libraries(&shape.linked.known_library)[1];
        let known = library.map_or(String::new(), |library| {
            let (rate, titles) = (percent(library.title_uniform), counted(library.titles, "title"));
            format!(", and {rate} where the attacker knows a library of {titles}")
        });
        said.push(format!(
            "and if somebody links the pings of one play after all, the title of {} of the files is named{known}",
            percent(shape.linked.title_uniform)
        ));
    }
    format!("{}.", said.join("; "))
}

/// The real catalogues among those that break a limit, by name.
fn real_ones(results: &Results) -> String {
    let real = || results.judges.iter().filter(|judge| seen(results, judge) == Seen::NeverAndReal);
    let failing: Vec<String> =
        real().filter(|judge| worst(judge).is_some()).map(|judge| judge.judge.clone()).collect();
    let ones = match (failing.len(), real().count()) {
        (0, _) => return String::new(),
        (1, 1) => "the real one".to_owned(),
        (2, 2) => "both real ones".to_owned(),
        (3, 3) => "all three real ones".to_owned(),
        (some, all) if some == all => format!("all {all} real ones"),
        (some, all) => format!("{some} of {all} real ones"),
    };
    format!(", {ones} among them ({})", and(&failing))
}

/// The limits that are broken farthest, each with the judges where it is; parts of the choosing catalogue are counted.
fn by_limit(results: &Results) -> Option<String> {
    let mut by_limit: Vec<(&str, Vec<String>, usize)> = Vec::new();
    for judge in &results.judges {
        let Some((_, found)) = worst(judge) else { continue };
        let at = by_limit.iter().position(|(held, ..)| *held == found.limit).unwrap_or(by_limit.len());
        if at == by_limit.len() {
            by_limit.push((&found.limit, Vec::new(), 0));
        }
        let (_, names, parts) = &mut by_limit[at];
        if seen(results, judge) >= Seen::Part {
            *parts += 1;
        } else {
            names.push(judge.judge.clone());
        }
    }
    let on = |(limit, mut names, parts): (&str, Vec<String>, usize)| {
        match parts {
            0 => {}
            1 => names.push("one of the parts".to_owned()),
            _ => names.push(format!("{parts} of the parts")),
        }
        format!("{} on {}", broken(limit), and(&names))
    };
    let broken: Vec<String> = by_limit.into_iter().map(on).collect();
    (!broken.is_empty()).then(|| format!("at worst {}", broken.join("; ")))
}

/// The breach of a judge that is farthest over its limit, with its ping.
fn worst(judge: &Judged) -> Option<(&JudgedPing, &Breach)> {
    let found = judge.pings.iter().filter_map(|ping| Some((ping, ping.breaches.first()?)));
    found.max_by(|a, b| a.1.factor().total_cmp(&b.1.factor()))
}

fn broken(limit: &str) -> String {
    let what = match limit.split_once('@').map_or(limit, |(name, _)| name) {
        "exposed_share" => "too much in small classes",
        "largest_title_share" | "largest_title_share_plays" => "too much in classes that one title dominates",
        _ => "titles named too often",
    };
    format!("{what}, {limit},")
}

/// How a real catalogue stands.
fn stands(judge: &Judged) -> String {
    let name = &judge.judge;
    let mut lacks: Vec<&str> = judge.pings.iter().flat_map(|ping| ping.lacks.iter().copied()).collect();
    lacks.sort_unstable();
    lacks.dedup();
    let lacks = and(&lacks.into_iter().map(field).collect::<Vec<_>>());
    let any = |outcome| judge.pings.iter().any(|ping| ping.outcome == outcome);
    match (any(Outcome::Breaks), lacks.is_empty()) {
        (true, _) => format!("{name} breaks a limit"),
        (false, true) => format!("{name} holds"),
        (false, false) => format!("{name} breaks none as far as it can tell without {lacks}"),
    }
}
