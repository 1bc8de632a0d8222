//! `attack open-world` on files worked by hand.

use serde_json::{Value, json};

use crate::tool::{Folder, json as parsed};

/// A hundred movies, each a minute longer than the one before, and two that look alike.
fn catalogue() -> String {
    let row =
        |title: usize| format!("{title},movie,{},{}\n", 600_000 + 60_000 * title.min(100), 1 + title % 3);
    "title_id,kind,duration_ms,popularity\n".to_owned() + &(0..102).map(row).collect::<String>()
}

fn attacked(duration: &str) -> (Value, String) {
    let folder = Folder::new();
    folder.write("in.csv", catalogue());
    let args = ["attack", "open-world", "--catalogue", "in.csv", "--duration", duration, "--draws", "2000"];
    let text = folder.run(&args).ok();
    (parsed(&folder.run(&[&args[..], &["--json"]].concat()).ok())["attacks"][0]["open_world"].clone(), text)
}

fn rows<'v>(found: &'v Value, decoys: u32, prior: &str, doubt: &str) -> Vec<&'v Value> {
    let wanted = [("decoys_percent", json!(decoys)), ("prior", json!(prior)), ("doubt", json!(doubt))];
    let of = |row: &&Value| wanted.iter().all(|(key, value)| row[*key] == *value);
    found["rows"].as_array().expect("rows").iter().filter(of).collect()
}

#[test]
fn precision_and_recall_by_coverage() {
    let (found, text) = attacked("floor:1min");
    assert_eq!(found["rows"].as_array().expect("rows").len(), 48);
    let counted = rows(&found, 0, "uniform", "counts");
    assert_eq!(
        counted.iter().map(|row| row["coverage_percent"].clone()).collect::<Vec<_>>(),
        [100, 90, 75, 50, 25, 10]
    );
    let close = |value: &Value, to: f64| (value.as_f64().expect("a number") - to).abs() < 1e-12;
    let full = &counted[0]["closed_form"];
    assert!(close(&full["precision"], 1.0) && close(&full["recall"], 100.0 / 102.0), "{full}");
    assert_eq!(counted[0]["control"], json!({"spoken": 0.0, "precision": null, "recall": 0.0}));
    assert_eq!(counted[0]["ran"]["recall"]["draws"], json!(2_000));
    let recall = |row: &&Value| row["closed_form"]["recall"].as_f64().expect("a rate");
    let recalls: Vec<f64> = counted.iter().map(recall).collect();
    assert!(recalls.windows(2).all(|pair| pair[1] <= pair[0]), "{recalls:?}");
    // A quarter of the titles is known, and nearly each is alone.
    assert!((recalls[4] - 0.25).abs() < 0.15, "{recalls:?}");
    // A decoy that looks like nobody else is never seen.
    let decoys = &rows(&found, 50, "popularity", "coverage")[0]["closed_form"];
    assert!(decoys["precision"].as_f64().expect("a rate") > 0.97, "{decoys}");
    assert!(close(&found["abstaining_gain"][0]["uniform"], 100.0 / 102.0));
    assert!(text.contains("50 %, 50 % decoys, by plays, counts reports"), "{text}");
}

#[test]
fn an_attacker_who_is_never_sure_is_silent() {
    let (found, text) = attacked("floor:1h");
    for row in rows(&found, 0, "uniform", "coverage") {
        assert_eq!(row["closed_form"], json!({"spoken": 0.0, "precision": null, "recall": 0.0}));
        assert_eq!(row["ran"]["precision"]["draws"], json!(0));
        // Its interval is all there is.
        assert_eq!(
            (&row["ran"]["precision"]["low"], &row["ran"]["precision"]["high"]),
            (&json!(0.0), &json!(1.0))
        );
    }
    assert!(text.contains("silent, 0 %"), "{text}");
}
