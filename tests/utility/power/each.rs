//! Every rounding of a number at once, against a release of each.

use coarsen::catalogue::SideField;
use coarsen::classes::Generalization;
use coarsen::rounding::Rounding;
use coarsen::telemetry::plays::{Number, Plays, Text};
use coarsen::units::Dimension;
use coarsen::utility::power::{Family, Prepared};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{few, released};

/// Plays of which some lack a codec, a number or what shows a fault, and some have a number of their own.
fn lacking(lacks: &[u8]) -> Plays {
    let plays = super::plays();
    let row = |play: usize| {
        let mut row = plays.row(play);
        match lacks[play % lacks.len()] {
            0 => row[Text::VideoCodec] = None,
            1 => row[Number::BitrateBps] = None,
            2 => row[Number::DurationMs] = None,
            3 => row[Number::Stalls] = None,
            4 => (row[Number::Stalls], row[Number::StalledMs]) = (None, Some(1_500)),
            5 => row[Number::BitrateBps] = Some(400_000 + play as u32 * 9_973),
            6 => row[Number::DurationMs] = Some(300_000 + play as u32 * 11_003),
            _ => {}
        }
        row
    };
    (0..plays.len()).map(row).collect()
}

fn roundings(texts: &[&str], dimension: Dimension) -> Vec<Rounding> {
    texts.iter().map(|text| Rounding::parse(text, dimension).expect("a rounding")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_rounding_at_once_costs_what_each_costs(
        lacks in vec(0u8..14, 1..40),
        width in 1u64..9_000_000,
        codec in any::<bool>(),
    ) {
        let plays = lacking(&lacks);
        let by = if codec { vec![SideField::VideoCodec] } else { Vec::new() };
        let [length, rate] = ["ms", "bps"].map(|unit| format!("floor:{width}{unit}"));
        let both = [
            (Family::LongTitles, Dimension::Duration, &["keep", "floor:10min", "log:2", "edges:30min,1h", &length][..]),
            (Family::Stalls, Dimension::Bitrate, &["keep", "floor:500kbps", "log:1", "edges:2Mbps,6Mbps", &rate][..]),
        ];
        for (family, dimension, texts) in both {
            let with = |rounding: &Rounding| {
                let nothing = Generalization { by: by.clone(), ..Generalization::drop() };
                match dimension {
                    Dimension::Duration => Generalization { duration: rounding.clone(), ..nothing },
                    _ => Generalization { bitrate: rounding.clone(), ..nothing },
                }
            };
            let prepared = Prepared::new(&plays, family, &few(2_000)).expect("faults");
            let roundings = roundings(texts, dimension);
            let kept = with(&Rounding::keep(dimension));
            let told = prepared.expected_of_each(&released(&plays, &kept), &roundings).expect("ratios");
            prop_assert_eq!(told.len(), roundings.len());
            for (rounding, told) in roundings.iter().zip(told) {
                let one = prepared.expected(&released(&plays, &with(rounding))).expect("a ratio");
                match (one, told) {
                    (Some(one), Some(told)) if one.is_finite() => {
                        prop_assert!((one / told - 1.0).abs() < 1e-9, "{family}, {rounding}: {one} {told}");
                    }
                    (one, told) => prop_assert_eq!(one, told, "{}, {}", family, rounding),
                }
            }
        }
    }
}
