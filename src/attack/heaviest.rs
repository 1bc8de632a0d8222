//! Which name holds the most, of weights that come file by file.

/// Sums by name, kept from one use to the next so that each costs what it touches.
pub(super) struct Sums {
    of: Vec<f64>,
    touched: Vec<u32>,
}

impl Sums {
    /// For names below `bound`.
    pub fn new(bound: usize) -> Self {
        Self { of: vec![0.0; bound], touched: Vec::new() }
    }

    /// Adds to a name; nothing is no touch.
    pub fn add(&mut self, name: u32, weight: f64) {
        if weight > 0.0 {
            let sum = &mut self.of[name as usize];
            if *sum == 0.0 {
                self.touched.push(name);
            }
            *sum += weight;
        }
    }

    /// What the name holds so far.
    pub fn get(&self, name: u32) -> f64 {
        self.of[name as usize]
    }

    /// The name that holds the most, among equals the lowest, and what it holds.
    pub fn heaviest(&self) -> Option<(u32, f64)> {
        let held = self.touched.iter().map(|&name| Some((name, self.of[name as usize])));
        held.fold(None, heavier)
    }

    /// What each name holds, forgotten here.
    pub fn take(&mut self) -> Vec<(u32, f64)> {
        self.touched.drain(..).map(|name| (name, std::mem::take(&mut self.of[name as usize]))).collect()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        for name in self.touched.drain(..) {
            self.of[name as usize] = 0.0;
        }
    }
}

/// The heavier of two, among equals the lower name.
pub(super) fn heavier(a: Option<(u32, f64)>, b: Option<(u32, f64)>) -> Option<(u32, f64)> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.1 > a.1 || b.1 == a.1 && b.0 < a.0 { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// One more than the largest name.
pub(super) fn bound(names: &[u32]) -> usize {
    names.iter().max().map_or(0, |&name| name as usize + 1)
}
