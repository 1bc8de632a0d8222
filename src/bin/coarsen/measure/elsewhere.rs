//! `coarsen measure --classes`, `coarsen measure --engine`: classes that were formed where the catalogue lies.

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::anonymity::{Distortion, Measures, Thresholds};
use coarsen::catalogue::ingest::hex;
use coarsen::classes::{ClassTable, Spark};
use sha2::{Digest, Sha256};

use super::{One, Source, Written, print};
use crate::args::{What, read_policy};
use crate::failure::Failure;
use crate::progress::while_spinning;

#[derive(clap::Args)]
pub struct Elsewhere {
    /// A class table instead of a catalogue, Parquet or CSV: what the query of `coarsen policy sql --classes` yields.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["catalogue", "policy", "duration", "bitrate", "by", "map",
        "ignore", "kind", "engine"])]
    classes: Option<PathBuf>,
    /// Form the classes there, through spark-sql or spark-submit of SPARK_HOME or the PATH, and measure them here.
    #[arg(long, requires = "policy", value_parser = ["spark"], conflicts_with_all = ["map", "ignore", "kind"])]
    engine: Option<String>,
    /// With --engine: Spark's master (local[*], spark://HOST:PORT, yarn, ...).
    #[arg(long, value_name = "URL", requires = "engine", default_value = "local[*]")]
    master: String,
    /// With --engine: a folder that all of Spark's workers see, for the class table on its way here; the system's for
    /// temporary files where absent.
    #[arg(long, value_name = "FOLDER", requires = "engine")]
    scratch: Option<PathBuf>,
    /// With --engine: optional columns that a catalogue lacks which can't be looked at from here, by comma.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', requires = "engine")]
    lacks: Vec<String>,
}

impl Elsewhere {
    /// Whether the classes come from elsewhere.
    pub fn is_asked(&self) -> bool {
        self.classes.is_some() || self.engine.is_some()
    }

    pub fn run(&self, catalogue: &[String], what: &What, json: bool) -> Result<ExitCode, Failure> {
        if let Some(path) = &self.classes {
            let table = while_spinning("reading", || ClassTable::read(path)).map_err(Failure::input)?;
            let bytes = std::fs::read(path)
                .map_err(|error| Failure::Input(format!("{}: {error}", path.display())))?;
            let sha256 = hex(&Sha256::digest(&bytes));
            let source = Source { sha256: Some(&sha256), files: table.files(), titles: table.titles };
            return print(json, source, vec![one(&table)]);
        }
        let Some(path) = &what.policy else {
            return Err(Failure::Input("--engine measures a policy: give one with --policy".to_owned()));
        };
        let policy = read_policy(path)?;
        let spark = Spark::find(&self.master, self.scratch.clone()).map_err(Failure::input)?;
        let mut tables = Vec::new();
        for ping in what.pings(&policy)? {
            let table = || spark.class_table(catalogue, &policy, ping, &self.lacks);
            tables.push(while_spinning("Spark", table).map_err(Failure::input)?);
        }
        let (files, titles) = tables.first().map_or((0, 0), |table| (table.files(), table.titles));
        print(json, Source { sha256: None, files, titles }, tables.iter().map(one).collect())
    }
}

fn one(table: &ClassTable) -> One {
    let told = &table.told;
    One {
        ping: told.ping.clone(),
        generalization: Written {
            duration: told.duration.clone(),
            bitrate: told.bitrate.clone(),
            by: told.by.clone(),
            other: Some(told.other).filter(|boxes| *boxes > 0),
            groups: told.groups.clone(),
        },
        marginal: told.lacks.clone(),
        measures: Measures::of_table(table, Thresholds::default(), &[0.001, 0.01]),
        genre: Some(None),
        distortion: Distortion::of_table(table),
        from_table: true,
    }
}
