//! Writing a study's folder.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::error::ReportError;
use super::sweep::sweep_parquet;
use crate::catalogue::ingest::{hex, write_whole, written_beside};
use crate::policy::Policy;
use crate::search::{SweepRow, Traffic};
use crate::study::Outcome;

/// The policy's name in the folder.
const POLICY: &str = "policy.toml";

/// What a study leaves in its folder, or removes from it.
pub const WRITTEN: [&str; 5] = ["results.json", "sweep.parquet", "report.md", "report.html", POLICY];

/// Writes `results.json`, `sweep.parquet`, `report.md`, `report.html` and, where there is a choice, `policy.toml`
/// into the folder, which is made where it is missing; where there is no choice an old `policy.toml` is removed.
/// Returns what was written. `command` is the command that repeats the study.
///
/// The policy's justification states the SHA-256 of `results.json`. Everything is rendered before anything is
/// written, and each file is written beside its place and renamed into it.
///
/// # Errors
/// [`ReportError`]; up to the first rename nothing in the folder has changed.
pub fn write_study(dir: &Path, outcome: &Outcome, command: &str) -> Result<Vec<PathBuf>, ReportError> {
    let mut results = serde_json::to_vec_pretty(&outcome.results)?;
    results.push(b'\n');
    let policy = outcome.policy.as_ref().map(|policy| justified(policy, &results)).transpose()?;
    let html = super::html(&outcome.results, command)?.into_bytes();
    let markdown = super::markdown(&outcome.results, command)?.into_bytes();
    let sweep = match &outcome.traffic {
        Some(traffic) => {
            let rows = outcome.sweep.iter().zip(traffic.iter().copied());
            sweep_parquet(&rows.collect::<Vec<(&SweepRow, Traffic)>>())?
        }
        None => sweep_parquet(&outcome.sweep)?,
    };
    let [of_results, of_sweep, of_markdown, of_html, of_policy] = WRITTEN;
    let mut files = vec![(of_results, results), (of_sweep, sweep), (of_markdown, markdown), (of_html, html)];
    files.extend(policy.map(|policy| (of_policy, policy.into_bytes())));

    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| ReportError::Io { path, source }
    };
    std::fs::create_dir_all(dir).map_err(io(dir))?;
    let old = dir.join(POLICY);
    let places: Vec<PathBuf> = files.iter().map(|(name, _)| dir.join(name)).collect();
    if let Some(path) = places.iter().chain([&old]).find(|path| path.is_dir()) {
        return Err(ReportError::Occupied { path: path.clone() });
    }
    let beside =
        places.iter().zip(&files).map(|(path, (_, bytes))| written_beside(path, bytes).map_err(io(path)));
    let beside: Vec<NamedTempFile> = beside.collect::<Result<_, _>>()?;
    // An old policy never stands beside results that it doesn't rest on.
    match std::fs::remove_file(&old) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(&old)(error)),
        _ => {}
    }
    for (file, path) in beside.into_iter().zip(&places) {
        file.persist(path).map_err(|error| io(path)(error.error))?;
    }
    Ok(places)
}

/// Writes one file beside its place and renames it into it.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    write_whole(path, bytes).map_err(|source| ReportError::Io { path: path.to_owned(), source })
}

/// The policy with the hash of the results it rests on, as TOML.
fn justified(policy: &Policy, results: &[u8]) -> Result<String, ReportError> {
    let mut policy = policy.clone();
    if let Some(justification) = &mut policy.justification {
        justification.results = Some(format!("sha256:{}", hex(&Sha256::digest(results))));
    }
    let toml = policy.to_toml().map_err(Box::new)?;
    Ok(format!(
        "# Everything that leaves, and how it is rounded. What isn't listed here is not sent.\n\
         # Chosen by a study; why, and where it fails, is in report.html beside this file.\n\n{toml}"
    ))
}
