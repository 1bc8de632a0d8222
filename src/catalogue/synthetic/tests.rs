//! Calibration to published facts, and what holds for every catalogue.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::{Recipe, synthesize};
use crate::catalogue::{Catalogue, CatalogueError, SideField};

fn drawn(recipe: &str, titles: u32) -> Catalogue {
    synthesize(&Recipe::builtin(recipe).unwrap(), titles, 1).unwrap()
}

/// Sorted durations in ms of the files of a kind.
fn durations(catalogue: &Catalogue, kind: &str) -> Vec<u32> {
    let of_kind = (0..catalogue.files()).filter(|&row| catalogue.kind().get(row) == Some(kind));
    let mut durations: Vec<u32> = of_kind.map(|row| catalogue.duration_ms()[row]).collect();
    durations.sort_unstable();
    durations
}

fn mean_and_sd(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (mean, (values.map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt())
}

fn within(found: f64, from: f64, to: f64, what: &str) {
    assert!((from..=to).contains(&found), "{what}: {found}, and it should lie from {from} to {to}");
}

#[test]
fn movies_are_as_long_as_films_are() {
    for recipe in ["mixed", "video"] {
        let movies = durations(&drawn(recipe, 12_000), "movie");
        let minutes = |share: f64| f64::from(movies[(share * movies.len() as f64) as usize]) / 60_000.0;
        // Vega movies table: quartiles 95, 107, 121 min; rated US features are a little shorter.
        within(minutes(0.25), 88.0, 100.0, "lower quartile");
        within(minutes(0.5), 95.0, 112.0, "median");
        within(minutes(0.75), 108.0, 126.0, "upper quartile");
        let (_, sd) = mean_and_sd(movies.iter().map(|&ms| f64::from(ms) / 60_000.0));
        within(sd, 16.0, 25.0, "sd");
        // 98 % of that table lie between 78 and 172 min.
        let usual = movies.iter().filter(|&&ms| (78 * 60_000..=172 * 60_000).contains(&ms)).count();
        within(usual as f64 / movies.len() as f64, 0.93, 0.995, "share from 78 to 172 min");
        // Catalogues heap at whole minutes; files don't.
        let whole = movies.iter().filter(|ms| ms.is_multiple_of(60_000)).count();
        within(whole as f64 / movies.len() as f64, 0.0, 0.001, "share of whole minutes");
    }
}

#[test]
fn tracks_are_as_long_as_songs_are() {
    for recipe in ["mixed", "music"] {
        let tracks = durations(&drawn(recipe, 30_000), "track");
        let (mean, sd) = mean_and_sd(tracks.iter().map(|&ms| (f64::from(ms) / 1_000.0).ln()));
        // Million Song subset 5.376 and 0.474; MTG-Jamendo split 5.355 and 0.545.
        within(mean, 5.30, 5.45, "mean of ln(s)");
        within(sd, 0.45, 0.60, "sd of ln(s)");
    }
}

#[test]
fn episodes_follow_their_slots() {
    let catalogue = drawn("mixed", 40_000);
    let episodes = durations(&catalogue, "episode");
    let share = |from_s: u32, to_s: u32| {
        let inside = episodes.iter().filter(|&&ms| (from_s * 1_000..to_s * 1_000).contains(&ms)).count();
        inside as f64 / episodes.len() as f64
    };
    within(share(41 * 60, 45 * 60), 0.20, 0.40, "hour slot, 41 to 45 min");
    within(share(21 * 60, 23 * 60), 0.12, 0.30, "half-hour slot, 21 to 23 min");
    within(share(23 * 60 + 40, 24 * 60 + 10), 0.05, 0.18, "anime, 23:40 to 24:10");
    // Sixty seconds hold many episodes and few movies: the reason for series in the catalogue at all.
    let mut sds: HashMap<u32, Vec<f64>> = HashMap::new();
    for row in (0..catalogue.files()).filter(|&row| catalogue.kind().get(row) == Some("episode")) {
        sds.entry(catalogue.series()[row])
            .or_default()
            .push(f64::from(catalogue.duration_ms()[row]) / 1_000.0);
    }
    let sds: Vec<f64> =
        sds.values().filter(|s| s.len() > 8).map(|s| mean_and_sd(s.iter().copied()).1).collect();
    let tight = sds.iter().filter(|&&sd| sd < 75.0).count() as f64 / sds.len() as f64;
    let wide = sds.iter().filter(|&&sd| sd > 150.0).count() as f64 / sds.len() as f64;
    within(tight, 0.40, 0.75, "series of alike episodes");
    within(wide, 0.15, 0.45, "series of unlike episodes");
}

#[test]
fn constant_bit_rates_repeat() {
    let catalogue = drawn("music", 20_000);
    let rates: Vec<u32> = catalogue.bitrate_bps().unwrap().iter().flatten().map(|rate| rate.get()).collect();
    let constant = rates.iter().filter(|&rate| [128_000, 192_000, 256_000, 320_000].contains(rate)).count();
    within(constant as f64 / rates.len() as f64, 0.33, 0.55, "share of the usual constant rates");
    assert!(rates.iter().all(|rate| rate.is_multiple_of(1_000)));
    let known = rates.len() as f64 / catalogue.files() as f64;
    within(1.0 - known, 0.006, 0.014, "share of missing bit rates");
}

#[test]
fn bit_rates_spread_by_resolution_and_codec() {
    let catalogue = drawn("mixed", 40_000);
    let of = |resolution: &str, codec: &str| {
        let field = |field, name| {
            move |catalogue: &Catalogue, row| catalogue.side(field).and_then(|c| c.get(row)) == Some(name)
        };
        let (kind, resolution, codec) = (
            field(SideField::Kind, "movie"),
            field(SideField::Resolution, resolution),
            field(SideField::VideoCodec, codec),
        );
        let rows = (0..catalogue.files())
            .filter(|&row| kind(&catalogue, row) && resolution(&catalogue, row) && codec(&catalogue, row));
        let rates = rows.filter_map(|row| catalogue.bitrate_bps()?[row]);
        let kbps: Vec<f64> = rates.map(|rate| f64::from(rate.get()) / 1_000.0).collect();
        mean_and_sd(kbps.into_iter().map(f64::ln))
    };
    let (hevc, hevc_sd) = of("1080p", "hevc");
    within(hevc.exp(), 3_000.0, 6_000.0, "HEVC at 1080p, kbps");
    within(hevc_sd, 0.28, 0.45, "its sd of ln");
    let (small, _) = of("720p", "h264");
    within(small.exp(), 2_000.0, 4_500.0, "H.264 at 720p, kbps");
    assert!(of("2160p", "hevc").0 > hevc);
}

#[test]
fn files_per_title_are_those_of_the_recipe() {
    let catalogue = drawn("mixed", 50_000);
    within(catalogue.files() as f64 / 50_000.0, 1.95, 2.07, "files per title");
    let mut by_title: HashMap<u32, Vec<u32>> = HashMap::new();
    for row in (0..catalogue.files()).filter(|&row| catalogue.kind().get(row) == Some("movie")) {
        by_title.entry(catalogue.title()[row]).or_default().push(catalogue.duration_ms()[row]);
    }
    let pairs: Vec<u32> =
        by_title.values().flat_map(|d| d.iter().skip(1).map(|other| other.abs_diff(d[0]))).collect();
    let near = pairs.iter().filter(|&&apart| apart <= 300).count() as f64 / pairs.len() as f64;
    within(near, 0.45, 0.85, "encodes of one cut, 0 to 300 ms apart");
    let pal = by_title.values().flat_map(|d| d.iter().skip(1).map(|&o| f64::from(o) / f64::from(d[0])));
    let pal: Vec<f64> = pal.collect();
    let sped_up = pal.iter().filter(|ratio| (0.9588..0.9592).contains(*ratio)).count() as f64;
    within(sped_up / pal.len() as f64, 0.01, 0.12, "PAL beside film speed");
}

#[test]
fn popularity_follows_zipf_until_its_cutoff() {
    let mut recipe = Recipe::builtin("mixed").unwrap();
    let slope = |recipe: &Recipe| {
        let catalogue = synthesize(recipe, 50_000, 1).unwrap();
        let mut titles = vec![0.0; 50_000];
        let files = catalogue.title().iter().zip(catalogue.popularity().unwrap());
        files.for_each(|(&title, popularity)| titles[title as usize] += popularity);
        titles.sort_by(|a, b| b.total_cmp(a));
        (titles[499] / titles[9]).ln() / 50.0_f64.ln()
    };
    within(slope(&recipe), -0.90, -0.72, "slope from rank 10 to 500");
    recipe.popularity.exponent = 0.0;
    let uniform = synthesize(&recipe, 100, 1).unwrap();
    assert!(uniform.popularity().unwrap().all(|p| p == 1.0));
}

#[test]
fn tracks_have_no_picture() {
    let catalogue = drawn("music", 500);
    for field in [SideField::Width, SideField::Height, SideField::Resolution, SideField::VideoCodec] {
        assert!((0..catalogue.files()).all(|row| catalogue.side(field).unwrap().get(row).is_none()));
    }
    let movies = drawn("video", 500);
    assert!((0..movies.files()).all(|row| movies.side(SideField::Resolution).unwrap().get(row).is_some()));
}

#[test]
fn names_do_not_depend_on_chance() {
    for name in Recipe::builtins() {
        let recipe = Recipe::builtin(name).unwrap();
        assert_eq!(recipe.name, name);
        let (few, many) = (synthesize(&recipe, 1, 5).unwrap(), synthesize(&recipe, 300, 6).unwrap());
        for field in SideField::ALL {
            assert_eq!(few.side(field).unwrap().names(), many.side(field).unwrap().names());
        }
    }
}

#[test]
fn catalogues_of_other_sizes_are_independent() {
    let (few, many) = (drawn("mixed", 1_000), drawn("mixed", 10_000));
    let many: HashSet<u32> = durations(&many, "movie").into_iter().collect();
    let few = durations(&few, "movie");
    // By chance, 3,400 files hit about 0.1 % of the ms that films end at.
    let shared = few.iter().filter(|ms| many.contains(ms)).count();
    within(shared as f64 / few.len() as f64, 0.0, 0.02, "share of the durations that are in both");
}

#[test]
fn wrong_recipes_are_refused_by_key_and_mend() {
    let mixed = include_str!("../../../datasets/recipes/mixed.toml");
    let error = |from: &str, to: &str| {
        assert!(mixed.contains(from), "{from}");
        let error = Recipe::from_toml("mine.toml", &mixed.replacen(from, to, 1)).unwrap_err();
        assert!(matches!(error, CatalogueError::Recipe { .. }));
        error.to_string()
    };
    let missing = error("missing_bitrate = 0.02", "missing_bitrate = 1.5");
    assert_eq!(missing, "recipe mine.toml: missing_bitrate is 1.5; give a number from 0 to 1");
    let sd = error("sd_ln = 0.25", "sd_ln = -0.25");
    assert!(sd.contains("kind `movie`, encode 1 (disc, as it is): sd_ln is -0.25"), "{sd}");
    assert!(error("sd_ln = 0.25", "sd_ln = nan").contains("sd_ln is NaN"));
    assert!(error("share = 0.10", "share = -0.10").contains("a share of kind is -0.1; give"));
    assert!(error("center_s = 6200", "center_s = 100").contains("length 1: center_s is 100; give"));
    assert!(error("jitter_ms = 300", "jitters_ms = 300").contains("jitters_ms"));
    assert!(error("name = \"episode\"", "name = \"movie\"").contains("kind `movie` stands twice"));
    assert!(error("[1, 0.16]", "[0, 0.16]").contains("files is 0; give"));
    assert!(error("max_kbps = 10080", "max_kbps = 5100").contains("max_kbps is 5100; give"));
    let unknown = Recipe::builtin("films").unwrap_err().to_string();
    assert!(unknown.contains("they are mixed, video, music"), "{unknown}");
    let none = synthesize(&Recipe::builtin("mixed").unwrap(), 0, 1).unwrap_err();
    assert!(none.to_string().starts_with("recipe mixed: 0 titles can't be drawn"), "{none}");
    assert!(synthesize(&Recipe::builtin("mixed").unwrap(), u32::MAX, 1).is_err());
    let mut changed = Recipe::builtin("mixed").unwrap();
    changed.kinds.clear();
    assert!(synthesize(&changed, 1, 1).unwrap_err().to_string().contains("kind has no entry with a share"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_title_is_whole(titles in 1u32..400, seed: u64, which in 0usize..3) {
        let name = Recipe::builtins().nth(which).unwrap();
        let catalogue = synthesize(&Recipe::builtin(name).unwrap(), titles, seed).unwrap();
        prop_assert_eq!(catalogue.titles(), titles);
        prop_assert!(catalogue.files() >= titles as usize);
        let kind = catalogue.kind();
        let genre = catalogue.side(SideField::Genre).unwrap();
        let mut of_title = HashMap::new();
        let mut of_series = HashMap::new();
        for row in 0..catalogue.files() {
            prop_assert!(catalogue.duration_ms()[row] >= 1);
            let whole = (kind.get(row), catalogue.series()[row], genre.get(row));
            prop_assert_eq!(*of_title.entry(catalogue.title()[row]).or_insert(whole), whole);
            let (kind, series, genre) = whole;
            prop_assert_eq!(*of_series.entry(series).or_insert((kind, genre)), (kind, genre));
        }
        // A title's files stand together.
        let runs = catalogue.title().chunk_by(|a, b| a == b).count();
        prop_assert_eq!(runs, catalogue.title().iter().collect::<HashSet<_>>().len());
    }
}
