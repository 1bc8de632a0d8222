//! Whether the delay that a policy states, or that it states none, hides when the reports of a play arrive.

use serde::Serialize;

use super::Gate;
use super::check::{Check, Verdict};
use super::ping;
use crate::attack::arrival::{Attacker, JITTER_MS, Sending, success};
use crate::attack::levels::level;
use crate::attack::{Prior, Target};
use crate::classes::{Cells, Classes, Key, Told};
use crate::policy::{Field, Policy, Release};
use crate::search::{Margin, SearchError};

/// Plays that are drawn where no closed form is known, at most.
const DRAWS: u64 = 2_000;

/// The seed of the plays: a delay must come to the same whoever asks.
const SEED: u64 = 1;

/// What arrivals come to by the delay that a policy states.
#[derive(Clone, Debug, Serialize)]
pub struct VerifiedArrival {
    /// The delay as the policy states it; `None` where it states none, and every report leaves at once.
    pub delay: Option<String>,
    /// How reports are sent by it: only the spread of the delay hides anything.
    pub sending: Option<Sending>,
    /// Pings that leave together: a number of them says nothing of time, so it counts for nothing here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_of_pings: Option<u32>,
    /// Why there is nothing to judge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
    /// Every ping that tells of a file; where none does, one without a name for all of them.
    pub pings: Vec<ArrivedPing>,
}

/// One ping, to who also sees when it arrives.
#[derive(Clone, Debug, Serialize)]
pub struct ArrivedPing {
    /// The ping; `None` where no ping tells of a file, and arrivals are all there is to see.
    pub ping: Option<String>,
    /// Titles named right, of completed plays, under every prior that a limit names.
    pub margins: Vec<Margin>,
}

/// What arrivals come to.
pub(super) fn verified(
    policy: &Policy,
    cells: &Cells<'_>,
    gate: &Gate,
) -> Result<VerifiedArrival, SearchError> {
    let release = policy.release.as_ref();
    let (from, to) = release.map(Release::delay_ms).transpose()?.flatten().unwrap_or((0, 0));
    let mut found = VerifiedArrival {
        delay: release.and_then(|release| release.delay.clone()),
        sending: None,
        batch_of_pings: release.and_then(|release| release.batch),
        not_applicable: None,
        pings: Vec::new(),
    };
    let sending = match Sending::spread(JITTER_MS, from, to) {
        Ok(sending) => sending,
        Err(error) => {
            found.not_applicable = Some(error.to_string());
            return Ok(found);
        }
    };
    found.sending = Some(sending);
    let asked: Vec<(&'static str, Prior, f64)> =
        [("title_uniform", Prior::Uniform), ("title_popularity", Prior::Popularity)]
            .into_iter()
            .filter_map(|(limit, prior)| Some((limit, prior, gate.limits.get(limit)?)))
            .collect();
    if asked.is_empty() {
        let reason = "neither limit, title_uniform nor title_popularity, says how many titles may be named";
        found.not_applicable = Some(reason.to_owned());
        return Ok(found);
    }
    let leaves = |field: &Field| field.expires > gate.as_of;
    for ping in policy.pings() {
        let mut told = Told::of(policy, ping, &leaves)?;
        // Without its boxes a ping tells at least as much as any part of it that may leave.
        told.other.clear();
        if told.attributes() > told.missing_in(cells.catalogue()).len() {
            found.pings.push(of_told(Some(ping), &told, cells, sending, &asked)?);
        }
    }
    // Nested coarsening never raises what arrivals name, so who sees nothing else matters only where nothing else leaves.
    if found.pings.is_empty()
        && let Some(ping) = policy.pings().first()
    {
        let nothing = Told::of(policy, ping, &|_| false)?;
        found.pings.push(of_told(None, &nothing, cells, sending, &asked)?);
    }
    Ok(found)
}

fn of_told(
    ping: Option<&str>,
    told: &Told,
    cells: &Cells<'_>,
    sending: Sending,
    asked: &[(&'static str, Prior, f64)],
) -> Result<ArrivedPing, SearchError> {
    let margins = match told.catalogue(cells.catalogue())? {
        std::borrow::Cow::Borrowed(_) => margins(cells, told.key(), sending, asked),
        std::borrow::Cow::Owned(catalogue) => margins(&Cells::new(&catalogue), told.key(), sending, asked),
    };
    Ok(ArrivedPing { ping: ping.map(str::to_owned), margins })
}

/// The closed form where there is one, else what an attacker that runs comes to.
fn margins(
    cells: &Cells<'_>,
    key: Key<'_>,
    sending: Sending,
    asked: &[(&'static str, Prior, f64)],
) -> Vec<Margin> {
    let classes = Classes::group(cells, key);
    let without = level(&classes, Target::Title);
    let exact = success(&classes, Target::Title, sending);
    let attacker = exact.is_none().then(|| Attacker::study(cells.catalogue(), key));
    let ran = |prior| attacker.as_ref().map(|attacker| attacker.run(sending, prior, DRAWS, SEED).title);
    let of = |&(limit, prior, allowed): &(&str, Prior, f64)| {
        let by = match prior {
            Prior::Uniform => "uniform",
            Prior::Popularity => "popularity",
        };
        let ran = ran(prior);
        let estimated = ran.map_or(String::new(), |met| {
            format!(" (how sure an attacker is of them, over {} plays)", met.trial.draws)
        });
        let what = format!(
            "titles named right by when the reports of completed plays arrive, {by} prior{estimated}; without arrivals \
             {:.6}",
            without[prior as usize].top1
        );
        let certainty = ran.map(|met| met.certainty);
        // One of the two is there.
        let value = exact.map(|of_priors| of_priors[prior as usize]).or(certainty).unwrap_or(1.0);
        Margin::new(limit, what, value, allowed, true)
    };
    asked.iter().map(of).collect()
}

/// What was asked of them.
pub(super) fn checks(arrival: &VerifiedArrival) -> Vec<Check> {
    const NAME: &str = "delay";
    let VerifiedArrival { delay, sending, batch_of_pings, not_applicable, pings } = arrival;
    let delay = delay.as_deref().unwrap_or("no delay is stated");
    if let Some(reason) = not_applicable {
        return vec![Check::of(None, NAME, Verdict::Noted, format!("{delay}: not applicable: {reason}"))];
    }
    let sent = sending.map_or(String::new(), |sending| format!(", {sending}"));
    let batch = batch_of_pings.map_or(String::new(), |pings| {
        format!(", and a batch of {pings} pings says nothing of time, so it hides nothing here")
    });
    let of_ping = |found: &ArrivedPing| {
        let (broken, held): (Vec<&Margin>, Vec<&Margin>) =
            found.margins.iter().partition(|margin| !margin.holds());
        let (verdict, told) =
            if broken.is_empty() { (Verdict::Holds, held) } else { (Verdict::Fails, broken) };
        let told: Vec<String> = told
            .into_iter()
            .map(|margin| format!("{}; allowed by {}", ping::shown(margin), margin.limit))
            .collect();
        let mend = match verdict {
            Verdict::Fails => "; spread the delay further, `coarsen attack arrival` says what others come to",
            Verdict::Holds | Verdict::Noted => "",
        };
        let says = format!("{delay}{sent}{batch}: {}{mend}", told.join("; "));
        Check::of(found.ping.as_deref(), NAME, verdict, says)
    };
    pings.iter().map(of_ping).collect()
}
