//! `coarsen recommend --other N`: sparse joint buckets as the one symbol `other`.

use coarsen::classes::Cells;
use coarsen::policy::{Limits, Policy};
use coarsen::search::{Candidates, ShapeChoice, best_shape, with_other};
use coarsen::study::Progress;
use rayon::prelude::*;
use serde::Serialize;

use crate::output::percent;
use crate::progress::Bar;

#[derive(clap::Args)]
pub struct OtherArgs {
    /// The most boxes of sparse joint buckets (rare corners such as long files of a low bit rate) that a ping may send
    /// as the one symbol `other`, where that allows finer widths at less loss; chosen from the catalogue. 20 is
    /// readable.
    #[arg(long = "other", value_name = "N", default_value_t = 0)]
    most: usize,
}

/// What the boxes change.
#[derive(Serialize)]
pub struct WithOther {
    most: usize,
    /// The choice without any box, where one holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    without: Option<Without>,
    distortion: f64,
    pings: Vec<Ping>,
}

#[derive(Serialize)]
struct Without {
    chosen: &'static str,
    distortion: f64,
}

#[derive(Serialize)]
struct Ping {
    ping: &'static str,
    /// Share of the files that leave as `other`.
    files: f64,
    boxes: Vec<std::collections::BTreeMap<String, String>>,
}

impl OtherArgs {
    /// Whether the user asks for it.
    pub fn is_asked(&self) -> bool {
        self.most > 0
    }

    /// The choices, with boxes where these lose less.
    pub fn choose(
        &self,
        cells: &Cells<'_>,
        plain: &[ShapeChoice],
        candidates: &Candidates,
        limits: &Limits,
        bar: &Bar,
    ) -> Vec<ShapeChoice> {
        if self.most == 0 {
            return plain.to_vec();
        }
        bar.stage("sparse corners", None);
        let one = |plain| with_other(cells, plain, candidates, limits, self.most, &|| bar.advance(1));
        plain.par_iter().map(one).collect()
    }

    /// What is to be said of them; `None` where none were asked for.
    pub fn result(&self, plain: &[ShapeChoice], chosen: &ShapeChoice, policy: &Policy) -> Option<WithOther> {
        let ping = |ping: &coarsen::search::PingChoice| Ping {
            ping: ping.ping.name,
            files: ping.found.evaluation().distortion.other,
            boxes: policy
                .others()
                .iter()
                .filter(|o| o.ping() == ping.ping.name)
                .map(|o| o.when.clone())
                .collect(),
        };
        (self.most > 0).then(|| WithOther {
            most: self.most,
            without: best_shape(plain)
                .map(|choice| Without { chosen: choice.shape.name, distortion: choice.distortion }),
            distortion: chosen.distortion,
            pings: chosen.pings.iter().map(ping).collect(),
        })
    }
}

impl WithOther {
    pub fn render(&self) -> String {
        let without = self.without.as_ref().map_or("without them nothing holds".to_owned(), |without| {
            format!("distortion {:.3} without them ({})", without.distortion, without.chosen)
        });
        let mut text =
            format!("\nSparse joint buckets as `other`: {without}, {:.3} with them\n", self.distortion);
        for ping in &self.pings {
            let share = percent(ping.files);
            text.push_str(&format!(
                "{}: {} boxes, {share} of the files leave as `other`\n",
                ping.ping,
                ping.boxes.len()
            ));
            for when in &ping.boxes {
                let shown = |(field, value): (&String, &String)| {
                    format!("{field} {}", if value.is_empty() { "missing" } else { value })
                };
                text.push_str(&format!("  {}\n", when.iter().map(shown).collect::<Vec<_>>().join(", ")));
            }
        }
        text
    }
}
