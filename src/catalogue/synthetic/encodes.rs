//! The files of a title: which encodes it comes in, and what each then measures.

use rand::Rng;

use super::draw::{below, exponential, happens, normal, unit};
use super::plan::KindPlan;
use super::recipe::Recipe;

/// 24000/1001 frames a second shown at 25: the file is shorter by 4.096 %.
const PAL: f64 = 24_000.0 / 1_001.0 / 25.0;
/// 24000/1001 frames a second shown at 24: shorter by 0.1 %, 7.2 s in two hours.
const FILM_24: f64 = 1_000.0 / 1_001.0;
/// A file's bit rate fits a u32 of bit/s.
const MOST_KBPS: f64 = 4_000_000.0;
const MOST_TRIM_MS: f64 = 600_000.0;

/// What the files of one title share.
pub(super) struct Made {
    pub(super) length_ms: f64,
    pub(super) other_cut_ms: Option<f64>,
    /// A quantile of the frame lists.
    pub(super) aspect: u32,
    /// Standard normal, for ln(bit rate).
    pub(super) rate_of_series: f64,
    /// Standard normal, for ln(bit rate).
    pub(super) rate_of_title: f64,
}

/// What a file measures.
pub(super) struct File {
    pub(super) duration_ms: u32,
    pub(super) bitrate_bps: Option<u32>,
    pub(super) frame: Option<(u16, u16)>,
    pub(super) resolution: Option<u16>,
    pub(super) video_codec: Option<u16>,
    pub(super) audio_codec: u16,
    pub(super) container: u16,
}

/// The encodes that a title, or a whole series, comes in.
pub(super) struct Package(Vec<Setting>);

struct Setting {
    encode: usize,
    kbps: usize,
    audio: usize,
    container: usize,
    speed: f64,
}

impl Package {
    pub(super) fn draw(kind: &KindPlan<'_>, random: &mut impl Rng) -> Self {
        let files = kind.recipe.files[kind.files.draw(random)].0;
        let mut settings: Vec<Setting> = Vec::with_capacity(usize::from(files));
        for _ in 0..files {
            let mut encode = kind.encode.draw(random);
            // Two files of a title are more often a rung apart than the same encode twice.
            if settings.iter().any(|other| other.encode == encode) {
                encode = kind.encode.draw(random);
            }
            let plan = &kind.encodes[encode];
            let pace = unit(random);
            let speed = match pace {
                _ if pace < plan.recipe.pal => PAL,
                _ if pace < plan.recipe.pal + plan.recipe.film24 => FILM_24,
                _ => 1.0,
            };
            settings.push(Setting {
                encode,
                kbps: plan.kbps.draw(random),
                audio: plan.audio.draw(random),
                container: plan.container.draw(random),
                speed,
            });
        }
        Self(settings)
    }

    /// How many files there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The files of a title that comes in these encodes.
    pub(super) fn files<'a>(
        &'a self,
        recipe: &'a Recipe,
        kind: &'a KindPlan<'_>,
        made: &'a Made,
        random: &'a mut impl Rng,
    ) -> impl Iterator<Item = File> + 'a {
        self.0.iter().map(move |setting| {
            let plan = &kind.encodes[setting.encode];
            File {
                duration_ms: duration_ms(kind, made, setting.speed, random),
                bitrate_bps: bitrate_bps(recipe, kind, made, setting, random),
                frame: plan.frame_codes.get(plan.frame.at(made.aspect)).copied(),
                resolution: plan.resolution,
                video_codec: plan.video_codec,
                audio_codec: plan.audio_codes[setting.audio],
                container: plan.container_codes[setting.container],
            }
        })
    }
}

fn duration_ms(kind: &KindPlan<'_>, made: &Made, speed: f64, random: &mut impl Rng) -> u32 {
    let second = kind.recipe.cuts.is_some_and(|cuts| happens(random, cuts.files));
    let cut_ms = made.other_cut_ms.filter(|_| second).unwrap_or(made.length_ms);
    let mut length_ms = (cut_ms * speed).round();
    if let Some(trims) = kind.recipe.trims
        && happens(random, trims.files)
    {
        let trim_ms = exponential(random, 1_000.0 * trims.mean_s);
        length_ms -= trim_ms.min(MOST_TRIM_MS).min(length_ms / 5.0).round();
    }
    if !happens(random, kind.recipe.same_end) {
        length_ms += f64::from(below(random, kind.recipe.jitter_ms + 1));
    }
    length_ms.max(1.0) as u32
}

fn bitrate_bps(
    recipe: &Recipe,
    kind: &KindPlan<'_>,
    made: &Made,
    setting: &Setting,
    random: &mut impl Rng,
) -> Option<u32> {
    const TRIES: usize = 32;
    let encode = kind.encodes[setting.encode].recipe;
    let [of_series, of_title] = kind.recipe.rate_shared;
    let shared = of_series.sqrt() * made.rate_of_series + of_title.sqrt() * made.rate_of_title;
    let own = (1.0 - of_series - of_title).max(0.0).sqrt();
    let most = encode.max_kbps.unwrap_or(MOST_KBPS);
    let mut kbps = || {
        let z = shared + own * normal(random);
        encode.kbps[setting.kbps].0 * libm::exp(encode.sd_ln * z) + encode.audio[setting.audio].1
    };
    let mut drawn = kbps();
    for _ in 0..TRIES {
        if drawn <= most {
            break;
        }
        drawn = kbps();
    }
    if happens(random, recipe.missing_bitrate) {
        return None;
    }
    let step = f64::from(recipe.bitrate_step_bps);
    let steps = (1_000.0 * drawn.min(most) / step).round().max(1.0);
    Some((steps * step) as u32)
}
