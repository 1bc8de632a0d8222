//! `coarsen attack`: one file per attacker.

mod arrival;
mod averaging;
mod found;
mod homogeneity;
mod intersection;
mod known_library;
mod library;
mod library_drawn;
mod linkage;
mod linked_plays;
mod membership;
mod noisy;
mod noisy_drawn;
mod open_world;
mod partial;
mod partial_drawn;
mod sequence;
mod sequence_drawn;
mod servers;
mod side_fields;
mod suppression;

use std::collections::BTreeMap;
use std::process::ExitCode;

use coarsen::attack::channel::{Randomized, Subject};
use coarsen::catalogue::{Catalogue, harmless};
use coarsen::classes::{Cells, Generalization};
use serde::Serialize;
use serde_json::{Map, Value};

use self::found::{Answer, Attack, Found, Seen};
use crate::args::{CatalogueFile, Leaving, What};
use crate::failure::Failure;
use crate::output;
use crate::progress::while_spinning;

#[derive(clap::Args)]
#[command(
    after_help = format!(
        "Attackers:\n{}  all            each of them\n\nExample: coarsen attack linkage --catalogue mixed.parquet --duration \
         floor:5min --bitrate log:1",
        ATTACKS.map(|attack| format!("  {:<14} {}\n", attack.name, attack.what)).concat(),
    )
)]
pub struct Args {
    /// The attacker, or all.
    #[arg(value_parser = name)]
    name: Name,
    #[command(flatten)]
    catalogue: CatalogueFile,
    #[command(flatten)]
    what: What,
    /// A randomized rounding through which the duration is drawn, after --duration or the policy rounds it (down to the
    /// edge of its bucket), or as it is where no --duration is given: stochastic:60s, noise:0.1@1s (two-sided geometric,
    /// epsilon per unit) or response:1@5min (on buckets); in kbps or Mbps the same of the bit rate and --bitrate. Memoized,
    /// or with +fresh drawn anew for each play, as membership needs it. Attackers that can't see what is drawn say why.
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<Randomized>,
    #[command(flatten)]
    servers: servers::ServerArgs,
    /// Plays, or libraries of each size, that are drawn: at most 10,000 for noisy and membership, 5,000 for whoever names
    /// single plays through a channel, 2,000 files for partial, 1,000 for known-library and averaging and for sequences
    /// through a channel, 10 of each server for library; arrival, noisy and library draw fewer where each costs much.
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    draws: u64,
    /// The seed.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// The attackers, in the order in which they run.
const ATTACKS: [Attack; 14] = [
    linkage::ATTACK,
    noisy::ATTACK,
    partial::ATTACK,
    sequence::ATTACK,
    known_library::ATTACK,
    library::ATTACK,
    membership::ATTACK,
    suppression::ATTACK,
    homogeneity::ATTACK,
    side_fields::ATTACK,
    averaging::ATTACK,
    intersection::ATTACK,
    arrival::ATTACK,
    open_world::ATTACK,
];

/// How many closed forms attackers are compared with for one ping, at most.
const COMPARISONS: usize = linkage::COMPARISONS
    + noisy::COMPARISONS
    + partial::COMPARISONS
    + sequence::COMPARISONS
    + known_library::COMPARISONS
    + library::COMPARISONS
    + membership::COMPARISONS
    + suppression::COMPARISONS
    + homogeneity::COMPARISONS
    + side_fields::COMPARISONS
    + averaging::COMPARISONS
    + arrival::COMPARISONS
    + open_world::COMPARISONS;

/// Which attackers run.
#[derive(Clone)]
enum Name {
    All,
    One(String),
}

fn name(text: &str) -> Result<Name, String> {
    let known = || ATTACKS.map(|attack| attack.name).join(", ");
    match text {
        "all" => Ok(Name::All),
        _ if ATTACKS.iter().any(|attack| attack.name == text) => Ok(Name::One(text.to_owned())),
        _ => Err(format!("the attackers are {} and all", known())),
    }
}

impl Name {
    fn wants(&self, attack: &Attack) -> bool {
        match self {
            Self::All => true,
            Self::One(name) => name == attack.name,
        }
    }
}

/// What one attacker did to one ping.
#[derive(Serialize)]
struct Ran {
    attacker: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ping: Option<String>,
    generalization: String,
    /// Through which a number is drawn after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// How the side fields that aren't kept as they are are told.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    groups: BTreeMap<String, String>,
    /// Emitted fields that the catalogue lacks: the attacker can't match on them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marginal: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_applicable: Option<String>,
    /// What was found, under the attacker's name.
    #[serde(flatten)]
    found: Map<String, Value>,
    #[serde(skip)]
    text: String,
    #[serde(skip)]
    agrees: bool,
}

impl Ran {
    fn new(
        attacker: &'static str,
        leaving: &Leaving<'_>,
        channel: Option<Randomized>,
        marginal: &[&'static str],
        answer: Answer,
    ) -> Self {
        let (mut found, mut not_applicable, mut text, mut agrees) = (Map::new(), None, String::new(), true);
        match answer {
            Answer::NotApplicable(reason) => not_applicable = Some(reason),
            Answer::Found(Found { json, text: tables, agrees: all }) => {
                found.insert(attacker.replace('-', "_"), json);
                (text, agrees) = (tables, all);
            }
        }
        Self {
            attacker,
            ping: leaving.ping.clone(),
            generalization: leaving.generalization.to_string(),
            channel: channel.map(|channel| channel.to_string()),
            groups: leaving.groups(),
            marginal: marginal.to_vec(),
            not_applicable,
            found,
            text,
            agrees,
        }
    }
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let table = args.catalogue.read()?;
    let catalogue = &table.catalogue;
    let mut what = args.what.clone();
    if let Some(randomized) = args.channel.filter(|_| what.policy.is_none()) {
        let rounding = match randomized.subject {
            Subject::Duration => &mut what.duration,
            Subject::Bitrate => &mut what.bitrate,
        };
        // It draws from the number as it is.
        rounding.get_or_insert_with(|| "keep".to_owned());
    }
    let leaving = what.leaving(catalogue)?;
    let cells = Cells::new(catalogue);
    let mut ran = Vec::new();
    let comparisons = COMPARISONS * leaving.len();
    for leaving in &leaving {
        let generalization = &leaving.generalization;
        let marginal = generalization.missing_in(catalogue);
        if !generalization.is_drop() && marginal.len() == generalization.emitted() {
            let reason = "the catalogue lacks every field that leaves".to_owned();
            ran.push(Ran::new("all", leaving, args.channel, &marginal, Answer::NotApplicable(reason)));
            continue;
        }
        for attack in ATTACKS.iter().filter(|attack| args.name.wants(attack)) {
            if let Some(reason) = args
                .channel
                .and_then(|randomized| no_channel(attack, randomized.subject, generalization, catalogue))
            {
                ran.push(Ran::new(
                    attack.name,
                    leaving,
                    args.channel,
                    &marginal,
                    Answer::NotApplicable(reason),
                ));
                continue;
            }
            let answer = while_spinning("attacking", || {
                leaving.with_cells(&cells, |told| {
                    (attack.run)(&Seen {
                        told,
                        raw: &cells,
                        leaving,
                        channel: args.channel,
                        servers: args.servers,
                        draws: args.draws,
                        seed: args.seed,
                        comparisons,
                    })
                })
            })?;
            ran.push(Ran::new(attack.name, leaving, args.channel, &marginal, answer));
        }
    }
    if args.json {
        output::json(&serde_json::json!({
            "schema": "coarsen.attack/1",
            "catalogue": {"sha256": table.sha256, "files": catalogue.files(), "titles": catalogue.titles()},
            "attacks": ran,
        }))?;
    } else {
        output::text(&ran.iter().map(render).collect::<String>())?;
    }
    if ran.iter().all(|ran| ran.agrees) {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::Broken(
        "an attacker that runs and its closed form disagree: one of them is wrong; please report this"
            .to_owned(),
    ))
}

/// Why an attacker can't see what a channel draws.
fn no_channel(
    attack: &Attack,
    subject: Subject,
    generalization: &Generalization,
    catalogue: &Catalogue,
) -> Option<String> {
    let (rounding, known) = match subject {
        Subject::Duration => (&generalization.duration, true),
        Subject::Bitrate => (&generalization.bitrate, catalogue.bitrate_bps().is_some()),
    };
    let name = subject.name();
    if rounding.is_drop() {
        return Some(format!("no {name} leaves, so that the channel has nothing to draw from"));
    }
    if !known {
        return Some(format!("the catalogue has no {name}, so that the channel has nothing to draw from"));
    }
    attack.no_channel.map(str::to_owned)
}

fn render(ran: &Ran) -> String {
    let ping = ran.ping.as_ref().map_or(String::new(), |ping| format!(", ping {ping}"));
    let drawn = ran.channel.as_ref().map_or(String::new(), |channel| format!(", drawn by {channel}"));
    let mut text = format!("{}{ping}: {}{drawn}\n", ran.attacker, ran.generalization);
    for (field, groups) in &ran.groups {
        text.push_str(&format!("{field} {}\n", harmless(groups)));
    }
    if !ran.marginal.is_empty() {
        text.push_str(&format!("the catalogue can't judge: {}\n", ran.marginal.join(", ")));
    }
    if let Some(reason) = &ran.not_applicable {
        text.push_str(&format!("not applicable: {reason}\n"));
    }
    text + &ran.text + "\n"
}
