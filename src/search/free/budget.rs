//! The limits as budgets: what a partition may use of each sum over its classes.

use crate::anonymity::{FIXED, LARGEST};
use crate::catalogue::Catalogue;
use crate::policy::Limits;

/// A sum over classes that a limit bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Files in classes under the thresholds.
    ExposedFiles,
    /// Their weight.
    ExposedPlays,
    /// Files of the classes where one title holds that share (by number in [`LARGEST`]) of the files.
    LargestFiles(usize),
    /// Weight of those where one title holds that share of the weight.
    LargestPlays(usize),
    /// Files of the title with the most files.
    Hits,
    /// Weight of the title with the most weight.
    Plays,
    /// Expected hits on the files of a kind, in fixed point.
    KindHits(usize),
}

impl Use {
    /// Whether no coarsening can raise it.
    pub fn is_monotone(self) -> bool {
        match self {
            Self::ExposedFiles | Self::ExposedPlays | Self::Hits | Self::Plays => true,
            Self::LargestFiles(_) | Self::LargestPlays(_) | Self::KindHits(_) => false,
        }
    }
}

/// A sum and the most of it that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    pub of: Use,
    pub most: u64,
}

/// The budgets of the limits on a catalogue: a generalization breaks no limit exactly where it overdraws none.
///
/// The comparisons are those of [`breaches`](crate::search::breaches), so that the two agree to the last bit.
pub(super) fn budgets(limits: &Limits, catalogue: &Catalogue) -> Vec<Budget> {
    let (files, plays) = (catalogue.files() as u64, catalogue.top_title().all_weight);
    let share = |whole: u64, allowed: f64| most(whole, |part| part as f64 / whole as f64 <= allowed);
    let mut found = Vec::new();
    let mut add = |of, whole: u64, most: u64| {
        // What can't be overdrawn bounds nothing.
        if most < whole {
            found.push(Budget { of, most });
        }
    };
    if limits.get("k_titles").or(limits.get("k_series")).is_some() {
        let allowed = limits.get("exposed_share").unwrap_or(0.0);
        add(Use::ExposedFiles, files, share(files, allowed));
        add(Use::ExposedPlays, plays, share(plays, allowed));
    }
    for (i, (part, whole)) in LARGEST.into_iter().enumerate() {
        let at = part as f64 / whole as f64;
        if let Some(allowed) = limits.get(&format!("largest_title_share@{at}")) {
            add(Use::LargestFiles(i), files, share(files, allowed));
        }
        if let Some(allowed) = limits.get(&format!("largest_title_share_plays@{at}")) {
            add(Use::LargestPlays(i), plays, share(plays, allowed));
        }
    }
    if let Some(allowed) = limits.get("title_uniform") {
        add(Use::Hits, files, share(files, allowed));
        let kind = catalogue.kind();
        let mut of_kind = vec![0u64; kind.levels()];
        (0..kind.len()).for_each(|row| of_kind[kind.index(row)] += 1);
        for (i, &files) in
            of_kind.iter().enumerate().take(kind.names().len()).filter(|(_, files)| **files > 0)
        {
            let rate = |hits: u64| hits as f64 / (1u64 << FIXED) as f64 / files as f64;
            add(Use::KindHits(i), files << FIXED, most(files << FIXED, |hits| rate(hits) <= allowed));
        }
    }
    let popularity = |part: u64| part as f64 / plays as f64;
    if let Some(allowed) = limits.get("title_popularity") {
        add(Use::Plays, plays, most(plays, |part| popularity(part) <= allowed));
    }
    if let Some(allowed) = limits.get("title_popularity_gain") {
        let blind = popularity(catalogue.top_title().weight).max(f64::MIN_POSITIVE);
        add(Use::Plays, plays, most(plays, |part| popularity(part) / blind <= allowed));
    }
    found
}

/// The largest part of a whole that holds, where whatever lies under one that holds does too. `None` holds: 0, which
/// every limit allows.
fn most(whole: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, whole);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if holds(middle) { low = middle } else { high = middle - 1 }
    }
    low
}
