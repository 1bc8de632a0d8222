//! A10 through a channel: what is learned of a genre or a series without naming the title.

use super::Through;
use super::levels::told;
use crate::anonymity::Confident;
use crate::attack::Prior;
use crate::attack::homogeneity::{Homogeneity, Secret, YesOrNo};
use crate::catalogue::SideField;

/// What outputs tell of that secret, as [`homogeneity`](crate::attack::homogeneity::homogeneity) tells it of classes;
/// `None` where the catalogue doesn't tell it. O(files log files + probabilities summed).
pub fn homogeneity(through: &Through<'_>, secret: Secret) -> Option<Homogeneity> {
    let catalogue = through.catalogue();
    let target = secret.target();
    if !target.is_told(catalogue) {
        return None;
    }
    // What is never played is a candidate all the same.
    let [files, plays] = Prior::ALL.map(|prior| told(through, target, prior, true));
    let both = |uniform: f64, popularity: f64| Confident {
        uniform: (uniform / files.total).min(1.0),
        popularity: (popularity / plays.total).min(1.0),
    };
    let genre = catalogue.side(SideField::Genre).filter(|_| secret == Secret::Genre);
    let yes_or_no = genre.and_then(|genre| {
        let names = target.names(catalogue);
        let values = genre.levels();
        let (mut whole, mut majority) = (vec![0u64; values], vec![0.0; values]);
        names.iter().for_each(|&value| whole[value as usize] += 1);
        files.majorities.iter().for_each(|&(value, passed)| majority[value as usize] += passed);
        let all = catalogue.files() as u64;
        // "No" is right on all others, and "yes" gains what majorities pass the half by.
        let before = |value: usize| whole[value].max(all - whole[value]) as f64;
        let after = |value: usize| ((all - whole[value]) as f64 + majority[value]).max(before(value));
        let gain = |value: usize| after(value) - before(value);
        let present = (0..values).filter(|&value| whole[value] > 0);
        let told_most = present.reduce(|best, next| if gain(next) > gain(best) { next } else { best })?;
        Some(YesOrNo {
            genre: genre.names().get(told_most).cloned(),
            before: before(told_most) / all as f64,
            after: (after(told_most) / all as f64).min(1.0),
        })
    });
    Some(Homogeneity {
        shared_by_all: both(files.single, plays.single),
        shared_by_most: both(files.most, plays.most),
        named: both(files.top1, plays.top1),
        yes_or_no,
    })
}
