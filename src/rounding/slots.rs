//! A small fixed set of texts, each with a number, looked up by a few words of the text.

/// Texts with their numbers, by open addressing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slots {
    /// A power of two of them, a quarter full at most.
    slots: Vec<Option<Slot>>,
    texts: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    key: u64,
    length: usize,
    text: u32,
    number: u32,
}

impl Slots {
    /// From texts that differ. O(texts).
    pub fn new(texts: &[(&str, u32)]) -> Self {
        let mut slots = vec![None; (4 * texts.len()).next_power_of_two().max(4)];
        for (text, &(value, number)) in texts.iter().enumerate() {
            let key = key(value);
            let mut at = place(key, slots.len());
            while slots[at].is_some() {
                at = (at + 1) % slots.len();
            }
            slots[at] = Some(Slot { key, length: value.len(), text: text as u32, number });
        }
        Self { slots, texts: texts.iter().map(|(value, _)| (*value).to_owned()).collect() }
    }

    /// The number of a text.
    #[inline]
    pub fn find(&self, value: &str) -> Option<usize> {
        let key = key(value);
        let mut at = place(key, self.slots.len());
        loop {
            let slot = self.slots[at]?;
            // Up to eight bytes are their key and their length.
            let same = slot.key == key && slot.length == value.len();
            if same && (value.len() <= 8 || self.texts[slot.text as usize] == value) {
                return Some(slot.number as usize);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
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
fn place(key: u64, slots: usize) -> usize {
    // The golden ratio's multiplier spreads neighbors (Knuth 1998, section 6.4).
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & (slots - 1)
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
