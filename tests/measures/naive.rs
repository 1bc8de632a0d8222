//! Every measure from its definition, slowly: the oracle.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use coarsen::catalogue::{Catalogue, SideField};
use coarsen::classes::{Corner, Generalization, Numbers};
use coarsen::rounding::{Bucket, Partition};
use proptest::prelude::*;

use crate::some::{THRESHOLDS, catalogue, files, measure, with_corners};

/// The files of each class, keyed by what they emit as text.
pub fn group(catalogue: &Catalogue, generalization: &Generalization) -> BTreeMap<String, Vec<usize>> {
    let mut classes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for file in 0..catalogue.files() {
        if generalization.other.iter().any(|corner| lies_in(catalogue, corner, file)) {
            classes.entry("other".to_owned()).or_default().push(file);
            continue;
        }
        let duration = generalization.duration.bucket(u64::from(catalogue.duration_ms()[file]));
        let mut emitted =
            if generalization.duration.is_drop() { String::new() } else { format!("{duration:?}") };
        if !generalization.bitrate.is_drop() {
            let rate = catalogue.bitrate_bps().expect("bit rates")[file];
            let bucket = rate.map(|rate| generalization.bitrate.bucket(u64::from(rate.get())));
            emitted += &format!("{bucket:?}");
        }
        for &field in &generalization.by {
            emitted += &format!("{:?}", catalogue.side(field).expect("a side field").get(file));
        }
        classes.entry(emitted).or_default().push(file);
    }
    classes
}

/// Whether a file's raw values meet every condition of a box.
fn lies_in(catalogue: &Catalogue, corner: &Corner, file: usize) -> bool {
    let number = |asked: &Numbers, value: Option<u64>| match asked {
        Numbers::Any => true,
        Numbers::Missing => value.is_none(),
        Numbers::In(Bucket { from, to }) => value.is_some_and(|v| *from <= v && to.is_none_or(|to| v < to)),
    };
    let rate = catalogue.bitrate_bps().expect("bit rates")[file].map(|rate| u64::from(rate.get()));
    let named = |field: SideField| catalogue.side(field).expect("a side field").get(file).map(str::to_owned);
    number(&corner.duration, Some(u64::from(catalogue.duration_ms()[file])))
        && number(&corner.bitrate, rate)
        && corner.side.iter().all(|(field, values)| values.contains(&named(*field)))
}

fn distinct(files: &[usize], ids: &[u32]) -> usize {
    files.iter().map(|&file| ids[file]).collect::<BTreeSet<_>>().len()
}

/// The weight of each title of a class.
fn of_titles(catalogue: &Catalogue, files: &[usize], weight: impl Fn(usize) -> f64) -> HashMap<u32, f64> {
    let mut sums = HashMap::new();
    for &file in files {
        *sums.entry(catalogue.title()[file]).or_insert(0.0) += weight(file);
    }
    sums
}

fn largest(sums: &HashMap<u32, f64>) -> f64 {
    sums.values().copied().fold(0.0, f64::max)
}

fn close(a: f64, b: f64) -> Result<(), TestCaseError> {
    prop_assert!((a - b).abs() <= 1e-9, "{a} is not {b}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn measures_are_what_their_definitions_say(files in files(), generalization in with_corners()) {
        let catalogue = catalogue(&files);
        let classes: Vec<Vec<usize>> = group(&catalogue, &generalization).into_values().collect();
        let measures = measure(&catalogue, &generalization);
        let n = catalogue.files() as f64;
        let given: Vec<f64> = catalogue.popularity().expect("popularity").collect();
        let popularity = |file: usize| if given.iter().all(|&p| p == 0.0) { 1.0 } else { given[file] };
        let plays: f64 = (0..catalogue.files()).map(popularity).sum();

        prop_assert_eq!(measures.classes as usize, classes.len());
        prop_assert_eq!(measures.k.files as usize, classes.iter().map(Vec::len).min().unwrap());
        let titles = |class: &[usize]| distinct(class, catalogue.title());
        let series = |class: &[usize]| distinct(class, catalogue.series());
        prop_assert_eq!(measures.k.titles as usize, classes.iter().map(|c| titles(c)).min().unwrap());
        prop_assert_eq!(measures.k.series as usize, classes.iter().map(|c| series(c)).min().unwrap());

        // The largest k such that classes under k hold at most a tenth, found by trying every k.
        let within = |size: &dyn Fn(&[usize]) -> usize, amount: &dyn Fn(&[usize]) -> f64, budget: f64| {
            let largest = classes.iter().map(|class| size(class)).max().unwrap();
            let lost = |k: usize| classes.iter().filter(|c| size(c) < k).map(|c| amount(c)).sum::<f64>();
            (1..=largest).filter(|&k| lost(k) <= budget + 1e-9).max().unwrap()
        };
        let count = |class: &[usize]| class.len() as f64;
        let budget = (n / 10.0).floor();
        let tenth = &measures.k_within_budget[1];
        prop_assert_eq!(tenth.files as usize, within(&|c| c.len(), &count, budget));
        prop_assert_eq!(tenth.titles as usize, within(&titles, &count, budget));
        prop_assert_eq!(tenth.series as usize, within(&series, &count, budget));
        let weigh = |class: &[usize]| class.iter().map(|&f| popularity(f)).sum::<f64>();
        prop_assert_eq!(tenth.titles_by_plays as usize, within(&titles, &weigh, plays / 10.0));

        let exposed = |class: &&Vec<usize>| {
            titles(class) < THRESHOLDS.k_titles as usize || series(class) < THRESHOLDS.k_series as usize
        };
        close(measures.exposed.files, classes.iter().filter(exposed).map(|c| count(c)).sum::<f64>() / n)?;
        close(measures.exposed.plays, classes.iter().filter(exposed).map(|c| weigh(c)).sum::<f64>() / plays)?;

        let alone = classes.iter().filter(|class| class.len() == 1).count() as f64;
        let lone_title = classes.iter().filter(|c| titles(c) == 1).map(|c| count(c)).sum::<f64>();
        close(measures.unique_share.files, alone / n)?;
        close(measures.unique_share.titles, lone_title / n)?;

        let best_file = classes.iter().map(|c| c.iter().map(|&f| popularity(f)).fold(0.0, f64::max)).sum::<f64>();
        let tops = |weight: &dyn Fn(usize) -> f64| {
            classes.iter().map(|c| largest(&of_titles(&catalogue, c, weight))).collect::<Vec<f64>>()
        };
        let (top_files, top_plays) = (tops(&|_| 1.0), tops(&popularity));
        let rates = &measures.reidentification;
        close(rates.file.uniform, classes.len() as f64 / n)?;
        close(rates.file.popularity, best_file / plays)?;
        close(rates.title.uniform, top_files.iter().sum::<f64>() / n)?;
        close(rates.title.popularity, top_plays.iter().sum::<f64>() / plays)?;
        let everything: Vec<usize> = (0..catalogue.files()).collect();
        close(measures.blind_guess.uniform, largest(&of_titles(&catalogue, &everything, |_| 1.0)) / n)?;
        close(measures.blind_guess.popularity, largest(&of_titles(&catalogue, &everything, popularity)) / plays)?;

        // In whole numbers, as a share of exactly 0.2 must count.
        let held = |tops: &[f64], amount: &dyn Fn(&[usize]) -> f64, part: f64, whole: f64| {
            let over = |(c, top): (&Vec<usize>, &f64)| if top * whole >= amount(c) * part { amount(c) } else { 0.0 };
            classes.iter().zip(tops).map(over).sum::<f64>()
        };
        for (found, (part, whole)) in measures.largest_title.iter().zip([(1.0, 5.0), (1.0, 2.0), (4.0, 5.0)]) {
            close(found.at_least, part / whole)?;
            close(found.files, held(&top_files, &count, part, whole) / n)?;
            close(found.plays, held(&top_plays, &weigh, part, whole) / plays)?;
        }
        close(measures.confident_title.uniform, held(&top_files, &count, 19.0, 20.0) / n)?;
        close(measures.confident_title.popularity, held(&top_plays, &weigh, 19.0, 20.0) / plays)?;

        // Prosecutor: the risk of a file is one over its class.
        let risks: Vec<f64> = classes.iter().flat_map(|c| vec![1.0 / count(c); c.len()]).collect();
        close(measures.prosecutor.average, risks.iter().sum::<f64>() / n)?;
        close(measures.prosecutor.highest, risks.iter().copied().fold(0.0, f64::max))?;
        close(measures.prosecutor.lowest, risks.iter().copied().fold(1.0, f64::min))?;
        close(measures.prosecutor.at_risk, risks.iter().filter(|&&r| r > 0.05).count() as f64 / n)?;
        close(measures.leakage_bits.file_uniform, (classes.len() as f64).log2())?;

        // By kind: file by file, the chance that a random tie-break names its title.
        let mut chance: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
        for (class, &top) in classes.iter().zip(&top_files) {
            let sums = of_titles(&catalogue, class, |_| 1.0);
            let ties = sums.values().filter(|&&sum| sum == top).count() as f64;
            for &file in class {
                let held = chance.entry(catalogue.kind().get(file).unwrap()).or_default();
                let hit = sums[&catalogue.title()[file]] == top;
                held.0 += if hit { 1.0 / ties } else { 0.0 };
                held.1 += 1.0;
                held.2 += f64::from(u8::from(exposed(&class)));
            }
        }
        prop_assert_eq!(measures.by_kind.len(), chance.len());
        for (kind, (hits, files, exposed)) in chance {
            let found = &measures.by_kind[kind];
            close(found.title_uniform, hits / files)?;
            close(found.exposed_share, exposed / files)?;
        }
    }

    #[test]
    fn genre_measures_are_what_their_definitions_say(files in files(), generalization in with_corners()) {
        let catalogue = catalogue(&files);
        let cells = coarsen::classes::Cells::new(&catalogue);
        let grouped = coarsen::classes::Classes::group(&cells, generalization.key());
        let found = coarsen::anonymity::genre(&grouped).expect("a genre column");
        let genre = |file: usize| catalogue.side(SideField::Genre).expect("genres").get(file);
        let shares = |files: &[usize]| {
            let mut shares: BTreeMap<Option<&str>, f64> = BTreeMap::new();
            files.iter().for_each(|&f| *shares.entry(genre(f)).or_default() += 1.0 / files.len() as f64);
            shares
        };
        let everything: Vec<usize> = (0..catalogue.files()).collect();
        let whole = shares(&everything);
        let (mut distinct, mut entropy, mut distance) = (usize::MAX, f64::INFINITY, 0.0f64);
        for class in group(&catalogue, &generalization).values() {
            let of_class = shares(class);
            distinct = distinct.min(of_class.len());
            entropy = entropy.min(of_class.values().map(|q| -q * q.ln()).sum::<f64>().exp());
            let gap = |(name, p): (&Option<&str>, &f64)| (of_class.get(name).copied().unwrap_or(0.0) - p).abs();
            distance = distance.max(0.5 * whole.iter().map(gap).sum::<f64>());
        }
        prop_assert_eq!(found.distinct_l as usize, distinct);
        close(found.entropy_l, entropy)?;
        close(found.t_closeness, distance)?;
    }

    #[test]
    fn distortion_is_what_its_definition_says(files in files(), generalization in with_corners()) {
        let catalogue = catalogue(&files);
        let cells = coarsen::classes::Cells::new(&catalogue);
        let found = coarsen::anonymity::Distortion::of(&cells, &generalization);
        let other = |file: usize| generalization.other.iter().any(|corner| lies_in(&catalogue, corner, file));
        let (mut error, mut lost, mut emitting) = (0.0, 0.0, 0.0);
        for (file, &duration) in catalogue.duration_ms().iter().enumerate() {
            if other(file) {
                lost += 1.0;
                continue;
            }
            emitting += 1.0;
            let bucket = generalization.duration.bucket(u64::from(duration));
            error += bucket.midpoint().abs_diff(u64::from(duration)) as f64;
            lost += match bucket.to {
                None => 1.0,
                Some(to) if to == bucket.from + 1 => 0.0,
                Some(to) => (to.min(14_400_000) - bucket.from) as f64 / 14_400_000.0,
            };
        }
        let n = catalogue.files() as f64;
        prop_assert_eq!(found.duration.mean_abs_error.is_some(), !generalization.duration.is_drop() && emitting > 0.0);
        if let Some(found) = found.duration.mean_abs_error {
            close(found / 1e6, error / emitting / 1e6)?;
        }
        close(found.duration.ncp, lost / n)?;
        let rates: Vec<(usize, u64)> = catalogue.bitrate_bps().unwrap().iter().enumerate()
            .filter_map(|(file, rate)| Some((file, u64::from((*rate)?.get())))).collect();
        let log = |rate: u64| (rate.clamp(16_000, 128_000_000) as f64).log2();
        let of_rate = |&(file, rate): &(usize, u64)| {
            let bucket = generalization.bitrate.bucket(rate);
            match bucket.to {
                _ if other(file) => 1.0,
                None => 1.0,
                Some(to) if to == bucket.from + 1 => 0.0,
                Some(to) => (log(to) - log(bucket.from)) / (128_000_000f64.log2() - 16_000f64.log2()),
            }
        };
        if !rates.is_empty() {
            close(found.bitrate.ncp, rates.iter().map(of_rate).sum::<f64>() / rates.len() as f64)?;
        }
        // The catalogue has no codecs and no container: duration 1, bit rate 1, resolution 0.5.
        let gone = (0..catalogue.files()).filter(|&file| other(file)).count() as f64 / n;
        close(found.other, gone)?;
        let side = if generalization.by.contains(&SideField::Resolution) { gone } else { 1.0 };
        close(found.total, (found.duration.ncp + found.bitrate.ncp + 0.5 * side) / 2.5)?;
    }
}
