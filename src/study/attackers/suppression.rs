//! A9: a value that is left out, or `other`, as a signal.

use super::scene::words;
use super::{Answer, Part, Rate, Scene, Step};
use crate::attack::Prior;
use crate::attack::suppression::{Signal, Suppression, named_of, suppression};

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
    let steps: Vec<Step> = found.iter().map(step).collect();
    // The same files, by what leaves of them then; where it gives no such signal, by what they leave as without it.
    let signal = found[headline].signal;
    let files = signal.files(scene.catalogue(), scene.one()?);
    let remedies = scene.changed(&steps[headline], |classes| {
        let named = named_of(classes, &files)?;
        let popular = named.popularity.map(|rate| (Prior::Popularity, rate));
        Some(std::iter::once((Prior::Uniform, named.uniform)).chain(popular).collect())
    });
    Ok(vec![Part {
        part: "",
        ranked: true,
        finds: "title named right, of the files that leave so",
        varies: "what is missing",
        steps,
        headline,
        remedies,
        ..Part::default()
    }])
}
