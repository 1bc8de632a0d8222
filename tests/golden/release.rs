//! Attackers are ranked by what leaves as it leaves: under the release that a study's policy states.

use std::sync::OnceLock;

use coarsen::attack::Prior;
use coarsen::study::{Attacked, Outcome, Rate, Remedy, Step, least, tolerated};

use crate::{study, without_plays};

/// One ping with all fields, linked by nothing and at once, as a policy has it without a word.
fn at_once() -> &'static Outcome {
    static STUDY: OnceLock<Outcome> = OnceLock::new();
    STUDY.get_or_init(|| of("[release]"))
}

fn of(release: &str) -> Outcome {
    study(&format!("shapes = [\"joint\"]\n{}\n{release}\n", without_plays()))
}

/// The attacker, and the part of its figures.
fn attacked<'a>(of: &'a Outcome, attacker: &str, part: &str) -> &'a Attacked {
    let found = of.results.attackers.found.iter();
    let mut same = found.filter(|found| (found.attacker, found.part) == (attacker, part) && found.ranked);
    same.next().unwrap_or_else(|| panic!("{attacker} {part} is not ranked"))
}

fn step<'a>(of: &'a Attacked, at: &str) -> &'a Step {
    of.steps.iter().find(|step| step.at == at).unwrap_or_else(|| panic!("{at}: {:?}", of.steps))
}

fn rates(rates: &[Rate]) -> Vec<(f64, f64)> {
    rates.iter().map(|rate| (rate.rate, rate.control)).collect()
}

fn uniform(of: &[Rate]) -> f64 {
    of.iter().find(|rate| rate.prior == Prior::Uniform).unwrap().rate
}

#[test]
fn arrivals_are_ranked_by_the_delay_of_the_policy() {
    let delayed = of("[release]\ndelay = \"30min..2h\"");
    let [here, there] = [&delayed, at_once()].map(|of| attacked(of, "arrival", ""));
    // Only the spread of a delay hides anything.
    assert_eq!(here.steps[here.headline].at, "delayed by up to 90min, as the policy has it");
    assert_eq!(there.steps[there.headline].at, "at once, jitter 1s");
    assert!(uniform(here.headline()) < uniform(there.headline()));
    assert!(there.otherwise.is_empty());
    // And beside it stands what it would be without the delay.
    let [otherwise] = &here.otherwise[..] else { panic!("{:?}", here.otherwise) };
    assert_eq!(otherwise.when, "reports left at once");
    assert_eq!(rates(&otherwise.step.rates), rates(there.headline()));
    assert!(there.remedies.iter().any(|remedy| remedy.change == "reports delayed by up to 10min"));
    let release = delayed.policy.as_ref().unwrap().release.clone().unwrap();
    assert_eq!(release.delay.as_deref(), Some("30min..2h"));
    assert!(delayed.results.attackers.found.iter().all(|found| found.headline < found.steps.len()));
}

#[test]
fn linked_attackers_are_ranked_at_as_many_plays_as_the_policy_links() {
    let none = at_once();
    let rotated = of("[release]\nlink = \"server\"\nrotate = 4");
    let all = of("[release]\nlink = \"server\"");
    let of_all = |attacker, part| [none, &rotated, &all].map(|of| attacked(of, attacker, part));

    let [one, four, every] = of_all("sequence", "in order");
    assert_eq!(one.steps[one.headline].at, "1 play, as no two are linked");
    assert_eq!(rates(&one.otherwise[0].step.rates), rates(&step(four, "3 plays").rates));
    // Four are none of the lengths that are always shown.
    assert_eq!(four.steps[four.headline].at, "4 plays");
    let [two, three] = ["2 plays", "3 plays"].map(|at| uniform(&step(four, at).rates));
    assert!(uniform(one.headline()) < two && two <= three && three <= uniform(four.headline()));
    assert!(four.otherwise.is_empty() && every.headline == every.steps.len() - 1);

    for (attacker, part) in [
        ("library", "two periods linked"),
        ("membership", "popular files"),
        ("membership", "files that are hidden worst"),
    ] {
        let [one, four, every] = of_all(attacker, part);
        assert!(one.steps[one.headline].at.contains("1 play, as no two are linked"), "{part}");
        assert!(four.steps[four.headline].at.contains("4 plays, as many as are linked"), "{part}");
        // Who sees all plays finds as much whether the policy links them or somebody else does.
        for of in [one, four] {
            assert_eq!(rates(&of.otherwise[0].step.rates), rates(every.headline()), "{part}");
            assert!(uniform(of.headline()) < uniform(every.headline()), "{part}");
        }
        assert!(every.otherwise.is_empty());
    }
    // Of one play in two hundred nobody tells who holds a file: hardly more than false alarms.
    let [one, ..] = of_all("membership", "popular files");
    assert!(one.headline().iter().all(|rate| rate.rate > 0.0099 && rate.rate < 0.05), "{one:?}");
}

#[test]
fn whoever_wins_is_told_what_was_tried_and_nobody_else() {
    let outcome = at_once();
    let tolerated = tolerated(&outcome.results.limits);
    let found = outcome.results.attackers.found.iter().filter(|found| found.ranked);
    let mut won = 0;
    let told = |remedies: &[Remedy], gain: f64, who: &str| {
        assert_eq!(gain > tolerated, !remedies.is_empty(), "{who}: {gain}, {remedies:?}");
        let losses = remedies.iter().map(|remedy| remedy.loss);
        assert!(losses.clone().all(|loss| (0.0..=1.0).contains(&loss)), "{who}: {remedies:?}");
        if let Some(best) = least(remedies, tolerated) {
            assert!(best.gain() <= tolerated);
            let cheaper = remedies.iter().filter(|remedy| remedy.loss < best.loss);
            assert!(cheaper.clone().all(|remedy| remedy.gain() > tolerated), "{who}: {best:?}");
        }
    };
    for attacked in found {
        won += u32::from(attacked.gain() > tolerated);
        told(&attacked.remedies, attacked.gain(), attacked.attacker);
    }
    assert!(won > 0, "the study must have an attacker that wins");

    // A tighter limit lets more of them win, and each change costs what it takes.
    let strict = study(
        &format!("shapes = [\"joint\"]\n{}\n[release]\n", without_plays())
            .replace("title_uniform = 0.5", "title_uniform = 0.02")
            .replace("k_titles = 2", "k_titles = 1"),
    );
    let tried = |attacker, part| attacked(&strict, attacker, part).remedies.iter();
    let changes: Vec<&str> = tried("known-library", "").map(|remedy| remedy.change.as_str()).collect();
    for wanted in [" as ", "without the "] {
        assert!(changes.iter().any(|change| change.contains(wanted)), "no `{wanted}` in {changes:?}");
    }
    // Whoever is told fewer names pays for it.
    let costs = tried("known-library", "").filter(|remedy| remedy.change == "without the resolution");
    assert!(costs.clone().count() == 1 && costs.clone().all(|remedy| remedy.loss > 0.0), "{changes:?}");
    // Whoever would win were plays linked is asked of fewer.
    let linking = ["sequence", "library", "membership"];
    let linked = strict.results.attackers.found.iter().filter(|found| linking.contains(&found.attacker));
    let would = linked.filter(|found| found.ranked).flat_map(|found| &found.otherwise);
    let won: Vec<_> =
        would.filter(|of| of.gain() > coarsen::study::tolerated(&strict.results.limits)).collect();
    assert!(!won.is_empty(), "nobody would win");
    for otherwise in won {
        let rotated = otherwise.remedies.iter().filter(|remedy| remedy.change.contains("identifier"));
        let rotated: Vec<(&str, f64)> =
            rotated.map(|remedy| (remedy.change.as_str(), remedy.gain())).collect();
        assert_eq!(rotated.last().unwrap().0, "no two plays under one identifier", "{rotated:?}");
        assert!(rotated[0].0.starts_with("a new identifier after "), "{rotated:?}");
        // The fewer, the less.
        assert!(rotated[0].1 > rotated.last().unwrap().1, "{rotated:?}");
    }
}

#[test]
fn numbers_are_tried_one_step_coarser() {
    let split = study(&format!("shapes = [\"split\"]\n{}\n[release]\n", without_plays()));
    let arrivals = split.results.attackers.found.iter().filter(|found| found.attacker == "arrival");
    let changes: Vec<&str> =
        arrivals.flat_map(|found| &found.remedies).map(|remedy| remedy.change.as_str()).collect();
    for wanted in ["duration ", "bit rate ", "resolution as ", "reports delayed by up to "] {
        assert!(changes.iter().any(|change| change.starts_with(wanted)), "no `{wanted}` in {changes:?}");
    }
}

#[test]
fn a_rounding_that_draws_nothing_is_as_far_off_after_a_thousand_plays() {
    let released = attacked(at_once(), "averaging", "as released");
    assert_eq!(released.steps.len(), 4);
    assert!(released.steps.iter().all(|step| rates(&step.rates) == rates(&released.steps[0].rates)));
    let ran = |step: &Step| step.rates.iter().map(|rate| rate.ran.unwrap().hits).collect::<Vec<_>>();
    assert!(released.steps.iter().all(|step| ran(step) == ran(&released.steps[0])));
    let once = released.error_ms[0];
    assert!(once > 0.0 && released.error_ms == [once; 4], "{:?}", released.error_ms);

    // Drawn anew it comes near; drawn once for each file it doesn't.
    let [fresh, kept] = &released.otherwise[..] else { panic!("{:?}", released.otherwise) };
    assert!(fresh.when.contains("+fresh") && kept.when.contains("kept for each file"));
    assert!(fresh.error_ms.unwrap() < kept.error_ms.unwrap() / 3.0, "{fresh:?} {kept:?}");
    assert!(uniform(&fresh.step.rates) > uniform(&kept.step.rates));
    let found = &at_once().results.attackers.found;
    let part = |part| found.iter().find(|found| found.attacker == "averaging" && found.part == part).unwrap();
    let kept = part("were it drawn once for each file");
    assert_eq!(kept.error_ms, [kept.error_ms[0]; 4]);
    let fresh = part("were it drawn anew for every play");
    assert!(fresh.error_ms.windows(2).all(|pair| pair[1] < pair[0]), "{:?}", fresh.error_ms);
}
