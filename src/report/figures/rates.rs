//! Before and after, catalogue by catalogue, as bars.

use serde_json::json;

use super::{axis, color, layout};
use crate::anonymity::{Confident, Measures};
use crate::report::document::{Figure, label};
use crate::report::numbers::percent;
use crate::study::Results;

/// Title re-identification before, after and blind, under one prior.
pub(in crate::report) fn rates(
    results: &Results,
    id: &'static str,
    of: fn(&Confident) -> f64,
    over: &str,
) -> Figure {
    // Bars are drawn from the bottom up, so everything is listed backwards.
    let catalogues: Vec<String> = results.before_after.iter().rev().map(|c| label(&c.catalogue)).collect();
    let trace = |name: &str, color: &str, shares: Vec<Option<f64>>| {
        let text: Vec<String> = shares.iter().map(|share| share.map_or(String::new(), percent)).collect();
        json!({
            "type": "bar", "orientation": "h", "name": label(name),
            "y": (0..catalogues.len()).collect::<Vec<_>>(),
            "x": shares.iter().map(|share| share.map(|share| 100.0 * share)).collect::<Vec<_>>(),
            "text": text, "textposition": "auto", "insidetextanchor": "end", "cliponaxis": false, "textangle": 0,
            "outsidetextfont": { "color": "var(--ink)" }, "insidetextfont": { "color": "var(--paper)" },
            "customdata": catalogues, "hovertemplate": format!("%{{customdata}}<br>{}: %{{text}}<extra></extra>", label(name)),
            "marker": { "color": color },
        })
    };
    let each = |share: &dyn Fn(&crate::study::BeforeAfter) -> Option<f64>| -> Vec<Option<f64>> {
        results.before_after.iter().rev().map(share).collect()
    };
    let title = |measures: &Measures| of(&measures.reidentification.title);
    let mut data = vec![trace("raw values", "var(--before)", each(&|c| Some(title(&c.before))))];
    let shown = results.shapes.iter().find(|shape| shape.shape == results.shown);
    for (i, ping) in shown.into_iter().flat_map(|shape| &shape.pings).enumerate() {
        let name = ping.ping.name;
        let after =
            each(&|c| c.after.iter().find(|(ping, _)| ping == name).map(|(_, measures)| title(measures)));
        data.push(trace(&format!("{name} ping"), color(i), after));
    }
    data.push(trace("blind guess", "var(--blind)", each(&|c| Some(of(&c.before.blind_guess)))));
    data.reverse();
    let bars = catalogues.len() * (data.len() + 1);
    let marks: Vec<usize> = (0..catalogues.len()).collect();
    Figure {
        id: id.into(),
        caption: format!(
            "How often the best attacker names the right title with one guess, over {over}. Raw values: every field \
             unrounded. Blind guess: the control, an attacker who sees nothing. A missing bar: the catalogue lacks a \
             field that the ping sends."
        ),
        height: (110 + 22 * bars) as u32,
        least_width: 0,
        data,
        layout: layout(json!({
            "barmode": "group", "bargap": 0.2,
            "legend": { "orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "reversed" },
            "xaxis": axis(if over.starts_with("files") { "named right, of the files" } else { "named right, of the plays" }, json!({ "range": [0, 108], "tickvals": [0, 25, 50, 75, 100], "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"] })),
            "yaxis": axis("", json!({ "tickvals": marks, "ticktext": catalogues.iter().map(|name| wrapped(name)).collect::<Vec<_>>() })),
        })),
    }
}

/// A long name on several lines.
fn wrapped(name: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in name.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + word.chars().count() < 14 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("<br>")
}
