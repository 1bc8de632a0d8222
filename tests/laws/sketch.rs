//! What the laws draw: every family with every coding, and its definition written out naively.

use std::cmp::Ordering;

use coarsen::rounding::{
    Bits, Bucket, Ceil, Coding, Cuts, Digits, Family, Floor, Ladder, Log, Nearest, Partition, Rounding,
};
use coarsen::units::Dimension;
use proptest::prelude::*;
use proptest::strategy::Union;

/// A family with its parameters.
#[derive(Clone, Debug)]
pub enum Base {
    Keep,
    Drop,
    Floor(u64, u64),
    Nearest(u64, u64),
    Ceil(u64, u64),
    Log(u64),
    Bits(u64),
    Digits(u64),
    Edges(Vec<u64>),
    Ladder(&'static str),
}

/// A rounding of which only the parameters are known.
#[derive(Clone, Debug)]
pub struct Sketch {
    pub dimension: Dimension,
    pub base: Base,
    pub bottom: Option<u64>,
    pub top: Option<u64>,
}

impl Base {
    pub fn family(&self) -> Family {
        match self {
            Self::Keep => Family::Keep,
            Self::Drop => Family::Drop,
            Self::Floor(w, p) => Family::Floor(Floor::new(*w, *p).unwrap()),
            Self::Nearest(w, p) => Family::Nearest(Nearest::new(*w, *p).unwrap()),
            Self::Ceil(w, p) => Family::Ceil(Ceil::new(*w, *p).unwrap()),
            Self::Log(n) => Family::Log(Log::new(*n).unwrap()),
            Self::Bits(n) => Family::Bits(Bits::new(*n).unwrap()),
            Self::Digits(n) => Family::Digits(Digits::new(*n).unwrap()),
            Self::Edges(edges) => Family::Edges(Cuts::new(edges.clone()).unwrap()),
            Self::Ladder(name) => Family::Ladder(Ladder::named(name).unwrap()),
        }
    }

    /// The bucket's number as the family defines it; rises with the value.
    fn id(&self, x: u64) -> i128 {
        let v = i128::from(x);
        match self {
            Self::Keep => v,
            Self::Drop => 0,
            Self::Floor(w, p) => (v - i128::from(*p)).div_euclid(i128::from(*w)),
            Self::Nearest(w, p) => (v - i128::from(*p) + i128::from(w / 2)).div_euclid(i128::from(*w)),
            Self::Ceil(w, p) => -(i128::from(*p) - v).div_euclid(i128::from(*w)),
            // The largest i with 2^i <= (x + 1)^n.
            Self::Log(n) => i128::from(bit_length(&power(u128::from(x) + 1, *n))) - 1,
            Self::Bits(n) => leading(&format!("{x:b}"), *n, 2),
            Self::Digits(n) => leading(&x.to_string(), *n, 10),
            Self::Edges(edges) => at_or_below(edges, x),
            Self::Ladder(name) => at_or_below(Ladder::named(name).unwrap().rungs(), x),
        }
    }
}

/// The number of which only the first `n` digits stay.
fn leading(digits: &str, n: u64, radix: u32) -> i128 {
    let kept = digits.char_indices().map(|(i, digit)| if (i as u64) < n { digit } else { '0' });
    i128::from_str_radix(&kept.collect::<String>(), radix).unwrap()
}

fn at_or_below(edges: &[u64], x: u64) -> i128 {
    edges.iter().filter(|&&edge| edge <= x).count() as i128
}

/// `base^n` in limbs of 64 bits, the lowest first; `base` is at most 2^64.
pub fn power(base: u128, n: u64) -> Vec<u64> {
    let mut limbs = vec![1u64];
    for _ in 0..n {
        let mut carry = 0;
        for limb in &mut limbs {
            let product = u128::from(*limb) * base + carry;
            *limb = product as u64;
            carry = product >> 64;
        }
        if carry > 0 {
            limbs.push(carry as u64);
        }
    }
    limbs
}

fn bit_length(limbs: &[u64]) -> u32 {
    64 * limbs.len() as u32 - limbs[limbs.len() - 1].leading_zeros()
}

fn compare(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// Whether `high / low < 2^(1/n)`, for bounds of at most 2^64.
pub fn within_step_of_log(low: u128, high: u128, n: u64) -> bool {
    let mut carry = 0;
    let mut doubled: Vec<u64> = Vec::new();
    for limb in power(low, n) {
        doubled.push(limb << 1 | carry);
        carry = limb >> 63;
    }
    if carry > 0 {
        doubled.push(carry);
    }
    compare(&power(high, n), &doubled) == Ordering::Less
}

impl Sketch {
    pub fn rounding(&self) -> Rounding {
        let coding = Coding::new(self.bottom, self.top).unwrap();
        Rounding::new(self.dimension, self.base.family(), coding).unwrap()
    }

    /// The rounding in the grammar, with every quantity in base units.
    pub fn text(&self) -> String {
        let unit = match self.dimension {
            Dimension::Duration => "ms",
            Dimension::Bitrate => "bps",
            Dimension::Integer => "",
        };
        let mut text = match &self.base {
            Base::Keep => "keep".to_owned(),
            Base::Drop => "drop".to_owned(),
            Base::Floor(w, p) => format!("floor:{w}{unit}@{p}{unit}"),
            Base::Nearest(w, p) => format!("nearest:{w}{unit}@{p}{unit}"),
            Base::Ceil(w, p) => format!("ceil:{w}{unit}@{p}{unit}"),
            Base::Log(n) => format!("log:{n}"),
            Base::Bits(n) => format!("bits:{n}"),
            Base::Digits(n) => format!("digits:{n}"),
            Base::Edges(edges) => {
                let edges: Vec<_> = edges.iter().map(|edge| format!("{edge}{unit}")).collect();
                format!("edges:{}", edges.join(","))
            }
            Base::Ladder(name) => format!("ladder:{name}"),
        };
        for (name, edge) in [("bottom", self.bottom), ("top", self.top)] {
            text.extend(edge.map(|edge| format!("+{name}:{edge}{unit}")));
        }
        text
    }

    /// Whether the value lies where the family alone decides.
    pub fn is_between(&self, x: u64) -> bool {
        self.bottom.is_none_or(|bottom| bottom <= x) && self.top.is_none_or(|top| x < top)
    }

    /// The bucket's number: below the bottom, between, from the top on.
    pub fn id(&self, x: u64) -> (u8, i128) {
        if self.bottom.is_some_and(|bottom| x < bottom) {
            (0, 0)
        } else if self.top.is_some_and(|top| x >= top) {
            (2, 0)
        } else {
            (1, self.base.id(x))
        }
    }

    /// All values of the same id, found by bisection.
    pub fn bucket(&self, x: u64) -> Bucket {
        let id = self.id(x);
        let from = smallest(|v| self.id(v) >= id).unwrap();
        Bucket { from, to: smallest(|v| self.id(v) > id) }
    }

    /// The values themselves, both ends of their buckets and their neighbors, and the ends of everything.
    pub fn around(&self, values: &[u64]) -> Vec<u64> {
        let rounding = self.rounding();
        let mut special = vec![0, 1, 1 << 53, u64::MAX];
        special.extend(rounding.width().into_iter().chain(self.bottom).chain(self.top));
        if let Base::Edges(edges) = &self.base {
            special.extend(edges);
        }
        special.extend(values);
        for i in 0..special.len() {
            let bucket = rounding.bucket(special[i]);
            special.extend([bucket.from, bucket.midpoint()]);
            special.extend(bucket.to);
        }
        let mut around: Vec<u64> =
            special.iter().flat_map(|&v| [v.saturating_sub(1), v, v.saturating_add(1)]).collect();
        around.sort_unstable();
        around.dedup();
        around
    }
}

/// The smallest value that passes a test which, once passed, stays passed.
fn smallest(passes: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (0, u64::MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        if passes(middle) { high = middle } else { low = middle + 1 }
    }
    passes(low).then_some(low)
}

/// Small, everyday, round, and next to where floats and machine words end.
pub fn number() -> BoxedStrategy<u64> {
    prop_oneof![
        0..=40u64,
        0..=100_000u64,
        0..=14_400_000u64,
        (0..=240u64).prop_map(|minutes| minutes * 60_000),
        (0..64u32, -2..=2i64).prop_map(|(exponent, by)| (1u64 << exponent).saturating_add_signed(by)),
        (0..20u32, -2..=2i64).prop_map(|(exponent, by)| 10u64.pow(exponent).saturating_add_signed(by)),
        ((1u64 << 53) - 3)..=((1 << 53) + 3),
        (u64::MAX - 40)..=u64::MAX,
        any::<u64>(),
    ]
    .boxed()
}

pub fn positive() -> impl Strategy<Value = u64> {
    number().prop_map(|n| n.max(1))
}

fn width_and_phase() -> impl Strategy<Value = (u64, u64)> {
    let phase = prop_oneof![Just(0), number(), Just(u64::MAX)];
    (positive(), phase).prop_map(|(w, p)| (w, if p == u64::MAX { w - 1 } else { p % w }))
}

pub fn edges() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::btree_set(positive(), 1..12).prop_map(|edges| edges.into_iter().collect())
}

/// Every family, once.
pub fn bases() -> Vec<BoxedStrategy<Base>> {
    let names: Vec<_> = Ladder::names().collect();
    vec![
        Just(Base::Keep).boxed(),
        Just(Base::Drop).boxed(),
        width_and_phase().prop_map(|(w, p)| Base::Floor(w, p)).boxed(),
        width_and_phase().prop_map(|(w, p)| Base::Nearest(w, p)).boxed(),
        width_and_phase().prop_map(|(w, p)| Base::Ceil(w, p)).boxed(),
        prop_oneof![8 => 1..=8u64, 1 => 9..=16u64].prop_map(Base::Log).boxed(), // more take long to build
        (1..=64u64).prop_map(Base::Bits).boxed(),
        (1..=20u64).prop_map(Base::Digits).boxed(),
        edges().prop_map(Base::Edges).boxed(),
        prop::sample::select(names).prop_map(Base::Ladder).boxed(),
    ]
}

/// Every coding, once.
fn codings() -> Vec<BoxedStrategy<(Option<u64>, Option<u64>)>> {
    let both = (positive(), positive()).prop_filter("bottom below top", |(a, b)| a != b);
    vec![
        Just((None, None)).boxed(),
        positive().prop_map(|bottom| (Some(bottom), None)).boxed(),
        positive().prop_map(|top| (None, Some(top))).boxed(),
        both.prop_map(|(a, b)| (Some(a.min(b)), Some(a.max(b)))).boxed(),
    ]
}

pub fn coding() -> impl Strategy<Value = (Option<u64>, Option<u64>)> {
    Union::new(codings())
}

pub fn dimension() -> impl Strategy<Value = Dimension> {
    prop::sample::select(vec![Dimension::Duration, Dimension::Bitrate, Dimension::Integer])
}

/// Every family with every coding; `drop` takes none, and a ladder is one of bit rates.
pub fn sketch() -> impl Strategy<Value = Sketch> {
    (dimension(), Union::new(bases()), coding()).prop_map(|(dimension, base, (bottom, top))| match base {
        Base::Drop => Sketch { dimension, base, bottom: None, top: None },
        Base::Ladder(_) => Sketch { dimension: Dimension::Bitrate, base, bottom, top },
        base => Sketch { dimension, base, bottom, top },
    })
}

pub fn values() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(number(), 1..4)
}
