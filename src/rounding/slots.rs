//! A small fixed set of texts, each with a number, looked up by a few words of the text.

/// Texts with their numbers, by open addressing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slots {
    /// A power of two of them, a quarter full at most.
    slots: Vec<Slot>,
    /// What keys are multiplied by: with it most texts, and of few texts all, are where the search begins.
    multiplier: u64,
    texts: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    key: u64,
    /// In bytes; of no text in an empty slot.
    length: usize,
    text: u32,
    number: u32,
}

const EMPTY: Slot = Slot { key: 0, length: usize::MAX, text: 0, number: 0 };

/// The multipliers that are tried.
const TRIES: u64 = 64;

impl Slots {
    /// From texts that differ. O(texts).
    pub fn new(texts: &[(&str, u32)]) -> Self {
        // Odd multiples of the golden ratio's multiplier, which spreads neighbors (Knuth 1998, section 6.4).
        let multipliers = (0..TRIES).map(|at| 0x9e37_79b9_7f4a_7c15u64.wrapping_mul(2 * at + 1));
        let mut best: Option<(usize, u64, Vec<Slot>)> = None;
        for multiplier in multipliers {
            let (slots, elsewhere) = placed(texts, multiplier);
            if best.as_ref().is_none_or(|(fewest, ..)| elsewhere < *fewest) {
                best = Some((elsewhere, multiplier, slots));
            }
            if best.as_ref().is_some_and(|(fewest, ..)| *fewest == 0) {
                break;
            }
        }
        let (_, multiplier, slots) = best.unwrap_or((0, 1, vec![EMPTY]));
        Self { slots, multiplier, texts: texts.iter().map(|(value, _)| (*value).to_owned()).collect() }
    }

    /// The number of a text.
    #[inline]
    pub fn find(&self, value: &str) -> Option<usize> {
        let key = key(value);
        let begin = place(key, self.multiplier, self.slots.len());
        let slot = &self.slots[begin];
        // Up to eight bytes are their key and their length.
        if slot.key == key && slot.length == value.len() && value.len() <= 8 {
            return Some(slot.number as usize);
        }
        self.search(value, key, begin)
    }

    /// Apart, so that what is around the first look stays small.
    #[inline(never)]
    fn search(&self, value: &str, key: u64, begin: usize) -> Option<usize> {
        let mut at = begin;
        loop {
            let slot = &self.slots[at];
            if slot.length == usize::MAX {
                return None;
            }
            if slot.key == key && slot.length == value.len() && self.texts[slot.text as usize] == value {
                return Some(slot.number as usize);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

/// The texts in their slots, and how many of them are not where the search for them begins.
fn placed(texts: &[(&str, u32)], multiplier: u64) -> (Vec<Slot>, usize) {
    let mut slots = vec![EMPTY; (4 * texts.len()).next_power_of_two().max(4)];
    let mut elsewhere = 0;
    for (text, &(value, number)) in texts.iter().enumerate() {
        let key = key(value);
        let begin = place(key, multiplier, slots.len());
        let mut at = begin;
        while slots[at] != EMPTY {
            at = (at + 1) % slots.len();
        }
        elsewhere += usize::from(at != begin);
        slots[at] = Slot { key, length: value.len(), text: text as u32, number };
    }
    (slots, elsewhere)
}

/// The first and the last bytes: of texts of one length up to eight it tells each from all others.
#[inline]
fn key(value: &str) -> u64 {
    let bytes = value.as_bytes();
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        return if bytes.len() == 8 { first } else { first ^ last.rotate_left(29) };
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
    }
    bytes.iter().fold(0, |key, &byte| key << 8 | u64::from(byte))
}

/// Where the search for a key begins.
#[inline]
fn place(key: u64, multiplier: u64, slots: usize) -> usize {
    (key.wrapping_mul(multiplier) >> 32) as usize & (slots - 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_map(
            texts in proptest::collection::btree_set("[a-b\u{e9}]{0,12}|[a-z]{6,20}", 0..60),
            asked in proptest::collection::vec("[a-b\u{e9}]{0,12}", 50),
        ) {
            let map: BTreeMap<&str, u32> = texts.iter().map(String::as_str).zip(0..).collect();
            let slots = Slots::new(&map.iter().map(|(text, number)| (*text, *number)).collect::<Vec<_>>());
            for text in texts.iter().chain(&asked) {
                prop_assert_eq!(slots.find(text), map.get(text.as_str()).map(|number| *number as usize));
            }
        }
    }
}
