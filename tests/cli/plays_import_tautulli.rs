//! `coarsen plays import` of Tautulli's database.

use rusqlite::Connection;
use serde_json::json;

use crate::plays_import::{cells, import, keeps_nobody};
use crate::tool::{Folder, is_plain};

/// The tables as Tautulli makes them, with the columns that matter here and those that must get nowhere.
const TABLES: &str = "
CREATE TABLE session_history (id INTEGER PRIMARY KEY AUTOINCREMENT, reference_id INTEGER, started INTEGER,
  stopped INTEGER, rating_key INTEGER, user_id INTEGER, user TEXT, ip_address TEXT, paused_counter INTEGER DEFAULT 0,
  player TEXT, product TEXT, platform TEXT, machine_id TEXT, media_type TEXT);
CREATE TABLE session_history_metadata (id INTEGER PRIMARY KEY, rating_key INTEGER, title TEXT, parent_title TEXT,
  grandparent_title TEXT, duration INTEGER DEFAULT 0, year INTEGER, guid TEXT, media_type TEXT);
CREATE TABLE session_history_media_info (id INTEGER PRIMARY KEY, video_decision TEXT, audio_decision TEXT,
  transcode_decision TEXT, duration INTEGER DEFAULT 0, container TEXT, bitrate INTEGER, width INTEGER, height INTEGER,
  video_codec TEXT, video_resolution TEXT, video_full_resolution TEXT, audio_codec TEXT, stream_bitrate INTEGER,
  transcode_hw_encode TEXT, transcode_hw_encoding INTEGER);
CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT);
";

/// Four plays: played as it is, transcoded in hardware, music in another container, and one of which little is known.
const ROWS: &str = "
INSERT INTO session_history VALUES
  (1, 1, 1773519300, 1773524900, 501, 9, 'anna', '203.0.113.77', 177, 'kitchen-7', 'Plex for LG', 'LG', 'm-1', 'movie'),
  (2, 2, 1773519300, 1773519400, 502, 9, 'anna', '203.0.113.77', 0, 'anna iPhone', 'Plex for iOS', 'iOS', 'm-2', 'episode'),
  (4, 4, 1773519300, 1773519481, 503, 9, 'anna', '203.0.113.77', NULL, 'kitchen-7', 'annaplayer', 'Windows', 'm-3', 'track'),
  (9, 9, 1773519300, 0, '', 9, 'anna', '203.0.113.77', 0, '', '', 'annaphone', 'm-4', 'photo');
INSERT INTO session_history_metadata VALUES
  (1, 501, 'The Long Evening', '', '', 5423000, 2001, 'g', 'movie'), (2, 502, 'The Long Evening', 'b0b5', 'b0b5', 2520000, 2001, 'g', 'episode'),
  (4, 503, 'The Long Evening', '', '', 0, 2001, 'g', 'track');
INSERT INTO session_history_media_info VALUES
  (1, 'direct play', 'direct play', 'direct play', 5423417, 'mkv', 10400, 3840, 2160, 'hevc', '4k', '4k', 'dca-ma', 10400, '', 0),
  (2, 'transcode', 'copy', 'transcode', 0, 'mkv', 9000, 1920, 1080, 'h264', '1080', '1080i', 'aac', 4000, 'qsv', 1),
  (4, '', 'copy', NULL, '', 'flac', 900, NULL, NULL, '', '', '', 'flac', 900, NULL, NULL);
";

fn database(folder: &Folder, more: &str) {
    _ = std::fs::remove_file(folder.path("tautulli.db"));
    let connection = Connection::open(folder.path("tautulli.db")).unwrap();
    connection.execute_batch(&[TABLES, ROWS, more].concat()).unwrap();
    connection.close().unwrap();
}

fn run<'a>() -> Vec<&'a str> {
    import("tautulli", "tautulli.db", &["-o", "out.csv"])
}

#[test]
fn a_history() {
    let folder = Folder::new();
    database(&folder, "");
    let text = folder.run(&run()).ok();
    assert!(text.contains("kind in 1, platform in 1"), "{text}");
    let wanted = [
        json!({"server": "1", "title_id": "0", "kind": "movie", "played_ms": "5423000", "duration_ms": "5423417", "bitrate_bps": "10400000", "delivered_bps": "10400000", "resolution": "2160p", "video_codec": "hevc", "audio_codec": "dts", "container": "mkv", "delivery": "direct play", "platform": "webos", "device": "tv"}),
        json!({"server": "1", "title_id": "1", "kind": "episode", "played_ms": "100000", "duration_ms": "2520000", "bitrate_bps": "9000000", "delivered_bps": "4000000", "resolution": "1080i", "video_codec": "h264", "audio_codec": "aac", "container": "mkv", "delivery": "transcode", "hardware": "quicksync", "platform": "ios", "device": "phone"}),
        json!({"server": "1", "title_id": "2", "kind": "track", "played_ms": "181000", "bitrate_bps": "900000", "delivered_bps": "900000", "audio_codec": "flac", "container": "flac", "delivery": "remux", "platform": "windows"}),
        json!({"server": "1"}),
    ];
    let told = cells(&folder, "out.csv");
    assert_eq!(told.len(), wanted.len());
    for (told, wanted) in told.iter().zip(&wanted) {
        assert_eq!(told, wanted);
    }
}

#[test]
fn nobody_stands_in_plays() {
    let folder = Folder::new();
    // Tautulli keeps a write-ahead log, which is gone once it has stopped.
    let more = "UPDATE session_history SET started = 'anna' WHERE id = 9; PRAGMA journal_mode = WAL;";
    database(&folder, more);
    assert_eq!(folder.read("tautulli.db")[18..20], [2, 2]);
    keeps_nobody(&folder, "tautulli", "tautulli.db");
}

/// Who watched what, where, and when changes no byte of the plays: only how long.
#[test]
fn only_what_is_listed_counts() {
    let folder = Folder::new();
    database(&folder, "");
    folder.run(&run()).ok();
    let plays = folder.read("out.csv");
    database(
        &folder,
        "UPDATE session_history SET started = started - 86400, stopped = stopped - 86400 WHERE stopped > 0;
         UPDATE session_history SET user = x'ff', ip_address = NULL, user_id = -1, machine_id = 7, rating_key = rating_key || 'x' WHERE rating_key <> '';
         UPDATE session_history_metadata SET title = x'ff', year = 'x', guid = NULL, rating_key = NULL;
         DROP TABLE users;",
    );
    folder.run(&run()).ok();
    assert_eq!(folder.read("out.csv"), plays);
}

/// Older versions lack columns: these are missing then. The numbers come in any order.
#[test]
fn columns_of_older_versions() {
    let folder = Folder::new();
    database(
        &folder,
        "ALTER TABLE session_history_media_info DROP COLUMN transcode_hw_encode;
         ALTER TABLE session_history_media_info DROP COLUMN transcode_decision;
         ALTER TABLE session_history_media_info DROP COLUMN stream_bitrate;
         ALTER TABLE session_history_media_info DROP COLUMN video_full_resolution;
         ALTER TABLE session_history DROP COLUMN product;
         ALTER TABLE session_history DROP COLUMN paused_counter;
         UPDATE session_history_media_info SET transcode_hw_encoding = 0;",
    );
    folder.run(&run()).ok();
    let told = cells(&folder, "out.csv");
    assert_eq!(told[0]["played_ms"], "5600000");
    assert!(told[0].get("delivered_bps").is_none());
    let second = ["delivery", "hardware", "resolution", "platform"].map(|name| &told[1][name]);
    assert_eq!(second, ["transcode", "software", "1080p", "ios"]);
}

#[test]
fn bad_rows() {
    let folder = Folder::new();
    for (update, words) in [
        ("session_history SET stopped = started - 1", &["column `stopped`", "before it starts"][..]),
        ("session_history SET paused_counter = 99999", &["column `stopped`", "paused for longer"]),
        ("session_history SET paused_counter = -5", &["column `paused_counter`", "negative"]),
        ("session_history SET started = 0", &["column `stopped`", "4294967295"]),
        ("session_history SET started = -9223372036854775808", &["column `stopped`", "before it starts"]),
        ("session_history SET started = 'SECRET'", &["column `started`", "no whole number"]),
        ("session_history SET stopped = 1773519400.5", &["column `stopped`", "not whole"]),
        ("session_history SET product = CAST(x'ff534543524554' AS TEXT)", &["column `product`", "not UTF-8"]),
        ("session_history_media_info SET bitrate = 'SECRET'", &["column `bitrate`", "no whole number"]),
        ("session_history_media_info SET bitrate = -1", &["column `bitrate`", "negative"]),
        ("session_history_media_info SET bitrate = 4294968", &["column `bitrate`", "4294967295"]),
        ("session_history_media_info SET duration = x'534543524554'", &["column `duration`", "bytes"]),
        ("session_history_metadata SET duration = -1", &["column `duration`", "negative"]),
    ] {
        database(&folder, &format!("UPDATE {update} WHERE id = 2;"));
        let told = folder.refused(&run(), &[&["tautulli.db, row 2", "--refused"], words].concat());
        assert!(!told.contains("SECRET") && is_plain(&told), "{told}");
        folder.run(&[run(), vec!["--refused", "bad.csv"]].concat()).ok();
        let bad = String::from_utf8(folder.read("bad.csv")).unwrap();
        assert!(
            bad.contains("tautulli.db,2,") && bad.lines().count() == 2 && !bad.contains("SECRET"),
            "{bad}"
        );
        assert_eq!(cells(&folder, "out.csv").len(), 3);
        folder.remove("bad.csv").remove("out.csv");
    }
}

#[test]
fn files_that_are_no_such_database() {
    let folder = Folder::new();
    database(&folder, "DROP TABLE session_history_media_info;");
    folder.refused(&run(), &["tautulli.db", "no table `session_history_media_info`"]);
    let view = "ALTER TABLE session_history RENAME TO h; CREATE VIEW session_history AS SELECT * FROM h;";
    database(&folder, view);
    folder.refused(&run(), &["no table `session_history`"]);
    let no_key = "DROP TABLE session_history_metadata; CREATE TABLE session_history_metadata (id INTEGER, duration INTEGER);";
    database(&folder, no_key);
    folder.refused(&run(), &["`session_history_metadata`", "primary key"]);
    database(&folder, "DELETE FROM session_history;");
    folder.refused(&run(), &["no play in it"]);
    for text in ["", "id,user\n1,anna\n", "SQLite format 3\0"] {
        folder.write("tautulli.db", text);
        folder.refused(&run(), &["tautulli.db"]);
    }
    folder.write("tautulli.db", "x".repeat(5_000));
    folder.refused(&run(), &["tautulli.db", "not an SQLite database"]);
    folder.remove("tautulli.db");
    folder.refused(&run(), &["tautulli.db"]);
}

/// Cut short anywhere it is refused, whatever was to stand in what is gone.
#[test]
fn a_database_that_is_cut_short() {
    let folder = Folder::new();
    database(&folder, "");
    let whole = folder.read("tautulli.db");
    for length in [1, 50, 100, 4_095, 4_096, whole.len() / 2, whole.len() - 4_096, whole.len() - 1] {
        folder.write("tautulli.db", &whole[..length]);
        folder.refused(&run(), &["tautulli.db"]);
    }
}

/// What isn't in the database yet would be left out without a word.
#[test]
fn changes_that_lie_beside_it() {
    let folder = Folder::new();
    database(&folder, "");
    folder.write("tautulli.db-wal", "x");
    folder.refused(&run(), &["tautulli.db", "-wal", "stop Tautulli"]);
    folder.write("tautulli.db-wal", "");
    folder.run(&run()).ok();
}

/// A name that would mean something in a URI of SQLite.
#[test]
fn odd_names() {
    let folder = Folder::new();
    database(&folder, "");
    let bytes = folder.read("tautulli.db");
    for name in ["a?mode=rwc.db", "a#b%20.db", ":memory:", "é.db"] {
        folder.write(name, &bytes);
        folder.run(&import("tautulli", name, &["-o", "out.csv"])).ok();
        assert_eq!(cells(&folder, "out.csv").len(), 4, "{name}");
    }
}
