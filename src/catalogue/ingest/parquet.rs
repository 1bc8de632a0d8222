//! Parquet, one column of one row group at a time: only that much of a file is ever unpacked.

use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use polars::io::mmap::MmapBytesReader;
use polars::io::parquet::metadata::FileMetadataRef;
use polars::prelude::{
    ArrowDataType, ArrowField, Column, ParallelStrategy, ParquetReader, PolarsError, PolarsResult, SerReader,
};

use super::quiet;
use crate::catalogue::CatalogueError;
use crate::catalogue::error::shown;

/// The bytes of a Parquet file whose footer is whole.
pub(crate) struct Parquet<'a> {
    from: &'a str,
    bytes: &'a [u8],
    header: Vec<String>,
    types: Vec<ArrowDataType>,
    /// For each row group the footer of a file that held it alone.
    groups: Vec<FileMetadataRef>,
}

impl<'a> Parquet<'a> {
    /// Reads the footer; `from` names the file in errors. O(columns row groups).
    pub fn new(from: &'a str, bytes: &'a [u8]) -> Result<Self, CatalogueError> {
        if !bytes.starts_with(b"PAR1") {
            let problem = "not a Parquet file; a CSV must have a name that ends in .csv".to_owned();
            return Err(CatalogueError::Table { from: from.to_owned(), problem });
        }
        let (header, types, groups) = (Vec::new(), Vec::new(), Vec::new());
        let mut parquet = Self { from, bytes, header, types, groups };
        // Both magic numbers must be there.
        if bytes.len() < 12 || !bytes.ends_with(b"PAR1") {
            return Err(parquet.broken("no PAR1 at its end"));
        }
        let Footer { fields, groups } = parquet.whole(|| footer(parquet.reader()))?;
        parquet.groups = groups;
        (parquet.header, parquet.types) =
            fields.into_iter().map(|field| (field.name.to_string(), field.dtype)).unzip();
        let rows = parquet.groups.iter().fold(0usize, |rows, group| rows.saturating_add(group.num_rows));
        if u32::try_from(rows).is_err() {
            return Err(parquet.broken(&format!("over {} rows", u32::MAX)));
        }
        Ok(parquet)
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Checks that a column is of a type that the reader knows; one that is ignored may be of any.
    pub fn check(&self, place: usize) -> Result<(), CatalogueError> {
        if readable(&self.types[place]) {
            return Ok(());
        }
        let (name, found) = (shown(&self.header[place]), shown(&format!("{:?}", self.types[place])));
        let problem = format!(
            "column `{name}` holds {found}; give it as text, as integers of 32 or 64 bits, or as decimals of \
             double precision"
        );
        Err(CatalogueError::Table { from: self.from.to_owned(), problem })
    }

    /// Whether a column holds yes and no, which a catalogue has no column for.
    pub fn holds_flags(&self, place: usize) -> bool {
        self.types[place] == ArrowDataType::Boolean
    }

    /// One column, row group by row group.
    pub fn column(&self, place: usize) -> impl Iterator<Item = Result<Column, CatalogueError>> {
        self.groups.iter().map(move |group| {
            let read = || {
                let mut reader = self.reader().with_projection(Some(vec![place]));
                reader.set_metadata(group.clone());
                reader.finish()
            };
            let part = self.whole(read)?.into_columns().pop();
            part.ok_or_else(|| self.broken("a column is not there"))
        })
    }

    /// One thread reads, so that it is this one that panics.
    fn reader(&self) -> ParquetReader<Cursor<&'a [u8]>> {
        ParquetReader::new(Cursor::new(self.bytes)).read_parallel(ParallelStrategy::None)
    }

    /// A damaged page can make the reader panic; for the user that is a damaged file.
    fn whole<T>(&self, read: impl FnOnce() -> Result<T, PolarsError>) -> Result<T, CatalogueError> {
        match quiet::caught(read) {
            Ok(read) => read.map_err(|error| self.broken(&error.to_string())),
            Err(_) => Err(self.broken("a damaged page")),
        }
    }

    fn broken(&self, what: &str) -> CatalogueError {
        let problem = format!("not a whole Parquet file ({what}); was it cut short?");
        CatalogueError::Table { from: self.from.to_owned(), problem }
    }
}

/// What a footer tells.
pub(crate) struct Footer {
    /// The columns.
    pub fields: Vec<ArrowField>,
    /// For each row group the footer of a file that held it alone.
    pub groups: Vec<FileMetadataRef>,
}

/// Reads a footer. O(columns row groups).
pub(crate) fn footer<R: MmapBytesReader>(mut reader: ParquetReader<R>) -> PolarsResult<Footer> {
    let schema = reader.schema()?;
    let fields = schema.iter_values().cloned().collect();
    let mut footer = (**reader.get_metadata()?).clone();
    let groups = std::mem::take(&mut footer.row_groups).into_iter().map(|group| {
        let mut alone = footer.clone();
        alone.num_rows = group.num_rows();
        alone.row_groups.push(group);
        Arc::new(alone)
    });
    Ok(Footer { fields, groups: groups.collect() })
}

/// The names of a Parquet file's columns, from its footer alone.
///
/// # Errors
/// [`CatalogueError::Io`], and [`CatalogueError::Table`] where it isn't whole.
pub(crate) fn header(path: &Path) -> Result<Vec<String>, CatalogueError> {
    let io = |source| CatalogueError::Io { path: path.to_owned(), source };
    let file = File::open(path).map_err(io)?;
    let broken = |what: String| CatalogueError::Table {
        from: path.display().to_string(),
        problem: format!("not a whole Parquet file ({what}); was it cut short?"),
    };
    let schema = quiet::caught(|| ParquetReader::new(file).schema())
        .map_err(|_| broken("a damaged footer".to_owned()))?;
    let schema = schema.map_err(|error| broken(error.to_string()))?;
    Ok(schema.iter_values().map(|field| field.name.to_string()).collect())
}

fn readable(of: &ArrowDataType) -> bool {
    use ArrowDataType as Of;
    match of {
        Of::Null | Of::UInt16 | Of::Int32 | Of::UInt32 | Of::Int64 | Of::UInt64 => true,
        Of::Float32 | Of::Float64 | Of::Utf8 | Of::LargeUtf8 | Of::Utf8View => true,
        Of::Dictionary(_, of, _) => readable(of),
        _ => false,
    }
}
