//! Where outputs go: written beside their places, and renamed into them when all is done.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{ApplyError, Place};
use crate::catalogue::harmless;
use crate::catalogue::ingest::written_beside;

/// What stands for the name of a ping in the name of an output.
const PING: &str = "{ping}";

/// The place of each ping.
///
/// # Errors
/// [`ApplyError::Pings`] for one place of several pings.
pub(super) fn of_pings(output: &Place, pings: &[&str]) -> Result<Vec<Place>, ApplyError> {
    let apart = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(PING));
    match output {
        Place::File(path) if apart(path) => {
            let name = path.file_name().unwrap_or_default();
            // A name that is not UTF-8 has no business with a pattern, and a place that is another would be worse.
            let name = name.to_str().ok_or_else(|| {
                ApplyError::Asked(format!("{output}: a name with {PING} in it must be UTF-8"))
            })?;
            Ok(pings.iter().map(|ping| Place::File(path.with_file_name(name.replace(PING, ping)))).collect())
        }
        _ if pings.len() == 1 => Ok(vec![output.clone()]),
        _ => Err(ApplyError::Pings { pings: pings.join(", ") }),
    }
}

/// A file on its way to its place.
pub(in crate::telemetry) struct Pending {
    path: PathBuf,
    beside: NamedTempFile,
}

impl Pending {
    /// Opens a file beside that place. What stands there already must be a file, since it will be replaced.
    pub fn beside(path: &Path) -> Result<Self, ApplyError> {
        let fail = |source| io_error(path, source);
        if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
            let problem = "what stands there is no file and can't be replaced by one; write elsewhere, or to - for \
                           standard output";
            return Err(ApplyError::Table { from: named(path), problem: problem.to_owned() });
        }
        Ok(Self { path: path.to_owned(), beside: written_beside(path, &[]).map_err(fail)? })
    }

    pub fn file(&self) -> Result<File, ApplyError> {
        self.beside.as_file().try_clone().map_err(|source| io_error(&self.path, source))
    }

    /// Renames it into its place.
    pub fn persist(self) -> Result<(), ApplyError> {
        let Self { path, beside } = self;
        beside.persist(&path).map(drop).map_err(|error| io_error(&path, error.error))
    }
}

pub(in crate::telemetry) fn named(path: &Path) -> String {
    harmless(&path.to_string_lossy())
}

pub(in crate::telemetry) fn io_error(path: &Path, source: io::Error) -> ApplyError {
    ApplyError::Io { place: named(path), source }
}

/// Refuses outputs that are among the files that are read, or twice among themselves, under whatever names.
///
/// # Errors
/// [`ApplyError::Same`].
pub fn check_apart(outputs: &[&Path], inputs: &[&Path]) -> Result<(), ApplyError> {
    for (at, output) in outputs.iter().enumerate() {
        for other in inputs.iter().chain(&outputs[..at]) {
            if is_same(output, other) {
                return Err(ApplyError::Same { output: named(output), input: named(other) });
            }
        }
    }
    Ok(())
}

fn is_same(a: &Path, b: &Path) -> bool {
    if a == b {
        return true;
    }
    #[cfg(unix)]
    if let (Ok(a), Ok(b)) = (fs::metadata(a), fs::metadata(b)) {
        use std::os::unix::fs::MetadataExt;
        return (a.dev(), a.ino()) == (b.dev(), b.ino());
    }
    // What isn't there yet is known by its folder.
    matches!((whole(a), whole(b)), (Ok(a), Ok(b)) if a == b)
}

fn whole(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(path).or_else(|error| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match path.file_name() {
            Some(name) => Ok(fs::canonicalize(folder)?.join(name)),
            None => Err(error),
        }
    })
}
