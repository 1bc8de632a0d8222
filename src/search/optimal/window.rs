//! The bounded window: every start that the splitting bound leaves, O(marks x window).

use super::cost::Cost;
use super::marks::Marks;
use super::rebase::{STRETCH, rebase};

/// The inner marks at which an optimal partition cuts.
///
/// Sums are pushed forward: when the loop reaches mark i its own sum is final, and it is offered to every end in
/// e(i)..e(e(i)). Ends lie side by side, so a loss can do several at once; who offered the least is found again on the
/// way back, on the cuts alone.
pub(super) fn cuts(marks: &Marks<'_>, cost: &mut impl Cost) -> Vec<usize> {
    let last = marks.last();
    let mut best = vec![f64::INFINITY; last + 1];
    best[0] = 0.0;
    let (mut to_end, mut before_end) = (f64::INFINITY, 0);
    // Each stretch: its first mark, and what was taken off the sums there.
    let mut bases: Vec<(usize, f64)> = Vec::new();
    let mut start = 0;
    while start < last {
        let stop = (start + STRETCH).max(marks.reach(start)).min(last);
        let top = marks.reach(stop - 1);
        let live = if start == 0 { 0 } else { marks.reach(start - 1) };
        let base = rebase(&mut best[start..live.max(start + 1)]);
        to_end -= base;
        bases.push((start, base));
        cost.enter(start..top.max(stop) + 1);
        for i in start..stop {
            let sum = best[i];
            if sum == f64::INFINITY {
                continue;
            }
            let end = (marks.ends[i] as usize).min(last);
            let reach = marks.reach(i);
            if end < reach {
                cost.relax(i, sum, end..reach, &mut best[end..reach]);
            }
            if reach == last && marks.may_be_last(i) {
                let through = sum + cost.last(i);
                if through < to_end {
                    (to_end, before_end) = (through, i);
                }
            }
        }
        start = stop;
    }
    let mut cuts = Vec::new();
    let mut j = before_end;
    while j > 0 {
        cuts.push(j);
        j = start_of(marks, cost, &best, &bases, j);
    }
    cuts.reverse();
    cuts
}

/// The first start of the window that offers mark j the least.
fn start_of(marks: &Marks<'_>, cost: &impl Cost, best: &[f64], bases: &[(usize, f64)], j: usize) -> usize {
    // e and e(e) never fall, so the starts whose window holds j lie side by side.
    let mut from = j;
    while marks.ends[from - 1] as usize > j {
        from -= 1;
    }
    let mut found = (f64::INFINITY, 0);
    let mut stretch = bases.partition_point(|&(start, _)| start < from).saturating_sub(1);
    // What the sums of the start's stretch lie above those of the nearest one.
    let mut above = 0.0;
    while from > 0 {
        let i = from - 1;
        if (marks.ends[marks.ends[i] as usize] as usize) <= j {
            break;
        }
        while i < bases[stretch].0 {
            above -= bases[stretch].1;
            stretch -= 1;
        }
        if best[i] < f64::INFINITY {
            let through = above + best[i] + cost.cost(i, j);
            if through <= found.0 {
                found = (through, i);
            }
        }
        from -= 1;
    }
    found.1
}
