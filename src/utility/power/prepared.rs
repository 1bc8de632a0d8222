//! Plays and faults made ready once, for any number of releases.

use std::sync::OnceLock;

use rayon::prelude::*;

use super::base::Base;
use super::curve::{at_size, least};
use super::expected::expected;
use super::family::{Family, Response};
use super::fault::{Fault, faults};
use super::look::{Hits, Look};
use super::needed::Found;
use super::result::{Detection, Needed, OverSize, Power};
use super::seen::{columns, seen, table};
use super::settings::{PowerError, PowerSettings};
use super::sorted::Sorted;
use super::tried::{outcomes, threshold};
use crate::rounding::Rounding;
use crate::telemetry::plays::{Column, Plays};
use crate::utility::release::{Release, Table};

/// Plays and faults of a family made ready once; what raw plays need to find them is tried when it is first asked for.
///
/// ```
/// use coarsen::catalogue::synthetic::{Recipe, synthesize};
/// use coarsen::telemetry::plays::{Settings, simulate};
/// use coarsen::utility::Release;
/// use coarsen::utility::power::{Family, PowerSettings, Prepared};
/// let catalogue = synthesize(&Recipe::builtin("mixed")?, 500, 1)?;
/// let plays = simulate(&catalogue, &Settings::new(20, 2_000, 1))?;
/// let mut settings = PowerSettings::new(100_000, 1);
/// (settings.replicas, settings.calm) = (100, 1_000);
/// let prepared = Prepared::new(&plays, Family::Speed, &settings)?;
/// // Plays that leave as they are cost nothing.
/// assert_eq!(prepared.detection(&Release::raw(&plays))?.ratio(), Some(1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Prepared<'a> {
    plays: &'a Plays,
    base: Base,
    settings: PowerSettings,
    ready: Result<Ready, String>,
}

struct Ready {
    faults: Vec<Fault>,
    /// What raw plays need, once somebody asks.
    raw: OnceLock<Found>,
    over_size: OnceLock<OverSize>,
    expected: OnceLock<Option<f64>>,
}

impl<'a> Prepared<'a> {
    /// Draws the faults. O(plays log plays).
    ///
    /// # Errors
    /// [`PowerError::Asked`] for settings out of their range.
    pub fn new(plays: &'a Plays, family: Family, settings: &PowerSettings) -> Result<Self, PowerError> {
        settings.check()?;
        let base = Base::new(plays, family);
        let ready = match faults(&base, settings.replicas, settings.seed) {
            Some(faults) => Ok(Ready {
                faults,
                raw: OnceLock::new(),
                over_size: OnceLock::new(),
                expected: OnceLock::new(),
            }),
            None => Err(lacking(&base)),
        };
        Ok(Self { plays, base, settings: settings.clone(), ready })
    }

    /// How many more plays a release takes to find a fault of the family's standard size, `None` where the release has lost
    /// it or the plays hold nothing to find: [`Power::needed`] without the power over size. O(plays log plays + replicas x
    /// scan).
    ///
    /// # Errors
    /// [`PowerError::OtherPlays`] where the release isn't of the plays that were prepared.
    pub fn needed(&self, release: &Release<'_>) -> Result<Option<Needed>, PowerError> {
        self.check(release)?;
        let (Ok(ready), Some(table)) = (&self.ready, table(release, self.base.family)) else {
            return Ok(None);
        };
        Ok(Some(self.needed_of(ready, &self.look(table))))
    }

    /// How much more plays a release is expected to take, by the normal approximation, with no replica drawn: infinite where
    /// the fault is lost, or no amount of traffic finds it; `None` where the plays hold nothing to find, or raw plays don't
    /// find it either. For who compares many releases; the ratio of [`Prepared::needed`] is the one to report.
    /// O(plays log plays + replicas x places²).
    ///
    /// # Errors
    /// [`PowerError::OtherPlays`] where the release isn't of the plays that were prepared.
    pub fn expected(&self, release: &Release<'_>) -> Result<Option<f64>, PowerError> {
        self.check(release)?;
        let Ok(ready) = &self.ready else { return Ok(None) };
        let Some(table) = table(release, self.base.family) else { return Ok(Some(f64::INFINITY)) };
        Ok(self.expected_of_raw(ready).map(|raw| ratio(self.expected_of(ready, &self.look(table)), raw)))
    }

    /// The same for each of these roundings of the family's number, none of which drops it, where the release lets it leave as
    /// it is: as often as [`Prepared::expected`] would be asked, to the last bits of floats, and many times as fast.
    /// O(plays log plays + roundings x (groups + replicas) x places x (places + log plays)).
    ///
    /// # Errors
    /// [`PowerError::OtherPlays`] where the release isn't of the plays that were prepared.
    pub fn expected_of_each(
        &self,
        release: &Release<'_>,
        roundings: &[Rounding],
    ) -> Result<Vec<Option<f64>>, PowerError> {
        self.check(release)?;
        let family = self.base.family;
        let tells = |table: &&Table<'_>| family.number().is_some_and(|number| table.number(number).is_some());
        let (Ok(ready), Some(table)) = (&self.ready, table(release, family).filter(tells)) else {
            // Nothing changes by the rounding of a number that doesn't leave.
            return Ok(vec![self.expected(release)?; roundings.len()]);
        };
        let Some(raw) = self.expected_of_raw(ready) else { return Ok(vec![None; roundings.len()]) };
        let sorted = Sorted::new(&self.base, &ready.faults, seen(&self.base, table), family.standard());
        let of = |rounding: &Rounding| {
            let (machine, hits) = sorted.rounded(rounding);
            Some(ratio(expected(&machine, &hits), raw))
        };
        Ok(roundings.par_iter().map(of).collect())
    }

    /// The ping of a release in which faults of the family would be looked for; `None` where they are lost. O(tables).
    pub fn ping<'r>(&self, release: &'r Release<'_>) -> Option<&'r str> {
        table(release, self.base.family).map(Table::name)
    }

    /// All that is told of a release. O(plays log plays + replicas x scan).
    ///
    /// # Errors
    /// [`PowerError::OtherPlays`] where the release isn't of the plays that were prepared.
    pub fn detection(&self, release: &Release<'_>) -> Result<Detection, PowerError> {
        self.check(release)?;
        let family = self.base.family;
        Ok(match (&self.ready, table(release, family)) {
            (Err(reason), _) => Detection::Untested { family, reason: reason.clone() },
            (Ok(_), None) => Detection::Lost { family, reason: lost(family) },
            (Ok(ready), Some(table)) => Detection::Measured(Box::new(self.power(ready, table))),
        })
    }

    fn power(&self, ready: &Ready, table: &Table<'_>) -> Power {
        let (look, family) = (self.look(table), self.base.family);
        let pooled = columns(family).filter(|&column| !table.holds(column)).map(Column::name).collect();
        let raw = || self.at_raw(|look| self.over_size(ready, look));
        Power {
            family,
            ping: table.name().to_owned(),
            pooled,
            traffic: self.settings.traffic,
            raw: ready.over_size.get_or_init(raw).clone(),
            released: self.over_size(ready, &look),
            size: family.standard(),
            needed: self.needed_of(ready, &look),
        }
    }

    fn over_size(&self, ready: &Ready, look: &Look<'_>) -> OverSize {
        let (base, settings) = (&self.base, &self.settings);
        let traffic = settings.traffic as f64;
        let threshold = threshold(&look.machine, traffic, settings);
        let at = |&size: &f64| {
            let hits = look.hits(base, &ready.faults, size);
            at_size(size, &outcomes(look, &hits, traffic, threshold, settings))
        };
        let sizes: Vec<_> = base.family.sizes().iter().map(at).collect();
        OverSize { threshold: threshold.sqrt(), least: least(&sizes), sizes }
    }

    fn expected_of(&self, ready: &Ready, look: &Look<'_>) -> Option<f64> {
        expected(&look.machine, &self.standard(ready, look))
    }

    fn expected_of_raw(&self, ready: &Ready) -> Option<f64> {
        *ready.expected.get_or_init(|| self.at_raw(|look| self.expected_of(ready, look)))
    }

    fn needed_of(&self, ready: &Ready, look: &Look<'_>) -> Needed {
        let found = |look: &Look<'_>| Found::search(look, &self.standard(ready, look), &self.settings);
        let raw = ready.raw.get_or_init(|| self.at_raw(found));
        Found::needed(raw, &found(look), &self.settings)
    }

    /// How the faults of the family's standard size look.
    fn standard(&self, ready: &Ready, look: &Look<'_>) -> Hits {
        look.hits(&self.base, &ready.faults, self.base.family.standard())
    }

    fn look<'t>(&self, table: &'t Table<'_>) -> Look<'t> {
        Look::new(&self.base, seen(&self.base, table))
    }

    /// What is asked of plays as they are.
    fn at_raw<T>(&self, ask: impl FnOnce(&Look<'_>) -> T) -> T {
        ask(&self.look(&Release::raw(self.plays).tables()[0]))
    }

    fn check(&self, release: &Release<'_>) -> Result<(), PowerError> {
        match release.tables().iter().find(|table| table.plays() != self.plays.len()) {
            Some(table) => Err(PowerError::OtherPlays { given: table.plays(), prepared: self.plays.len() }),
            None => Ok(()),
        }
    }
}

/// How many times the plays of raw ones.
fn ratio(released: Option<f64>, raw: f64) -> f64 {
    released.map_or(f64::INFINITY, |released| released / raw)
}

fn names(columns: impl Iterator<Item = Column>) -> String {
    columns.map(Column::name).collect::<Vec<_>>().join(" and ")
}

fn lost(family: Family) -> String {
    let shown = family.shown_by().iter().map(|number| number.name()).collect::<Vec<_>>().join(" or ");
    format!("{shown} leaves in no ping together with {}", names(columns(family)).replace(" and ", " or "))
}

fn lacking(base: &Base) -> String {
    let shown = base.family.shown_by().iter().map(|number| number.name()).collect::<Vec<_>>().join(" or ");
    match (base.order.is_empty(), base.family.response()) {
        (true, _) => format!("no play holds {} and {shown}", names(columns(base.family))),
        (false, Response::Share) => {
            "of the plays that a fault could strike none stall, or all do: more plays are needed".to_owned()
        }
        (false, Response::Mean) => "no play is transcoded".to_owned(),
    }
}
