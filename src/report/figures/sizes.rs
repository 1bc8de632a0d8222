//! In how large a class files lie, ping by ping.

use serde_json::json;

use super::{axis, color, layout, share_axis};
use crate::report::document::Figure;
use crate::report::numbers::{count, percent, percent_exact};
use crate::study::{Results, ShapeResult, Sizes};

/// A range of sizes in words.
pub(in crate::report) fn range(from: u32, to: u32) -> String {
    if from == to { count(from) } else { format!("{}-{}", count(from), count(to)) }
}

/// Share of the files by the titles in their class.
pub(in crate::report) fn sizes(shape: &ShapeResult, results: &Results) -> Figure {
    // Ranges are doublings, so the place of one is the logarithm of its start; an empty one keeps its place.
    let place = |from: u32| from.max(1).ilog2();
    let every = || shape.pings.iter().flat_map(|ping| &ping.sizes);
    let ends = (every().map(|size| place(size.from)).min(), every().map(|size| place(size.from)).max());
    let limit = results.limits.get("k_titles");
    let first = ends.0.unwrap_or(0).min(limit.map_or(u32::MAX, |k| place(k as u32)));
    let places: Vec<u32> = (first..=ends.1.unwrap_or(first).max(first)).collect();
    let texts: Vec<String> = places.iter().map(|&at| range(1 << at, ((2u64 << at) - 1) as u32)).collect();
    let data = shape.pings.iter().enumerate().map(|(i, ping)| {
        let text = |size: &Sizes| {
            format!("{} titles in the class: {} of the files", range(size.from, size.to), percent(size.files))
        };
        json!({
            "type": "bar", "name": format!("{} ping", ping.ping.name),
            "x": ping.sizes.iter().map(|size| place(size.from)).collect::<Vec<_>>(),
            "y": ping.sizes.iter().map(|size| size.files).collect::<Vec<_>>(),
            "hovertext": ping.sizes.iter().map(text).collect::<Vec<_>>(), "hoverinfo": "text",
            "marker": { "color": color(i) },
        })
    });
    let data: Vec<_> = data.collect();
    // As far into its range as the limit is on the log scale of the ranges.
    let line = limit.map(|k| (libm::log2(k) - 0.5, k));
    let shapes = line.map(|(x, _)| {
        json!({
            "type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1,
            "line": { "color": "var(--blind)", "width": 1.5, "dash": "dash" },
        })
    });
    let notes = line.map(|(x, k)| {
        json!({
            "x": x, "xanchor": "right", "xshift": -4, "yref": "paper", "y": 1, "yanchor": "top", "showarrow": false,
            "text": format!("limit: {}", count(k as u64)), "font": { "color": "var(--blind)" },
        })
    });
    let ends = (f64::from(first) - 0.6, places.last().map_or(0.0, |&last| f64::from(last)) + 0.6);
    Figure {
        id: "plot-sizes".into(),
        caption: format!(
            "Share of the files by how many different titles are in their class, in ranges that double, on the \
             choosing catalogue, for each ping of the shape {}. The scale is logarithmic so that the small shares \
             show: read a bar's end, not its length. Files left of the dashed line lie in classes that are too \
             small; all of them together may be at most {} of the files.",
            shape.shape,
            percent_exact(results.limits.get("exposed_share").unwrap_or(0.0)),
        ),
        height: 440,
        least_width: 0,
        data,
        layout: layout(json!({
            "barmode": "group", "bargap": 0.25, "showlegend": true,
            "shapes": shapes.into_iter().collect::<Vec<_>>(),
            "annotations": notes.into_iter().collect::<Vec<_>>(),
            "xaxis": axis("different titles in the class", json!({
                "tickvals": places, "ticktext": texts, "tickangle": -45, "range": [ends.0, ends.1], "showgrid": false,
            })),
            "yaxis": share_axis("share of the files", every().map(|size| size.files)),
        })),
    }
}
