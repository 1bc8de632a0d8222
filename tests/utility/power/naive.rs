//! Plays resampled one by one and scanned by the definition, with faults drawn by it: nothing is shared with the library but
//! what a release lets leave.

use coarsen::attack::Trial;
use coarsen::catalogue::stream::{Stream, stream};
use coarsen::telemetry::plays::{Number, Plays, Text};
use coarsen::utility::power::{AtSize, Family, PowerSettings, Prepared};
use coarsen::utility::{Release, Table};
use rand::RngExt;

use super::{generalization, plays, released};

/// A play as it is, and as it leaves.
#[derive(Clone)]
struct Told {
    /// Its categories and its number, as they are.
    raw: (Vec<String>, u32),
    /// Whether it stalls, or its speed.
    response: u32,
    /// Its group and the rank of its bucket.
    cell: (Vec<String>, u64),
}

struct Naive<'a> {
    family: Family,
    told: Vec<Told>,
    seen: &'a dyn Fn(u32) -> f64,
}

fn told(plays: &Plays, table: &Table<'_>, family: Family) -> Vec<Told> {
    let of = |play: usize| {
        let raw = family.categories().iter().map(|&text| plays.text(text).get(play).unwrap().to_owned());
        let out = family.categories().iter().filter_map(|&text| table.text(text));
        let number = family.number().map_or(0, |number| plays.number(number)[play].unwrap());
        let bucket = family.number().and_then(|number| table.number(number));
        let shown = match family {
            Family::Speed => plays.number(Number::TranscodeSpeedPermille)[play].unwrap(),
            _ => plays.number(Number::Stalls)[play].unwrap().min(1),
        };
        Told {
            raw: (raw.collect(), number),
            response: shown,
            cell: (
                out.map(|texts| texts.get(play).unwrap().to_owned()).collect(),
                bucket.map_or(0, |bucket| bucket.get(play).unwrap()),
            ),
        }
    };
    (0..plays.len()).map(of).collect()
}

impl Naive<'_> {
    /// The plays that a fault strikes, and the probability that a play which doesn't stall does.
    fn fault(&self, size: f64, random: &mut Stream) -> (Vec<bool>, f64) {
        let told = &self.told;
        loop {
            let first = &told[random.random_range(0..told.len() as u64) as usize].raw;
            let mut group: Vec<u32> =
                told.iter().filter(|play| play.raw.0 == first.0).map(|play| play.raw.1).collect();
            group.sort_unstable();
            let (low, high) = match self.family {
                Family::Stalls => {
                    let share = 0.1 + 0.4 * f64::from(random.random_range(0..1_000_000u32)) / 1e6;
                    let wanted = (share * group.len() as f64).ceil() as usize;
                    let from = random.random_range(0..=(group.len() - wanted) as u64) as usize;
                    (group[from], group[from + wanted - 1])
                }
                Family::LongTitles => (random.random_range(3_600_000..10_800_000u32) + 1, u32::MAX),
                Family::Speed => (0, u32::MAX),
            };
            let struck = |play: &Told| play.raw.0 == first.0 && (low..=high).contains(&play.raw.1);
            let struck: Vec<bool> = told.iter().map(struck).collect();
            let held = struck.iter().filter(|struck| **struck).count();
            let stalled = told.iter().zip(&struck).filter(|(play, struck)| **struck && play.response > 0);
            let rate = stalled.count() as f64 / held as f64;
            let share = held as f64 / group.len() as f64;
            match self.family {
                Family::Speed => return (struck, 0.0),
                _ if rate == 0.0 || rate == 1.0 => {}
                Family::Stalls if !(0.1..=0.5).contains(&share) => {}
                _ => return (struck, (rate * (size - 1.0) / (1.0 - rate)).min(1.0)),
            }
        }
    }

    /// The strongest run of one day against another, as its first and last cell and z.
    fn strongest(&self, cells: &[(Vec<String>, u64)], arms: [&[Vec<f64>]; 2]) -> (f64, Vec<usize>) {
        let mut best = (0.0, Vec::new());
        for from in 0..cells.len() {
            for to in from..cells.len() {
                if cells[from].0 != cells[to].0 {
                    break;
                }
                let [before, after] = arms.map(|arm| arm[from..=to].concat());
                let z = match self.family {
                    Family::Speed => welch(&before, &after),
                    _ => proportion(&before, &after),
                };
                if z > best.0 {
                    best = (z, (from..=to).collect());
                }
            }
        }
        best
    }

    /// A replica, with a fault or without: z, precision and recall.
    fn replica(&self, traffic: u64, size: Option<f64>, random: &mut Stream) -> (f64, f64, f64) {
        let mut cells: Vec<_> = self.told.iter().map(|play| play.cell.clone()).collect();
        cells.sort();
        cells.dedup();
        let cell_of: Vec<usize> =
            self.told.iter().map(|play| cells.binary_search(&play.cell).unwrap()).collect();
        let (struck, joins) =
            size.map_or((vec![false; self.told.len()], 0.0), |size| self.fault(size, random));
        let mut arms = [vec![Vec::new(); cells.len()], vec![Vec::new(); cells.len()]];
        for (after, arm) in arms.iter_mut().enumerate() {
            for _ in 0..traffic {
                let at = random.random_range(0..self.told.len() as u64) as usize;
                let (raw, fault) = (self.told[at].response, after == 1 && struck[at]);
                let response = match self.family {
                    Family::Speed if fault => {
                        (self.seen)((f64::from(raw) * (1.0 - size.unwrap_or_default())).round() as u32)
                    }
                    Family::Speed => (self.seen)(raw),
                    _ if fault && raw == 0 => f64::from(random.random_bool(joins)),
                    _ => f64::from(raw),
                };
                arm[cell_of[at]].push(response);
            }
        }
        let (z, run) = self.strongest(&cells, [&arms[0], &arms[1]]);
        let count =
            |which: &dyn Fn(usize) -> bool| (0..self.told.len()).filter(|&play| which(play)).count() as f64;
        let right = count(&|play| struck[play] && run.contains(&cell_of[play]));
        let held = count(&|play| run.contains(&cell_of[play]));
        (z, right / held.max(1.0), right / count(&|play| struck[play]).max(1.0))
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn proportion(before: &[f64], after: &[f64]) -> f64 {
    let p = mean(&[before, after].concat());
    let error = p * (1.0 - p) * (1.0 / before.len() as f64 + 1.0 / after.len() as f64);
    if error > 0.0 { (mean(after) - mean(before)).abs() / error.sqrt() } else { 0.0 }
}

fn welch(before: &[f64], after: &[f64]) -> f64 {
    if before.len() < 30 || after.len() < 30 {
        return 0.0;
    }
    let error = |arm: &[f64]| {
        let squares: f64 = arm.iter().map(|value| (value - mean(arm)).powi(2)).sum();
        squares / (arm.len() - 1) as f64 / arm.len() as f64
    };
    (mean(after) - mean(before)).abs() / (error(before) + error(after)).sqrt()
}

/// How often naive and library flag and find, and how well; each pair of rates within five standard deviations of both, which
/// one in a million tests would miss.
fn agree(family: Family, release: &Release<'_>, size: f64, traffic: u64, seen: &dyn Fn(u32) -> f64) {
    const REPLICAS: u64 = 400;
    let plays = plays();
    let mut settings = PowerSettings::new(traffic, 3);
    (settings.replicas, settings.calm) = (2_000, 4_000);
    let power = Prepared::new(&plays, family, &settings).unwrap().detection(release).unwrap();
    let power = power.power().expect("measured");
    let ours: &AtSize = power.released.sizes.iter().find(|at| at.size == size).expect("a size that is told");
    let naive = Naive { family, told: told(&plays, &release.tables()[0], family), seen };
    let draw = |replica| naive.replica(traffic, Some(size), &mut stream(9, "naive", replica));
    let outcomes: Vec<(f64, f64, f64)> = (0..REPLICAS).map(draw).collect();
    let flagged: Vec<_> = outcomes.iter().filter(|outcome| outcome.0 > power.released.threshold).collect();
    let found = flagged.iter().filter(|outcome| outcome.2 >= 0.5).count();
    let rate = |hits: usize| Trial::new(REPLICAS, hits as u64);
    for (what, theirs, ours) in
        [("flagged", rate(flagged.len()), ours.flagged), ("found", rate(found), ours.found)]
    {
        let spread = |rate: f64| (rate * (1.0 - rate) * (1.0 / 400.0 + 1.0 / 2_000.0)).sqrt();
        let reach = 5.0 * spread(ours.rate).max(0.005);
        assert!((theirs.rate - ours.rate).abs() < reach, "{family} {what}: {} {}", theirs.rate, ours.rate);
        assert!((0.2..0.95).contains(&ours.rate), "{family} {what} tells little at {}", ours.rate);
    }
    // Scores are shares: a standard deviation of a half at most.
    let reach = 5.0 * 0.5 * (1.0 / 400.0 + 1.0 / 2_000.0f64).sqrt();
    let sum = |which: fn(&(f64, f64, f64)) -> f64| {
        flagged.iter().map(|outcome| which(outcome)).sum::<f64>() / REPLICAS as f64
    };
    for (what, theirs, ours) in [
        ("precision", sum(|outcome| outcome.1), ours.precision),
        ("recall", sum(|outcome| outcome.2), ours.recall),
    ] {
        assert!((theirs - ours).abs() < reach, "{family} {what}: {theirs} {ours}");
    }
    // The threshold of one is that of the other: so many replicas without a fault pass it.
    let calm = |replica| naive.replica(traffic, None, &mut stream(9, "naive calm", replica)).0;
    let passing = (0..REPLICAS).filter(|&replica| calm(replica) > power.released.threshold).count();
    let passing = rate(passing);
    assert!(passing.agrees_with(0.01, 1e-5), "{family}: {} of {REPLICAS} false alarms", passing.hits);
}

#[test]
fn stalls_are_found_as_often_as_by_resampling() {
    let plays = plays();
    let release = released(&plays, &generalization("keep", "edges:2Mbps,4Mbps,6Mbps,9Mbps"));
    agree(Family::Stalls, &release, 3.0, 1_500, &|_| 0.0);
}

#[test]
fn long_titles_are_found_as_often_as_by_resampling() {
    let plays = plays();
    let release = released(&plays, &generalization("floor:40min", "drop"));
    agree(Family::LongTitles, &release, 2.0, 800, &|_| 0.0);
}

#[test]
fn slow_transcodes_are_found_as_often_as_by_resampling() {
    let plays = plays();
    let release = released(&plays, &generalization("keep", "keep"));
    agree(Family::Speed, &release, 0.1, 600, &|speed| f64::from(speed).ln());
    assert!(release.tables()[0].text(Text::Hardware).is_some());
}
