//! The choice by value, against trying everything.

use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::classes::{Cells, Generalization};
use coarsen::policy::Limits;
use coarsen::rounding::{Partition, Rounding};
use coarsen::search::{
    Diagnosis, Grid, Justify, PingShape, Shape, Worth, best_shape, breaches, evaluate, recommend_shape,
    recommend_shape_by_value, thresholds, to_policy,
};
use coarsen::telemetry::plays::{Column, Settings, Text, simulate};
use coarsen::units::Dimension;
use coarsen::utility::power::PowerSettings;
use coarsen::utility::{Judging, Outcome, Question, Release, built_in, judge};
use proptest::prelude::*;

use crate::search::{candidates, limits};

const POWER: PowerSettings = PowerSettings { replicas: 100, calm: 1_000, traffic: 2_000, seed: 1 };

/// Whether each bucket of the fine one that holds a value lies in one of the coarse one's.
fn refines(fine: &Rounding, coarse: &Rounding, values: &[u32]) -> bool {
    let mut values: Vec<u64> = values.iter().map(|value| u64::from(*value)).collect();
    values.sort_unstable();
    values.windows(2).all(|pair| {
        fine.bucket(pair[0]) != fine.bucket(pair[1]) || coarse.bucket(pair[0]) == coarse.bucket(pair[1])
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    /// Of one number, the choice holds every limit, no other that holds refines it, and none of the finest is worth more.
    #[test]
    fn the_choice_is_one_of_the_finest_that_hold_and_none_is_worth_more(seed in 0u64..1_000, k in 2u32..12) {
        let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 500, seed).expect("a catalogue");
        let (cells, candidates, limits) = (Cells::new(&catalogue), candidates(), limits(k, 0.4));
        let plays = simulate(&catalogue, &Settings::new(15, 2_000, seed)).expect("plays");
        let diagnosis = Diagnosis::new(&plays, built_in(), &POWER).expect("a diagnosis");
        let shape = Shape { pings: Shape::named("split").unwrap().pings[2..3].to_vec(), ..Shape::named("split").unwrap() };
        let choice =
            recommend_shape_by_value(&cells, &shape, &candidates, &limits, &diagnosis, &|| ()).expect("a choice");
        let chosen = &choice.pings[0].found.evaluation().generalization;
        let held: Vec<Generalization> = candidates
            .durations
            .iter()
            .map(|duration| Generalization {
                duration: duration.clone(),
                bitrate: Rounding::drop(Dimension::Bitrate),
                by: Vec::new(),
                other: Vec::new(),
            })
            .filter(|generalization| {
                let found = evaluate(&cells, generalization, thresholds(&limits), &[0.01, 0.01]);
                breaches(&limits, &found.measures).is_empty()
            })
            .collect();
        prop_assert_eq!(choice.holds(), !held.is_empty());
        if !choice.holds() {
            return Ok(());
        }
        let (values, ping) = (catalogue.duration_ms(), &shape.pings[0]);
        let finer = |a: &Rounding, b: &Rounding| refines(a, b, values) && !refines(b, a, values);
        prop_assert!(!held.iter().any(|other| finer(&other.duration, &chosen.duration)));
        let worth = |generalization: &Generalization| diagnosis.worth(&[(ping, generalization)]).expect("a worth");
        let mine: Worth = worth(chosen);
        prop_assert_eq!(Some(&mine), choice.worth.as_ref());
        for other in held.iter().filter(|other| !held.iter().any(|finest| finer(&finest.duration, &other.duration))) {
            prop_assert!(mine.compare(&worth(other)).is_le(), "{} against {}", chosen, other);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3))]

    /// The tables by number and names tell of every pair of a grid what asking it directly tells.
    #[test]
    fn the_traffic_of_a_grid_is_that_of_each_candidate(seed in 0u64..1_000) {
        let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 500, seed).expect("a catalogue");
        let plays = simulate(&catalogue, &Settings::new(15, 2_000, seed)).expect("plays");
        let diagnosis = Diagnosis::new(&plays, built_in(), &POWER).expect("a diagnosis");
        let grid = Grid::from_lists(Some("keep,floor:10min,1h,drop"), Some("keep,log:1,floor:7Mbps,drop")).expect("a grid");
        let codec = vec!["video_codec".parse().expect("a side field")];
        let sets = [Vec::new(), catalogue.reported(), codec];
        let told = diagnosis.traffic_of_grid(&grid, &sets).expect("traffic");
        let mut told = told.into_iter();
        for by in &sets {
            let ping = PingShape::play(by);
            for duration in &grid.durations {
                for bitrate in &grid.bitrates {
                    let (duration, bitrate) = (duration.clone(), bitrate.clone());
                    let one = Generalization { duration, bitrate, by: by.clone(), other: Vec::new() };
                    let direct = diagnosis.traffic(&[(&ping, &one)]).expect("traffic");
                    let told = told.next().expect("a pair");
                    prop_assert_eq!(told.faults_lost, direct.faults_lost, "{}", one);
                    let apart = told.sample_size_ratio / direct.sample_size_ratio - 1.0;
                    prop_assert!(apart.abs() < 1e-9, "{}: {told:?} {direct:?}", one);
                }
            }
        }
        prop_assert_eq!(told.next(), None);
        // As it is weighed in a choice.
        let kept = Generalization::keep(&catalogue);
        let ping = PingShape::play(&kept.by);
        let traffic = diagnosis.worth(&[(&ping, &kept)]).expect("a worth").traffic();
        prop_assert_eq!(traffic, diagnosis.traffic(&[(&ping, &kept)]).expect("traffic"));
        prop_assert_eq!(traffic.of_all(), Some(1.0));
    }
}

#[test]
fn a_shape_that_loses_fewer_questions_is_chosen_before_one_of_less_distortion() {
    let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 300, 1).expect("a catalogue");
    let (cells, limits) = (Cells::new(&catalogue), limits(2, 0.5));
    let some = recommend_shape(&cells, &Shape::named("bare").unwrap(), &candidates(), &limits, &|| ());
    assert!(some.holds());
    let of = |distortion, lost| {
        let worth = Some(Worth { lost, faults_lost: 0, sample_size_ratio: 1.0, error: 0.0 });
        coarsen::search::ShapeChoice { distortion, worth, ..some.clone() }
    };
    let choices = [of(0.1, 2), of(0.5, 1)];
    assert_eq!(best_shape(&choices).map(|choice| choice.distortion), Some(0.5));
    // Of equal worth the one with less distortion; and by distortion alone where nobody was asked.
    assert_eq!(best_shape(&[of(0.5, 1), of(0.1, 1)]).map(|choice| choice.distortion), Some(0.1));
    let unasked = choices.map(|choice| coarsen::search::ShapeChoice { worth: None, ..choice });
    assert_eq!(best_shape(&unasked).map(|choice| choice.distortion), Some(0.1));
}

/// Both numbers in one ping: the questions are asked of a few pairs alone, and here of every one; none that holds loses
/// fewer questions or needs less traffic than the choice.
#[test]
fn no_pair_of_widths_that_holds_is_worth_more_than_the_choice() {
    let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 500, 1).expect("a catalogue");
    let (cells, candidates) = (Cells::new(&catalogue), candidates());
    let plays = simulate(&catalogue, &Settings::new(15, 2_000, 1)).expect("plays");
    let diagnosis = Diagnosis::new(&plays, built_in(), &POWER).expect("a diagnosis");
    let shape = Shape::named("bare").unwrap();
    let ping = &shape.pings[0];
    let choose = |limits: &Limits| {
        recommend_shape_by_value(&cells, &shape, &candidates, limits, &diagnosis, &|| ()).expect("a choice")
    };
    // Roundings that cut alike are one candidate, by whichever they are told: their errors differ.
    let rough = |worth: Worth| Worth { error: 0.0, ..worth };
    let pairs = candidates.durations.iter().flat_map(|duration| {
        candidates.bitrates.iter().map(move |bitrate| (duration.clone(), bitrate.clone()))
    });
    let pairs: Vec<(Generalization, Worth)> = pairs
        .map(|(duration, bitrate)| {
            let pair = Generalization { duration, bitrate, by: Vec::new(), other: Vec::new() };
            let worth = diagnosis.worth(&[(ping, &pair)]).expect("a worth");
            (pair, worth)
        })
        .collect();
    let (mut chosen, mut gained) = (Vec::new(), 0);
    for named in ["0.05", "0.1", "0.2", "1"] {
        let mut limits = Limits::none();
        limits.set(&format!("title_uniform={named}")).expect("a limit");
        let choice = choose(&limits);
        assert!(choice.holds(), "{named}");
        let best = choice.worth.clone().expect("a worth");
        for (pair, worth) in &pairs {
            let found = evaluate(&cells, pair, thresholds(&limits), &[0.01, 0.01]);
            let holds = breaches(&limits, &found.measures).is_empty();
            assert!(
                !holds || !rough(worth.clone()).compare(&rough(best.clone())).is_lt(),
                "{named}: {} {} {worth:?} is worth more than {best:?} of {} {}",
                pair.duration,
                pair.bitrate,
                choice.generalizations()[0].duration,
                choice.generalizations()[0].bitrate
            );
        }
        let by_distortion = recommend_shape(&cells, &shape, &candidates, &limits, &|| ());
        let worth = diagnosis.worth(&by_distortion.told()).expect("a worth");
        assert!(!worth.compare(&best).is_lt(), "{named}: {worth:?} by distortion, {best:?} by value");
        gained += usize::from(best.compare(&worth).is_lt());
        chosen.push(choice.generalizations());
    }
    assert!(gained > 0, "distortion would have chosen as well");
    chosen.dedup();
    assert!(chosen.len() > 2, "the limit binds: {chosen:?}");
    // Where nothing holds it is the nearest, as by distortion.
    let limits = limits(100_000, 0.0);
    let by_distortion = recommend_shape(&cells, &shape, &candidates, &limits, &|| ());
    let nearest = choose(&limits);
    assert!(!nearest.holds());
    assert_eq!(nearest.generalizations(), by_distortion.generalizations());
}

/// What is chosen by what plays tell is written so that it tells it: the policy's pings answer what the worth counts.
#[test]
fn the_policy_of_a_choice_answers_what_its_worth_says() {
    let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 500, 1).expect("a catalogue");
    let (cells, candidates, limits) = (Cells::new(&catalogue), candidates(), Limits::none());
    let plays = simulate(&catalogue, &Settings::new(15, 2_000, 1)).expect("plays");
    let diagnosis = Diagnosis::new(&plays, built_in(), &POWER).expect("a diagnosis");
    for shape in Shape::all() {
        let choice = recommend_shape_by_value(&cells, &shape, &candidates, &limits, &diagnosis, &|| ())
            .expect("a choice");
        let justify = Justify { catalogue: "none", results: None };
        let policy = to_policy("p", &cells, &choice, &limits, &justify).expect("a policy");
        let on = ["playback".to_owned()];
        let today = "2026-11-24".parse().expect("a day");
        let release = Release::of_policy(&plays, &policy, today, &on).expect("a release");
        let of_files: Vec<Question> = built_in().into_iter().filter(Question::is_of_files).collect();
        let judged = judge(&plays, &release, &of_files, &Judging { resamples: 0, seed: 1 }).expect("answers");
        // What such plays can't tell isn't lost where no ping holds it.
        let unheld = judged.iter().filter(|of| of.ping.is_none() && of.outcome == Outcome::Lost).count();
        let lost = choice.worth.as_ref().map(|worth| worth.lost as usize).expect("a worth");
        assert!(unheld <= lost, "{}: {unheld} of {lost}", shape.name);
        if shape.name == "split" {
            assert_eq!(unheld, 0);
        }
        assert!(release.tables().iter().all(|table| !table.holds(Column::Text(Text::Event))));
    }
}

#[test]
fn worth_counts_lost_questions_before_traffic_and_traffic_before_error() {
    let worth = |lost, sample_size_ratio, error| Worth { lost, faults_lost: 0, sample_size_ratio, error };
    let mut rising =
        [worth(1, 1.0, 0.0), worth(0, 2.0, 0.0), worth(0, 1.0, 0.5), worth(0, 1.05, 0.2), worth(0, 1.0, 0.1)];
    rising.sort_by(Worth::compare);
    // Ratios within a quarter count alike.
    let expected =
        [worth(0, 1.0, 0.1), worth(0, 1.05, 0.2), worth(0, 1.0, 0.5), worth(0, 2.0, 0.0), worth(1, 1.0, 0.0)];
    assert_eq!(rising, expected);
}
