//! `attack --channel`: who can see a drawn duration runs on it, and who can't says why.

use serde_json::{Value, json};

use crate::tool::{Folder, json as parsed};

/// A minute, a minute and a half, and two, of two codecs.
const THREE: &str = "\
title_id,kind,duration_ms,video_codec,genre
A,movie,60000,h264,drama
B,movie,90000,h264,horror
C,movie,120000,hevc,horror
";

/// What an attacker says, or all of them do.
fn run(csv: &str, attacker: &str, draws: u32, more: &[&str]) -> Vec<Value> {
    let folder = Folder::new();
    folder.write("in.csv", csv);
    let draws = draws.to_string();
    let args = [&["attack", attacker, "--catalogue", "in.csv", "--json", "--draws", &draws], more].concat();
    parsed(&folder.run(&args).ok())["attacks"].as_array().expect("attacks").clone()
}

/// What one attacker finds.
fn found(attacker: &str, more: &[&str]) -> Value {
    run(THREE, attacker, 500, more)[0][attacker.replace('-', "_")].clone()
}

fn level(target: &str, more: &[&str]) -> Value {
    let levels = found("linkage", more);
    let is = |level: &&Value| level["target"] == json!(target) && level["prior"] == json!("uniform");
    levels.as_array().expect("levels").iter().find(is).expect("the level").clone()
}

#[test]
fn linkage_sees_what_is_drawn() {
    let drawn = ["--channel", "stochastic:60s"];
    // One minute is A, or B half the time; two are C, or B half the time.
    let title = level("title", &drawn);
    assert_eq!(title["closed_form"], json!(2.0 / 3.0));
    assert_eq!((&title["expected_candidates"], &title["single_candidate"]), (&json!(2.0), &json!(0.0)));
    assert_eq!((&title["control"], &title["baseline"]), (&json!(1.0 / 3.0), &json!(1.0)));
    assert_eq!(title["draws"], json!(500));
    assert_eq!((&title["agrees"], &title["top3"]["agrees"]), (&json!(true), &json!(true)));
    // Two minutes are horror for sure, and one is drama twice as often.
    assert_eq!(level("genre", &drawn)["closed_form"], json!(2.5 / 3.0));
    let homogeneity = &found("homogeneity", &drawn)[0];
    assert_eq!(homogeneity["shared_by_all"]["uniform"], json!(0.5));
    assert_eq!(homogeneity["named"]["uniform"], json!(2.5 / 3.0));

    // The codec beside it tells C, so that two minutes in h264 are B.
    let beside = ["--channel", "stochastic:60s", "--by", "video_codec"];
    assert_eq!(level("title", &beside)["closed_form"], json!(2.5 / 3.0));
    let codec = &found("side-fields", &beside)["leaving"][1];
    assert_eq!((&codec["field"], &codec["without"]["uniform"]), (&json!("video_codec"), &json!(2.0 / 3.0)));
    assert_eq!(codec["with"]["uniform"], json!(2.5 / 3.0));
    let averaging = &run(THREE, "averaging", 20, &beside)[0]["averaging"][0];
    assert_eq!(averaging["after_one_play"], json!(2.5 / 3.0));

    // Rounded before: A and B are one.
    let rounded = ["--channel", "stochastic:1ms", "--duration", "floor:1min"];
    assert_eq!(level("title", &rounded)["closed_form"], json!(2.0 / 3.0));
    assert_eq!(level("title", &rounded)["single_candidate"], json!(1.0 / 3.0));
    assert_eq!(
        run(THREE, "linkage", 9, &rounded)[0]["generalization"],
        json!("duration floor:1min, bit rate drop")
    );
}

#[test]
fn whoever_cannot_see_a_drawn_duration_says_why() {
    let ran = run(THREE, "all", 20, &["--channel", "noise:1@1min"]);
    assert_eq!(ran.len(), 14);
    for ran in &ran {
        assert_eq!(ran["channel"], json!("noise:1@1min"));
        let attacker = ran["attacker"].as_str().expect("a name");
        let runs = [
            "linkage",
            "homogeneity",
            "side-fields",
            "averaging",
            "noisy",
            "partial",
            "arrival",
            "open-world",
        ];
        // The catalogue is too small for a known library, and has no series.
        let reason = ran["not_applicable"].as_str();
        assert_eq!(reason.is_none(), runs.contains(&attacker), "{ran}");
        let word =
            if ["known-library", "library", "sequence"].contains(&attacker) { "titles" } else { "draw" };
        let word = if attacker == "suppression" { "no file" } else { word };
        assert!(reason.is_none_or(|reason| reason.contains(word)), "{ran}");
    }
    // Nothing to draw from.
    let nothing = ["--channel", "noise:1@1min", "--duration", "drop", "--by", "video_codec"];
    for ran in run(THREE, "all", 20, &nothing) {
        assert!(ran["not_applicable"].as_str().is_some_and(|reason| reason.contains("no duration")), "{ran}");
    }
}

#[test]
fn a_known_library_is_played_from() {
    let mut csv = "title_id,kind,duration_ms\n".to_owned();
    (0..150).for_each(|title| csv += &format!("T{title},movie,{}\n", 3_600_000 + 20_000 * title));
    let found = |more: &[&str]| run(&csv, "known-library", 40, more)[0]["known_library"][0].clone();
    let (drawn, raw) = (found(&["--channel", "noise:1@1min"]), found(&["--duration", "keep"]));
    let rate = |found: &Value| found["title_uniform"].as_f64().expect("a rate");
    assert!(rate(&drawn) > 0.01 && rate(&drawn) < rate(&raw), "{drawn}, {raw}");
    assert_eq!((&drawn["titles"], &drawn["libraries"]), (&json!(100), &json!(40)));
    assert_eq!(drawn["ran"]["draws"], json!(800));
    assert_eq!((&raw["ran"], rate(&raw)), (&Value::Null, 1.0));
}

/// A microsecond's epsilon on a day of milliseconds can't be summed up, and nobody waits for it.
#[test]
fn what_spreads_too_far_is_refused_at_once() {
    let far = "title_id,kind,duration_ms\nA,movie,1\nB,movie,86400000\n";
    for attacker in ["linkage", "noisy", "homogeneity", "side-fields"] {
        let ran = &run(far, attacker, 20, &["--channel", "noise:1@1ms"])[0];
        let reason = ran["not_applicable"].as_str().expect("a reason");
        assert!(reason.contains("larger"), "{reason}");
    }
    let averaging = &run(far, "averaging", 5, &["--channel", "noise:1@1ms"])[0]["averaging"][0];
    assert_eq!(averaging["after_one_play"], Value::Null);
}

/// A minute and a half is one minute or two: half of its plays, and of its completed plays hardly ever.
#[test]
fn played_times_are_drawn_too() {
    let found = found("partial", &["--channel", "stochastic:60s", "--duration", "floor:30s"]);
    let rows = found["watched"].as_array().expect("rows");
    assert_eq!(rows.len(), 12);
    for row in rows {
        assert_eq!((&row["plays"], &row["agrees"], &row["draws"]), (&json!(1), &json!(true), &json!(500)));
        let rate = |key: &str| row[key].as_f64().expect("a rate");
        assert!(
            rate("closed_form") <= rate("rounded") + 1e-9 && rate("closed_form") >= rate("without") - 1e-9
        );
        assert_eq!(rate("control"), 1.0 / 3.0);
    }
    assert!(found["not_applicable"]["plays"].as_str().expect("a reason").contains("several"));
    // As it is, every ms would be drawn for.
    let day = "title_id,kind,duration_ms\nA,movie,86400000\n";
    let refused = &run(day, "partial", 9, &["--channel", "stochastic:60s"])[0]["not_applicable"];
    assert!(refused.as_str().expect("a reason").contains("larger width"), "{refused}");
}

/// One minute or a half is drawn to one or two; who counts reports knows what its catalogue lacks of each.
#[test]
fn an_open_world_is_drawn_too() {
    let found = found("open-world", &["--channel", "stochastic:60s"]);
    let rows = found["rows"].as_array().expect("rows");
    let whole = |row: &&Value| row["coverage_percent"] == json!(100) && row["decoys_percent"] == json!(0);
    let row = rows.iter().find(whole).expect("a row");
    assert_eq!((&row["doubt"], &row["closed_form"]["spoken"]), (&json!("counts"), &json!(0.0)));
    assert_eq!(row["baseline"]["recall"], json!(1.0));
    assert!(rows.iter().all(|row| row["doubt"] == json!("counts")));
    assert!(found["not_applicable"]["coverage"].as_str().expect("a reason").contains("many outputs"));
    assert_eq!(found["abstaining_gain"][0], json!({"uniform": 0.0, "popularity": 0.0}));
}

/// Albums of the same tracks, the other way round: order tells them, though each play was drawn.
#[test]
fn linked_plays_are_drawn_one_by_one() {
    let csv = "\
title_id,series_id,kind,duration_ms
A,1,track,60000
B,1,track,180000
C,2,track,180000
D,2,track,60000
";
    let rows = run(csv, "sequence", 400, &["--channel", "stochastic:2min"])[0]["sequence"].clone();
    let of = |plays: u32, order: &str| {
        let is = |row: &&Value| row["plays"] == json!(plays) && row["order"] == json!(order);
        rows.as_array().expect("rows").iter().find(is).expect("the row").clone()
    };
    let one = of(1, "in_order");
    assert_eq!(
        (&one["closed_form"], &one["rounded"], &one["agrees"]),
        (&json!(0.5), &json!(0.5), &json!(true))
    );
    // 0 or 1, then 1 or 2: only 1 and 1 leaves a doubt, a quarter of the time.
    let two = of(2, "in_order");
    let rate = |key: &str| two[key].as_f64().expect("a rate");
    assert!((rate("rate") - 0.875).abs() < 0.1 && (rate("sure") - 0.875).abs() < 0.1, "{two}");
    assert_eq!(
        (&two["closed_form"], &two["rounded"], &two["unlinked"]),
        (&Value::Null, &json!(1.0), &json!(0.75))
    );
    assert!(of(2, "shuffled")["not_applicable"].as_str().expect("a reason").contains("orders"));
}

#[test]
fn who_holds_a_file_is_asked_of_fresh_draws() {
    let mut csv = "title_id,kind,duration_ms\n".to_owned();
    (0..150).for_each(|title| csv += &format!("T{title},movie,{}\n", 3_600_000 + 20_000 * title));
    let servers = ["--servers", "20", "--plays", "30"];
    let found = |more: &[&str]| run(&csv, "membership", 400, &[&servers, more].concat())[0].clone();
    let memoized = found(&["--channel", "noise:1@1min"]);
    assert!(memoized["not_applicable"].as_str().expect("a reason").contains("+fresh"), "{memoized}");
    let (drawn, rounded) = (
        found(&["--channel", "noise:1@1min+fresh", "--duration", "floor:1min"]),
        found(&["--duration", "floor:1min"]),
    );
    let tried = |found: &Value| found["membership"]["tried"].as_array().expect("rows").clone();
    assert_eq!(drawn["membership"]["agrees"], json!(true));
    for (drawn, rounded) in tried(&drawn).iter().zip(tried(&rounded)) {
        let rate = |of: &Value| of["curve"][1]["closed_form"].as_f64().expect("a rate");
        assert!(rate(drawn) > 0.01 && rate(drawn) <= rate(&rounded) + 1e-9, "{drawn}, {rounded}");
    }
}

/// Half a minute apart, which no jitter of 5 s hides, whatever is drawn; a delay of days leaves what is drawn.
#[test]
fn arrivals_give_a_drawn_length_back() {
    let found = found("arrival", &["--channel", "stochastic:60s"]);
    let rows = found["rows"].as_array().expect("rows");
    assert_eq!((rows.len(), &found["disagreeing"]), (13, &json!([])));
    for row in rows {
        for named in row["named"].as_array().expect("file and title") {
            let rate = |key: &str| named[key].as_f64().expect("a rate");
            assert_eq!((rate("released"), rate("control")), (2.0 / 3.0, 1.0 / 3.0));
            assert!(rate("success") >= rate("released") - 1e-9, "{named}");
            assert!(rate("success") >= rate("times_alone") - 1e-9, "{named}");
            let lag = row["delay_ms"].as_u64().expect("ms") + row["batch_ms"].as_u64().expect("ms");
            assert!(lag > 0 || (rate("success") - 1.0).abs() < 1e-9, "{row}");
        }
    }
    let last = &rows[rows.len() - 1]["named"][1];
    let (times, success) = (last["times_alone"].as_f64(), last["success"].as_f64());
    assert!(times.is_some_and(|rate| rate < 0.34) && success.is_some_and(|rate| rate < 0.68), "{last}");
}

/// Lengths of copies are drawn: a minute by stochastic rounding to a minute stays one, and a copy of it mostly does.
#[test]
fn copies_are_drawn_too() {
    let found = |drawn: &str| found("noisy", &["--channel", drawn, "--duration", "floor:1s"]);
    let stochastic = found("stochastic:60s");
    let levels = stochastic["levels"].as_array().expect("levels");
    assert_eq!((levels.len(), &stochastic["agrees"]), (4, &json!(true)));
    assert_eq!(stochastic["not_applicable"], Value::Null);
    for level in levels {
        let rate = |key: &str| level[key].as_f64().expect("a rate");
        let named = level["bayes"]["rate"].as_f64().expect("a rate");
        assert!((named - rate("closed_form")).abs() < 0.1 && (rate("sure") - named).abs() < 0.1, "{level}");
        assert!(rate("closed_form") > rate("control") && rate("closed_form") <= rate("rounded") + 1e-9);
        assert_eq!((&level["bayes"]["draws"], &level["interval_recall"]["rate"]), (&json!(500), &json!(1.0)));
    }
    let noise = found("noise:1@1min");
    assert!(noise["not_applicable"]["interval"].as_str().expect("a reason").contains("every output"));
    assert_eq!((&noise["agrees"], &noise["levels"][0]["interval"]), (&json!(true), &Value::Null));
    // As it is, every ms would be drawn for.
    let kept = &run(THREE, "noisy", 9, &["--channel", "stochastic:60s"])[0];
    assert!(kept["not_applicable"].as_str().expect("a reason").contains("larger width"), "{kept}");
}

/// Seconds of noise leave a server its fingerprint where each file is drawn once, and little of it where each play is.
#[test]
fn servers_are_told_by_what_they_draw() {
    let mut csv = "title_id,kind,duration_ms\n".to_owned();
    (0..300).for_each(|title| csv += &format!("T{title},movie,{}\n", 3_600_000 + 7_000 * title));
    let servers = ["--servers", "20", "--plays", "40", "--duration", "floor:1s"];
    let found =
        |drawn: &str| run(&csv, "library", 4, &[&servers[..], &["--channel", drawn]].concat())[0].clone();
    for (drawn, scores) in [
        ("noise:1@10s", vec!["equal_outputs"]),
        ("noise:1@10s+fresh", vec!["expected_matches", "likelihood"]),
    ] {
        let library = &found(drawn)["library"];
        assert_eq!((&library["agrees"], &library["blind"]), (&json!(true), &json!(0.05)), "{library}");
        for of in library["by_prior"].as_array().expect("priors") {
            let named = of["linkage"].as_array().expect("scores").iter().map(|of| of["score"].clone());
            assert_eq!(named.collect::<Vec<Value>>(), scores);
            let rate = |at: usize| of["unicity"][at]["named"]["rate"].as_f64().expect("a rate");
            let closed_form = of["named_by_one"].as_f64().expect("a rate");
            assert!(closed_form > 0.05 && (rate(0) - closed_form).abs() < 0.3 && rate(6) > rate(0), "{of}");
            assert_eq!(of["rounded"], of["baseline"]);
        }
    }
    let few = &run(THREE, "library", 9, &["--channel", "noise:1@1min"])[0]["not_applicable"];
    assert!(few.as_str().expect("a reason").contains("titles"), "{few}");
}

/// No codec is of one file, whatever is drawn; without the codec a minute and a half may be any.
#[test]
fn signals_stand_beside_drawn_durations() {
    let csv = "\
title_id,kind,duration_ms,video_codec
A,movie,60000,h264
B,movie,90000,
C,movie,120000,h264
D,movie,120000,
";
    let more = ["--channel", "stochastic:60s", "--by", "video_codec"];
    let signal = &run(csv, "suppression", 400, &more)[0]["suppression"][0];
    assert_eq!((&signal["signal"], &signal["files"]), (&json!("no video_codec"), &json!(2)));
    // One minute is B; two are D, or B half the time.
    assert_eq!(signal["named"]["uniform"], json!(0.75));
    // One minute is A, and two are C as likely as D.
    assert_eq!(signal["without"]["uniform"], json!(0.25));
    assert_eq!(signal["control"]["uniform"], json!(0.25));
    for trial in signal["trials"].as_array().expect("trials") {
        assert_eq!((&trial["agrees"], &trial["draws"]), (&json!(true), &json!(400)));
    }
}

/// Three titles of two hours at 4, 5 and 6 Mbps, and one without a bit rate.
const RATED: &str = "\
title_id,kind,duration_ms,bitrate_bps,video_codec
A,movie,7200000,4000000,h264
B,movie,7200000,5000000,h264
C,movie,7200000,6000000,hevc
D,movie,7200000,,hevc
";

/// As [`linkage_sees_what_is_drawn`], of bit rates: the unit tells.
#[test]
fn a_bit_rate_is_drawn_by_its_unit() {
    let drawn = ["--channel", "stochastic:2Mbps"];
    let ran = &run(RATED, "linkage", 500, &drawn)[0];
    assert_eq!(ran["channel"], json!("stochastic:2Mbps"));
    assert_eq!(ran["generalization"], json!("duration drop, bit rate keep"));
    let levels = ran["linkage"].as_array().expect("levels");
    let title = levels.iter().find(|level| level["target"] == json!("title")).expect("titles");
    // 4 Mbps is A, or B half the time; 6 is C, or B half the time; and D is told by what it lacks.
    assert_eq!(title["closed_form"], json!(0.75));
    assert_eq!((&title["single_candidate"], &title["agrees"]), (&json!(0.25), &json!(true)));

    // Rounded first, nobody but D is told apart.
    let rounded = ["--channel", "stochastic:2Mbps", "--bitrate", "floor:8Mbps"];
    let levels = run(RATED, "linkage", 100, &rounded)[0]["linkage"].clone();
    assert_eq!(levels[0]["closed_form"], json!(0.5));

    let averaging = &run(RATED, "averaging", 20, &["--channel", "stochastic:2Mbps+fresh"])[0]["averaging"][0];
    assert_eq!((&averaging["unit"], &averaging["half"]), (&json!("bps"), &json!(50_000)));
    // B is a coin of 1 Mbps: 1.96^2 x (1,000 / 50)^2 plays, rounded up.
    assert_eq!(averaging["plays_to_half"], json!(1_537));
    assert_eq!(averaging["after_endless_plays"], json!(1.0));
    let folder = Folder::new();
    folder.write("in.csv", RATED);
    let args = ["attack", "averaging", "--catalogue", "in.csv", "--channel", "stochastic:2Mbps+fresh"];
    let text = folder.run(&args).ok();
    assert!(text.contains("known to 50.0 kbps: 1537 at most"), "{text}");
}

#[test]
fn whoever_cannot_see_a_drawn_bit_rate_says_why() {
    let ran = run(RATED, "all", 20, &["--channel", "noise:1@1Mbps"]);
    let is = |name: &str| ran.iter().find(|ran| ran["attacker"] == json!(name)).expect("it ran").clone();
    for (name, reason) in
        [("noisy", "no duration leaves"), ("partial", "no duration leaves"), ("intersection", "drawn")]
    {
        assert!(is(name)["not_applicable"].as_str().is_some_and(|why| why.contains(reason)), "{}", is(name));
    }
    for name in ["linkage", "side-fields", "averaging", "suppression", "arrival", "open-world"] {
        assert!(is(name)["not_applicable"].is_null(), "{}", is(name));
    }
    let both = ["--channel", "noise:1@1Mbps", "--duration", "floor:5min"];
    for name in ["noisy", "partial"] {
        let ran = &run(RATED, name, 20, &both)[0];
        assert!(ran["not_applicable"].as_str().is_some_and(|why| why.contains("draw the duration")), "{ran}");
    }
    let nothing = ["--channel", "noise:1@1Mbps", "--bitrate", "drop", "--by", "video_codec"];
    for ran in run(RATED, "all", 20, &nothing) {
        assert!(
            ran["not_applicable"].as_str().is_some_and(|why| why.contains("no bit rate leaves")),
            "{ran}"
        );
    }
    let folder = Folder::new();
    folder.write("in.csv", THREE);
    let args = ["attack", "linkage", "--catalogue", "in.csv", "--channel", "noise:1@1Mbps"];
    folder.refused(&args, &["has no `bitrate`"]);
}

#[test]
fn a_width_of_neither_unit_is_refused() {
    let folder = Folder::new();
    folder.write("in.csv", RATED);
    for (channel, part) in [
        ("stochastic:5min2", "ms, s, min, h, or of bit rates bps, kbps, Mbps"),
        ("stochastic:200Mbps", "from 1 bps to 100 Mbps"),
        ("stochastic:5h", "from 1 ms to 4 h"),
        ("response:1@0.0001kbps", "is not a whole number of bps"),
        ("stochastic:7", "not a number with a unit"),
    ] {
        folder.refused(&["attack", "linkage", "--catalogue", "in.csv", "--channel", channel], &[part]);
    }
}
