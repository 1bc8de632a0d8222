//! A2 through a channel, level by level: who sees a drawn length of a copy, beside who sees less and who sees more.

use serde::Serialize;

use super::noisy::{Copied, CopiedError, DrawnCopies};
use crate::attack::channel::Channel;
use crate::attack::noisy::run::Ran;
use crate::attack::noisy::{self, MOST_RAW_PLAYS, Settings};
use crate::attack::{Prior, Target};
use crate::catalogue::stream::stream;
use crate::classes::{Cells, Generalization, Key};

/// One level under one prior.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawnLevel {
    /// What is named.
    pub target: Target,
    /// How targets are drawn.
    pub prior: Prior,
    /// What the attackers achieved.
    #[serde(flatten)]
    pub ran: DrawnCopies,
    /// [`DrawnCopies::bayes`] in closed form; `None` where too many chances would be summed up.
    pub closed_form: Option<f64>,
    /// Who sees the length before it is drawn, in closed form; `None` for buckets too fine to sum over.
    pub rounded: Option<f64>,
    /// The control, in closed form: a guess that sees nothing.
    pub control: f64,
    /// The baseline: attackers who see raw values of the copy.
    pub baseline: Ran,
}

/// Runs it on a catalogue as it is told and, for the control and the baseline, as it is; level by level, under both priors.
///
/// # Errors
/// As [`Copied::study`].
pub fn noisy(
    told: &Cells<'_>,
    key: Key<'_>,
    raw: &Cells<'_>,
    (settings, channel): (&Settings, Channel),
    draws: u64,
    seed: u64,
) -> Result<Vec<DrawnLevel>, CopiedError> {
    let keep = Generalization::keep(raw.catalogue());
    let copied = Copied::study(told, key, settings, channel)?;
    let rounded = noisy::Attacker::study(told, key, settings)?.closed_form();
    let unrounded = noisy::Attacker::study(raw, keep.key(), settings)?;
    let closed = copied.closed_form();
    let ran = Prior::ALL.map(|prior| {
        let mut random = stream(seed, &format!("noisy drawn {prior:?}"), 0);
        let baseline = unrounded.run(prior, draws.min(MOST_RAW_PLAYS), seed);
        (copied.run(prior, draws, &mut random), baseline)
    });
    Ok(noisy::by_level(copied.targets(), raw, |at, target, prior, control| {
        let of = |closed: &Option<Vec<[f64; 2]>>| closed.as_ref().map(|closed| closed[at][prior as usize]);
        let (drawn, baseline) = &ran[prior as usize];
        let (closed_form, rounded) = (of(&closed), of(&rounded));
        DrawnLevel { target, prior, ran: drawn[at], closed_form, rounded, control, baseline: baseline[at] }
    }))
}
