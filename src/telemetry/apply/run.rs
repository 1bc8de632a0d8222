//! The whole run.

use std::path::{Path, PathBuf};

use super::admission::Admission;
use super::consent::Switchboard;
use super::engine::outgoing;
use super::intake::Intake;
use super::pending::{Pending, persist_all};
use super::place::{check_apart, check_streams, io_error, named, of_pings};
use super::refusals::Refusals;
use super::release::Key;
use super::{ApplyError, Options, Place, Summary, read, write};
use crate::policy::Policy;

/// Puts the plays of the inputs, one after another, through a policy: see the [module](super) for what holds of it.
///
/// An output of several pings has `{ping}` in its name. A ping whose every field is dropped or has expired gets no output.
/// O(plays x fields) time; memory for a batch of plays and a chunk of each ping, whatever the size of the input.
///
/// # Errors
/// [`ApplyError`]; no file has changed then. What went to standard output before the error stays there.
pub fn apply(
    policy: &Policy,
    inputs: &[Place],
    output: &Place,
    options: &Options,
) -> Result<Summary, ApplyError> {
    let key = Key::new(options.seed)
        .map_err(|source| ApplyError::Io { place: "the system's randomness".to_owned(), source })?;
    let board = Switchboard::new(policy, &options.consent, options.servers.as_ref())?;
    let mut pings = outgoing(policy, options.columns, options.as_of, &key)?;
    if inputs.iter().filter(|input| **input == Place::Standard).count() > 1 {
        return Err(ApplyError::Asked("standard input can be read once: name - once".to_owned()));
    }
    for input in inputs {
        input.format()?;
    }
    let places = of_pings(output, &policy.pings())?;
    let live: Vec<&Place> =
        pings.iter().zip(&places).filter(|(ping, _)| !ping.is_void()).map(|(_, place)| place).collect();
    check(inputs, &live, options)?;

    let mut pending = Vec::new();
    for (ping, place) in pings.iter_mut().zip(&places).filter(|(ping, _)| !ping.is_void()) {
        let format = place.format()?;
        let file = match place {
            Place::Standard => None,
            Place::File(path) => {
                let beside = Pending::beside(path)?;
                let file = beside.file()?;
                pending.push(beside);
                Some(file)
            }
        };
        ping.open(|chunk| write::open(place, format, file, options.columns, chunk))?;
    }
    let refusals = match &options.refused {
        None => None,
        Some(path) => {
            let beside = Pending::beside(path)?;
            let refusals = Refusals::new(beside.file()?).map_err(|source| io_error(path, source))?;
            pending.push(beside);
            Some(refusals)
        }
    };
    let admission = Admission::new(policy, board, options.as_of);
    let mut intake = Intake::new(policy, admission, pings, key, options.strict, refusals);
    for input in inputs {
        read::read(input, &mut intake)?;
    }
    let summary = intake.finish()?;
    persist_all(pending)?;
    Ok(summary)
}

/// Whether every output can come to stand where it belongs without hurting what is read.
fn check(inputs: &[Place], outputs: &[&Place], options: &Options) -> Result<(), ApplyError> {
    let file = |place: &Place| match place {
        Place::Standard => None,
        Place::File(path) => Some(path.clone()),
    };
    let mut read: Vec<PathBuf> = inputs.iter().filter_map(file).collect();
    read.extend(options.guarded.iter().cloned());
    read.extend(options.servers.as_ref().map(|servers| servers.from().to_owned()));
    let mut written: Vec<PathBuf> = outputs.iter().filter_map(|place| file(place)).collect();
    written.extend(options.refused.clone());
    for path in &written {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let problem = "there is no such folder; make it first, or write elsewhere".to_owned();
            return Err(ApplyError::Table { from: named(folder), problem });
        }
    }
    let written: Vec<&Path> = written.iter().map(PathBuf::as_path).collect();
    let read: Vec<&Path> = read.iter().map(PathBuf::as_path).collect();
    check_apart(&written, &read)?;
    let streams = (inputs.contains(&Place::Standard), outputs.contains(&&Place::Standard));
    check_streams(&written, &read, streams)
}
