//! The whole import.

use std::fs::File;
use std::path::Path;

use super::gather::Gathering;
use super::{ImportError, Options, Source, Summary, jellyfin, table, tautulli};
use crate::telemetry::apply::pending::{Pending, persist_all};
use crate::telemetry::apply::place::{check_apart, io_error, named};
use crate::telemetry::apply::refusals::Refusals;
use crate::telemetry::plays::format_of;
use crate::telemetry::plays::write::beside;

/// The name of the one server whose history it is.
const ONE: &str = "1";

/// Reads a history and writes its plays, in the format that the ending of `output` tells: see the [module](super) for
/// what holds of it. O(history) time; the plays are held in memory, of a table its bytes as well.
///
/// # Errors
/// [`ImportError`]; no file has changed then.
pub fn import(
    source: &Source,
    input: &Path,
    output: &Path,
    options: &Options,
) -> Result<Summary, ImportError> {
    let server = options.server.as_deref();
    if let Some(name) = server.filter(|name| name.trim().is_empty() || name.chars().any(char::is_control)) {
        let what = if name.trim().is_empty() { "is empty" } else { "holds a control character" };
        return Err(ImportError::Asked(format!("the name of the server {what}; give another")));
    }
    format_of(output)?;
    let refused = options.refused.as_deref();
    let written: Vec<&Path> = std::iter::once(output).chain(refused).collect();
    check_apart(&written, &[input])?;
    let list = refused.map(Pending::beside).transpose()?;
    let refusals = match (&list, refused) {
        (Some(list), Some(path)) => {
            Some(Refusals::new(list.file()?).map_err(|source| io_error(path, source))?)
        }
        _ => None,
    };

    let from = named(input);
    let file = File::open(input).map_err(|source| ImportError::Io { place: from.clone(), source })?;
    let mut gathering = Gathering::new(from, refusals);
    match source {
        Source::JellyfinReporting => jellyfin::read(file, server.unwrap_or(ONE), &mut gathering)?,
        Source::Tautulli => tautulli::read(input, server.unwrap_or(ONE), &mut gathering)?,
        Source::Table(mapping) => table::read(file, input, mapping, server, &mut gathering)?,
    }
    let (plays, summary) = gathering.finish()?;
    let mut pending = vec![Pending::of(output, beside(output, &plays)?)?];
    pending.extend(list);
    persist_all(pending)?;
    Ok(summary)
}
