//! Edges from a reference catalogue, against a naive reading of what they promise.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use coarsen::rounding::{Bucket, Cuts, Family, Partition, Reference, Rounding, RoundingError, RoundingSpec};
use coarsen::units::Dimension;
use proptest::prelude::*;

use super::sketch::number;

type Pairs = Vec<(u64, u32)>;

/// Few distinct values and titles, so that ties and titles of several files abound.
fn pairs() -> impl Strategy<Value = Pairs> {
    let value = prop_oneof![4 => 0..=12u64, 2 => 0..=60u64, 1 => number()];
    prop::collection::vec((value, 0..12u32), 0..60)
}

fn distinct(pairs: &[(u64, u32)]) -> Vec<u64> {
    pairs.iter().map(|&(v, _)| v).collect::<BTreeSet<_>>().into_iter().collect()
}

/// For each i the smallest v with F(v) >= i/q; the edge lies above it, and none above all values.
fn naive_quantile(pairs: &[(u64, u32)], q: u64) -> Vec<u64> {
    let values = distinct(pairs);
    let mut edges = BTreeSet::new();
    for i in 1..q {
        let reaches = |v: u64| pairs.iter().filter(|p| p.0 <= v).count() as u64 * q >= i * pairs.len() as u64;
        let ends = values.iter().copied().find(|&v| reaches(v));
        edges.extend(ends.filter(|v| Some(v) != values.last()).map(|v| v + 1));
    }
    edges.into_iter().collect()
}

fn titles(pairs: &[(u64, u32)], bucket: Bucket) -> usize {
    pairs.iter().filter(|p| bucket.contains(p.0)).map(|p| p.1).collect::<BTreeSet<_>>().len()
}

/// Cut before a value as soon as the values since the last cut hold k titles.
fn naive_at_least(pairs: &[(u64, u32)], k: u64) -> Vec<u64> {
    let (mut edges, mut start) = (Vec::new(), 0);
    for v in distinct(pairs) {
        if titles(pairs, Bucket { from: start, to: Some(v) }) as u64 >= k {
            edges.push(v);
            start = v;
        }
    }
    if (titles(pairs, Bucket { from: start, to: None }) as u64) < k {
        edges.pop();
    }
    edges
}

fn edges(cuts: &Result<Cuts, RoundingError>) -> Vec<u64> {
    cuts.as_ref().map_or(Vec::new(), |cuts| cuts.edges().to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn quantiles_are_those_of_the_definition(pairs in pairs(), q in 2..40u64) {
        let cuts = Reference::new(pairs.clone()).quantile(q);
        prop_assert_eq!(edges(&cuts), naive_quantile(&pairs, q));
        // Without an edge the error says so, and nothing else goes wrong.
        let none = RoundingError::NoEdge { why: "the reference has too few distinct values" };
        prop_assert!(cuts.is_ok() || cuts == Err(none));
    }

    /// Up to and with a bucket lie at least the quantiles it ends, and without its last value fewer.
    #[test]
    fn a_quantile_never_splits_a_tie(pairs in pairs(), q in 2..40u64) {
        let counts = pairs.iter().fold(BTreeMap::new(), |mut counts, p| {
            *counts.entry(p.0).or_insert(0u64) += 1;
            counts
        });
        for edge in edges(&Reference::new(pairs.clone()).quantile(q)) {
            prop_assert!(counts.contains_key(&(edge - 1)) && counts.range(edge..).next().is_some());
            let with: u64 = counts.range(..edge).map(|(_, n)| n).sum();
            let without = with - counts[&(edge - 1)];
            let n = pairs.len() as u64;
            prop_assert!(with * q / n > without * q / n, "no quantile ends below {}", edge);
        }
    }

    #[test]
    fn at_least_is_greedy(pairs in pairs(), k in 1..8u64) {
        let cuts = Reference::new(pairs.clone()).at_least(k);
        prop_assert_eq!(edges(&cuts), naive_at_least(&pairs, k));
        let none = RoundingError::NoEdge { why: "the reference holds too few titles to part" };
        prop_assert!(cuts.is_ok() || cuts == Err(none));
    }

    #[test]
    fn every_bucket_of_at_least_holds_its_titles(pairs in pairs(), k in 1..8u64) {
        if let Ok(cuts) = Reference::new(pairs.clone()).at_least(k) {
            for bucket in cuts.buckets().take(pairs.len() + 1) {
                prop_assert!(titles(&pairs, bucket) as u64 >= k, "{bucket:?}");
            }
            // Each edge is a value of the reference: a tie lies on one side of it.
            prop_assert!(cuts.edges().iter().all(|edge| pairs.iter().any(|p| p.0 == *edge)));
        }
    }

    #[test]
    fn the_order_of_the_pairs_never_matters(
        (pairs, shuffled) in pairs().prop_flat_map(|p| (Just(p.clone()), Just(p).prop_shuffle())),
        n in 2..8u64,
    ) {
        let (a, b) = (Reference::new(pairs), Reference::new(shuffled));
        prop_assert_eq!(a.quantile(n), b.quantile(n));
        prop_assert_eq!(a.at_least(n), b.at_least(n));
    }

    /// A frozen rounding is the edges themselves, and needs no reference any more.
    #[test]
    fn a_frozen_rounding_is_read_back(pairs in pairs(), n in 2..8u64, top in 1..100u64) {
        for (family, cuts) in [
            ("quantile", Reference::new(pairs.clone()).quantile(n)),
            ("atleast", Reference::new(pairs.clone()).at_least(n)),
        ] {
            let text = format!("{family}:{n}+top:{top}ms");
            let spec = RoundingSpec::parse(&text, Dimension::Duration).unwrap();
            match (spec.freeze(|| Reference::new(pairs.clone())), cuts) {
                (Ok(frozen), Ok(cuts)) => {
                    prop_assert_eq!(frozen.family(), &Family::Edges(cuts));
                    prop_assert_eq!(frozen.coding().top(), Some(top));
                    prop_assert_eq!(Rounding::parse(&frozen.to_string(), Dimension::Duration), Ok(frozen));
                }
                (frozen, cuts) => prop_assert_eq!(frozen.err(), cuts.err()),
            }
        }
    }
}

#[test]
fn counts_out_of_range_are_refused() {
    let reference = Reference::new(vec![(1, 0), (2, 1), (3, 2)]);
    let text = |result: Result<Cuts, RoundingError>| result.unwrap_err().to_string();
    assert_eq!(text(reference.quantile(0)), "quantiles must be from 2 to 4294967295, not 0");
    assert_eq!(text(reference.quantile(1)), "quantiles must be from 2 to 4294967295, not 1");
    assert_eq!(text(reference.at_least(0)), "titles must be from 1 to 4294967295, not 0");
    let max = u64::MAX;
    assert_eq!(text(reference.quantile(max)), format!("quantiles must be from 2 to 4294967295, not {max}"));
    assert_eq!(text(reference.at_least(max)), format!("titles must be from 1 to 4294967295, not {max}"));
}

/// More quantiles than values take no longer than the values do.
#[test]
fn many_quantiles_are_no_more_work() {
    let begun = Instant::now();
    let reference = Reference::new(vec![(1, 0), (2, 1), (3, 2), (3, 3)]);
    assert_eq!(reference.quantile(u64::from(u32::MAX)).unwrap().edges(), [2, 3]);
    assert!(Reference::new(Vec::new()).quantile(u64::from(u32::MAX)).is_err());
    assert!(begun.elapsed() < Duration::from_secs(5));
}

/// The largest value has no place above it for an edge.
#[test]
fn the_end_of_the_line_is_no_edge() {
    let reference = Reference::new(vec![(u64::MAX, 0), (u64::MAX, 1), (0, 2), (0, 3)]);
    assert_eq!(reference.quantile(3).unwrap().edges(), [1]);
    assert_eq!(reference.at_least(2).unwrap().edges(), [u64::MAX]);
}

/// One title of many files hides nothing: titles are counted, not files.
#[test]
fn files_of_one_title_count_once() {
    let mut pairs: Pairs = (0..50).map(|v| (v, 7)).collect();
    assert!(Reference::new(pairs.clone()).at_least(2).is_err());
    pairs.extend([(10, 1), (40, 2)]);
    assert_eq!(Reference::new(pairs).at_least(2).unwrap().edges(), [11]);
}
