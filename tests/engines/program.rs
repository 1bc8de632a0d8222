//! The program with the engines: a class table from DuckDB's file, and Spark on a local cluster.

use std::path::Path;
use std::process::Command;

use coarsen::catalogue::ingest::to_parquet;
use serde_json::{Value, json};

use crate::classes::draw;
use crate::engine::{drive, python};

/// What the program prints, run in the folder.
fn coarsen(folder: &Path, path: &str, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coarsen"));
    let ran =
        command.args(args).current_dir(folder).env("PATH", path).env_remove("SPARK_HOME").output().unwrap();
    assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

/// Every figure but those that a class table can't tell.
fn figures(json: &str) -> Value {
    let mut value: Value = serde_json::from_str(json).unwrap();
    let object = value.as_object_mut().unwrap();
    for key in ["by_kind", "genre", "catalogue", "ping"] {
        object.remove(key);
    }
    value
}

/// A drawn catalogue and its policy, as files of the folder.
fn written(folder: &Path) -> (String, String) {
    // One with popularities that aren't counts, groups and boxes.
    let drawn = (0..).map(draw).find(|drawn| {
        let has = |part: &str| drawn.text.contains(part);
        has("groups:") && has("[[other]]") && !has("rounding = 'drop'") && drawn.lacks.len() == 6
    });
    let drawn = drawn.unwrap();
    std::fs::write(folder.join("catalogue.parquet"), to_parquet(&drawn.catalogue).unwrap()).unwrap();
    std::fs::write(folder.join("policy.toml"), &drawn.text).unwrap();
    (drawn.text, drawn.lacks.join(","))
}

#[test]
fn a_class_table_in_a_file_of_duckdb_measures_as_the_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let (_, lacks) = written(folder.path());
    let path = std::env::var("PATH").unwrap();
    let args = [
        "policy",
        "sql",
        "policy.toml",
        "--dialect",
        "duckdb",
        "--table",
        "catalogue",
        "--classes",
        "--lacks",
        &lacks,
    ];
    let query = coarsen(folder.path(), &path, &args);
    let at = |name: &str| folder.path().join(name).display().to_string().replace('\'', "''");
    let view = format!("CREATE VIEW catalogue AS SELECT * FROM '{}'", at("catalogue.parquet"));
    let copy = format!("COPY ({query}) TO '{}' (FORMAT parquet)", at("classes.parquet"));
    drive("duckdb", &json!({"scripts": [view, copy]}));
    let table = coarsen(folder.path(), &path, &["measure", "--classes", "classes.parquet", "--json"]);
    let whole = ["measure", "--catalogue", "catalogue.parquet", "--policy", "policy.toml", "--json"];
    assert_eq!(figures(&table), figures(&coarsen(folder.path(), &path, &whole)));
}

#[test]
fn spark_on_a_local_cluster_measures_as_we_do() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let own = std::env::var("PATH").unwrap();
    // spark-sql lies beside the Python that has its package.
    let beside = Path::new(&python()).parent().unwrap().display().to_string();
    let path = format!("{beside}:{own}");
    let whole = ["measure", "--catalogue", "catalogue.parquet", "--policy", "policy.toml", "--json"];
    let spark = [&whole[..], &["--engine", "spark", "--master", "local-cluster[2,1,1024]"]].concat();
    assert_eq!(
        figures(&coarsen(folder.path(), &path, &spark)),
        figures(&coarsen(folder.path(), &own, &whole))
    );
}
