//! What leaves, judged ping by ping: limits, lacking columns, derived fields, expiry, boxes, the release.

use super::*;

#[test]
fn a_broken_limit_is_told_ping_by_ping() {
    let folder = justified(&two());
    let verified = verify(&folder, &[&HERE[..], &["--limit", "k_titles=100000"]].concat());
    assert_eq!(with(&verified, "fails"), ["length exposed_share", "stalls exposed_share"]);
    assert_eq!(verified["pings"][0]["outcome"], "breaks");
    assert!(says(&verified, "exposed_share").contains("under 100000 titles"));
    // The claims were made with the policy's own limits, and still reproduce.
    assert!(with(&verified, "holds").contains(&"length claim *".to_owned()));
    assert_eq!(verified["limits"]["k_titles"], 100_000);
    let shown = folder.run(&[
        "verify",
        "--policy",
        "p.toml",
        "--catalogue",
        "in.parquet",
        "--limit",
        "k_titles=100000",
    ]);
    assert_eq!(shown.code, Some(1));
    assert!(shown.stdout.contains("The policy does not hold: 2 of "), "{}", shown.stdout);
}

#[test]
fn a_catalogue_that_lacks_a_field_never_holds() {
    let folder = justified(&two());
    folder.run(&["catalogue", "synth", "--titles", "1500", "-o", "in.csv"]).ok();
    let lacking = ["--catalogue", "in.csv", "--ignore", "resolution"];
    let verified = verify(&folder, &lacking);
    assert_eq!(with(&verified, "fails"), ["stalls judged resolution"]);
    assert!(says(&verified, "judged resolution").starts_with("marginal for resolution"));
    assert_eq!(says(&verified, "claim resolution"), "can't be compared: the catalogue has no resolution");
    assert_eq!(
        (&verified["pings"][1]["outcome"], &verified["pings"][0]["outcome"]),
        (&"marginal".into(), &"holds".into())
    );
    let verified = verify(&folder, &[&lacking[..], &["--ignore", "bitrate_bps"]].concat());
    assert_eq!(verified["pings"][1]["outcome"], "not_judged");
    folder.refused(
        &["policy", "justify", "p.toml", "--catalogue", "in.csv", "--ignore", "resolution", "-o", "new.toml"],
        &["no `resolution`", "ping `stalls`"],
    );
}

/// The played duration of a completed play is the duration.
#[test]
fn derived_fields_are_judged_in_their_worst_case() {
    let played = |rounding: &str| {
        field(
            "length",
            "played",
            &format!("rounding = \"{rounding}\"\nabout = \"session\"\nderived_from = [\"duration\"]"),
        )
    };
    let duration = |rounding: &str| field("length", "duration", &format!("rounding = \"{rounding}\""));
    let classes = |verified: &Value| verified["pings"][0]["measures"]["classes"].clone();
    let judged = |verified: &Value| verified["pings"][0]["derived"][0]["judged"].clone();
    let joined =
        "edges:4min,6min,8min,12min,16min,18min,20min,24min,28min,30min,32min,36min,40min,42min,44min,48min";

    let alone = verify(&justified_on("300", &[duration("floor:4min+top:48min")]), &HERE);
    for (fields, how, same_as) in [
        // The same, and coarser and nested: nothing is added.
        (
            vec![duration("floor:4min+top:48min"), played("floor:4min+top:48min")],
            "nested",
            "floor:4min+top:48min",
        ),
        (
            vec![played("floor:12min+top:48min"), duration("floor:4min+top:48min")],
            "nested",
            "floor:4min+top:48min",
        ),
        // Not in step: both together.
        (vec![duration("floor:4min+top:48min"), played("floor:6min+top:48min")], "joined", joined),
        // Finer: its own.
        (
            vec![duration("floor:4min+top:48min"), played("floor:2min+top:48min")],
            "joined",
            "floor:2min+top:48min",
        ),
        // Without the duration beside it.
        (
            vec![played("floor:4min+top:48min"), field("other", "duration", "rounding = \"floor:30min\"")],
            "alone",
            "floor:4min+top:48min",
        ),
    ] {
        let verified = verify(&justified_on("300", &fields), &HERE);
        assert_eq!(judged(&verified), how, "{fields:?}");
        let plain = verify(&justified_on("300", &[duration(same_as)]), &HERE);
        assert_eq!(classes(&verified), classes(&plain), "{fields:?}");
        assert_eq!(
            verified["pings"][0]["measures"]["k_within_budget"],
            plain["pings"][0]["measures"]["k_within_budget"]
        );
    }
    assert!(
        classes(&alone).as_u64()
            < classes(&verify(&justified_on("300", &[duration(joined)]), &HERE)).as_u64()
    );

    // A function of several fields, or of another type, is judged as if they left as they are.
    let bytes = field(
        "length",
        "bytes",
        "rounding = \"log:1\"\nabout = \"session\"\nderived_from = [\"duration\", \"bitrate\"]",
    )
    .replace("\"category\"", "\"integer\"");
    let folder = justified_on(
        "300",
        &[
            bytes,
            field("stalls", "bitrate", "rounding = \"log:1\""),
            field("length", "duration", "rounding = \"floor:30min\""),
        ],
    );
    let verified = verify(&folder, &HERE);
    assert_eq!(judged(&verified), "unrounded");
    assert_eq!(verified["pings"][0]["tells"]["duration"], "keep");
    assert_eq!(verified["pings"][0]["tells"]["bitrate"], "keep");
    assert!(with(&verified, "fails").contains(&"length exposed_share".to_owned()));
    let kept = folder.measure("in.parquet", &["--duration", "keep", "--bitrate", "keep"]);
    assert_eq!(classes(&verified), kept["classes"]);
    // `measure` doesn't leave a derived field out either: what it can't say it refuses.
    let folder = justified_on("300", &[duration("floor:4min"), played("floor:6min")]);
    folder.refused(&["measure", "--catalogue", "in.parquet", "--policy", "p.toml"], &["`played`", "verify"]);
}

#[test]
fn what_has_expired_is_named_and_not_judged() {
    let folder = justified(&two());
    edit(&folder, "expires = \"2031-12-31\"", "expires = \"2026-11-24\"");
    justify(&folder);
    let strict = [&HERE[..], &["--limit", "k_titles=100000"]].concat();
    let verified = verify(&folder, &strict);
    assert_eq!(verified["pings"][0]["expired"], serde_json::json!(["duration"]));
    assert_eq!(with(&verified, "noted"), ["length expiry duration"]);
    assert_eq!(with(&verified, "fails"), ["stalls exposed_share"]);
    // The day before it did leave; its claim reproduces on either day.
    let args = ["verify", "--policy", "p.toml", "--json", "--as-of", "2026-11-23"];
    let before = json(&folder.run(&[&args[..], &strict].concat()).stdout);
    assert_eq!(with(&before, "fails"), ["length exposed_share", "stalls exposed_share"]);
    assert!(with(&verified, "holds").contains(&"length claim duration".to_owned()));
}

/// A box asks only where all its fields leave, so who switches on one of two lays open what it hides.
#[test]
fn what_a_box_hides_is_judged_with_switches_off() {
    let mut table = "title_id,kind,duration_ms,resolution\n".to_owned();
    (0..10)
        .for_each(|title| table += &format!("{title},movie,600000,720p\n{},movie,700000,480p\n", title + 10));
    table += "20,movie,14400000,480p\n21,movie,21600000,480p\n";
    let fields = |switch: &str| {
        let resolution = field("play", "resolution", "rounding = \"keep\"");
        let other = "[[other]]\nwhen = { duration = \"3h..\", resolution = \"480p\" }\n".to_owned();
        let resolution = resolution.replace("\"playback\"", &format!("\"{switch}\""));
        vec![field("play", "duration", "rounding = \"floor:1h\""), resolution, other]
    };
    let limits =
        ["k_titles=2", "k_series=1", "exposed_share=0", "title_uniform=1", "largest_title_share@0.2=1"];
    let limits: Vec<&str> = limits.iter().flat_map(|limit| ["--limit", limit]).collect();
    for (switch, fails) in [("playback", &[][..]), ("own", &["play exposed_share"])] {
        let folder = Folder::new();
        folder.write("in.csv", &table).write("p.toml", policy(&fields(switch)));
        let here = ["--catalogue", "in.csv", "--unjustified"];
        let verified = verify(&folder, &[&here[..], &limits].concat());
        assert_eq!(with(&verified, "fails"), fails, "{switch}");
        let alone = "where playback alone may leave";
        assert_eq!(says(&verified, "exposed_share").contains(alone), switch == "own");
    }
}

#[test]
fn an_open_release_is_warned_of() {
    let folder = justified(&two());
    let about = |verified: &Value| -> Vec<String> {
        let warnings = verified["warnings"].as_array().unwrap().iter();
        warnings.map(|warning| warning["about"].as_str().unwrap().to_owned()).collect()
    };
    edit(&folder, "delay = \"1h..6h\"\nbatch = 100\nshuffle = true", "link = \"server\"\ndelay = \"1h..6h\"");
    justify(&folder);
    let verified = verify(&folder, &HERE);
    assert_eq!(
        (about(&verified), &verified["holds"]),
        (["rotate", "link", "shuffle"].map(str::to_owned).to_vec(), &true.into())
    );
    edit(&folder, "link = \"server\"", "link = \"session\"\nrotate = 5");
    justify(&folder);
    assert_eq!(about(&verify(&folder, &HERE)), ["link", "shuffle"]);
}
