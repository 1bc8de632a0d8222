//! `recommend --hierarchy`: side fields as finely as the limits allow, and the policy that tells them so.

use serde_json::Value;

use crate::tool::{Folder, json};

const TIERS: &str = "480p;low;*\n576p;low;*\n720p;low;*\n1080p;high;*\n2160p;high;*\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--recipe", "video", "--titles", "1500", "-o", "in.parquet"]).ok();
    folder
        .run(&[
            "catalogue",
            "synth",
            "--recipe",
            "video",
            "--titles",
            "900",
            "--seed",
            "7",
            "-o",
            "j.parquet",
        ])
        .ok();
    folder.write("tiers.csv", TIERS);
    folder
}

const RECOMMEND: [&str; 14] = [
    "recommend",
    "--catalogue",
    "in.parquet",
    "--shape",
    "bare",
    "-o",
    "p.toml",
    "--judge",
    "j.parquet",
    "--limit",
    "exposed_share=0.02",
    "--limit",
    "largest_title_share@0.2=none",
    "--json",
];

#[test]
fn the_policy_tells_what_was_chosen() {
    let folder = folder();
    let hierarchies = ["--hierarchy", "resolution=tiers.csv", "--hierarchy", "video_codec"];
    let chosen = json(&folder.run(&[&RECOMMEND[..], &hierarchies].concat()).ok());
    assert_eq!(chosen["chosen"], "bare with side fields");
    assert_eq!(chosen["side_fields"]["combinations"], 9);
    let shapes = chosen["shapes"].as_array().unwrap();
    let [bare, told] = &shapes[..] else { panic!("{shapes:?}") };
    let of = |shape: &Value, key: &str| shape["pings"][0]["generalization"][key].clone();
    assert_eq!(of(bare, "by"), serde_json::json!([]));
    // Something is told here, and less is lost than by telling nothing.
    assert_ne!(of(told, "by"), serde_json::json!([]));
    assert!(told["distortion"].as_f64() < bare["distortion"].as_f64(), "{told} {bare}");
    let policy = String::from_utf8(folder.read("p.toml")).unwrap();
    let fields = chosen["side_fields"]["fields"].as_object().unwrap();
    assert_eq!(fields.len(), 2);
    for (field, rounding) in fields {
        let rounding = rounding.as_str().unwrap();
        let written = policy.contains(&format!("name = \"{field}\"")) && policy.contains(rounding);
        assert_eq!(written, rounding != "drop", "{field} {rounding}: {policy}");
    }

    // Measured through its policy, the choice is what it was when it was made.
    let measured = folder.measure("in.parquet", &["--policy", "p.toml"]);
    assert_eq!(measured["distortion"], told["pings"][0]["distortion"]);
    assert_eq!(measured["reidentification"], told["pings"][0]["measures"]["reidentification"]);
    assert_eq!(measured["classes"], told["pings"][0]["measures"]["classes"]);
    // And so it is on the judge.
    let judged = folder.measure("j.parquet", &["--policy", "p.toml"]);
    assert_eq!(judged["classes"], chosen["judges"][0]["pings"][0]["measures"]["classes"]);
}

#[test]
fn bad_hierarchies_are_refused() {
    let folder = folder();
    folder.write("half.csv", "480p;low;*\n").write("ragged.csv", "480p;low;*\n720p;*\n");
    for (more, words) in [
        (&["--hierarchy", "resolution=half.csv"][..], &["half.csv", "lacks"][..]),
        (&["--hierarchy", "resolution=ragged.csv"], &["ragged.csv", "2"]),
        (&["--hierarchy", "resolution=gone.csv"], &["gone.csv"]),
        (&["--hierarchy", "colour"], &["colour", "resolution"]),
        (&["--hierarchy", "resolution", "--hierarchy", "resolution"], &["twice"]),
        (&["--hierarchy", "resolution", "--robust"], &["--robust", "leave out"]),
    ] {
        folder.refused(&[&RECOMMEND[..], more].concat(), words);
    }
    let joint = ["recommend", "--catalogue", "in.parquet", "--hierarchy", "resolution", "-o", "p.toml"];
    folder.refused(&joint, &["--shape bare"]);
}
