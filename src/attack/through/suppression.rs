//! A9 through a channel: what is learned from being told nothing, where the duration beside it is drawn.
//!
//! `other` leaves without a duration, so that no channel changes what it gives away. What it hides may be less: without the
//! boxes those files would leave a drawn duration, which names them less often than a rounded one. A missing value leaves
//! beside a drawn duration.
//!
//! # Laws
//! `stochastic:1ms` after any rounding is that rounding.

use rayon::prelude::*;

use super::placed::Placed;
use super::spread::{Alike, ROW};
use super::{Through, TooFine};
use crate::attack::channel::Draws;
use crate::attack::heaviest::{Sums, bound};
use crate::attack::suppression::{Suppression, signals};
use crate::attack::{Among, Prior};
use crate::classes::{Cells, Generalization};

/// What each signal gives away, as [`suppression`](crate::attack::suppression::suppression) tells it of classes: exact Bayes
/// over outputs. O(signals x (files log files + probabilities summed)).
///
/// # Errors
/// [`TooFine`].
pub fn suppression(
    cells: &Cells<'_>,
    generalization: &Generalization,
    draws: impl Into<Draws>,
) -> Result<Vec<Suppression>, TooFine> {
    let draws = draws.into();
    signals(cells.catalogue(), generalization, |generalization: &Generalization| {
        let through = Through::new(cells, generalization.key(), draws)?;
        Ok(move |among: &[bool]| named_among(&through, among))
    })
}

/// How often the title is named right on some of the files, by who takes the whole catalogue for possible and guesses at
/// random among titles that are equally likely. `None` for no file.
fn named_among(through: &Through<'_>, among: &[bool]) -> Option<Among> {
    let catalogue = through.catalogue();
    // Elsewhere none of them is played.
    let of_them = |part: &&super::Part| part.files.iter().any(|&file| among[file as usize]);
    let parts: Vec<_> =
        through.parts().iter().filter(of_them).map(|part| (part, Placed::files(through, part))).collect();
    let rate = |prior: Prior| {
        let weight = |file: u32| prior.weight(catalogue, file as usize);
        let files = (0..catalogue.files() as u32).filter(|&file| among[file as usize]);
        let all = files.map(|file| u128::from(weight(file))).sum::<u128>() as f64;
        let mut hits = 0.0;
        for (part, placed) in &parts {
            let right = |[all, some]: &mut [Sums; 2], &Alike { output, times, .. }: &Alike| {
                for &file in placed.likely(output) {
                    let chance = part.channel.probability(through.values()[file as usize], output);
                    let (title, held) = (catalogue.title()[file as usize], weight(file) as f64 * chance);
                    all.add(title, held);
                    some.add(title, if among[file as usize] { held } else { 0.0 });
                }
                let titles = all.take();
                let best = titles.iter().map(|&(_, held)| held).fold(0.0, f64::max);
                // Two sums of the same may differ in their last bits.
                let tied = titles.iter().filter(|&&(_, held)| held >= best * (1.0 - 1e-12));
                let (ties, right) =
                    tied.fold((0.0, 0.0), |(ties, right), &(title, _)| (ties + 1.0, right + some.get(title)));
                some.clear();
                if ties > 0.0 { times * right / ties } else { 0.0 }
            };
            let row = |sums: &mut [Sums; 2], outputs: &[Alike]| {
                outputs.iter().map(|alike| right(sums, alike)).sum::<f64>()
            };
            let scratch = || [(); 2].map(|()| Sums::new(bound(catalogue.title())));
            let outputs = placed.spread.outputs();
            let rows: Vec<f64> = outputs.par_chunks(ROW).map_init(scratch, row).collect();
            hits += rows.iter().sum::<f64>();
        }
        (all > 0.0).then(|| (hits / all).min(1.0))
    };
    Some(Among { uniform: rate(Prior::Uniform)?, popularity: rate(Prior::Popularity) })
}
