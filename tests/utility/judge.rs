//! The laws of what is left of an answer.

use coarsen::policy::Policy;
use coarsen::telemetry::plays::{Number, Plays, Switch, Text};
use coarsen::utility::power::{Family, PowerSettings, power};
use coarsen::utility::{
    Judged, Judging, Outcome, Release, built_in, consenting, information, judge, kendall_tau_b,
    read_questions, untested,
};
use proptest::prelude::*;

use crate::some::{SIDES, emitted, plays};

const JUDGING: Judging = Judging { resamples: 40, seed: 1 };
const SPLIT: &str = include_str!("../../datasets/policies/playback.toml");

fn judged(plays: &Plays, release: &Release<'_>) -> Vec<Judged> {
    judge(plays, release, &built_in(), &JUDGING).expect("judged")
}

fn named<'j>(judged: &'j [Judged], name: &str) -> &'j Judged {
    judged.iter().find(|judged| judged.question == name).expect(name)
}

#[test]
fn keep_changes_no_answer() {
    let plays = plays(20, 2_000, 0.0);
    let release = Release::of_pings(&plays, &[("play", &emitted("keep", "keep", &SIDES))]);
    for judged in judged(&plays, &release) {
        let figures = judged.figures.expect("figures");
        assert_eq!(judged.outcome, Outcome::AsBefore, "{}", judged.question);
        assert_eq!((figures.mean_error.figure, figures.mean_error.high), (0.0, Some(0.0)));
        assert_eq!((figures.covered, figures.untold), (Some(1.0), 0.0));
    }
}

#[test]
fn questions_of_features_are_answered_alike_under_every_rounding() {
    let plays = plays(20, 2_000, 0.0);
    let raw = Release::raw(&plays);
    let roundings = [("drop", "drop"), ("floor:5min", "log:1"), ("bits:2", "floor:10Mbps"), ("keep", "drop")];
    for (duration, bitrate) in roundings {
        let release = Release::of_pings(&plays, &[("play", &emitted(duration, bitrate, &[]))]);
        for question in built_in().iter().filter(|q| ["features", "skip-found"].contains(&q.name.as_str())) {
            let ask = |release: &Release<'_>| {
                let table = question.table(release).expect("a table");
                question.answer(&plays, table, &|_| true).expect("an answer")
            };
            assert_eq!(ask(&release), ask(&raw), "{} under {duration}, {bitrate}", question.name);
        }
    }
}

#[test]
fn what_is_dropped_is_lost_and_what_is_coarse_is_blurred() {
    let plays = plays(40, 6_000, 0.0);
    let nothing = judged(&plays, &Release::of_pings(&plays, &[("play", &emitted("drop", "drop", &[]))]));
    let formats = named(&nothing, "formats");
    assert_eq!(formats.outcome, Outcome::Lost);
    assert!(formats.why.as_deref().is_some_and(|why| why.starts_with("no ping holds ")), "{formats:?}");
    // Where no play stalls, no cell lies further from the figure of all than the margin: whoever drops it loses nothing.
    assert_eq!(named(&nothing, "stall-rate").outcome, Outcome::Lost);
    let smooth: Plays = (0..plays.len())
        .map(|play| {
            let mut row = plays.row(play);
            (row[Number::Stalls], row[Number::StalledMs]) = (Some(0), Some(0));
            row
        })
        .collect();
    let nothing = judged(&smooth, &Release::of_pings(&smooth, &[("play", &emitted("drop", "drop", &[]))]));
    let stalls = named(&nothing, "stall-rate");
    assert_eq!(stalls.outcome, Outcome::Untested);
    assert!(stalls.why.as_deref().is_some_and(|why| why.contains("lies within the margin")), "{stalls:?}");
    // Tracks lie below the midpoint of the first bucket, so that all of them look played to the end.
    let coarse =
        judged(&plays, &Release::of_pings(&plays, &[("play", &emitted("floor:30min", "drop", &[]))]));
    assert_eq!(named(&coarse, "completion-by-length").outcome, Outcome::Lost);
    let fine = judged(&plays, &Release::of_pings(&plays, &[("play", &emitted("floor:1min", "drop", &[]))]));
    let (coarse, fine) = (named(&coarse, "completion-by-length"), named(&fine, "completion-by-length"));
    let error = |judged: &Judged| judged.figures.as_ref().expect("figures").mean_error;
    assert!(error(fine).figure < error(coarse).figure);
    assert_ne!(fine.outcome, Outcome::Lost);
    let interval = error(fine);
    assert!(
        interval.low.expect("a low end") <= interval.figure
            && interval.figure <= interval.high.expect("high")
    );
}

#[test]
fn a_field_that_no_question_misses_is_untested() {
    let plays = plays(20, 2_000, 0.0);
    let questions = built_in();
    let release = Release::of_pings(&plays, &[("a", &emitted("drop", "drop", &["kind"]))]);
    let found = untested(&release, &questions, &judged(&plays, &release));
    let columns: Vec<&str> = found.iter().map(|untested| untested.column).collect();
    assert!(columns.contains(&"stalls") && columns.contains(&"stalled_ms"), "{columns:?}");
    assert!(!columns.contains(&"kind") && !columns.contains(&"event"), "{columns:?}");
    // Where a lost question asks for a field, it tests nothing.
    let lost = Release::of_pings(&plays, &[("a", &emitted("floor:10h", "drop", &[]))]);
    let lost_found = untested(&lost, &questions, &judged(&plays, &lost));
    assert!(lost_found.iter().any(|untested| untested.column == "played_ms"));
}

#[test]
fn plays_of_an_opted_out_server_change_no_byte() {
    let before = plays(20, 2_000, 0.4);
    let changed: Plays = (0..before.len())
        .map(|play| {
            let mut row = before.row(play);
            if row[Switch::Playback] == Some(false) {
                row[Number::DurationMs] = Some(1);
                row[Number::Stalls] = Some(77);
                row[Text::Platform] = Some("teapot");
            }
            row
        })
        .collect();
    assert_ne!(before, changed, "some server opted out");
    let policy = Policy::from_toml(SPLIT).expect("a policy");
    let today = "2026-11-24".parse().expect("a day");
    let bytes = |plays: &Plays| {
        let release = Release::of_policy(plays, &policy, today, &[]).expect("a release");
        let judged = judged(plays, &release);
        let untested = untested(&release, &built_in(), &judged);
        serde_json::to_string(&(judged, untested)).expect("json")
    };
    assert_eq!(bytes(&before), bytes(&changed));
}

#[test]
fn threads_change_no_byte() {
    let plays = plays(20, 2_000, 0.0);
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let release =
            Release::of_pings(&plays, &[("play", &emitted("floor:5min", "log:1", &["resolution"]))]);
        serde_json::to_string(&pool.install(|| judged(&plays, &release))).expect("json")
    };
    assert_eq!(bytes(1), bytes(3));
}

#[test]
fn one_server_has_no_interval() {
    let plays = plays(1, 300, 0.0);
    let release = Release::of_pings(&plays, &[("play", &emitted("floor:20min", "drop", &[]))]);
    let judged = judged(&plays, &release);
    let figures = named(&judged, "completion-by-length").figures.as_ref().expect("figures");
    assert_eq!((figures.servers, figures.mean_error.low, figures.mean_error.high), (1, None, None));
    assert_ne!(named(&judged, "completion-by-length").outcome, Outcome::AsBefore);
}

#[test]
fn a_question_of_one_s_own_is_judged_alike() {
    let plays = plays(20, 2_000, 0.0);
    let mine = read_questions(
        "mine",
        "[[question]]\nname = \"mine\"\nasks = \"How long?\"\nstatistic = \"mean\"\nof = \"duration_ms\"\nmargin = 60000.0\n\
         by = [{ column = \"kind\" }]",
    )
    .expect("a question");
    let release = Release::of_pings(&plays, &[("play", &emitted("floor:1min", "drop", &["kind"]))]);
    let judged = judge(&plays, &release, &mine, &JUDGING).expect("judged");
    let figures = judged[0].figures.as_ref().expect("figures");
    assert_eq!(judged[0].outcome, Outcome::AsBefore);
    assert!(figures.mean_error.figure > 0.0 && figures.mean_error.figure <= 30_000.0);
    assert_eq!(figures.worst_rank.map(|rank| rank > 0.9), Some(true));
}

proptest! {
    /// Of rankings without ties, tau-b is the share of pairs in order less that of pairs out of order.
    #[test]
    fn tau_counts_pairs(order in Just((0..8).collect::<Vec<i32>>()).prop_shuffle()) {
        let pairs: Vec<(f64, f64)> = order.iter().enumerate().map(|(a, b)| (a as f64, f64::from(*b))).collect();
        let (mut concordant, mut all) = (0, 0);
        for a in 0..8 {
            for b in 0..a {
                concordant += i32::from(order[a] > order[b]);
                all += 1;
            }
        }
        let tau = kendall_tau_b(&pairs).expect("no ties");
        prop_assert!((tau - f64::from(2 * concordant - all) / f64::from(all)).abs() < 1e-12);
    }
}

#[test]
fn what_raw_plays_do_not_tell_either_is_untested() {
    let simulated = plays(10, 400, 0.0);
    let silent: Plays = (0..simulated.len())
        .map(|play| {
            let mut row = simulated.row(play);
            (row[Number::Stalls], row[Number::StalledMs]) = (None, None);
            row
        })
        .collect();
    for (duration, bitrate) in [("keep", "keep"), ("drop", "drop")] {
        let release = Release::of_pings(&silent, &[("play", &emitted(duration, bitrate, &SIDES))]);
        let judged = judged(&silent, &release);
        assert_eq!(named(&judged, "stall-rate").outcome, Outcome::Untested, "{duration}");
        assert_eq!(named(&judged, "stalled-time-by-length").outcome, Outcome::Untested, "{duration}");
    }
}

/// One ping with two switches: what somebody switched off is asked nothing, whatever else of the play leaves.
const MIXED: &str = r#"
    schema = "coarsen.policy/1"
    name = "mixed"
    version = 1
    [[field]]
    name = "platform"
    type = "category"
    about = "client"
    rounding = "keep"
    consent = "crash"
    purpose = "Stalls."
    sensitivity = "low"
    expires = "2031-12-31"
    [[field]]
    name = "stalls"
    type = "integer"
    about = "session"
    rounding = "edges:1,2"
    consent = "crash"
    purpose = "Stalls."
    sensitivity = "low"
    expires = "2031-12-31"
    [[field]]
    name = "bitrate"
    column = "bitrate_bps"
    type = "bitrate"
    rounding = "log:1"
    consent = "playback"
    purpose = "Stalls."
    sensitivity = "fingerprint"
    expires = "2031-12-31"
    [[field]]
    name = "resolution"
    type = "category"
    rounding = "keep"
    consent = "playback"
    purpose = "Stalls."
    sensitivity = "low"
    expires = "2031-12-31"
"#;

#[test]
fn what_one_switch_holds_back_changes_no_byte_where_another_lets_a_play_leave() {
    let simulated = plays(20, 2_000, 0.0);
    let policy = Policy::from_toml(MIXED).expect("a policy");
    let today = "2026-11-24".parse().expect("a day");
    // Every other server holds back its plays, but not what fails.
    let with = |bitrate: u32| -> Plays {
        (0..simulated.len())
            .map(|play| {
                let mut row = simulated.row(play);
                if simulated.text(Text::Server).codes()[play].is_multiple_of(2) {
                    row[Switch::Playback] = Some(false);
                    row[Number::BitrateBps] = Some(bitrate);
                    row[Text::Resolution] = Some(if bitrate > 1_000_000 { "2160p" } else { "480p" });
                }
                row
            })
            .collect()
    };
    let bytes = |plays: &Plays| {
        let told = consenting(plays, &policy, today, &[]);
        let release = Release::of_policy(&told, &policy, today, &[]).expect("a release");
        let settings = PowerSettings::new(2_000, 1).with_replicas(100);
        let faults = power(&told, &release, Family::Stalls, &settings).expect("power");
        let information = information::of_release(&told, &release);
        serde_json::to_string(&(told.len(), judged(&told, &release), faults, information)).expect("json")
    };
    assert_eq!(bytes(&with(100_000)), bytes(&with(90_000_000)));
}
