//! Modules of drawn policies, compiled and run: they tell what their policies tell.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use coarsen::policy::rust::{Origin, RustError, module};
use coarsen::policy::{Content, Field, Play, Policy, Value};
use coarsen::rounding::Partition;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::draw::{DAYS, any_rounding, consent, day, number_policy, play, policy, switches};
use crate::generated::{read, shown};

/// The values of a play, whose content it is, the switches that are on, and the day.
type Drawn = (Vec<Value<'static>>, Content, Vec<&'static str>, &'static str);

/// One play of one policy as a line that prints what leaves, and what should.
fn line(at: usize, policy: &Policy, play: &Play<'_>, switches: &[&str], as_of: &str) -> (String, String) {
    let values = play.values();
    let columns = read(policy).map(|at| {
        let value = match values[at] {
            Value::Missing => "None".to_owned(),
            Value::Number(number) => format!("Some({number})"),
            Value::Text(text) => format!("Some({text:?})"),
            Value::Flag(flag) => format!("Some({flag})"),
        };
        format!("{}: {value}", policy.columns()[at])
    });
    let emitted = |switch: &&str| policy.fields().iter().any(|f| f.is_emitted() && f.consent == **switch);
    let on = policy
        .switches()
        .into_iter()
        .filter(emitted)
        .map(|switch| format!("{}: {}", switch.replace('-', "_"), switches.contains(&switch)));
    let content = if play.content() == Content::Provided { "Provided" } else { "Personal" };
    let line = format!(
        "let play = p{at}::Play {{ {} }};\nlet consent = p{at}::Consent {{ {} }};\n\
         println!(\"{{:?}}\", p{at}::generalize(&play, p{at}::Content::{content}, &consent, p{at}::Day::new({})));\n",
        columns.collect::<Vec<_>>().join(", "),
        on.collect::<Vec<_>>().join(", "),
        as_of.replace("-0", "-").replace('-', ", "),
    );
    let consent = consent(switches);
    let sent = policy.generalize(play, &consent, day(as_of)).unwrap();
    (line, shown(policy, sent))
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    let said = [&output.stdout[..], &output.stderr].concat();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&said));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn modules_of_drawn_policies_tell_what_they_tell() {
    let folder = tempfile::tempdir().unwrap();
    let mut runner = TestRunner::deterministic();
    let mut draw = |at: usize| -> (Policy, Vec<Drawn>) {
        if at < 30 {
            let plays =
                proptest::collection::vec((play(), switches(), proptest::sample::select(&DAYS[..])), 30);
            let (sketch, plays) = (policy(), plays).new_tree(&mut runner).unwrap().current();
            let policy = Policy::from_toml(&sketch.toml()).unwrap();
            let plays =
                plays.into_iter().map(|(play, on, as_of)| (play.of(&policy), play.content, on, as_of));
            let plays = plays.collect();
            return (policy, plays);
        }
        let roundings = proptest::collection::vec(any_rounding(), 4);
        let seeds = proptest::collection::vec(any::<u64>(), 200);
        let (roundings, seeds) = (roundings, seeds).new_tree(&mut runner).unwrap().current();
        let policy = Policy::from_toml(&number_policy(&roundings)).unwrap();
        let value = |(seed, field): (&u64, &Field)| {
            let bucket = field.parsed_rounding().unwrap().unwrap().bucket(seed >> (seed % 64));
            Value::Number(
                [bucket.from, bucket.from.saturating_sub(1), bucket.to.unwrap_or(u64::MAX)]
                    [*seed as usize % 3],
            )
        };
        let plays = seeds.chunks(4).map(|seeds| seeds.iter().zip(policy.fields()).map(value).collect());
        let plays = plays.map(|values| (values, Content::Personal, vec!["playback"], DAYS[0])).collect();
        (policy, plays)
    };
    let (mut main, mut body, mut wanted, mut names) = (String::new(), String::new(), Vec::new(), Vec::new());
    for at in 0..40 {
        let (policy, plays) = draw(at);
        let origin = Origin { hash: "sha256:".to_owned() + &"0".repeat(64), command: "a test".to_owned() };
        let text = match module(&policy, &origin) {
            Err(RustError::Nothing) => {
                assert!(policy.fields().iter().all(|field| !field.is_emitted()));
                continue;
            }
            text => text.unwrap(),
        };
        // As a crate of its own it needs nothing but core and breaks no lint of the compiler.
        let strict = "//! A policy.\n#![no_std]\n#![forbid(unsafe_code)]\n\
                      #![deny(warnings, missing_docs, rust_2018_idioms, unreachable_pub)]\n";
        std::fs::write(folder.path().join(format!("lib{at}.rs")), strict.to_owned() + &text).unwrap();
        names.push(format!("p{at}.rs"));
        std::fs::write(folder.path().join(format!("p{at}.rs")), text).unwrap();
        _ = writeln!(main, "#[allow(dead_code)]\nmod p{at};");
        for (values, content, switches, as_of) in plays {
            let play = Play::new(&values).of(content);
            let (line, shown) = line(at, &policy, &play, &switches, as_of);
            body += &line;
            wanted.push(shown);
        }
    }
    assert!(names.len() > 20, "{names:?}");
    std::fs::write(folder.path().join("main.rs"), format!("{main}fn main() {{\n{body}}}\n")).unwrap();
    run(folder.path(), "rustc", &["--edition", "2021", "main.rs"]);
    let told = run(folder.path(), folder.path().join("main").to_str().unwrap(), &[]);
    assert_eq!(told.lines().collect::<Vec<_>>(), wanted);
    for at in [0, 1, 2, 3, 4].into_iter().filter(|at| names.contains(&format!("p{at}.rs"))) {
        run(
            folder.path(),
            "rustc",
            &["--edition", "2021", "--crate-type", "lib", "--emit", "metadata", &format!("lib{at}.rs")],
        );
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    run(folder.path(), "rustfmt", &[&["--check", "--edition", "2021"], &names[..]].concat());
}
