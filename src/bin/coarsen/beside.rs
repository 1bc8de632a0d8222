//! What leaves of a rounded number besides the number that stands for its bucket.

use clap::{Args, ValueEnum};
use coarsen::policy::Columns;

/// The flag.
#[derive(Args, Clone)]
pub struct Beside {
    /// What leaves of a rounded number besides its representative: the bucket's edges (NAME_from, NAME_to), the bucket
    /// in words (NAME_label), or both, by comma.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    columns: Vec<Column>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Column {
    /// The bucket's edges, NAME_from and NAME_to.
    Interval,
    /// The bucket in words, NAME_label.
    Label,
}

impl Beside {
    pub fn columns(&self) -> Columns {
        let asked = |column| self.columns.contains(&column);
        Columns { interval: asked(Column::Interval), label: asked(Column::Label) }
    }
}
