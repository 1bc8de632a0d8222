//! `coarsen recommend --shape free`: the best edges, what nothing can beat, and what readable edges cost.

use coarsen::catalogue::SideField;
use coarsen::classes::{Cells, Generalization};
use coarsen::policy::Limits;
use coarsen::search::comparators::{self, Compared, GroupLoss};
use coarsen::search::optimal::{Alone, alone};
use coarsen::search::{
    FREE_NODES, Found, FreeChoice, FreeGrid, PingChoice, PingShape, SearchError, Shape, ShapeChoice,
    Unsnapped, breaches, evaluate_for, free, thresholds, unsnapped,
};
use coarsen::units::Dimension;
use serde_json::json;

use crate::args::side_fields;
use crate::failure::Failure;
use crate::output::{self, percent};

/// The name of the shape.
pub const NAME: &str = "free";

#[derive(clap::Args, Clone)]
pub struct FreeArgs {
    /// With --shape free: the side fields that are kept, by comma.
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    by: Vec<String>,
    /// With --shape free: how many nodes of branch and bound may be looked at; more of them narrow the gap.
    #[arg(long, value_name = "N")]
    nodes: Option<u64>,
}

/// The choice with what is known about it.
pub struct Free {
    choice: FreeChoice,
    unsnapped: Option<Unsnapped>,
    alone: Vec<Alone>,
    comparators: Vec<Compared>,
}

impl FreeArgs {
    /// The side fields that are kept.
    ///
    /// # Errors
    /// A field that there isn't, here or at all; a flag of this shape beside another.
    pub fn check(&self, shape: &str, cells: &Cells<'_>) -> Result<Vec<SideField>, Failure> {
        if shape != NAME && (!self.by.is_empty() || self.nodes.is_some()) {
            let mend = "add `--shape free`, or leave them out";
            return Err(Failure::Input(format!("--by and --nodes go with --shape free alone: {mend}")));
        }
        let by = side_fields(&self.by)?;
        let asked = Generalization { by: by.clone(), ..Generalization::drop() };
        if let Some(field) = asked.missing_in(cells.catalogue()).first() {
            let mend = "leave it out, or give a catalogue that has the column";
            return Err(Failure::Input(format!("the catalogue has no `{field}`: {mend}")));
        }
        Ok(by)
    }

    /// Chooses, and says what readable edges cost.
    pub fn choose(
        &self,
        cells: &Cells<'_>,
        by: &[SideField],
        limits: &Limits,
        seed: u64,
        done: &(dyn Fn() + Sync),
    ) -> Result<(ShapeChoice, Free), Failure> {
        let nodes = self.nodes.unwrap_or(FREE_NODES);
        let choice = free(cells, by, &FreeGrid::readable(), limits, nodes, done).map_err(Failure::input)?;
        let finer = |choice| unsnapped(cells, choice, &FreeGrid::fine(), limits);
        let unsnapped = choice.generalization.as_ref().map(finer).transpose().map_err(Failure::input)?;
        let (catalogue, k) = (cells.catalogue(), thresholds(limits).k_titles);
        let beside = alone(catalogue, k).and_then(|alone| Ok((alone, comparators::all(catalogue, k, seed)?)));
        let (alone, comparators) = match beside {
            Ok(beside) => beside,
            // A catalogue that can't be grouped so at all has nothing to set beside the choice.
            Err(SearchError::NoValue | SearchError::Titles { .. } | SearchError::Records { .. }) => {
                Default::default()
            }
            Err(error) => return Err(Failure::input(error)),
        };
        let free = Free { choice, unsnapped, alone, comparators };
        Ok((free.shape(cells, by, limits), free))
    }
}

impl Free {
    fn shape(&self, cells: &Cells<'_>, by: &[SideField], limits: &Limits) -> ShapeChoice {
        let evaluated = |choice: &Generalization| evaluate_for(cells, choice, limits);
        let found = match &self.choice.generalization {
            Some(choice) => Found::Holds(evaluated(choice)),
            None => {
                let dropped = evaluated(&Generalization::drop());
                let broken = breaches(limits, &dropped.measures);
                Found::Nearest(dropped, broken)
            }
        };
        let ping = PingShape::play(by);
        let shape = Shape { name: NAME, about: "one ping, edges anywhere", pings: vec![ping.clone()] };
        let (distortion, asked) = (found.evaluation().distortion.total, self.choice.nodes);
        let pings = vec![PingChoice { ping, found, candidates: asked, asked, most_other: 0 }];
        ShapeChoice { shape, pings, left_out: Vec::new(), distortion, worth: None }
    }

    /// The figures as JSON; what isn't known is null.
    pub fn json(&self) -> serde_json::Value {
        let FreeChoice { loss, bound, proved, nodes, .. } = self.choice;
        let known = |value: f64| value.is_finite().then_some(value);
        let snapping = self.unsnapped.as_ref().map(|finer| {
            json!({
                "duration": finer.generalization.duration.to_string(),
                "bitrate": finer.generalization.bitrate.to_string(),
                "distortion": finer.loss,
                "price_at_least": loss - finer.loss,
            })
        });
        json!({
            "distortion": known(loss),
            "lower_bound": known(bound),
            "gap": known(self.choice.gap()).filter(|_| loss.is_finite()),
            "proved": proved,
            "nodes": nodes,
            "snapping": snapping,
            "alone": self.alone,
            "comparators": self.comparators,
        })
    }

    /// The figures in sentences, and what stands beside them in tables.
    pub fn text(&self) -> String {
        format!("{}{}{}", self.sentences(), self.table_alone(), self.table_comparators())
    }

    /// Each number alone.
    fn table_alone(&self) -> String {
        let [first, ..] = &self.alone[..] else { return String::new() };
        let rows = self.alone.iter().map(|alone| {
            let dimension = match alone.attribute {
                "bitrate" => Dimension::Bitrate,
                _ => Dimension::Duration,
            };
            let loss = |value: f64| match alone.loss {
                "ncp" => format!("{value:.4}"),
                _ => output::error(value, dimension),
            };
            vec![
                format!("{}, least {}", alone.attribute, alone.loss),
                alone.buckets.to_string(),
                loss(alone.free),
                alone.readable_buckets.to_string(),
                loss(alone.readable),
            ]
        });
        let header = ["number", "buckets", "loss (ncp, or root mean square)", "readable buckets", "loss"];
        format!(
            "\nOne number alone, at least {} titles in every bucket: the exact optimum\n{}",
            first.k_titles,
            output::table(&header, &rows.collect::<Vec<_>>())
        )
    }

    /// What groups whole records.
    fn table_comparators(&self) -> String {
        if self.comparators.is_empty() {
            return String::new();
        }
        let error = |loss: Option<GroupLoss>, dimension: Dimension| {
            loss.map_or("-".to_owned(), |loss| output::error(loss.mean_abs_error, dimension))
        };
        let ncp = |loss: Option<GroupLoss>| loss.map_or("-".to_owned(), |loss| format!("{:.4}", loss.ncp));
        let row = |compared: &Compared| {
            vec![
                compared.name.clone(),
                compared.groups.to_string(),
                compared.k_titles.to_string(),
                percent(compared.hidden),
                error(compared.duration, Dimension::Duration),
                ncp(compared.duration),
                error(compared.bitrate, Dimension::Bitrate),
                ncp(compared.bitrate),
            ]
        };
        let rows: Vec<Vec<String>> = self.comparators.iter().map(row).collect();
        let header =
            ["method", "groups", "k titles", "hidden", "duration error", "ncp", "bit-rate error", "ncp"];
        format!(
            "\nNot for a client, as it needs all records at once: methods to set the frontier against\n{}",
            output::table(&header, &rows)
        )
    }

    fn sentences(&self) -> String {
        let FreeChoice { loss, bound, proved, nodes, .. } = self.choice;
        let Some(finer) = &self.unsnapped else {
            return match proved {
                true => "Free edges: no edges of the readable grid meet the limits (proved).\n".to_owned(),
                false => format!("Free edges: none that meet the limits were found in {nodes} nodes.\n"),
            };
        };
        let known = match proved {
            true => "which nothing on the readable grid beats (proved)".to_owned(),
            false => format!(
                "and nothing on the readable grid loses less than {bound:.4}: the gap is {:.4} after {nodes} nodes",
                self.choice.gap()
            ),
        };
        let Generalization { duration, bitrate, .. } = &finer.generalization;
        let price = loss - finer.loss;
        let snapping = match price > 0.0 {
            false => "Finer edges, moved one number at a time, don't better it.".to_owned(),
            true => format!(
                "Readable edges cost {price:.4} or more: finer ones lose {:.4}\n  (duration {duration}, bit rate {bitrate}).",
                finer.loss
            ),
        };
        let chosen = self.choice.generalization.as_ref().map_or(String::new(), Generalization::to_string);
        format!("Free edges: distortion {loss:.4}, {known}.\n  ({chosen})\n{snapping}\n")
    }
}
