//! Threshold reporting: a value is visible only when at least K distinct clients sent exactly it.
//!
//! As in STAR (Davidson et al. 2022) and its like. Clients are counted, not reports: one client that plays a file a
//! hundred times reveals nothing. All that stays below the threshold is one symbol. That K clients sent a value says
//! who can't be told apart, not what they watched: a visible value may well be that of a single title, which is why
//! [`Compared::k_titles`] stands beside it. Trust: the servers must not pool their shares, and clients must be real; one
//! that poses as K reveals what it wants.

use std::collections::BTreeMap;

use rand::distr::{Distribution as _, weighted::WeightedIndex};

use super::compared::{Compared, Records};
use crate::catalogue::Catalogue;
use crate::catalogue::stream::stream;
use crate::search::SearchError;

/// One report: a client sends the exact value of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Report {
    /// Who sent it.
    pub client: u32,
    /// What was played.
    pub record: u32,
}

/// The clients that send reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clients {
    /// How many, at least 1.
    pub clients: u32,
    /// Plays of each, at least 1.
    pub plays: u32,
    /// The seed of what they play.
    pub seed: u64,
}

/// A value that became visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revealed<V> {
    /// The value.
    pub value: V,
    /// Distinct clients that sent it, at least K.
    pub clients: u32,
    /// Reports of it.
    pub reports: u32,
}

/// The values that at least `threshold` distinct clients sent, rising. O(reports log reports).
///
/// ```
/// use coarsen::search::comparators::reveal;
/// // Client 7 sends 10 three times: that is one client.
/// let reports = [(7, 10), (7, 10), (7, 10), (1, 20), (2, 20)];
/// let visible = reveal(reports, 2);
/// assert_eq!((visible.len(), visible[0].value, visible[0].clients), (1, 20, 2));
/// ```
pub fn reveal<V: Ord + Copy>(
    reports: impl IntoIterator<Item = (u32, V)>,
    threshold: u32,
) -> Vec<Revealed<V>> {
    let mut sorted: Vec<(V, u32)> = reports.into_iter().map(|(client, value)| (value, client)).collect();
    sorted.sort_unstable();
    let values = sorted.chunk_by(|a, b| a.0 == b.0).map(|reports| Revealed {
        value: reports[0].0,
        clients: reports.chunk_by(|a, b| a.1 == b.1).count() as u32,
        reports: reports.len() as u32,
    });
    values.filter(|revealed| revealed.clients >= threshold).collect()
}

/// Draws what clients play: each file by its weight ([`Catalogue::weight`]), each play alone.
/// O(records + reports log records).
///
/// # Errors
/// [`SearchError::NoClient`] for no client or no play.
pub fn draw_reports(
    catalogue: &Catalogue,
    records: &Records,
    clients: Clients,
) -> Result<Vec<Report>, SearchError> {
    if clients.clients == 0 || clients.plays == 0 {
        return Err(SearchError::NoClient);
    }
    let weights = records.file.iter().map(|&file| catalogue.weight()[file as usize]);
    // All weights 0 is no popularity among these files.
    let by_weight = WeightedIndex::new(weights)
        .or_else(|_| WeightedIndex::new(records.file.iter().map(|_| 1u64)))
        .map_err(|_| SearchError::NoValue)?;
    let plays = |client: u32| {
        let mut random = stream(clients.seed, "threshold clients", u64::from(client));
        let by_weight = &by_weight;
        (0..clients.plays).map(move |_| Report { client, record: by_weight.sample(&mut random) as u32 })
    };
    Ok((0..clients.clients).flat_map(plays).collect())
}

/// Threshold reporting of exact (duration, bit rate) pairs. O(reports log reports).
///
/// What is compared are the *reports*, plays and not files: [`Compared::records`] counts them, [`Compared::hidden`] is their
/// share below the threshold. A visible value is exact, so it loses nothing but what is hidden.
///
/// # Errors
/// [`SearchError::NoClient`] for a threshold of 0.
pub fn threshold(records: &Records, reports: &[Report], at_least: u32) -> Result<Compared, SearchError> {
    if at_least == 0 {
        return Err(SearchError::NoClient);
    }
    let value = |record: u32| {
        let record = record as usize;
        (records.duration_ms[record], records.bitrate_bps.as_ref().map(|rates| rates[record]))
    };
    let visible = reveal(reports.iter().map(|report| (report.client, value(report.record))), at_least);
    let number: BTreeMap<_, usize> = visible.iter().zip(0..).map(|(shown, at)| (shown.value, at)).collect();
    // As one record a play, so that every figure is over plays.
    let pick =
        |column: &[u32]| reports.iter().map(|report| column[report.record as usize]).collect::<Vec<_>>();
    let plays = Records {
        title: pick(&records.title),
        duration_ms: pick(&records.duration_ms),
        bitrate_bps: records.bitrate_bps.as_deref().map(pick),
        left_out: records.left_out,
        file: pick(&records.file),
    };
    let mut groups = vec![Vec::new(); visible.len()];
    for (report, play) in reports.iter().zip(0..) {
        if let Some(&group) = number.get(&value(report.record)) {
            groups[group].push(play);
        }
    }
    let mut compared = Compared::of(format!("threshold K={at_least}"), &plays, &groups);
    // Titles that share a value hide one another whether they were played or not.
    let mut bearers: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for record in 0..records.len() as u32 {
        bearers.entry(value(record)).or_default().push(record);
    }
    let k_titles = visible.iter().map(|shown| records.titles_of(&bearers[&shown.value]));
    compared.k_titles = k_titles.min().unwrap_or(0);
    Ok(compared)
}
