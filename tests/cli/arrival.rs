//! `attack arrival` on files worked by hand.

use serde_json::{Value, json};

use crate::tool::{Folder, json as parsed};

/// Two movies 30 s apart, which 10 min doesn't tell apart.
const TWO: &str = "title_id,kind,duration_ms,popularity\nA,movie,6000000,3\nB,movie,6030000,1\n";

fn policy(release: &str) -> String {
    format!(
        r#"
schema = "coarsen.policy/1"
name = "p"
version = 1
{release}
[[field]]
name = "duration"
column = "duration_ms"
type = "duration"
rounding = "floor:10min"
consent = "playback"
purpose = "Stalls."
sensitivity = "low"
expires = "2031-12-31"
"#
    )
}

fn attacked(release: &str) -> (Value, String) {
    let folder = Folder::new();
    folder.write("in.csv", TWO).write("p.toml", policy(release));
    let args = ["attack", "arrival", "--catalogue", "in.csv", "--policy", "p.toml", "--draws", "500"];
    let text = folder.run(&args).ok();
    let ran = parsed(&folder.run(&[&args[..], &["--json"]].concat()).ok())["attacks"][0].clone();
    (ran, text)
}

/// The success on the title by files, of the row of that sending.
fn title(ran: &Value, sending: [u64; 3], is_of_policy: bool) -> &Value {
    let rows = ran["arrival"]["rows"].as_array().expect("rows");
    let of = |row: &&Value| {
        ["jitter_ms", "delay_ms", "batch_ms"].iter().zip(sending).all(|(key, ms)| row[*key] == json!(ms))
            && row["is_of_policy"] == json!(is_of_policy)
    };
    let row = rows.iter().find(of).unwrap_or_else(|| panic!("{sending:?} is not in {ran}"));
    let named = row["named"].as_array().expect("targets");
    let of = |named: &&Value| named["target"] == json!("title") && named["prior"] == json!("uniform");
    named.iter().find(of).expect("a title")
}

#[test]
fn a_policy_without_a_delay_gives_the_length_away() {
    let (ran, text) = attacked("");
    assert_eq!(ran["arrival"]["disagreeing"], json!([]));
    let at_once = title(&ran, [1_000, 0, 0], true);
    assert_eq!((&at_once["rate"], &at_once["draws"]), (&json!(1.0), &json!(500)));
    assert!((at_once["success"].as_f64().expect("a rate") - 1.0).abs() < 1e-9);
    let sides = ["released", "control", "baseline"].map(|side| at_once[side].clone());
    assert_eq!(sides, [json!(0.5), json!(0.5), json!(1.0)]);
    assert!(text.contains("gives the length away") && text.contains("100.0 %"), "{text}");
    assert!(text.contains("the policy: at once, jitter 1s"), "{text}");
    // Half and half of the 30 s in which an hour's phase tells them apart.
    let batched = title(&ran, [1_000, 0, 3_600_000], false)["closed_form"].as_f64().expect("a closed form");
    assert!((batched - (0.5 + 0.5 * 30.0 / 3_600.0)).abs() < 1e-12, "{batched}");
    assert_eq!(ran["arrival"]["harmless_delay_ms"], json!(3_600_000 / 6));
}

#[test]
fn a_policy_that_delays_is_a_row_of_its_own() {
    let (ran, text) = attacked("[release]\ndelay = \"1h..6h\"\nbatch = 100");
    let delayed = title(&ran, [1_000, 5 * 3_600_000, 0], true)["success"].as_f64().expect("a rate");
    assert!(delayed > 0.5 && delayed < 0.51, "{delayed}");
    assert_eq!(ran["arrival"]["batch_of_pings"], json!(100));
    assert!(text.contains("the policy: delay up to 5h") && !text.contains("gives the length away"), "{text}");
    // A wait that is always the same hides nothing.
    let (ran, text) = attacked("[release]\ndelay = \"6h..6h\"");
    assert_eq!(title(&ran, [1_000, 0, 0], true)["rate"], json!(1.0));
    assert!(text.contains("gives the length away"), "{text}");
    let (ran, _) = attacked("[release]\ndelay = \"0h..10000h\"");
    let reason = ran["not_applicable"].as_str().expect("a reason");
    assert!(reason.contains("delay") && reason.contains("year"), "{reason}");
}
