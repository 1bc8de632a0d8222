//! k of titles over the grid, as a heat map.

use serde_json::{Value, json};

use super::{axis, layout, symbol};
use crate::report::document::{Figure, label};
use crate::report::words::{rounding, set_aside, short_rounding};
use crate::study::Results;
use crate::units::Dimension::{Bitrate, Duration};

/// The heat map with the choices on it.
pub(in crate::report) fn heat(results: &Results) -> Figure {
    let map = &results.heat_map;
    let log = |k: u32| libm::log10(f64::from(k.max(1)));
    let z: Vec<Vec<f64>> = map.k_titles.iter().map(|row| row.iter().map(|&k| log(k)).collect()).collect();
    let most = map.k_titles.iter().flatten().copied().max().unwrap_or(1);
    let words: Vec<String> = map.bitrates.iter().map(|rate| label(&rounding(rate, Bitrate))).collect();
    let hover: Vec<Vec<String>> = map
        .durations
        .iter()
        .zip(&map.k_titles)
        .map(|(duration, row)| {
            let duration = label(&rounding(duration, Duration));
            let cell = |(k, rate): (&u32, &String)| {
                format!("duration {duration}<br>bit rate {rate}<br><b>{} in a class</b>", titles(*k))
            };
            row.iter().zip(&words).map(cell).collect()
        })
        .collect();
    let limit = results.limits.get("k_titles").map(|k| k as u32);
    let mut ticks: Vec<u32> = (0..8).map(|power| 10u32.pow(power)).filter(|&k| k <= most).collect();
    ticks.extend(limit.filter(|&k| k <= most && !ticks.contains(&k)));
    let tick_text = |&k: &u32| match limit {
        Some(limit) if limit == k => format!("{k} (limit)"),
        _ => crate::report::numbers::count(k),
    };
    let mut data = vec![json!({
        "type": "heatmap", "z": z, "text": hover, "hovertemplate": "%{text}<extra></extra>", "showlegend": false,
        "colorscale": "Viridis", "zmin": 0, "zmax": log(most).max(1.0), "xgap": 1, "ygap": 1,
        "colorbar": {
            "title": { "text": "titles in a class", "side": "top" }, "orientation": "h", "thickness": 12, "len": 1,
            "x": 0.5, "y": 1.0, "yanchor": "bottom", "outlinewidth": 0,
            "tickvals": ticks.iter().map(|&k| log(k)).collect::<Vec<_>>(),
            "ticktext": ticks.iter().map(tick_text).collect::<Vec<_>>(),
        },
    })];
    data.extend(marks(results));
    let (durations, bitrates) = (places(map.durations.len()), places(map.bitrates.len()));
    let short = |list: &[String], dimension| -> Vec<String> {
        list.iter().map(|text| label(&short_rounding(text, dimension))).collect()
    };
    Figure {
        id: "plot-heat".into(),
        caption: format!(
            "Different titles in the smallest class on the choosing catalogue, the smallest classes with at most {} \
             of the files set aside, for every pair of roundings, without side fields; color on a log scale, numbers \
             on hover. Behind the widths of the grid, finest first, come the roundings that the shapes chose. A mark \
             stands at the duration and bit rate that a ping of a shape uses; with the side fields that the ping \
             adds, its own k is lower than the cell's and stands in the table below.",
            set_aside(results)
        ),
        height: (400 + 24 * map.durations.len()) as u32,
        least_width: 720,
        data,
        layout: layout(json!({
            "margin": { "l": 10, "r": 10, "t": 105, "b": 10 },
            "legend": { "orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "yref": "container" },
            "xaxis": axis("bit rate", json!({
                "tickvals": bitrates, "ticktext": short(&map.bitrates, Bitrate), "tickangle": -60, "showgrid": false,
                "range": [-0.5, bitrates.len() as f64 - 0.5],
            })),
            "yaxis": axis("duration", json!({
                "tickvals": durations, "ticktext": short(&map.durations, Duration), "showgrid": false,
                "range": [-0.5, durations.len() as f64 - 0.5],
            })),
        })),
    }
}

fn places(n: usize) -> Vec<usize> {
    (0..n).collect()
}

fn titles(k: u32) -> String {
    crate::report::numbers::counted(k, "title")
}

/// One trace of marks per shape; a later shape's are smaller, so that one place can hold several.
fn marks(results: &Results) -> Vec<Value> {
    let map = &results.heat_map;
    let mark = |(i, shape): (usize, &crate::study::ShapeResult)| {
        let (mut x, mut y, mut text) = (Vec::new(), Vec::new(), Vec::new());
        for ping in &shape.pings {
            let column = map.bitrates.iter().position(|rate| *rate == ping.row.bitrate);
            let row = map.durations.iter().position(|duration| *duration == ping.row.duration);
            if let (Some(column), Some(row)) = (column, row) {
                x.push(column);
                y.push(row);
                let own = titles(ping.row.k_titles_budget);
                text.push(format!("{}, {} ping<br>with its side fields: {own}", shape.shape, ping.ping.name));
            }
        }
        let verdict = if results.chosen == Some(shape.shape) { " (chosen)" } else { "" };
        json!({
            "type": "scatter", "mode": "markers", "name": format!("{}{verdict}", shape.shape),
            "x": x, "y": y, "text": text, "hovertemplate": "%{text}<extra></extra>",
            "marker": {
                "symbol": symbol(i), "size": 19 - 5 * i.min(2), "color": super::color(i),
                "line": { "color": "#ffffff", "width": 2 },
            },
        })
    };
    results.shapes.iter().enumerate().map(mark).collect()
}
