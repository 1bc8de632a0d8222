//! A table of plays by mapping: Parquet and CSV column by column, JSON lines line by line.

mod columns;
mod json;
mod lines;
mod value;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::gather::Gathering;
use super::{ImportError, Mapping};
use crate::catalogue::CatalogueError;
use crate::catalogue::ingest::{Csv, Parquet, Wanted, read_csv};
use crate::telemetry::apply::Format;
use crate::telemetry::plays::{Text, format_of};
use columns::Columns;

/// Reads a table to its end.
pub(super) fn read(
    mut file: File,
    input: &Path,
    mapping: &Mapping,
    server: Option<&str>,
    gathering: &mut Gathering,
) -> Result<(), ImportError> {
    let format = format_of(input)?;
    if format == Format::Lines {
        return lines::read(file, mapping, server, gathering);
    }
    let from = gathering.from().to_owned();
    let mut bytes = Vec::new();
    let io = |source| ImportError::Io { place: from.clone(), source };
    file.read_to_end(&mut bytes).map_err(io)?;
    if bytes.is_empty() {
        return Err(gathering.broken("the file is empty"));
    }
    let plan = |header: &[String]| -> Result<Vec<Wanted>, CatalogueError> {
        let wanted = mapping.0.plan(&from, header)?;
        let problem = match wanted.iter().find(|wanted| wanted.ours == Text::Server.name()) {
            _ if wanted.is_empty() => "no column of it is one of a play",
            Some(_) if server.is_some() => TWO_SERVERS,
            _ => return Ok(wanted),
        };
        Err(CatalogueError::Table { from: from.clone(), problem: problem.to_owned() })
    };
    let mut columns = Columns::default();
    if format == Format::Parquet {
        let table = Parquet::new(&from, &bytes)?;
        let wanted = plan(table.header())?;
        let places = wanted.iter().map(|wanted| wanted.place);
        places.filter(|place| !table.holds_flags(*place)).try_for_each(|place| table.check(place))?;
        for wanted in wanted {
            columns.add(&wanted, &table.header()[wanted.place], table.column(wanted.place), &from)?;
        }
    } else {
        let Csv { header, wanted, columns: texts } = read_csv(&from, &bytes, plan)?;
        for (wanted, text) in wanted.into_iter().zip(texts) {
            columns.add(&wanted, &header[wanted.place], std::iter::once(Ok(text)), &from)?;
        }
    }
    columns.pass(server, gathering)
}

/// What is wrong where the name of the server comes from two places.
const TWO_SERVERS: &str =
    "it has a column `server`, and --server names another; leave one out (--ignore server)";
