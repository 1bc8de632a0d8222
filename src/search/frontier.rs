//! What nothing beats in both risk and loss, or whatever else it costs.

/// The indices of the points that no other beats: none is at most as large in both and smaller in one.
/// Of equal points the first stays. Rising in the first coordinate. O(n log n).
///
/// ```
/// let points = [(1.0, 9.0), (2.0, 5.0), (3.0, 7.0), (4.0, 1.0)];
/// assert_eq!(coarsen::search::frontier(&points), [0, 1, 3]);
/// ```
pub fn frontier(points: &[(f64, f64)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by(|&a, &b| {
        let ((a0, a1), (b0, b1)) = (points[a], points[b]);
        a0.total_cmp(&b0).then(a1.total_cmp(&b1)).then(a.cmp(&b))
    });
    let mut best = f64::INFINITY;
    order.retain(|&i| {
        let stays = points[i].1 < best;
        best = best.min(points[i].1);
        stays
    });
    order
}
