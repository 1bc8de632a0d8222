//! A9: a value that is left out, or `other`, as a signal.

use super::scene::words;
use super::{Answer, Part, Rate, Remedy, Scene, Step};
use crate::attack::Prior;
use crate::attack::suppression::{Signal, Suppression, suppression};

pub(super) fn run(scene: &Scene<'_>) -> Answer {
    let found = suppression(scene.ends.cells, scene.one()?);
    // The signal that names most stands for all.
    let worst = |suppression: &Suppression| suppression.named.uniform - suppression.control.uniform;
    let headline = (0..found.len()).max_by(|&a, &b| worst(&found[a]).total_cmp(&worst(&found[b])));
    let Some(headline) = headline else {
        return Err("no value of a field that leaves is ever missing".to_owned());
    };
    let step = |found: &Suppression| {
        let popular = found.named.popularity.zip(found.control.popularity);
        let mut rates =
            vec![Rate::closed(Prior::Uniform, found.named.uniform, None, found.control.uniform, None)];
        let by_plays = |(rate, control)| Rate::closed(Prior::Popularity, rate, None, control, None);
        rates.extend(popular.map(by_plays));
        let signal = match found.signal {
            Signal::Other => "`other`".to_owned(),
            Signal::NoBitrate => "no bit rate".to_owned(),
            Signal::No(field) => format!("no {}", words(field.name())),
        };
        Step { at: format!("{signal}: {} titles", found.titles), rates }
    };
    let without = found[headline].without;
    let rates = std::iter::once((Prior::Uniform, without.uniform))
        .chain(without.popularity.map(|rate| (Prior::Popularity, rate)));
    let remedies = vec![Remedy { change: "without that field".to_owned(), rates: rates.collect() }];
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "title named right, of the files that leave so",
        varies: "what is missing",
        steps: found.iter().map(step).collect(),
        headline,
        remedies,
    }])
}
