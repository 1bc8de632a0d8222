//! `coarsen policy sql`, `coarsen measure --classes` and `--engine`: what the program says without any engine.

use serde_json::Value;

use crate::tool::{Folder, SMALL};

const POLICY: &str = r#"
    schema = "coarsen.policy/1"
    name = "small"
    version = 1
    [[field]]
    name = "duration"
    type = "duration"
    rounding = "floor:2s"
    consent = "playback"
    purpose = "A question."
    sensitivity = "fingerprint"
    expires = "2031-12-31"
"#;

/// The class table of `SMALL` under `POLICY`.
const CLASSES: &str = r#"generalization,all_titles,all_top_title_files,all_top_title_weight,duration_from,duration_to,files,titles,series,weight,top_file_weight,top_title_files,top_title_weight,duration_files,duration_sum,duration_squares,duration_error
"{""ping"":""play"",""duration"":""floor:2s"",""bitrate"":""drop"",""by"":[],""other"":0,""groups"":{},""lacks"":[],""has"":[""duration""]}",3,1,1,0,2000,1,1,1,1,1,1,1,1,1000,1000000,0
"{""ping"":""play"",""duration"":""floor:2s"",""bitrate"":""drop"",""by"":[],""other"":0,""groups"":{},""lacks"":[],""has"":[""duration""]}",3,1,1,2000,4000,2,2,2,2,1,1,1,2,4500,10250000,1500
"#;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("in.csv", SMALL).write("policy.toml", POLICY).write("classes.csv", CLASSES);
    folder
}

#[test]
fn a_class_table_measures_as_its_catalogue() {
    let folder = folder();
    let figures = |args: &[&str]| -> Value {
        let text = folder.run(args).ok();
        serde_json::from_str(&text).expect("JSON")
    };
    let table = figures(&["measure", "--classes", "classes.csv", "--json"]);
    let mut whole = figures(&["measure", "--catalogue", "in.csv", "--policy", "policy.toml", "--json"]);
    assert!(!whole["by_kind"].is_null());
    assert_eq!((&table["by_kind"], &table["genre"]), (&Value::Null, &Value::Null));
    assert_eq!(table["catalogue"]["files"], whole["catalogue"]["files"]);
    let held = whole.as_object_mut().expect("an object");
    for key in ["by_kind", "catalogue"] {
        held.remove(key);
    }
    for (key, value) in held {
        assert_eq!(table[&key[..]], *value, "{key}");
    }
    let text = folder.run(&["measure", "--classes", "classes.csv"]).ok();
    assert!(text.contains("a class table can't tell: figures by kind, genres"), "{text}");
}

#[test]
fn a_class_table_that_contradicts_itself_is_refused() {
    let folder = folder();
    for (from, to, words) in [
        ("2000,4000,2,", "2000,4000,0,", &["row 2, column `files`"][..]),
        (",2,2,2,2,1,1,1,", ",2,3,2,2,1,1,1,", &["column `titles`", "at most one a file"]),
        (",2,2,2,2,1,1,1,", ",2,2,2,2,1,2,1,", &["column `top_title_files`"]),
        (",2,2,2,2,1,1,1,", ",2,2,2,2,3,1,1,", &["column `top_title_weight`"]),
        (",2,2,2,2,1,1,1,", ",2,2,2,9999999999999999999,1,1,1,", &["2^62"]),
        ("10250000", "1", &["column `duration_squares`"]),
        ("10250000", "1.5", &["`1.5` is no whole number"]),
        ("2,4500,", "3,4500,", &["column `duration_files`"]),
        ("2000,4000", "2000,2000", &["column `duration_to`"]),
        (",duration_error", ",error", &["no column `duration_error`", "policy sql --classes"]),
    ] {
        assert!(CLASSES.contains(from), "{from}");
        folder.write("broken.csv", CLASSES.replace(from, to));
        folder.refused(&["measure", "--classes", "broken.csv"], words);
    }
    let one = CLASSES.replacen("\"\"has\"\":[", "\"\"has\"\":[\"\"bitrate\"\",", 1);
    folder.write("broken.csv", one).refused(&["measure", "--classes", "broken.csv"], &["row 2", "differs"]);
    folder.write("broken.csv", "").refused(&["measure", "--classes", "broken.csv"], &["no file in it"]);
    folder.refused(&["measure", "--classes", "absent.csv"], &["absent.csv"]);
}

#[test]
fn the_sql_of_a_policy_is_printed() {
    let folder = folder();
    let sql = ["policy", "sql", "policy.toml", "--dialect", "postgres", "--table", "plays"];
    let text =
        folder.run(&[&sql[..], &["--columns", "interval,label", "--as-of", "2026-11-24"]].concat()).ok();
    assert!(text.contains("AS \"duration_label\"") && text.contains("FROM \"plays\""), "{text}");
    let classes = folder.run(&[&sql[..], &["--classes", "--lacks", "series_id,kind"]].concat()).ok();
    assert!(classes.contains("GROUP BY") && !classes.contains("series_id"), "{classes}");
    folder.refused(&[&sql[..], &["--as-of", "2031-12-31"]].concat(), &["nothing of ping `play` leaves"]);
    folder.refused(
        &[&sql[..], &["--classes", "--lacks", "title_id"]].concat(),
        &["no optional column", "series_id"],
    );
    folder.refused(&[&sql[..], &["--ping", "other"]].concat(), &["no ping `other`", "play"]);
    folder.refused(
        &["policy", "sql", "policy.toml", "--dialect", "mysql", "--table", "t"],
        &["mysql", "duckdb"],
    );
}

#[test]
fn without_spark_the_message_says_what_to_install() {
    let folder = folder();
    let args = ["measure", "--engine", "spark", "--catalogue", "in.parquet", "--policy", "policy.toml"];
    let mut command = folder.command(&args);
    let ran = command.env("PATH", "").env_remove("SPARK_HOME").output().expect("a run");
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(said.contains("pip install pyspark") && said.contains("SPARK_HOME"), "{said}");
    folder.refused(&["measure", "--engine", "spark", "--catalogue", "in.csv"], &["--policy"]);
    folder
        .refused(&["measure", "--catalogue", "in.csv", "in.csv", "--duration", "keep"], &["--engine spark"]);
    folder.refused(&["measure", "--catalogue", "in.csv"], &["nothing says what leaves", "--policy"]);
}

/// A Spark of our own that fails as the real one does, so that the message can be looked at.
#[cfg(unix)]
#[test]
fn what_spark_says_last_is_shown_where_it_fails() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    folder.run(&["catalogue", "synth", "--titles", "5", "--seed", "1", "-o", "in.parquet"]).ok();
    std::fs::create_dir_all(folder.path("spark/bin")).expect("a folder");
    let program = folder.path("spark/bin/spark-sql");
    let script = "#!/bin/sh\necho 'first \u{1b}[31m words' >&2\necho '\tat java.lang.Frame' >&2\necho 'last words' >&2\nexit 3\n";
    std::fs::write(&program, script).expect("a script");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("permissions");
    let args = ["measure", "--engine", "spark", "--catalogue", "in.parquet", "--policy", "policy.toml"];
    let ran = folder.command(&args).env("SPARK_HOME", folder.path("spark")).output().expect("a run");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(2), "{said}");
    assert!(said.contains("last words") && said.contains("exit status: 3"), "{said}");
    assert!(!said.contains("java.lang.Frame") && !said.contains('\u{1b}'), "{said}");
}
