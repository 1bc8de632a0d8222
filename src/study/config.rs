//! What a study is asked.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::StudyError;
use crate::policy::{Limits, Release};
use crate::search::{Shape, standard_release};

/// The configuration of a study, in TOML.
///
/// ```
/// let config = coarsen::study::Config::from_toml("example", r#"
///     seed = 7
///     shapes = ["split"]
///     [catalogue]
///     recipe = "mixed"
///     titles = 2000
///     [limits]
///     k_titles = 10
/// "#)?;
/// assert_eq!(config.seed, 7);
/// # Ok::<(), coarsen::study::StudyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The seed of every random draw.
    pub seed: u64,
    /// The name of the policy.
    pub name: String,
    /// The shapes that are compared: `joint`, `bare`, `split`.
    pub shapes: Vec<String>,
    /// Whether the real catalogues that ship with the program judge as well.
    pub real: bool,
    /// Plays that each running attacker draws, at least 1000.
    pub draws: u64,
    /// The catalogue that widths are chosen on.
    pub catalogue: Source,
    /// The plays that the questions are put to.
    pub plays: PlaySource,
    /// Further judges.
    #[serde(rename = "judge")]
    pub judges: Vec<Source>,
    /// Limits that differ from the defaults.
    pub limits: Limits,
    /// How the pings of the recommended policy leave. Attackers are ranked under it; the table stands as it is written,
    /// so that a key that it lacks has the value that a policy's `[release]` gives it.
    pub release: Release,
}

/// Where a catalogue comes from: a recipe with a number of titles, or a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Source {
    /// Its name in the report; the recipe's or file's where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A recipe that ships with the program, or a TOML file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipe: Option<String>,
    /// Titles to make.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub titles: Option<u32>,
    /// A Parquet or CSV file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// `THEIRS=OURS[:UNIT]`, for a file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub map: Vec<String>,
    /// Columns to leave out, for a file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// The kind of every file, for a file without that column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// Plays that are simulated on the choosing catalogue, and how much is drawn to judge what is learned of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlaySource {
    /// Plays; 0 for none: then the choice is by distortion, and no question is asked.
    pub plays: u64,
    /// Servers that report them.
    pub servers: u32,
    /// Faults of each family that are looked for, at least 100.
    pub replicas: u32,
    /// Resamples of the servers behind each interval.
    pub resamples: u32,
}

impl Default for PlaySource {
    fn default() -> Self {
        Self { plays: 200_000, servers: 1_000, replicas: 500, resamples: 1_000 }
    }
}

/// Titles of the built-in study, which make about 200,000 files.
const TITLES: u32 = 100_000;

impl Default for Config {
    /// The built-in study: about 200,000 synthetic files, all shapes, the real catalogues as judges.
    fn default() -> Self {
        Self {
            seed: 1,
            name: "playback".to_owned(),
            shapes: Shape::NAMES.map(str::to_owned).to_vec(),
            real: true,
            draws: 200_000,
            catalogue: Source { recipe: Some("mixed".to_owned()), titles: Some(TITLES), ..Source::default() },
            plays: PlaySource::default(),
            judges: Vec::new(),
            limits: Limits::none(),
            release: standard_release(),
        }
    }
}

impl Config {
    /// Reads a configuration; a key that is absent has the built-in study's value.
    ///
    /// # Errors
    /// [`StudyError::Config`] that names the key and the mend.
    pub fn from_toml(from: &str, text: &str) -> Result<Self, StudyError> {
        let fail = |problem: String| StudyError::Config { from: from.to_owned(), problem };
        let config: Self = toml::from_str(text).map_err(|error| fail(error.to_string()))?;
        if let Some(shape) = config.shapes.iter().find(|name| Shape::named(name).is_none()) {
            return Err(fail(format!("unknown shape `{shape}`: they are {}", Shape::NAMES.join(", "))));
        }
        if config.shapes.is_empty() {
            return Err(fail("no shape to compare: name at least one in `shapes`".to_owned()));
        }
        if config.draws < 1_000 {
            return Err(fail("`draws` must be at least 1000: fewer tell nothing".to_owned()));
        }
        for source in std::iter::once(&config.catalogue).chain(&config.judges) {
            let problem = match (&source.recipe, &source.file, source.titles) {
                (Some(_), None, Some(1..)) | (None, Some(_), None) => continue,
                (Some(_), Some(_), _) => "a catalogue has either `recipe` or `file`, not both",
                (None, None, _) => "a catalogue needs `recipe` and `titles`, or `file`",
                (Some(_), None, _) => "a recipe needs `titles`, at least 1",
                (None, Some(_), Some(_)) => "`titles` goes with `recipe`; a file has the titles that it has",
            };
            return Err(fail(problem.to_owned()));
        }
        let plays = &config.plays;
        if plays.plays > 0 && (plays.servers == 0 || plays.replicas < 100) {
            return Err(fail("`plays` need `servers` of 1 or more and `replicas` of 100 or more".to_owned()));
        }
        config.release.check().map_err(|(key, error)| fail(format!("`{key}` of [release]: {error}")))?;
        Limits::over_defaults(&config.limits).map_err(|error| fail(error.to_string()))?;
        Ok(config)
    }
}
