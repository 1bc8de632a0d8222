//! A policy that tells a side field in groups.

use serde_json::json;

use crate::tool::Folder;

const FOUR: &str = "\
title_id,kind,duration_ms,resolution
A,movie,1000,480p
B,movie,1000,576p
C,movie,1000,1080p
D,movie,1000,8K
";

fn policy(rounding: &str) -> String {
    format!(
        "schema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n[[field]]\nname = \"resolution\"\n\
         type = \"category\"\nrounding = \"{rounding}\"\nconsent = \"playback\"\npurpose = \"Stalls.\"\n\
         sensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
    )
}

fn folder(rounding: &str) -> Folder {
    let folder = Folder::new();
    folder.write("four.csv", FOUR).write("p.toml", policy(rounding));
    folder
}

/// SD holds two titles; HD and what is in no group one each. Two of four files are told one of two names out of four:
/// a third each, so 1/6 of the field's weight of 0.5, beside a dropped duration of weight 1.
#[test]
fn measure_judges_the_groups() {
    let groups = "groups:SD=480p|576p,HD=720p|1080p";
    let measured = folder(groups).measure("four.csv", &["--policy", "p.toml"]);
    assert_eq!(measured["classes"], json!(3));
    assert_eq!(measured["unique_share"]["titles"], json!(0.5));
    assert_eq!(measured["generalization"]["by"], json!(["resolution"]));
    assert_eq!(measured["generalization"]["groups"], json!({"resolution": groups}));
    let distortion = measured["distortion"]["total"].as_f64().expect("a number");
    assert!((distortion - (1.0 + 0.5 / 6.0) / 1.5).abs() < 1e-12, "{distortion}");
    let kept = folder("keep").measure("four.csv", &["--policy", "p.toml"]);
    assert_eq!((&kept["classes"], kept["generalization"].get("groups")), (&json!(4), None));
}

/// A side field of whole numbers is told in buckets: 1900 holds two titles, and one has no width.
#[test]
fn measure_judges_buckets_of_a_side_field() {
    let rounded = policy("floor:100").replace("resolution", "width").replace("category", "integer");
    let folder = Folder::new();
    let table = "title_id,kind,duration_ms,width\nA,movie,1000,1912\nB,movie,1000,1920\nC,movie,1000,\nD,movie,1000,2000\n";
    folder.write("four.csv", table).write("p.toml", &rounded);
    let measured = folder.measure("four.csv", &["--policy", "p.toml"]);
    assert_eq!((&measured["classes"], &measured["unique_share"]["titles"]), (&json!(3), &json!(0.5)));
    assert_eq!(measured["generalization"]["groups"], json!({"width": "floor:100"}));
    folder.write("p.toml", rounded.replace("width", "resolution"));
    folder.write("four.csv", FOUR);
    let measure = ["measure", "--catalogue", "four.csv", "--policy", "p.toml"];
    folder.refused(&measure, &["resolution", "`480p` is no whole number", "groups"]);
}

/// The attacker that runs sees groups; the baseline sees raw values.
#[test]
fn attack_runs_on_the_groups() {
    let folder = folder("groups:SD=480p|576p,HD=720p|1080p");
    let args = ["attack", "linkage", "--catalogue", "four.csv", "--policy", "p.toml", "--json"];
    let attacked = crate::tool::json(&folder.run(&args).ok());
    let linkage = &attacked["attacks"][0]["linkage"][0];
    assert_eq!((&linkage["closed_form"], &linkage["baseline"]), (&json!(0.75), &json!(1.0)));
    assert_eq!(linkage["agrees"], json!(true));
}

#[test]
fn bad_groups_are_refused() {
    let measure = ["measure", "--catalogue", "four.csv", "--policy", "p.toml"];
    folder("groups:SD=480p,HD=480p").refused(&measure, &["p.toml", "resolution", "`480p`", "stands twice"]);
    folder("groups:other=8K").refused(&measure, &["`other`", "leave its values out"]);
}
