//! The candidates: a plain grid for a sweep, and the coded ones that a recommendation chooses from.

use super::SearchError;
use crate::catalogue::Catalogue;
use crate::rounding::{Family, Partition, Rounding, RoundingSpec};
use crate::units::Dimension;

/// The grid of a sweep.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Roundings of the duration.
    pub durations: Vec<Rounding>,
    /// Roundings of the bit rate.
    pub bitrates: Vec<Rounding>,
}

const DURATIONS: &str = "1s,2s,5s,10s,15s,30s,1min,2min,5min,10min,15min,20min,30min,1h";
const BITRATES: &str = "10kbps,25kbps,50kbps,100kbps,250kbps,500kbps,1Mbps,2Mbps,5Mbps,10Mbps";

impl Default for Grid {
    /// Nice steps: 1 s to 1 h, 10 kbps to 10 Mbps.
    fn default() -> Self {
        let widths = |text, dimension| parse_list(text, dimension, None).unwrap_or_default();
        Self {
            durations: widths(DURATIONS, Dimension::Duration),
            bitrates: widths(BITRATES, Dimension::Bitrate),
        }
    }
}

impl Grid {
    /// From two lists, each the default where it is `None`: widths, ranges of widths, and whole roundings of any family.
    ///
    /// # Errors
    /// [`SearchError::List`]; also for `quantile` and `atleast`, which take their edges from a catalogue.
    pub fn from_lists(durations: Option<&str>, bitrates: Option<&str>) -> Result<Self, SearchError> {
        Self::from_lists_on(None, durations, bitrates)
    }

    /// The same where `quantile` and `atleast` take their edges from that catalogue.
    ///
    /// # Errors
    /// [`SearchError::List`].
    pub fn from_lists_on(
        catalogue: Option<&Catalogue>,
        durations: Option<&str>,
        bitrates: Option<&str>,
    ) -> Result<Self, SearchError> {
        Ok(Self {
            durations: parse_list(durations.unwrap_or(DURATIONS), Dimension::Duration, catalogue)?,
            bitrates: parse_list(bitrates.unwrap_or(BITRATES), Dimension::Bitrate, catalogue)?,
        })
    }

    /// Adds every phase at that step to each width of `floor` on one side: `floor:5min@1min` to `floor:5min@4min` at a
    /// step of a minute.
    ///
    /// # Errors
    /// [`SearchError::List`] for a step of 0, or one that makes over a million roundings.
    pub fn with_phases(mut self, dimension: Dimension, step: u64) -> Result<Self, SearchError> {
        let list = match dimension {
            Dimension::Bitrate => &mut self.bitrates,
            _ => &mut self.durations,
        };
        let fail =
            |problem: &str| SearchError::List { text: dimension.compact(step), problem: problem.to_owned() };
        if step == 0 {
            return Err(fail("a step between phases must be above 0"));
        }
        let mut phased = Vec::new();
        for rounding in std::mem::take(list) {
            let phases = match rounding.family() {
                Family::Floor(floor) if floor.phase() == 0 && rounding.coding().is_none() => {
                    let width = floor.width();
                    (1..width.div_ceil(step)).map(move |i| (width, i * step)).collect()
                }
                _ => Vec::new(),
            };
            phased.push(rounding);
            if (phased.len() + phases.len()) as u64 > MOST_WIDTHS {
                return Err(fail("that many phases make over a million roundings: take a larger step"));
            }
            for (width, phase) in phases {
                let family = Family::Floor(crate::rounding::Floor::new(width, phase)?);
                phased.push(Rounding::new(dimension, family, Default::default())?);
            }
        }
        *list = phased;
        Ok(self)
    }

    /// Adds keep and drop on both sides.
    pub fn with_baselines(mut self) -> Self {
        for (list, dimension) in
            [(&mut self.durations, Dimension::Duration), (&mut self.bitrates, Dimension::Bitrate)]
        {
            list.insert(0, Rounding::keep(dimension));
            list.push(Rounding::drop(dimension));
        }
        self
    }

    /// Adds log buckets and the published ladders to the bit rates.
    ///
    /// # Errors
    /// None: the list is fixed, and a test holds it.
    pub fn with_rate_shapes(mut self) -> Result<Self, SearchError> {
        for text in RATE_SHAPES {
            self.bitrates.push(Rounding::parse(text, Dimension::Bitrate)?);
        }
        Ok(self)
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.durations.len() * self.bitrates.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

const RATE_SHAPES: [&str; 8] = [
    "log:1",
    "log:2",
    "log:4",
    "log:8",
    "ladder:apple_hls_h264",
    "ladder:netflix_fixed_2015",
    "ladder:youtube_upload_sdr",
    "ladder:sabre_bbb",
];

/// The most widths that one list may hold.
const MOST_WIDTHS: u64 = 1_000_000;

/// `1s,5s,10s`, or `1s..120s:1s` (first..last:step, ends included), or both mixed; items may also be whole roundings
/// such as `log:2`. Lists follow one another after `;`, and `edges:20min,45min,2h`, which holds commas itself, stands
/// alone between two of them.
fn parse_list(
    text: &str,
    dimension: Dimension,
    catalogue: Option<&Catalogue>,
) -> Result<Vec<Rounding>, SearchError> {
    let mut roundings: Vec<Rounding> = Vec::new();
    for list in text.split(';').map(str::trim) {
        let alone = list.starts_with("edges:");
        let items: Vec<&str> = if alone { vec![list] } else { list.split(',').map(str::trim).collect() };
        for item in items {
            let read = parse_item(item, alone, dimension, catalogue);
            roundings.extend(read.map_err(|problem| SearchError::List { text: text.to_owned(), problem })?);
        }
    }
    Ok(roundings)
}

/// The roundings of one item; what is wrong with it, in words.
fn parse_item(
    item: &str,
    alone: bool,
    dimension: Dimension,
    catalogue: Option<&Catalogue>,
) -> Result<Vec<Rounding>, String> {
    let unit = |number: &str| dimension.parse(number).map_err(|error| error.to_string());
    let floor = |width: u64| {
        let family = crate::rounding::Floor::new(width, 0);
        let rounding =
            family.and_then(|family| Rounding::new(dimension, Family::Floor(family), Default::default()));
        rounding.map_err(|error| error.to_string())
    };
    if !alone && item.starts_with("edges:") {
        return Err("put `edges:...` between semicolons, as it holds commas itself: 1s,5s;edges:20min,45min"
            .to_owned());
    }
    if let Some((first, rest)) = item.split_once("..") {
        let (last, step) =
            rest.split_once(':').ok_or_else(|| format!("write the range `{item}` as first..last:step"))?;
        let (first, last, step) = (unit(first)?, unit(last)?, unit(step)?);
        if step == 0 || last < first || (last - first) / step >= MOST_WIDTHS {
            return Err(format!("the range `{item}` must rise, in at most {MOST_WIDTHS} steps"));
        }
        return (0..=(last - first) / step).map(|i| floor(first + i * step)).collect();
    }
    if item.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(vec![floor(unit(item)?)?]);
    }
    let spec = RoundingSpec::parse(item, dimension).map_err(|error| error.to_string())?;
    let rounding = match catalogue {
        Some(catalogue) => spec.freeze(|| catalogue.reference(dimension)),
        None => spec.fixed(),
    };
    Ok(vec![rounding.map_err(|error| error.to_string())?])
}

/// The coded candidates of a recommendation.
#[derive(Clone, Debug)]
pub struct Candidates {
    /// Roundings of the duration.
    pub durations: Vec<Rounding>,
    /// Roundings of the bit rate.
    pub bitrates: Vec<Rounding>,
}

impl Candidates {
    /// Equal widths, with bottom and top coding where that falls on an edge, so that every coded candidate is a
    /// coarsening of the uncoded one. Also log buckets as they are, and readable edges cut off at every pair of
    /// ends: their bottom and top coding; of the duration about two buckets per doubling, of the bit rate one or two, or
    /// one per two. For the bit rate ladders as well. Drop is always among them.
    ///
    /// # Errors
    /// None: the lists are fixed, and a test holds them.
    pub fn standard() -> Result<Self, SearchError> {
        let (duration, bitrate) = (Dimension::Duration, Dimension::Bitrate);
        let mut durations = coded(
            duration,
            &[
                "floor:1s",
                "floor:5s",
                "floor:10s",
                "floor:15s",
                "floor:30s",
                "floor:1min",
                "floor:2min",
                "floor:5min",
                "floor:10min",
                "floor:15min",
                "floor:20min",
                "floor:30min",
                "floor:1h",
            ],
            &["1min", "2min", "5min", "10min", "20min"],
            &["30min", "1h", "90min", "2h", "150min", "3h", "4h"],
        )?;
        for text in ["log:1", "log:2", "log:3", "log:4", "log:6", "log:8"] {
            durations.push(Rounding::parse(text, duration)?);
        }
        durations.extend(runs(
            duration,
            &[60, 120, 180, 240, 300, 420, 600, 900, 1_200, 1_800, 2_700, 3_600, 5_400, 7_200]
                .map(|s| s * 1_000),
        )?);
        let mut bitrates = coded(
            bitrate,
            &["floor:100kbps", "floor:250kbps", "floor:500kbps", "floor:1Mbps", "floor:2Mbps", "floor:4Mbps"],
            &["1Mbps", "2Mbps"],
            &["8Mbps", "16Mbps", "32Mbps"],
        )?;
        for text in RATE_SHAPES {
            bitrates.push(Rounding::parse(text, bitrate)?);
        }
        for rungs in [
            &[
                32_000, 64_000, 128_000, 256_000, 500_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000,
                16_000_000, 32_000_000, 64_000_000,
            ][..],
            &[
                64_000, 96_000, 128_000, 192_000, 256_000, 384_000, 500_000, 750_000, 1_000_000, 1_500_000,
                2_000_000, 3_000_000, 4_000_000, 6_000_000, 8_000_000, 12_000_000, 16_000_000, 24_000_000,
                32_000_000, 48_000_000,
            ],
            &[64_000, 256_000, 1_000_000, 4_000_000, 16_000_000, 64_000_000],
            &[32_000, 128_000, 500_000, 2_000_000, 8_000_000, 32_000_000],
        ] {
            bitrates.extend(runs(bitrate, rungs)?);
        }
        Ok(Self { durations, bitrates }.without_repeats())
    }

    fn without_repeats(mut self) -> Self {
        for (list, dimension) in
            [(&mut self.durations, Dimension::Duration), (&mut self.bitrates, Dimension::Bitrate)]
        {
            list.push(Rounding::drop(dimension));
            let mut seen = std::collections::HashSet::new();
            list.retain(|rounding| seen.insert(rounding.to_string()));
        }
        self
    }
}

/// Readable edges, cut off at every pair of ends: their bottom and top coding.
fn runs(dimension: Dimension, rungs: &[u64]) -> Result<Vec<Rounding>, SearchError> {
    let mut found = Vec::new();
    for from in 0..rungs.len() {
        for to in from + 1..=rungs.len() {
            let edges = rungs[from..to].iter().map(|&edge| dimension.compact(edge)).collect::<Vec<_>>();
            found.push(Rounding::parse(&format!("edges:{}", edges.join(",")), dimension)?);
        }
    }
    Ok(found)
}

/// Every base with every coding that lies on one of its edges.
fn coded(
    dimension: Dimension,
    bases: &[&str],
    bottoms: &[&str],
    tops: &[&str],
) -> Result<Vec<Rounding>, SearchError> {
    let mut roundings = Vec::new();
    for base in bases {
        let uncoded = Rounding::parse(base, dimension)?;
        let on_edge = |text: &str| dimension.parse(text).is_ok_and(|edge| uncoded.bucket(edge).from == edge);
        for bottom in std::iter::once(None).chain(bottoms.iter().map(Some)) {
            for top in std::iter::once(None).chain(tops.iter().map(Some)) {
                if ![bottom, top].into_iter().flatten().all(|text| on_edge(text)) {
                    continue;
                }
                let part = |name: &str, value: Option<&&str>| {
                    value.map_or(String::new(), |v| format!("+{name}:{v}"))
                };
                let text = format!("{base}{}{}", part("bottom", bottom), part("top", top));
                // Bottom coding over top coding is no candidate.
                if let Ok(rounding) = Rounding::parse(&text, dimension) {
                    roundings.push(rounding);
                }
            }
        }
    }
    Ok(roundings)
}
