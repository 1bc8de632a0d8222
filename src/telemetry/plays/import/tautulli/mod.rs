//! Tautulli's history: three tables of an SQLite database.
//!
//! | column | what it is read from |
//! | --- | --- |
//! | `title_id` | `rating_key`, a number by first appearance |
//! | `kind` | `media_type` |
//! | `played_ms` | `stopped` - `started` - `paused_counter`, which are seconds |
//! | `duration_ms` | `duration` of the file, else of the title; 0 is unknown |
//! | `bitrate_bps`, `delivered_bps` | `bitrate`, `stream_bitrate`, which are kbit/s; 0 is unknown |
//! | `resolution` | `video_full_resolution`, else `video_resolution` |
//! | `video_codec`, `audio_codec`, `container` | the columns of these names: the file's |
//! | `delivery` | `transcode_decision`, else `video_decision` and `audio_decision` |
//! | `hardware` | `transcode_hw_encode` of a transcoded picture; `software` where `transcode_hw_encoding` says 0 |
//! | `platform`, `device` | `product`, else `platform`; `device`, else `player`, else what the platform can only be |
//!
//! Nothing else is selected: no user, title, address or other time. A column that a version of Tautulli lacks is
//! missing.

mod cell;
mod database;
mod play;

use std::path::Path;

use super::ImportError;
use super::gather::Gathering;
use super::numbers::Ids;
use database::Database;
use play::play;

/// Reads a history, in the order of its `id`.
pub(super) fn read(path: &Path, server: &str, gathering: &mut Gathering) -> Result<(), ImportError> {
    let database = Database::open(path, gathering)?;
    let select = database.select(gathering)?;
    let fail = |error: rusqlite::Error, gathering: &Gathering| database::broken(&error, gathering);
    let mut statement = database.prepare(&select).map_err(|error| fail(error, gathering))?;
    let mut rows = statement.query([]).map_err(|error| fail(error, gathering))?;
    let mut ids = Ids::default();
    while let Some(row) = rows.next().map_err(|error| fail(error, gathering))? {
        let id: i64 = row.get(0).map_err(|error| fail(error, gathering))?;
        let number =
            u64::try_from(id).map_err(|_| gathering.broken("an `id` below 0 is no history of Tautulli"))?;
        match play(row, server, &mut ids) {
            Ok(draft) => gathering.take(&draft),
            Err((column, fault)) => gathering.refuse(number, Some(column), fault)?,
        }
    }
    Ok(())
}
