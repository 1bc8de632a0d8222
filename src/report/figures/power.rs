//! The power to find faults, over their size.

use serde_json::{Value, json};

use super::{axis, color, layout, symbol};
use crate::report::document::{Figure, label};
use crate::report::numbers::{count, percent};
use crate::report::words::fault;
use crate::study::Diagnostics;
use crate::utility::power::{Detection, Family, OverSize, Power};

/// The plays as they are.
const RAW: &str = "raw";

/// The share of faults found, family by family; `None` where no family was measured.
pub(in crate::report) fn power(found: &Diagnostics) -> Option<Figure> {
    let measured: Vec<_> = found.faults.iter().filter_map(Detection::power).collect();
    let first = measured.first()?;
    let steps = first.released.sizes.len();
    let trace = |place: usize, power: &Power, (what, over): (&str, &OverSize)| {
        let shares: Vec<f64> = over.sizes.iter().map(|at| at.found.rate).collect();
        let text: Vec<String> = over
            .sizes
            .iter()
            .map(|at| {
                format!(
                    "{}, {what}: {} found, {} flagged",
                    size(power.family, at.size),
                    percent(at.found.rate),
                    percent(at.flagged.rate)
                )
            })
            .collect();
        let raw = what == RAW;
        json!({
            "type": "scatter", "mode": "lines+markers", "name": label(&format!("{}, {what}", fault(power.family))),
            "x": (0..shares.len()).collect::<Vec<_>>(), "y": shares,
            "error_y": {
                "type": "data", "symmetric": false, "thickness": 1, "width": 0,
                "array": over.sizes.iter().map(|at| at.found.high - at.found.rate).collect::<Vec<_>>(),
                "arrayminus": over.sizes.iter().map(|at| at.found.rate - at.found.low).collect::<Vec<_>>(),
            },
            "hovertext": text, "hoverinfo": "text",
            "line": { "color": color(place), "dash": if raw { "dot" } else { "solid" } },
            "marker": { "color": color(place), "symbol": symbol(place), "size": if raw { 5 } else { 9 } },
        })
    };
    let both = |(place, power): (usize, &&Power)| {
        [(RAW, &power.raw), ("released", &power.released)].map(|over| trace(place, power, over))
    };
    let data: Vec<Value> = measured.iter().enumerate().flat_map(both).collect();
    let ticks: Vec<String> = (0..steps)
        .map(|step| {
            let of = |power: &&Power| Some(size(power.family, power.released.sizes.get(step)?.size));
            let mut names: Vec<String> = measured.iter().filter_map(of).collect();
            let mut seen = std::collections::HashSet::new();
            names.retain(|name| seen.insert(name.clone()));
            names.join("<br>")
        })
        .collect();
    Some(Figure {
        id: "figure-power".into(),
        caption: format!(
            "The share of faults that are found over their size, with {} plays before and after, as they are (dotted) and as \
             they are released; without any fault about a hundredth is flagged by chance. Bars are 95 % intervals.",
            count(first.traffic)
        ),
        height: 360,
        least_width: 0,
        data,
        layout: layout(json!({
            "showlegend": true,
            "xaxis": axis("size of the fault", json!({ "tickvals": (0..steps).collect::<Vec<_>>(), "ticktext": ticks })),
            "yaxis": axis("found", json!({ "range": [-0.03, 1.05], "tickvals": [0.0, 0.25, 0.5, 0.75, 1.0], "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"] })),
        })),
    })
}

fn size(family: Family, size: f64) -> String {
    match family {
        Family::Speed => format!("-{:.0} % speed", 100.0 * size),
        Family::Stalls | Family::LongTitles => format!("stalls x{size}"),
    }
}
