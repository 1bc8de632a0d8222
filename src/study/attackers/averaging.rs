//! A8: repeated plays of one file, as released and were the duration drawn at random, anew for every play or once.

use super::linkage::titles;
use super::{Answer, Otherwise, Part, Rate, Remedy, Scene, Step};
use crate::attack::Prior;
use crate::attack::averaging::{Attacker, Averaged, PLAYS, fixed};
use crate::attack::channel::{Channel, Memory, Randomized, Stochastic, Subject};
use crate::catalogue::Catalogue;
use crate::rounding::{Family, Partition, Rounding};

/// The part that asks of fresh draws.
pub(super) const ANEW: &str = "were it drawn anew for every play";

/// Files drawn for each number of plays.
const FILES: u32 = 200;
/// Where it is compared: so many plays of the file.
const HEADLINE: u32 = 100;
/// The widest that may be drawn, in ms: 4 h.
const WIDEST_MS: u64 = 4 * 3_600_000;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let generalization = scene.with_duration()?;
    let catalogue = scene.catalogue();
    let alone = scene.duration_alone(generalization);
    let (here, nothing, everything) =
        (titles(&alone), titles(&scene.ends.nothing), titles(&scene.ends.everything));
    let of_plays = |rate: &dyn Fn(usize, usize) -> Rate| -> Vec<Step> {
        let step = |(at, &plays): (usize, &u32)| Step {
            at: if plays == 1 { "1 play".to_owned() } else { format!("{plays} plays") },
            rates: (0..Prior::ALL.len()).map(|place| rate(place, at)).collect(),
        };
        PLAYS.iter().enumerate().map(step).collect()
    };
    let ends = |place: usize| (nothing[place].1, Some(everything[place].1));
    let headline = PLAYS.iter().position(|&plays| plays == HEADLINE).unwrap_or(0);
    let part = |part, ranked, finds, steps, error_ms| Part {
        part,
        ranked,
        finds,
        varies: "plays of the file",
        steps,
        headline,
        error_ms,
        ..Part::default()
    };

    // The rounding draws nothing; that it is as far off after many plays as after one is measured all the same.
    let ran =
        Prior::ALL.map(|prior| fixed(catalogue, &generalization.duration, prior, FILES, &PLAYS, scene.seed));
    let steps = of_plays(&|place, at| {
        let (control, baseline) = ends(place);
        Rate::closed(here[place].0, here[place].1, Some(ran[place][at].trial), control, baseline)
    });
    let mut released = part("as released", true, FINDS, steps, errors(&ran[0]));
    let remedies = scene.tried(&released.steps[headline], |variant| {
        Some(titles(&scene.duration_alone(&variant.generalization)).into())
    });
    released.remedies = remedies;

    let Some(width) = width(catalogue, &generalization.duration) else { return Ok(vec![released]) };
    let drawn = |memory| Randomized {
        subject: Subject::Duration,
        channel: Channel::Stochastic(Stochastic { width }),
        memory,
    };
    let attacker = |memory, prior| Attacker::study(catalogue, drawn(memory), prior);
    let ran = |memory| Prior::ALL.map(|prior| attacker(memory, prior).run(FILES, &PLAYS, scene.seed));
    let (fresh, kept) = (ran(Memory::Fresh), ran(Memory::Memoized));
    let steps = of_plays(&|place, at| {
        let (control, baseline) = ends(place);
        Rate::ran(here[place].0, fresh[place][at].trial, control, baseline)
    });
    let mut anew = part(ANEW, false, FINDS, steps, errors(&fresh[0]));
    let once = Prior::ALL.map(|prior| attacker(Memory::Memoized, prior).after_one_play());
    let steps = of_plays(&|place, at| {
        let (control, baseline) = ends(place);
        Rate::of(here[place].0, kept[place][at].trial, once[place], control, baseline)
    });
    let once = part("were it drawn once for each file", false, FINDS, steps, errors(&kept[0]));
    let otherwise = |when: String, of: &Part| Otherwise {
        error_ms: of.error_ms.get(headline).copied(),
        ..Otherwise::of(&when, &of.steps[headline])
    };
    let mut were_anew = otherwise(format!("it were {}", drawn(Memory::Fresh)), &anew);
    if scene.wins(&were_anew.step) {
        let rates = |step: &Step| step.rates.iter().map(|rate| (rate.prior, rate.rate)).collect::<Vec<_>>();
        let free = |change: &str, step: &Step| Remedy::free(change.to_owned(), rates(step), &were_anew.step);
        were_anew.remedies = vec![
            free("the same draw for every play of a file", &once.steps[headline]),
            free("a fixed rounding, as released", &released.steps[headline]),
        ];
    }
    anew.remedies.clone_from(&were_anew.remedies);
    released.otherwise =
        vec![were_anew, otherwise(format!("it were {}, kept for each file", drawn(Memory::Memoized)), &once)];
    Ok(vec![released, anew, once])
}

const FINDS: &str = "title named right by the mean of the durations";

fn errors(ran: &[Averaged]) -> Vec<f64> {
    ran.iter().filter_map(|averaged| averaged.error).collect()
}

/// The width of the buckets, or of those that files lie in the mean over files to the second; open ones have none.
fn width(catalogue: &Catalogue, rounding: &Rounding) -> Option<u64> {
    let width = match rounding.family() {
        Family::Floor(floor) => floor.width(),
        _ => {
            let bucket = |&duration: &u32| rounding.bucket(u64::from(duration));
            let widths = catalogue.duration_ms().iter().map(bucket);
            let closed: Vec<u64> = widths.filter_map(|bucket| Some(bucket.to? - bucket.from)).collect();
            let sum: u128 = closed.iter().map(|&width| u128::from(width)).sum();
            let mean = sum.checked_div(closed.len() as u128)?;
            u64::try_from((mean + 500) / 1_000 * 1_000).ok()?
        }
    };
    (1..=WIDEST_MS).contains(&width).then_some(width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::synthetic::{Recipe, synthesize};
    use crate::units::Dimension;

    #[test]
    fn buckets_of_several_widths_are_drawn_by_their_mean() {
        let catalogue =
            synthesize(&Recipe::builtin("mixed").expect("a built-in recipe"), 300, 1).expect("a catalogue");
        let of = |text| width(&catalogue, &Rounding::parse(text, Dimension::Duration).expect("a rounding"));
        assert_eq!(of("floor:5min"), Some(300_000));
        let log = of("log:2").expect("closed buckets");
        assert!(log > of("log:8").expect("closed buckets") && log % 1_000 == 0);
        // All in one that is open.
        assert_eq!(of("edges:1ms"), None);
    }
}
