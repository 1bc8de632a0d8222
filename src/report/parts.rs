//! A sweep in a folder: one Parquet file a piece, so that a sweep of millions can be interrupted and taken up again.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::error::ReportError;
use super::sweep::sweep_parquet;
use super::write::write_file;
use crate::search::Tabular;

/// What a sweep is, so that only the same sweep goes on in its folder.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Manifest {
    /// `coarsen.sweep/1`.
    pub schema: &'static str,
    /// The program's version.
    pub version: &'static str,
    /// SHA-256 of the catalogue.
    pub catalogue: String,
    /// `all` or `counts`.
    pub measures: &'static str,
    /// The roundings of the duration.
    pub durations: Vec<String>,
    /// The roundings of the bit rate.
    pub bitrates: Vec<String>,
    /// The sets of side fields.
    pub by: Vec<Vec<&'static str>>,
    /// The share of the files aside in k within the budget.
    pub exposed: f64,
    /// How many files there are when it is done: `part-00000.parquet` and so on.
    pub parts: usize,
}

/// The file that says which sweep the folder holds.
const MANIFEST: &str = "sweep.json";

/// How the names of files begin that were not renamed into their place yet.
const REMNANT: &str = ".tmp";

/// The folder of a sweep.
#[derive(Clone, Debug)]
pub struct Parts {
    folder: PathBuf,
    parts: usize,
}

impl Parts {
    /// Begins a sweep in a folder that is empty or not there yet, or takes up the one that it holds.
    ///
    /// # Errors
    /// [`ReportError::OtherSweep`] where the folder holds anything else, [`ReportError::Io`].
    pub fn open(folder: &Path, manifest: &Manifest) -> Result<Self, ReportError> {
        let io = |source| ReportError::Io { path: folder.to_owned(), source };
        let mut text = serde_json::to_vec_pretty(manifest)?;
        text.push(b'\n');
        std::fs::create_dir_all(folder).map_err(io)?;
        let place = folder.join(MANIFEST);
        match std::fs::read(&place) {
            Ok(held) if held == text => {}
            Ok(_) => return Err(ReportError::OtherSweep { path: folder.to_owned() }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                for entry in std::fs::read_dir(folder).map_err(io)? {
                    if !is_remnant(&entry.map_err(io)?.path()) {
                        return Err(ReportError::OtherSweep { path: folder.to_owned() });
                    }
                }
                write_file(&place, &text)?;
            }
            Err(error) => return Err(io(error)),
        }
        for entry in std::fs::read_dir(folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if is_remnant(&path) {
                std::fs::remove_file(&path).map_err(io)?;
            }
        }
        Ok(Self { folder: folder.to_owned(), parts: manifest.parts })
    }

    fn place(&self, part: usize) -> PathBuf {
        self.folder.join(format!("part-{part:05}.parquet"))
    }

    /// The pieces that are not there yet.
    pub fn missing(&self) -> Vec<usize> {
        (0..self.parts).filter(|&part| !self.place(part).exists()).collect()
    }

    /// Writes one piece beside its place and renames it into it: what is there is whole.
    ///
    /// # Errors
    /// [`ReportError::Io`], [`ReportError::Table`].
    pub fn write<R: Tabular>(&self, part: usize, rows: &[R]) -> Result<(), ReportError> {
        write_file(&self.place(part), &sweep_parquet(rows)?)
    }
}

/// Whether a killed run left it: a file that was never renamed into its place.
fn is_remnant(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(REMNANT)) && path.is_file()
}
