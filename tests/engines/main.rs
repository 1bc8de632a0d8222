//! The SQL of policies on the engines themselves, row by row against `Policy::generalize`.
//!
//! Not part of a plain `cargo test`: `cargo test --test engines` asks for Python with the packages of
//! `requirements.txt` beside this file (named by `COARSEN_PYTHON`, else `python3`), a Java runtime for Spark, and
//! PostgreSQL's programs. What is missing fails; nothing is skipped.
#![cfg(feature = "harness")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod classes;
mod draw;
mod engine;
mod expected;
mod program;

use coarsen::policy::Columns;
use coarsen::policy::sql::{Ask, Dialect, select};
use engine::{Case, run};

/// Every one of so many drawn policies on every ping, in one run of the engine.
fn agrees(dialect: Dialect, policies: u64) {
    let mut cases = Vec::new();
    let mut expected = Vec::new();
    let mut values = 0;
    for number in 0..policies {
        let drawn = draw::policy(number);
        let plays = draw::plays(&drawn, number);
        values += plays.values();
        for ping in drawn.policy.pings() {
            let ask = Ask {
                dialect,
                table: format!("plays_{number}"),
                ping: Some(ping.to_owned()),
                columns: Columns { interval: number % 4 < 3, label: number % 4 != 1 },
                as_of: draw::today(),
            };
            // A ping of which nothing leaves has no SELECT, and no row either.
            match select(&drawn.policy, &ask) {
                Ok(sql) => {
                    cases.push(Case { table: ask.table.clone(), plays: plays.clone(), sql });
                    expected.push((drawn.text.clone(), expected::rows(&drawn.policy, &plays, &ask)));
                }
                Err(error) => {
                    assert!(error.to_string().contains("nothing of ping"), "{error}");
                    assert_eq!(
                        expected::rows(&drawn.policy, &plays, &ask),
                        Vec::<Vec<Option<String>>>::new()
                    );
                }
            }
        }
    }
    let answer = run(dialect.name(), &cases);
    assert_eq!(answer.results.len(), expected.len());
    let mut rows = 0;
    for ((found, (policy, wanted)), case) in answer.results.into_iter().zip(expected).zip(&cases) {
        let mut found = found.unwrap_or_else(|error| panic!("{error}\n{policy}\n{}", case.sql));
        let mut wanted = wanted;
        found.sort();
        wanted.sort();
        for (found, wanted) in found.iter().zip(&wanted) {
            assert_eq!(found, wanted, "{policy}\n{}", case.sql);
        }
        assert_eq!(found.len(), wanted.len(), "{policy}\n{}", case.sql);
        rows += found.len();
    }
    println!(
        "{}: {policies} policies, {} pings, {values} pairs of policy and value, {rows} rows left, all as generalized",
        answer.version,
        cases.len()
    );
}

#[test]
fn duckdb_agrees_row_by_row() {
    agrees(Dialect::DuckDb, 48);
}

#[test]
fn spark_agrees_row_by_row() {
    // Spark compiles every query, which takes seconds.
    agrees(Dialect::Spark, 8);
}

#[test]
fn postgres_agrees_row_by_row() {
    agrees(Dialect::Postgres, 48);
}
