//! Which limits a generalization breaks.

use serde::Serialize;

use super::Evaluation;
use super::attackers::{self, Attackers};
use super::recommend::budgets;
use crate::anonymity::{Distortion, Measures, Tally, Thresholds};
use crate::classes::{Cells, Classes, Generalization};
use crate::policy::Limits;

/// A limit that doesn't hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Breach {
    /// The limit's name.
    pub limit: String,
    /// Which share or kind breaks it, in words.
    pub what: String,
    /// The measured value.
    pub value: f64,
    /// The largest allowed.
    pub allowed: f64,
    /// Whether every finer nested generalization breaks it as well.
    #[serde(skip)]
    pub monotone: bool,
}

impl Breach {
    /// How many times as large as allowed the value is.
    pub fn factor(&self) -> f64 {
        self.value / self.allowed.max(1e-9)
    }
}

/// A measured value beside the most that a limit allows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Margin {
    /// The limit's name; `k_titles` and `k_series` are told by `exposed_share`.
    pub limit: String,
    /// Of which share or kind the value is, in words.
    pub what: String,
    /// The measured value.
    pub value: f64,
    /// The largest allowed.
    pub allowed: f64,
    /// Why the catalogue gives the limit's attacker nothing to attack; the value is 0 then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
    #[serde(skip)]
    monotone: bool,
}

impl Margin {
    pub(super) fn new(limit: &str, what: String, value: f64, allowed: f64, monotone: bool) -> Self {
        Self { limit: limit.to_owned(), what, value, allowed, not_applicable: None, monotone }
    }

    /// Whether the limit holds.
    pub fn holds(&self) -> bool {
        self.value <= self.allowed
    }
}

/// Raises each value to that of a part of what leaves, where that is worse. The margins of one catalogue come in one
/// order; a part without any raises nothing.
pub(super) fn raise(found: &mut [Margin], part: Vec<Margin>, of: &str) {
    for (margin, part) in found.iter_mut().zip(part) {
        if part.value > margin.value {
            margin.value = part.value;
            margin.what = format!("{}, {of}", part.what);
        }
    }
}

/// The thresholds that the limits count exposed files against.
pub fn thresholds(limits: &Limits) -> Thresholds {
    let k = |name| limits.get(name).map_or(1, |k| k as u32);
    Thresholds { k_titles: k("k_titles"), k_series: k("k_series") }
}

/// The measures of classes, tallied with the [`thresholds`] of the limits, and what the attackers come to that the
/// limits ask for. O(files), with attackers O(files log files) for each.
pub fn measured(classes: &Classes<'_>, limits: &Limits) -> Measures {
    let catalogue = classes.catalogue();
    let mut tally = Tally::new(thresholds(limits), catalogue.kind().levels());
    classes.visit(&mut tally);
    let mut measures = Measures::of(tally, catalogue, &budgets(limits));
    measures.attackers = Attackers::of(catalogue, limits).attacked(classes);
    measures
}

/// Evaluates one generalization with all that the limits ask for, attackers too. O(files log files).
pub fn evaluate_for(cells: &Cells<'_>, generalization: &Generalization, limits: &Limits) -> Evaluation {
    Evaluation {
        measures: measured(&Classes::group(cells, generalization.key()), limits),
        distortion: Distortion::of(cells, generalization),
        generalization: generalization.clone(),
    }
}

/// Whether a generalization meets every limit; attackers, who are dear, are asked only where all else holds.
pub(super) fn holds(cells: &Cells<'_>, generalization: &Generalization, limits: &Limits) -> bool {
    let (cheap, classes) = (limits.without_attacks(), Classes::group(cells, generalization.key()));
    breaches(&cheap, &measured(&classes, &cheap)).is_empty()
        && Attackers::of(cells.catalogue(), limits).first_broken(&classes).is_none()
}

/// Whether the limits of these attackers hold.
pub(super) fn attackers_hold(
    cells: &Cells<'_>,
    generalization: &Generalization,
    attackers: &Attackers,
) -> bool {
    attackers.is_empty() || attackers.first_broken(&Classes::group(cells, generalization.key())).is_none()
}

/// Every limit that the measures break, the worst first. The measures must have been tallied with [`thresholds`], and
/// hold what the attackers come to that the limits ask for, as those of [`measured`] and [`evaluate_for`] do: without
/// it such a limit counts as if all were named.
pub fn breaches(limits: &Limits, measures: &Measures) -> Vec<Breach> {
    broken(margins(limits, measures))
}

/// Those of the margins that don't hold, the worst first.
pub(super) fn broken(margins: Vec<Margin>) -> Vec<Breach> {
    let broken = margins.into_iter().filter(|margin| !margin.holds());
    let breach = |Margin { limit, what, value, allowed, monotone, .. }| Breach {
        limit,
        what,
        value,
        allowed,
        monotone,
    };
    let mut found: Vec<Breach> = broken.map(breach).collect();
    worst_first(&mut found);
    found
}

/// In the order that breaches are told in; equals stay as they are.
pub(super) fn worst_first(breaches: &mut [Breach]) {
    breaches.sort_by(|a, b| b.factor().total_cmp(&a.factor()));
}

/// Every value that the limits bound, whether they hold or not, limit by limit, those of attackers last. The measures
/// must be such as [`breaches`] asks for.
pub fn margins(limits: &Limits, measures: &Measures) -> Vec<Margin> {
    let mut found = Vec::new();
    let mut hold = |limit: &str, what: String, value: f64, allowed: f64, monotone: bool| {
        found.push(Margin::new(limit, what, value, allowed, monotone));
    };
    // A k without a share that may be exposed holds for every file.
    let share = limits.get("exposed_share").unwrap_or(0.0);
    if limits.get("k_titles").or(limits.get("k_series")).is_some() {
        let exposed = measures.exposed;
        let under = format!("in classes under {} titles or {} series", exposed.k_titles, exposed.k_series);
        hold("exposed_share", format!("files {under}"), exposed.files, share, true);
        hold("exposed_share", format!("plays {under}"), exposed.plays, share, true);
    }
    for largest in &measures.largest_title {
        let at = largest.at_least;
        let holds = format!("in classes where one title holds {} % or more", at * 100.0);
        for (name, unit, value) in [
            (format!("largest_title_share@{at}"), "files", largest.files),
            (format!("largest_title_share_plays@{at}"), "plays", largest.plays),
        ] {
            if let Some(allowed) = limits.get(&name) {
                hold(&name, format!("{unit} {holds}"), value, allowed, false);
            }
        }
    }
    let title = measures.reidentification.title;
    if let Some(allowed) = limits.get("title_uniform") {
        hold("title_uniform", "titles named right, uniform prior".to_owned(), title.uniform, allowed, true);
        for (kind, of_kind) in &measures.by_kind {
            let what = format!("titles of kind {kind} named right, uniform prior");
            hold("title_uniform", what, of_kind.title_uniform, allowed, false);
        }
    }
    if let Some(allowed) = limits.get("title_popularity") {
        let what = "titles named right, popularity prior".to_owned();
        hold("title_popularity", what, title.popularity, allowed, true);
    }
    if let Some(allowed) = limits.get("title_popularity_gain") {
        let gain = title.popularity / measures.blind_guess.popularity.max(f64::MIN_POSITIVE);
        hold("title_popularity_gain", "times as good as a blind guess".to_owned(), gain, allowed, true);
    }
    found.extend(attackers::margins(limits, &measures.attackers));
    found
}
