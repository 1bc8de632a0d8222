//! Frozen draws: a change here changes every study, and belongs in the change log.
#![cfg(feature = "harness")]

use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::catalogue::{Catalogue, SideField};

/// FNV-1a, 64 bits, over every column.
fn hash(catalogue: &Catalogue) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for &byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    let mut popularity = catalogue.popularity();
    for row in 0..catalogue.files() {
        add(&catalogue.title()[row].to_le_bytes());
        add(&catalogue.series()[row].to_le_bytes());
        add(&catalogue.duration_ms()[row].to_le_bytes());
        let rate = catalogue.bitrate_bps().and_then(|rates| rates[row]);
        add(&rate.map_or(0, |rate| rate.get()).to_le_bytes());
        add(&popularity.as_mut().and_then(Iterator::next).map_or(0, f64::to_bits).to_le_bytes());
        for field in SideField::ALL {
            add(catalogue.side(field).and_then(|column| column.get(row)).unwrap_or("-").as_bytes());
        }
    }
    hash
}

fn first(catalogue: &Catalogue) -> Vec<(u32, u32, u32)> {
    let rate = |row: usize| catalogue.bitrate_bps().and_then(|rates| rates[row]).map_or(0, |rate| rate.get());
    (0..4).map(|row| (catalogue.title()[row], catalogue.duration_ms()[row], rate(row))).collect()
}

#[test]
fn draws_are_frozen() {
    let frozen = [
        (
            "mixed",
            3_788,
            0xcb3d_a902_bc1c_96eb,
            [
                (0, 9_494_564, 74_594_000),
                (0, 9_494_578, 4_833_000),
                (0, 9_494_851, 1_342_000),
                (0, 9_494_775, 1_234_000),
            ],
        ),
        (
            "video",
            3_872,
            0xccba_3d53_48ed_ec47,
            [
                (0, 8_159_922, 4_907_000),
                (0, 8_160_099, 64_386_000),
                (0, 8_159_922, 3_518_000),
                (0, 7_825_700, 7_358_000),
            ],
        ),
        (
            "music",
            3_137,
            0x8d45_8e68_50e9_844e,
            [
                (0, 109_007, 2_482_000),
                (1, 228_178, 2_827_000),
                (2, 216_641, 2_352_000),
                (3, 275_646, 2_631_000),
            ],
        ),
    ];
    let found: Vec<_> = frozen
        .iter()
        .map(|&(name, ..)| {
            let catalogue = synthesize(&Recipe::builtin(name).unwrap(), 2_000, 1).unwrap();
            (name, catalogue.files(), hash(&catalogue), first(&catalogue))
        })
        .collect();
    let frozen = frozen.map(|(name, files, hash, rows)| (name, files, hash, rows.to_vec()));
    assert_eq!(found, frozen);
}

#[test]
fn threads_change_nothing() {
    let recipe = Recipe::builtin("mixed").unwrap();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| hash(&synthesize(&recipe, 5_000, 7).unwrap()))
    };
    assert_eq!([on(1), on(2), on(5)], [on(1); 3]);
    assert_ne!(on(1), hash(&synthesize(&recipe, 5_000, 8).unwrap()));
}
