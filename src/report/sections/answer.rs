//! The answer in three sentences.

use super::super::document::Block;
use super::super::numbers::{counted, percent};
use super::super::words::{and, breach, field, sent};
use super::{in_libraries, main_name, shown};
use crate::attack::known_library::SIZES;
use crate::search::{Breach, Judged, JudgedPing, Outcome};
use crate::study::{Results, ShapeResult};

pub(super) fn blocks(results: &Results) -> Vec<Block> {
    let sentences = sentences(results);
    if sentences.is_empty() { Vec::new() } else { vec![Block::Lead(sentences)] }
}

/// Each sentence with the word that leads in; none without any shape.
pub(in crate::report) fn sentences(results: &Results) -> Vec<(&'static str, String)> {
    let Some(shape) = shown(results) else { return Vec::new() };
    vec![
        (if shape.holds { "The choice." } else { "No choice." }, choice(results, shape)),
        ("What it hides.", hides(results, shape)),
        ("Where it fails.", fails(results, shape)),
    ]
}

/// Which shape and widths.
fn choice(results: &Results, shape: &ShapeResult) -> String {
    let pings = shape.pings.iter().map(|ping| format!("{} sends {}", ping.ping.name, sent(&ping.row)));
    let pings = pings.collect::<Vec<_>>().join("; ");
    let lost = percent(shape.distortion);
    if shape.holds {
        let others = results.shapes.iter().filter(|other| other.holds && other.shape != shape.shape).count();
        let least = if others > 0 { " (the least of the shapes that hold)" } else { "" };
        return format!(
            "Every limit holds on {} with the shape “{}” ({}) at a distortion of {lost}{least} where ping {pings}.",
            main_name(results),
            shape.shape,
            shape.about
        );
    }
    let worst = shape.pings.iter().filter_map(|ping| Some((ping.ping.name, ping.breaches.first()?)));
    let factor = |value: f64, allowed: f64| value / allowed.max(1e-9);
    let worst =
        worst.max_by(|a, b| factor(a.1.value, a.1.allowed).total_cmp(&factor(b.1.value, b.1.allowed)));
    let binding = worst.map_or(String::new(), |(ping, found)| {
        format!("; the binding limit is {} on ping {ping}: {}", found.limit, breach(found))
    });
    format!(
        "No candidate of any shape meets every limit on {}, so no policy was written; the nearest is the shape \
         “{}” ({}), at a distortion of {lost}, where ping {pings}{binding}.",
        main_name(results),
        shape.shape,
        shape.about
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

/// Which judges break which limit, the real ones by name, and what linking costs.
fn fails(results: &Results, shape: &ShapeResult) -> String {
    let failing: Vec<&Judged> = results.judges.iter().filter(|judge| worst(judge).is_some()).collect();
    let all = results.judges.len();
    let mut by_limit: Vec<(&str, Vec<String>)> = Vec::new();
    for judge in &failing {
        let Some(limit) = worst(judge).map(|(_, found)| found.limit.as_str()) else { continue };
        let name = judge.judge.clone();
        match by_limit.iter_mut().find(|(held, _)| *held == limit) {
            Some((_, names)) => names.push(name),
            None => by_limit.push((limit, vec![name])),
        }
    }
    let by_limit: Vec<String> =
        by_limit.iter().map(|(limit, names)| format!("{} on {}", broken(limit), and(names))).collect();
    let mut parts = vec![match (all, failing.len()) {
        (0, _) => "No other catalogue judged it, so nothing is known beyond this one".to_owned(),
        (1, 0) => "No limit breaks on the one catalogue that judged it".to_owned(),
        (_, 0) => format!("No limit breaks on the {all} catalogues that judged it"),
        (_, n) => {
            format!("It breaks a limit on {n} of {all} judging catalogues (at worst {})", by_limit.join("; "))
        }
    }];
    let real: Vec<String> =
        results.judges.iter().filter(|judge| judge.judge.starts_with("real ")).map(stands).collect();
    if !real.is_empty() {
        parts.push(format!("of the real ones, {}", and(&real)));
    }
    if shape.pings.len() > 1 {
        parts.push(format!(
            "and if somebody links the pings of one play after all, the title of {} of the files is named",
            percent(shape.linked.title_uniform)
        ));
    }
    format!("{}.", parts.join("; "))
}

/// The breach of a judge that is farthest over its limit, with its ping.
fn worst(judge: &Judged) -> Option<(&JudgedPing, &Breach)> {
    let factor = |found: &Breach| found.value / found.allowed.max(1e-9);
    let found = judge.pings.iter().filter_map(|ping| Some((ping, ping.breaches.first()?)));
    found.max_by(|a, b| factor(a.1).total_cmp(&factor(b.1)))
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
