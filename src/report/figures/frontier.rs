//! What nothing beats in both risk and loss, as a scatter.

use serde_json::{Value, json};

use super::{axis, color, layout, share_axis, symbol};
use crate::report::document::{Figure, label};
use crate::report::numbers::percent;
use crate::report::words::{fields, rounding};
use crate::study::{Point, Results, ShapeResult};
use crate::units::Dimension::{Bitrate, Duration};

/// Title re-identification against distortion.
pub(in crate::report) fn frontier(results: &Results) -> Figure {
    let points = &results.frontier;
    let detail = |p: &Point| {
        format!(
            "duration {}<br>bit rate {}<br>side fields: {}<br>{} named, {} lost",
            label(&rounding(&p.duration, Duration)),
            label(&rounding(&p.bitrate, Bitrate)),
            label(&fields(&p.by)),
            percent(p.title_uniform),
            percent(p.distortion)
        )
    };
    let mut data = vec![json!({
        "type": "scatter", "mode": "lines+markers", "name": "frontier of the sweep",
        "x": points.iter().map(|p| 100.0 * p.distortion).collect::<Vec<_>>(),
        "y": points.iter().map(|p| p.title_uniform).collect::<Vec<_>>(),
        "text": points.iter().map(detail).collect::<Vec<_>>(), "hovertemplate": "%{text}<extra></extra>",
        "line": { "color": "var(--before)", "width": 1, "shape": "hv" }, "marker": { "size": 6, "color": "var(--before)" },
    })];
    let mut add = |name: &str, loss: f64, rate: f64, marker: Value| {
        let text = format!("{}<br>{} named, {} lost", label(name), percent(rate), percent(loss));
        data.push(json!({
            "type": "scatter", "mode": "markers", "name": label(name), "x": [100.0 * loss], "y": [rate],
            "text": [text], "hovertemplate": "%{text}<extra></extra>", "marker": marker,
        }));
    };
    let baseline = |symbol: &str| json!({ "symbol": symbol, "size": 13, "color": "var(--blind)", "line": { "width": 2 } });
    let (keep, drop) = (&results.keep, &results.drop);
    add("raw values", keep.distortion, keep.reid_title_uniform, baseline("x-thin-open"));
    add("nothing sent", drop.distortion, drop.reid_title_uniform, baseline("cross-thin-open"));
    for (i, shape) in results.shapes.iter().enumerate() {
        let chosen = if results.chosen == Some(shape.shape) { " (chosen)" } else { "" };
        let size = 17 - 3 * i.min(3);
        let filled = json!({
            "symbol": symbol(i), "size": size, "color": color(i), "line": { "color": "var(--paper)", "width": 1 },
        });
        add(&format!("{}{chosen}", shape.shape), shape.distortion, worst(shape), filled);
        if shape.pings.len() > 1 {
            let open = json!({
                "symbol": format!("{}-open", symbol(i)), "size": size, "color": color(i), "line": { "width": 2 },
            });
            add(
                &format!("{}, pings linked", shape.shape),
                shape.distortion,
                shape.linked.title_uniform,
                open,
            );
        }
    }
    let shapes = results.shapes.iter().flat_map(|shape| [worst(shape), shape.linked.title_uniform]);
    let shares = points.iter().map(|p| p.title_uniform).chain(shapes).chain([drop.reid_title_uniform]);
    Figure {
        id: "plot-frontier".into(),
        caption: "Share of the files named by title (uniform prior, log scale) against distortion, on the choosing \
                  catalogue. The line joins the candidates of the sweep that no other beats in both; the sweep sends \
                  one ping with either every side field or none, so a shape that keeps some of them, or sends several \
                  pings, can lie below the line. A shape of several pings stands at the rate of its worst ping."
            .to_owned(),
        height: 520,
        least_width: 0,
        layout: layout(json!({
            "hovermode": "closest",
            "xaxis": axis("distortion (weighted share of detail lost)", json!({ "range": [-3, 103], "ticksuffix": " %" })),
            "yaxis": share_axis("files named by title", shares),
        })),
        data,
    }
}

/// The rate of the ping that gives away the most.
fn worst(shape: &ShapeResult) -> f64 {
    shape.pings.iter().map(|ping| ping.row.reid_title_uniform).fold(0.0, f64::max)
}
