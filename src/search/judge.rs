//! Chosen here, judged there: the choice on catalogues it has never seen.

use std::collections::HashSet;

use serde::Serialize;

use super::breach::{Breach, breaches, measured, thresholds};
use crate::anonymity::{Distortion, Measures};
use crate::attack::known_library::{KnownLibrary, SIZES, known_library};
use crate::catalogue::{Catalogue, Category};
use crate::classes::{Cells, Classes, Generalization, Inside, Key};
use crate::policy::Limits;

/// What a judge says of one ping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every limit holds.
    Holds,
    /// A limit is broken.
    Breaks,
    /// The limits hold as far as the judge can tell, but it lacks a field that is emitted.
    Marginal,
    /// It lacks every field that is emitted.
    NotJudged,
}

/// One ping on one judge.
#[derive(Clone, Debug, Serialize)]
pub struct JudgedPing {
    /// The ping.
    pub ping: String,
    /// The verdict.
    pub outcome: Outcome,
    /// The emitted fields that the judge lacks.
    pub lacks: Vec<&'static str>,
    /// The limits it breaks, the worst first.
    pub breaches: Vec<Breach>,
    /// Its measures; `None` where it was not judged.
    pub measures: Option<Measures>,
    /// What the judge's files lose.
    pub distortion: Option<Distortion>,
    /// Share of the judge's files in buckets that the choosing catalogue leaves exposed or never saw.
    pub unsafe_here: Option<f64>,
    /// Title re-identification in known libraries.
    pub known_library: Vec<KnownLibrary>,
}

/// How a judge stands to the choosing catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sample {
    /// Made or given apart from it: the choice has never seen it.
    Unseen,
    /// A real catalogue that ships with the program: the choice has never seen it either.
    Real,
    /// A part of the choosing catalogue, so not out of sample.
    Part,
}

/// One judge.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// Its name.
    pub judge: String,
    /// How it stands to the choosing catalogue.
    pub sample: Sample,
    /// Its files.
    pub files: usize,
    /// Its titles.
    pub titles: u32,
    /// Ping by ping.
    pub pings: Vec<JudgedPing>,
}

/// Libraries drawn per size.
const LIBRARIES: u32 = 40;

/// The buckets that the choosing catalogue fills enough, to compare other catalogues with.
pub struct Safe {
    seen: HashSet<Emitted>,
}

/// What leaves of a file, by name, so that it means the same in any catalogue; `None` is the symbol `other`.
type Emitted = Option<(u64, Option<u64>, Vec<Option<String>>)>;

impl Safe {
    /// The classes that meet the thresholds. O(files).
    pub fn of(cells: &Cells<'_>, generalization: &Generalization, limits: &Limits) -> Self {
        let thresholds = thresholds(limits);
        let catalogue = cells.catalogue();
        let distinct = |files: &[u32], ids: &[u32]| {
            files.iter().map(|&file| ids[file as usize]).collect::<HashSet<_>>().len() as u32
        };
        let classes = Classes::group(cells, generalization.key());
        let inside = Inside::of(&generalization.other, catalogue);
        let seen = classes
            .iter()
            .filter(|files| distinct(files, catalogue.title()) >= thresholds.k_titles)
            .filter(|files| distinct(files, catalogue.series()) >= thresholds.k_series)
            .map(|files| emitted(catalogue, generalization.key(), &inside, files[0]))
            .collect();
        Self { seen }
    }

    /// Share of the files whose bucket is not among them.
    fn share_outside(&self, classes: &Classes<'_>, key: Key<'_>) -> f64 {
        let catalogue = classes.catalogue();
        let inside = Inside::of(key.other, catalogue);
        let safe = |files: &[u32]| self.seen.contains(&emitted(catalogue, key, &inside, files[0]));
        let outside = classes.iter().filter(|files| !safe(files));
        outside.map(<[u32]>::len).sum::<usize>() as f64 / catalogue.files() as f64
    }
}

fn emitted(catalogue: &Catalogue, key: Key<'_>, inside: &Inside<'_>, file: u32) -> Emitted {
    let row = file as usize;
    if inside.holds(row) {
        return None;
    }
    let duration = key.duration.bucket(u64::from(catalogue.duration_ms()[row])).from;
    let rate = catalogue.bitrate_bps().and_then(|rates| rates[row]);
    let rate = rate.map(|rate| key.bitrate.bucket(u64::from(rate.get())).from);
    let name = |column: &Category| column.get(row).map(str::to_owned);
    let side = key.by.iter().map(|&field| catalogue.side(field).and_then(name));
    Some((duration, rate.filter(|_| key.bitrate.bucket(0).to.is_some()), side.collect()))
}

/// Judges every ping of a choice on one catalogue. `safe` holds the choosing catalogue's buckets, ping by ping.
pub fn judge(
    name: &str,
    sample: Sample,
    catalogue: &Catalogue,
    pings: &[(String, Generalization)],
    safe: &[Safe],
    limits: &Limits,
    seed: u64,
) -> Judged {
    let cells = Cells::new(catalogue);
    let one = |((ping, generalization), safe): (&(String, Generalization), &Safe)| {
        let lacks = generalization.missing_in(catalogue);
        if lacks.len() == generalization.emitted() {
            return JudgedPing {
                ping: ping.clone(),
                outcome: Outcome::NotJudged,
                lacks,
                breaches: Vec::new(),
                measures: None,
                distortion: None,
                unsafe_here: None,
                known_library: Vec::new(),
            };
        }
        let classes = Classes::group(&cells, generalization.key());
        let measures = measured(&classes, limits);
        let broken = breaches(limits, &measures);
        let outcome = match (broken.is_empty(), lacks.is_empty()) {
            (false, _) => Outcome::Breaks,
            (true, true) => Outcome::Holds,
            (true, false) => Outcome::Marginal,
        };
        JudgedPing {
            ping: ping.clone(),
            outcome,
            unsafe_here: lacks.is_empty().then(|| safe.share_outside(&classes, generalization.key())),
            lacks,
            breaches: broken,
            measures: Some(measures),
            distortion: Some(Distortion::of(&cells, generalization)),
            known_library: SIZES
                .iter()
                .filter_map(|&titles| known_library(&classes, titles, LIBRARIES, seed))
                .collect(),
        }
    };
    Judged {
        judge: name.to_owned(),
        sample,
        files: catalogue.files(),
        titles: catalogue.titles(),
        pings: pings.iter().zip(safe).map(one).collect(),
    }
}

impl JudgedPing {
    /// Its title re-identification under the uniform prior, where it was judged.
    pub fn title_uniform(&self) -> Option<f64> {
        self.measures.as_ref().map(|measures| measures.reidentification.title.uniform)
    }
}
