//! What every bucket of one axis uses of the budgets, grown file by file.
//!
//! For a fixed first place the bucket grows atom by atom; a class's figures grow with each file in O(1), so all
//! buckets from one place take one pass over the files from there on.

use super::arcs::Arcs;
use super::budget::{Budget, Use};
use super::files::{File, Files};
use crate::anonymity::{LARGEST, Thresholds, kind_hits};

/// Of every arc, one number a budget: the sum over the classes of that bucket, all groups together.
/// O(places x files).
pub(super) fn uses(files: &Files, budgets: &[Budget], thresholds: Thresholds) -> Vec<u64> {
    let (m, arcs) = (budgets.len(), Arcs(files.atoms + 1));
    let mut found = vec![0; arcs.count() * m];
    let mut growing = Growing::new(files, budgets, thresholds);
    let mut end = files.files.len();
    for from in (0..files.atoms).rev() {
        let start = files.files.partition_point(|file| (file.atom as usize) < from);
        let first = arcs.from(from);
        if start == end {
            // Nothing lies in the first atom: the buckets are those from the next place on.
            let (here, next) = found.split_at_mut((first + files.atoms - from) * m);
            if from + 1 < files.atoms {
                let length = (files.atoms - from - 1) * m;
                here[first * m + m..].copy_from_slice(&next[..length]);
            }
            continue;
        }
        growing.clear();
        let mut rest = files.files[start..].iter().peekable();
        for to in from + 1..=files.atoms {
            while let Some(file) = rest.next_if(|file| (file.atom as usize) < to) {
                growing.add(file);
            }
            growing.settle();
            let at = (first + to - from - 1) * m;
            found[at..at + m].copy_from_slice(&growing.total);
        }
        end = start;
    }
    found
}

/// What a title holds of its class; `run` tells the counts of this start from older ones.
#[derive(Clone, Copy, Default)]
struct Title {
    run: u32,
    files: u32,
    weight: u64,
}

/// The class of one group.
#[derive(Clone, Copy, Default)]
struct Class {
    files: u64,
    weight: u64,
    titles: u32,
    series: u32,
    top_files: u32,
    ties: u32,
    top_weight: u64,
    changed: bool,
}

struct Growing<'a> {
    budgets: &'a [Budget],
    thresholds: Thresholds,
    kinds: usize,
    run: u32,
    titles: Vec<Title>,
    series: Vec<u32>,
    classes: Vec<Class>,
    /// By group and kind: titles with the most files. Empty where no budget asks.
    best: Vec<u32>,
    /// By group and budget: what the total holds of it.
    counted: Vec<u64>,
    changed: Vec<u32>,
    total: Vec<u64>,
}

impl<'a> Growing<'a> {
    fn new(files: &Files, budgets: &'a [Budget], thresholds: Thresholds) -> Self {
        let kinds = if budgets.iter().any(|b| matches!(b.of, Use::KindHits(_))) { files.kinds } else { 0 };
        Self {
            budgets,
            thresholds,
            kinds,
            run: 0,
            titles: vec![Title::default(); files.titles],
            series: vec![0; files.series],
            classes: vec![Class::default(); files.groups],
            best: vec![0; files.groups * kinds],
            counted: vec![0; files.groups * budgets.len()],
            changed: Vec::new(),
            total: vec![0; budgets.len()],
        }
    }

    fn clear(&mut self) {
        self.run += 1;
        self.classes.fill(Class::default());
        self.best.fill(0);
        self.counted.fill(0);
        self.total.fill(0);
    }

    fn add(&mut self, file: &File) {
        let class = &mut self.classes[file.group as usize];
        if !class.changed {
            class.changed = true;
            self.changed.push(file.group);
        }
        class.files += 1;
        class.weight += file.weight;
        let seen = &mut self.series[file.series as usize];
        class.series += u32::from(*seen != self.run);
        *seen = self.run;
        let title = &mut self.titles[file.title as usize];
        if title.run != self.run {
            *title = Title { run: self.run, ..Title::default() };
            class.titles += 1;
        }
        title.files += 1;
        title.weight += file.weight;
        class.top_weight = class.top_weight.max(title.weight);
        if title.files < class.top_files {
            return;
        }
        let best = &mut self.best[file.group as usize * self.kinds..][..self.kinds];
        if title.files > class.top_files {
            (class.top_files, class.ties) = (title.files, 0);
            best.fill(0);
        }
        class.ties += 1;
        if let Some(best) = best.get_mut(file.kind as usize) {
            *best += 1;
        }
    }

    /// Brings the total up to date with the classes that changed.
    fn settle(&mut self) {
        let m = self.budgets.len();
        for group in self.changed.drain(..) {
            let group = group as usize;
            let class = &mut self.classes[group];
            class.changed = false;
            let best = &self.best[group * self.kinds..][..self.kinds];
            let counted = &mut self.counted[group * m..][..m];
            for ((budget, counted), total) in self.budgets.iter().zip(counted).zip(&mut self.total) {
                let now = class.uses(budget.of, best, self.thresholds);
                *total = *total - *counted + now;
                *counted = now;
            }
        }
    }
}

impl Class {
    /// As [`Tally`](crate::anonymity::Tally) sums it.
    fn uses(&self, of: Use, best: &[u32], thresholds: Thresholds) -> u64 {
        let top_files = u64::from(self.top_files);
        let exposed = self.titles < thresholds.k_titles || self.series < thresholds.k_series;
        match of {
            Use::ExposedFiles if exposed => self.files,
            Use::ExposedPlays if exposed => self.weight,
            Use::ExposedFiles | Use::ExposedPlays => 0,
            Use::LargestFiles(i) => {
                let (part, whole) = LARGEST[i];
                if top_files * whole >= self.files * part { self.files } else { 0 }
            }
            Use::LargestPlays(i) => {
                let (part, whole) = LARGEST[i];
                let most = u128::from(self.top_weight) * u128::from(whole);
                if most >= u128::from(self.weight) * u128::from(part) { self.weight } else { 0 }
            }
            Use::Hits => top_files,
            Use::Plays => self.top_weight,
            Use::KindHits(kind) => {
                let best = best.get(kind).copied().unwrap_or(0);
                kind_hits(top_files, u64::from(best), u64::from(self.ties))
            }
        }
    }
}
