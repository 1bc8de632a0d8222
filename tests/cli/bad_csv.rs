//! Tables of text that can't be a catalogue.

use crate::tool::{Folder, SMALL};

/// It must be refused with these words; the file is always `in.csv`.
#[track_caller]
fn refused(csv: impl AsRef<[u8]>, words: &[&str]) -> String {
    refused_with(csv, &[], words)
}

#[track_caller]
fn refused_with(csv: impl AsRef<[u8]>, more: &[&str], words: &[&str]) -> String {
    let folder = Folder::new();
    folder.write("in.csv", csv);
    let run = |args: &[&str], words: &[&str]| folder.refused(&[args, more].concat(), words);
    run(&["measure", "--catalogue", "in.csv", "--duration", "floor:1s"], words);
    run(&["catalogue", "import", "in.csv", "-o", "out.parquet"], words)
}

/// One bad cell in the second row of a column.
#[track_caller]
fn bad_cell(column: &str, good: &str, bad: &str, words: &[&str]) {
    bad_cell_with(column, good, bad, &[], words);
}

#[track_caller]
fn bad_cell_with(column: &str, good: &str, bad: &str, more: &[&str], words: &[&str]) {
    let csv = match column {
        "duration_ms" => format!("title_id,kind,duration_ms\n1,movie,{good}\n2,movie,{bad}\n"),
        _ => format!("title_id,kind,duration_ms,{column}\n1,movie,1000,{good}\n2,movie,1000,{bad}\n"),
    };
    let place = format!("in.csv, row 2, column `{column}`");
    refused_with(csv, more, &[&[place.as_str()], words].concat());
}

#[test]
fn empty_tables() {
    for csv in ["", "\n\n", "\u{feff}", "title_id,duration_ms,kind\n"] {
        refused(csv, &["in.csv", "no file in it", "at least one row"]);
    }
}

#[test]
fn every_verb_refuses_alike() {
    let folder = Folder::new();
    for (csv, words) in [
        ("title_id,duration_ms,kind\n1,1000,movie\n2,-5,movie\n", "in.csv, row 2, column `duration_ms`"),
        ("title_id,duration_ms,kind\n1,1000\n", "row 1 (line 2)"),
        ("title_id,duration_ms\n1,1000\n", "no column `kind`"),
    ] {
        folder.write("in.csv", csv).write("good.csv", SMALL);
        for args in [
            &["attack", "all", "--catalogue", "in.csv", "--duration", "floor:1s"][..],
            &["recommend", "--catalogue", "in.csv", "-o", "out.toml"],
            &["recommend", "--catalogue", "good.csv", "--judge", "in.csv", "-o", "out.toml"],
            &["sweep", "--catalogue", "in.csv", "-o", "out.csv"],
            &["catalogue", "describe", "in.csv"],
        ] {
            folder.refused(args, &[words]);
        }
    }
}

#[test]
fn missing_columns() {
    for (csv, column) in [
        ("duration_ms,kind\n1,movie\n", "title_id"),
        ("title_id,kind\n1,movie\n", "duration_ms"),
        ("title_id,duration_ms\n1,1000\n", "kind"),
    ] {
        refused(csv, &["in.csv", &format!("no column `{column}`"), &format!("--map THEIRS={column}")]);
    }
}

#[test]
fn unknown_and_repeated_columns() {
    let csv = "title_id,duration_ms,kind,notes\n1,1000,movie,x\n";
    refused(csv, &["in.csv", "unknown column `notes`", "--map notes=OURS", "--ignore notes"]);
    let csv = "title_id,duration_ms,kind,kind\n1,1000,movie,movie\n";
    refused(csv, &["in.csv", "column `kind` stands twice"]);
    // A column that another one is mapped onto is no longer ours by its name.
    let csv = "title_id,duration_ms,kind,length\n1,1000,movie,1\n";
    refused_with(csv, &["--map", "length=duration_ms:s"], &["unknown column `duration_ms`"]);
}

#[test]
fn ragged_rows() {
    let short = "title_id,duration_ms,kind\n1,1000,movie\n2,2000\n";
    refused(short, &["in.csv", "row 2 (line 3)", "2 fields, and the header has 3"]);
    let long = "title_id,duration_ms,kind\n1,1000,movie\n2,2000,movie, the second\n";
    refused(long, &["in.csv", "row 2 (line 3)", "4 fields", "quote"]);
    let later = "title_id,duration_ms,kind\n1,1000,\"mo\nvie\"\n2\n";
    refused(later, &["row 2 (line 4)"]);
}

#[test]
fn open_quotes_swallow_no_row() {
    let csv = "title_id,duration_ms,kind\n1,1000,\"movie\n2,2000,movie\n3,3000,movie\n";
    refused(csv, &["in.csv", "row 1 (line 2)", "never closed"]);
    refused(format!("\u{feff}{csv}"), &["row 1 (line 2)", "never closed"]);
    refused(format!("{SMALL}4,4000,\"movie"), &["row 4 (line 5)", "never closed"]);
}

#[test]
fn durations() {
    let range = ["out of range", "from 1 to 4294967295 ms"];
    for bad in ["-5", "0", "0.4", "4294967296", "1e300", "99999999999999999999999", "-0"] {
        bad_cell("duration_ms", "1", bad, &[&range[..], &[bad]].concat());
    }
    for bad in ["1/2", "long", "300 s", "5min", "1:30:00", "0x10"] {
        bad_cell("duration_ms", "1", bad, &["not a plain number", "unit of the column", bad]);
    }
    for bad in ["NaN", "inf", "-infinity", "1e999"] {
        bad_cell("duration_ms", "1", bad, &[bad]);
    }
    bad_cell("duration_ms", "1", "", &["no value", "fill it in"]);
    // A column that is in seconds overflows where its value times 1000 does.
    let csv = "title_id,kind,s\n1,movie,4294967\n2,movie,4294968\n";
    let words = ["in.csv, row 2, column `s`", "4294968", "out of range"];
    refused_with(csv, &["--map", "s=duration_ms:s"], &words);
}

#[test]
fn bit_rates_and_pixels() {
    for bad in ["-5", "0", "4294967296"] {
        bad_cell("bitrate_bps", "", bad, &["out of range", "bit/s", "leave it empty"]);
    }
    bad_cell("bitrate_bps", "1", "1200 kbps", &["not a plain number"]);
    for column in ["width", "height"] {
        bad_cell(column, "65535", "65536", &["65536", "from 1 to 65535"]);
        bad_cell(column, "1", "0", &["out of range"]);
        bad_cell(column, "1", "1920x1080", &["not a plain number"]);
    }
}

#[test]
fn popularities() {
    for bad in ["NaN", "inf", "-inf", "-1", "1e999"] {
        bad_cell("popularity", "1", bad, &["popularity", "finite weight of at least 0"]);
    }
    bad_cell("popularity", "", "often", &["`often` is not a number"]);
}

#[test]
fn ids_and_kinds() {
    bad_cell("file_id", "a", "a", &["same file id as row 1", "an id of its own"]);
    bad_cell("file_id", "a", "", &["no value"]);
    refused("title_id,duration_ms,kind\n1,5,x\n,5,x\n", &["row 2, column `title_id`", "no value"]);
    refused("title_id,duration_ms,kind\n1,5,x\n2,5,\n", &["row 2, column `kind`", "no value"]);
    let csv = "title_id,duration_ms,kind\n1,5,movie\n2,5,movie\n1,5,clip\n";
    refused(csv, &["in.csv, row 3, column `kind`", "`clip` here and `movie` before", "one kind"]);
}

#[test]
fn too_many_names() {
    let rows: String = (0..65_536).map(|i| format!("{i},5,kind{i}\n")).collect();
    let folder = Folder::new();
    folder.write("in.csv", format!("title_id,duration_ms,kind\n{rows}"));
    let words = ["in.csv", "`kind`", "over 65535 different values", "right column"];
    folder.refused(&["catalogue", "describe", "in.csv"], &words);
}

#[test]
fn texts_that_are_no_csv() {
    let latin1 = b"title_id,duration_ms,kind\n1,1000,movie\n2,1000,com\xe9die\n";
    refused(latin1, &["in.csv", "row 2 (line 3)", "column `kind`", "not UTF-8", "save the file as UTF-8"]);
    refused(b"title_id,duration_ms,k\xefnd\n1,1000,movie\n", &["the header", "not UTF-8"]);
    let utf16: Vec<u8> = "\u{feff}title_id".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(utf16, &["in.csv", "not UTF-8"]);
    refused(SMALL.replace(',', ";"), &["in.csv", "one field", "separate fields by commas"]);
    refused(SMALL.replace(',', "\t"), &["separate fields by commas"]);
}

#[test]
fn mappings() {
    let csv = "title_id,a,b,kind\n1,1,2,movie\n";
    let maps: [(&[&str], &[&str]); 11] = [
        (&["--map", "a=duration_ms", "--map", "b=duration_ms"], &["`duration_ms` is mapped twice"]),
        (&["--map", "a=duration_ms", "--map", "a=genre"], &["a=genre", "`a` is mapped or ignored twice"]),
        (&["--ignore", "a", "--map", "a=genre"], &["`a` is mapped or ignored twice"]),
        (
            &["--map", "a=duration_ms:fortnights"],
            &["a=duration_ms:fortnights", "unknown unit", "ms, s, min, h"],
        ),
        (&["--map", "a=bitrate_bps:s"], &["unknown unit", "bps, kbps, Mbps"]),
        (&["--map", "a=genre:s"], &["`genre` has no unit"]),
        (&["--map", "a=length"], &["`length` is none of ours", "duration_ms"]),
        (&["--map", "a"], &["THEIRS=OURS:UNIT"]),
        (&["--map", "=duration_ms"], &["THEIRS=OURS:UNIT"]),
        (&["--map", "z=duration_ms"], &["`z`", "no such column in in.csv", "title_id, a, b, kind"]),
        (&["--ignore", "z"], &["`z`", "no such column"]),
    ];
    for (more, words) in maps {
        refused_with(csv, more, words);
    }
    refused_with(SMALL, &["--kind", "movie"], &["--kind movie", "has a column `kind`", "--ignore kind"]);
    refused_with("title_id,duration_ms\n1,5\n", &["--kind", " "], &["--kind", "empty"]);
}
