//! A8: repeated plays of one file, as released and were the width drawn anew for every play.

use super::linkage::titles;
use super::{Answer, Part, Rate, Remedy, Scene, Step};
use crate::attack::Prior;
use crate::attack::averaging::{Attacker, PLAYS};
use crate::attack::channel::{Channel, Memory, Randomized, Stochastic};
use crate::rounding::Family;

/// The part that asks of fresh draws.
pub(super) const ANEW: &str = "were it drawn anew for every play";

/// Files drawn for each number of plays.
const FILES: u32 = 200;

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let generalization = scene.with_duration()?;
    let Family::Floor(floor) = generalization.duration.family() else {
        return Err("the duration's buckets have no width that could be drawn instead".to_owned());
    };
    let stochastic = Stochastic { width: floor.width() };
    let attacker = |memory, prior| {
        let randomized = Randomized { channel: Channel::Stochastic(stochastic), memory };
        Attacker::study(scene.catalogue(), randomized, prior)
    };
    let alone = scene.duration_alone(generalization);
    let (here, nothing, everything) =
        (titles(&alone), titles(&scene.ends.nothing), titles(&scene.ends.everything));
    let steps_of = |rates: &dyn Fn(usize, u32) -> Rate| -> Vec<Step> {
        let step = |&plays: &u32| Step {
            at: if plays == 1 { "1 play".to_owned() } else { format!("{plays} plays") },
            rates: (0..2).map(|place| rates(place, plays)).collect(),
        };
        PLAYS.iter().map(step).collect()
    };
    let control = |place: usize| (nothing[place].1, Some(everything[place].1));
    let released = steps_of(&|place, _| {
        let (control, baseline) = control(place);
        Rate::closed(here[place].0, here[place].1, None, control, baseline)
    });
    let ran = Prior::ALL.map(|prior| attacker(Memory::Fresh, prior).run(FILES, &PLAYS, scene.seed));
    let fresh = steps_of(&|place, plays| {
        let (control, baseline) = control(place);
        let met = ran[place].iter().find(|averaged| averaged.plays == plays);
        met.map_or_else(
            || Rate::closed(here[place].0, 0.0, None, control, baseline),
            |met| Rate::ran(here[place].0, met.trial, control, baseline),
        )
    });
    let once = |prior| Some((prior, attacker(Memory::Memoized, prior).after_one_play()?));
    let memoized: Option<Vec<(Prior, f64)>> = Prior::ALL.into_iter().map(once).collect();
    let headline = PLAYS.iter().position(|&plays| plays == 100).unwrap_or(0);
    let remedy = |(change, rates): (&str, Vec<(Prior, f64)>)| Remedy { change: change.to_owned(), rates };
    let part = |part, ranked, steps, remedies| Part {
        part,
        ranked,
        finds: "title named right by the mean of the durations",
        varies: "plays of the file",
        steps,
        headline,
        remedies,
    };
    let mut stop = vec![remedy(("a fixed rounding, as released", here.into()))];
    stop.extend(memoized.map(|rates| remedy(("the same draw for every play of a file", rates))));
    Ok(vec![part("as released", true, released, Vec::new()), part(ANEW, false, fresh, stop)])
}
