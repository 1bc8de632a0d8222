//! Who opts out, what that does to rates, and that those who do are not in it.

use coarsen::catalogue::stream::stream;
use coarsen::telemetry::plays::{Column, Number, Plays, Row, Text};
use coarsen::utility::opt_out::{
    Cells, Covariates, Estimate, OptOut, Settings, Tallies, Tally, chances, lots, of_release, scores,
};
use coarsen::utility::{Finding, Release, Why};
use proptest::prelude::*;
use rand::RngExt;

use crate::{emitting, plays};

fn tallies() -> impl Strategy<Value = (Tallies, Vec<bool>)> {
    let parts = proptest::collection::btree_map((0usize..12, 0usize..6), (1u64..20, 0u64..20), 1..50);
    (parts, proptest::collection::vec(proptest::bool::ANY, 12)).prop_map(|(parts, stays)| {
        let mut known = vec![0; 6];
        let parts = parts.into_iter().map(|((server, cell), (plays, hits))| {
            known[cell] += 1;
            Tally { server, cell, plays, hits: hits.min(plays) }
        });
        let parts = parts.collect();
        (Tallies { groups: 3, group_of_cell: vec![0, 0, 1, 1, 1, 2], known, parts }, stays)
    })
}

/// Every play of those who stay with the weight of its cell, one by one.
fn naive(tallies: &Tallies, stays: &[bool], group: usize, weigh: bool) -> Option<f64> {
    let (mut hits, mut plays) = (0.0, 0.0);
    let staying = |part: &&Tally| stays[part.server];
    for part in tallies.parts.iter().filter(staying).filter(|part| tallies.group_of_cell[part.cell] == group)
    {
        let there = tallies.parts.iter().filter(staying).filter(|other| other.cell == part.cell).count();
        let weight = if weigh { tallies.known[part.cell] as f64 / there as f64 } else { 1.0 };
        for play in 0..part.plays {
            plays += weight;
            hits += if play < part.hits { weight } else { 0.0 };
        }
    }
    (plays > 0.0).then(|| hits / plays)
}

proptest! {
    #[test]
    fn rates_are_as_play_by_play((tallies, stays) in tallies()) {
        let rates = tallies.rates(&stays);
        for group in 0..3 {
            for (rate, weigh) in [(rates.naive[group], false), (rates.weighted[group], true)] {
                match (rate, naive(&tallies, &stays, group, weigh)) {
                    (Some(rate), Some(expected)) => prop_assert!((rate - expected).abs() < 1e-9),
                    (rate, expected) => prop_assert_eq!(rate, expected),
                }
            }
        }
        prop_assert!((0.0..=1.0).contains(&rates.unreached));
        let all = tallies.rates(&[true; 12]);
        prop_assert_eq!((&all.naive, all.unreached), (&all.weighted, 0.0));
    }

    /// Whatever those who opted out did, and whether their plays are there at all.
    #[test]
    fn those_who_opted_out_are_not_in_it((tallies, stays) in tallies(), other in 0u64..90) {
        let mut changed = tallies.clone();
        for part in changed.parts.iter_mut().filter(|part| !stays[part.server]) {
            (part.plays, part.hits) = (part.plays + other, other / 2);
        }
        prop_assert_eq!(tallies.rates(&stays), changed.rates(&stays));
        changed.parts.retain(|part| stays[part.server]);
        prop_assert_eq!(tallies.rates(&stays), changed.rates(&stays));
    }

    /// Against counting, and on average against everybody who might opt out.
    #[test]
    fn company_is_counted(
        cells in proptest::collection::vec(proptest::collection::btree_set(0usize..6, 1..6), 1..8),
        chances in proptest::collection::vec(0.0f64..=1.0, 6),
    ) {
        let servers: Vec<Vec<usize>> = cells.iter().map(|cell| cell.iter().copied().collect()).collect();
        let cells = Cells { servers: servers.clone() };
        let mut mean = [0.0; 4];
        for who in 0u32..64 {
            let stays: Vec<bool> = (0..6).map(|server| who >> server & 1 == 1).collect();
            let left = |cell: &&Vec<usize>| cell.iter().filter(|&&server| stays[server]).count();
            let count = |least: usize, left_are: &dyn Fn(usize) -> bool| {
                servers.iter().filter(|cell| cell.len() >= least && left_are(left(cell))).count() as f64
            };
            let counted =
                [count(2, &|left| left == 1), count(2, &|left| left == 0), count(1, &|left| left == 1), count(1, &|left| left > 0)];
            let staying = cells.staying(&stays);
            prop_assert_eq!([staying.alone, staying.emptied, staying.single, staying.reported], counted);
            let chance: f64 = chances.iter().zip(&stays).map(|(out, stays)| if *stays { 1.0 - out } else { *out }).product();
            mean.iter_mut().zip(counted).for_each(|(mean, counted)| *mean += chance * counted);
        }
        let expected = cells.expected(&chances);
        let expected = [expected.alone, expected.emptied, expected.single, expected.reported];
        for (expected, mean) in expected.iter().zip(mean) {
            prop_assert!((expected - mean).abs() < 1e-9, "{} {}", expected, mean);
        }
    }

    #[test]
    fn chances_have_the_rate_and_the_slope(
        plays in proptest::collection::vec(1u64..2_000, 2..40), rate in 0.01f64..0.99, slope in -3f64..3.0,
    ) {
        let servers = plays.iter().enumerate().map(|(at, &plays)| {
            Covariates { plays, better_hardware: at % 3 == 0, share: (at % 5) as f64 / 4.0 }
        });
        let scores = scores(&servers.collect::<Vec<_>>());
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        prop_assert!(mean(&scores).abs() < 1e-9);
        let squares: Vec<f64> = scores.iter().map(|score| score * score).collect();
        prop_assert!((mean(&squares) - 1.0).abs() < 1e-9 || mean(&squares) == 0.0);
        let chances = chances(&scores, rate, slope);
        prop_assert!((mean(&chances) - rate).abs() < 1e-9);
        let odds = |chance: f64| (chance / (1.0 - chance)).ln();
        let steps = scores.windows(2).zip(chances.windows(2));
        for (score, chance) in steps.filter(|(_, chance)| chance.iter().all(|c| (1e-9..1.0 - 1e-9).contains(c))) {
            prop_assert!((odds(chance[1]) - odds(chance[0]) - slope * (score[1] - score[0])).abs() < 1e-4);
        }
    }
}

#[test]
fn a_lot_hangs_on_nobody_else() {
    assert_eq!(lots("a", 3, 1), lots("a", 5, 1)[..3]);
    assert!(lots("a", 3, 1) != lots("b", 3, 1) && lots("a", 3, 1) != lots("a", 3, 2));
    assert_eq!(chances(&[-1.0, 1.0], 0.0, 2.0), [0.0, 0.0]);
    assert_eq!(chances(&[-1.0, 1.0], 1.0, 2.0), [1.0, 1.0]);
}

fn swept(plays: &Plays, settings: &Settings) -> OptOut {
    of_release(plays, &Release::raw(plays), settings)
}

#[test]
fn nobody_out_is_no_bias_exactly_and_no_slope_none_within_the_interval() {
    let plays = plays(150, 6_000, 4);
    let found = swept(&plays, &Settings { draws: 200, ..Settings::new(3) });
    for question in [&found.stalled, &found.kept_up] {
        let question = &question.found().expect("answered").each;
        assert!(!question[0].groups.is_empty());
        for (setting, biased) in found.settings.iter().zip(question) {
            for group in &biased.groups {
                if setting.rate == 0.0 {
                    let (naive, weighted) = (group.naive.expect("draws"), group.weighted.expect("draws"));
                    assert_eq!([naive.mean, naive.low, naive.high, weighted.mean], [0.0; 4]);
                }
            }
            if setting.slope == 0.0 && setting.rate == 0.1 {
                let far = |group: &&coarsen::utility::opt_out::GroupBias| {
                    let naive = group.naive.expect("draws");
                    let half = (naive.high - naive.low) / 2.0;
                    // Twice the interval and a little: a rate is a ratio, whose bias is of the order of 1/servers.
                    naive.mean.abs() > 2.0 * half + 0.01
                };
                assert_eq!(biased.groups.iter().find(far), None, "{setting:?}");
            }
        }
    }
    let out = |rate: f64| found.settings.iter().filter(move |setting| setting.rate == rate);
    assert!(out(0.0).all(|setting| setting.out.expect("draws").mean == 0.0));
    assert!(out(0.4).all(|setting| (setting.out.expect("draws").mean - 0.4).abs() < 0.02));
    let [devices, titles] = &found.company[..] else {
        panic!("raw plays are one table: {:?}", found.company)
    };
    assert_eq!(devices.of, ["platform", "device", "hardware"]);
    assert!(titles.of.contains(&"duration_ms") && titles.cells > devices.cells);
    let alone = |at: usize| devices.each[at].alone.expect("cells");
    assert_eq!(alone(0), 0.0);
    assert!(alone(24) > alone(9), "more are left alone as more opt out");
    let single = (devices.cells - devices.several) as f64 / devices.cells as f64;
    assert!((devices.each[0].single.expect("cells") - single).abs() < 1e-12);
    let json = serde_json::to_string(&found).expect("JSON");
    assert!(!json.contains("NaN") && !json.contains("inf"));
}

/// Stalls hang on hardware, and so does opting out: who doesn't weigh is off, who does is not.
#[test]
fn weights_mend_what_hangs_on_the_cell() {
    let mut random = stream(5, "stalls by hardware", 0);
    let names: Vec<String> = (0..400).map(|server| format!("s{server}")).collect();
    let mut plays = Plays::default();
    for (at, name) in names.iter().enumerate() {
        for _ in 0..20 {
            let mut row = Row::default();
            row[Text::Server] = Some(name);
            row[Text::Platform] = Some("roku");
            row[Text::Hardware] = Some(if at % 2 == 0 { "software" } else { "nvenc" });
            row[Number::Stalls] = Some(u32::from(random.random_bool(if at % 2 == 0 { 0.4 } else { 0.1 })));
            plays.push(&row);
        }
    }
    let settings = Settings { rates: vec![0.4], slopes: vec![2.0], draws: 60, ..Settings::new(1) };
    let found = swept(&plays, &settings);
    let rated = found.stalled.found().expect("answered");
    assert_eq!(rated.cells, ["platform", "hardware"]);
    let group = &rated.each[0].groups[0];
    let (naive, weighted) = (group.naive.expect("draws"), group.weighted.expect("draws"));
    assert!((group.answer - 0.25).abs() < 0.02);
    assert!(naive.low > 0.05, "those with software stay and stall: {naive:?}");
    assert!(weighted.mean.abs() < 0.005, "{weighted:?}");
    assert!((group.naive_relative.expect("an answer") - naive.mean / group.answer).abs() < 1e-12);
    let off = |off: Option<Estimate>| off.expect("draws").mean;
    assert!(off(rated.each[0].weighted_off) < 0.3 * off(rated.each[0].naive_off));
    // Where hardware doesn't leave with the stalls, no weight can mend it, and none is told.
    let apart = Release::raw(&plays).telling(&|_, column| column != Column::Text(Text::Hardware));
    let found_apart = of_release(&plays, &apart, &settings);
    let apart = found_apart.stalled.found().expect("answered");
    assert_eq!(apart.cells, ["platform"]);
    assert_eq!((apart.each[0].weighted_off, apart.each[0].groups[0].weighted), (None, None));
    assert_eq!(apart.each[0].naive_off, rated.each[0].naive_off);
    assert_eq!(found.kept_up, Finding::Unasked { why: Why::NoPlays });
    assert!(found.company[0].each[0].emptied.expect("cells") < 1e-12);
}

#[test]
fn roundings_change_nothing_of_it_and_no_thread_does() {
    let plays = plays(40, 1_500, 6);
    let settings = Settings { draws: 20, ..Settings::new(2) };
    let on = |threads: usize, release: &Release<'_>| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| serde_json::to_string(&of_release(&plays, release, &settings)).expect("JSON"))
    };
    let raw = on(1, &Release::raw(&plays));
    assert_eq!(raw, on(2, &Release::raw(&plays)));
    let rates = |json: &str| {
        let found: serde_json::Value = serde_json::from_str(json).expect("JSON");
        ["stalled", "kept_up"].map(|question| found[question]["found"]["each"].to_string())
    };
    let rounded = on(2, &Release::of_pings(&plays, &[("play", &emitting("drop", "drop"))]));
    assert_eq!(rates(&raw), rates(&rounded));
    assert!(rates(&raw).iter().all(|each| each.contains("naive_off")));
    assert_ne!(raw, rounded, "classes of titles are coarser");
    assert_ne!(
        raw,
        serde_json::to_string(&swept(&plays, &Settings { seed: 3, ..settings.clone() })).expect("JSON")
    );
}

#[test]
fn without_plays_or_servers_nothing_is_asked() {
    let none = swept(&Plays::default(), &Settings::new(1));
    assert_eq!(none.servers, 0);
    assert_eq!(none.stalled, Finding::Unasked { why: Why::NoPlays });
    assert_eq!(none.company, []);
    let mut nobody = Row::default();
    nobody[Number::Stalls] = Some(1);
    let nobody = swept(&[nobody].into_iter().collect(), &Settings::new(1));
    assert_eq!((nobody.servers, nobody.stalled), (0, Finding::Unasked { why: Why::NoPlays }));
    assert!(nobody.settings.iter().all(|setting| setting.out.is_none()));
}
