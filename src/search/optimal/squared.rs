//! Squared error against the class mean, without a difference of large floats.

use std::ops::Range;

use super::Distribution;
use super::cost::Cost;
use super::marks::Marks;
use super::rebase::STRETCH;
use super::word::Word;

/// n Q - P^2, over n, of the files of a bucket: n their number, P and Q the sums of their values and of the squares.
///
/// The numerator is a whole number, and adding a constant to all values leaves it as it is. Running sums in wrapping
/// integers give it exactly whenever it fits the word itself, however often they have wrapped; by Popoviciu's inequality
/// it is at most (n x range)^2 / 4. Dividing rounds it, once, or twice where the quotient is taken as a product.
pub(super) struct Squared<'a, N> {
    distribution: &'a Distribution,
    marks: &'a Marks<'a>,
    /// Sum of the values and of their squares below each mark, from the least value.
    sums: Vec<[N; 2]>,
    nearby: Nearby,
}

/// The same sums of one stretch of marks, less those at its beginning, as floats that hold whole numbers under 2^53.
#[derive(Default)]
struct Nearby {
    marks: Range<usize>,
    files: Vec<f64>,
    sum: Vec<f64>,
    squares: Vec<f64>,
    /// Whether each mark is one file on.
    ones: bool,
    /// 1/n for n files, from 0 on; as far as it was needed.
    inverse: Vec<f64>,
}

impl Nearby {
    fn clear(&mut self) {
        self.marks = 0..0;
        self.files.clear();
        self.sum.clear();
        self.squares.clear();
    }
}

/// Floats are exact up to here.
const EXACT: f64 = (1u64 << 53) as f64;

/// Files times range of the values between two marks.
fn spread(distribution: &Distribution, marks: &Marks<'_>, from: usize, to: usize) -> u64 {
    let (from, to) = (marks.at[from] as usize, marks.at[to] as usize);
    let (values, below) = (distribution.values(), distribution.files_below());
    (below[to] - below[from]).saturating_mul(values[to.max(from + 1) - 1] - values[from])
}

/// Whether the numerator of every bucket inside a window fits 64 bits with a sign.
pub(super) fn fits_64(distribution: &Distribution, marks: &Marks<'_>) -> bool {
    let fits = |from: usize, to: usize| spread(distribution, marks, from, marks.reach(to)) <= 1 << 32;
    let runs = (0..marks.last()).step_by(STRETCH).map(|from| (from, (from + STRETCH).min(marks.last())));
    // A whole run at once, and start by start only where that is too much.
    let mut runs = runs.into_iter();
    runs.all(|(from, to)| fits(from, to - 1) || (from..to).all(|i| fits(i, i)))
}

impl<'a, N: Word> Squared<'a, N> {
    /// Of a reference at its marks. O(values).
    pub fn new(distribution: &'a Distribution, marks: &'a Marks<'_>) -> Self {
        let (values, below) = (distribution.values(), distribution.files_below());
        let (mut sum, mut squares, mut before) = (N::of(0), N::of(0), 0);
        let below_mark = |&at: &u32| {
            for i in before..at as usize {
                let here = N::of(values[i] - values[0]);
                let product = N::of(below[i + 1] - below[i]).times(here);
                sum = sum.plus(product);
                squares = squares.plus(product.times(here));
            }
            before = at as usize;
            [sum, squares]
        };
        Self {
            distribution,
            marks,
            sums: marks.at.iter().map(below_mark).collect(),
            nearby: Nearby::default(),
        }
    }

    fn files(&self, i: usize, j: usize) -> u64 {
        let below = self.distribution.files_below();
        below[self.marks.at[j] as usize] - below[self.marks.at[i] as usize]
    }
}

impl<N: Word> Cost for Squared<'_, N> {
    fn cost(&self, i: usize, j: usize) -> f64 {
        let files = N::of(self.files(i, j));
        let ([sum_below, squares_below], [sum, squares]) = (self.sums[i], self.sums[j]);
        let (sum, squares) = (sum.minus(sum_below), squares.minus(squares_below));
        files.times(squares).minus(sum.times(sum)).float() / files.float()
    }

    fn last(&self, i: usize) -> f64 {
        self.cost(i, self.marks.last())
    }

    /// Where the stretch is so narrow that n Q stays under 2^53, floats are exact too, and several ends can be weighed
    /// at once.
    fn enter(&mut self, marks: Range<usize>) {
        let (from, to) = (marks.start, marks.end - 1);
        self.nearby.clear();
        let (values, below) = (self.distribution.values(), self.distribution.files_below());
        let (first, end) = (self.marks.at[from] as usize, self.marks.at[to] as usize);
        let least = values[first.min(values.len() - 1)];
        let files = self.files(from, to);
        let range = (values[end.max(first + 1) - 1] - least) as f64;
        let window = |i: usize| self.files(i, self.marks.reach(i));
        let most = |widest: u64| files as f64 * range * range * widest as f64;
        if most(files) >= EXACT && most((from..to).map(window).max().unwrap_or(0)) >= EXACT {
            return;
        }
        let (mut sum, mut squares, mut before) = (0.0, 0.0, first);
        for &at in &self.marks.at[marks.clone()] {
            let at = at as usize;
            for i in before..at {
                let here = (values[i] - least) as f64;
                let product = (below[i + 1] - below[i]) as f64 * here;
                sum += product;
                squares += product * here;
            }
            before = at;
            self.nearby.files.push((below[at] - below[first]) as f64);
            self.nearby.sum.push(sum);
            self.nearby.squares.push(squares);
        }
        // Between marks lies one file at least, so as many files as steps are one a step.
        self.nearby.ones = files == (to - from) as u64;
        if self.nearby.ones {
            let known = self.nearby.inverse.len() as u64;
            self.nearby.inverse.extend((known..=files).map(|n| 1.0 / n as f64));
        }
        self.nearby.marks = marks;
    }

    fn relax(&self, i: usize, before: f64, ends: Range<usize>, best: &mut [f64]) {
        let Nearby { marks, files, sum, squares, ones, inverse } = &self.nearby;
        if !(marks.contains(&i) && ends.end <= marks.end) {
            for (j, best) in ends.zip(best) {
                let through = before + self.cost(i, j);
                *best = if through < *best { through } else { *best };
            }
            return;
        }
        let (from, ends) = (i - marks.start, ends.start - marks.start..ends.end - marks.start);
        let (files_below, sum_below, squares_below) = (files[from], sum[from], squares[from]);
        if *ones {
            // A product is a good deal faster than a quotient, for one more rounding.
            let inverse = &inverse[ends.start - from..ends.end - from];
            let sums = files[ends.clone()].iter().zip(&sum[ends.clone()]).zip(&squares[ends]);
            for ((best, ((&files, &sum), &squares)), &inverse) in best.iter_mut().zip(sums).zip(inverse) {
                let (files, sum) = (files - files_below, sum - sum_below);
                let through = before + (files * (squares - squares_below) - sum * sum) * inverse;
                *best = if through < *best { through } else { *best };
            }
            return;
        }
        let sums = files[ends.clone()].iter().zip(&sum[ends.clone()]).zip(&squares[ends]);
        for (best, ((&files, &sum), &squares)) in best.iter_mut().zip(sums) {
            let (files, sum) = (files - files_below, sum - sum_below);
            let through = before + (files * (squares - squares_below) - sum * sum) / files;
            *best = if through < *best { through } else { *best };
        }
    }
}

/// The loss of the buckets between indices of values: whole parts are added exactly, and only the fractions rounded.
pub(super) fn total(distribution: &Distribution, places: &[usize]) -> f64 {
    let (values, below) = (distribution.values(), distribution.files_below());
    let (mut whole, mut fractions) = (0u128, 0.0);
    for pair in places.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        if from == to {
            continue;
        }
        let files = below[to] - below[from];
        // As `fits_64` for this bucket alone: whole numbers of one word are a good deal faster.
        if files.saturating_mul(values[to - 1] - values[from]) <= 1 << 32 {
            let numerator = numerator::<u64>(distribution, from, to);
            whole += u128::from(numerator / files);
            fractions += (numerator % files) as f64 / files as f64;
        } else {
            let (numerator, files) = (numerator::<u128>(distribution, from, to), u128::from(files));
            whole += numerator / files;
            fractions += (numerator % files) as f64 / files as f64;
        }
    }
    whole as f64 + fractions
}

/// n Q - P^2 of the values from..to (indices).
fn numerator<N: Word>(distribution: &Distribution, from: usize, to: usize) -> N {
    let (values, below) = (distribution.values(), distribution.files_below());
    let (mut sum, mut squares) = (N::of(0), N::of(0));
    for i in from..to {
        let above = N::of(values[i] - values[from]);
        let product = N::of(below[i + 1] - below[i]).times(above);
        sum = sum.plus(product);
        squares = squares.plus(product.times(above));
    }
    N::of(below[to] - below[from]).times(squares).minus(sum.times(sum))
}
