//! Every comparator on one catalogue.

use rand::seq::index::sample;

use super::{Clients, Compared, Records, draw_reports, mdav, mondrian, threshold};
use crate::catalogue::Catalogue;
use crate::catalogue::stream::stream;
use crate::search::SearchError;

/// Records that MDAV groups at most here; its time grows with their square.
const MOST_IN_MDAV: usize = 20_000;
/// Clients of the threshold reporting, and plays of each.
const CLIENTS: (u32, u32) = (10_000, 50);

/// Mondrian and threshold reporting on every record, MDAV on all of them or a sample, which its name then tells.
/// O(files log^2 files).
///
/// # Errors
/// Those of the comparators: k = 0, or over the titles or records there are.
pub fn all(catalogue: &Catalogue, k: u32, seed: u64) -> Result<Vec<Compared>, SearchError> {
    let records = Records::of(catalogue)?;
    let (clients, plays) = CLIENTS;
    let reports = draw_reports(catalogue, &records, Clients { clients, plays, seed })?;
    let mut shown = threshold(&records, &reports, k)?;
    shown.name = format!("{}, {clients} clients x {plays} plays", shown.name);
    let few = if records.len() > MOST_IN_MDAV {
        let mut random = stream(seed, "mdav sample", 0);
        let mut drawn = sample(&mut random, records.len(), MOST_IN_MDAV).into_vec();
        drawn.sort_unstable();
        records.select(&drawn)
    } else {
        records.clone()
    };
    let mut grouped = mdav(&few, k)?;
    if few.len() < records.len() {
        grouped.name = format!("{}, a sample of {}", grouped.name, few.len());
    }
    Ok(vec![mondrian(&records, k)?, grouped, shown])
}
