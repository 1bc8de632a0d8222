//! Ordinary least squares on factors and one number.

use super::ready::FACTORS;
use super::sums::{Combination, Sums};

/// The share of a column's squares that is left beside the columns before it, up to which it counts as following from
/// them: well above what sums of floats lose, well below what says anything.
const FOLLOWS: f64 = 1e-10;

/// A fitted model: y = intercept + an effect of the level of each factor + slope × x.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    intercept: f64,
    effects: [Vec<f64>; FACTORS],
    slope: f64,
    /// 1 - RSS/TSS, `None` where y is constant.
    r_squared: Option<f64>,
}

impl Fit {
    /// Of sums by combination of levels, each factor with so many levels; the first level of each has no effect, and so
    /// has one that follows from those before it or is in no play. `None` where x is constant or follows from the factors,
    /// and without plays: nothing is known of the slope.
    ///
    /// Normal equations by Cholesky's decomposition, x last. O(combinations + levels³).
    ///
    /// ```
    /// use coarsen::utility::speed::{Fit, Sums};
    /// let mut sums = Sums::default();
    /// [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)].iter().for_each(|&(x, y)| sums.add(1.0, &Sums::of(x, y)));
    /// let fit = Fit::of(&[([0; 3], sums)], [1; 3]).unwrap();
    /// assert!((fit.slope() - 2.0).abs() < 1e-12 && (fit.predict([0; 3], 4.0) - 9.0).abs() < 1e-12);
    /// assert_eq!(Fit::of(&[([0; 3], Sums::of(1.0, 1.0))], [1; 3]), None);
    /// ```
    pub fn of(sums: &[(Combination, Sums)], levels: [usize; FACTORS]) -> Option<Self> {
        let all = sums.iter().fold(Sums::default(), |mut all, (_, sums)| {
            all.add(1.0, sums);
            all
        });
        if all.n <= 0.0 {
            return None;
        }
        // About their means, for the sake of the last digits.
        let (x_mean, y_mean) = (all.x / all.n, all.y / all.n);
        let columns = Columns::of(levels);
        let mut equations = Equations::new(columns.slope + 1);
        let mut total = 0.0;
        for (combination, sums) in sums.iter().filter(|(_, sums)| sums.n > 0.0) {
            let about = sums.about(x_mean, y_mean);
            equations.add(&columns.ones(*combination), columns.slope, &about);
            total += about.yy;
        }
        let solved = equations.solve(FOLLOWS * all.xx)?;
        let slope = solved[columns.slope];
        let explained: f64 = solved.iter().zip(&equations.right).map(|(solved, right)| solved * right).sum();
        let effects = [0, 1, 2].map(|factor| {
            let of_level = |level| columns.of_level(factor, level).map_or(0.0, |column| solved[column]);
            (0..levels[factor]).map(of_level).collect()
        });
        let varies = total > FOLLOWS * all.yy;
        Some(Self {
            intercept: solved[0] + y_mean - slope * x_mean,
            effects,
            slope,
            r_squared: varies.then(|| (explained / total).clamp(0.0, 1.0)),
        })
    }

    /// What a doubling of x = log2(..) adds to y.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// The share of y's squares about its mean that the model accounts for; `None` where y is constant.
    pub fn r_squared(&self) -> Option<f64> {
        self.r_squared
    }

    /// y of a play; a level that the fit hasn't seen has the effect of the first. O(1).
    pub fn predict(&self, combination: Combination, x: f64) -> f64 {
        let effects = self.effects.iter().zip(combination);
        let effects = effects.map(|(effects, level)| effects.get(level as usize).copied().unwrap_or(0.0));
        self.intercept + effects.sum::<f64>() + self.slope * x
    }
}

impl Sums {
    /// The same of x and y less these.
    fn about(&self, x: f64, y: f64) -> Self {
        Self {
            n: self.n,
            x: self.x - self.n * x,
            xx: self.xx - 2.0 * x * self.x + self.n * x * x,
            y: self.y - self.n * y,
            xy: self.xy - x * self.y - y * self.x + self.n * x * y,
            yy: (self.yy - 2.0 * y * self.y + self.n * y * y).max(0.0),
        }
    }
}

/// Where the columns of the design stand: 1, the levels of each factor but its first, x.
struct Columns {
    first: [usize; FACTORS],
    slope: usize,
}

impl Columns {
    fn of(levels: [usize; FACTORS]) -> Self {
        let mut next = 1;
        let first = levels.map(|levels| {
            let first = next;
            next += levels.saturating_sub(1);
            first
        });
        Self { first, slope: next }
    }

    fn of_level(&self, factor: usize, level: usize) -> Option<usize> {
        Some(self.first[factor] + level.checked_sub(1)?)
    }

    /// The columns that hold 1 for these levels, ascending.
    fn ones(&self, combination: Combination) -> Vec<usize> {
        let of_factors = combination.iter().enumerate();
        let of_factors = of_factors.filter_map(|(factor, &level)| self.of_level(factor, level as usize));
        std::iter::once(0).chain(of_factors).collect()
    }
}

/// X'X (its lower triangle) and X'y.
struct Equations {
    left: Vec<Vec<f64>>,
    right: Vec<f64>,
}

impl Equations {
    fn new(columns: usize) -> Self {
        Self { left: (0..columns).map(|row| vec![0.0; row + 1]).collect(), right: vec![0.0; columns] }
    }

    fn add(&mut self, ones: &[usize], x: usize, sums: &Sums) {
        for (place, &row) in ones.iter().enumerate() {
            ones[..=place].iter().for_each(|&column| self.left[row][column] += sums.n);
            self.left[x][row] += sums.x;
            self.right[row] += sums.y;
        }
        self.left[x][x] += sums.xx;
        self.right[x] += sums.xy;
    }

    /// The coefficients, 0 for a column that follows from those before it; `None` where the last does, of whose squares at
    /// most `nothing` is left.
    fn solve(&self, nothing: f64) -> Option<Vec<f64>> {
        let columns = self.right.len();
        let mut lower: Vec<Vec<f64>> = Vec::with_capacity(columns);
        let mut stands = vec![false; columns];
        for row in 0..columns {
            let mut own = vec![0.0; row + 1];
            for column in (0..row).filter(|&column| stands[column]) {
                let known: f64 = (0..column).map(|k| own[k] * lower[column][k]).sum();
                own[column] = (self.left[row][column] - known) / lower[column][column];
            }
            let known: f64 = own[..row].iter().map(|value| value * value).sum();
            let left = self.left[row][row] - known;
            let least = if row + 1 == columns { nothing } else { FOLLOWS * self.left[row][row] };
            stands[row] = left > least;
            own[row] = if stands[row] { left.sqrt() } else { 0.0 };
            lower.push(own);
        }
        if !stands[columns - 1] {
            return None;
        }
        let mut solved = vec![0.0; columns];
        for row in (0..columns).filter(|&row| stands[row]) {
            let known: f64 = (0..row).map(|k| lower[row][k] * solved[k]).sum();
            solved[row] = (self.right[row] - known) / lower[row][row];
        }
        for row in (0..columns).rev().filter(|&row| stands[row]) {
            let known: f64 = (row + 1..columns).map(|k| lower[k][row] * solved[k]).sum();
            solved[row] = (solved[row] - known) / lower[row][row];
        }
        Some(solved)
    }
}
