//! A recipe made ready to draw from: names as codes, shares as tables, titles dealt to kinds and series.

use rand::Rng;

use super::Streams;
use super::draw::{Choice, geometric};
use super::recipe::{Encode, Kind, Recipe, Series};

/// Series drawn from one stream. Small enough to keep every thread busy, large enough to amortize its seeding.
const CHUNK: usize = 256;

/// The names of each column, in the order of the recipe.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) kind: Vec<String>,
    pub(super) genre: Vec<String>,
    pub(super) width: Vec<String>,
    pub(super) height: Vec<String>,
    pub(super) resolution: Vec<String>,
    pub(super) video_codec: Vec<String>,
    pub(super) audio_codec: Vec<String>,
    pub(super) container: Vec<String>,
}

fn code(names: &mut Vec<String>, name: &str) -> u16 {
    let known = names.iter().position(|known| known == name);
    let at = known.unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    });
    // A list too long for its codes is refused by `Plan::new`.
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// A kind ready to draw from.
#[derive(Debug)]
pub(super) struct KindPlan<'a> {
    pub(super) recipe: &'a Kind,
    pub(super) code: u16,
    pub(super) genre: Choice,
    pub(super) genre_codes: Vec<u16>,
    pub(super) length: Choice,
    pub(super) files: Choice,
    pub(super) encode: Choice,
    pub(super) encodes: Vec<EncodePlan<'a>>,
}

/// An encode ready to draw from.
#[derive(Debug)]
pub(super) struct EncodePlan<'a> {
    pub(super) recipe: &'a Encode,
    pub(super) resolution: Option<u16>,
    pub(super) video_codec: Option<u16>,
    pub(super) frame: Choice,
    pub(super) frame_codes: Vec<(u16, u16)>,
    pub(super) kbps: Choice,
    pub(super) audio: Choice,
    pub(super) audio_codes: Vec<u16>,
    pub(super) container: Choice,
    pub(super) container_codes: Vec<u16>,
}

/// Consecutive series of one kind, which one stream draws.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) kind: usize,
    /// Index of the stream.
    pub(super) chunk: u64,
    pub(super) first_title: u32,
    /// `None` where the kind has no series.
    pub(super) first_series: Option<u32>,
    /// Titles in each series; 1 for a title without one.
    pub(super) sizes: Vec<u32>,
}

#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) names: Names,
    pub(super) kinds: Vec<KindPlan<'a>>,
    pub(super) jobs: Vec<Job>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(recipe: &'a Recipe, titles: u32, streams: &Streams<'_>) -> Result<Self, String> {
        let mut names = Names::default();
        let kinds: Vec<_> = recipe.kinds.iter().map(|kind| kind_plan(kind, &mut names)).collect();
        let lists = [&names.genre, &names.width, &names.height, &names.resolution, &names.video_codec];
        let lists = lists.into_iter().chain([&names.audio_codec, &names.container]);
        if lists.into_iter().any(|list| list.len() >= usize::from(u16::MAX)) {
            return Err("a column would have over 65,534 different names; use fewer".to_owned());
        }
        let counts = deal(titles, recipe.kinds.iter().map(|kind| kind.share).collect());
        let mut jobs = Vec::new();
        let (mut title, mut series) = (0, 0);
        for (index, (kind, count)) in recipe.kinds.iter().zip(counts).enumerate() {
            let sizes = match &kind.series {
                Some(form) => sizes(form, count, &mut streams.get(&format!("series/{}", kind.name), 0)),
                None => vec![1; count as usize],
            };
            for (chunk, sizes) in sizes.chunks(CHUNK).enumerate() {
                let first_series = kind.series.is_some().then_some(series);
                let (first_title, chunk, sizes) = (title, chunk as u64, sizes.to_vec());
                title += sizes.iter().sum::<u32>();
                series += first_series.map_or(0, |_| sizes.len() as u32);
                jobs.push(Job { kind: index, chunk, first_title, first_series, sizes });
            }
        }
        Ok(Self { names, kinds, jobs })
    }
}

fn kind_plan<'a>(kind: &'a Kind, names: &mut Names) -> KindPlan<'a> {
    KindPlan {
        recipe: kind,
        code: code(&mut names.kind, &kind.name),
        genre: Choice::new(kind.genres.iter().map(|(_, share)| *share)),
        genre_codes: kind.genres.iter().map(|(name, _)| code(&mut names.genre, name)).collect(),
        length: Choice::new(kind.lengths.iter().map(|length| length.share)),
        files: Choice::new(kind.files.iter().map(|(_, share)| *share)),
        encode: Choice::new(kind.encodes.iter().map(|encode| encode.share)),
        encodes: kind.encodes.iter().map(|encode| encode_plan(encode, names)).collect(),
    }
}

fn encode_plan<'a>(encode: &'a Encode, names: &mut Names) -> EncodePlan<'a> {
    let mut frame = |&(width, height, _): &(u16, u16, f64)| {
        (code(&mut names.width, &width.to_string()), code(&mut names.height, &height.to_string()))
    };
    EncodePlan {
        recipe: encode,
        frame: Choice::new(encode.frames.iter().map(|(.., share)| *share)),
        frame_codes: encode.frames.iter().map(&mut frame).collect(),
        resolution: encode.resolution.as_deref().map(|name| code(&mut names.resolution, name)),
        video_codec: encode.video_codec.as_deref().map(|name| code(&mut names.video_codec, name)),
        kbps: Choice::new(encode.kbps.iter().map(|(_, share)| *share)),
        audio: Choice::new(encode.audio.iter().map(|(.., share)| *share)),
        audio_codes: encode.audio.iter().map(|(name, ..)| code(&mut names.audio_codec, name)).collect(),
        container: Choice::new(encode.containers.iter().map(|(_, share)| *share)),
        container_codes: encode.containers.iter().map(|(name, _)| code(&mut names.container, name)).collect(),
    }
}

/// Deals a number of titles out by share: the largest remainders round up, the first of equal ones first.
fn deal(titles: u32, shares: Vec<f64>) -> Vec<u32> {
    let total: f64 = shares.iter().sum();
    let exact: Vec<f64> = shares.iter().map(|share| share / total * f64::from(titles)).collect();
    let mut counts: Vec<u32> = exact.iter().map(|exact| exact.floor() as u32).collect();
    let rest = titles.saturating_sub(counts.iter().sum());
    let mut order: Vec<usize> = (0..shares.len()).filter(|&i| shares[i] > 0.0).collect();
    order.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())));
    order.iter().cycle().take(rest as usize).for_each(|&i| counts[i] += 1);
    counts
}

/// The sizes of series that hold that many titles; the last one is cut off.
fn sizes(series: &Series, titles: u32, random: &mut impl Rng) -> Vec<u32> {
    let size = Choice::new(series.sizes.iter().map(|(_, share)| *share));
    let mut left = titles;
    let mut sizes = Vec::new();
    while left > 0 {
        let drawn = u32::from(series.sizes[size.draw(random)].0) * geometric(random, series.parts);
        sizes.push(drawn.min(left));
        left -= drawn.min(left);
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dealing_is_exact() {
        assert_eq!(deal(10, vec![0.5, 0.25, 0.25]), [5, 3, 2]);
        assert_eq!(deal(1, vec![0.2, 0.5, 0.3]), [0, 1, 0]);
        assert_eq!(deal(7, vec![1.0, 0.0, 1.0]), [4, 0, 3]);
        assert_eq!(deal(4_000_000_000, vec![1.0, 2.0]).iter().sum::<u32>(), 4_000_000_000);
    }
}
