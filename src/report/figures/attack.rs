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
    // Pings can have steps of their own: a field that one sends as well is another's already.
    let mut steps: Vec<&str> = Vec::new();
    for step in all.iter().flat_map(|attacked| &attacked.steps) {
        if !steps.contains(&step.at.as_str()) {
            steps.push(&step.at);
        }
    }
    let of = |attacked: &Attacked, at: &str| -> Option<Rate> {
        attacked.steps.iter().find(|step| step.at == at)?.rate(Prior::Uniform).copied()
    };
    let of_any = |at: &str| all.iter().find_map(|attacked| of(attacked, at));
    let trace = |name: &str, color: &str, symbol: &str, size: u32, share: &dyn Fn(&str) -> Option<f64>| {
        let share = |(place, at): (usize, &&str)| Some((place, share(at).filter(|&share| share > 0.0)?));
        let shown: Vec<(usize, f64)> = steps.iter().enumerate().filter_map(share).collect();
        let text = |&(place, share): &(usize, f64)| {
            format!("{}<br>{}: {}", label(steps[place]), label(name), percent(share))
        };
        (!shown.is_empty()).then(|| {
            json!({
                "type": "scatter", "mode": "markers", "name": label(name),
                "x": shown.iter().map(|(_, share)| share).collect::<Vec<_>>(),
                "y": shown.iter().map(|(place, _)| place).collect::<Vec<_>>(),
                "hovertext": shown.iter().map(text).collect::<Vec<_>>(), "hoverinfo": "text",
                "marker": { "color": color, "symbol": symbol, "size": size, "line": { "color": "var(--paper)", "width": 1 } },
            })
        })
    };
    let mut data: Vec<Value> = Vec::new();
    data.extend(trace("raw values", "var(--before)", "circle-open", 13, &|at| of_any(at)?.baseline));
    for (i, attacked) in all.iter().enumerate() {
        let (color, mark) = if attacked.sees == LINKED { ("var(--ink)", "x") } else { (color(i), symbol(i)) };
        data.extend(trace(&attacked.sees, color, mark, 11, &|at| Some(of(attacked, at)?.rate)));
    }
    data.extend(trace("seeing nothing", "var(--blind)", "line-ns-open", 11, &|at| Some(of_any(at)?.control)));
    let shares = steps.iter().flat_map(|at| {
        let of_step = all.iter().filter_map(move |attacked| of(attacked, at));
        of_step.flat_map(|rate| [Some(rate.rate), Some(rate.control), rate.baseline].into_iter().flatten())
    });
    let shares: Vec<f64> = shares.filter(|&share| share > 1e-6).collect();
    let ticks: Vec<usize> = (0..steps.len()).collect();
    let part = if first.part.is_empty() { String::new() } else { format!(" ({})", first.part) };
    Some(Figure {
        id: id.into(),
        caption: format!(
            "{}{part}: {}, by {}, over files or whatever the prior calls equally likely. The scale is logarithmic; a \
             dot that is missing is 0, or of what a ping doesn't have. Weakest at the bottom.",
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
            "yaxis": axis("", json!({ "tickvals": ticks, "ticktext": steps.iter().map(|at| label(at)).collect::<Vec<_>>(), "range": [-0.6, steps.len() as f64 - 0.4] })),
        })),
    })
}
