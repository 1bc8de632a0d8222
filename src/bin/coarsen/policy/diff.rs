//! `coarsen policy diff`.

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::catalogue::harmless;
use coarsen::rounding::Bucket;
use coarsen::search::{
    Change, Diff, FieldDiff, JoinFigures, JudgedJoin, Matched, Outcome, PairDiff, Pairs, Relation, diff,
};
use serde::Serialize;

use crate::args::{Columns, LimitArgs, read_policy};
use crate::as_of::AsOf;
use crate::failure::{BROKEN_LIMIT, Failure};
use crate::output::{self, percent};
use crate::progress::while_spinning;

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  coarsen policy diff old.toml new.toml\n  \
    coarsen policy diff old.toml new.toml --catalogue library.parquet --limit k_titles=10\n  \
    coarsen policy diff policy.toml policy.toml --ping length --ping stalls --catalogue library.parquet\n\n\
    Exit code 0 where the new policy is proved to add nothing to the old one, or where every join meets the limits on \
    the catalogue: those of the new policy over the defaults, and --limit over both. Else 1. Without a catalogue the proof \
    alone decides.")]
pub struct Args {
    /// The policy that plays left under.
    #[arg(value_name = "OLD.toml")]
    old: PathBuf,
    /// The policy that they leave under now.
    #[arg(value_name = "NEW.toml")]
    new: PathBuf,
    /// Measure the join on this catalogue, Parquet or CSV.
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
    #[command(flatten)]
    columns: Columns,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    as_of: AsOf,
    /// Match up this ping of OLD with the next of NEW (--ping A --ping B); given once, the one with its namesake. Pings of
    /// one name where absent, and all with all where both policies link by server.
    #[arg(long, value_name = "NAME")]
    ping: Vec<String>,
    /// Match up every ping of OLD with every ping of NEW.
    #[arg(long, conflicts_with = "ping")]
    all_pairs: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    #[serde(flatten)]
    diff: &'a Diff,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let pairs = match args.ping.as_slice() {
        [] if args.all_pairs => Pairs::All,
        [] => Pairs::Named,
        [ping] => Pairs::These(ping.clone(), ping.clone()),
        [old, new] => Pairs::These(old.clone(), new.clone()),
        more => {
            let problem = "give at most two, the one of OLD and the one of NEW";
            return Err(Failure::Input(format!("--ping is given {} times: {problem}", more.len())));
        }
    };
    let columns = &args.columns;
    let of_a_catalogue = [
        ("--limit", !args.limits.limit.is_empty()),
        ("--map", !columns.map.is_empty()),
        ("--ignore", !columns.ignore.is_empty()),
        ("--kind", columns.kind.is_some()),
    ];
    if let (None, Some((flag, _))) = (&args.catalogue, of_a_catalogue.iter().find(|(_, given)| *given)) {
        return Err(Failure::Input(format!("{flag} is for what is measured on a --catalogue: give one")));
    }
    let (old, new) = (read_policy(&args.old)?, read_policy(&args.new)?);
    let limits = args.limits.over(new.limits_over_defaults().map_err(Failure::input)?)?;
    let change = Change { old: &old, new: &new, pairs, limits, as_of: args.as_of.day()? };
    let table = args.catalogue.as_deref().map(|path| columns.read(path)).transpose()?;
    let found = while_spinning("comparing", || diff(&change, table.as_ref())).map_err(Failure::input)?;
    if args.json {
        output::json(&Report { schema: "coarsen.diff/1", diff: &found })?;
    } else {
        output::text(&render(&found))?;
    }
    Ok(if found.holds { ExitCode::SUCCESS } else { ExitCode::from(BROKEN_LIMIT) })
}

fn render(diff: &Diff) -> String {
    let Diff { old, new, .. } = diff;
    let named = |version: &coarsen::search::Version| {
        format!("{} version {}", harmless(&version.name), version.version)
    };
    let mut text = format!("from {} to {}", named(old), named(new));
    if let Some(catalogue) = &diff.catalogue {
        text.push_str(&format!(", on {} files of {} titles", catalogue.files, catalogue.titles));
    }
    text.push('\n');
    for pair in &diff.pairs {
        text.push_str(&of_pair(pair));
    }
    for ping in &diff.removed {
        text.push_str(&format!("\nping {ping}: leaves no more\n"));
    }
    if !diff.release.is_empty() {
        text.push_str("\nThe release leaves more open:\n");
        diff.release.iter().for_each(|says| text.push_str(&format!("  {}\n", harmless(says))));
    }
    let failed = diff.pairs.iter().filter(|pair| !pair.holds).count();
    let pairs = diff.pairs.len();
    text.push_str(&match (diff.adds_nothing, diff.holds, failed) {
        (true, ..) => "\nThe change adds nothing: proved.\n".to_owned(),
        (_, true, _) if diff.release.is_empty() => "\nThe change adds something, and every join meets the limits.\n".to_owned(),
        (_, true, _) => {
            "\nThe change adds something, and every join meets the limits; what the release leaves open is in no limit.\n"
                .to_owned()
        }
        (.., 0) => "\nThe change adds something: the release leaves more open.\n".to_owned(),
        _ if diff.catalogue.is_some() => {
            format!("\nThe change gives away too much: {failed} of {pairs} pairs of pings don't hold.\n")
        }
        _ => format!(
            "\nThe change adds something in {failed} of {pairs} pairs of pings; what it comes to is measured with \
             --catalogue.\n"
        ),
    });
    text
}

fn of_pair(pair: &PairDiff) -> String {
    let why = match pair.matched {
        Matched::Name => "of one name",
        Matched::Server => "linked by server",
        Matched::Asked => "as asked",
        Matched::Alone => "new",
    };
    let verdict = match (pair.adds_nothing, &pair.judged) {
        (true, _) => "adds nothing: proved",
        (_, None) => "ADDS SOMETHING",
        (_, Some(judged)) if judged.tells_nothing && pair.holds => "tells nothing of a file",
        (_, Some(judged)) => match judged.outcome {
            Outcome::Holds => "adds something, and the join meets the limits",
            Outcome::Breaks => "the join BREAKS A LIMIT",
            Outcome::Marginal | Outcome::NotJudged => "the join CAN'T BE JUDGED",
        },
    };
    let old = pair.old.as_ref().map_or(String::new(), |old| format!("{old} with "));
    let mut text = format!("\nping {old}{} ({why}): {verdict}\n", pair.new);
    if pair.fields.is_empty() {
        text.push_str("  nothing leaves\n");
    }
    pair.fields.iter().for_each(|field| text.push_str(&of_field(field)));
    for opened in &pair.opened {
        text.push_str(&format!(
            "  opened  what left as `other` where {} may not leave so\n",
            harmless(opened)
        ));
    }
    pair.judged.iter().for_each(|judged| text.push_str(&of_join(judged, pair.adds_nothing)));
    text
}

fn of_field(field: &FieldDiff) -> String {
    let (old, new) = (field.old.join(" and "), &field.new);
    let says = match field.relation {
        Relation::Same => format!("as it was, {new}"),
        Relation::Nested => format!("{new}, coarser than {old} and nested"),
        Relation::Cuts => format!("{new} is not nested in {old}"),
        Relation::Elsewhere => format!("{new}, and {old} left under another switch or for other content"),
        Relation::Added => format!("{new}, and nothing of `{}` left", field.column),
    };
    let smallest = field.smallest.map_or(String::new(), |smallest| {
        let width = |bucket: Option<Bucket>| match bucket {
            Some(Bucket { from, to: Some(to) }) => smallest.dimension.human(to - from),
            _ => "none".to_owned(),
        };
        let (old, new, join) = (width(smallest.old), width(smallest.new), width(smallest.join));
        format!("; smallest bucket {join} together, {old} and {new} alone")
    });
    let mark = match field.relation {
        Relation::Same => "same",
        Relation::Nested => "nested",
        Relation::Cuts => "CUTS",
        Relation::Elsewhere => "WIDER",
        Relation::Added => "ADDED",
    };
    format!("  {mark:<6}  {}: {}\n", field.field, output::short(&(says + &smallest)))
}

/// Why a join doesn't hold, unless it is proved to add nothing, and its figures.
fn of_join(judged: &JudgedJoin, adds_nothing: bool) -> String {
    let mut text = if adds_nothing { String::new() } else { broken(judged) };
    let row = |name: &str, figures: &JoinFigures| {
        vec![
            name.to_owned(),
            figures.classes.to_string(),
            figures.k_titles.to_string(),
            figures.k_series.to_string(),
            percent(figures.exposed_share),
            percent(figures.title_uniform),
        ]
    };
    let old = judged.old.as_ref().map(|old| row("old alone", old));
    let rows: Vec<Vec<String>> =
        old.into_iter().chain([row("new alone", &judged.new), row("both", &judged.join)]).collect();
    let header =
        ["", "classes", "titles per class", "series per class", "files exposed", "title named right"];
    output::table(&header, &rows).lines().for_each(|line| text.push_str(&format!("  {line}\n")));
    text
}

fn broken(judged: &JudgedJoin) -> String {
    let mut text = String::new();
    for field in &judged.marginal {
        text.push_str(&format!("  the catalogue has no {field}, so it can't judge the join\n"));
    }
    for field in &judged.misplaced {
        text.push_str(&format!(
            "  {} reads what a catalogue holds and doesn't say `about = \"media\"`: it is in no class key\n",
            harmless(field)
        ));
    }
    for margin in &judged.margins {
        if let Some(reason) = &margin.not_applicable {
            text.push_str(&format!("  {}: not applicable: {reason}\n", harmless(&margin.limit)));
        }
    }
    for margin in judged.margins.iter().filter(|margin| !margin.holds()) {
        let (limit, value) = (harmless(&margin.limit), margin.value);
        let (allowed, what) = (margin.allowed, harmless(&margin.what));
        text.push_str(&format!("  {limit}: {value:.6} over {allowed}, {what}\n"));
    }
    text
}
