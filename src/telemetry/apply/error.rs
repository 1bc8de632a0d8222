//! What can go wrong while plays are put through a policy.

use std::io;

use super::Fault;

/// Plays that can't be read, put through the policy, or written. Values never stand in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The system refused to read or write.
    #[error("{place}: {source}")]
    Io {
        /// The file, or standard input or output.
        place: String,
        /// What the system says.
        source: io::Error,
    },
    /// A name that tells no format.
    #[error("{place}: the format is told by the ending: name it .parquet, .csv, .jsonl or .ndjson")]
    Extension {
        /// The file.
        place: String,
    },
    /// An input that is no such table as a whole.
    #[error("{from}: {problem}")]
    Table {
        /// The input.
        from: String,
        /// What is wrong, and the mend.
        problem: String,
    },
    /// A row that the policy can't be applied to.
    #[error("{from}, row {row}{}: {fault}; mend the row, or collect such rows with --refused FILE", .column.as_ref().map_or(String::new(), |column| format!(", column `{column}`")))]
    Row {
        /// The input.
        from: String,
        /// The row, from 1 without the header; of JSON lines the line.
        row: u64,
        /// The column as the input calls it, where it is one column's fault.
        column: Option<String>,
        /// What is wrong.
        fault: Fault,
    },
    /// Columns that the policy doesn't know, where that was to be an error.
    #[error(
        "{from}: the policy doesn't know {}: remove them from the input, or leave out --strict to drop them",
        columns(.names)
    )]
    Unknown {
        /// The input.
        from: String,
        /// Their names.
        names: Vec<String>,
    },
    /// Columns of the policy that the input lacks, where that was to be an error.
    #[error(
        "{from}: the policy reads {}, and the input has no such column: rename one, or leave out --strict to send nothing for it",
        columns(.names)
    )]
    Lacking {
        /// The input.
        from: String,
        /// Their names.
        names: Vec<String>,
    },
    /// An output that is one of the inputs.
    #[error("{output} is the same file as {input}, which is read: write elsewhere")]
    Same {
        /// The output.
        output: String,
        /// The input.
        input: String,
    },
    /// Two outputs that are one file.
    #[error("{output} is the same file as {other}, which is written as well: write elsewhere")]
    Twice {
        /// The one output.
        output: String,
        /// The other.
        other: String,
    },
    /// One output for several pings, which must not stand side by side.
    #[error(
        "the policy sends the pings {pings} apart: put {{ping}} into the name of the output, like out-{{ping}}.parquet"
    )]
    Pings {
        /// Their names.
        pings: String,
    },
    /// What was asked contradicts itself or the policy.
    #[error("{0}")]
    Asked(String),
}

fn columns(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let word = if names.len() == 1 { "column" } else { "columns" };
    format!("{word} {}", names.join(", "))
}
