//! The record of a study, from which every report is made.

use serde::Serialize;

use super::Config;
use super::attackers::{Attackers, IdleOnFiles, OnFiles};
use super::diagnostics::Diagnostics;
use crate::anonymity::{Distortion, Genre, Measures};
use crate::attack::known_library::KnownLibrary;
use crate::attack::{Prior, Target, Trial};
use crate::search::{Breach, Judged, Neighbor, PingShape, SweepRow, Traffic, Worth};
use crate::utility::power::Family;

/// The schema of `results.json`.
pub const SCHEMA: &str = "coarsen.results/1";

/// Everything that a study found.
#[derive(Clone, Debug, Serialize)]
pub struct Results {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// How to get them again.
    pub provenance: Provenance,
    /// The limits that the choice was held to, by name.
    pub limits: crate::policy::Limits,
    /// The chosen shape; `None` where no candidate of any shape meets the limits.
    pub chosen: Option<&'static str>,
    /// The shape that the figures are of: the chosen one, or the nearest.
    pub shown: &'static str,
    /// Shape by shape.
    pub shapes: Vec<ShapeResult>,
    /// No rounding at all, every side field kept, on the choosing catalogue.
    pub keep: SweepRow,
    /// Nothing emitted.
    pub drop: SweepRow,
    /// Catalogue by catalogue, before and after.
    pub before_after: Vec<BeforeAfter>,
    /// What the engineers still learn; `None` where no play was asked.
    pub diagnostics: Option<Diagnostics>,
    /// Why no play was asked, where none was: the choice is by distortion then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unasked: Option<String>,
    /// The shown shape on other catalogues.
    pub judges: Vec<Judged>,
    /// Attackers that really ran, beside the closed form.
    pub attacks: Vec<Attack>,
    /// Every attacker against the shown shape, on the choosing catalogue.
    pub attackers: Attackers,
    /// Attackers on the real catalogues, where durations alone leave.
    pub on_files: Vec<OnFiles>,
    /// Those that have nothing to attack there.
    pub on_files_idle: Vec<IdleOnFiles>,
    /// k of titles over the grid.
    pub heat_map: HeatMap,
    /// What the frontier is drawn against.
    pub frontier_axis: FrontierAxis,
    /// The candidates of the sweep that nothing beats in both title re-identification and what the axis counts.
    pub frontier: Vec<Point>,
}

/// How to get the same results again.
#[derive(Clone, Debug, Serialize)]
pub struct Provenance {
    /// The program's version.
    pub version: &'static str,
    /// The configuration.
    pub config: Config,
    /// The catalogues, the choosing one first.
    pub inputs: Vec<Input>,
    /// False-alarm rate of all comparisons of attackers with closed forms together.
    pub false_alarm: f64,
    /// The candidates that the search weighed and those that it had to evaluate.
    pub candidates: u64,
    /// Those that it had to evaluate.
    pub evaluated: u64,
}

/// One catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub origin: String,
    /// SHA-256 of its file; for a recipe, of the Parquet file that `catalogue synth` writes.
    pub sha256: Option<String>,
    /// Files.
    pub files: usize,
    /// Titles.
    pub titles: u32,
}

/// The choice for one shape.
#[derive(Clone, Debug, Serialize)]
pub struct ShapeResult {
    /// Its name.
    pub shape: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Whether every limit holds.
    pub holds: bool,
    /// Its distortion, each attribute at the least loss among the pings that carry it.
    pub distortion: f64,
    /// What it is worth to those who ask, where plays were asked.
    pub worth: Option<Worth>,
    /// Ping by ping.
    pub pings: Vec<Ping>,
    /// The pings that don't leave, as they tell names alone and no width mends them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// What somebody learns who links all its pings of one play.
    pub linked: Linked,
}

/// A ping of a shape that doesn't leave.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOut {
    /// Its name.
    pub ping: &'static str,
    /// The limits it would break, the worst first; empty where the catalogue has nothing that it would tell.
    pub breaches: Vec<Breach>,
}

/// One ping of a shape, with its widths.
#[derive(Clone, Debug, Serialize)]
pub struct Ping {
    /// The ping.
    pub ping: PingShape,
    /// Its figures in the columns of a sweep.
    pub row: SweepRow,
    /// All its measures.
    pub measures: Measures,
    /// Genre as the sensitive attribute.
    pub genre: Option<Genre>,
    /// Its loss.
    pub distortion: Distortion,
    /// The limits it breaks, the worst first; empty where it holds.
    pub breaches: Vec<Breach>,
    /// One step finer and coarser.
    pub neighbors: Vec<Neighbor>,
    /// Title re-identification in known libraries.
    pub known_library: Vec<KnownLibrary>,
    /// Files by the number of titles in their class.
    pub sizes: Vec<Sizes>,
}

/// Files in classes of a range of sizes.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Sizes {
    /// Fewest titles.
    pub from: u32,
    /// Most titles.
    pub to: u32,
    /// Share of the files.
    pub files: f64,
}

/// Somebody who links all pings of one play.
#[derive(Clone, Debug, Serialize)]
pub struct Linked {
    /// k of titles, all but 0.1 % of the files aside.
    pub k_titles: u32,
    /// Share of the files in classes under the limits.
    pub exposed_share: f64,
    /// Title re-identification, uniform prior.
    pub title_uniform: f64,
    /// In known libraries.
    pub known_library: Vec<KnownLibrary>,
}

/// One catalogue before and after.
#[derive(Clone, Debug, Serialize)]
pub struct BeforeAfter {
    /// The catalogue.
    pub catalogue: String,
    /// Files.
    pub files: usize,
    /// The fields that it lacks.
    pub lacks: Vec<&'static str>,
    /// Title re-identification without any rounding.
    pub before: Measures,
    /// Ping by ping of the shown shape, the name and the measures; those that it can't judge are left out.
    pub after: Vec<(String, Measures)>,
}

/// An attacker that really ran.
#[derive(Clone, Debug, Serialize)]
pub struct Attack {
    /// The attacker.
    pub attacker: &'static str,
    /// The catalogue.
    pub catalogue: String,
    /// What it saw: a ping's name, `keep` (the baseline that sees raw values) or `drop` (the control that sees nothing).
    pub sees: String,
    /// What it named.
    pub target: Target,
    /// How plays were drawn.
    pub prior: Prior,
    /// What it achieved.
    pub trial: Trial,
    /// What the classes say it should achieve.
    pub closed_form: f64,
}

/// k of titles (all but 0.1 % of the files aside) over duration and bit-rate roundings.
#[derive(Clone, Debug, Serialize)]
pub struct HeatMap {
    /// Roundings of the duration: rows.
    pub durations: Vec<String>,
    /// Roundings of the bit rate: columns.
    pub bitrates: Vec<String>,
    /// k, row by row.
    pub k_titles: Vec<Vec<u32>>,
    /// What is marked: a label, and the roundings where it stands.
    pub marks: Vec<(String, String, String)>,
}

/// What a frontier sets beside the risk.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "axis", rename_all = "snake_case")]
pub enum FrontierAxis {
    /// How much more traffic it takes to find faults, which plays tell.
    SampleSizeRatio {
        /// The families that raw plays show.
        families: Vec<Family>,
        /// Candidates of the sweep that lose one of them, so that no ratio over all of them exists: they stand nowhere.
        left_out: u64,
        /// Raw values.
        keep: Traffic,
        /// Nothing emitted of the file.
        drop: Traffic,
        /// How the shown shape lies to the line, where it loses none of the families.
        shown: Option<Standing>,
    },
    /// Distortion, where plays tell nothing of it.
    Distortion {
        /// Why.
        why: String,
    },
}

/// How a shape lies to the frontier.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Standing {
    /// Points of the frontier that are at most as large in both and smaller in one.
    pub beaten_by: u64,
    /// Those of them that break a limit.
    pub over_limits: u64,
    /// Those that break none, and lose more questions and families.
    pub losing_more: u64,
}

/// One candidate on the frontier.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// The rounding of the duration.
    pub duration: String,
    /// The rounding of the bit rate.
    pub bitrate: String,
    /// The side fields kept.
    pub by: String,
    /// Title re-identification, uniform prior.
    pub title_uniform: f64,
    /// Distortion.
    pub distortion: f64,
    /// How much more traffic it is expected to take to find faults, all families together; `None` where that isn't the
    /// frontier's axis.
    pub sample_size_ratio: Option<f64>,
}
