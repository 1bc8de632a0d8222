//! The database, opened so that nothing is written: neither to it nor beside it.

use std::fmt::Write;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Statement};

use super::cell::{Cell, HISTORY, MEDIA, METADATA};
use crate::catalogue::shown;
use crate::telemetry::plays::import::ImportError;
use crate::telemetry::plays::import::gather::Gathering;

/// A database that holds the three tables, as far as is known.
pub(super) struct Database(Connection);

/// What SQLite says of the file.
pub(super) fn broken(error: &rusqlite::Error, gathering: &Gathering) -> ImportError {
    use rusqlite::ErrorCode as Code;
    let problem = match error.sqlite_error_code() {
        Some(Code::NotADatabase) => "not an SQLite database; give the file tautulli.db".to_owned(),
        Some(Code::DatabaseCorrupt) => CUT_SHORT.to_owned(),
        _ => format!("SQLite: {}", shown(&error.to_string())),
    };
    gathering.broken(problem)
}

const CUT_SHORT: &str = "not a whole SQLite database; was it cut short?";

impl Database {
    /// Opens it as a file that never changes: SQLite then takes no lock and leaves no file.
    pub fn open(path: &Path, gathering: &Gathering) -> Result<Self, ImportError> {
        // What lies in these files would be left out without a word.
        for ending in ["-wal", "-journal"] {
            let mut beside = path.as_os_str().to_owned();
            beside.push(ending);
            if fs::metadata(&beside).is_ok_and(|there| there.len() > 0) {
                return Err(gathering.broken(format!(
                    "changes that are not in it yet stand beside it ({ending}): stop Tautulli, or import a backup that it \
                     made"
                )));
            }
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
        let open = |uri: String| -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(uri, flags)?;
            // What a database itself defines must not run anything that reaches out of it.
            connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;")?;
            Ok(connection)
        };
        let uri = uri(path).ok_or_else(|| gathering.broken("its name must be UTF-8; rename a copy of it"))?;
        let database = open(uri).map(Self).map_err(|error| broken(&error, gathering))?;
        let io = |source| ImportError::Io { place: gathering.from().to_owned(), source };
        // A file that is no database at all is told as that first.
        let tables = "SELECT count(*) FROM sqlite_master";
        let read = database.0.query_row(tables, [], |row| row.get::<_, i64>(0));
        match read.map_err(|error| broken(&error, gathering)) {
            Ok(_) if is_cut_short(path).map_err(io)? => Err(gathering.broken(CUT_SHORT)),
            Ok(_) => Ok(database),
            Err(error) => Err(error),
        }
    }

    /// The SELECT over the columns that are there; NULL stands for the others.
    ///
    /// # Errors
    /// [`ImportError::History`] for a table that isn't there, or whose `id` doesn't tell its rows apart.
    pub fn select(&self, gathering: &Gathering) -> Result<String, ImportError> {
        let mut known = Vec::new();
        for table in [HISTORY, METADATA, MEDIA] {
            let columns = self.columns(table).map_err(|error| broken(&error, gathering))?;
            if columns.is_empty() {
                return Err(gathering.broken(format!(
                    "there is no table `{table}`; give the database of Tautulli, tautulli.db"
                )));
            }
            if !columns.iter().any(|(name, is_key)| name == "id" && *is_key) {
                let problem =
                    format!("table `{table}` has no primary key `id`, which a database of Tautulli has");
                return Err(gathering.broken(problem));
            }
            known.push((table, columns));
        }
        let is_there = |table: &str, column: &str| {
            let columns = known.iter().filter(|(name, _)| *name == table).flat_map(|(_, columns)| columns);
            columns.into_iter().any(|(name, _)| name == column)
        };
        let mut select = format!("SELECT {HISTORY}.id");
        for (_, table, column) in Cell::ALL {
            // Both are names of ours. Writing into a text can't fail.
            let _ = match is_there(table, column) {
                true => write!(select, ", {table}.{column}"),
                false => write!(select, ", NULL"),
            };
        }
        let _ = write!(select, " FROM {HISTORY}");
        for table in [METADATA, MEDIA] {
            let _ = write!(select, " LEFT JOIN {table} ON {table}.id = {HISTORY}.id");
        }
        Ok(select + &format!(" ORDER BY {HISTORY}.id"))
    }

    pub fn prepare(&self, select: &str) -> rusqlite::Result<Statement<'_>> {
        self.0.prepare(select)
    }

    /// The columns of a table, and which of them is its whole primary key; none where there is no such table. A view
    /// is none.
    fn columns(&self, table: &str) -> rusqlite::Result<Vec<(String, bool)>> {
        let is_table = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?1";
        if self.0.query_row(is_table, [table], |row| row.get::<_, i64>(0))? == 0 {
            return Ok(Vec::new());
        }
        let mut info = self.0.prepare("SELECT name, pk FROM pragma_table_info(?1)")?;
        let columns = info.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let columns: Vec<(String, i64)> = columns.collect::<Result<_, _>>()?;
        let keys = columns.iter().filter(|(_, key)| *key > 0).count();
        Ok(columns.into_iter().map(|(name, key)| (name.to_ascii_lowercase(), key > 0 && keys == 1)).collect())
    }
}

/// A path as SQLite's URI: what means something there is written out, and a name like `:memory:` stays that of a file.
fn uri(path: &Path) -> Option<String> {
    let mut uri = if path.is_relative() { "file:./" } else { "file://" }.to_owned();
    for byte in path.to_str()?.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(byte.into())
            }
            // Writing into a text can't fail.
            byte => _ = write!(uri, "%{byte:02X}"),
        }
    }
    Some(uri + "?mode=ro&immutable=1")
}

/// Whether a database holds fewer bytes than its header says, which SQLite finds only where it reads what is gone.
fn is_cut_short(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut header = [0; 100];
    if length < header.len() as u64 {
        return Ok(true);
    }
    file.read_exact(&mut header)?;
    let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    // A version of SQLite from before 2010 leaves the number of pages to the size of the file.
    Ok(number(24) == number(92) && length < page * u64::from(number(28)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_no_part_of_the_question() {
        let end = "?mode=ro&immutable=1";
        for (path, wanted) in [
            ("a?mode=rwc# %/é.db", "file:./a%3Fmode%3Drwc%23%20%25/%C3%A9.db"),
            (":memory:", "file:./%3Amemory%3A"),
            ("//host/a", "file:////host/a"),
        ] {
            assert_eq!(uri(Path::new(path)), Some(wanted.to_owned() + end));
        }
    }
}
