//! `coarsen recommend --robust`: a choice that holds elsewhere too.

use std::path::Path;

use coarsen::catalogue::Catalogue;
use coarsen::catalogue::synthetic::Recipe;
use coarsen::policy::Limits;
use coarsen::search::{Draws, GroupHeld, Held, Panel, ShapeChoice, best_shape, grow, holds_on};
use serde::Serialize;

use crate::args::Columns;
use crate::failure::Failure;
use crate::output;

#[derive(clap::Args)]
pub struct RobustArgs {
    /// Choose only what also holds on that share of the halves of the catalogue (by series), and of its samples and
    /// grown catalogues; 0.9 where no share is given.
    #[arg(long, value_name = "SHARE", num_args = 0..=1, default_missing_value = "0.9", conflicts_with = "most")]
    robust: Option<f64>,
    /// The fewest files of a sample or grown catalogue that must hold; on smaller ones the choice is only shown.
    #[arg(long, value_name = "FILES", default_value_t = 10_000, requires = "robust")]
    robust_least: usize,
    /// Titles to grow the catalogue by: a catalogue with other titles, or the name of a recipe, of which as many are
    /// made as bring it to 2 and 10 times its titles (to 1,000,000 files at most); repeatable.
    #[arg(long, value_name = "FILE|RECIPE", requires = "robust")]
    grow: Vec<String>,
}

/// A panel with the share that must hold.
pub struct Robust {
    pub panel: Panel,
    pub share: f64,
}

/// Where the choice holds.
#[derive(Serialize)]
pub struct Holds {
    share: f64,
    chosen: Option<Choice>,
    /// The least loss that meets the limits on the catalogue alone.
    plain: Option<Choice>,
}

#[derive(Serialize)]
struct Choice {
    shape: &'static str,
    distortion: f64,
    pings: Vec<PingHolds>,
}

#[derive(Serialize)]
struct PingHolds {
    ping: &'static str,
    groups: Vec<GroupHeld>,
}

impl RobustArgs {
    /// Whether the user asks for it.
    pub fn is_asked(&self) -> bool {
        self.robust.is_some()
    }

    pub fn panel(
        &self,
        catalogue: &Catalogue,
        columns: &Columns,
        seed: u64,
    ) -> Result<Option<Robust>, Failure> {
        let Some(share) = self.robust else { return Ok(None) };
        if !(0.0..=1.0).contains(&share) {
            return Err(Failure::Input(format!("--robust {share} must be a share between 0 and 1")));
        }
        let mut grown = Vec::new();
        for from in &self.grow {
            if Recipe::builtins().any(|name| name == from) {
                let recipe = Recipe::builtin(from).map_err(Failure::input)?;
                grown.extend(grow(catalogue, from, &recipe, seed).map_err(Failure::input)?);
            } else {
                let other = columns.read(Path::new(from))?.catalogue;
                let joined = Catalogue::join(catalogue, &other).map_err(Failure::input)?;
                grown.push((format!("grown by {from}"), joined));
            }
        }
        let draws = Draws { least_files: self.robust_least, seed, ..Draws::default() };
        Ok(Some(Robust { panel: Panel::of(catalogue, grown, &draws), share }))
    }
}

impl Robust {
    pub fn holds(&self, choices: &[ShapeChoice], plain: &[ShapeChoice], limits: &Limits) -> Holds {
        let of = |choices| {
            let choice: &ShapeChoice = best_shape(choices)?;
            let of_ping = |ping: &coarsen::search::PingChoice| PingHolds {
                ping: ping.ping.name,
                groups: holds_on(&self.panel, &ping.found.evaluation().generalization, limits),
            };
            Some(Choice {
                shape: choice.shape.name,
                distortion: choice.distortion,
                pings: choice.pings.iter().map(of_ping).collect(),
            })
        };
        Holds { share: self.share, chosen: of(choices), plain: of(plain) }
    }
}

impl Holds {
    pub fn render(&self) -> String {
        let mut text = String::new();
        let what = format!("the choice, held to {} of those marked *", output::percent(self.share));
        for (what, choice) in
            [(what, &self.chosen), ("the least loss on this catalogue alone".to_owned(), &self.plain)]
        {
            let Some(choice) = choice else { continue };
            let Choice { shape, distortion, pings } = choice;
            text.push_str(&format!("\nHolds elsewhere, {what}: {shape}, distortion {distortion:.3}\n"));
            let mut kinds: Vec<&str> = pings
                .iter()
                .flat_map(|ping| &ping.groups)
                .flat_map(|group| group.by_kind.keys())
                .map(String::as_str)
                .collect();
            kinds.sort_unstable();
            kinds.dedup();
            let count = |held: &Held| format!("{} of {}", held.holds, held.of);
            let mut rows = Vec::new();
            for ping in pings {
                for group in &ping.groups {
                    let mark = if group.required { " *" } else { "" };
                    let mut row = vec![format!("{}: {}{mark}", ping.ping, group.group), count(&group.all)];
                    row.extend(kinds.iter().map(|k| group.by_kind.get(*k).map_or("-".to_owned(), count)));
                    rows.push(row);
                }
            }
            let header: Vec<String> = kinds.iter().map(|kind| format!("{kind} alone")).collect();
            let header: Vec<&str> =
                ["ping: catalogues", "hold"].into_iter().chain(header.iter().map(String::as_str)).collect();
            text.push_str(&output::table(&header, &rows));
        }
        text
    }
}
