//! The delay that a policy states, held to what arrival times name by it.

use super::*;

fn with_delay(delay: &str) -> Folder {
    let folder = justified(&two());
    let release = "delay = \"1h..6h\"\nbatch = 100\nshuffle = true";
    edit(&folder, release, &release.replace("1h..6h", delay));
    justify(&folder);
    folder
}

/// The value of the margin of a ping and a limit.
fn value(verified: &Value, ping: usize, limit: &str) -> f64 {
    let margins = verified["arrival"]["pings"][ping]["margins"].as_array().expect("margins");
    let margin = margins.iter().find(|margin| margin["limit"] == limit).expect(limit);
    margin["value"].as_f64().expect("a share")
}

#[test]
fn a_delay_of_a_second_fails_and_one_of_hours_holds() {
    let folder = with_delay("0s..1s");
    let verified = verify(&folder, &HERE);
    assert_eq!(with(&verified, "fails"), ["length delay", "stalls delay"]);
    let says = says(&verified, "delay");
    let named = value(&verified, 0, "title_uniform");
    assert!(named > 0.4 && says.contains(&format!("{named:.6} over 0.4")), "{says}");
    for words in ["0s..1s", "delay up to 1s", "batch of 100 pings says nothing", "allowed by title_uniform"] {
        assert!(says.contains(words), "{words}: {says}");
    }
    let ran = folder.run(&["verify", "--policy", "p.toml", "--catalogue", "in.parquet"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("FAILS  delay: 0s..1s"), "{}", ran.stdout);

    let verified = verify(&with_delay("1h..6h"), &HERE);
    assert_eq!(verified["holds"], true);
    assert!(with(&verified, "holds").contains(&"length delay".to_owned()));
    assert!(value(&verified, 0, "title_uniform") < 0.4);
    // What is spread hides, not what is late.
    let late = verify(&with_delay("6h..6h"), &HERE);
    assert_eq!(late["holds"], false);
    assert!(value(&late, 0, "title_uniform") > named);
}

/// The figures are those of the attacker that `coarsen attack arrival` runs.
#[test]
fn a_delay_is_judged_by_the_attacker() {
    let folder = with_delay("0s..10min");
    let verified = verify(&folder, &[&HERE[..], &["--limit", "title_popularity=1"]].concat());
    let args = ["attack", "arrival", "--catalogue", "in.parquet", "--policy", "p.toml", "--draws", "2000"];
    let attacked = json(&folder.run(&[&args[..], &["--json"]].concat()).ok());
    for (place, ping) in ["length", "stalls"].iter().enumerate() {
        assert_eq!(attacked["attacks"][place]["ping"], *ping);
        let named = attacked["attacks"][place]["arrival"]["rows"][0]["named"].as_array().expect("targets");
        for (limit, prior) in [("title_uniform", "uniform"), ("title_popularity", "popularity")] {
            let of = named.iter().find(|named| named["target"] == "title" && named["prior"] == prior);
            let success = of.expect("a title")["success"].as_f64().expect("a share");
            assert!((value(&verified, place, limit) - success).abs() < 1e-12, "{ping} {prior}");
        }
    }
}

/// Whoever states no delay sends at once.
#[test]
fn a_policy_without_a_delay_fails_as_one_that_sends_at_once() {
    let at_once = verify(&with_delay("0s..0s"), &HERE);
    let folder = justified(&two());
    for release in ["delay = \"1h..6h\"\n", "[release]\nbatch = 100\nshuffle = true\n"] {
        edit(&folder, release, "");
        justify(&folder);
        let verified = verify(&folder, &HERE);
        assert_eq!(with(&verified, "fails"), ["length delay", "stalls delay"]);
        assert!(says(&verified, "delay").starts_with("no delay is stated"), "{}", says(&verified, "delay"));
        assert_eq!(verified["arrival"]["delay"], Value::Null);
        assert_eq!(verified["arrival"]["pings"], at_once["arrival"]["pings"]);
    }
}

#[test]
fn what_cannot_be_judged_is_told() {
    // Nothing is said of a delay of over a year, or without a limit on titles.
    let verified = verify(&with_delay("0h..10000h"), &HERE);
    assert_eq!(with(&verified, "noted"), ["- delay"]);
    assert!(says(&verified, "delay").contains("longer than a year"));
    let verified = verify(&with_delay("0s..1s"), &[&HERE[..], &["--limit", "title_uniform=none"]].concat());
    assert_eq!((&verified["holds"], with(&verified, "noted")), (&true.into(), vec!["- delay".to_owned()]));
    // A ping that tells nothing of a file still arrives.
    let folder = justified(&[field("media", "platform", "about = \"client\"\nrounding = \"keep\"")]);
    assert_eq!(with(&verify(&folder, &[&HERE[..], &["--unjustified"]].concat()), "fails"), [""; 0]);
    edit(&folder, "1h..6h", "0s..1s");
    justify(&folder);
    let verified = verify(&folder, &HERE);
    assert_eq!(with(&verified, "fails"), ["- delay"]);
    assert!(value(&verified, 0, "title_uniform") > 0.4);
}
