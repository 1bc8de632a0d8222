//! The peer of the goal: polars' lazy engine in Python, scan with columns sink (`benches/peers/apply.py`).

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::plays::{CONSENT, How, rounded};

/// What Python prints of so many runs, from Parquet to Parquet.
pub fn run(python: &str, input: &Path, output: &Path, repeat: usize) -> Value {
    let columns = rounded().into_iter().map(|column| {
        let name = column.name;
        match column.how {
            How::Floor { width, top } => {
                json!({"name": name, "width": width, "shift": 0, "first": 0, "top": top})
            }
            How::Nearest { width } => {
                let half = width / 2;
                json!({"name": name, "width": width, "shift": half, "first": half / 2, "top": null})
            }
            How::Buckets(buckets) => {
                let (from, told): (Vec<u64>, Vec<u64>) = buckets.into_iter().unzip();
                json!({"name": name, "from": from, "told": told})
            }
        }
    });
    let asked = json!({
        "input": input, "output": output, "consent": CONSENT, "repeat": repeat, "columns": columns.collect::<Vec<_>>()
    });
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/apply.py");
    let child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.expect("the Python that COARSEN_PYTHON names");
    child.stdin.take().expect("a pipe").write_all(asked.to_string().as_bytes()).expect("asked");
    let said = child.wait_with_output().expect("an answer");
    assert!(said.status.success(), "polars' lazy engine failed");
    serde_json::from_slice(&said.stdout).expect("JSON")
}
