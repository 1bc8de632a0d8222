//! `coarsen recommend`.

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::classes::{Cells, Generalization};
use coarsen::policy::Limits;
use coarsen::search::{
    Candidates, Found, Judged, Justify, Neighbor, Safe, Shape, ShapeChoice, best_shape, judge, neighbors,
    recommend_shape, to_policy,
};
use coarsen::study::Progress;
use serde_json::json;

use crate::args::{CatalogueFile, LimitArgs};
use crate::failure::{BROKEN_LIMIT, Failure};
use crate::output::{self, percent};
use crate::progress::Bar;

#[derive(clap::Args)]
#[command(after_help = "Example: coarsen recommend --catalogue mixed.parquet --judge mine.parquet \
    --limit k_titles=50 -o policy.toml")]
pub struct Args {
    #[command(flatten)]
    catalogue: CatalogueFile,
    /// A catalogue that the choice has not seen and is judged on; repeatable.
    #[arg(long, value_name = "FILE")]
    judge: Vec<PathBuf>,
    /// joint (every side field in one ping), bare (no side field), split (one ping per question), or any of them.
    #[arg(long, value_name = "SHAPE", default_value = "any", value_parser = ["any", "joint", "bare", "split"])]
    shape: String,
    #[command(flatten)]
    limits: LimitArgs,
    /// The name of the policy.
    #[arg(long, default_value = "playback")]
    name: String,
    /// The seed of the libraries that judges draw.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The policy; not written where nothing meets the limits.
    #[arg(short, long, value_name = "POLICY.toml")]
    output: PathBuf,
    /// The result as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let limits = args.limits.limits()?;
    output::check_place(&args.output)?;
    let table = args.catalogue.read()?;
    let judges = args.judge.iter().map(|path| Ok((path, args.catalogue.columns.read(path)?)));
    let judges: Vec<_> = judges.collect::<Result<_, Failure>>()?;
    let cells = Cells::new(&table.catalogue);
    let candidates = Candidates::standard().map_err(Failure::input)?;
    let bar = Bar::new();
    bar.stage("search", None);
    let wanted = Shape::all().into_iter().filter(|shape| args.shape == "any" || shape.name == args.shape);
    let choices: Vec<ShapeChoice> = wanted
        .map(|shape| recommend_shape(&cells, &shape, &candidates, &limits, &|| bar.advance(1)))
        .collect();
    let Some(chosen) = best_shape(&choices) else {
        bar.finish();
        return none_holds(args, &choices);
    };
    bar.stage("judges", Some(judges.len() as u64));
    let pings: Vec<(String, Generalization)> =
        chosen.pings.iter().map(|p| p.ping.name.to_owned()).zip(chosen.generalizations()).collect();
    let safe: Vec<Safe> = pings.iter().map(|(_, g)| Safe::of(&cells, g, &limits)).collect();
    let judged: Vec<Judged> = judges
        .iter()
        .map(|(path, table)| {
            bar.advance(1);
            judge(&path.display().to_string(), &table.catalogue, &pings, &safe, &limits, args.seed)
        })
        .collect();
    let neighbors: Vec<Neighbor> =
        chosen.pings.iter().flat_map(|ping| neighbors(&cells, ping, &candidates, &limits)).collect();
    let justify = Justify { catalogue: &table.sha256, results: None };
    let policy = to_policy(&args.name, &cells, chosen, &limits, &justify).map_err(Failure::input)?;
    bar.finish();
    output::file(&args.output, &policy.to_toml().map_err(Failure::input)?)?;
    output::note(&format!("{}: written", args.output.display()));
    if args.json {
        output::json(&json!({
            "schema": "coarsen.recommend/1",
            "holds": true,
            "limits": limits,
            "shapes": choices.iter().map(shape_json).collect::<Vec<_>>(),
            "chosen": chosen.shape.name,
            "neighbors": neighbors,
            "judges": judged,
        }))?;
    } else {
        output::text(&render(chosen, &choices, &neighbors, &judged, &limits))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn none_holds(args: &Args, choices: &[ShapeChoice]) -> Result<ExitCode, Failure> {
    if args.json {
        output::json(&json!({
            "schema": "coarsen.recommend/1",
            "holds": false,
            "shapes": choices.iter().map(shape_json).collect::<Vec<_>>(),
        }))?;
    } else {
        output::text("No candidate meets the limits. The nearest, with what binds:\n")?;
        output::text(&shapes(choices))?;
    }
    output::note("coarsen: no candidate meets the limits, so no policy was written");
    Ok(ExitCode::from(BROKEN_LIMIT))
}

fn shape_json(choice: &ShapeChoice) -> serde_json::Value {
    let pings: Vec<serde_json::Value> = choice
        .pings
        .iter()
        .map(|ping| {
            let evaluation = ping.found.evaluation();
            let breaches = match &ping.found {
                Found::Holds(_) => json!([]),
                Found::Nearest(_, breaches) => json!(breaches),
            };
            json!({
                "ping": ping.ping.name,
                "generalization": {
                    "duration": evaluation.generalization.duration.to_string(),
                    "bitrate": evaluation.generalization.bitrate.to_string(),
                    "by": evaluation.generalization.by.iter().map(|f| f.name()).collect::<Vec<_>>(),
                },
                "holds": ping.found.holds(),
                "breaches": breaches,
                "measures": evaluation.measures,
                "distortion": evaluation.distortion,
            })
        })
        .collect();
    json!({"shape": choice.shape.name, "holds": choice.holds(), "distortion": choice.distortion, "pings": pings})
}

fn shapes(choices: &[ShapeChoice]) -> String {
    let mut rows = Vec::new();
    for choice in choices {
        for ping in &choice.pings {
            let evaluation = ping.found.evaluation();
            let verdict = match &ping.found {
                Found::Holds(_) => "holds".to_owned(),
                Found::Nearest(_, breaches) => breaches.first().map_or("holds".to_owned(), |breach| {
                    format!("breaks {} ({:.4} over {})", breach.limit, breach.value, breach.allowed)
                }),
            };
            rows.push(vec![
                format!("{}: {}", choice.shape.name, ping.ping.name),
                evaluation.generalization.to_string(),
                evaluation.measures.k_titles_budget().to_string(),
                percent(evaluation.measures.reidentification.title.uniform),
                format!("{:.3}", choice.distortion),
                verdict,
            ]);
        }
    }
    output::table(
        &["shape: ping", "what leaves", "k titles", "title named right", "distortion", "limits"],
        &rows,
    )
}

fn render(
    chosen: &ShapeChoice,
    choices: &[ShapeChoice],
    neighbors: &[Neighbor],
    judged: &[Judged],
    limits: &Limits,
) -> String {
    let limits: Vec<String> = limits.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut text =
        format!("Chosen: {} ({})\nLimits: {}\n\n", chosen.shape.name, chosen.shape.about, limits.join(" "));
    text.push_str(&shapes(choices));
    let rows: Vec<Vec<String>> = neighbors
        .iter()
        .map(|n| {
            let holds = n.note.map_or("holds".to_owned(), |note| format!("holds, but {note}"));
            let breaks = n
                .breaches
                .first()
                .map_or(holds, |b| format!("breaks {} ({:.4} over {})", b.limit, b.value, b.allowed));
            vec![
                format!("{}: {} {}", n.ping, n.attribute, n.step),
                n.rounding.clone(),
                format!("{:.3}", n.row.distortion),
                breaks,
            ]
        })
        .collect();
    text.push_str(&format!("\nWhy not a step finer, and what a step coarser loses\n{}", {
        output::table(&["ping: attribute", "rounding", "distortion", "limits"], &rows)
    }));
    if !judged.is_empty() {
        let rows: Vec<Vec<String>> = judged
            .iter()
            .flat_map(|j| j.pings.iter().map(move |p| (j, p)))
            .map(|(j, p)| {
                let title =
                    p.measures.as_ref().map_or("-".to_owned(), |m| percent(m.reidentification.title.uniform));
                let outcome = match p.breaches.first() {
                    Some(b) => format!("breaks {} ({:.4} over {})", b.limit, b.value, b.allowed),
                    None => format!("{:?}", p.outcome).to_lowercase(),
                };
                vec![format!("{}: {}", j.judge, p.ping), title, outcome, p.lacks.join(", ")]
            })
            .collect();
        let header = ["judge: ping", "title named right", "limits", "lacks"];
        text.push_str(&format!(
            "\nOn catalogues that the choice has not seen\n{}",
            output::table(&header, &rows)
        ));
    }
    text
}
