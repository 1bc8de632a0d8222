//! The pages of one column of one row group, found and read from the file as their rows are asked for: nothing is mapped, and
//! nothing of them is held but where they stand.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use polars::prelude::{ArrowField, PolarsResult, Series, polars_bail};
use polars_buffer::Buffer;
use polars_parquet::parquet::error::{ParquetError, ParquetResult};
use polars_parquet::parquet::page::CompressedPage;
use polars_parquet::parquet::read::PageMetaData;
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, Filter, PageReader, column_iter_to_arrays,
};

/// One column of one row group.
pub(super) struct Pages<'a> {
    /// Read at one place at a time.
    file: &'a Mutex<File>,
    column: &'a ColumnChunkMetadata,
    /// Bytes in which pages are looked for at a time, at least.
    piece: u64,
    /// Where the dictionary stands in the file, once it was looked for; empty where there is none.
    dictionary: Option<Range<u64>>,
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

impl<'a> Pages<'a> {
    /// A column of which nothing was read yet.
    pub fn new(file: &'a Mutex<File>, column: &'a ColumnChunkMetadata, piece: u64) -> Self {
        let start = column.byte_range().start;
        // Some writers name the dictionary twice: then it is looked for.
        let data = u64::try_from(column.data_page_offset()).ok().filter(|&data| data > start);
        let dictionary = data.filter(|_| column.dictionary_page_offset().is_some()).map(|data| start..data);
        let next = dictionary.as_ref().map_or(start, |dictionary| dictionary.end);
        Self { file, column, piece, dictionary, pages: VecDeque::new(), passed: 0, found: 0, next }
    }

    /// Bytes of the dictionary, where there is one that is known without looking.
    pub fn dictionary_bytes(&self) -> u64 {
        self.dictionary.as_ref().map_or(0, |dictionary| dictionary.end - dictionary.start)
    }

    /// The values in some rows of the row group, none of them before the first row that was asked for last.
    ///
    /// A page is unpacked whenever any of its rows is asked for. O(bytes of the pages).
    pub fn values(&mut self, rows: Range<usize>, field: &ArrowField) -> PolarsResult<Series> {
        let all = self.column.num_values();
        let mut bytes = Vec::new();
        let held = if self.found == 0 && usize::try_from(all) == Ok(rows.end) {
            self.read(self.column.byte_range(), &mut bytes)?;
            all
        } else {
            self.find(&rows)?;
            let first = self.pages.front().map_or(self.next, |page| page.at.start);
            self.read(self.dictionary.clone().unwrap_or(first..first), &mut bytes)?;
            self.read(first..self.next, &mut bytes)?;
            (self.found - self.passed) as i64
        };
        let pages = BasicDecompressor::new(reader(self.column, bytes.into(), held), Vec::new());
        let kind = &self.column.descriptor().descriptor.primitive_type;
        let wanted = Filter::new_ranged(rows.start - self.passed, rows.end - self.passed);
        let (arrays, _) = column_iter_to_arrays(vec![pages], vec![kind], field.clone(), Some(wanted))?;
        let values = Series::try_from((field, arrays))?;
        if values.len() != rows.len() {
            polars_bail!(ComputeError: "a page holds {} rows and not {}", values.len(), rows.len());
        }
        Ok(values)
    }

    /// Finds the pages of some rows, and lets go of those before.
    fn find(&mut self, rows: &Range<usize>) -> PolarsResult<()> {
        let mut window = Buffer::default();
        loop {
            while let Some(page) = self.pages.pop_front_if(|page| self.passed + page.rows <= rows.start) {
                self.passed += page.rows;
            }
            if self.found >= rows.end {
                return Ok(());
            }
            let read = self.next + window.len() as u64;
            match self.look(&mut window) {
                Ok(page) => {
                    self.found = self.found.saturating_add(page.rows);
                    self.pages.push_back(page);
                }
                // The page may go on in what is not read yet.
                Err(_) if read < self.column.byte_range().end => {
                    let more = self.piece.max(window.len() as u64);
                    let mut bytes = std::mem::take(&mut window).to_vec();
                    self.read(read..self.column.byte_range().end.min(read + more), &mut bytes)?;
                    window = bytes.into();
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Takes the next page from the front of what was read, and before the first one the dictionary.
    fn look(&mut self, window: &mut Buffer<u8>) -> ParquetResult<Page> {
        if self.dictionary.is_none() {
            // Of nothing, the reader would say that it has no dictionary.
            if window.is_empty() {
                return Err(ParquetError::OutOfSpec("a column without a page".to_owned()));
            }
            let mut pages = reader(self.column, window.clone(), i64::MAX);
            pages.read_dict()?;
            self.dictionary = Some(self.take(window, pages));
        }
        let mut pages = reader(self.column, window.clone(), i64::MAX);
        let Some(CompressedPage::Data(page)) = pages.next().transpose()? else {
            return Err(ParquetError::OutOfSpec("a second dictionary".to_owned()));
        };
        let rows = page.num_values();
        Ok(Page { at: self.take(window, pages), rows })
    }

    /// Takes from the front of what was read what a reader has passed of it, and says where that stands in the file.
    fn take(&mut self, window: &mut Buffer<u8>, reader: PageReader) -> Range<u64> {
        let passed = reader.into_inner().0.position();
        window.slice_in_place(passed as usize..);
        let start = self.next;
        self.next += passed;
        start..self.next
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

/// Reads pages that hold so many rows.
fn reader(column: &ColumnChunkMetadata, pages: Buffer<u8>, rows: i64) -> PageReader {
    let about = PageMetaData { num_values: rows, ..column.into() };
    PageReader::new_with_page_meta(Cursor::new(pages), about, Vec::new(), usize::MAX)
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
        /// Whatever the pages' size, however little is read at a time, and whichever rows are asked for or passed over.
        #[test]
        fn rows_are_those_of_the_whole_column(
            rows in 1..3_000usize,
            page in 16..8_192usize,
            piece in 1..8_192u64,
            asked in vec((0..3_000usize, 0..3_000usize), 1..6),
        ) {
            let (frame, file) = table(rows, page);
            let known = footer(ParquetReader::new(file.try_clone().unwrap())).unwrap();
            let file = Mutex::new(file);
            let mut asked: Vec<Range<usize>> =
                asked.into_iter().map(|(a, b)| a.min(b).min(rows)..a.max(b).min(rows)).collect();
            asked.sort_by_key(|rows| rows.start);
            for (field, column) in known.fields.iter().zip(known.groups[0].row_groups[0].parquet_columns()) {
                let mut pages = Pages::new(&file, column, piece);
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
        let file = Mutex::new(file);
        let mut pages = Pages::new(&file, column, 512);
        assert!(pages.values(0..10, &known.fields[2]).is_ok());
        assert!(pages.values(10..1_000, &known.fields[2]).is_err());
        let mut pages = Pages::new(&file, column, 512);
        assert!(pages.values(0..1_001, &known.fields[2]).is_err());
    }
}
