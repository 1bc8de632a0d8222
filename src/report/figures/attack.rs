//! One attacker, from its weakest step to its strongest, as dots on a log scale.

use serde_json::{Value, json};

use super::{axis, color, layout, share_axis, symbol};
use crate::attack::Prior;
use crate::report::document::{Figure, label};
use crate::report::numbers::percent;
use crate::report::words::capital;
use crate::study::{Attacked, LINKED, Rate};

/// What one attacker, or one part of its figures, achieves against each ping. `id` is an anchor; `all` are of one part.
pub(in crate::report) fn attack(id: String, all: &[&Attacked]) -> Option<Figure> {
    let first = all.first()?;
    let of = |attacked: &Attacked, step: usize| -> Option<Rate> {
        let rates = &attacked.steps.get(step)?.rates;
        rates.iter().find(|rate| rate.prior == Prior::Uniform).copied()
    };
    let steps: Vec<String> = first.steps.iter().map(|step| label(&step.at)).collect();
    let trace = |name: &str, color: &str, symbol: &str, size: u32, share: &dyn Fn(usize) -> Option<f64>| {
        let shown: Vec<(usize, f64)> = (0..steps.len())
            .filter_map(|step| Some((step, share(step).filter(|&share| share > 0.0)?)))
            .collect();
        let text =
            |&(step, share): &(usize, f64)| format!("{}<br>{}: {}", steps[step], label(name), percent(share));
        json!({
            "type": "scatter", "mode": "markers", "name": label(name),
            "x": shown.iter().map(|(_, share)| share).collect::<Vec<_>>(),
            "y": shown.iter().map(|(step, _)| step).collect::<Vec<_>>(),
            "hovertext": shown.iter().map(text).collect::<Vec<_>>(), "hoverinfo": "text",
            "marker": { "color": color, "symbol": symbol, "size": size, "line": { "color": "var(--paper)", "width": 1 } },
        })
    };
    let mut data: Vec<Value> =
        vec![trace("raw values", "var(--before)", "circle-open", 13, &|step| of(first, step)?.baseline)];
    for (i, attacked) in all.iter().enumerate() {
        let (color, mark) = if attacked.sees == LINKED { ("var(--ink)", "x") } else { (color(i), symbol(i)) };
        data.push(trace(&attacked.sees, color, mark, 11, &|step| Some(of(attacked, step)?.rate)));
    }
    data.push(trace("seeing nothing", "var(--blind)", "line-ns-open", 11, &|step| {
        Some(of(first, step)?.control)
    }));
    let shares = (0..steps.len()).flat_map(|step| {
        let of_step = all.iter().filter_map(move |attacked| of(attacked, step));
        of_step.flat_map(|rate| [Some(rate.rate), Some(rate.control), rate.baseline].into_iter().flatten())
    });
    let shares: Vec<f64> = shares.filter(|&share| share > 1e-6).collect();
    let ticks: Vec<usize> = (0..steps.len()).collect();
    let part = if first.part.is_empty() { String::new() } else { format!(" ({})", first.part) };
    Some(Figure {
        id: id.into(),
        caption: format!(
            "{}{part}: {}, by {}, over files or whatever the prior calls equally likely. The scale is logarithmic; a \
             dot that is missing is 0. Weakest at the bottom.",
            capital(first.attacker),
            first.finds,
            first.varies,
        ),
        height: (150 + 34 * steps.len()) as u32,
        least_width: 0,
        data,
        layout: layout(json!({
            "showlegend": true,
            "legend": { "orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom" },
            "xaxis": share_axis(first.finds, shares.into_iter()),
            "yaxis": axis("", json!({ "tickvals": ticks, "ticktext": steps, "range": [-0.6, steps.len() as f64 - 0.4] })),
        })),
    })
}
