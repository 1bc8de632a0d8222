//! The smallest bucket of what roundings tell together: by the rule of the gcd, and by walking the line.

use coarsen::rounding::{Bucket, Joined, Partition, Rounding};
use coarsen::units::Dimension;
use proptest::prelude::*;

use super::nesting::small;

fn read(text: &str) -> Rounding {
    Rounding::parse(text, Dimension::Integer).expect("a rounding")
}

fn joined(roundings: Vec<Rounding>) -> Joined {
    Joined::of(Dimension::Integer, roundings)
}

/// The smallest bucket by walking, the first of them; the open one doesn't count.
fn walked(partition: &impl Partition, up_to: u64) -> Option<Bucket> {
    let width = |bucket: &Bucket| bucket.to.expect("a bucket that ends") - bucket.from;
    let buckets = partition.buckets().take_while(|bucket| bucket.from <= up_to && bucket.to.is_some());
    buckets.min_by_key(|bucket| (width(bucket), bucket.from))
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// How far a walk goes.
const FAR: u64 = 4_000;

/// Where the walk finds one, it is the one; a smaller one beyond its end (log and ladder have edges there) is a bucket.
fn found_by_walking(partition: &impl Partition, found: Option<Bucket>) -> bool {
    let width = |bucket: Bucket| bucket.to.map(|to| to - bucket.from);
    let walked = walked(partition, FAR);
    match found {
        Some(beyond) if beyond.from > FAR => {
            partition.bucket(beyond.from) == beyond
                && walked.is_none_or(|walked| width(beyond) < width(walked))
        }
        _ => found == walked,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_edges_find_what_a_walk_finds(all in prop::collection::vec(small(), 1..4)) {
        let joined = joined(all.clone());
        prop_assert!(found_by_walking(&joined, joined.smallest_bucket()), "{}", joined);
        for rounding in all {
            prop_assert!(found_by_walking(&rounding, rounding.smallest_bucket()), "{}", rounding);
        }
    }

    /// Of widths that no walk gets through: with phases p and q modulo the gcd g, away from the start of the line, the
    /// smallest bucket is g where p = q, and the lesser of |p - q| and g - |p - q| where not.
    #[test]
    fn equal_widths_follow_the_gcd(
        g in 1..1_000_000u64, a in 1..40_000u64, b in 1..40_000u64, p in any::<u64>(), q in any::<u64>(),
    ) {
        let (a, b) = (g * a, g * b);
        let (p, q) = (p % a, q % b);
        let found = joined(vec![read(&format!("floor:{a}@{p}")), read(&format!("floor:{b}@{q}"))]);
        let g = gcd(a, b);
        let apart = p.abs_diff(q) % g;
        let rule = if apart == 0 { g } else { apart.min(g - apart) };
        // The first bucket is cut at 0.
        let first = [p, q].into_iter().filter(|&phase| phase > 0).min().unwrap_or(u64::MAX);
        let smallest = found.smallest_bucket().expect("edges");
        let width = smallest.to.expect("an end") - smallest.from;
        prop_assert_eq!(width, rule.min(first), "{}", found);
        prop_assert_eq!(found.bucket(smallest.from), smallest, "it is a bucket of {}", found);
    }

    /// A join with what is nested tells what the finer one does.
    #[test]
    fn the_join_of_nested_roundings_is_the_finer_one(fine in small(), coarse in small()) {
        let both = joined(vec![coarse.clone(), fine.clone()]);
        if fine.is_nested_in(&coarse) {
            prop_assert_eq!(both.smallest_bucket(), fine.smallest_bucket());
            prop_assert!((0..500).all(|x| both.bucket(x) == fine.bucket(x)), "{}", both);
            prop_assert!(both.roundings().len() == 1, "{}", both);
        }
    }
}

#[test]
fn buckets_of_log_meet_those_of_equal_width_far_out() {
    let both = joined(vec![read("log:2+bottom:48"), read("nearest:23@13")]);
    assert_eq!(both.smallest_bucket(), Some(Bucket { from: 4_095, to: Some(4_096) }));
}

#[test]
fn widths_10_and_15_share_buckets_of_10_5_5_10() {
    let both = joined(vec![read("floor:10"), read("floor:15")]);
    let widths = both.buckets().take(8).map(|bucket| bucket.to.expect("an end") - bucket.from);
    assert_eq!(widths.collect::<Vec<u64>>(), [10, 5, 5, 10, 10, 5, 5, 10]);
    assert_eq!(both.smallest_bucket(), Some(Bucket { from: 10, to: Some(15) }));
}

#[test]
fn the_ends_of_the_line_are_no_matter() {
    // Edges at 0 .. 2^64 - 1 by turns of about 2^32: their nearest pair is found, not walked to.
    let both = joined(vec![read("floor:4294967291"), read("floor:4294967279")]);
    let found = both.smallest_bucket().expect("edges");
    assert_eq!(found.to.expect("an end") - found.from, 1);
    assert_eq!(both.bucket(found.from), found);
    assert_eq!(read("drop").smallest_bucket(), None);
    assert_eq!(read("keep").smallest_bucket(), Some(Bucket { from: 0, to: Some(1) }));
    assert_eq!(read("edges:7").smallest_bucket(), Some(Bucket { from: 0, to: Some(7) }));
}
