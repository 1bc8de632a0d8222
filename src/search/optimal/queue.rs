//! The queue of starts, O(marks x log window), by the quadrangle inequality.

use super::cost::Cost;
use super::marks::Marks;
use super::rebase::{STRETCH, rebase};

/// A start, and the first end at which it is at least as good as the start before it in the queue.
#[derive(Clone, Copy)]
struct Start {
    mark: usize,
    from: usize,
}

/// The inner marks at which an optimal partition cuts.
///
/// The difference between two starts never rises with the end, so one binary search finds where the later one takes over.
/// It goes no further than e(e(i)) of the earlier, where that one is not needed any more (see [`super`]), so only
/// buckets inside a window are ever weighed.
pub(super) fn cuts(marks: &Marks<'_>, cost: &mut impl Cost) -> Vec<usize> {
    let last = marks.last();
    let mut best = vec![f64::INFINITY; last + 1];
    let mut start_of = vec![0u32; last + 1];
    best[0] = 0.0;
    let (mut to_end, mut before_end) = (f64::INFINITY, 0);
    let (mut queue, mut head): (Vec<Start>, usize) = (Vec::new(), 0);
    let (mut next, mut next_base, mut live) = (0, STRETCH, 0);
    for j in marks.ends[0] as usize..last {
        if j >= next_base {
            // Not from the head of the queue: a start that it left behind may still be best for the last mark.
            while marks.reach(live) < j {
                live += 1;
            }
            rebase(&mut best[live..j]);
            next_base = j + STRETCH.max(j - live);
        }
        while next < j && marks.ends[next] as usize <= j {
            if best[next] < f64::INFINITY {
                offer(marks, cost, &best, &mut queue, head, next);
            }
            next += 1;
        }
        while queue.get(head + 1).is_some_and(|second| second.from <= j) {
            head += 1;
        }
        if let Some(front) = queue.get(head) {
            best[j] = best[front.mark] + cost.cost(front.mark, j);
            start_of[j] = front.mark as u32;
        }
    }
    // The last mark has a cost of its own. All starts that may go there are live at the end, so their sums have one base.
    let first = (0..last).rev().take_while(|&i| marks.ends[i] as usize > last || marks.may_be_last(i)).last();
    let first = first.unwrap_or(0);
    for (i, &sum) in best[..last].iter().enumerate().skip(first) {
        if sum < f64::INFINITY && marks.may_be_last(i) {
            let through = sum + cost.last(i);
            if through < to_end {
                (to_end, before_end) = (through, i);
            }
        }
    }
    let mut cuts = Vec::new();
    let mut j = before_end;
    while j > 0 {
        cuts.push(j);
        j = start_of[j] as usize;
    }
    cuts.reverse();
    cuts
}

/// Appends a start, and drops those at the back that it leaves no end to be best at.
fn offer(
    marks: &Marks<'_>,
    cost: &impl Cost,
    best: &[f64],
    queue: &mut Vec<Start>,
    head: usize,
    mark: usize,
) {
    let first = marks.ends[mark] as usize;
    while queue.len() > head {
        let back = queue[queue.len() - 1];
        let from = takes_over(cost, best, back.mark, mark, first, marks.reach(back.mark));
        if from > back.from {
            if from < marks.last() {
                queue.push(Start { mark, from });
            }
            return;
        }
        queue.pop();
    }
    queue.push(Start { mark, from: first });
}

/// The first end in first..reach at which the later start is at least as good, or reach.
fn takes_over(
    cost: &impl Cost,
    best: &[f64],
    earlier: usize,
    later: usize,
    first: usize,
    reach: usize,
) -> usize {
    let as_good = |j: usize| best[later] + cost.cost(later, j) <= best[earlier] + cost.cost(earlier, j);
    let (mut low, mut high) = (first, reach.max(first));
    while low < high {
        let middle = low + (high - low) / 2;
        if as_good(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
