//! Where outputs go, and that it is nowhere that anything is read from.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{ApplyError, Place};
use crate::catalogue::harmless;

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

pub(in crate::telemetry) fn named(path: &Path) -> String {
    harmless(&path.to_string_lossy())
}

pub(in crate::telemetry) fn io_error(path: &Path, source: io::Error) -> ApplyError {
    ApplyError::Io { place: named(path), source }
}

/// Refuses outputs that are among the files that are read, or twice among themselves, under whatever names.
///
/// # Errors
/// [`ApplyError::Same`], [`ApplyError::Twice`].
pub fn check_apart(outputs: &[&Path], inputs: &[&Path]) -> Result<(), ApplyError> {
    for (at, output) in outputs.iter().enumerate() {
        if let Some(input) = inputs.iter().find(|input| is_same(output, input)) {
            return Err(ApplyError::Same { output: named(output), input: named(input) });
        }
        if let Some(other) = outputs[..at].iter().find(|other| is_same(output, other)) {
            return Err(ApplyError::Twice { output: named(output), other: named(other) });
        }
    }
    Ok(())
}

/// Refuses files that a stream of the program leads from or to, as in `< FILE`.
///
/// # Errors
/// [`ApplyError::Same`] for standard input that is one of the outputs or of the standard output, and for standard output
/// that is one of the inputs; [`ApplyError::Twice`] for standard output that is another output.
pub(super) fn check_streams(
    outputs: &[&Path],
    inputs: &[&Path],
    (reads, writes): (bool, bool),
) -> Result<(), ApplyError> {
    let input = reads.then(|| file_of(io::stdin())).flatten();
    let output = writes.then(|| file_of(io::stdout())).flatten();
    let is = |stream: Option<FileId>, path: &Path| stream.is_some() && stream == id(path);
    let (from, to) = ("standard input".to_owned(), "standard output".to_owned());
    if let Some(path) = outputs.iter().find(|path| is(input, path)) {
        return Err(ApplyError::Same { output: named(path), input: from });
    }
    if let Some(path) = inputs.iter().find(|path| is(output, path)) {
        return Err(ApplyError::Same { output: to, input: named(path) });
    }
    if input.is_some() && input == output {
        return Err(ApplyError::Same { output: to, input: from });
    }
    match outputs.iter().find(|path| is(output, path)) {
        Some(path) => Err(ApplyError::Twice { output: to, other: named(path) }),
        None => Ok(()),
    }
}

/// The device of a file and its number there.
type FileId = (u64, u64);

#[cfg(unix)]
fn id_of(file: &fs::Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt;
    (file.dev(), file.ino())
}

#[cfg(unix)]
fn id(path: &Path) -> Option<FileId> {
    fs::metadata(path).ok().map(|file| id_of(&file))
}

/// The file that a stream leads from or to; none where it is a pipe, a terminal or another device.
#[cfg(unix)]
fn file_of(stream: impl std::os::fd::AsFd) -> Option<FileId> {
    let stream = File::from(stream.as_fd().try_clone_to_owned().ok()?);
    stream.metadata().ok().filter(fs::Metadata::is_file).map(|file| id_of(&file))
}

/// Elsewhere nobody tells which file it is.
#[cfg(not(unix))]
fn id(_: &Path) -> Option<FileId> {
    None
}

#[cfg(not(unix))]
fn file_of<S>(_: S) -> Option<FileId> {
    None
}

fn is_same(a: &Path, b: &Path) -> bool {
    if a == b {
        return true;
    }
    if let (Some(a), Some(b)) = (id(a), id(b)) {
        return a == b;
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
