//! A whole report against stored files, and what it must never do. `UPDATE_GOLDEN=1` writes the files anew.
#![cfg(feature = "harness")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod release;

use std::fs;
use std::path::Path;

use coarsen::policy::Policy;
use coarsen::report::{answer, html, markdown, write_study};
use coarsen::study::{AtWidth, Config, FrontierAxis, IdleOnFiles, Of, OnFiles, Outcome, Silent, run};
use sha2::{Digest, Sha256};

/// Written with relative paths, so that it is the same on every machine.
const STUDY: &str = r#"
    seed = 7
    real = false
    draws = 1000
    [catalogue]
    name = "small"
    file = "tests/golden/catalogue.csv"
    [plays]
    plays = 3000
    servers = 12
    replicas = 100
    resamples = 50
    [limits]
    k_titles = 2
    k_series = 2
    exposed_share = 0.05
    "largest_title_share@0.2" = 0.9
    "largest_title_share_plays@0.8" = 0.9
    title_uniform = 0.5
"#;
const COMMAND: &str = "coarsen study small.toml";

/// The same without questions, which take most of the time.
fn without_plays() -> String {
    STUDY.replace("plays = 3000", "plays = 0")
}

fn study(toml: &str) -> Outcome {
    run(&Config::from_toml("study", toml).unwrap(), &Silent).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The page without plotly's script, which is another's text.
fn without_plotly(page: &str) -> String {
    let start = page.find("/**\n* plotly.js").unwrap();
    let end = start + page[start..].find("</script>").unwrap();
    format!("{}{}", &page[..start], &page[end..])
}

#[test]
fn the_report_is_the_stored_one() {
    let outcome = study(STUDY);
    assert!(outcome.policy.is_some(), "the golden study must have a choice");
    the_frontier_is_what_no_candidate_beats(&outcome);
    let folder = tempfile::tempdir().unwrap();
    write_study(folder.path(), &outcome, COMMAND).unwrap();
    let expected = Path::new("tests/golden/expected");
    let version = |text: String| text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    for name in ["report.md", "results.json"] {
        let found = version(fs::read_to_string(folder.path().join(name)).unwrap());
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(expected).unwrap();
            fs::write(expected.join(name), &found).unwrap();
        }
        let stored = fs::read_to_string(expected.join(name)).unwrap();
        let stored = stored.replace("\r\n", "\n");
        let differs = found.lines().zip(stored.lines()).enumerate().find(|(_, (a, b))| a != b);
        if let Some((line, (a, b))) = differs {
            panic!(
                "{name}, line {}:\n  found {a}\n stored {b}\n(UPDATE_GOLDEN=1 stores what was found)",
                line + 1
            );
        }
        assert_eq!(found.lines().count(), stored.lines().count(), "{name} has another length");
    }
}

/// Against every candidate of the sweep: none that loses no family beats a point of the frontier in both.
fn the_frontier_is_what_no_candidate_beats(outcome: &Outcome) {
    let FrontierAxis::SampleSizeRatio { left_out, .. } = outcome.results.frontier_axis else {
        panic!("plays were asked")
    };
    let traffic = outcome.traffic.as_ref().unwrap();
    assert_eq!(traffic.len(), outcome.sweep.len());
    let rows = outcome.sweep.iter().zip(traffic);
    let found: Vec<(f64, f64)> =
        rows.filter_map(|(row, traffic)| Some((traffic.of_all()?, row.reid_title_uniform))).collect();
    assert_eq!(found.len() as u64 + left_out, traffic.len() as u64);
    assert!(outcome.results.frontier.len() > 1 && left_out > 0);
    for point in &outcome.results.frontier {
        let own = (point.sample_size_ratio.unwrap(), point.title_uniform);
        assert!(found.contains(&own), "{own:?} is of no candidate");
        let beats = |other: &&(f64, f64)| other.0 <= own.0 && other.1 <= own.1 && **other != own;
        assert_eq!(found.iter().find(beats), None, "{own:?} is beaten");
    }
}

#[test]
fn without_plays_the_frontier_is_against_distortion_and_says_why() {
    let outcome = study(&without_plays());
    assert!(outcome.traffic.is_none());
    assert!(outcome.results.frontier.iter().all(|point| point.sample_size_ratio.is_none()));
    let text = markdown(&outcome.results, COMMAND).unwrap();
    let says = "The second axis is distortion, as nothing tells how much more traffic a fault takes: the configuration \
                asks for no plays.";
    assert!(text.contains(says));
    assert!(!text.contains("Sample-size ratio"));
}

#[test]
fn a_folder_holds_five_files_and_the_policy_rests_on_the_results() {
    let outcome = study(&without_plays());
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("deep/study");
    let written = write_study(&folder, &outcome, COMMAND).unwrap();
    let all = ["policy.toml", "report.html", "report.md", "results.json", "sweep.parquet"];
    assert_eq!(names(&folder), all);
    assert_eq!(written.len(), all.len());
    assert!(written.iter().all(|path| path.is_file()));

    let text = fs::read_to_string(folder.join("policy.toml")).unwrap();
    assert!(text.starts_with("# "));
    let policy = Policy::from_toml(&text).unwrap();
    let hash: String = Sha256::digest(fs::read(folder.join("results.json")).unwrap())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let justification = policy.justification.clone().unwrap();
    assert_eq!(justification.results, Some(format!("sha256:{hash}")));
    let own: String =
        Sha256::digest(policy.canonical().unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(justification.policy, format!("sha256:{own}"));

    // Again over it: the same bytes, and nothing left beside them.
    let before: Vec<Vec<u8>> = written.iter().map(|path| fs::read(path).unwrap()).collect();
    write_study(&folder, &outcome, COMMAND).unwrap();
    let after: Vec<Vec<u8>> = written.iter().map(|path| fs::read(path).unwrap()).collect();
    assert!(before == after, "two renderings differ");
    assert_eq!(names(&folder), all);
}

#[test]
fn without_a_choice_an_old_policy_goes_and_the_report_says_so() {
    let mut outcome = study(&without_plays().replace("k_titles = 2", "k_titles = 500"));
    assert!(outcome.policy.is_none() && outcome.results.chosen.is_none());
    let sentences = answer(&outcome.results);
    assert!(sentences.len() == 4 && sentences[0].starts_with("No choice. "), "{sentences:?}");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), "old").unwrap();
    write_study(folder.path(), &outcome, COMMAND).unwrap();
    assert_eq!(names(folder.path()), ["report.html", "report.md", "results.json", "sweep.parquet"]);
    let text = fs::read_to_string(folder.path().join("report.md")).unwrap();
    assert!(text.contains("**No choice.** No candidate of any shape meets every limit"));
    assert!(text.contains("the binding limit is exposed\\_share"));
    // Every attacker has a section, with figures or with the reason why there are none.
    for attacker in [
        "Linkage",
        "Noisy matching",
        "Partial watch",
        "Sequence",
        "Library",
        "Membership",
        "Intersection",
        "Averaging",
        "Suppression",
        "Homogeneity",
        "Side fields",
        "Known library",
        "Arrival times",
        "Open world",
    ] {
        assert!(text.lines().any(|line| line.starts_with(&format!("## {attacker}: "))), "{attacker}");
    }

    // Nothing to show beyond the headings must not break it either.
    outcome.results.judges.clear();
    outcome.results.attacks.clear();
    outcome.results.attackers.found.clear();
    outcome.results.on_files.clear();
    outcome.results.shapes.clear();
    outcome.results.before_after.clear();
    outcome.results.frontier.clear();
    outcome.results.heat_map.k_titles.clear();
    outcome.results.heat_map.durations.clear();
    outcome.results.heat_map.bitrates.clear();
    html(&outcome.results, COMMAND).unwrap();
    assert!(answer(&outcome.results).is_empty());
}

#[test]
fn a_folder_that_can_not_be_written_is_left_as_it_was() {
    let outcome = study(&without_plays());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "kept").unwrap();
    let error = write_study(&file.join("study"), &outcome, COMMAND).unwrap_err();
    assert!(error.to_string().contains("file"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "kept");

    let blocked = folder.path().join("blocked");
    fs::create_dir_all(blocked.join("report.html")).unwrap();
    fs::write(blocked.join("policy.toml"), "old").unwrap();
    let error = write_study(&blocked, &outcome, COMMAND).unwrap_err();
    assert!(error.to_string().contains("report.html"), "{error}");
    assert_eq!(names(&blocked), ["policy.toml", "report.html"]);
    assert_eq!(fs::read_to_string(blocked.join("policy.toml")).unwrap(), "old");
}

#[test]
fn the_page_loads_nothing() {
    let page = html(&study(&without_plays()).results, COMMAND).unwrap();
    assert!(page.contains("default-src 'none'"));
    assert_eq!(page.matches("* plotly.js v").count(), 1);
    let ours = without_plotly(&page);
    for loads in ["src=", "url(", "@import", "<link", "<iframe", "<img", "http://", "https://"] {
        assert!(!ours.contains(loads), "the page contains {loads}");
    }
    let links = ours.match_indices("href=\"").all(|(at, found)| ours[at + found.len()..].starts_with('#'));
    assert!(links, "a link leads out of the page");
}

/// Of 1,000 files of a catalogue of that name: a closed form at the first width and a drawn rate at the second.
fn on_files(catalogue: &str) -> OnFiles {
    let at = |width, rate, interval| AtWidth { width, rate, interval };
    OnFiles {
        catalogue: catalogue.to_owned(),
        files: 1_000,
        attacker: "averaging",
        part: "",
        finds: "title named right",
        at: "100 plays".to_owned(),
        of: Of::Files,
        rates: vec![at("floor:1s", 0.48, None), at("floor:10s", 0.3, Some([0.28, 0.319]))],
        control: 0.001,
    }
}

#[test]
fn hostile_names_stay_text() {
    const NAMES: [&str; 4] = [
        "<script>alert(1)</script>",
        "</script><img src=x onerror=alert(2)>",
        "\"><b onmouseover='alert(3)'>|`*_",
        "${alert(4)} <a href=\"javascript:alert(5)\">",
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile.csv");
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut csv = "title_id,kind,genre,duration_ms,bitrate_bps,resolution,video_codec\n".to_owned();
    for row in 0..200usize {
        let name = |i: usize| quoted(NAMES[(row + i) % NAMES.len()]);
        let (duration, rate) = (60_000 + row * 7_919, 900_000 + row * 1_000);
        csv += &format!("t{row},{},{},{duration},{rate},{},{}\n", name(0), name(1), name(2), name(3));
    }
    fs::write(&path, csv).unwrap();
    let mut config = Config::from_toml("hostile", STUDY).unwrap();
    config.catalogue.file = Some(path);
    config.catalogue.name = Some(NAMES.join(" "));
    config.name = "hostile".to_owned();
    let mut results = run(&config, &Silent).unwrap().results;
    results.on_files.push(on_files(&NAMES.join(" ")));
    results.on_files_idle.push(IdleOnFiles {
        catalogue: NAMES.join(" "),
        attacker: "intersection",
        reason: "no file has a size".to_owned(),
    });
    let command = format!("coarsen study '{}'", NAMES.join(" "));

    let page = without_plotly(&html(&results, &command).unwrap());
    for piece in ["<script>alert", "<img", "<b onmouse", "<a href=\"java", "\"><b"] {
        assert!(!page.contains(piece), "the page contains {piece}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    // The page's own three scripts and no other.
    assert_eq!(page.matches("<script").count(), 3);
    assert_eq!(page.matches("</script>").count(), 3);

    let text = markdown(&results, &command).unwrap();
    for told in
        ["| 480 | 300 (280 to 319) | ", "- library: it names servers, and no file", "no file has a size"]
    {
        assert!(text.contains(told), "{told}");
    }
    let mut fenced = false;
    let mut columns = 0;
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        assert!(!line.contains("<script") && !line.contains("<img") && !line.contains("<a "), "{line}");
        // Every row of a table has as many cells as its heading.
        let bars = line.replace("\\|", "").matches('|').count();
        columns = match (line.starts_with('|'), columns) {
            (false, _) => 0,
            (true, 0) => bars,
            (true, held) => {
                assert_eq!(bars, held, "{line}");
                held
            }
        };
    }
}
