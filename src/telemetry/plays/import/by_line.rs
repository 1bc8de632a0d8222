//! The lines of an import, whose rows they are.

use std::fs::File;

use super::gather::Gathering;
use super::{Fault, ImportError};
use crate::telemetry::lines::{self, Broken, LONGEST};

/// Hands each line that isn't blank to `each`, with its number.
///
/// # Errors
/// [`ImportError::Io`], [`Fault::TooLong`], and whatever `each` fails with.
pub(super) fn by_line(
    file: File,
    gathering: &mut Gathering,
    mut each: impl FnMut(&[u8], u64, &mut Gathering) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let from = gathering.from().to_owned();
    let broken = |broken| match broken {
        Broken::Io(source) => ImportError::Io { place: from.clone(), source },
        Broken::TooLong(row) => {
            let fault = Fault::TooLong { most: LONGEST };
            ImportError::Row { from: from.clone(), row, column: None, fault }
        }
    };
    lines::by_line(file, broken, |line, number| each(line, number, gathering))
}
