//! Whether a recipe can be followed. Each problem names its key and the mend.

use super::recipe::{Encode, Kind, Length, Recipe};

/// No figure of a recipe may be larger, so that nothing drawn from it overflows its column.
const MOST_KBPS: f64 = 1_000_000.0;
const MOST_S: f64 = 86_400.0;
/// Names, sizes or encodes in one list.
const MOST_ENTRIES: usize = 1_000;

pub(super) fn check(recipe: &Recipe) -> Result<(), String> {
    let at = At(String::new());
    at.range("bitrate_step_bps", f64::from(recipe.bitrate_step_bps), 1.0, 1e6)?;
    at.range("missing_bitrate", recipe.missing_bitrate, 0.0, 1.0)?;
    let at_popularity = At("popularity.".to_owned());
    at_popularity.range("exponent", recipe.popularity.exponent, 0.0, 4.0)?;
    at_popularity.range("cutoff", recipe.popularity.cutoff, 1e-3, 1e3)?;
    at_popularity.range("uneven", recipe.popularity.uneven, 0.0, 4.0)?;
    at.shares("kind", recipe.kinds.iter().map(|kind| kind.share))?;
    for (i, kind) in recipe.kinds.iter().enumerate() {
        if recipe.kinds[..i].iter().any(|other| other.name == kind.name) {
            return Err(format!("kind `{}` stands twice; rename or remove one", kind.name));
        }
        check_kind(kind)?;
    }
    Ok(())
}

fn check_kind(kind: &Kind) -> Result<(), String> {
    let at = At(format!("kind `{}`: ", kind.name));
    at.named("name", &kind.name)?;
    at.range("popularity", kind.popularity, 1e-6, 1e6)?;
    at.shares("genres", kind.genres.iter().map(|(_, share)| *share))?;
    kind.genres.iter().try_for_each(|(name, _)| at.named("genres", name))?;
    if let Some(series) = &kind.series {
        at.range("series.parts", series.parts, 1.0, 1e3)?;
        at.shares("series.sizes", series.sizes.iter().map(|(_, share)| *share))?;
        series.sizes.iter().try_for_each(|(n, _)| at.range("series.sizes", f64::from(*n), 1.0, 10_000.0))?;
    }
    at.shares("length", kind.lengths.iter().map(|length| length.share))?;
    kind.lengths.iter().enumerate().try_for_each(|(i, length)| check_length(kind, i, length))?;
    at.shares("files", kind.files.iter().map(|(_, share)| *share))?;
    kind.files.iter().try_for_each(|(n, _)| at.range("files", f64::from(*n), 1.0, 50.0))?;
    at.range("alike", kind.alike, 0.0, 1.0)?;
    kind.rate_shared.iter().try_for_each(|share| at.range("rate_shared", *share, 0.0, 1.0))?;
    at.range("the sum of rate_shared", kind.rate_shared.iter().sum(), 0.0, 1.0)?;
    at.range("jitter_ms", f64::from(kind.jitter_ms), 0.0, 60_000.0)?;
    at.range("same_end", kind.same_end, 0.0, 1.0)?;
    if let Some(cuts) = kind.cuts {
        at.range("cuts.titles", cuts.titles, 0.0, 1.0)?;
        at.range("cuts.files", cuts.files, 0.0, 1.0)?;
        at.range("cuts.mean_ln", cuts.mean_ln, -0.5, 0.5)?;
        at.range("cuts.sd_ln", cuts.sd_ln, 0.0, 0.3)?;
    }
    if let Some(trims) = kind.trims {
        at.range("trims.files", trims.files, 0.0, 1.0)?;
        at.range("trims.mean_s", trims.mean_s, 0.0, 600.0)?;
    }
    at.shares("encode", kind.encodes.iter().map(|encode| encode.share))?;
    kind.encodes.iter().enumerate().try_for_each(|(i, encode)| check_encode(kind, i, encode))
}

fn check_length(kind: &Kind, index: usize, length: &Length) -> Result<(), String> {
    let at = At(format!("kind `{}`, length {}: ", kind.name, index + 1));
    at.range("min_s", length.min_s, 1.0, MOST_S)?;
    at.range("max_s", length.max_s, length.min_s, MOST_S)?;
    at.range("center_s", length.center_s, length.min_s, length.max_s)?;
    let most = match length.shape {
        super::Shape::Normal => MOST_S,
        super::Shape::Lognormal => 5.0,
    };
    at.range("between", length.between, 0.0, most)?;
    at.range("within", length.within[0], 0.0, most)?;
    at.range("within", length.within[1], length.within[0], most)
}

fn check_encode(kind: &Kind, index: usize, encode: &Encode) -> Result<(), String> {
    let at = At(format!("kind `{}`, encode {} ({}): ", kind.name, index + 1, encode.source));
    let names = [("resolution", &encode.resolution), ("video_codec", &encode.video_codec)];
    for (key, name) in names {
        name.as_ref().map_or(Ok(()), |name| at.named(key, name))?;
    }
    if !encode.frames.is_empty() {
        at.shares("frames", encode.frames.iter().map(|(.., share)| *share))?;
    }
    at.shares("kbps", encode.kbps.iter().map(|(_, share)| *share))?;
    encode.kbps.iter().try_for_each(|(kbps, _)| at.range("kbps", *kbps, 1.0, MOST_KBPS))?;
    at.range("sd_ln", encode.sd_ln, 0.0, 1.0)?;
    let least = encode.kbps.iter().map(|(kbps, _)| *kbps).fold(1.0, f64::max)
        + encode.audio.iter().map(|(_, kbps, _)| *kbps).fold(0.0, f64::max);
    encode.max_kbps.map_or(Ok(()), |most| at.range("max_kbps", most, least, MOST_KBPS))?;
    at.shares("audio", encode.audio.iter().map(|(.., share)| *share))?;
    encode.audio.iter().try_for_each(|(name, kbps, _)| {
        at.named("audio", name)?;
        at.range("audio", *kbps, 0.0, 100_000.0)
    })?;
    at.shares("containers", encode.containers.iter().map(|(_, share)| *share))?;
    encode.containers.iter().try_for_each(|(name, _)| at.named("containers", name))?;
    at.range("pal", encode.pal, 0.0, 1.0)?;
    at.range("film24", encode.film24, 0.0, 1.0)?;
    at.range("the sum of pal and film24", encode.pal + encode.film24, 0.0, 1.0)
}

/// Where in the recipe a problem is.
struct At(String);

impl At {
    fn range(&self, key: &str, value: f64, from: f64, to: f64) -> Result<(), String> {
        // Written so that NaN is refused.
        if value >= from && value <= to {
            return Ok(());
        }
        Err(format!("{}{key} is {value}; give a number from {from} to {to}", self.0))
    }

    fn shares(&self, key: &str, shares: impl Iterator<Item = f64>) -> Result<(), String> {
        let (mut count, mut total) = (0, 0.0);
        for share in shares {
            self.range(&format!("a share of {key}"), share, 0.0, 1e6)?;
            (count, total) = (count + 1, total + share);
        }
        if count > MOST_ENTRIES {
            return Err(format!("{}{key} has {count} entries; give at most {MOST_ENTRIES}", self.0));
        }
        if total < 1e-6 {
            return Err(format!("{}{key} has no entry with a share; give one with a share over 0", self.0));
        }
        Ok(())
    }

    fn named(&self, key: &str, name: &str) -> Result<(), String> {
        match name.trim().is_empty() {
            true => Err(format!("{}{key} has an empty name; write one", self.0)),
            false => Ok(()),
        }
    }
}
