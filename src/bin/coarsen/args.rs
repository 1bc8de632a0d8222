//! Arguments that several verbs share.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use coarsen::catalogue::ingest::{Mapping, Table, read};
use coarsen::catalogue::{Catalogue, SideField};
use coarsen::classes::{Cells, Coarsely, Generalization, Told};
use coarsen::policy::{Limits, Policy, Release, Standing};
use coarsen::rounding::{Rounding, RoundingSpec};
use coarsen::units::Dimension;

use crate::failure::Failure;
use crate::progress::while_spinning;

/// How the columns of a table become ours.
#[derive(Args, Clone)]
pub struct Columns {
    /// A column of another name, with its unit where it differs (--map duration_s=duration_ms:s); repeatable.
    /// Fractions of a ms or bit/s are rounded to the nearest.
    #[arg(long, value_name = "THEIRS=OURS[:UNIT]")]
    pub map: Vec<String>,
    /// A column to leave out; repeatable.
    #[arg(long, value_name = "THEIRS")]
    pub ignore: Vec<String>,
    /// The kind of every file, for a table without that column.
    #[arg(long, value_name = "NAME")]
    pub kind: Option<String>,
}

impl Columns {
    pub fn read(&self, path: &std::path::Path) -> Result<Table, Failure> {
        let mapping = Mapping::parse(&self.map, &self.ignore).map_err(Failure::input)?;
        let mapping = mapping.with_kind(self.kind.clone());
        while_spinning("reading", || read(path, &mapping)).map_err(Failure::input)
    }
}

/// A catalogue file.
#[derive(Args, Clone)]
pub struct CatalogueFile {
    /// The catalogue, Parquet or CSV.
    #[arg(long, value_name = "FILE")]
    pub catalogue: PathBuf,
    #[command(flatten)]
    pub columns: Columns,
}

impl CatalogueFile {
    pub fn read(&self) -> Result<Table, Failure> {
        self.columns.read(&self.catalogue)
    }
}

/// What leaves: a policy, or roundings as flags.
#[derive(Args, Clone)]
pub struct What {
    /// A policy; every `about = "media"` field of each ping is in its class key.
    #[arg(long, value_name = "POLICY.toml", conflicts_with_all = ["duration", "bitrate", "by"])]
    pub policy: Option<PathBuf>,
    /// Only this ping of the policy.
    #[arg(long, requires = "policy")]
    pub ping: Option<String>,
    /// The rounding of the duration (floor:5min, log:8, edges:20min,45min,2h, ...); not emitted where absent.
    #[arg(long, value_name = "ROUNDING")]
    pub duration: Option<String>,
    /// The rounding of the bit rate (floor:500kbps, log:1, ladder:apple_hls_h264, ...); not emitted where absent.
    #[arg(long, value_name = "ROUNDING")]
    pub bitrate: Option<String>,
    /// The side fields that leave, by comma: resolution, video_codec, audio_codec, container, width, height,
    /// kind, genre.
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub by: Vec<String>,
}

/// One ping that leaves, or what the flags say.
pub struct Leaving<'a> {
    /// The ping's name, where there is a policy.
    pub ping: Option<String>,
    pub generalization: Generalization,
    /// The catalogue with the side fields as they are told.
    pub told: Cow<'a, Catalogue>,
    /// The side fields that are told in groups or buckets.
    pub coarser: Vec<(SideField, Coarsely)>,
    /// What stands for a bucket of the duration and of the bit rate.
    pub standing: [Standing; 2],
    /// How the pings of the policy leave; at once where it doesn't say.
    pub release: Option<Release>,
}

impl Leaving<'_> {
    /// Calls `with` on the cells of the catalogue as it is told, given those of the catalogue itself.
    pub fn with_cells<T>(&self, raw: &Cells<'_>, with: impl FnOnce(&Cells<'_>) -> T) -> T {
        match &self.told {
            Cow::Borrowed(_) => with(raw),
            Cow::Owned(told) => with(&Cells::new(told)),
        }
    }

    /// How the side fields that aren't kept as they are are told, by name.
    pub fn groups(&self) -> BTreeMap<String, String> {
        self.coarser.iter().map(|(field, how)| (field.name().to_owned(), how.to_string())).collect()
    }
}

impl What {
    /// Whether anything says what leaves.
    pub fn is_given(&self) -> bool {
        self.policy.is_some() || self.duration.is_some() || self.bitrate.is_some() || !self.by.is_empty()
    }

    /// What leaves, ping by ping where there is a policy.
    pub fn leaving<'a>(&self, catalogue: &'a Catalogue) -> Result<Vec<Leaving<'a>>, Failure> {
        let Some(path) = &self.policy else {
            // clap waives `requires` where the flag conflicts with another that is given.
            if let Some(ping) = &self.ping {
                return Err(Failure::Input(format!("--ping {ping} names a ping of a --policy: give one")));
            }
            let generalization = self.of_flags(|text, dimension| rounding(text, dimension, catalogue))?;
            let lacking = generalization.missing_in(catalogue);
            if let Some(field) = lacking.first() {
                let mend = "leave it out, or give a catalogue that has the column";
                return Err(Failure::Input(format!("the catalogue has no `{field}`: {mend}")));
            }
            let told = Cow::Borrowed(catalogue);
            let standing = [Standing::Midpoint; 2];
            return Ok(vec![Leaving {
                ping: None,
                generalization,
                told,
                coarser: Vec::new(),
                standing,
                release: None,
            }]);
        };
        let policy = read_policy(path)?;
        let of_ping = |ping: &str| {
            let told = Told::of(&policy, ping, &|_| true).map_err(Failure::input)?;
            Ok(Leaving {
                ping: Some(ping.to_owned()),
                generalization: told.generalization().map_err(Failure::input)?,
                told: told.catalogue(catalogue).map_err(Failure::input)?,
                coarser: told.coarser,
                standing: told.standing,
                release: Some(policy.release.clone().unwrap_or_default()),
            })
        };
        self.pings(&policy)?.into_iter().map(of_ping).collect()
    }

    /// What the flags say, each rounding read so.
    fn of_flags(
        &self,
        read: impl Fn(&str, Dimension) -> Result<Rounding, Failure>,
    ) -> Result<Generalization, Failure> {
        if !self.is_given() {
            let mend = "give a --policy, or roundings with --duration, --bitrate and --by";
            return Err(Failure::Input(format!("nothing says what leaves: {mend}")));
        }
        let number = |text: Option<&str>, dimension| {
            text.map_or_else(|| Ok(Rounding::drop(dimension)), |text| read(text, dimension))
        };
        Ok(Generalization {
            duration: number(self.duration.as_deref(), Dimension::Duration)?,
            bitrate: number(self.bitrate.as_deref(), Dimension::Bitrate)?,
            by: side_fields(&self.by)?,
            other: Vec::new(),
        })
    }

    /// What the flags say, where there is no catalogue that a rounding could take its edges from.
    pub fn stated(&self) -> Result<Generalization, Failure> {
        self.of_flags(|text, dimension| Rounding::parse(text, dimension).map_err(Failure::input))
    }

    /// The pings of the policy that are asked for.
    pub fn pings<'p>(&self, policy: &'p Policy) -> Result<Vec<&'p str>, Failure> {
        let pings = policy.pings();
        if let Some(ping) = self.ping.as_deref().filter(|ping| !pings.contains(ping)) {
            let known = pings.join(", ");
            return Err(Failure::Input(format!("the policy has no ping `{ping}`: its pings are {known}")));
        }
        Ok(pings.into_iter().filter(|ping| self.ping.as_deref().is_none_or(|only| only == *ping)).collect())
    }
}

pub fn read_policy(path: &std::path::Path) -> Result<Policy, Failure> {
    let at = |error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| at(&error))?;
    Policy::from_toml(&text).map_err(|error| at(&error))
}

/// A rounding as written. Quantiles and the like take their edges from the catalogue.
fn rounding(text: &str, dimension: Dimension, catalogue: &Catalogue) -> Result<Rounding, Failure> {
    let spec = RoundingSpec::parse(text, dimension).map_err(Failure::input)?;
    spec.freeze(|| catalogue.reference(dimension)).map_err(Failure::input)
}

pub fn side_fields(names: &[String]) -> Result<Vec<SideField>, Failure> {
    let parsed: Result<Vec<SideField>, _> =
        names.iter().filter(|n| !n.is_empty()).map(|n| n.parse()).collect();
    let mut fields = parsed.map_err(Failure::input)?;
    fields.sort_unstable();
    fields.dedup();
    Ok(fields)
}

/// Limits.
#[derive(Args, Clone)]
pub struct LimitArgs {
    /// A limit that differs from its default (k_titles=20, k_series=5, exposed_share=0.001,
    /// largest_title_share@0.2=0.001, largest_title_share_plays@0.8=0.01, title_uniform=0.05), or one of
    /// title_popularity and title_popularity_gain, or on an attacker: sequence@N (share of the stretches of N linked plays
    /// in order, 1 to 12, whose series is named right; sequence_plays@N by popularity), known-library@N (share of the files
    /// of a known library of N titles whose title is named right); `NAME=none` lifts it. Repeatable.
    #[arg(long, value_name = "NAME=VALUE")]
    pub limit: Vec<String>,
}

impl LimitArgs {
    pub fn limits(&self) -> Result<Limits, Failure> {
        self.over(Limits::default())
    }

    /// These over others.
    pub fn over(&self, mut limits: Limits) -> Result<Limits, Failure> {
        self.limit.iter().try_for_each(|text| limits.set(text)).map_err(Failure::input)?;
        Ok(limits)
    }
}
