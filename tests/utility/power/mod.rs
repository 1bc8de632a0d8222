//! Detection power, against plays resampled one by one, against the normal approximation, and the laws.

mod each;
mod laws;
mod naive;
mod normal;
mod outcomes;

use coarsen::catalogue::SideField;
use coarsen::classes::Generalization;
use coarsen::rounding::Rounding;
use coarsen::telemetry::plays::{Number, Plays, Row, Text};
use coarsen::units::Dimension;
use coarsen::utility::Release;
use coarsen::utility::power::PowerSettings;

/// 100 faults and 1,000 replicas without.
fn few(traffic: u64) -> PowerSettings {
    let mut settings = PowerSettings::new(traffic, 1);
    (settings.replicas, settings.calm) = (100, 1_000);
    settings
}

fn generalization(duration: &str, bitrate: &str) -> Generalization {
    Generalization {
        duration: Rounding::parse(duration, Dimension::Duration).expect("a rounding"),
        bitrate: Rounding::parse(bitrate, Dimension::Bitrate).expect("a rounding"),
        by: vec![SideField::VideoCodec],
        other: Vec::new(),
    }
}

fn released<'a>(plays: &'a Plays, generalization: &Generalization) -> Release<'a> {
    Release::of_pings(plays, &[("plays", generalization)])
}

/// Some hundred plays of three platforms and two codecs, more at some bit rates than at others; those of high bit rates stall
/// more often, and those of one codec are transcoded more slowly.
fn plays() -> Plays {
    let row = |play: u32| {
        let mut row = Row::default();
        row[Text::Platform] = Some(["web", "ios", "roku"][(play % 7 % 3) as usize]);
        let codec = play % 11 % 3 % 2;
        row[Text::VideoCodec] = Some(["h264", "hevc"][codec as usize]);
        row[Text::Hardware] = Some(["nvenc", "quicksync"][(play % 5 % 2) as usize]);
        let rate = 500_000 + (play * play * 37 % 601 / 50) * 1_000_000;
        row[Number::BitrateBps] = Some(rate);
        row[Number::DurationMs] = Some(600_000 + (play * 7_919 % 1_000 / 40) * 480_000);
        row[Number::Stalls] = Some(u32::from(play * 613 % 100 < 5 + rate / 1_000_000));
        row[Number::TranscodeSpeedPermille] = Some(700 + 300 * codec + play * 271 % 900);
        row
    };
    (0..900).map(row).collect()
}
