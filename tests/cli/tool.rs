//! Running the program in a folder of its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A small catalogue with every column that is required.
pub const SMALL: &str = "title_id,duration_ms,kind\n1,1000,movie\n2,2000,movie\n3,2500,episode\n";

/// What a run left.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// The result, where the run was to succeed.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self.stdout
    }
}

/// A folder that goes away with the test; programs run in it.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), bytes).expect("a file");
        self
    }

    pub fn remove(&self, name: &str) -> &Self {
        std::fs::remove_file(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        self
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names and contents of the files in it; a folder counts as empty.
    pub fn listing(&self) -> BTreeSet<(PathBuf, Vec<u8>)> {
        let entries = std::fs::read_dir(self.0.path()).expect("the folder");
        entries
            .map(|entry| entry.expect("an entry").path())
            .map(|path| (path.clone(), std::fs::read(&path).unwrap_or_default()))
            .collect()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coarsen"));
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        finish(self.command(args))
    }

    /// The run must be refused: code 2, a message with all these words, no panic, nothing on standard output,
    /// and the folder as it was.
    #[track_caller]
    pub fn refused(&self, args: &[&str], words: &[&str]) -> String {
        let before = self.listing();
        let ran = self.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.stdout, "", "{args:?}");
        assert!(!ran.stderr.contains("panicked"), "{args:?}: {}", ran.stderr);
        for word in words {
            assert!(ran.stderr.contains(word), "{args:?}: `{word}` is not in: {}", ran.stderr);
        }
        assert!(self.listing() == before, "{args:?} changed the folder");
        ran.stderr
    }

    /// What `measure --json` says, without the hash of the file.
    #[track_caller]
    pub fn measure(&self, catalogue: &str, args: &[&str]) -> Value {
        let mut all = vec!["measure", "--json", "--catalogue", catalogue];
        all.extend(args);
        let mut value = json(&self.run(&all).ok());
        let source = value["catalogue"].as_object_mut().expect("a source");
        assert_eq!(source.shift_remove("sha256").expect("a hash").as_str().expect("text").len(), 64);
        value
    }
}

pub fn finish(mut command: Command) -> Ran {
    let output = command.output().expect("the program runs");
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

#[track_caller]
pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Imports a CSV into a Parquet file, both in the folder.
pub fn to_parquet(folder: &Folder, csv: &str, parquet: &str) {
    folder.run(&["catalogue", "import", csv, "-o", parquet]).ok();
}

/// Whether text holds nothing that drives a terminal.
pub fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || !(c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c)))
}

/// Writes any table as Parquet.
pub fn write_parquet(path: &Path, columns: Vec<polars::prelude::Column>) {
    write_row_groups(path, columns, None);
}

/// Writes any table as Parquet, so many rows in each row group.
pub fn write_row_groups(path: &Path, columns: Vec<polars::prelude::Column>, rows: Option<usize>) {
    let height = columns.first().map_or(0, polars::prelude::Column::len);
    let mut frame = polars::prelude::DataFrame::new(height, columns).expect("a table");
    let file = std::fs::File::create(path).expect("a file");
    let writer = polars::prelude::ParquetWriter::new(file).with_row_group_size(rows);
    writer.finish(&mut frame).expect("Parquet");
}
