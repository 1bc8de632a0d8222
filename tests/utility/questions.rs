//! A question against a naive count.

use std::collections::BTreeMap;

use coarsen::rounding::Partition;
use coarsen::telemetry::plays::{Column, Number, Plays, Row, Text};
use coarsen::utility::{
    Key, Level, Question, Release, Statistic, UtilityError, Value, built_in, read_questions,
};
use proptest::prelude::*;

use crate::some::plays;

/// The answer of raw plays, play by play.
fn counted(question: &Question, plays: &Plays) -> BTreeMap<Vec<Level>, Value> {
    let mut cells: BTreeMap<Vec<Level>, Value> = BTreeMap::new();
    for row in (0..plays.len()).map(|play| plays.row(play)) {
        let lets = |(text, names): (&Text, &Vec<String>)| {
            row[*text].is_some_and(|name| names.iter().any(|wanted| wanted == name))
        };
        if !question.only.iter().all(lets) {
            continue;
        }
        let whole = |number: Number| row[number].map(i64::from);
        let sums = match &question.statistic {
            Statistic::AtLeast(number, least) => whole(*number).map(|v| (i64::from(v >= *least as i64), 1)),
            Statistic::Is(text, names) => {
                row[*text].map(|name| (i64::from(names.iter().any(|wanted| wanted == name)), 1))
            }
            Statistic::Mean(number) => whole(*number).map(|value| (value, 1)),
            Statistic::Ratio(of, over) => {
                let under: Option<i64> = over.iter().map(|number| whole(*number)).sum();
                whole(*of).zip(under)
            }
            Statistic::Plays => Some((1, 1)),
        };
        let Some((over, under)) = sums else { continue };
        let level = |key: &Key| match key {
            Key::Number(number, cut) => {
                row[*number].map_or(Level::Missing, |value| Level::Bucket(cut.bucket(u64::from(value))))
            }
            Key::Text(text, groups) => row[*text].map_or(Level::Missing, |name| {
                Level::Name(groups.as_ref().map_or(name, |groups| groups.name(name)).to_owned())
            }),
        };
        let cell = cells.entry(question.by.iter().map(level).collect()).or_default();
        cell.over += over;
        cell.under += under;
        cell.plays += 1;
    }
    if question.statistic == Statistic::Plays {
        let all = cells.values().map(|value| value.under).sum();
        cells.values_mut().for_each(|value| value.under = all);
    }
    cells
}

fn answered(question: &Question, plays: &Plays) -> BTreeMap<Vec<Level>, Value> {
    let raw = Release::raw(plays);
    let answer = question.answer(plays, &raw.tables()[0], &|_| true).expect("an answer");
    for (place, (_, sum)) in answer.cells().iter().enumerate() {
        let of_cell = answer.entries().iter().filter(|entry| entry.cell as usize == place);
        let plays: i64 = of_cell.map(|entry| entry.value.plays).sum();
        assert_eq!(plays, sum.plays, "what servers add is the whole");
    }
    answer.cells().iter().cloned().collect()
}

#[test]
fn every_built_in_question_is_answered_as_counted() {
    let plays = plays(15, 1_500, 0.0);
    let questions = built_in();
    assert_eq!(questions.len(), 12);
    for question in questions {
        let counted = counted(&question, &plays);
        assert!(counted.len() > 1, "{} has cells", question.name);
        assert_eq!(answered(&question, &plays), counted, "{}", question.name);
    }
}

const MORE: &str = r#"
    [[question]]
    name = "wait"
    asks = "How long does it take to start?"
    statistic = "mean"
    of = "startup_ms"
    by = [{ column = "server" }, { column = "played_ms", in = "floor:3s" }]
    margin = 1.0
    [[question]]
    name = "failures"
    asks = "What fails with which delivery?"
    statistic = "plays"
    by = [{ column = "error" }]
    only = { delivery = ["transcode", "remux"] }
    margin = 0.0
"#;

fn row() -> impl Strategy<Value = [Option<u32>; 6]> {
    prop::array::uniform6(prop::option::weighted(0.8, 0u32..6))
}

fn plays_of(rows: &[[Option<u32>; 6]]) -> Plays {
    const NAMES: [&str; 6] = ["web", "roku", "tizen", "transcode", "remux", "timeout"];
    let name = |at: &Option<u32>| at.map(|at| NAMES[at as usize]);
    let row = |[server, delivery, error, startup, played, platform]: &[Option<u32>; 6]| {
        let mut row = Row::default();
        row[Text::Server] = name(server);
        row[Text::Delivery] = name(delivery);
        row[Text::Error] = name(error);
        row[Text::Platform] = name(platform);
        row[Number::StartupMs] = startup.map(|at| at * 1_000);
        row[Number::PlayedMs] = played.map(|at| at * 1_000);
        row[Number::DurationMs] = played.map(|at| at * 1_500);
        row
    };
    rows.iter().map(row).collect()
}

proptest! {
    /// Whatever is missing, and in whatever order plays stand.
    #[test]
    fn answers_are_counted_whatever_the_order(mut rows in prop::collection::vec(row(), 0..40)) {
        let questions = [built_in(), read_questions("more", MORE).expect("questions")].concat();
        let plays = plays_of(&rows);
        rows.reverse();
        let turned = plays_of(&rows);
        for question in questions {
            let answer = answered(&question, &plays);
            prop_assert_eq!(&answer, &counted(&question, &plays));
            prop_assert_eq!(&answer, &answered(&question, &turned));
        }
    }
}

#[test]
fn a_group_s_own_name_is_not_grouped_again() {
    let question = built_in().into_iter().find(|question| question.name == "features").expect("a question");
    let of = |platform| {
        let mut row = Row::default();
        row[Text::Platform] = Some(platform);
        row[Text::Event] = Some("skip");
        answered(&question, &[row].into_iter().collect()).into_keys().next().expect("a cell")
    };
    assert_eq!(of("tizen"), of("tv"));
    assert_eq!(of("tv")[0], Level::Name("tv".to_owned()));
    assert_eq!(of("teapot")[0], Level::Name("other".to_owned()));
}

#[test]
fn columns_that_leave_apart_answer_nothing() {
    let question = built_in().into_iter().next().expect("a question");
    let plays = plays(3, 30, 0.0);
    let raw = Release::raw(&plays);
    let apart = raw.tables()[0].without(&[Column::Number(Number::Stalls)]);
    assert!(question.table(&raw).is_ok());
    assert!(!question.columns().all(|column| apart.holds(column)));
    let nothing = Release::of_pings(&plays, &[]);
    assert_eq!(
        question.table(&nothing).expect_err("nothing leaves"),
        "no ping holds platform, bitrate_bps, resolution, stalls"
    );
}

#[test]
fn what_is_no_question_is_refused() {
    let question = |lines: &str| {
        format!(
            "[[question]]\nname = \"q\"\nasks = \"What?\"\nmargin = 0.1\nby = [{{ column = \"kind\" }}]\n{lines}"
        )
    };
    let refusals = [
        ("statistic = \"share\"", "needs either `at_least` or `is`"),
        ("statistic = \"share\"\nof = \"stalls\"", "needs either `at_least` or `is`"),
        (
            "statistic = \"share\"\nof = \"stall\"\nat_least = 1",
            "plays have no column stall; they have server",
        ),
        ("statistic = \"share\"\nof = \"stalls\"\nis = [\"a\"]", "stalls is no column of text"),
        ("statistic = \"share\"\nof = \"kind\"\nat_least = 1", "kind is no column of numbers"),
        ("statistic = \"share\"\nof = \"startup_ms\"\nat_least = \"2 kbps\"", "kbps"),
        ("statistic = \"mean\"", "`of` is missing"),
        (
            "statistic = \"mean\"\nof = \"stalls\"\nover = [\"stalls\"]",
            "`over` doesn't go with this statistic",
        ),
        ("statistic = \"ratio\"\nof = \"stalls\"", "`over` is missing"),
        ("statistic = \"plays\"\nof = \"stalls\"", "`of` doesn't go with this statistic"),
        ("statistic = \"plays\"\nonly = { kind = [] }", "kind has no name"),
        ("statistic = \"median\"", "median"),
        ("statistic = \"plays\"\nwhere = 1", "where"),
    ];
    for (lines, says) in refusals {
        let error = read_questions("mine.toml", &question(lines)).expect_err(lines).to_string();
        assert!(error.contains(says), "{lines}: {error}");
    }
    let by = |by: &str| {
        let text = question("statistic = \"plays\"").replace("{ column = \"kind\" }", by);
        read_questions("mine.toml", &text).expect_err(by).to_string()
    };
    assert!(by("{ column = \"duration_ms\" }").contains("every value would be a cell of its own"));
    assert!(by("{ column = \"duration_ms\", in = \"floor:5 stones\" }").contains("duration_ms"));
    assert!(by("{ column = \"consent_crash\" }").contains("is a switch, which never leaves"));
    assert!(by("").contains("at least one key"));
    let twice = [question("statistic = \"plays\""), question("statistic = \"plays\"")].join("\n");
    let error = read_questions("mine.toml", &twice).expect_err("twice").to_string();
    assert_eq!(error, "question q: stands twice: rename one");
    let margin = question("statistic = \"plays\"").replace("0.1", "-0.1");
    assert!(read_questions("m", &margin).expect_err("a margin").to_string().contains("from 0 up"));
    assert!(matches!(read_questions("mine.toml", "x = 1"), Err(UtilityError::Toml { .. })));
}
