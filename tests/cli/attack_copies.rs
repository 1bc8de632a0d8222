//! `attack noisy` and `attack partial` on files worked by hand.

use serde_json::Value;

use crate::tool::{Folder, is_plain, json};

/// Two films half an hour apart, and two clips of one length, of which one is played three times as often.
const FOUR: &str = "\
title_id,kind,duration_ms,popularity
A,movie,5400000,1
B,movie,7200000,1
C,clip,60000,1
D,clip,60000,3
";

fn attacked(csv: &str, name: &str, more: &[&str]) -> Value {
    let folder = Folder::new();
    folder.write("in.csv", csv);
    let args = [&["attack", name, "--catalogue", "in.csv", "--draws", "2000", "--json"], more].concat();
    json(&folder.run(&args).ok())["attacks"][0].take()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn near(value: &Value, expected: f64) {
    assert!((number(value) - expected).abs() < 1e-12, "{value} is not {expected}");
}

#[test]
fn another_copy_is_named_by_who_knows_how_copies_differ() {
    let found = attacked(FOUR, "noisy", &["--duration", "floor:1min", "--by", "kind"]);
    assert_eq!(found["attacker"], "noisy");
    let noisy = &found["noisy"];
    assert_eq!(noisy["agrees"], true, "{found:#}");
    assert_eq!((&noisy["settings"]["same"], &noisy["settings"]["tolerance_ms"]), (&50.into(), &42.into()));
    let levels = noisy["levels"].as_array().unwrap();
    let names: Vec<_> = levels
        .iter()
        .map(|level| (level["target"].as_str().unwrap(), level["prior"].as_str().unwrap()))
        .collect();
    let each = ["file", "title"].map(|target| [(target, "uniform"), (target, "popularity")]).concat();
    // No series, so none is named.
    assert_eq!(names, each);
    for level in levels {
        // Films are told apart however they differ, and of the clips the likelier is named: of six plays five.
        let uniform = level["prior"] == "uniform";
        near(&level["closed_form"], if uniform { 3.0 / 4.0 } else { 5.0 / 6.0 });
        near(&level["control"], if uniform { 1.0 / 4.0 } else { 3.0 / 6.0 });
        assert_eq!(level["interval_recall"]["rate"], 1.0);
        // Of 100 copies 75 are the same encode, a remux, or another cut of a title with one file; of the films' 25 others
        // most lie in another minute, where whoever ignores that finds nothing.
        let ignoring = number(&level["ignoring_recall"]["rate"]);
        assert!((0.6..0.95).contains(&ignoring), "{level:#}");
        assert!(number(&level["ignoring"]["rate"]) < number(&level["bayes"]["rate"]));
        // Raw values are no better where nothing lies near: but frames are, and they are missed.
        let baseline = &level["baseline"];
        assert_eq!((&baseline["bayes"]["draws"], &level["bayes"]["draws"]), (&500.into(), &2_000.into()));
        assert!(number(&baseline["ignoring_recall"]["rate"]) < ignoring);
    }
}

#[test]
fn a_play_that_stops_early_hides_behind_the_longer() {
    let two = "title_id,kind,duration_ms\nA,clip,10000\nB,clip,19000\n";
    let found = attacked(two, "partial", &["--duration", "floor:10s"]);
    let partial = &found["partial"];
    assert_eq!(partial["agrees"], true, "{found:#}");
    let watched = partial["watched"].as_array().unwrap();
    assert_eq!(watched.len(), 3 * 3 * 2 * 2);
    for row in watched {
        near(&row["control"], 0.5);
        near(&row["without"], 0.5);
        assert_eq!(row["longest"]["draws"], 2_000);
        if row["plays"] == 1 {
            // Tails of 1 s and 1.9 s: of completed plays of A those of 10 s sharp alone reach the second bucket.
            let completion = number(&row["completion"]);
            let a = completion * 1_000.0 / 1_001.0 + (1.0 - completion) * 10_000.0 / 10_001.0;
            let b = (1.0 - completion) * 10_000.0 / 19_001.0;
            near(&row["closed_form"], (a + 1.0 - b) / 2.0);
            assert_eq!(row["longest"], row["linked"]);
            // The bucket from 0 fits both, that from 10 s both as well.
            assert_eq!(row["candidates"], 2.0);
        }
        // Unrounded, ten plays of A and none past 10 s can hardly be B.
        if row["plays"] == 10 {
            assert!(number(&row["baseline"]["linked"]["rate"]) > 0.95, "{row:#}");
        }
    }
}

#[test]
fn both_print_tables_and_need_a_duration() {
    let folder = Folder::new();
    folder.write("in.csv", FOUR);
    let text = |name: &str, more: &[&str]| {
        let args = [&["attack", name, "--catalogue", "in.csv", "--draws", "200"], more].concat();
        let text = folder.run(&args).ok();
        assert!(is_plain(&text), "{text}");
        text
    };
    let noisy = text("noisy", &["--duration", "floor:1min"]);
    for word in ["ignoring the noise", "recall", "title, popularity prior"] {
        assert!(noisy.contains(word), "`{word}` is not in {noisy}");
    }
    let partial = text("partial", &["--duration", "floor:1min"]);
    for word in [
        "20 % completed, 1 play, file, uniform prior",
        "80 % completed, 10 plays, title",
        "without played time",
    ] {
        assert!(partial.contains(word), "`{word}` is not in {partial}");
    }
    for name in ["noisy", "partial"] {
        assert!(text(name, &["--by", "kind"]).contains("not applicable: no duration leaves"));
    }
}
