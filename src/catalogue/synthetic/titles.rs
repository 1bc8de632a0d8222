//! Series and the lengths of their titles.

use rand::Rng;

use super::Streams;
use super::draw::{between, happens, normal};
use super::encodes::{Made, Package};
use super::plan::{Job, KindPlan};
use super::popularity::Ranks;
use super::recipe::{Length, Per, Recipe, Shape};
use super::rows::Row;

/// Tries before a draw that must fall into a range is taken uniformly from it.
const TRIES: usize = 64;

/// Draws the files of a job's series.
pub(super) fn files(
    recipe: &Recipe,
    kind: &KindPlan<'_>,
    job: &Job,
    ranks: &Ranks,
    streams: &Streams<'_>,
) -> Vec<Row> {
    let random = &mut streams.get(&format!("titles/{}", kind.recipe.name), job.chunk);
    let mut rows = Vec::new();
    let mut title = job.first_title;
    for (index, &size) in job.sizes.iter().enumerate() {
        let series = job.first_series.map(|first| first + index as u32);
        one_series(recipe, kind, series, title..title + size, ranks, random, &mut rows);
        title += size;
    }
    rows
}

fn one_series(
    recipe: &Recipe,
    kind: &KindPlan<'_>,
    series: Option<u32>,
    titles: std::ops::Range<u32>,
    ranks: &Ranks,
    random: &mut impl Rng,
    rows: &mut Vec<Row>,
) {
    let genre = kind.genre_codes[kind.genre.draw(random)];
    let aspect = random.next_u32();
    let shared = SeriesLength::draw(kind, random);
    let rate_of_series = normal(random);
    let package = Package::draw(kind, random);
    for title in titles {
        let own;
        let package = match happens(random, kind.recipe.alike) {
            true => &package,
            false => {
                own = Package::draw(kind, random);
                &own
            }
        };
        let length_ms = shared.title_ms(kind, random);
        let other_cut_ms = other_cut_ms(kind, length_ms, random);
        let rate_of_title = normal(random);
        let popularity = ranks.split(title, kind.recipe.popularity, package.len(), random);
        let made = Made { length_ms, other_cut_ms, aspect, rate_of_series, rate_of_title };
        let files = package.files(recipe, kind, &made, random).zip(popularity);
        rows.extend(files.map(|(file, popularity)| Row {
            title,
            series,
            popularity,
            kind: kind.code,
            genre,
            duration_ms: file.duration_ms,
            bitrate_bps: file.bitrate_bps,
            frame: file.frame,
            resolution: file.resolution,
            video_codec: file.video_codec,
            audio_codec: file.audio_codec,
            container: file.container,
        }));
    }
}

/// What the titles of a series share of their lengths.
struct SeriesLength {
    component: usize,
    /// In sds from the center.
    center: f64,
    /// Where in the range of spreads, from 0 to 1.
    spread: f64,
}

impl SeriesLength {
    fn draw(kind: &KindPlan<'_>, random: &mut impl Rng) -> Self {
        let component = kind.length.draw(random);
        // A series 3 sds out would press its titles against the limits.
        let center = (0..TRIES).map(|_| normal(random)).find(|z| z.abs() < 2.5).unwrap_or(0.0);
        Self { component, center, spread: between(random, [0.0, 1.0]) }
    }

    fn title_ms(&self, kind: &KindPlan<'_>, random: &mut impl Rng) -> f64 {
        let component = match kind.recipe.length_per {
            Per::Series => self.component,
            Per::Title => kind.length.draw(random),
        };
        let Length { shape, center_s, between: about, within: [least, most], min_s, max_s, .. } =
            kind.recipe.lengths[component];
        let center = about * self.center;
        let spread = least + (most - least) * self.spread;
        let tries = (0..TRIES).map(|_| match shape {
            Shape::Normal => center_s + center + spread * normal(random),
            Shape::Lognormal => center_s * libm::exp(center + spread * normal(random)),
        });
        let length_s = tries.into_iter().find(|length_s| (min_s..=max_s).contains(length_s));
        1_000.0 * length_s.unwrap_or_else(|| between(random, [min_s, max_s]))
    }
}

fn other_cut_ms(kind: &KindPlan<'_>, length_ms: f64, random: &mut impl Rng) -> Option<f64> {
    let cuts = kind.recipe.cuts?;
    happens(random, cuts.titles).then(|| length_ms * libm::exp(cuts.mean_ln + cuts.sd_ln * normal(random)))
}
