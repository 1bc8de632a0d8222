//! The figures, as traces and layouts for plotly. Colors are names of the page's style, so that they follow it.

mod attack;
mod frontier;
mod heat;
mod power;
mod rates;
mod sizes;

pub(super) use attack::attack;
pub(super) use frontier::frontier;
pub(super) use heat::heat;
pub(super) use power::power;
pub(super) use rates::rates;
pub(super) use sizes::{range, sizes};

use serde_json::{Value, json};

/// The colors of pings and shapes, in their order.
const COLORS: [&str; 6] =
    ["var(--one)", "var(--two)", "var(--three)", "var(--four)", "var(--five)", "var(--six)"];
/// Their marks; the larger lies beneath.
const SYMBOLS: [&str; 6] = ["square", "circle", "diamond", "cross", "triangle-up", "star"];

fn color(i: usize) -> &'static str {
    COLORS[i % COLORS.len()]
}

fn symbol(i: usize) -> &'static str {
    SYMBOLS[i % SYMBOLS.len()]
}

/// What every figure has in common, with its own keys over it.
fn layout(own: Value) -> Value {
    let clear = "rgba(0,0,0,0)";
    let common = json!({
        "paper_bgcolor": clear,
        "plot_bgcolor": clear,
        "font": { "family": "system-ui, sans-serif", "size": 13, "color": "var(--ink)" },
        "margin": { "l": 10, "r": 10, "t": 10, "b": 10 },
        "hoverlabel": {
            "bgcolor": "var(--panel)", "bordercolor": "var(--line)", "font": { "color": "var(--ink)" }, "align": "left",
        },
        "legend": { "orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom" },
        "dragmode": false,
    });
    over(common, own)
}

fn axis(title: &str, own: Value) -> Value {
    let common = json!({
        "title": { "text": title, "standoff": 10 },
        "automargin": true,
        "gridcolor": "var(--grid)",
        "linecolor": "var(--line)",
        "zeroline": false,
        "fixedrange": true,
    });
    over(common, own)
}

fn over(mut below: Value, above: Value) -> Value {
    if let (Value::Object(below), Value::Object(above)) = (&mut below, above) {
        below.extend(above);
    }
    below
}

/// A log axis of shares, its marks written as percent, from the power of ten at or below the least to 100 %.
fn share_axis(title: &str, shares: impl Iterator<Item = f64>) -> Value {
    let least = shares.filter(|&share| share > 0.0).fold(1.0, f64::min);
    let mut marks = vec![1.0];
    while marks.last().is_some_and(|&mark| mark > least && mark > 1e-9) {
        marks.push(10f64.powi(-(marks.len() as i32)));
    }
    let texts: Vec<String> = marks.iter().map(|&mark| super::numbers::percent_exact(mark)).collect();
    let lowest = -(marks.len() as f64 - 1.0);
    axis(title, json!({ "type": "log", "tickvals": marks, "ticktext": texts, "range": [lowest - 0.1, 0.15] }))
}

/// A log axis of ratios from 1 on, ticked at powers of 2, or every few of them, up to the place of what is lost.
fn ratio_axis(title: &str, lost: f64) -> Value {
    let doublings = libm::log2(lost).round() as u32;
    let step = doublings.div_ceil(10).max(1) as usize;
    let powers: Vec<u32> = (0..doublings).step_by(step).collect();
    let mut marks: Vec<f64> = powers.iter().map(|&power| libm::exp2(f64::from(power))).collect();
    let mut texts: Vec<String> = marks.iter().map(|&mark| super::numbers::count(mark as u64)).collect();
    marks.push(lost);
    texts.push("lost".to_owned());
    let range = [-0.05, libm::log10(lost) + 0.05];
    axis(title, json!({ "type": "log", "tickvals": marks, "ticktext": texts, "range": range }))
}
