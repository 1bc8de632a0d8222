//! A11: what each further field would add.

use super::linkage::titles;
use super::scene::words;
use super::{Answer, Part, Rate, Scene, Step};
use crate::anonymity::Confident;
use crate::attack::side_fields::{Marginal, side_fields};

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let found = side_fields(scene.ends.cells, scene.one()?);
    let (here, nothing, everything) =
        (titles(&scene.classes), titles(&scene.ends.nothing), titles(&scene.ends.everything));
    let step = |at: String, rates: [f64; 2]| {
        let rate = |place: usize| {
            let (prior, baseline) = (here[place].0, Some(everything[place].1));
            Rate::closed(prior, rates[place], None, nothing[place].1, baseline)
        };
        Step { at, rates: vec![rate(0), rate(1)] }
    };
    let both = |share: Confident| [share.uniform, share.popularity];
    let with = |marginal: &Marginal| step(format!("{} as well", words(&marginal.field)), both(marginal.with));
    let mut steps = vec![step("as released".to_owned(), [here[0].1, here[1].1])];
    steps.extend(found.further.iter().map(with));
    steps.extend(found.all_further.iter().map(|all| step("all of these".to_owned(), both(all.with))));
    let remedies = scene.changed(&steps[0], |classes| Some(titles(classes).into()));
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "title named right",
        varies: "a field that is sent as well",
        steps,
        headline: 0,
        remedies,
        ..Part::default()
    }])
}
