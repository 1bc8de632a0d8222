//! The record-level comparators: what each promises about its groups, and that none splits what it must not.

use std::collections::{BTreeMap, BTreeSet};

use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::search::comparators::{
    Clients, MDAV_MOST, Records, SHIPPABLE, draw_reports, mdav, mdav_groups, mondrian, mondrian_groups,
    reveal, threshold,
};
use coarsen::search::optimal::{Distribution, Loss, optimum};
use proptest::prelude::*;

/// Whole numbers from a small range, so that equal values and distances abound.
fn plane() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<u32>)> {
    let record = (0..12u32, 0..6u32, 0..9u32);
    prop::collection::vec(record, 1..60).prop_map(|records| {
        let column = |pick: fn(&(u32, u32, u32)) -> u32| records.iter().map(|r| f64::from(pick(r))).collect();
        (vec![column(|r| r.0), column(|r| r.1)], records.iter().map(|r| r.2).collect())
    })
}

fn cover_once(groups: &[Vec<u32>], records: usize) -> bool {
    let mut all: Vec<u32> = groups.iter().flatten().copied().collect();
    all.sort_unstable();
    all == (0..records as u32).collect::<Vec<_>>()
}

fn titles(group: &[u32], titles: &[u32]) -> u32 {
    group.iter().map(|&i| titles[i as usize]).collect::<BTreeSet<_>>().len() as u32
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn mdav_groups_hold_k_to_2k_less_1((columns, _) in plane(), k in 1..9u32) {
        let records = columns[0].len();
        match mdav_groups(&columns, k) {
            Ok(groups) => {
                prop_assert!(cover_once(&groups, records));
                prop_assert!(groups.iter().all(|group| (k..2 * k).contains(&(group.len() as u32))));
            }
            Err(_) => prop_assert!(k as usize > records),
        }
    }

    /// No grouping of records by one number loses less than the exact optimum of that number.
    #[test]
    fn mdav_never_beats_the_optimum(values in prop::collection::btree_set(0..400u32, 1..40), k in 1..9u32) {
        let column: Vec<f64> = values.iter().map(|&v| f64::from(v)).collect();
        if let Ok(groups) = mdav_groups(std::slice::from_ref(&column), k) {
            let squared = |group: &Vec<u32>| {
                let values = group.iter().map(|&i| column[i as usize]);
                let mean = values.clone().sum::<f64>() / group.len() as f64;
                values.map(|v| (v - mean) * (v - mean)).sum::<f64>()
            };
            let lost: f64 = groups.iter().map(squared).sum();
            let pairs = values.iter().map(|&v| u64::from(v)).zip(0..).collect();
            let best = optimum(&Distribution::new(pairs).unwrap(), k, Loss::Squared).unwrap().loss();
            prop_assert!(best <= lost * (1.0 + 1e-12) + 1e-9, "{best} {lost}");
        }
    }

    #[test]
    fn mondrian_groups_hold_k_titles((columns, of) in plane(), k in 1..9u32) {
        let all: Vec<u32> = (0..of.len() as u32).collect();
        match mondrian_groups(&columns, &of, k) {
            Ok(groups) => {
                prop_assert!(cover_once(&groups, of.len()));
                prop_assert!(groups.iter().all(|group| titles(group, &of) >= k));
            }
            Err(_) => prop_assert!(k > titles(&all, &of)),
        }
    }

    /// Strict: records equal in both numbers share a group, and the boxes of two groups never overlap.
    #[test]
    fn mondrian_splits_no_equal_values((columns, of) in plane(), k in 1..5u32) {
        let Ok(groups) = mondrian_groups(&columns, &of, k) else { return Ok(()) };
        let mut group_of = BTreeMap::new();
        for (number, group) in groups.iter().enumerate() {
            for &i in group {
                let point = [columns[0][i as usize] as u32, columns[1][i as usize] as u32];
                prop_assert_eq!(*group_of.entry(point).or_insert(number), number);
            }
        }
        let range = |group: &[u32], d: usize| {
            let values = group.iter().map(|&i| columns[d][i as usize]);
            (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max))
        };
        for (number, a) in groups.iter().enumerate() {
            for b in &groups[..number] {
                let apart = |d| range(a, d).1 < range(b, d).0 || range(b, d).1 < range(a, d).0;
                prop_assert!(apart(0) || apart(1));
            }
        }
    }

    /// A group that could still be split at a median's edge in some dimension is split.
    #[test]
    fn mondrian_stops_only_where_no_cut_is_left((columns, of) in plane(), k in 1..5u32) {
        let Ok(groups) = mondrian_groups(&columns, &of, k) else { return Ok(()) };
        for group in &groups {
            for column in &columns {
                let mut values: Vec<f64> = group.iter().map(|&i| column[i as usize]).collect();
                values.sort_by(f64::total_cmp);
                let median = values[(values.len() - 1) / 2];
                for after in [false, true] {
                    let below = |&&i: &&u32| {
                        let value = column[i as usize];
                        value < median || after && value == median
                    };
                    let (low, high): (Vec<u32>, Vec<u32>) = group.iter().partition(|i| below(i));
                    prop_assert!(titles(&low, &of) < k || titles(&high, &of) < k);
                }
            }
        }
    }

    /// Visible exactly where enough distinct clients sent the value, by a naive count.
    #[test]
    fn a_value_shows_at_k_distinct_clients(reports in prop::collection::vec((0..6u32, 0..8u32), 0..60), k in 1..6u32) {
        let mut clients: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        reports.iter().for_each(|&(client, value)| { clients.entry(value).or_default().insert(client); });
        let naive: Vec<u32> =
            clients.iter().filter(|(_, clients)| clients.len() as u32 >= k).map(|(&value, _)| value).collect();
        let visible = reveal(reports.iter().copied(), k);
        prop_assert_eq!(visible.iter().map(|shown| shown.value).collect::<Vec<_>>(), naive);
        for shown in visible {
            prop_assert_eq!(shown.clients as usize, clients[&shown.value].len());
            prop_assert_eq!(shown.reports as usize, reports.iter().filter(|r| r.1 == shown.value).count());
        }
    }
}

#[test]
fn all_are_measured_alike_on_a_catalogue() {
    let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 600, 5).expect("a catalogue");
    let records = Records::of(&catalogue).expect("records");
    assert_eq!(records.len() + records.left_out, catalogue.files());
    let mondrian = mondrian(&records, 5).expect("groups");
    let mdav = mdav(&records, 5).expect("groups");
    for compared in [&mondrian, &mdav] {
        assert_eq!((compared.shippable, compared.hidden), (SHIPPABLE, 0.0));
        assert!(compared.groups > 20 && compared.k_records >= 5);
        for loss in [compared.duration.unwrap(), compared.bitrate.unwrap()] {
            assert!(
                0.0 < loss.ncp && loss.ncp < 1.0 && loss.mean_abs_error.powi(2) <= loss.mean_squared_error
            );
        }
    }
    // Records are not titles: only one of the two counts what it must.
    assert!(mondrian.k_titles >= 5 && mdav.k_titles < 5);

    let clients = Clients { clients: 300, plays: 4, seed: 9 };
    let reports = draw_reports(&catalogue, &records, clients).expect("reports");
    assert_eq!(reports, draw_reports(&catalogue, &records, clients).expect("reports"));
    let mut hidden = 0.0;
    for k in [1, 2, 5, 301] {
        let compared = threshold(&records, &reports, k).expect("a comparison");
        assert_eq!(compared.records, 1_200);
        assert!(compared.hidden >= hidden, "a higher threshold shows no more");
        hidden = compared.hidden;
        if let Some(loss) = compared.duration {
            assert_eq!((loss.mean_abs_error, loss.ncp), (0.0, compared.hidden), "what is visible is exact");
            assert!(compared.k_titles >= 1 && compared.k_records >= k);
        }
    }
    assert_eq!(hidden, 1.0, "more than there are clients hides all");
}

#[test]
fn what_can_not_be_grouped_is_refused() {
    let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 20, 5).expect("a catalogue");
    let mut records = Records::of(&catalogue).expect("records");
    let n = records.len();
    let many = format!("a group can't hold at least 1000000 of {n} records: ask for 1 to {n}");
    assert_eq!(mdav(&records, 1_000_000).unwrap_err().to_string(), many);
    assert!(
        mdav(&records, 0).is_err()
            && mondrian(&records, 0).is_err()
            && mondrian(&records, n as u32 + 1).is_err()
    );
    let none = Clients { clients: 0, plays: 1, seed: 1 };
    assert!(draw_reports(&catalogue, &records, none).is_err() && threshold(&records, &[], 0).is_err());
    assert_eq!(threshold(&records, &[], 1).expect("nothing").groups, 0);
    // Never sampled in silence.
    records.title.resize(MDAV_MOST + 1, 0);
    let text = mdav(&records, 5).unwrap_err().to_string();
    assert!(text.contains("50001 records") && text.contains("sample at most 50000"), "{text}");
}
