//! A text read line by line, none of them longer than a play could be.

use std::io::{self, BufRead, BufReader, Read};

/// Bytes of a line or row, at most.
pub(in crate::telemetry) const LONGEST: u64 = 1 << 20;

/// What ends the reading of lines before their end.
pub(in crate::telemetry) enum Broken {
    Io(io::Error),
    /// The line of that number is longer than [`LONGEST`].
    TooLong(u64),
}

/// Hands each line that isn't blank to `each`, with its number from 1 on and its ending; a byte order mark is taken off.
///
/// # Errors
/// [`Broken`], as `broken` tells it, and whatever `each` fails with.
pub(in crate::telemetry) fn by_line<E>(
    input: impl Read,
    broken: impl Fn(Broken) -> E,
    mut each: impl FnMut(&[u8], u64) -> Result<(), E>,
) -> Result<(), E> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let taken = input.by_ref().take(LONGEST + 1).read_until(b'\n', &mut line);
        if taken.map_err(|error| broken(Broken::Io(error)))? == 0 {
            break;
        }
        if line.len() as u64 > LONGEST {
            return Err(broken(Broken::TooLong(number)));
        }
        let text = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(&line);
        if !text.trim_ascii().is_empty() {
            each(text, number)?;
        }
    }
    Ok(())
}
