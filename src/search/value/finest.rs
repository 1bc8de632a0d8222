//! The finest candidates that hold.

use crate::search::breach::Breach;

/// The places of the candidates of one number that break nothing and that no other of them refines, and how many were
/// asked. `refines` tells whether the first cuts wherever the second does.
///
/// Candidates stand from the coarsest on. Where a limit that no coarsening can worsen is broken, no refinement is asked:
/// each breaks it.
pub(super) fn finest(
    candidates: usize,
    refines: &dyn Fn(usize, usize) -> bool,
    breaches: &mut dyn FnMut(usize) -> Vec<Breach>,
) -> (Vec<usize>, u64) {
    let (mut held, mut asked) = (Vec::new(), 0);
    let mut dead = vec![false; candidates];
    for place in 0..candidates {
        if dead[place] {
            continue;
        }
        let broken = breaches(place);
        asked += 1;
        if broken.is_empty() {
            held.push(place);
        } else if broken.iter().any(|breach| breach.monotone) {
            (0..candidates).filter(|fine| refines(*fine, place)).for_each(|fine| dead[fine] = true);
        }
    }
    let refined = |place: &usize| held.iter().any(|other| other != place && refines(*other, *place));
    (held.iter().copied().filter(|place| !refined(place)).collect(), asked)
}
