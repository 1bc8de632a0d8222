//! Outputs on their way: written beside their places, and all renamed into them when all is done.
//!
//! One rename is whole or not at all; several aren't. So what stands in the places is kept aside until the last one is
//! done, and put back where one fails. Who kills the program between two renames finds whole files of both runs, and
//! what was kept aside beside them.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::ApplyError;
use super::place::{io_error, named};
use crate::catalogue::ingest::{linked_beside, written_beside};

/// A file on its way to its place.
pub(in crate::telemetry) struct Pending {
    path: PathBuf,
    beside: NamedTempFile,
}

impl Pending {
    /// Opens a file beside that place. What stands there already must be a file, since it will be replaced.
    pub fn beside(path: &Path) -> Result<Self, ApplyError> {
        check(path)?;
        Self::of(path, written_beside(path, &[]).map_err(|source| io_error(path, source))?)
    }

    /// A file that was written beside that place.
    pub fn of(path: &Path, beside: NamedTempFile) -> Result<Self, ApplyError> {
        check(path)?;
        Ok(Self { path: path.to_owned(), beside })
    }

    pub fn file(&self) -> Result<File, ApplyError> {
        self.beside.as_file().try_clone().map_err(|source| io_error(&self.path, source))
    }
}

fn check(path: &Path) -> Result<(), ApplyError> {
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        let problem = "what stands there is no file and can't be replaced by one; write elsewhere, or to - for \
                       standard output";
        return Err(ApplyError::Table { from: named(path), problem: problem.to_owned() });
    }
    Ok(())
}

/// A place that was taken, and what stood there before.
struct Taken {
    path: PathBuf,
    old: Option<TempPath>,
}

/// Renames all of them into their places. O(files), and O(bytes of the old files) where the disk knows no hard links.
///
/// # Errors
/// [`ApplyError`] where one can't be: then each place holds what it held before.
pub(in crate::telemetry) fn persist_all(pending: Vec<Pending>) -> Result<(), ApplyError> {
    // A lone rename needs nothing kept aside.
    let several = pending.len() > 1;
    let keep = |Pending { path, beside }| {
        check(&path)?;
        let old = if several { aside(&path).map_err(|source| io_error(&path, source))? } else { None };
        Ok((Taken { path, old }, beside))
    };
    let kept: Vec<(Taken, NamedTempFile)> =
        pending.into_iter().map(keep).collect::<Result<_, ApplyError>>()?;
    let mut done: Vec<Taken> = Vec::new();
    for (taken, beside) in kept {
        if let Err(error) = beside.persist(&taken.path) {
            let error = io_error(&taken.path, error.error);
            return Err(put_back(done).unwrap_or(error));
        }
        done.push(taken);
    }
    Ok(())
}

/// What stands at a place, under another name beside it; nothing where nothing does.
fn aside(path: &Path) -> io::Result<Option<TempPath>> {
    if fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(None);
    }
    match linked_beside(path) {
        Ok(old) => Ok(Some(old)),
        // Not every disk knows hard links, and not every file may have another.
        Err(_) => {
            let old = written_beside(path, &[])?;
            fs::copy(path, old.path())?;
            Ok(Some(old.into_temp_path()))
        }
    }
}

/// Puts back what stood there; the error where that can't be done either.
fn put_back(done: Vec<Taken>) -> Option<ApplyError> {
    let mut failed = None;
    for Taken { path, old } in done.into_iter().rev() {
        let put = match old {
            Some(old) => old.persist(&path).map_err(|error| {
                // The only copy: better under an odd name than gone.
                _ = error.path.keep();
                error.error
            }),
            None => fs::remove_file(&path),
        };
        if let Err(source) = put {
            failed = Some(io_error(&path, source));
        }
    }
    failed
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn pending(folder: &Path, name: &str) -> Result<Pending, ApplyError> {
        let pending = Pending::beside(&folder.join(name))?;
        pending.file()?.write_all(b"new").map_err(|source| io_error(folder, source))?;
        Ok(pending)
    }

    fn names(folder: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
        let entries = fs::read_dir(folder)?.map(|entry| {
            let path = entry?.path();
            Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), fs::read(&path)?))
        });
        let mut names = entries.collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    #[test]
    fn all_or_none() -> Result<(), Box<dyn std::error::Error>> {
        for failing in [None, Some(0), Some(1), Some(2), Some(3)] {
            let folder = tempfile::tempdir()?;
            for old in ["a", "c", "d"] {
                fs::write(folder.path().join(old), format!("old {old}"))?;
            }
            let before = names(folder.path())?;
            let all = ["a", "b", "c", "d"].map(|name| pending(folder.path(), name));
            let all = all.into_iter().collect::<Result<Vec<_>, _>>()?;
            if let Some(failing) = failing {
                // What is not there can't be renamed.
                fs::remove_file(all[failing].beside.path())?;
            }
            let done = persist_all(all);
            assert_eq!(done.is_err(), failing.is_some());
            let after = names(folder.path())?;
            match failing {
                Some(_) => assert_eq!(after, before, "{failing:?}"),
                None => {
                    let new = ["a", "b", "c", "d"].map(|name| (name.to_owned(), b"new".to_vec()));
                    assert_eq!(after, new);
                }
            }
        }
        Ok(())
    }

    /// The system's own word for it, where the user may not replace one of the outputs.
    #[test]
    fn a_folder_that_came_between() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("a"), "old")?;
        let all = vec![pending(folder.path(), "a")?, pending(folder.path(), "b")?];
        fs::create_dir(folder.path().join("b"))?;
        assert!(persist_all(all).is_err());
        assert_eq!(fs::read(folder.path().join("a"))?, b"old");
        assert_eq!(fs::read_dir(folder.path())?.count(), 2);
        Ok(())
    }
}
