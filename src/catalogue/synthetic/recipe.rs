//! What a synthetic catalogue is made of.

use serde::{Deserialize, Serialize};

use super::check;
use crate::catalogue::CatalogueError;

/// The built-in recipes, by name.
const BUILTINS: [(&str, &str); 3] = [
    ("mixed", include_str!("../../../datasets/recipes/mixed.toml")),
    ("video", include_str!("../../../datasets/recipes/video.toml")),
    ("music", include_str!("../../../datasets/recipes/music.toml")),
];

/// Names or numbers with their shares; shares are relative, and need not sum to 1.
pub type Shares<T> = Vec<(T, f64)>;

/// A recipe: which kinds of title there are, how long they are, and how they are encoded.
///
/// Every field is a key of the TOML file; an unknown key is an error. Fields may be changed, and
/// [`synthesize`](super::synthesize) checks them again.
///
/// ```
/// use coarsen::catalogue::synthetic::Recipe;
/// let mut recipe = Recipe::builtin("mixed")?;
/// recipe.popularity.exponent = 0.0; // every file is played as often
/// assert_eq!(recipe.kinds[0].name, "movie");
/// # Ok::<(), coarsen::catalogue::CatalogueError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Its name, for messages and reports.
    pub name: String,
    /// Bit rates are whole multiples of this many bit/s. Media servers show whole kbps, so 1000.
    pub bitrate_step_bps: u32,
    /// Share of the files whose bit rate is unknown.
    pub missing_bitrate: f64,
    /// How unequally titles are played.
    pub popularity: Popularity,
    /// The kinds of title.
    #[serde(rename = "kind")]
    pub kinds: Vec<Kind>,
}

/// Zipf's law with an exponential cut-off: the title of rank r has weight `r^-exponent · exp(-r / (cutoff · titles))`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Popularity {
    /// The exponent. 0 is uniform altogether: every file has weight 1.
    pub exponent: f64,
    /// The rank at which the cut-off has fallen to 1/e, as a share of all titles.
    pub cutoff: f64,
    /// How unevenly a title's weight falls on its files: the sd of the logarithm.
    pub uneven: f64,
}

/// One kind of title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its name: movie, episode, track, clip, talk, home.
    pub name: String,
    /// Share of the titles.
    pub share: f64,
    /// Factor on the popularity of its titles.
    #[serde(default = "one")]
    pub popularity: f64,
    /// Genres; one for a whole series.
    pub genres: Shares<String>,
    /// The series, albums or conferences its titles come in, if any.
    pub series: Option<Series>,
    /// Whether a length is chosen once for a series or for each title.
    #[serde(default)]
    pub length_per: Per,
    /// Lengths to choose from.
    #[serde(rename = "length")]
    pub lengths: Vec<Length>,
    /// How many files a title has.
    pub files: Shares<u8>,
    /// Probability that a title comes in the encodes of its series, rather than in encodes of its own.
    #[serde(default)]
    pub alike: f64,
    /// Share of the variance of ln(bit rate) that the files of a series share, and that those of a title share.
    #[serde(default)]
    pub rate_shared: [f64; 2],
    /// Encodes of one cut end up to this many ms apart.
    pub jitter_ms: u32,
    /// Probability that an encode ends exactly where the cut does.
    pub same_end: f64,
    /// Other cuts: director's, regional.
    pub cuts: Option<Cuts>,
    /// Files that lack credits, logos or previews.
    pub trims: Option<Trims>,
    /// Encodes to choose from.
    #[serde(rename = "encode")]
    pub encodes: Vec<Encode>,
}

/// How titles come in series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Mean number of seasons or the like, geometric from 1.
    pub parts: f64,
    /// How many titles a season has.
    pub sizes: Shares<u16>,
}

/// Where a choice is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// Once for a series.
    #[default]
    Series,
    /// For each title.
    Title,
}

/// The shape of a spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Normal: spreads are sds in seconds.
    Normal,
    /// Log-normal: spreads are sds of the natural logarithm, and the center is the median.
    Lognormal,
}

/// How long titles are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Length {
    /// Share of the series, or titles, of the kind.
    pub share: f64,
    /// The shape of both spreads.
    pub shape: Shape,
    /// Mean, or median if log-normal, in s.
    pub center_s: f64,
    /// Spread of the series about the center.
    #[serde(default)]
    pub between: f64,
    /// Spread of titles within a series; each series draws its own from this range.
    pub within: [f64; 2],
    /// No title is shorter, in s.
    pub min_s: f64,
    /// No title is longer, in s.
    pub max_s: f64,
}

/// Other cuts of a title.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cuts {
    /// Share of the titles that have a second cut.
    pub titles: f64,
    /// Share of the files of such a title that are of the second cut.
    pub files: f64,
    /// Mean of ln(second length / first).
    pub mean_ln: f64,
    /// Its sd.
    pub sd_ln: f64,
}

/// Trims of a file: exponential.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trims {
    /// Share of the files that are trimmed.
    pub files: f64,
    /// Mean of what they lack, in s; never over 10 min or a fifth of the length.
    pub mean_s: f64,
}

/// One way of encoding a title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encode {
    /// Share of the files of the kind.
    pub share: f64,
    /// Where it comes from, for messages: web, disc, ...
    pub source: String,
    /// 480p, 576p, 720p, 1080p, 2160p, ...; absent without a picture.
    pub resolution: Option<String>,
    /// Width and height in pixels with their shares. All encodes of a series take the same quantile of
    /// their lists, so that a wide picture stays wide.
    #[serde(default)]
    pub frames: Vec<(u16, u16, f64)>,
    /// The video codec; absent without a picture.
    pub video_codec: Option<String>,
    /// Medians of the bit rate in kbps without the audio below, with their shares.
    pub kbps: Shares<f64>,
    /// The sd of ln(bit rate) about them; 0 repeats them exactly.
    pub sd_ln: f64,
    /// No file goes over this many kbps, audio included.
    pub max_kbps: Option<f64>,
    /// Audio codec, the kbps it adds (0 if there is no picture, as `kbps` has it all), and share.
    pub audio: Vec<(String, f64, f64)>,
    /// Containers.
    pub containers: Shares<String>,
    /// Probability of a PAL speed-up: 25 frames a second from 24000/1001.
    #[serde(default)]
    pub pal: f64,
    /// Probability of exactly 24 frames a second from 24000/1001.
    #[serde(default)]
    pub film24: f64,
}

fn one() -> f64 {
    1.0
}

impl Recipe {
    /// The names of the built-in recipes.
    pub fn builtins() -> impl Iterator<Item = &'static str> {
        BUILTINS.iter().map(|(name, _)| *name)
    }

    /// A built-in recipe: `mixed` (the default), `video` or `music`.
    ///
    /// # Errors
    /// [`CatalogueError::Recipe`] for any other name.
    pub fn builtin(name: &str) -> Result<Self, CatalogueError> {
        let found = BUILTINS.iter().find(|(builtin, _)| *builtin == name);
        let (_, text) = found.ok_or_else(|| CatalogueError::Recipe {
            from: name.to_owned(),
            problem: format!(
                "there is no built-in recipe of that name; they are {}, or give a TOML file",
                Self::builtins().collect::<Vec<_>>().join(", ")
            ),
        })?;
        Self::from_toml(name, text)
    }

    /// Reads a recipe, and checks its figures. `from` is the name or file that errors mention.
    ///
    /// # Errors
    /// [`CatalogueError::Recipe`]: not TOML, an unknown or missing key, a figure out of its range.
    ///
    /// ```
    /// use coarsen::catalogue::synthetic::Recipe;
    /// let error = Recipe::from_toml("mine.toml", "name = 'mine'\nbitrate_steps = 1").unwrap_err();
    /// assert!(error.to_string().starts_with("recipe mine.toml: "));
    /// ```
    pub fn from_toml(from: &str, text: &str) -> Result<Self, CatalogueError> {
        let refuse = |problem| CatalogueError::Recipe { from: from.to_owned(), problem };
        let recipe: Self =
            toml::from_str(text).map_err(|error| refuse(error.to_string().trim_end().to_owned()))?;
        check::check(&recipe).map_err(refuse)?;
        Ok(recipe)
    }
}
