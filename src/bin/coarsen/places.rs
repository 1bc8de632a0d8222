//! Where a verb writes, and that it is nowhere that it reads.

use std::ffi::{OsStr, OsString};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use clap::builder::ValueParser;
use clap::{ArgMatches, Command, value_parser};
use coarsen::telemetry::apply::check_apart;

use crate::failure::Failure;

/// An argument that names a file to write. What is written goes to one of these, so that no verb can forget [`check`].
#[derive(Clone, Debug)]
pub struct Output(PathBuf);

impl From<OsString> for Output {
    fn from(name: OsString) -> Self {
        Self(name.into())
    }
}

impl Deref for Output {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

/// An argument that names a file to read that may be written over, since all of it is in what is written.
#[derive(Clone, Debug)]
pub struct Edited(PathBuf);

impl From<OsString> for Edited {
    fn from(name: OsString) -> Self {
        Self(name.into())
    }
}

impl Deref for Edited {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

/// Refuses an [`Output`] that is a file which another argument names to be read, or the file of another output, under
/// whatever names. Arguments are told by their types, whichever verb they are of: paths are read, and so is text that
/// may be the name of a file, as in `--grow FILE|RECIPE`.
pub fn check(command: &Command, matches: &ArgMatches) -> Result<(), Failure> {
    if let Some((name, matches)) = matches.subcommand() {
        return command.find_subcommand(name).map_or(Ok(()), |verb| check(verb, matches));
    }
    let output = ValueParser::from(value_parser!(Output)).type_id();
    let path = value_parser!(PathBuf).type_id();
    let text = value_parser!(String).type_id();
    let (mut written, mut read): (Vec<&Path>, Vec<&Path>) = (Vec::new(), Vec::new());
    for arg in command.get_arguments() {
        let of = arg.get_value_parser().type_id();
        let is_named = || arg.get_value_names().unwrap_or_default().iter().any(|name| name.contains("FILE"));
        if of != output && of != path && !(of == text && is_named()) {
            continue;
        }
        let values = matches.get_raw(arg.get_id().as_str()).into_iter().flatten();
        for value in values.filter(|value| *value != OsStr::new("-")) {
            if of == output {
                written.push(Path::new(value));
            } else if of == path {
                read.push(Path::new(value));
            } else {
                // FIELD=FILE as well. What is no file holds nothing to lose.
                let text = value.to_str().unwrap_or_default();
                let tail = text.split_once('=').map_or(text, |(_, file)| file);
                read.extend([text, tail].map(Path::new).into_iter().filter(|path| path.is_file()));
            }
        }
    }
    check_apart(&written, &read).map_err(Failure::input)
}
