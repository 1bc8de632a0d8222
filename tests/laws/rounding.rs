//! The laws of a partition, for every family with every coding.

use coarsen::rounding::{Bucket, Join, Ladder, Partition, Ready, Rounding, RoundingSpec, Standing};
use coarsen::units::Dimension;
use proptest::prelude::*;

use super::sketch::{Base, Sketch, dimension, sketch, values, within_step_of_log};

/// The largest value in a bucket.
fn last(bucket: Bucket) -> u64 {
    bucket.to.map_or(u64::MAX, |to| to - 1)
}

/// How far the family lets the values of one bucket lie apart.
fn is_within_bound(base: &Base, bucket: Bucket) -> bool {
    let (from, last) = (bucket.from, last(bucket));
    let apart = last - from;
    let below =
        |radix: u128, n: u64| apart == 0 || u128::from(apart) * radix.pow(n as u32 - 1) < u128::from(from);
    match base {
        Base::Keep => apart == 0,
        Base::Drop => true,
        Base::Floor(w, _) | Base::Nearest(w, _) | Base::Ceil(w, _) => apart < *w,
        Base::Log(n) => within_step_of_log(u128::from(from) + 1, u128::from(last) + 1, *n),
        Base::Bits(n) => below(2, *n),
        Base::Digits(n) => below(10, *n),
        Base::Edges(edges) => edges.iter().all(|&edge| edge <= from || edge > last),
        Base::Ladder(name) => {
            let ladder = Ladder::named(name).unwrap();
            ladder.rungs().iter().all(|&rung| rung <= from || rung > last)
        }
    }
}

/// What is true of a partition at one value, whatever the family.
fn check_partition(partition: &dyn Partition, x: u64) -> Result<(), TestCaseError> {
    let bucket = partition.bucket(x);
    prop_assert!(bucket.contains(x), "{x} is not in {bucket:?}");
    let middle = bucket.midpoint();
    prop_assert!(bucket.contains(middle), "{middle} is not in {bucket:?}");
    for inside in [bucket.from, middle, last(bucket)] {
        prop_assert_eq!(partition.bucket(inside), bucket, "at {}, beside {}", inside, x);
    }
    if bucket.from > 0 {
        prop_assert_eq!(partition.bucket(bucket.from - 1).to, Some(bucket.from));
    }
    if let Some(to) = bucket.to {
        prop_assert_eq!(partition.bucket(to).from, to);
        prop_assert!(x.abs_diff(middle) <= (to - bucket.from) / 2);
    } else {
        prop_assert_eq!(middle, bucket.from);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(768))]

    /// Total, member, tiling, idempotent, midpoint error.
    #[test]
    fn every_value_has_one_bucket_that_tiles_the_line(sketch in sketch(), values in values()) {
        let rounding = sketch.rounding();
        for x in sketch.around(&values) {
            check_partition(&rounding, x)?;
        }
        prop_assert_eq!(rounding.bucket(0).from, 0);
        prop_assert_eq!(rounding.bucket(u64::MAX).to, None);
    }

    /// A column at once is its values one by one.
    #[test]
    fn a_column_has_the_buckets_of_its_values(sketch in sketch(), values in values()) {
        let (rounding, values) = (sketch.rounding(), sketch.around(&values));
        let ready = Ready::new(rounding.clone(), Standing::Midpoint);
        let buckets: Vec<Bucket> = values.iter().map(|&x| ready.bucket(x)).collect();
        prop_assert_eq!(buckets, values.iter().map(|&x| rounding.bucket(x)).collect::<Vec<Bucket>>());
    }

    #[test]
    fn a_larger_value_never_lies_in_a_lower_bucket(sketch in sketch(), values in values()) {
        let rounding = sketch.rounding();
        for pair in sketch.around(&values).windows(2) {
            let (low, high) = (rounding.bucket(pair[0]), rounding.bucket(pair[1]));
            prop_assert!(low.from <= high.from && low.midpoint() <= high.midpoint(), "{:?}", pair);
        }
    }

    #[test]
    fn a_bucket_is_no_wider_than_its_family_allows(sketch in sketch(), values in values()) {
        let rounding = sketch.rounding();
        for x in sketch.around(&values).into_iter().filter(|&x| sketch.is_between(x)) {
            let bucket = rounding.bucket(x);
            prop_assert!(is_within_bound(&sketch.base, bucket), "at {x}: {bucket:?}");
            if let Base::Floor(w, _) | Base::Nearest(w, _) | Base::Ceil(w, _) = sketch.base {
                let error = if bucket.to.is_some() { w / 2 } else { w - 1 };
                prop_assert!(x.abs_diff(bucket.midpoint()) <= error);
            }
        }
    }

    /// Nearest stands in the middle of its bucket and ceil at its upper end, where nothing is cut off.
    #[test]
    fn whole_buckets_hold_their_multiple_where_the_family_says(sketch in sketch(), values in values()) {
        let rounding = sketch.rounding();
        for x in sketch.around(&values) {
            let bucket = rounding.bucket(x);
            let Some(to) = bucket.to.filter(|to| rounding.width() == Some(to - bucket.from)) else { continue };
            if !sketch.is_between(x) {
                continue;
            }
            match sketch.base {
                Base::Floor(w, p) => prop_assert_eq!(bucket.from % w, p),
                Base::Nearest(w, p) => prop_assert_eq!(bucket.midpoint() % w, p),
                Base::Ceil(w, p) => prop_assert_eq!((to - 1) % w, p),
                _ => prop_assert!(false, "only these have a width"),
            }
        }
    }

    #[test]
    fn what_is_printed_is_read_back(sketch in sketch()) {
        let rounding = sketch.rounding();
        let printed = rounding.to_string();
        let read = |text: &str| Rounding::parse(text, sketch.dimension);
        prop_assert_eq!(read(&printed), Ok(rounding.clone()), "{}", printed);
        prop_assert_eq!(read(&sketch.text()), Ok(rounding));
        prop_assert!(printed.len() <= sketch.text().len());
    }

    #[test]
    fn what_names_a_reference_is_read_back(n in any::<u64>(), sketch in sketch(), atleast: bool) {
        let family = if atleast { "atleast" } else { "quantile" };
        let coding = if let Base::Drop = sketch.base { String::new() } else {
            sketch.rounding().to_string().split_once('+').map_or(String::new(), |(_, rest)| format!("+{rest}"))
        };
        let text = format!("{family}:{n}{coding}");
        let spec = RoundingSpec::parse(&text, sketch.dimension).unwrap();
        prop_assert_eq!(spec.to_string(), text);
    }

    /// Text of the right letters is refused or read, and what is read prints itself.
    #[test]
    fn no_text_breaks_the_grammar(
        text in prop_oneof![
            any::<String>(),
            "(floor|nearest|ceil|log|bits|digits|edges|quantile|atleast|keep|drop):?[0-9]{0,3}(ms|s|bps)?[0-9+@:,a-z. ]{0,20}",
            "(floor|ceil):[0-9]{1,4}(ms|bps)?(@[0-9](ms|bps)?)?([+]bottom:[0-9](ms|bps)?)?([+]top:[0-9]{2}(ms|bps)?)?",
        ],
        dimension in dimension(),
    ) {
        if let Ok(spec) = RoundingSpec::parse(&text, dimension) {
            let printed = spec.to_string();
            prop_assert_eq!(RoundingSpec::parse(&printed, dimension), Ok(spec), "{}", printed);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Against the definition: all values of one id, found without knowing an edge.
    #[test]
    fn the_bucket_is_that_of_the_definition(sketch in sketch(), values in values()) {
        let rounding = sketch.rounding();
        let around = sketch.around(&values);
        let mut buckets: Vec<_> = around.iter().map(|&x| (rounding.bucket(x), x)).collect();
        buckets.dedup_by_key(|(bucket, _)| *bucket);
        let step = buckets.len().div_ceil(8); // a definition is slow to ask
        for (bucket, x) in buckets.into_iter().step_by(step) {
            prop_assert_eq!(bucket, sketch.bucket(x), "at {}", x);
        }
    }

    #[test]
    fn the_walk_begins_at_0_leaves_no_gap_and_ends_open(sketch in sketch()) {
        let few = matches!(sketch.base, Base::Drop | Base::Edges(_) | Base::Ladder(_) | Base::Log(_));
        let rounding = sketch.rounding();
        let mut walk = rounding.buckets();
        let mut before = walk.next().unwrap();
        prop_assert_eq!(before.from, 0);
        for bucket in walk.by_ref().take(if few { usize::MAX } else { 500 }) {
            prop_assert_eq!(before.to, Some(bucket.from));
            prop_assert!(bucket.from > before.from);
            before = bucket;
        }
        if walk.next().is_none() {
            prop_assert_eq!(before.to, None);
        } else {
            prop_assert!(!few);
        }
    }

    #[test]
    fn a_join_is_the_intersection_and_refines_both(a in sketch(), b in sketch(), values in values()) {
        let (left, right) = (a.rounding(), b.rounding());
        let join = Join(&left, &right);
        let both: Vec<_> = a.around(&values).into_iter().chain(b.around(&values)).collect();
        for (i, &x) in both.iter().enumerate() {
            check_partition(&join, x)?;
            let (bucket, l, r) = (join.bucket(x), left.bucket(x), right.bucket(x));
            prop_assert_eq!(bucket.from, l.from.max(r.from));
            prop_assert_eq!(last(bucket), last(l).min(last(r)));
            prop_assert_eq!(Join(&right, &left).bucket(x), bucket);
            // Two values look alike after both exactly when they do after each.
            let y = both[(i * 7 + 3) % both.len()];
            let alike = left.bucket(y) == l && right.bucket(y) == r;
            prop_assert_eq!(join.bucket(y) == bucket, alike, "{} and {}", x, y);
        }
    }
}

/// Every family occurs in the list that the laws draw from.
#[test]
fn no_family_is_left_out() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut heads: Vec<String> = Vec::new();
    for base in super::sketch::bases() {
        let base = base.new_tree(&mut runner).unwrap();
        let sketch = Sketch {
            dimension: Dimension::Bitrate,
            base: proptest::strategy::ValueTree::current(&base),
            bottom: None,
            top: None,
        };
        heads.push(sketch.rounding().to_string().split(':').next().unwrap().to_owned());
    }
    let all = ["keep", "drop", "floor", "nearest", "ceil", "log", "bits", "digits", "edges", "ladder"];
    assert_eq!(heads, all);
}

/// The laws draw coarse logs, which are quick to build; here every edge of a fine one is asked for.
#[test]
fn every_edge_of_a_fine_log_is_where_the_definition_puts_it() {
    for n in [7, 24, 64] {
        let sketch = Sketch { dimension: Dimension::Integer, base: Base::Log(n), bottom: None, top: None };
        let mut before = None;
        for bucket in sketch.rounding().buckets() {
            let (lowest, highest) = (sketch.id(bucket.from), sketch.id(last(bucket)));
            assert_eq!(lowest, highest, "log:{n}, {bucket:?}");
            assert!(before < Some(lowest), "log:{n}, {bucket:?}");
            before = Some(lowest);
        }
        assert_eq!(before, Some((1, 64 * i128::from(n))));
    }
}

/// Middles move as buckets merge, so a coarser rounding can err less at one value.
#[test]
fn midpoint_error_is_not_monotone() {
    let error = |width: &str, x: u64| {
        let rounding = Rounding::parse(width, Dimension::Integer).unwrap();
        rounding.bucket(x).midpoint().abs_diff(x)
    };
    assert_eq!(error("floor:100", 99), 49);
    assert_eq!(error("floor:200", 99), 1);
}
