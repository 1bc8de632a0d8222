//! What `coarsen measure` prints for a reader.

use coarsen::catalogue::harmless;
use coarsen::units::Dimension;

use super::{One, Written};
use crate::output::{self, percent};

pub(super) fn render(one: &One) -> String {
    let m = &one.measures;
    let error = |value: Option<f64>, dimension: Dimension| {
        value.map_or("not emitted".to_owned(), |v| dimension.human(v.round() as u64))
    };
    let rate = |r: &coarsen::anonymity::Confident| vec![percent(r.uniform), percent(r.popularity)];
    let row =
        |name: &str, cells: Vec<String>| std::iter::once(name.to_owned()).chain(cells).collect::<Vec<_>>();
    let mut text = String::new();
    if let Some(ping) = &one.ping {
        text.push_str(&format!("ping {ping}\n"));
    }
    let Written { duration, bitrate, by, other, groups } = &one.generalization;
    text.push_str(&format!("duration {duration}, bit rate {bitrate}, side fields: {}\n", {
        if by.is_empty() { "none".to_owned() } else { by.join(", ") }
    }));
    for (field, groups) in groups {
        text.push_str(&format!("{field} {}\n", harmless(groups)));
    }
    if let Some(boxes) = other {
        let share = percent(one.distortion.other);
        text.push_str(&format!("sent as the one symbol `other`: {share} of the files, by {boxes} boxes\n"));
    }
    if !one.marginal.is_empty() {
        text.push_str(&format!("the catalogue can't judge: {}\n", one.marginal.join(", ")));
    }
    let mut k = vec![row(
        "k, every file",
        vec![m.k.files.to_string(), m.k.titles.to_string(), m.k.series.to_string()],
    )];
    for budget in &m.k_within_budget {
        let name = format!("k, all but {} of the files", percent(budget.exposed_share));
        let values = [budget.files, budget.titles, budget.series].map(|k| k.to_string()).to_vec();
        k.push(row(&name, values));
    }
    text.push_str(&format!(
        "\n{} classes\n{}",
        m.classes,
        output::table(&["", "files", "titles", "series"], &k)
    ));
    let mut rates = vec![
        row("title named right", rate(&m.reidentification.title)),
        row("file named right", rate(&m.reidentification.file)),
        row("title named right, blind", rate(&m.blind_guess)),
        row("title known with 95 % confidence", rate(&m.confident_title)),
    ];
    for largest in &m.largest_title {
        let name = format!("in classes where one title holds {}", percent(largest.at_least));
        rates.push(row(&name, vec![percent(largest.files), percent(largest.plays)]));
    }
    let under = format!("in classes under {} titles or {} series", m.exposed.k_titles, m.exposed.k_series);
    rates.push(row(&under, vec![percent(m.exposed.files), percent(m.exposed.plays)]));
    rates.push(row("alone in their class", vec![percent(m.unique_share.files), "-".to_owned()]));
    text.push_str(&format!(
        "\n{}",
        output::table(&["", "of files, uniform", "of plays, popularity"], &rates)
    ));
    if one.from_table {
        text.push_str("\na class table can't tell: figures by kind, genres\n");
    }
    let kinds: Vec<Vec<String>> = m
        .by_kind
        .iter()
        .map(|(kind, k)| {
            row(kind, vec![k.files.to_string(), percent(k.title_uniform), percent(k.exposed_share)])
        })
        .collect();
    if !kinds.is_empty() {
        let kinds = output::table(&["kind", "files", "title named right", "exposed"], &kinds);
        text.push_str(&format!("\n{kinds}"));
    }
    if let Some(Some(genre)) = &one.genre {
        text.push_str(&format!(
            "\ngenre: at least {} per class (entropy l {:.2}), t-closeness {:.3}, {} of the files in classes of one genre\n",
            genre.distinct_l,
            genre.entropy_l,
            genre.t_closeness,
            percent(genre.homogeneous_share)
        ));
    }
    let d = &one.distortion;
    text.push_str(&format!(
        "distortion {:.4}; mean error: duration {}, bit rate {}\n",
        d.total,
        error(d.duration.mean_abs_error, Dimension::Duration),
        error(d.bitrate.mean_abs_error, Dimension::Bitrate)
    ));
    text
}
