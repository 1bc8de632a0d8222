//! Limits on attackers, and how many plays may share one identifier.

use serde_json::Value;

use crate::tool::{Folder, json};

fn synthetic(recipe: &str, titles: &str) -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--recipe", recipe, "--titles", titles, "-o", "in.parquet"]).ok();
    folder
}

fn limits(limits: &[&'static str]) -> Vec<&'static str> {
    limits.iter().flat_map(|limit| ["--limit", limit]).collect()
}

fn loose() -> Vec<&'static str> {
    limits(&[
        "k_titles=3",
        "k_series=2",
        "exposed_share=0.05",
        "largest_title_share@0.2=0.2",
        "largest_title_share_plays@0.8=0.2",
        "title_uniform=0.3",
    ])
}

const RECOMMEND: [&str; 7] =
    ["recommend", "--catalogue", "in.parquet", "--shape", "split", "-o", "policy.toml"];

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The checks of that name, as ping, verdict and what is said.
fn checks<'v>(verified: &'v Value, name: &str) -> Vec<(&'v str, &'v str, &'v str)> {
    let of = |check: &'v Value| {
        let text = |key: &str| check[key].as_str().unwrap_or("-");
        (text("ping"), text("verdict"), text("says"))
    };
    let checks = verified["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["name"] == name).map(of).collect()
}

#[test]
fn a_choice_is_held_to_attackers_and_its_policy_verified() {
    let folder = synthetic("mixed", "800");
    let plain = [&RECOMMEND[..], &loose()].concat();
    let before = json(&folder.run(&[&plain[..], &["--json"]].concat()).ok());
    let asked = [&plain[..], &limits(&["sequence@2=0.4", "known-library@100=0.25"])].concat();
    let found = json(&folder.run(&[&asked[..], &["--judge", "in.parquet", "--json"]].concat()).ok());
    assert_eq!((&found["holds"], &found["limits"]["sequence@2"]), (&true.into(), &0.4.into()));
    let distortion = |found: &Value| number(&found["shapes"][0]["distortion"]);
    assert!(distortion(&found) > distortion(&before), "the attackers bind: {found:#}");
    let text = String::from_utf8(folder.read("policy.toml")).unwrap();
    assert!(text.contains("\"sequence@2\" = 0.4") && text.contains("\"known-library@100\" = 0.25"), "{text}");

    let verify = ["verify", "--policy", "policy.toml", "--catalogue", "in.parquet", "--json"];
    let verified = json(&folder.run(&verify).ok());
    for ping in found["shapes"][0]["pings"].as_array().unwrap() {
        let [library, sequence] = &ping["measures"]["attackers"].as_array().unwrap()[..] else {
            panic!("two attackers: {ping:#}");
        };
        assert_eq!(
            (&library["limit"], &sequence["limit"]),
            (&"known-library@100".into(), &"sequence@2".into())
        );
        assert!(number(&library["right"]) <= 0.25 && number(&sequence["right"]) <= 0.4, "{ping:#}");
        assert!(number(&sequence["blind"]) <= number(&sequence["right"]));
        let [low, right, high] =
            [&library["interval"][0], &library["right"], &library["interval"][1]].map(number);
        assert!(low < right && right < high, "{library}");
    }
    for name in ["sequence@2", "known-library@100"] {
        let checks = checks(&verified, name);
        let pings = found["shapes"][0]["pings"].as_array().unwrap().len();
        assert!(pings > 2 && checks.len() == pings, "{checks:?}");
        assert!(checks.iter().all(|check| check.1 == "holds"), "{checks:?}");
    }
    let stricter = folder.run(&[&verify[..], &limits(&["sequence@3=0.001"])].concat());
    assert_eq!(stricter.code, Some(1));
    let stricter = json(&stricter.stdout);
    let told = checks(&stricter, "sequence@3");
    assert!(
        told.iter().any(|check| check.1 == "fails" && check.2.contains("over 0.001, series named")),
        "{told:?}"
    );

    let never = folder.run(&[&plain[..], &limits(&["sequence@2=0"])].concat());
    assert_eq!(never.code, Some(1));
    assert!(never.stdout.contains("breaks sequence@2"), "{}", never.stdout);
    assert_eq!(found["judges"][0]["pings"][0]["outcome"], "holds");
    assert_eq!(found["judges"][0]["pings"][0]["measures"]["attackers"].as_array().unwrap().len(), 2);
}

#[test]
fn what_an_attacker_can_t_attack_is_said() {
    let folder = Folder::new();
    let rows: String =
        (1..=40).map(|title| format!("{title},{},movie\n", 60_000 * (title % 2 + 1))).collect();
    folder.write("in.csv", format!("title_id,duration_ms,kind\n{rows}"));
    let asked =
        limits(&["k_titles=3", "k_series=3", "title_uniform=0.3", "sequence@2=0", "known-library@40=0"]);
    let recommend = ["recommend", "--catalogue", "in.csv", "--shape", "bare", "-o", "p.toml"];
    let recommend = [&recommend[..], &asked, &["--identifier-share", "0.1"]].concat();
    let text = folder.run(&recommend).ok();
    assert!(
        text.contains("Attackers that the limits ask for") && text.contains("play: sequence@2"),
        "{text}"
    );
    assert!(text.contains("not applicable: no series or album has 2 titles in a row"), "{text}");
    assert!(text.contains("not applicable: no series or album of the catalogue has two titles"), "{text}");
    let verify = ["verify", "--policy", "p.toml", "--catalogue", "in.csv"];
    let verified = json(&folder.run(&[&verify[..], &["--json"]].concat()).ok());
    let library = "not applicable: the catalogue has 40 titles, and the library alone 40";
    assert_eq!(checks(&verified, "known-library@40"), [("play", "noted", library)]);
    let text = folder.run(&verify).ok();
    assert!(text.contains("noted  sequence@2: not applicable: no series or album has 2 titles"), "{text}");
    // What is linked has nothing to link either.
    let policy = String::from_utf8(folder.read("p.toml")).unwrap();
    folder.write("linked.toml", policy.replace("link = \"none\"", "link = \"server\""));
    let linked = ["verify", "--policy", "linked.toml", "--catalogue", "in.csv", "--json"];
    let verified = json(&folder.run(&linked).stdout);
    assert!(checks(&verified, "linked plays")[0].2.starts_with("not applicable: no series"), "{verified:#}");
}

/// A policy of two pings that links its plays.
fn linking(release: &str, limit: &str) -> String {
    let field = |ping: &str, name: &str, kind: &str, rounding: &str| {
        format!(
            "[[field]]\nping = \"{ping}\"\nname = \"{kind}\"\ncolumn = \"{name}\"\ntype = \"{kind}\"\n\
             rounding = \"{rounding}\"\nconsent = \"playback\"\npurpose = \"A question.\"\nsensitivity = \"low\"\n\
             about = \"media\"\nexpires = \"2031-12-31\"\n"
        )
    };
    format!(
        "schema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n[limits]\nk_titles = 1\nk_series = 1\n\
         exposed_share = 1.0\n\"largest_title_share@0.2\" = 1.0\n\"largest_title_share_plays@0.8\" = 1.0\n\
         title_uniform = 1.0\n{limit}\n[release]\n{release}\n{}{}",
        field("length", "duration_ms", "duration", "floor:5min"),
        field("stalls", "bitrate_bps", "bitrate", "log:1")
    )
}

#[test]
fn plays_under_one_identifier_are_judged_at_their_number() {
    let folder = synthetic("mixed", "800");
    let verify = |release: &str, limit: &str| {
        folder.write("p.toml", linking(release, limit));
        let args = ["verify", "--policy", "p.toml", "--catalogue", "in.parquet", "--unjustified", "--json"];
        let ran = folder.run(&args);
        (ran.code, json(&ran.stdout))
    };
    let (code, none) = verify("link = \"none\"", "\"sequence@2\" = 0.9");
    assert!(code == Some(0) && none.get("link").is_none(), "{none:#}");
    let (_, one) = verify("link = \"server\"\nrotate = 1", "\"sequence@2\" = 0.9");
    assert!(one.get("link").is_none(), "an identifier of one play links none");

    // Each ping, and both joined, which is the worst.
    let (code, told) = verify("link = \"server\"\nrotate = 3", "");
    let found = checks(&told, "linked plays");
    assert_eq!(
        found.iter().map(|check| (check.0, check.1)).collect::<Vec<_>>(),
        [("length", "noted"), ("stalls", "noted"), ("-", "noted")]
    );
    assert!(code == Some(0) && found[0].2.contains("no limit sequence@N says how much may be"), "{found:?}");
    let worst: Vec<f64> = told["link"]["linked"]
        .as_array()
        .unwrap()
        .iter()
        .map(|linked| number(&linked["worst"]["value"]))
        .collect();
    assert!(worst[2] >= worst[0] && worst[2] >= worst[1], "{worst:?}");
    // What the attacker itself says, at its worst of 1, 2 and 3 plays.
    let attack =
        ["attack", "sequence", "--catalogue", "in.parquet", "--policy", "p.toml", "--ping", "length"];
    let attacked = json(&folder.run(&[&attack[..], &["--draws", "100", "--json"]].concat()).ok());
    let rows = attacked["attacks"][0]["sequence"].as_array().unwrap().iter();
    let of_three = rows.filter(|row| row["order"] == "in_order" && row["prior"] == "uniform");
    let of_three = of_three.filter(|row| row["plays"].as_u64() <= Some(3));
    let expected = of_three.map(|row| number(&row["closed_form"])).fold(0.0, f64::max);
    assert_eq!(worst[0], expected);

    // The limit of the most plays up to three, not of more.
    let between = (worst[0].max(worst[1]) + worst[2]) / 2.0;
    let limit = format!("\"sequence@2\" = {between}\n\"sequence@8\" = 1.0");
    let (code, told) = verify("link = \"server\"\nrotate = 3", &limit);
    let found = checks(&told, "linked plays");
    assert_eq!(
        found.iter().map(|check| check.1).collect::<Vec<_>>(),
        ["holds", "holds", "fails"],
        "{found:?}"
    );
    assert!(
        code == Some(1)
            && found[2].2.contains("all pings of a play joined")
            && found[2].2.contains("sequence@2")
    );
    let (code, told) = verify("link = \"session\"", "\"sequence_plays@12\" = 1.0");
    let found = checks(&told, "linked plays");
    assert!(
        code == Some(0) && found[0].2.starts_with("one identifier for all plays, judged up to 12"),
        "{found:?}"
    );
    assert_eq!(told["link"]["rotate"], Value::Null);
}

#[test]
fn the_join_of_two_policies_is_held_to_attackers() {
    let folder = synthetic("mixed", "300");
    let policy = linking("link = \"none\"", "");
    folder.write("old.toml", &policy).write("new.toml", policy.replace("floor:5min", "floor:7min"));
    let diff = |limits: &[&str]| {
        let args = ["policy", "diff", "old.toml", "new.toml", "--catalogue", "in.parquet"];
        folder.run(&[&args[..], limits].concat())
    };
    assert_eq!(diff(&[]).code, Some(0));
    let ran = diff(&["--limit", "sequence@2=0.01", "--limit", "known-library@300=0"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("sequence@2: ") && ran.stdout.contains("over 0.01, series named"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("known-library@300: not applicable: the catalogue has 300"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_share_of_named_series_says_how_many_plays_may_share_an_identifier() {
    let folder = synthetic("mixed", "800");
    let asked = [&RECOMMEND[..], &loose(), &["--identifier-share", "0.3"]].concat();
    let found = json(&folder.run(&[&asked[..], &["--json"]].concat()).ok());
    let (share, pings) = (&found["identifier"]["share"], found["identifier"]["pings"].as_array().unwrap());
    // Each ping, and all of them joined.
    let chosen = found["shapes"][0]["pings"].as_array().unwrap().len();
    assert_eq!((share, pings.len()), (&0.3.into(), chosen + 1));
    assert_eq!(pings[chosen]["ping"], Value::Null);
    for ping in pings {
        let plays = ping["plays"].as_u64().unwrap();
        let named = ping["named"].as_array().unwrap();
        assert!(named.iter().take(plays as usize).all(|named| number(&named["uniform"]) <= 0.3));
        let over = named.get(plays as usize).is_some_and(|named| number(&named["uniform"]) > 0.3);
        assert_eq!(over, ping["at_least"] == false, "{ping:#}");
    }
    let most = |at: usize| pings[at]["plays"].as_u64();
    assert!((0..chosen).all(|at| most(chosen) <= most(at)), "joined allows no more");
    let text = folder.run(&asked).ok();
    assert!(text.contains("so that at most 30.0 % of the series are named"), "{text}");
    assert!(text.contains("all pings of a play joined"), "{text}");
    let all = [&RECOMMEND[..], &loose(), &["--identifier-share", "1"]].concat();
    assert!(folder.run(&all).ok().contains("at least 12"));
    let none = [&RECOMMEND[..], &loose(), &["--identifier-share", "0"]].concat();
    assert!(folder.run(&none).ok().contains("0: one play alone names more"));
}

#[test]
fn limits_that_no_attacker_has_are_refused() {
    let folder = synthetic("mixed", "100");
    for (args, words) in [
        (&["--limit", "sequence@13=0.1"][..], &["sequence@13", "from 1 to 12", "such as 3"][..]),
        (&["--limit", "sequence@=0.1"], &["sequence@N"]),
        (&["--limit", "known-library@1=0.1"], &["known-library@1", "from 2"]),
        (&["--limit", "sequence@3=2"], &["sequence@3=2", "from 0 to 1"]),
        (&["--identifier-share", "1.5"], &["--identifier-share 1.5", "between 0 and 1"]),
        (&["--identifier-share", "NaN"], &["between 0 and 1"]),
    ] {
        folder.refused(&[&RECOMMEND[..], args].concat(), words);
    }
    let free = ["recommend", "--catalogue", "in.parquet", "--shape", "free", "-o", "policy.toml"];
    let free = [&free[..], &["--limit", "sequence@3=0.01"]].concat();
    folder.refused(&free, &["free edges", "sequence@3", "another shape"]);
}
