//! Asking an engine: a table and a query each, and what comes back.

use std::process::Command;

use serde_json::{Value, json};

use crate::draw::Plays;

/// A table with a query over it.
pub struct Case {
    pub table: String,
    pub plays: Plays,
    pub sql: String,
}

pub type Rows = Vec<Vec<Option<String>>>;

/// What an engine says: its name and version, and for each case the rows or its error.
pub struct Answer {
    pub version: String,
    pub results: Vec<Result<Rows, String>>,
}

pub fn python() -> String {
    std::env::var("COARSEN_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// Runs the driver and reads what it wrote.
pub fn drive(engine: &str, request: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let (asked, answered) = (folder.path().join("cases.json"), folder.path().join("answer.json"));
    std::fs::write(&asked, request.to_string()).unwrap();
    let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/engines/driver.py");
    let ran = Command::new(python()).args([driver, engine]).args([&asked, &answered]).output().unwrap();
    assert!(
        ran.status.success(),
        "the driver failed on {engine}: {}\n{}",
        ran.status,
        String::from_utf8_lossy(&ran.stderr)
    );
    serde_json::from_str(&std::fs::read_to_string(&answered).unwrap()).unwrap()
}

pub fn run(engine: &str, cases: &[Case]) -> Answer {
    let mut tables = serde_json::Map::new();
    for case in cases {
        tables.entry(case.table.clone()).or_insert_with(|| case.plays.json());
    }
    let queries: Vec<&str> = cases.iter().map(|case| case.sql.as_str()).collect();
    let tables_of: Vec<&str> = cases.iter().map(|case| case.table.as_str()).collect();
    let answer = drive(engine, &json!({ "tables": tables, "queries": queries, "of": tables_of }));
    let result = |result: &Value| match &result["error"] {
        Value::String(error) => Err(error.clone()),
        _ => Ok(serde_json::from_value(result["rows"].clone()).unwrap()),
    };
    Answer {
        version: answer["version"].as_str().unwrap().to_owned(),
        results: answer["results"].as_array().unwrap().iter().map(result).collect(),
    }
}
