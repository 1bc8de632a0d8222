//! Optimal breakpoints: both algorithms against every start tried in exact arithmetic, and the laws they rest on.

use std::collections::BTreeSet;

use coarsen::rounding::{Bucket, Partition};
use coarsen::search::optimal::{Distribution, Form, Loss, Optimum, optimum, optimum_by, snap_price, snapped};
use coarsen::units::Dimension;
use proptest::prelude::*;

type Pairs = Vec<(u64, u32)>;

const DURATION: Loss = Loss::Certainty(Dimension::Duration);
const BITRATE: Loss = Loss::Certainty(Dimension::Bitrate);
const LOSSES: [Loss; 4] = [Loss::Squared, Loss::Absolute, DURATION, BITRATE];
const FORMS: [Form; 2] = [Form::Window, Form::Queue];

/// Few distinct values and titles, so that ties and titles of several files abound.
fn pairs() -> impl Strategy<Value = Pairs> {
    let value = prop_oneof![3 => 0..=12u64, 3 => 0..=40u64];
    prop::collection::vec((value, 0..12u32), 1..24)
}

/// Bit rates on their scale, and durations over all of theirs.
fn wide() -> impl Strategy<Value = Pairs> {
    let value = prop_oneof![0..=20_000u64, 10_000..=200_000_000u64, 0..=15_000_000u64];
    prop::collection::vec((value, 0..200u32), 1..120)
}

fn reference(pairs: &Pairs) -> Distribution {
    Distribution::new(pairs.clone()).expect("a reference")
}

fn inside(pairs: &Pairs, from: u64, to: Option<u64>) -> Pairs {
    pairs.iter().copied().filter(|p| Bucket { from, to }.contains(p.0)).collect()
}

fn titles(pairs: &Pairs) -> usize {
    pairs.iter().map(|p| p.1).collect::<BTreeSet<_>>().len()
}

/// Divisible by every number of files that is drawn here, so that a mean is a whole number.
const MULTIPLE: i128 = 5_354_228_880;

/// The cost of a bucket by definition, times `MULTIPLE`.
fn naive_cost(pairs: &Pairs, from: u64, to: Option<u64>, loss: Loss) -> i128 {
    let files = inside(pairs, from, to);
    let n = files.len() as i128;
    match loss {
        _ if n == 0 => 0,
        Loss::Squared => {
            let mean = files.iter().map(|p| i128::from(p.0)).sum::<i128>();
            let off = |p: &(u64, u32)| (i128::from(p.0) * n - mean).pow(2);
            files.iter().map(off).sum::<i128>() * MULTIPLE / (n * n)
        }
        Loss::Absolute => {
            let to_value = |y: u64| files.iter().map(|p| i128::from(p.0.abs_diff(y))).sum::<i128>();
            files.iter().map(|p| to_value(p.0)).min().unwrap_or(0) * MULTIPLE
        }
        Loss::Certainty(_) => {
            let width = to.map_or(14_400_000, |to| to.min(14_400_000) - from.min(14_400_000));
            n * i128::from(width) * MULTIPLE
        }
    }
}

/// The least loss over all partitions whose edges are among these, by trying every start for every end.
fn naive_optimum(pairs: &Pairs, k: usize, loss: Loss, edges: &[u64]) -> Option<f64> {
    let mut best: Vec<Option<i128>> = vec![Some(0)];
    let places: Vec<Option<u64>> = edges.iter().copied().map(Some).chain([None]).collect();
    for (j, &to) in places.iter().enumerate() {
        let through = |i: usize| {
            let from = if i == 0 { 0 } else { edges[i - 1] };
            let holds = titles(&inside(pairs, from, to)) >= k;
            best[i].filter(|_| holds).map(|below| below + naive_cost(pairs, from, to, loss))
        };
        best.push((0..=j).filter_map(through).min());
    }
    let unit = if loss == DURATION { 14_400_000.0 } else { 1.0 };
    best[places.len()].map(|best| best as f64 / MULTIPLE as f64 / unit)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
}

/// k titles in each bucket, no tie split, the loss as told, the places at the edges.
fn check(pairs: &Pairs, k: u32, loss: Loss, found: &Optimum) -> Result<(), TestCaseError> {
    let reference = reference(pairs);
    let ends = found.edges().iter().copied().map(Some).chain([None]);
    let starts = std::iter::once(0).chain(found.edges().iter().copied());
    for (from, to) in starts.zip(ends) {
        prop_assert!(titles(&inside(pairs, from, to)) >= k as usize, "{from} to {to:?}");
    }
    prop_assert_eq!(found.loss(), loss.of(&reference, found.edges()).unwrap());
    for (&edge, &place) in found.edges().iter().zip(found.places()) {
        prop_assert_eq!(reference.values().partition_point(|&v| v < edge), place);
    }
    prop_assert_eq!(found.buckets(), found.places().len() + 1);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// For certainty the naive search may cut at every integer: the two ends of a gap are enough.
    #[test]
    fn both_forms_find_what_trying_everything_finds(pairs in pairs(), k in 1..7u32) {
        let every: Vec<u64> = (1..=pairs.iter().map(|p| p.0).max().unwrap_or(0)).collect();
        for loss in [Loss::Squared, Loss::Absolute, DURATION] {
            let naive = naive_optimum(&pairs, k as usize, loss, &every);
            for form in FORMS {
                let found = optimum_by(form, &reference(&pairs), k, loss).ok();
                prop_assert_eq!(found.is_some(), naive.is_some());
                if let (Some(found), Some(naive)) = (found, naive) {
                    check(&pairs, k, loss, &found)?;
                    prop_assert!(near(found.loss(), naive), "{form:?} {loss:?} {} {naive}", found.loss());
                }
            }
        }
    }

    /// Also where only some edges are allowed.
    #[test]
    fn snapping_finds_what_trying_everything_finds(
        pairs in pairs(), k in 1..5u32, allowed in prop::collection::btree_set(1..45u64, 0..12),
    ) {
        let allowed: Vec<u64> = allowed.into_iter().collect();
        for loss in [Loss::Squared, Loss::Absolute, DURATION] {
            let naive = naive_optimum(&pairs, k as usize, loss, &allowed);
            let found = snapped(&reference(&pairs), k, loss, &allowed).ok();
            prop_assert_eq!(found.is_some(), naive.is_some());
            if let (Some(found), Some(naive)) = (found, naive) {
                check(&pairs, k, loss, &found)?;
                prop_assert!(found.edges().iter().all(|edge| allowed.contains(edge)));
                prop_assert!(near(found.loss(), naive), "{loss:?} {} {naive}", found.loss());
            }
        }
    }

    /// Over whole ranges, with long windows and several stretches of sums.
    #[test]
    fn the_two_forms_agree(pairs in wide(), k in 1..40u32) {
        for loss in LOSSES {
            let [a, b] = FORMS.map(|form| optimum_by(form, &reference(&pairs), k, loss).ok());
            prop_assert_eq!(a.is_some(), b.is_some());
            if let (Some(a), Some(b)) = (a, b) {
                check(&pairs, k, loss, &a)?;
                check(&pairs, k, loss, &b)?;
                prop_assert!(near(a.loss(), b.loss()), "{loss:?} {} {}", a.loss(), b.loss());
            }
        }
    }

    #[test]
    fn more_titles_never_lose_less(pairs in wide(), k in 1..20u32, more in 1..20u32) {
        for loss in LOSSES {
            let reference = reference(&pairs);
            if let (Ok(few), Ok(many)) = (optimum(&reference, k, loss), optimum(&reference, k + more, loss)) {
                prop_assert!(few.loss() <= many.loss() * (1.0 + 1e-12), "{loss:?}");
            }
        }
    }

    /// The price of readable edges is never negative.
    #[test]
    fn snapping_never_pays(pairs in wide(), k in 1..20u32, allowed in prop::collection::btree_set(1..20_000_000u64, 0..60)) {
        let allowed: Vec<u64> = allowed.into_iter().collect();
        for loss in LOSSES {
            if let Ok(price) = snap_price(&reference(&pairs), k, loss, &allowed) {
                prop_assert!(price.added() >= -1e-12 * price.free.loss(), "{loss:?} {price:?}");
                prop_assert!(price.relative() >= -1e-12);
            }
        }
    }

    /// Splitting a bucket never raises a loss, and the quadrangle inequality holds, on any four edges.
    #[test]
    fn the_losses_can_be_split_and_are_monge(pairs in pairs(), edges in prop::array::uniform4(0..44u64)) {
        let mut edges = edges;
        edges.sort_unstable();
        let [a, b, c, d] = edges;
        for loss in [Loss::Squared, Loss::Absolute, DURATION] {
            let cost = |from, to| naive_cost(&pairs, from, to, loss);
            prop_assert!(cost(a, Some(b)) + cost(b, Some(d)) <= cost(a, Some(d)));
            prop_assert!(cost(a, Some(b)) + cost(b, None) <= cost(a, None));
            prop_assert!(cost(a, Some(c)) + cost(b, Some(d)) <= cost(a, Some(d)) + cost(b, Some(c)), "{loss:?}");
        }
    }

    /// The loss of a partition is the sum over its buckets by definition.
    #[test]
    fn a_loss_is_that_of_the_definition(pairs in pairs(), edges in prop::collection::btree_set(1..44u64, 0..8)) {
        let edges: Vec<u64> = edges.into_iter().collect();
        for loss in [Loss::Squared, Loss::Absolute, DURATION] {
            let starts = std::iter::once(0).chain(edges.iter().copied());
            let ends = edges.iter().copied().map(Some).chain([None]);
            let naive: i128 = starts.zip(ends).map(|(from, to)| naive_cost(&pairs, from, to, loss)).sum();
            let unit = if loss == DURATION { 14_400_000.0 } else { 1.0 };
            let naive = naive as f64 / MULTIPLE as f64 / unit;
            prop_assert!(near(loss.of(&reference(&pairs), &edges).unwrap(), naive));
        }
    }

    #[test]
    fn titles_are_counted_once_a_bucket(pairs in pairs(), from in 0..20usize, to in 0..20usize) {
        let reference = reference(&pairs);
        let values = reference.values();
        let (from, to) = (from.min(values.len()), to.min(values.len()));
        prop_assume!(from <= to);
        let held = |v: u64| values[from..to].contains(&v);
        let naive = titles(&pairs.iter().copied().filter(|p| held(p.0)).collect());
        prop_assert_eq!(reference.titles_within(from, to) as usize, naive);
        prop_assert_eq!(reference.titles() as usize, titles(&pairs));
        prop_assert_eq!(reference.files() as usize, pairs.len());
    }
}

/// Adding a constant changes no squared error, even where the squares themselves pass 64 bits many times over.
#[test]
fn far_from_zero_nothing_is_lost() {
    let small: Pairs = (0..3_000u32).map(|i| (u64::from(i * i % 7_919), i)).collect();
    for k in [2, 20, 300] {
        for loss in [Loss::Squared, Loss::Absolute] {
            let near_zero = optimum(&reference(&small), k, loss).unwrap();
            for shift in [1 << 40, 1 << 63] {
                let far: Pairs = small.iter().map(|&(value, title)| (value + shift, title)).collect();
                for form in FORMS {
                    let found = optimum_by(form, &reference(&far), k, loss).unwrap();
                    assert_eq!(found.loss(), near_zero.loss(), "{loss:?} {form:?} {k} {shift}");
                }
            }
        }
    }
}

/// Two tight heaps a long way apart: sums that aren't exact would drown the small one.
#[test]
fn a_wide_gap_hides_no_small_loss() {
    let heap = |from: u64, title: u32| (0..40u32).map(move |i| (from + u64::from(i), title + i));
    let gap = 1u64 << 56;
    let pairs: Pairs = heap(0, 0).chain(heap(gap, 100)).collect();
    let found = optimum(&reference(&pairs), 5, Loss::Squared).unwrap();
    // Runs of five: (4 + 1 + 0 + 1 + 4) each.
    assert_eq!((found.loss(), found.buckets()), (160.0, 16));
}

/// Stretches of sums and long windows, where both forms must agree to the last digits.
#[test]
fn many_values_agree_in_both_forms() {
    let mut state = 1u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let pairs: Pairs = (0..5_000u32).map(|_| (20_000 + next(9_000_000), next(4_000) as u32)).collect();
    for loss in LOSSES {
        for k in [3, 50, 900] {
            let [a, b] = FORMS.map(|form| optimum_by(form, &reference(&pairs), k, loss).unwrap());
            check(&pairs, 0, loss, &a).unwrap();
            assert!(
                (a.loss() - b.loss()).abs() <= 1e-13 * a.loss(),
                "{loss:?} {k} {} {}",
                a.loss(),
                b.loss()
            );
        }
    }
}

/// Over several stretches, against every start tried for every end.
#[test]
fn a_plain_program_agrees_over_several_stretches() {
    let mut value = 0u64;
    let pairs: Pairs = (0..3_000u32)
        .map(|i| {
            value += 1 + u64::from(i.wrapping_mul(2_654_435_761) >> 22);
            (value, i)
        })
        .collect();
    let (mut sum, mut squares) = (vec![0i128], vec![0i128]);
    for (i, &(value, _)) in pairs.iter().enumerate() {
        sum.push(sum[i] + i128::from(value));
        squares.push(squares[i] + i128::from(value).pow(2));
    }
    for k in [2usize, 7] {
        let mut best = vec![f64::INFINITY; pairs.len() + 1];
        best[0] = 0.0;
        for j in k..=pairs.len() {
            // No bound but a generous one, to end in time.
            for i in j.saturating_sub(40 * k)..=j - k {
                let n = (j - i) as i128;
                let numerator = n * (squares[j] - squares[i]) - (sum[j] - sum[i]).pow(2);
                best[j] = best[j].min(best[i] + numerator as f64 / n as f64);
            }
        }
        for form in FORMS {
            let found = optimum_by(form, &reference(&pairs), k as u32, Loss::Squared).unwrap().loss();
            assert!(near(found, best[pairs.len()]), "{form:?} {k} {found}");
        }
    }
}

/// Certainty counts what the measure of any other rounding counts.
#[test]
fn certainty_is_the_ncp_of_the_measures() {
    use coarsen::anonymity::axis_loss;
    use coarsen::catalogue::synthetic::{Recipe, synthesize};
    use coarsen::classes::Cells;
    let catalogue = synthesize(&Recipe::builtin("mixed").unwrap(), 500, 3).unwrap();
    let cells = Cells::new(&catalogue);
    let durations = Distribution::of_durations(&catalogue).unwrap();
    let rates = Distribution::of_bitrates(&catalogue).unwrap();
    for (reference, axis, dimension) in
        [(&durations, cells.duration(), Dimension::Duration), (&rates, cells.bitrate(), Dimension::Bitrate)]
    {
        let found = optimum(reference, 10, Loss::Certainty(dimension)).unwrap();
        let cuts = found.cuts().unwrap();
        let ncp = axis_loss(axis, &cuts, dimension).ncp;
        // A bucket of one integer is lossless there, and as wide as that integer here: at 16 kbps the most.
        let integer = (16_001f64 / 16_000.0).log2() / (128e6f64 / 16e3).log2();
        let over = found.loss() / reference.files() as f64 - ncp;
        assert!((-1e-12..integer).contains(&over), "{dimension:?} {over}");
        assert!(found.buckets() > 5);
        assert_eq!(cuts.bucket(0).to, found.edges().first().copied());
        assert!(found.rounding(dimension).unwrap().to_string().starts_with("edges:"));
    }
}

/// Each k has its own optimum: the buckets of k = 4 are no unions of those of k = 3.
#[test]
fn optima_of_two_k_are_not_nested() {
    let pairs: Pairs = (1..=9u64).zip(0..).collect();
    let [three, four] = [3, 4].map(|k| optimum(&reference(&pairs), k, Loss::Squared).unwrap());
    assert_eq!((three.places(), three.loss()), (&[3, 6][..], 6.0));
    assert_eq!((four.buckets(), four.loss()), (2, 15.0));
    assert!(!three.places().contains(&four.places()[0]));
}

#[test]
fn what_can_not_be_solved_is_refused() {
    let text = |result: Result<Optimum, coarsen::search::SearchError>| result.unwrap_err().to_string();
    let pairs: Pairs = vec![(1, 0), (2, 0), (3, 1)];
    let reference = reference(&pairs);
    let ask = "of the reference's 2 titles: ask for 1 to 2";
    assert_eq!(text(optimum(&reference, 0, Loss::Squared)), format!("a bucket can't hold at least 0 {ask}"));
    assert_eq!(text(optimum(&reference, 3, Loss::Squared)), format!("a bucket can't hold at least 3 {ask}"));
    let refused = "edges must rise strictly and begin above 0, but 2 follows 3 (0 and infinity are implied)";
    assert_eq!(text(snapped(&reference, 1, Loss::Absolute, &[3, 2])), refused);
    assert!(Loss::Absolute.of(&reference, &[0]).is_err());
    assert!(Distribution::new(Vec::new()).unwrap_err().to_string().contains("no value"));
    let far = Distribution::new(vec![(0, 0), (u64::MAX, 1)]).unwrap_err().to_string();
    assert!(far.starts_with("2 files over a range of 18446744073709551615"), "{far}");
    // One bucket is an optimum, but no rounding with edges.
    assert!(optimum(&reference, 2, Loss::Squared).unwrap().cuts().is_err());
}
