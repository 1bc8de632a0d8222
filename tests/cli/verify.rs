//! `verify` and `policy justify`: every reason to fail, and none.

use quick_xml::events::Event;
use serde_json::Value;

use crate::tool::{Folder, json};

/// A field of a policy, in TOML.
fn field(ping: &str, name: &str, rest: &str) -> String {
    let (kind, column) = match name {
        "duration" => ("duration", "duration_ms"),
        "bitrate" => ("bitrate", "bitrate_bps"),
        name => (if name.starts_with("played") { "duration" } else { "category" }, name),
    };
    format!(
        "[[field]]\nping = \"{ping}\"\nname = \"{name}\"\ncolumn = \"{column}\"\ntype = \"{kind}\"\n\
         consent = \"playback\"\npurpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n{rest}\n"
    )
}

const HEAD: &str = "# Kept.\nschema = \"coarsen.policy/1\"\nname = \"p\"\nversion = 1\n[limits]\nk_titles = 3\n\
    k_series = 2\nexposed_share = 0.02\n\"largest_title_share@0.2\" = 0.2\n\"largest_title_share_plays@0.8\" = 0.2\n\
    title_uniform = 0.4\n[release]\ndelay = \"1h..6h\"\nbatch = 100\nshuffle = true\n";

fn policy(fields: &[String]) -> String {
    format!("{HEAD}{}", fields.concat())
}

/// A folder with a catalogue and that policy, justified on it.
fn justified(fields: &[String]) -> Folder {
    justified_on("1500", fields)
}

fn justified_on(titles: &str, fields: &[String]) -> Folder {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", titles, "-o", "in.parquet"]).ok();
    folder.write("p.toml", policy(fields));
    justify(&folder);
    folder
}

fn justify(folder: &Folder) {
    let out = folder.run(&["policy", "justify", "p.toml", "--catalogue", "in.parquet", "-o", "p.toml"]).ok();
    assert_eq!(out, "", "nothing but a result goes to standard output");
}

fn edit(folder: &Folder, from: &str, to: &str) {
    let text = String::from_utf8(folder.read("p.toml")).unwrap();
    assert!(text.contains(from), "`{from}` is not in:\n{text}");
    folder.write("p.toml", text.replacen(from, to, 1));
}

/// What `verify --json` says, which must go with its exit code.
#[track_caller]
fn verify(folder: &Folder, args: &[&str]) -> Value {
    let ran =
        folder.run(&[&["verify", "--policy", "p.toml", "--json", "--as-of", "2026-11-24"], args].concat());
    let verified = json(&ran.stdout);
    assert_eq!(verified["schema"], "coarsen.verify/1");
    assert_eq!(ran.code, Some(if verified["holds"] == true { 0 } else { 1 }), "{}", ran.stderr);
    verified
}

const HERE: [&str; 2] = ["--catalogue", "in.parquet"];

/// The checks with a verdict, as `PING NAME`.
fn with(verified: &Value, verdict: &str) -> Vec<String> {
    let checks = verified["checks"].as_array().unwrap().iter().filter(|check| check["verdict"] == verdict);
    checks
        .map(|check| format!("{} {}", check["ping"].as_str().unwrap_or("-"), check["name"].as_str().unwrap()))
        .collect()
}

fn says<'a>(verified: &'a Value, name: &str) -> &'a str {
    let checks = verified["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == name);
    check.unwrap_or_else(|| panic!("no check `{name}`: {checks:?}"))["says"].as_str().unwrap()
}

fn two() -> Vec<String> {
    vec![
        field("length", "duration", "rounding = \"floor:30min+top:2h\""),
        field("stalls", "bitrate", "rounding = \"log:1+bottom:256kbps+top:8Mbps\""),
        field("stalls", "resolution", "rounding = \"keep\""),
    ]
}

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

#[test]
fn an_open_release_is_warned_of() {
    let folder = justified(&two());
    let about = |verified: &Value| -> Vec<String> {
        let warnings = verified["warnings"].as_array().unwrap().iter();
        warnings.map(|warning| warning["about"].as_str().unwrap().to_owned()).collect()
    };
    edit(&folder, "delay = \"1h..6h\"\nbatch = 100\nshuffle = true", "link = \"server\"");
    justify(&folder);
    let verified = verify(&folder, &HERE);
    assert_eq!(
        (about(&verified), &verified["holds"]),
        (["rotate", "link", "shuffle", "delay"].map(str::to_owned).to_vec(), &true.into())
    );
    edit(&folder, "link = \"server\"", "link = \"session\"\nrotate = 5\ndelay = \"1h..6h\"");
    justify(&folder);
    assert_eq!(about(&verify(&folder, &HERE)), ["link", "shuffle"]);
}

/// Read by an XML parser, the file counts what JSON says, whatever the names are.
#[test]
fn junit_counts_every_check() {
    let folder = justified(&two());
    edit(&folder, "name = \"p\"", "name = \"<&\\\"\\u0001]]>\\u202e\"");
    edit(&folder, "policy = \"sha256:", "policy = \"</failure>\\uffff&amp;sha256:");
    let args = [&HERE[..], &["--junit", "v.xml", "--limit", "k_titles=100000"]].concat();
    let verified = verify(&folder, &args);
    let text = String::from_utf8(folder.read("v.xml")).unwrap();
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut cases, mut failures, mut skipped, mut suites, mut totals) = (0, 0, 0, Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}"));
        let (Event::Start(tag) | Event::Empty(tag)) = &event else {
            if event == Event::Eof {
                break;
            }
            continue;
        };
        let attribute = |name: &str| -> String {
            let found = tag.try_get_attribute(name).expect("well formed").expect(name);
            found.value.into_owned()
        };
        match tag.name().as_ref() {
            "testsuites" => totals = ["tests", "failures", "skipped"].map(&attribute).to_vec(),
            "testsuite" => suites.push((attribute("name"), attribute("tests"))),
            "testcase" => {
                cases += usize::from(!attribute("name").is_empty() && !attribute("classname").is_empty())
            }
            "failure" => failures += usize::from(!attribute("message").is_empty()),
            "skipped" => skipped += 1,
            "system-out" => {}
            other => panic!("{other}"),
        }
    }
    let count = |verdict: &str| with(&verified, verdict).len();
    assert_eq!((failures, skipped), (count("fails"), count("noted")));
    assert_eq!(cases, verified["checks"].as_array().unwrap().len());
    assert_eq!(totals, [cases, failures, skipped].map(|n| n.to_string()));
    assert_eq!(
        suites.iter().map(|suite| suite.0.as_str()).collect::<Vec<_>>(),
        ["policy", "ping length", "ping stalls"]
    );
    assert_eq!(suites.iter().map(|suite| suite.1.parse::<usize>().unwrap()).sum::<usize>(), cases);
    assert!(
        text.chars().all(|c| c == '\n' || !c.is_control() && !['\u{202e}', '\u{ffff}'].contains(&c)),
        "{text}"
    );
    // The same bytes again.
    verify(&folder, &args);
    assert_eq!(String::from_utf8(folder.read("v.xml")).unwrap(), text);
}

#[test]
fn bad_input_is_refused() {
    let folder = justified(&two());
    let all = ["verify", "--policy", "p.toml", "--catalogue", "in.parquet"];
    let refused = |args: &[&str], words: &[&str]| _ = folder.refused(&[&all[..], args].concat(), words);
    refused(&["--limit", "k_title=3"], &["unknown limit `k_title`"]);
    refused(&["--as-of", "2026-02-30"], &["2026-02-30", "YYYY-MM-DD"]);
    refused(&["--junit", "nowhere/v.xml"], &["nowhere", "no such folder"]);
    folder.refused(&["verify", "--policy", "no.toml", "--catalogue", "in.parquet"], &["no.toml"]);
    folder.refused(&["verify", "--policy", "p.toml", "--catalogue", "no.parquet"], &["no.parquet"]);
    folder.refused(&["verify", "--policy", "in.parquet", "--catalogue", "in.parquet"], &["in.parquet"]);
    edit(&folder, "name = \"resolution\"", "name = \"loudness\"");
    refused(&[], &["loudness"]);
    folder.refused(
        &["policy", "justify", "p.toml", "--catalogue", "in.parquet", "-o", "new.toml"],
        &["loudness"],
    );
    folder.refused(
        &[
            "policy",
            "justify",
            "p.toml",
            "--catalogue",
            "in.parquet",
            "--results",
            "no.json",
            "-o",
            "new.toml",
        ],
        &["no.json"],
    );
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
