//! Buckets between places, numbered: every pair of places is an arc, a partition is a path over them.

/// The arcs over that many places, by rising first place, then rising second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arcs(pub usize);

impl Arcs {
    /// How many arcs there are.
    pub fn count(self) -> usize {
        self.0 * (self.0 - 1) / 2
    }

    /// The number of the first arc from a place; the one to place `to` is `to - from - 1` further.
    pub fn from(self, from: usize) -> usize {
        from * (2 * self.0 - from - 1) / 2
    }

    /// The number of an arc.
    pub fn at(self, from: usize, to: usize) -> usize {
        self.from(from) + (to - from - 1)
    }

    /// Every arc as (from, to), in the order of their numbers.
    pub fn all(self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.0).flat_map(move |from| (from + 1..self.0).map(move |to| (from, to)))
    }

    /// The least cost of a path from the first place to the last. `best` is scratch. O(arcs).
    pub fn least(self, costs: &[f64], best: &mut Vec<f64>) -> f64 {
        best.clear();
        best.resize(self.0, f64::INFINITY);
        best[0] = 0.0;
        for from in 0..self.0 - 1 {
            let (here, start) = (best[from], self.from(from));
            let out = &costs[start..start + self.0 - from - 1];
            for (best, cost) in best[from + 1..].iter_mut().zip(out) {
                *best = best.min(here + cost);
            }
        }
        best[self.0 - 1]
    }

    /// The least cost from every place to the last. O(arcs).
    pub fn to_go(self, cost: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut best = vec![f64::INFINITY; self.0];
        best[self.0 - 1] = 0.0;
        for from in (0..self.0 - 1).rev() {
            let start = self.from(from);
            for to in from + 1..self.0 {
                best[from] = best[from].min(cost(start + to - from - 1) + best[to]);
            }
        }
        best
    }

    /// A cheapest path by what is left to go; the first of equals.
    pub fn walk(self, cost: impl Fn(usize) -> f64, to_go: &[f64]) -> Vec<usize> {
        let mut path = vec![0];
        let mut from = 0;
        while from < self.0 - 1 {
            let start = self.from(from);
            let total = |to: usize| cost(start + to - from - 1) + to_go[to];
            from = (from + 1..self.0).min_by(|&a, &b| total(a).total_cmp(&total(b))).unwrap_or(self.0 - 1);
            path.push(from);
        }
        path
    }
}
