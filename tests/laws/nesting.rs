//! Which roundings are nested in which, and the ones that only look it.

use std::collections::BTreeSet;

use coarsen::rounding::{
    Bucket, Ceil, Digits, Floor, Join, Joined, Log, Nearest, Partition, Reference, Rounding,
};
use coarsen::units::Dimension;
use proptest::prelude::*;
use proptest::strategy::Union;

use super::sketch::{Base, Sketch, bases, coding, edges, number, sketch, values};

fn holds(coarse: Bucket, fine: Bucket) -> bool {
    let ends = coarse.to.is_none_or(|to| fine.to.is_some_and(|end| end <= to));
    coarse.from <= fine.from && ends
}

fn is_nested_at(fine: &dyn Partition, coarse: &dyn Partition, x: u64) -> bool {
    holds(coarse.bucket(x), fine.bucket(x))
}

fn is_nested(fine: &dyn Partition, coarse: &dyn Partition, up_to: u64) -> bool {
    (0..=up_to).all(|x| is_nested_at(fine, coarse, x))
}

fn alike(partition: &dyn Partition, x: u64, y: u64) -> bool {
    partition.bucket(x) == partition.bucket(y)
}

/// The size of the smallest class.
fn k(partition: &dyn Partition, values: &[u64]) -> usize {
    let size = |&x: &u64| values.iter().filter(|&&y| alike(partition, x, y)).count();
    values.iter().map(size).min().unwrap()
}

/// A width, a factor, and a phase for each such that they are congruent.
fn multiples() -> impl Strategy<Value = (u64, u64, u64, u64)> {
    (number(), 1..=50u64, any::<u64>(), any::<u64>()).prop_map(|(width, factor, a, b)| {
        let width = (width / factor).max(1);
        let phase = a % width;
        (width, phase, width * factor, phase + width * (b % factor))
    })
}

/// Pairs of which the first is nested in the second.
fn nested_pairs() -> impl Strategy<Value = (Base, Base)> {
    let any_base = || Union::new(bases()).prop_filter("codable", |base| !matches!(base, Base::Drop));
    let rising = |max: u64| (1..=max, 1..=max).prop_map(|(a, b)| (a.max(b), a.min(b)));
    let subset = |(superset, keep): (Vec<u64>, Vec<bool>)| {
        let mut subset: Vec<u64> = superset.iter().zip(keep).filter(|(_, k)| *k).map(|(&e, _)| e).collect();
        if subset.is_empty() {
            subset.push(superset[0]);
        }
        (Base::Edges(superset), Base::Edges(subset))
    };
    prop_oneof![
        multiples().prop_map(|(w, p, v, q)| (Base::Floor(w, p), Base::Floor(v, q))),
        multiples().prop_map(|(w, p, v, q)| (Base::Ceil(w, p), Base::Ceil(v, q))),
        // Nearest only for odd multiples: an even one moves the edges by half a width.
        multiples()
            .prop_filter("odd", |(w, _, v, _)| v / w % 2 == 1)
            .prop_map(|(w, p, v, q)| (Base::Nearest(w, p), Base::Nearest(v, q))),
        rising(64).prop_map(|(fine, coarse)| (Base::Bits(fine), Base::Bits(coarse))),
        rising(20).prop_map(|(fine, coarse)| (Base::Digits(fine), Base::Digits(coarse))),
        (1..=4u64, 1..=4u64).prop_map(|(n, factor)| (Base::Log(n * factor), Base::Log(n))),
        (edges(), prop::collection::vec(any::<bool>(), 12)).prop_map(subset),
        any_base().prop_map(|coarse| (Base::Keep, coarse)),
        any_base().prop_map(|base| (base.clone(), base)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nested_pairs_stay_nested_under_the_same_coding(
        (fine, coarse) in nested_pairs(),
        (bottom, top) in coding(),
        values in values(),
    ) {
        let dimension = Dimension::Bitrate;
        let fine = Sketch { dimension, base: fine, bottom, top };
        let coarse = Sketch { dimension, base: coarse, bottom, top };
        let (f, c) = (fine.rounding(), coarse.rounding());
        prop_assert!(f.is_nested_in(&c));
        for x in fine.around(&values).into_iter().chain(coarse.around(&values)) {
            prop_assert!(is_nested_at(&f, &c, x), "at {x}: {:?} in {:?}", f.bucket(x), c.bucket(x));
            prop_assert_eq!(Join(&f, &c).bucket(x), f.bucket(x));
        }
    }
}

#[test]
fn floor_and_ceil_are_nested_exactly_for_multiples_of_congruent_phase() {
    for (w, v) in (1..=9).flat_map(|w| (1..=20).map(move |v| (w, v))) {
        for (p, q) in (0..w).flat_map(|p| (0..v).map(move |q| (p, q))) {
            let expected = v % w == 0 && q % w == p;
            let floors = (Floor::new(w, p).unwrap(), Floor::new(v, q).unwrap());
            let ceils = (Ceil::new(w, p).unwrap(), Ceil::new(v, q).unwrap());
            assert_eq!(is_nested(&floors.0, &floors.1, 70), expected, "floor:{w}@{p} in floor:{v}@{q}");
            assert_eq!(is_nested(&ceils.0, &ceils.1, 70), expected, "ceil:{w}@{p} in ceil:{v}@{q}");
        }
    }
}

#[test]
fn nearest_is_nested_exactly_for_odd_multiples() {
    for (w, v) in (1..=15).flat_map(|w| (1..=60).map(move |v| (w, v))) {
        let expected = v % w == 0 && (w == 1 || v / w % 2 == 1);
        let (fine, coarse) = (Nearest::new(w, 0).unwrap(), Nearest::new(v, 0).unwrap());
        assert_eq!(is_nested(&fine, &coarse, 200), expected, "nearest:{w} in nearest:{v}");
    }
}

#[test]
fn nearest_10_is_not_nested_in_nearest_20() {
    let (ten, twenty) = (Nearest::new(10, 0).unwrap(), Nearest::new(20, 0).unwrap());
    assert_eq!((k(&ten, &[6, 14]), k(&twenty, &[6, 14])), (2, 1));
    assert!(alike(&ten, 6, 14) && !alike(&twenty, 6, 14));
    assert!(is_nested(&ten, &Nearest::new(30, 0).unwrap(), 200));
}

#[test]
fn floor_10_is_not_nested_in_floor_15() {
    let (ten, fifteen) = (Floor::new(10, 0).unwrap(), Floor::new(15, 0).unwrap());
    let values = [0, 9, 10, 19];
    assert_eq!((k(&ten, &values), k(&fifteen, &values)), (2, 1));
}

#[test]
fn log_3_is_not_nested_in_log_2() {
    let (three, two) = (Log::new(3).unwrap(), Log::new(2).unwrap());
    assert!(!is_nested(&three, &two, 100));
}

/// Why significant digits are only offered as floor: rounding to the nearest makes 1500 of both
/// 1460 and 1540 at two digits, but 1000 and 2000 at one, so that fewer digits part what more
/// digits had merged. Rounding in two steps (1460, 1500, 2000) also differs from one step (1000).
#[test]
fn nearest_significant_digits_would_not_be_nested() {
    let nearest = |x: u64, digits: u32| {
        let step = 10u64.pow(x.ilog10() + 1 - digits);
        (x + step / 2) / step * step
    };
    assert_eq!((nearest(1_460, 2), nearest(1_540, 2)), (1_500, 1_500));
    assert_eq!((nearest(1_460, 1), nearest(1_540, 1)), (1_000, 2_000));
    assert_eq!(nearest(nearest(1_460, 2), 1), 2_000);
    let (two, one) = (Digits::new(2).unwrap(), Digits::new(1).unwrap());
    assert!(is_nested(&two, &one, 20_000));
    assert!(!alike(&two, 1_460, 1_540) && alike(&one, 1_460, 1_540));
}

#[test]
fn quantile_6_is_not_nested_in_quantile_4() {
    let reference = Reference::new((1..=12).map(|v| (v, v as u32)).collect());
    let (four, six) = (reference.quantile(4).unwrap(), reference.quantile(6).unwrap());
    assert_eq!((four.edges(), six.edges()), (&[4, 7, 10][..], &[3, 5, 7, 9, 11][..]));
    let edges: BTreeSet<_> = six.edges().iter().collect();
    assert!(!four.edges().iter().all(|edge| edges.contains(edge)));
    assert!(!is_nested(&six, &four, 12) && alike(&six, 3, 4) && !alike(&four, 3, 4));
}

/// Small roundings of a plain number, as text, whose edges repeat or part within [`FAR`].
pub fn small() -> impl Strategy<Value = Rounding> {
    let equal = ("(floor|nearest|ceil)", 1..=40u64, any::<u64>())
        .prop_map(|(name, width, phase)| format!("{name}:{width}@{}", phase % width));
    let edges = prop::collection::btree_set(1..300u64, 1..8).prop_map(|edges| {
        let edges: Vec<String> = edges.iter().map(u64::to_string).collect();
        format!("edges:{}", edges.join(","))
    });
    let family = prop_oneof![
        4 => equal,
        2 => edges,
        1 => Just("keep".to_owned()),
        1 => (1..=5u64).prop_map(|n| format!("bits:{n}")),
        1 => (1..=3u64).prop_map(|n| format!("digits:{n}")),
        1 => (1..=3u64).prop_map(|n| format!("log:{n}")),
    ];
    let ends = (prop::option::of(1..100u64), prop::option::of(100..300u64));
    prop_oneof![
        1 => Just("drop".to_owned()),
        20 => (family, ends).prop_map(|(family, (bottom, top))| {
            let bottom = bottom.map_or(String::new(), |bottom| format!("+bottom:{bottom}"));
            let top = top.map_or(String::new(), |top| format!("+top:{top}"));
            format!("{family}{bottom}{top}")
        }),
    ]
    .prop_map(|text| Rounding::parse(&text, Dimension::Integer).expect("a rounding"))
}

/// The steps of `digits:3` are 10 up to 10,000 and 100 above: only there does it part from a width
/// of 10, 20 or 40, whose edges below are among its own.
const FAR: u64 = 10_100;

#[test]
fn digits_3_is_nested_in_ceil_10_only_below_10_000() {
    let digits = Rounding::parse("digits:3", Dimension::Integer).unwrap();
    let ceil = Rounding::parse("ceil:10@9", Dimension::Integer).unwrap();
    assert!(is_nested(&digits, &ceil, 9_999) && !is_nested_at(&digits, &ceil, 10_000));
    assert!(!digits.is_nested_in(&ceil));
}

/// What [`small`] draws of widths against what grows, every pair of it.
#[test]
fn every_small_width_against_every_ladder_is_proved_as_defined() {
    let read = |text: String| Rounding::parse(&text, Dimension::Integer).unwrap();
    let ladders = (1..=5).map(|n| format!("bits:{n}"));
    let ladders = ladders.chain((1..=3).flat_map(|n| [format!("digits:{n}"), format!("log:{n}")]));
    let ladders: Vec<Rounding> = ladders.map(read).collect();
    for (width, phase) in (1..=40u64).flat_map(|width| (0..width).map(move |phase| (width, phase))) {
        for name in ["floor", "nearest", "ceil"] {
            let equal = read(format!("{name}:{width}@{phase}"));
            for ladder in &ladders {
                for (fine, coarse) in [(&equal, ladder), (ladder, &equal)] {
                    assert_eq!(fine.is_nested_in(coarse), is_nested(fine, coarse, FAR), "{fine} in {coarse}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    /// What the edges prove is what walking the line finds.
    #[test]
    fn the_proof_of_nesting_agrees_with_the_definition(fine in small(), coarse in small()) {
        prop_assert_eq!(fine.is_nested_in(&coarse), is_nested(&fine, &coarse, FAR), "{} in {}", fine, coarse);
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// No more and no less, in as few roundings as it takes.
    #[test]
    fn joined_roundings_tell_what_each_tells(all in prop::collection::vec(small(), 0..4)) {
        let joined = Joined::of(Dimension::Integer, all.clone());
        prop_assert!(all.iter().all(|rounding| is_nested(&joined, rounding, FAR)), "{}", joined);
        let naive = |x| all.iter().fold(Bucket::ALL, |joined, rounding| {
            let bucket = rounding.bucket(x);
            let to = [joined.to, bucket.to].into_iter().flatten().min();
            Bucket { from: joined.from.max(bucket.from), to }
        });
        for x in 0..=FAR {
            prop_assert_eq!(joined.bucket(x), naive(x), "at {} of {}", x, joined);
        }
        for (i, a) in joined.roundings().iter().enumerate() {
            prop_assert!(joined.roundings().iter().enumerate().all(|(j, b)| i == j || !a.is_nested_in(b)));
        }
    }

    /// On the whole line: what is proved holds at any value.
    #[test]
    fn no_drawn_value_contradicts_the_proof(fine in sketch(), coarse in sketch(), values in values()) {
        let (f, c) = (fine.rounding(), coarse.rounding());
        if f.is_nested_in(&c) {
            for x in fine.around(&values).into_iter().chain(coarse.around(&values)) {
                prop_assert!(is_nested_at(&f, &c, x), "{} in {} at {}", f, c, x);
            }
        }
    }
}
