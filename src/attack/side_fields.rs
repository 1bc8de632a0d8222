//! A11, side fields: what each further field gives away on top of what leaves, and each that leaves beside the others.
//!
//! Codec, resolution and container are quasi-identifiers as well, and the exact picture size is one of the strongest.
//! What a field tells of the title is the mutual information of both, given all that is seen already.
//!
//! The `platform` is of the client and not of the file: no catalogue holds it, so its bits are measured from plays instead: see
//! [`platform`](super::platform).

use serde::Serialize;

use super::Target;
use super::channel::Draws;
use super::levels::Level;
use super::through::{Through, TooFine, level};
use crate::anonymity::Confident;
use crate::catalogue::{Catalogue, SideField};
use crate::classes::{Cells, Classes, Generalization, Key};
use crate::rounding::Rounding;
use crate::units::Dimension;

/// What a play could report besides; those of one entry leave together.
const FURTHER: [&[SideField]; 6] = [
    &[SideField::Resolution],
    &[SideField::VideoCodec],
    &[SideField::AudioCodec],
    &[SideField::Container],
    &[SideField::Kind],
    &[SideField::Width, SideField::Height],
];

/// What a field gives away.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Marginal {
    /// The field, or fields that leave together: `width x height`.
    pub field: String,
    /// Mutual information with the title in bits, given the other fields: H(title | others) - H(title | others, field).
    pub bits: Confident,
    /// The title named right without the field.
    pub without: Confident,
    /// The title named right with it.
    pub with: Confident,
    /// What leaves with a further field, or without one that leaves.
    #[serde(skip)]
    pub variant: Generalization,
}

/// What every field gives away.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideFields {
    /// Entropy of the title in bits before anything is seen.
    pub bits_before: Confident,
    /// Entropy of the title in bits given what leaves.
    pub bits_after: Confident,
    /// Each field that leaves, beside the others.
    pub leaving: Vec<Marginal>,
    /// Each field that doesn't leave, on top of those that do.
    pub further: Vec<Marginal>,
    /// All of those together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_further: Option<Marginal>,
}

/// The most variants of a generalization that are compared: each field that leaves, each that doesn't, and all.
pub const MOST: usize = 2 + SideField::ALL.len() + FURTHER.len() + 1;

/// What the classes tell of the title.
#[derive(Clone, Copy)]
struct Title {
    bits: Confident,
    named: Confident,
}

/// What every field gives away; fields that the catalogue lacks are passed over. Boxes stay as they are, whether or not
/// a field that they ask leaves. O(fields x files).
///
/// # Laws
/// Bits are never negative, and never more than the field's own entropy; a field is never a help not to be named
/// (`with >= without`). Bits of single fields don't add up to those of all: fields repeat one another, or tell more
/// together.
pub fn side_fields(cells: &Cells<'_>, generalization: &Generalization) -> SideFields {
    each(cells.catalogue(), generalization, |variant| title(cells, variant))
}

/// The same where one number is drawn through a channel after it is rounded, see [`Through`]; a variant without it draws
/// none. O(fields x (files + probabilities summed)).
///
/// # Errors
/// [`TooFine`].
pub fn side_fields_through(
    cells: &Cells<'_>,
    generalization: &Generalization,
    draws: impl Into<Draws>,
) -> Result<SideFields, TooFine> {
    // More fields make smaller parts, and fewer probabilities to sum up.
    let (draws, nothing) = (draws.into(), Generalization::drop());
    let barest = Key { by: &[], ..draws.subject.other().beside(generalization.key(), &nothing) };
    Through::new(cells, barest, draws)?;
    Ok(each(cells.catalogue(), generalization, |variant| {
        let through = Through::unchecked(cells, variant.key(), draws);
        let [uniform, popularity] = level(&through, Target::Title);
        let both = |of: fn(&Level) -> f64| Confident { uniform: of(&uniform), popularity: of(&popularity) };
        Title { bits: both(|level| level.entropy_bits), named: both(|level| level.top1) }
    }))
}

/// What every field gives away, by what a variant tells of the title.
fn each(
    catalogue: &Catalogue,
    generalization: &Generalization,
    title: impl Fn(&Generalization) -> Title,
) -> SideFields {
    let nothing = Generalization::drop();
    let (before, after) = (title(&nothing), title(generalization));
    let less =
        |(field, variant): (String, Generalization)| Marginal::new(field, title(&variant), after, variant);
    let more = |fields: &[SideField]| {
        let mut variant = generalization.clone();
        variant.by.extend(fields);
        let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
        Marginal::new(names.join(" x "), after, title(&variant), variant)
    };
    let further: Vec<Vec<SideField>> = FURTHER
        .into_iter()
        .map(|fields| {
            fields.iter().copied().filter(|&field| is_further(catalogue, generalization, field)).collect()
        })
        .filter(|fields: &Vec<SideField>| !fields.is_empty())
        .collect();
    let all_further =
        (further.len() > 1).then(|| Marginal { field: "all of these".into(), ..more(&further.concat()) });
    SideFields {
        bits_before: before.bits,
        bits_after: after.bits,
        leaving: leave_one_out(catalogue, generalization).into_iter().map(less).collect(),
        further: further.iter().map(|fields| more(fields)).collect(),
        all_further,
    }
}

impl Marginal {
    fn new(field: String, without: Title, with: Title, variant: Generalization) -> Self {
        // Never negative but for the last bits of two sums.
        let bits = |without: f64, with: f64| (without - with).max(0.0);
        Self {
            field,
            bits: Confident {
                uniform: bits(without.bits.uniform, with.bits.uniform),
                popularity: bits(without.bits.popularity, with.bits.popularity),
            },
            without: without.named,
            with: with.named,
            variant,
        }
    }
}

fn is_further(catalogue: &Catalogue, generalization: &Generalization, field: SideField) -> bool {
    catalogue.side(field).is_some() && !generalization.by.contains(&field)
}

/// Each field that leaves and that the catalogue holds, with what leaves without it.
pub(crate) fn leave_one_out(
    catalogue: &Catalogue,
    generalization: &Generalization,
) -> Vec<(String, Generalization)> {
    let mut variants = Vec::new();
    if !generalization.duration.is_drop() {
        let duration = Rounding::drop(Dimension::Duration);
        variants.push(("duration".to_owned(), Generalization { duration, ..generalization.clone() }));
    }
    if !generalization.bitrate.is_drop() && catalogue.bitrate_bps().is_some() {
        let bitrate = Rounding::drop(Dimension::Bitrate);
        variants.push(("bitrate".to_owned(), Generalization { bitrate, ..generalization.clone() }));
    }
    for &field in generalization.by.iter().filter(|&&field| catalogue.side(field).is_some()) {
        let mut variant = generalization.clone();
        variant.by.retain(|&by| by != field);
        variants.push((field.name().to_owned(), variant));
    }
    variants
}

/// Entropy of the title in bits given the classes, and how often it is named. O(files); sums run in the order of the
/// classes, and of the titles within one.
fn title(cells: &Cells<'_>, generalization: &Generalization) -> Title {
    let classes = Classes::group(cells, generalization.key());
    let catalogue = classes.catalogue();
    let (title, weight) = (catalogue.title(), catalogue.weight());
    let mut sums = [(0.0, 0u64); 2];
    let mut of_class: Vec<[u64; 2]> = Vec::new();
    for class in classes.iter() {
        of_class.clear();
        for same in class.chunk_by(|&a, &b| title[a as usize] == title[b as usize]) {
            of_class.push([same.len() as u64, same.iter().map(|&file| weight[file as usize]).sum()]);
        }
        for (prior, (bits, named)) in sums.iter_mut().enumerate() {
            let whole: u64 = of_class.iter().map(|held| held[prior]).sum();
            // What is never played says nothing.
            for held in of_class.iter().map(|held| held[prior]).filter(|&held| held > 0) {
                *bits += held as f64 * libm::log2(whole as f64 / held as f64);
            }
            *named += of_class.iter().map(|held| held[prior]).max().unwrap_or(0);
        }
    }
    let [(bits, named), (played_bits, played)] = sums;
    let (files, plays) = (catalogue.files() as f64, catalogue.top_title().all_weight as f64);
    Title {
        bits: Confident { uniform: bits / files, popularity: played_bits / plays },
        named: Confident { uniform: named as f64 / files, popularity: played as f64 / plays },
    }
}
