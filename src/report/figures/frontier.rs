//! What nothing beats in both risk and cost, as a scatter.

use serde_json::{Value, json};

use super::{axis, color, layout, ratio_axis, share_axis, symbol};
use crate::report::document::{Figure, label};
use crate::report::numbers::percent;
use crate::report::words::{fields, rounding, traffic};
use crate::search::Traffic;
use crate::study::{Diagnostics, FrontierAxis, Point, Results, ShapeResult};
use crate::units::Dimension::{Bitrate, Duration};

/// The second axis.
enum Second {
    Distortion,
    /// With the place of what loses a family of faults, right of every ratio.
    Ratio {
        lost: f64,
    },
}

/// What one mark costs.
#[derive(Clone, Copy)]
struct Cost {
    distortion: f64,
    traffic: Option<Traffic>,
}

/// Title re-identification against the sample-size ratio, or against distortion where plays tell nothing.
pub(in crate::report) fn frontier(results: &Results) -> Figure {
    let points = &results.frontier;
    let second = Second::of(results);
    let (of_keep, of_drop) = match &results.frontier_axis {
        FrontierAxis::SampleSizeRatio { keep, drop, .. } => (Some(*keep), Some(*drop)),
        FrontierAxis::Distortion { .. } => (None, None),
    };
    let of_point = |p: &Point| {
        let found = |sample_size_ratio| Traffic { faults_lost: 0, sample_size_ratio };
        Cost { distortion: p.distortion, traffic: p.sample_size_ratio.map(found) }
    };
    let detail = |p: &Point| {
        format!(
            "duration {}<br>bit rate {}<br>side fields: {}<br>{}",
            label(&rounding(&p.duration, Duration)),
            label(&rounding(&p.bitrate, Bitrate)),
            label(&fields(&p.by)),
            second.words(p.title_uniform, of_point(p))
        )
    };
    let mut data = vec![json!({
        "type": "scatter", "mode": "lines+markers", "name": "frontier of the sweep",
        "x": points.iter().map(|p| second.place(of_point(p))).collect::<Vec<_>>(),
        "y": points.iter().map(|p| p.title_uniform).collect::<Vec<_>>(),
        "text": points.iter().map(detail).collect::<Vec<_>>(), "hovertemplate": "%{text}<extra></extra>",
        "line": { "color": "var(--before)", "width": 1, "shape": "hv" }, "marker": { "size": 6, "color": "var(--before)" },
    })];
    let mut add = |name: &str, cost: Cost, rate: f64, marker: Value| {
        let text = format!("{}<br>{}", label(name), second.words(rate, cost));
        data.push(json!({
            "type": "scatter", "mode": "markers", "name": label(name), "x": [second.place(cost)], "y": [rate],
            "text": [text], "hovertemplate": "%{text}<extra></extra>", "marker": marker,
        }));
    };
    let baseline = |symbol: &str| json!({ "symbol": symbol, "size": 13, "color": "var(--blind)", "line": { "width": 2 } });
    let (keep, drop) = (&results.keep, &results.drop);
    let cost = |distortion, traffic| Cost { distortion, traffic };
    add("raw values", cost(keep.distortion, of_keep), keep.reid_title_uniform, baseline("x-thin-open"));
    add(
        "nothing of the file sent",
        cost(drop.distortion, of_drop),
        drop.reid_title_uniform,
        baseline("cross-thin-open"),
    );
    for (i, shape) in results.shapes.iter().enumerate() {
        let chosen = if results.chosen == Some(shape.shape) { " (chosen)" } else { "" };
        let size = 17 - 3 * i.min(3);
        let cost = of_shape(shape);
        let filled = json!({
            "symbol": symbol(i), "size": size, "color": color(i), "line": { "color": "var(--paper)", "width": 1 },
        });
        add(&format!("{}{chosen}", shape.shape), cost, worst(shape), filled);
        if shape.pings.len() > 1 {
            let open = json!({
                "symbol": format!("{}-open", symbol(i)), "size": size, "color": color(i), "line": { "width": 2 },
            });
            add(&format!("{}, pings linked", shape.shape), cost, shape.linked.title_uniform, open);
        }
    }
    let shown = results.shapes.iter().find(|shape| shape.shape == results.shown);
    if let (Second::Ratio { .. }, Some(shape), Some(sample_size_ratio)) = (&second, shown, drawn(results)) {
        let cost = Cost {
            distortion: shape.distortion,
            traffic: Some(Traffic { faults_lost: 0, sample_size_ratio }),
        };
        let marker =
            json!({ "symbol": "asterisk-open", "size": 13, "color": "var(--ink)", "line": { "width": 2 } });
        add(&format!("{}, by drawn plays", shape.shape), cost, worst(shape), marker);
    }
    let shapes = results.shapes.iter().flat_map(|shape| [worst(shape), shape.linked.title_uniform]);
    let shares = points.iter().map(|p| p.title_uniform).chain(shapes).chain([drop.reid_title_uniform]);
    Figure {
        id: "plot-frontier".into(),
        caption: caption(&second),
        height: 520,
        least_width: 0,
        layout: layout(json!({
            "hovermode": "closest",
            "xaxis": second.axis(),
            "yaxis": share_axis("files named by title", shares),
        })),
        data,
    }
}

impl Second {
    fn of(results: &Results) -> Self {
        match &results.frontier_axis {
            FrontierAxis::Distortion { .. } => Self::Distortion,
            FrontierAxis::SampleSizeRatio { keep, drop, .. } => {
                let marks = [*keep, *drop]
                    .into_iter()
                    .chain(results.shapes.iter().filter_map(|s| s.worth.as_ref().map(|w| w.traffic())));
                let ratios = marks.filter_map(Traffic::of_all);
                let ratios = ratios.chain(results.frontier.iter().filter_map(|p| p.sample_size_ratio));
                let ratios = ratios.chain(drawn(results));
                let most = ratios.filter(|ratio| ratio.is_finite()).fold(2.0, f64::max);
                Self::Ratio { lost: 2.0 * libm::exp2(libm::log2(most).ceil()) }
            }
        }
    }

    /// Where a mark stands.
    fn place(&self, cost: Cost) -> f64 {
        match self {
            Self::Distortion => 100.0 * cost.distortion,
            Self::Ratio { lost } => cost.traffic.and_then(Traffic::of_all).unwrap_or(*lost),
        }
    }

    /// What a mark is told to be.
    fn words(&self, rate: f64, cost: Cost) -> String {
        match (self, cost.traffic) {
            (Self::Ratio { .. }, Some(taken)) => {
                format!(
                    "{} named, {}<br>distortion {}",
                    percent(rate),
                    traffic(taken),
                    percent(cost.distortion)
                )
            }
            _ => format!("{} named, {} lost", percent(rate), percent(cost.distortion)),
        }
    }

    fn axis(&self) -> Value {
        match self {
            Self::Distortion => axis(
                "distortion (weighted share of detail lost)",
                json!({ "range": [-3, 103], "ticksuffix": " %" }),
            ),
            Self::Ratio { lost } => {
                ratio_axis("traffic to find a fault, times that of raw plays (log scale)", *lost)
            }
        }
    }
}

fn caption(second: &Second) -> String {
    let one_ping = "the sweep sends one ping with either every side field or none, so a shape that keeps some of them, or \
                    sends several pings, can lie below the line. A shape of several pings stands at the rate of its worst \
                    ping.";
    match second {
        Second::Distortion => format!(
            "Share of the files named by title (uniform prior, log scale) against distortion, on the choosing catalogue. The \
             line joins the candidates of the sweep that no other beats in both; {one_ping}"
        ),
        Second::Ratio { .. } => format!(
            "Share of the files named by title (uniform prior, log scale) against the sample-size ratio, on the choosing \
             catalogue: how many times the traffic of raw plays it is expected to take to find a fault, by the normal \
             approximation, the product over the families of faults; where plays were drawn for the shown shape, that stands beside it. What loses a family stands at “lost”, right of every \
             ratio. The line joins the candidates of the sweep that lose none and that no other beats in both; {one_ping}"
        ),
    }
}

fn of_shape(shape: &ShapeResult) -> Cost {
    Cost { distortion: shape.distortion, traffic: shape.worth.as_ref().map(|worth| worth.traffic()) }
}

/// What drawn plays say of the shown shape.
fn drawn(results: &Results) -> Option<f64> {
    results.diagnostics.as_ref().and_then(Diagnostics::sample_size_ratio)
}

/// The rate of the ping that gives away the most.
fn worst(shape: &ShapeResult) -> f64 {
    shape.pings.iter().map(|ping| ping.row.reid_title_uniform).fold(0.0, f64::max)
}
