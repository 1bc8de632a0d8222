//! What a justification claims, and that the policy is still the one it was made for.

use super::*;

#[test]
fn a_justified_policy_holds() {
    let folder = justified(&two());
    let text = String::from_utf8(folder.read("p.toml")).unwrap();
    assert!(text.starts_with("# Kept.\n"), "comments stay: {text}");
    let verified = verify(&folder, &HERE);
    assert_eq!(with(&verified, "fails"), [""; 0]);
    assert_eq!(with(&verified, "noted"), [""; 0]);
    let names = with(&verified, "holds");
    for name in [
        "- unchanged",
        "length exposed_share",
        "length claim duration",
        "length claim *",
        "stalls largest_title_share_plays@0.8",
        "stalls title_uniform",
        "stalls claim resolution",
    ] {
        assert!(names.iter().any(|found| found == name), "{name}: {names:?}");
    }
    assert_eq!(verified["warnings"], Value::Array(Vec::new()));
    assert_eq!(verified["catalogue"]["is_the_justified"], true);
    assert_eq!(verified["policy"]["hash"], verified["policy"]["justified"]);

    // The figures are those of `measure`.
    let measured = folder.measure("in.parquet", &["--policy", "p.toml", "--ping", "stalls"]);
    let ping = &verified["pings"][1];
    assert_eq!(ping["measures"]["reidentification"], measured["reidentification"]);
    assert_eq!(ping["measures"]["classes"], measured["classes"]);
    let claim =
        verified["claims"].as_array().unwrap().iter().find(|c| c["ping"] == "stalls" && c["field"] == "*");
    assert_eq!(claim.unwrap()["found"]["title_uniform"], measured["reidentification"]["title"]["uniform"]);

    // Justified again it is the same, byte for byte; and text says what JSON does.
    justify(&folder);
    assert_eq!(String::from_utf8(folder.read("p.toml")).unwrap(), text);
    let shown = folder.run(&["verify", "--policy", "p.toml", "--catalogue", "in.parquet"]).ok();
    assert!(shown.contains("The policy holds: ") && !shown.contains("FAILS"), "{shown}");
}

/// What `recommend` writes is held to as it was chosen, lifted limits too.
#[test]
fn a_recommended_policy_holds() {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "600", "-o", "in.parquet"]).ok();
    let loose = ["k_titles=3", "k_series=none", "exposed_share=0.05", "title_uniform=0.4"];
    let lifted = ["largest_title_share@0.2=none", "largest_title_share_plays@0.8=none"];
    let limits: Vec<&str> = loose.iter().chain(&lifted).flat_map(|limit| ["--limit", limit]).collect();
    let recommend = ["recommend", "--catalogue", "in.parquet", "--shape", "split", "-o", "p.toml"];
    folder.run(&[&recommend[..], &limits].concat()).ok();
    let verified = verify(&folder, &HERE);
    assert_eq!(with(&verified, "fails"), [""; 0], "{verified}");
    assert!(says(&verified, "claim *").starts_with("reproduces"));
}

#[test]
fn a_policy_edited_by_hand_is_caught_until_it_is_justified_again() {
    let folder = justified(&two());
    edit(&folder, "floor:30min+top:2h", "floor:10min+top:2h");
    let verified = verify(&folder, &HERE);
    let fails = with(&verified, "fails");
    assert!(
        ["- unchanged", "length claim duration", "length claim *"]
            .iter()
            .all(|name| fails.iter().any(|f| f == name)),
        "{fails:?}"
    );
    assert!(says(&verified, "unchanged").contains("changed after it was justified"));
    assert!(!fails.iter().any(|name| name.starts_with("stalls")), "{fails:?}");

    justify(&folder);
    assert!(
        with(&verify(&folder, &HERE), "fails")
            .iter()
            .all(|name| !name.contains("claim") && name != "- unchanged")
    );

    // A comment is no change; a limit that is eased is one.
    edit(&folder, "# Kept.", "# Changed.");
    assert_eq!(says(&verify(&folder, &HERE), "unchanged"), "the policy is the one that was justified");
    edit(&folder, "title_uniform = 0.4", "title_uniform = 0.9");
    assert!(with(&verify(&folder, &HERE), "fails").contains(&"- unchanged".to_owned()));
}

#[test]
fn a_claim_that_was_improved_is_caught() {
    let folder = justified(&two());
    let verified = verify(&folder, &HERE);
    let k =
        verified["claims"].as_array().unwrap().iter().find(|c| c["field"] == "resolution").unwrap()["found"]
            ["k_titles"]
            .as_u64()
            .unwrap();
    edit(&folder, &format!("k_titles = {k}\n"), &format!("k_titles = {}\n", k + 1));
    assert_eq!(with(&verify(&folder, &HERE), "fails"), ["stalls claim resolution"]);

    // On another catalogue it is compared and reported, and fails nothing.
    folder.run(&["catalogue", "synth", "--titles", "1500", "--seed", "2", "-o", "other.parquet"]).ok();
    let verified = verify(&folder, &["--catalogue", "other.parquet"]);
    assert_eq!(with(&verified, "fails"), [""; 0]);
    assert!(with(&verified, "noted").contains(&"length claim duration".to_owned()));
    assert!(says(&verified, "claim duration").contains("claimed of another catalogue"));
}

#[test]
fn a_field_left_out_of_the_class_key_is_caught() {
    let folder = justified(&two());
    let text = String::from_utf8(folder.read("p.toml")).unwrap();
    let rows: Vec<&str> = text.split("[[justification.measured]]\n").collect();
    let (row, others): (Vec<&str>, Vec<&str>) =
        rows.into_iter().partition(|row| row.contains("field = \"resolution\""));
    assert_eq!(row.len(), 1);
    folder.write("p.toml", others.join("[[justification.measured]]\n"));
    let verified = verify(&folder, &HERE);
    assert_eq!(with(&verified, "fails"), ["stalls key resolution"]);
    assert!(says(&verified, "key resolution").contains("was left out"));

    // Everything measured without the field, and the field added: the whole ping doesn't reproduce either.
    let folder = justified(&two()[..2]);
    let text = String::from_utf8(folder.read("p.toml")).unwrap();
    folder.write("p.toml", text + &two()[2]);
    let fails = with(&verify(&folder, &HERE), "fails");
    assert_eq!(fails, ["- unchanged", "stalls key resolution", "stalls claim *"]);

    // A row for what isn't there.
    let folder = justified(&two());
    edit(&folder, "field = \"resolution\"", "field = \"genre\"");
    assert_eq!(with(&verify(&folder, &HERE), "fails"), ["stalls key resolution", "stalls claim genre"]);
}

#[test]
fn a_field_that_says_it_is_about_something_else_is_caught() {
    let hidden = field("length", "length", "rounding = \"keep\"\nabout = \"session\"")
        .replace("column = \"length\"", "column = \"duration_ms\"")
        .replace("\"category\"", "\"duration\"");
    let folder = justified(&[field("length", "resolution", "rounding = \"keep\""), hidden]);
    let verified = verify(&folder, &HERE);
    assert_eq!(with(&verified, "fails"), ["length about length"]);
    assert!(says(&verified, "about length").contains("duration_ms"));
}

/// Whoever hides that the played duration follows from the duration is judged as if it did.
#[test]
fn what_was_played_follows_from_the_duration_whatever_the_policy_says() {
    let session = |name: &str, column: &str| {
        field(name, name, "rounding = \"keep\"\nabout = \"session\"")
            .replace(&format!("column = \"{name}\""), &format!("column = \"{column}\""))
            .replace("\"category\"", "\"duration\"")
    };
    let judged = |column: &str| {
        let folder =
            justified(&[field("play", "resolution", "rounding = \"keep\""), session("time", column)]);
        verify(&folder, &HERE)
    };
    let played = judged("played_ms");
    assert!(
        with(&played, "fails").contains(&"time exposed_share".to_owned()),
        "{:?}",
        with(&played, "fails")
    );
    assert!(says(&played, "derived time").contains("as if it were duration"));
    let own = judged("dwell");
    assert_eq!((with(&own, "fails"), with(&own, "noted")), (vec![], vec!["time origin time".to_owned()]));
    assert!(says(&own, "origin time").contains("derived_from = [\"duration\"]"));
    assert_eq!(with(&judged("startup_ms"), "noted"), Vec::<String>::new());
}

#[test]
fn without_a_justification_only_what_tells_nothing_passes() {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "1500", "-o", "in.parquet"]).ok();
    folder.write("p.toml", policy(&two()));
    let verified = verify(&folder, &HERE);
    assert_eq!(with(&verified, "fails"), ["- unchanged"]);
    assert!(says(&verified, "unchanged").contains("coarsen policy justify"));
    let verified = verify(&folder, &[&HERE[..], &["--unjustified"]].concat());
    assert_eq!(
        (with(&verified, "fails"), with(&verified, "noted")),
        (vec![], vec!["- unchanged".to_owned()])
    );
    let strict = [&HERE[..], &["--unjustified", "--limit", "k_titles=100000"]].concat();
    assert!(with(&verify(&folder, &strict), "fails").contains(&"length exposed_share".to_owned()));

    folder.write("p.toml", policy(&[field("play", "platform", "rounding = \"keep\"\nabout = \"client\"")]));
    let verified = verify(&folder, &HERE);
    assert_eq!(
        (&verified["holds"], verified["pings"][0].get("measures")),
        (&true.into(), Some(&Value::Null))
    );
}
