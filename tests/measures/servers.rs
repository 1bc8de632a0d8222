//! The model of servers: its laws, and its shares by what is stated of them.

use std::collections::{BTreeMap, BTreeSet};

use coarsen::attack::servers::{LibrariesError, SIZES, Servers};
use coarsen::attack::{Prior, Trial};
use coarsen::catalogue::stream::stream;
use coarsen::catalogue::{Catalogue, Columns, SideField};
use proptest::prelude::*;
use rand::RngExt;

use crate::some::{File, catalogue};

/// So many titles of one or two files; some of series, some never played.
pub fn many(titles: u32, seed: u64) -> Catalogue {
    let mut random = stream(seed, "many titles", 0);
    let mut files = Vec::new();
    for title in 0..titles {
        let series = (random.random_range(0..3) > 0).then(|| random.random_range(0..12));
        for _ in 0..random.random_range(1..3) {
            files.push(File {
                title,
                series,
                duration: random.random_range(1..60) * 30_000,
                bitrate: (random.random_range(0..7) > 0).then(|| random.random_range(1..24) * 250_000),
                resolution: (random.random_range(0..5) > 0).then(|| random.random_range(0..3)),
                popularity: if random.random_range(0..10) > 0 { random.random_range(1..6) } else { 0 },
            });
        }
    }
    catalogue(&files)
}

/// The played titles of each series, by its first played file, in the order of rows.
fn series(catalogue: &Catalogue, played: impl Fn(usize) -> bool) -> Vec<Vec<u32>> {
    let mut seen = BTreeSet::new();
    let mut series: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for file in (0..catalogue.files()).filter(|&file| played(file)) {
        if seen.insert(catalogue.title()[file]) {
            series.entry(catalogue.series()[file]).or_default().push(catalogue.title()[file]);
        }
    }
    series.into_values().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn libraries_are_as_the_model_says(titles in 130u32..400, servers in 1u32..12, seed: u64) {
        let catalogue = many(titles, seed);
        for prior in Prior::ALL {
            let drawn = match Servers::draw(&catalogue, prior, servers, seed) {
                Ok(drawn) => drawn,
                Err(LibrariesError::FewTitles { found, needed }) => {
                    prop_assert!(found < needed && prior == Prior::Popularity);
                    continue;
                }
            };
            let played = |file: usize| prior == Prior::Uniform || catalogue.weight()[file] > 0;
            let of_series = series(&catalogue, played);
            let titles: usize = of_series.iter().map(Vec::len).sum();
            prop_assert_eq!(drawn.most_titles() as usize, titles / 2);
            for library in drawn.libraries() {
                prop_assert!((SIZES[0] as usize..=titles / 2).contains(&library.len()));
                prop_assert!(library.iter().all(|&file| played(file as usize)));
                prop_assert!(library.is_sorted());
                let owned: BTreeSet<u32> = library.iter().map(|&file| catalogue.title()[file as usize]).collect();
                prop_assert_eq!(owned.len(), library.len(), "one file of each title");
                let mut parts = 0;
                for series in &of_series {
                    let held = series.iter().take_while(|title| owned.contains(title)).count();
                    let all = series.iter().filter(|title| owned.contains(title)).count();
                    prop_assert_eq!(held, all, "the first titles, or all");
                    parts += usize::from(held > 0 && held < series.len());
                }
                prop_assert!(parts <= 1, "{} series in part", parts);
            }
            let more = Servers::draw(&catalogue, prior, servers + 3, seed).expect("servers");
            prop_assert_eq!(&more.libraries()[..servers as usize], drawn.libraries());

            let plays = drawn.plays(0, 1, 40);
            prop_assert!(plays.iter().all(|file| drawn.libraries()[0].binary_search(file).is_ok()));
            prop_assert_eq!((&plays, plays.len()), (&drawn.plays(0, 1, 40), 40));
            prop_assert!(plays != drawn.plays(0, 2, 40), "another period");
        }
    }
}

#[test]
fn a_catalogue_hardly_larger_than_a_library_is_refused() {
    let catalogue = many(99, 1);
    let refused = Servers::draw(&catalogue, Prior::Uniform, 1, 1).err().expect("too few titles");
    assert_eq!(refused, LibrariesError::FewTitles { found: 99, needed: 100 });
    assert!(refused.to_string().contains("99 titles") && refused.to_string().contains("100"));
    assert!(Servers::draw(&many(100, 1), Prior::Uniform, 1, 1).is_ok());
}

/// Two genres of 10,000 titles each: sizes and tastes by their distributions, at a false-alarm rate of 1e-6.
#[test]
fn sizes_and_tastes_are_drawn_as_stated() {
    const TITLES: usize = 20_000;
    const SERVERS: u32 = 300;
    let catalogue = Catalogue::new(Columns {
        title: (0..TITLES as u32).collect(),
        duration_ms: vec![60_000; TITLES],
        side: BTreeMap::from([
            (SideField::Kind, (0..TITLES).map(|_| Some("movie")).collect()),
            (SideField::Genre, (0..TITLES).map(|row| Some(["drama", "horror"][row % 2])).collect()),
        ]),
        ..Columns::default()
    })
    .expect("a catalogue");
    let servers = Servers::draw(&catalogue, Prior::Uniform, SERVERS, 1).expect("servers");
    assert_eq!(servers.most_titles(), SIZES[1]);
    // Cut at two deviations on both sides, so the mean of the logarithms stays, and their deviation is 0.88 of it.
    let logs: Vec<f64> = servers.libraries().iter().map(|files| (files.len() as f64).ln()).collect();
    let mean = logs.iter().sum::<f64>() / f64::from(SERVERS);
    let deviation = 10f64.ln() / 2.0 * 0.8796;
    assert!((mean - 500f64.ln()).abs() < 5.1 * deviation / f64::from(SERVERS).sqrt(), "{}", mean.exp());
    let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / f64::from(SERVERS);
    assert!((variance.sqrt() / deviation - 1.0).abs() < 0.2, "{} is not {deviation}", variance.sqrt());

    // Who likes drama alone holds sixteen to one of it: a quarter likes drama, and three quarters of those no horror.
    let dramatic = |files: &&Vec<u32>| {
        files.iter().filter(|&&file| file % 2 == 0).count() as f64 > 0.8 * files.len() as f64
    };
    let liking = servers.libraries().iter().filter(dramatic).count() as u64;
    let trial = Trial::new(u64::from(SERVERS), liking);
    assert!(trial.agrees_with(3.0 / 16.0, 1e-6), "{trial:?}");
}
