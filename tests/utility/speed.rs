//! The fit against least squares on the whole design, and what rounding does to it.

use coarsen::catalogue::stream::stream;
use coarsen::telemetry::plays::{Number, Plays, Row, Text};
use coarsen::utility::speed::{Fit, SpeedPlay, Speeds, Sums, Told, judge, of_release};
use coarsen::utility::{Finding, Release, Why};
use proptest::prelude::*;
use rand::RngExt;

use crate::{emitting, plays};

/// Least squares by Gauss and Jordan with full pivots on the normal equations of the design, row by row: (slope, fitted
/// values), or `None` where the last column follows from the others.
fn naive(rows: &[([u32; 3], f64, f64)], levels: [usize; 3]) -> Option<(f64, Vec<f64>)> {
    let design: Vec<Vec<f64>> = rows
        .iter()
        .map(|(of, x, _)| {
            let mut row = vec![1.0];
            for (level, levels) in of.iter().zip(levels) {
                row.extend((1..levels).map(|other| f64::from(*level as usize == other)));
            }
            row.push(x - 10.0);
            row
        })
        .collect();
    let columns = design[0].len();
    let mut equations: Vec<Vec<f64>> = (0..columns)
        .map(|a| {
            let mut line: Vec<f64> =
                (0..columns).map(|b| design.iter().map(|row| row[a] * row[b]).sum()).collect();
            line.push(design.iter().zip(rows).map(|(row, (_, _, y))| row[a] * y).sum());
            line
        })
        .collect();
    let mut pivots: Vec<(usize, usize)> = Vec::new();
    // The slope's column last of all.
    for columns in [0..columns - 1, columns - 1..columns] {
        loop {
            let free = |row: usize, column: usize| pivots.iter().all(|&(r, c)| r != row && c != column);
            let best = (0..design[0].len())
                .flat_map(|row| columns.clone().map(move |column| (row, column)))
                .filter(|&(row, column)| free(row, column))
                .max_by(|a, b| equations[a.0][a.1].abs().total_cmp(&equations[b.0][b.1].abs()));
            let Some((row, column)) = best.filter(|&(row, column)| equations[row][column].abs() > 1e-7)
            else {
                break;
            };
            pivots.push((row, column));
            let line: Vec<f64> = equations[row].iter().map(|value| value / equations[row][column]).collect();
            for (other, values) in equations.iter_mut().enumerate() {
                let factor = if other == row { 0.0 } else { values[column] };
                values.iter_mut().zip(&line).for_each(|(value, of)| *value -= factor * of);
            }
            equations[row] = line;
        }
    }
    let solved = |column: usize| {
        pivots
            .iter()
            .find(|pivot| pivot.1 == column)
            .map(|&(row, _)| equations[row][equations[row].len() - 1])
    };
    let slope = solved(columns - 1)?;
    let fitted = design.iter().map(|row| {
        row.iter().enumerate().map(|(column, value)| value * solved(column).unwrap_or(0.0)).sum::<f64>()
    });
    Some((slope, fitted.collect()))
}

fn sums(rows: &[([u32; 3], f64, f64)]) -> Vec<([u32; 3], Sums)> {
    rows.iter().map(|&(of, x, y)| (of, Sums::of(x, y))).collect()
}

proptest! {
    #[test]
    fn it_is_least_squares(
        rows in proptest::collection::vec(([0u32..3, 0u32..4, 0u32..2], 0u32..40, -50i32..50), 1..60),
    ) {
        let levels = [3, 4, 2];
        let rows: Vec<_> = rows.iter().map(|&(of, x, y)| (of, f64::from(x) / 4.0, f64::from(y) / 10.0)).collect();
        let fit = Fit::of(&sums(&rows), levels);
        let expected = naive(&rows, levels);
        prop_assert_eq!(fit.is_some(), expected.is_some());
        let (Some(fit), Some((slope, fitted))) = (fit, expected) else { return Ok(()) };
        prop_assert!((fit.slope() - slope).abs() < 1e-6 * (1.0 + slope.abs()), "{} {slope}", fit.slope());
        let (mut rss, mut tss) = (0.0, 0.0);
        let mean = rows.iter().map(|row| row.2).sum::<f64>() / rows.len() as f64;
        for (&(of, x, y), fitted) in rows.iter().zip(&fitted) {
            prop_assert!((fit.predict(of, x) - fitted).abs() < 1e-6);
            rss += (y - fitted).powi(2);
            tss += (y - mean).powi(2);
        }
        match fit.r_squared() {
            Some(r_squared) => prop_assert!((r_squared - (1.0 - rss / tss)).abs() < 1e-6),
            None => prop_assert!(tss < 1e-9),
        }
    }

    /// A slope that nothing tells of is none, whatever the levels.
    #[test]
    fn what_follows_from_the_factors_has_no_slope(of in proptest::collection::vec([0u32..3, 0u32..3, 0u32..3], 1..50)) {
        let x = |of: &[u32; 3]| 20.0 + 0.3 * f64::from(of[0]) + 1.7 * f64::from(of[1]) - 0.1 * f64::from(of[2]);
        let rows: Vec<_> = of.iter().zip(0u32..).map(|(of, y)| (*of, x(of), f64::from(y % 7))).collect();
        // Any function of single factors; by level it's linear, so that the columns add up to it.
        prop_assert_eq!(Fit::of(&sums(&rows), [3, 3, 3]), None);
    }
}

/// Plays of a known mechanism: ln(speed) = effects - 0.5 × log2(bit rate) + noise.
fn known(noise: f64, released: impl Fn(Told) -> Told) -> (Vec<SpeedPlay>, Vec<String>) {
    let mut random = stream(9, "known speeds", 0);
    let names: Vec<String> = (0..120).map(|server| format!("s{server}")).collect();
    let mut plays = Vec::new();
    for server in 0..names.len() {
        let hardware = random.random_range(0..4);
        let own = 0.2 * noise * (random.random::<f64>() - 0.5);
        for _ in 0..30 {
            let levels = [hardware, random.random_range(0..3), random.random_range(0..3)];
            let bitrate = 20.0 + 5.0 * random.random::<f64>();
            let effects =
                0.7 * f64::from(levels[0]) - 0.4 * f64::from(levels[1]) + 0.2 * f64::from(levels[2]);
            let speed = 11.0 + effects - 0.5 * bitrate + own + noise * (random.random::<f64>() - 0.5);
            let raw = Told { levels, bitrate, speed };
            plays.push(SpeedPlay { server, raw, released: released(raw) });
        }
    }
    (plays, names)
}

fn judged(plays: &[SpeedPlay], names: &[String], seed: u64) -> Speeds {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match judge(plays, &names, seed) {
        Finding::Found(speeds) => speeds,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_mechanism_is_found_and_keeping_changes_nothing() {
    let (plays, names) = known(0.0, |raw| raw);
    let exact = judged(&plays, &names, 1);
    assert!((exact.raw.slope + 0.5).abs() < 1e-9 && exact.raw.error < Some(1e-9), "{exact:?}");
    assert_eq!(exact.raw.wrong, Some(0.0));
    let (plays, names) = known(1.0, |raw| raw);
    let kept = judged(&plays, &names, 1);
    assert_eq!(kept.raw, kept.released);
    assert_eq!((kept.attenuation, kept.r_squared_ratio, kept.error_ratio), (Some(1.0), Some(1.0), Some(1.0)));
    let within = kept.attenuation_within.expect("an interval");
    assert_eq!((within.low, within.high, within.resamples), (1.0, 1.0, 1_000));
    // Uniform noise on plays and servers: error √((1 + 0.2²)/12).
    assert!((kept.raw.error.expect("held out") - (1.04f64 / 12.0).sqrt()).abs() < 0.02, "{kept:?}");
    assert!((15..33).contains(&(kept.held_out / 30)), "{}", kept.held_out);
}

/// Noise on what leaves flattens the slope by var(x)/(var(x) + var(noise)) (Fuller 1987, section 1.1); midpoints of full
/// buckets (Berkson's errors) don't flatten it, though they blur the fit.
#[test]
fn noise_flattens_and_midpoints_blur() {
    let random = std::cell::RefCell::new(stream(9, "noise on bit rates", 0));
    let (plays, names) = known(1.0, |raw| {
        let noise = 5.0 * (random.borrow_mut().random::<f64>() - 0.5);
        Told { bitrate: raw.bitrate + noise, ..raw }
    });
    let noisy = judged(&plays, &names, 1);
    let (attenuation, within) =
        (noisy.attenuation.expect("a ratio"), noisy.attenuation_within.expect("an interval"));
    assert!((attenuation - 0.5).abs() < 0.05 && within.low < 0.5 && 0.5 < within.high, "{noisy:?}");
    assert!(noisy.error_ratio_within.expect("an interval").low > 1.0);
    let (plays, names) = known(1.0, |raw| Told { bitrate: raw.bitrate.floor() + 0.5, ..raw });
    let blurred = judged(&plays, &names, 1);
    assert!((blurred.attenuation.expect("a ratio") - 1.0).abs() < 0.03, "{blurred:?}");
    assert!(blurred.r_squared_ratio < Some(1.0));
}

#[test]
fn one_bucket_for_all_is_lost_and_no_bit_rate_to_begin_with_is_unasked() {
    let (plays, names) = known(1.0, |raw| Told { bitrate: 22.5, ..raw });
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(judge(&plays, &names, 1), Finding::Lost { why: Why::Fixed });
    let turned: Vec<SpeedPlay> =
        plays.iter().map(|play| SpeedPlay { raw: play.released, released: play.raw, ..*play }).collect();
    assert_eq!(judge(&turned, &names, 1), Finding::Unasked { why: Why::Fixed });
    assert_eq!(judge(&[], &[], 1), Finding::Unasked { why: Why::NoPlays });
}

#[test]
fn the_seed_and_no_thread_decides() {
    let (plays, names) = known(1.0, |raw| Told { bitrate: raw.bitrate.floor(), ..raw });
    let on = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| serde_json::to_string(&judged(&plays, &names, seed)).expect("JSON"))
    };
    assert_eq!(on(1, 4), on(2, 4));
    assert_ne!(on(2, 4), on(2, 5));
}

#[test]
fn simulated_speeds_fall_with_the_bit_rate_and_what_leaves_apart_is_lost() {
    let plays = plays(120, 6_000, 2);
    let raw = of_release(&plays, &Release::raw(&plays), 1);
    let raw = raw.found().expect("transcodes");
    assert!(raw.raw.error.is_some() && raw.raw.r_squared > Some(0.2), "{raw:?}");
    assert_eq!(raw.attenuation, Some(1.0));
    let of = |bitrate: &str| {
        of_release(&plays, &Release::of_pings(&plays, &[("play", &emitting("drop", bitrate))]), 1)
    };
    assert_eq!(of("keep").found().expect("kept").released, raw.raw);
    assert!(of("floor:4Mbps").found().expect("rounded").r_squared_ratio <= Some(1.0 + 1e-9));
    assert_eq!(of("drop"), Finding::Lost { why: Why::Apart });
    assert_eq!(of("floor:100000Mbps"), Finding::Lost { why: Why::Fixed });
    let mut fewer = emitting("drop", "keep");
    fewer.by.clear();
    let fewer = of_release(&plays, &Release::of_pings(&plays, &[("play", &fewer)]), 1);
    assert_eq!(fewer.found().expect("fewer").without, ["video_codec", "resolution"]);
}

/// A value that is missing is a level of its own, a speed of 0 no play.
#[test]
fn what_is_missing_is_a_level() {
    let mut random = stream(2, "missing", 0);
    let names: Vec<String> = (0..30).map(|server| format!("s{server}")).collect();
    let rows = (0..600usize).map(|play| {
        let mut row = Row::default();
        row[Text::Server] = Some(&names[play % 30]);
        row[Text::Hardware] = (play % 2 == 0).then_some("nvenc");
        let bitrate: u32 = random.random_range(1_000_000..20_000_000);
        row[Number::BitrateBps] = Some(bitrate);
        let fast = if play % 2 == 0 { 8 } else { 1 };
        row[Number::TranscodeSpeedPermille] =
            Some(if play % 50 == 0 { 0 } else { fast * (5_000_000_000u64 / u64::from(bitrate)) as u32 });
        row
    });
    let plays: Plays = rows.collect();
    let speeds = of_release(&plays, &Release::raw(&plays), 1);
    let speeds = speeds.found().expect("speeds");
    assert_eq!(speeds.plays, 588);
    assert!(
        speeds.raw.r_squared > Some(0.99999) && (speeds.raw.slope + 2f64.ln()).abs() < 1e-3,
        "{speeds:?}"
    );
}
