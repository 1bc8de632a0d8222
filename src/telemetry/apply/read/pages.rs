//! The pages of one column of one row group, found and read from the file as their rows are asked for: nothing is mapped, and
//! nothing of them is held but where they stand.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use polars::prelude::{ArrowField, PolarsResult, Series, polars_bail, polars_err};
use polars_parquet::parquet::page::ParquetPageHeader;
use polars_parquet::parquet::read::PageMetaData;
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, Filter, PageReader, column_iter_to_arrays,
};
use polars_parquet_format::PageType;
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;

/// Bytes that a page's header is looked for in, at first and at most; what it tells of the page's values can be long.
const HEADER: u64 = 256;
const LONGEST_HEADER: u64 = 16 << 20;
/// Bytes of a dictionary from which on no other such column is unpacked at the same time.
const LARGE: u64 = 32 << 20;

/// A file that several columns are read from.
pub(super) struct Shared {
    /// Read at one place at a time.
    file: Mutex<File>,
    /// Held by whoever unpacks a large dictionary.
    alone: Mutex<()>,
}

/// One column of one row group.
pub(super) struct Pages<'a> {
    shared: &'a Shared,
    column: &'a ColumnChunkMetadata,
    /// Where the dictionary stands in the file; empty where there is none, or it was not come across yet.
    dictionary: Range<u64>,
    /// The pages that were found and not passed.
    pages: VecDeque<Page>,
    /// Rows before those.
    passed: usize,
    /// Rows before the next page to find.
    found: usize,
    /// Where it begins in the file.
    next: u64,
}

/// Where a page stands in the file, with its header.
struct Page {
    at: Range<u64>,
    rows: usize,
}

impl Shared {
    pub fn new(file: File) -> Self {
        Self { file: Mutex::new(file), alone: Mutex::default() }
    }

    /// Reads more bytes of the file.
    fn read(&self, at: Range<u64>, bytes: &mut Vec<u8>) -> PolarsResult<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = at.end.saturating_sub(at.start);
        // What a damaged footer asks for is never made room for.
        if at.end > file.metadata()?.len() {
            return Err(io::Error::from(ErrorKind::UnexpectedEof).into());
        }
        bytes.reserve_exact(wanted as usize);
        file.seek(SeekFrom::Start(at.start))?;
        if (&mut *file).take(wanted).read_to_end(bytes)? as u64 != wanted {
            return Err(io::Error::from(ErrorKind::UnexpectedEof).into());
        }
        Ok(())
    }
}

impl<'a> Pages<'a> {
    /// A column of which nothing was read yet.
    pub fn new(shared: &'a Shared, column: &'a ColumnChunkMetadata) -> Self {
        let next = column.byte_range().start;
        Self { shared, column, dictionary: next..next, pages: VecDeque::new(), passed: 0, found: 0, next }
    }

    /// The values in some rows of the row group, none of them before the first row that was asked for last.
    ///
    /// The dictionary, and each page any of whose rows is asked for, are unpacked anew and whole. O(bytes of both).
    pub fn values(&mut self, rows: Range<usize>, field: &ArrowField) -> PolarsResult<Series> {
        self.find(&rows)?;
        let large = self.dictionary.end - self.dictionary.start >= LARGE;
        let _alone = large.then(|| self.shared.alone.lock());
        let first = self.pages.front().map_or(self.next, |page| page.at.start);
        let mut bytes = Vec::new();
        self.shared.read(self.dictionary.clone(), &mut bytes)?;
        self.shared.read(first..self.next, &mut bytes)?;
        let about = PageMetaData { num_values: (self.found - self.passed) as i64, ..self.column.into() };
        let pages = PageReader::new_with_page_meta(Cursor::new(bytes.into()), about, Vec::new(), usize::MAX);
        let pages = vec![BasicDecompressor::new(pages, Vec::new())];
        let kind = &self.column.descriptor().descriptor.primitive_type;
        let wanted = Filter::new_ranged(rows.start - self.passed, rows.end - self.passed);
        let (arrays, _) = column_iter_to_arrays(pages, vec![kind], field.clone(), Some(wanted))?;
        let values = Series::try_from((field, arrays))?;
        if values.len() != rows.len() {
            polars_bail!(ComputeError: "pages hold {} rows and not {}", values.len(), rows.len());
        }
        Ok(values)
    }

    /// Finds the pages of some rows, and lets go of those before.
    fn find(&mut self, rows: &Range<usize>) -> PolarsResult<()> {
        loop {
            while let Some(page) = self.pages.front().filter(|page| self.passed + page.rows <= rows.start) {
                self.passed += page.rows;
                self.pages.pop_front();
            }
            if self.found >= rows.end {
                return Ok(());
            }
            let (header, begins) = self.header()?;
            let ends =
                u64::try_from(header.compressed_page_size).ok().and_then(|size| begins.checked_add(size));
            let ends = ends.filter(|&ends| ends <= self.column.byte_range().end);
            let at = self.next..ends.ok_or_else(|| polars_err!(ComputeError: "a page without an end"))?;
            self.next = at.end;
            let rows = match header.type_ {
                PageType::DATA_PAGE => header.data_page_header.map(|page| page.num_values),
                PageType::DATA_PAGE_V2 => header.data_page_header_v2.map(|page| page.num_values),
                PageType::DICTIONARY_PAGE if self.found == 0 && self.dictionary.is_empty() => {
                    self.dictionary = at;
                    continue;
                }
                _ => None,
            };
            let rows = rows.and_then(|rows| usize::try_from(rows).ok());
            let rows = rows.ok_or_else(|| polars_err!(ComputeError: "a page of another kind"))?;
            self.found += rows;
            self.pages.push_back(Page { at, rows });
        }
    }

    /// The header of the next page, and where in the file it ends.
    fn header(&self) -> PolarsResult<(ParquetPageHeader, u64)> {
        let end = self.column.byte_range().end;
        let (mut bytes, mut wanted) = (Vec::new(), HEADER);
        loop {
            let read = self.next + bytes.len() as u64;
            self.shared.read(read..end.min(self.next + wanted), &mut bytes)?;
            let mut header = Cursor::new(&bytes);
            let mut protocol = TCompactInputProtocol::new(&mut header, bytes.len());
            match ParquetPageHeader::read_from_in_protocol(&mut protocol) {
                Ok(found) => return Ok((found, self.next + header.position())),
                // It may go on in what is not read yet.
                Err(_) if wanted < LONGEST_HEADER && self.next + wanted < end => wanted *= 4,
                Err(error) => polars_bail!(ComputeError: "a page's header: {error}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{
        BooleanChunked, DataFrame, IntoColumn, NewChunkedArray, ParquetReader, ParquetWriter, SerReader,
        StringChunked, UInt64Chunked,
    };
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::ingest::footer;

    fn table(rows: usize, page: usize) -> (DataFrame, File) {
        let mixed = |row: usize| (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let known = |row: usize| !mixed(row).is_multiple_of(7);
        let numbers = (0..rows).map(|row| known(row).then(|| mixed(row)));
        let words = ["h264", "hevc", "a codec whose name is not held in twelve bytes"];
        let words = (0..rows).map(|row| known(row).then(|| words[mixed(row) as usize % words.len()]));
        let names = (0..rows).map(|row| format!("play {}", mixed(row)));
        let columns = vec![
            UInt64Chunked::from_iter_options("numbers".into(), numbers).into_column(),
            StringChunked::from_iter_options("words".into(), words).into_column(),
            StringChunked::from_iter_values("names".into(), names).into_column(),
            BooleanChunked::from_iter_values("flags".into(), (0..rows).map(known)).into_column(),
        ];
        let mut frame = DataFrame::new(rows, columns).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        let writer = ParquetWriter::new(&mut file).with_row_group_size(Some(rows));
        writer.with_data_page_size(Some(page)).finish(&mut frame).unwrap();
        (frame, file)
    }

    proptest! {
        /// Whatever the pages' size, and whichever rows are asked for or passed over.
        #[test]
        fn rows_are_those_of_the_whole_column(
            rows in 1..3_000usize,
            page in 16..8_192usize,
            asked in vec((0..3_000usize, 0..3_000usize), 1..6),
        ) {
            let (frame, file) = table(rows, page);
            let known = footer(ParquetReader::new(file.try_clone().unwrap())).unwrap();
            let shared = Shared::new(file);
            let mut asked: Vec<Range<usize>> =
                asked.into_iter().map(|(a, b)| a.min(b).min(rows)..a.max(b).min(rows)).collect();
            asked.sort_by_key(|rows| rows.start);
            for (field, column) in known.fields.iter().zip(known.groups[0].row_groups[0].parquet_columns()) {
                let mut pages = Pages::new(&shared, column);
                let whole = frame.column(&field.name).unwrap().as_materialized_series();
                for rows in &asked {
                    let values = pages.values(rows.clone(), field).unwrap();
                    prop_assert!(values.equals_missing(&whole.slice(rows.start as i64, rows.len())));
                }
            }
        }
    }

    #[test]
    fn a_column_that_ends_early_is_told() {
        let (_, file) = table(1_000, 1_024);
        let known = footer(ParquetReader::new(file.try_clone().unwrap())).unwrap();
        let column = &known.groups[0].row_groups[0].parquet_columns()[2];
        file.set_len(column.byte_range().end - 1).unwrap();
        let shared = Shared::new(file);
        let mut pages = Pages::new(&shared, column);
        assert!(pages.values(0..10, &known.fields[2]).is_ok());
        assert!(pages.values(10..1_000, &known.fields[2]).is_err());
        let mut pages = Pages::new(&shared, column);
        assert!(pages.values(0..1_001, &known.fields[2]).is_err());
    }
}
