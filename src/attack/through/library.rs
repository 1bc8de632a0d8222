//! A12 through a channel: the attacker knows that the file lies in a library of so many titles.

use rand::RngExt;
use rayon::prelude::*;

use super::spread::{Entry, Spread};
use super::{MOST_TERMS, Part, Through, TooFine};
use crate::attack::Trial;
use crate::attack::interval::mean_within;
use crate::attack::known_library::{KnownLibrary, Shelves};
use crate::catalogue::stream::{Stream, stream};

/// Plays that an attacker sees of each library.
pub const DRAWS: u32 = 20;

/// Libraries of each size, at least.
const FEWEST: u32 = 20;

/// The libraries of [`known_library`](crate::attack::known_library::known_library), with an attacker who sees plays of
/// which the duration is drawn: the mean of exact Bayes over libraries, and what one achieved who ran on
/// [`DRAWS`] draws of each. `None` where the catalogue has no more titles than that. Fewer libraries are drawn where a
/// channel has many outputs, 20 at least; the interval tells it. O(libraries x probabilities summed of one).
///
/// # Errors
/// [`TooFine`], where not even so many can be summed up.
pub fn known_library(
    through: &Through<'_>,
    titles: u32,
    libraries: u32,
    seed: u64,
) -> Result<Option<(KnownLibrary, Trial)>, TooFine> {
    let shelves = Shelves::of(through.catalogue());
    let part_of = through.part_of();
    let Some(first) = shelves.library(titles, 0, seed).filter(|_| libraries > 0) else { return Ok(None) };
    let terms =
        of_library(through, &part_of, &first).map(|spread| spread.terms()).fold(1, u64::saturating_add);
    let affordable = MOST_TERMS / terms;
    if affordable < u64::from(FEWEST) {
        return Err(TooFine { terms: terms.saturating_mul(u64::from(FEWEST)), most: MOST_TERMS });
    }
    let libraries = libraries.min(affordable as u32);
    let one = |library: u32| {
        let files = shelves.library(titles, library, seed).unwrap_or_default();
        let right: f64 = of_library(through, &part_of, &files).map(|spread| spread.told().top1).sum();
        let mut random = stream(seed, "known library, drawn", u64::from(titles) << 32 | u64::from(library));
        (right / files.len() as f64, run(through, &part_of, &files, &mut random))
    };
    let found: Vec<(f64, u64)> = (0..libraries).into_par_iter().map(one).collect();
    let rates: Vec<f64> = found.iter().map(|&(rate, _)| rate).collect();
    let (title_uniform, [low, high]) = mean_within(&rates);
    let hits = found.iter().map(|&(_, hits)| hits).sum();
    let trial = Trial::new(u64::from(libraries) * u64::from(DRAWS), hits);
    Ok(Some((KnownLibrary { titles, libraries, title_uniform, low, high }, trial)))
}

/// How the files of a library spread, part by part.
fn of_library<'a>(
    through: &'a Through<'_>,
    part_of: &[u32],
    files: &[u32],
) -> impl Iterator<Item = Spread> + use<'a> {
    let mut keyed: Vec<(u32, u32)> = files.iter().map(|&file| (part_of[file as usize], file)).collect();
    keyed.sort_unstable();
    let parts: Vec<Vec<(u32, u32)>> = keyed.chunk_by(|a, b| a.0 == b.0).map(<[_]>::to_vec).collect();
    let title = through.catalogue().title();
    parts.into_iter().map(move |files| {
        let entry = |(_, file): (u32, u32)| Entry {
            value: through.values()[file as usize],
            name: title[file as usize],
            weight: 1,
        };
        let Part { channel, .. } = &through.parts()[files[0].0 as usize];
        Spread::of(*channel, files.into_iter().map(entry))
    })
}

/// Plays files of the library and counts how often their titles are named right, trying every title.
fn run(through: &Through<'_>, part_of: &[u32], files: &[u32], random: &mut Stream) -> u64 {
    let title = through.catalogue().title();
    let mut hits = 0;
    for _ in 0..DRAWS {
        let played = files[random.random_range(0..files.len())];
        let part = part_of[played as usize];
        let channel = through.parts()[part as usize].channel;
        let output = channel.sample(through.values()[played as usize], random);
        let mut chances: Vec<(u32, f64)> = files
            .iter()
            .filter(|&&file| part_of[file as usize] == part)
            .map(|&file| (title[file as usize], channel.probability(through.values()[file as usize], output)))
            .collect();
        chances.sort_by_key(|&(title, _)| title);
        let sums = chances
            .chunk_by(|a, b| a.0 == b.0)
            .map(|same| (same[0].0, same.iter().map(|&(_, chance)| chance).sum::<f64>()));
        let best = sums.reduce(|best, next| if next.1 > best.1 { next } else { best });
        hits += u64::from(best.is_some_and(|(best, _)| best == title[played as usize]));
    }
    hits
}
