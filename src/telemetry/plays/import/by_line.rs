//! A text file read line by line, none of them longer than a play could be.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use super::gather::Gathering;
use super::{Fault, ImportError};

/// Bytes of a line, at most.
const LONGEST: u64 = 1 << 20;

/// Hands each line that isn't blank to `each`, with its number from 1 on and its ending; a byte order mark is taken off.
///
/// # Errors
/// [`ImportError::Io`], [`Fault::TooLong`], and whatever `each` fails with.
pub(super) fn by_line(
    file: File,
    gathering: &mut Gathering,
    mut each: impl FnMut(&[u8], u64, &mut Gathering) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut input = BufReader::with_capacity(1 << 16, file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let taken = input.by_ref().take(LONGEST + 1).read_until(b'\n', &mut line);
        let place = || gathering.from().to_owned();
        if taken.map_err(|source| ImportError::Io { place: place(), source })? == 0 {
            break;
        }
        if line.len() as u64 > LONGEST {
            let fault = Fault::TooLong { most: LONGEST };
            return Err(ImportError::Row { from: place(), row: number, column: None, fault });
        }
        let text = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(&line);
        if !text.trim_ascii().is_empty() {
            each(text, number, gathering)?;
        }
    }
    Ok(())
}
