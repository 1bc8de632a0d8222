//! The text of a policy's SQL, dialect by dialect, against stored files, and what has none. `UPDATE_GOLDEN=1` writes
//! the files anew. Whether the text means what it should is asked of the engines themselves: `tests/engines`.
#![cfg(feature = "harness")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::PathBuf;

use coarsen::classes::class_sql;
use coarsen::policy::sql::{Ask, Dialect, SqlError, select};
use coarsen::policy::{Columns, Policy};

const POLICY: &str = include_str!("policy.toml");

fn ask(dialect: Dialect, ping: Option<&str>) -> Ask {
    Ask {
        dialect,
        table: "raw.plays".to_owned(),
        ping: ping.map(str::to_owned),
        columns: Columns { interval: true, label: true },
        as_of: "2026-11-24".parse().unwrap(),
    }
}

fn is_stored(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/sql/expected").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap(), "{name}");
}

#[test]
fn every_dialect_writes_the_stored_text() {
    let policy = Policy::from_toml(POLICY).unwrap();
    for dialect in Dialect::ALL {
        let text = select(&policy, &ask(dialect, Some("length"))).unwrap();
        is_stored(&format!("{dialect}.sql"), &text);
        assert_eq!(dialect.name().parse::<Dialect>().unwrap(), dialect);
    }
}

#[test]
fn every_dialect_writes_the_stored_class_table() {
    let policy = Policy::from_toml(&POLICY.replace("representative = \"lower\"\n", "")).unwrap();
    let lacks = ["genre".to_owned()];
    for dialect in Dialect::ALL {
        let text = class_sql(&policy, "length", dialect, "catalogue", &lacks);
        // What is judged of a field that has expired is judged of the policy: it may leave until then.
        assert!(text.unwrap_err().to_string().contains("bygone"));
        let media = policy_without(&["bygone", "secret"]);
        let text = class_sql(&media, "length", dialect, "catalogue", &lacks).unwrap();
        is_stored(&format!("classes_{dialect}.sql"), &text);
    }
}

/// The golden policy without these fields, its representatives the midpoints that a catalogue can be judged by.
fn policy_without(names: &[&str]) -> Policy {
    let policy = Policy::from_toml(&POLICY.replace("representative = \"lower\"\n", "")).unwrap();
    let fields =
        policy.fields().iter().filter(|field| !names.contains(&field.name.as_str())).cloned().collect();
    Policy::new("golden", 1, fields, policy.others().to_vec()).unwrap()
}

#[test]
fn what_expired_or_is_dropped_is_not_read() {
    let policy = Policy::from_toml(POLICY).unwrap();
    for dialect in Dialect::ALL {
        let text = select(&policy, &ask(dialect, Some("length"))).unwrap();
        for absent in ["secret", "bygone", "speed"] {
            assert!(!text.contains(absent), "{absent} in {text}");
        }
    }
}

#[test]
fn which_ping_must_be_said_where_there_are_several() {
    let policy = Policy::from_toml(POLICY).unwrap();
    let refused = |ping| select(&policy, &ask(Dialect::Spark, ping)).unwrap_err();
    let pings = "length, speed, bygone".to_owned();
    assert_eq!(refused(None), SqlError::WhichPing { pings: pings.clone() });
    assert_eq!(refused(Some("x\n")), SqlError::Ping { name: "x\\n".to_owned(), pings });
    let nothing = SqlError::Nothing { ping: "bygone".to_owned(), as_of: "2026-11-24".to_owned() };
    assert_eq!(refused(Some("bygone")), nothing);
    assert!(
        "mysql".parse::<Dialect>().unwrap_err().to_string().contains("duckdb, spark, postgres, clickhouse")
    );
}

/// A policy of one field that reads this column, and tells its groups so.
fn reading(column: &str, rounding: &str) -> Policy {
    let written = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let (column, rounding) = (written(column), written(rounding));
    Policy::from_toml(&format!(
        "schema = \"coarsen.policy/1\"\nname = \"one\"\nversion = 1\n[[field]]\nname = \"codec\"\ncolumn = {column}\n\
         type = \"category\"\nrounding = {rounding}\nconsent = \"playback\"\npurpose = \"A question.\"\n\
         sensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
    ))
    .unwrap()
}

#[test]
fn names_that_an_engine_cannot_bear_are_refused() {
    for (column, dialects) in [
        ("nul\0", &Dialect::ALL[..]),
        ("${x}", &[Dialect::Spark][..]),
        (&"x".repeat(64), &[Dialect::Postgres][..]),
        // The engine doesn't tell it from the switch's column.
        ("Consent_Playback", &[Dialect::DuckDb, Dialect::Spark][..]),
    ] {
        let policy = reading(column, "keep");
        for dialect in Dialect::ALL {
            let written = select(&policy, &ask(dialect, None));
            assert_eq!(written.is_err(), dialects.contains(&dialect), "{column:?}, {dialect}: {written:?}");
            if let Err(error) = written {
                assert!(!error.to_string().contains('\0'), "{error:?}");
            }
        }
    }
    let mut table = ask(Dialect::Postgres, None);
    table.table = "a..b".to_owned();
    assert!(select(&reading("codec", "keep"), &table).unwrap_err().to_string().contains("it is empty"));
}

#[test]
fn no_quote_of_a_name_or_text_ends_it() {
    let policy = reading("a\"b`c\\d'e", "groups:it's \\'; --${x}=x\"y");
    let has = |dialect, parts: [&str; 2]| {
        let text = select(&policy, &ask(dialect, None)).unwrap();
        for part in parts {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    };
    has(Dialect::DuckDb, ["\"a\"\"b`c\\d'e\"", "'it''s \\''; --${x}'"]);
    has(Dialect::Postgres, ["\"a\"\"b`c\\d'e\"", "E'it''s \\\\''; --${x}'"]);
    has(Dialect::ClickHouse, ["`a\"b\\`c\\\\d'e`", "'it\\'s \\\\\\'; --${x}'"]);
    has(
        Dialect::Spark,
        ["`a\"b``c\\d'e`", "'it\\u0027s \\u005c\\u0027\\u003b -\\u002d\\u0024\\u007bx\\u007d'"],
    );
}
