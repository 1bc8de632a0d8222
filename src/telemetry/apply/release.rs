//! How pings leave: shuffled within batches, and under identifiers that rotate or without any.
//!
//! Every ping has its own order and its own identifiers, so that the pings of one play can't be joined by either: neither
//! by row number, where `shuffle` is on, nor by `link`. All of it hangs on a key that is drawn for the run and forgotten
//! after it.

use std::collections::HashMap;
use std::io;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The secret of a run.
#[derive(Clone)]
pub(super) struct Key([u8; 32]);

impl Key {
    /// The key of that seed, for tests and runs that must be repeatable; drawn from the system's randomness without one.
    pub fn new(seed: Option<u64>) -> io::Result<Self> {
        let mut key = [0; 32];
        match seed {
            Some(seed) => {
                key = Sha256::new()
                    .chain_update(b"coarsen apply")
                    .chain_update(seed.to_le_bytes())
                    .finalize()
                    .into();
            }
            None => getrandom::fill(&mut key).map_err(io::Error::other)?,
        }
        Ok(Self(key))
    }

    /// Parts can't run into one another: each is hashed with its length.
    fn hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.0);
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }

    /// A stream of random numbers of its own.
    pub fn stream(&self, name: &str) -> ChaCha8Rng {
        ChaCha8Rng::from_seed(self.hash(&[b"stream", name.as_bytes()]))
    }

    /// A server or session, so that none of their names has to be kept.
    pub fn sender(&self, name: &str) -> u128 {
        first_half(self.hash(&[b"sender", name.as_bytes()]))
    }
}

fn first_half(hash: [u8; 32]) -> u128 {
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    u128::from_be_bytes(half)
}

/// The identifiers of one ping.
///
/// An identifier is a keyed hash of the sender, the ping and how often it has rotated. It rotates after `rotate` pings of
/// the sender, never where that is 0; and for everybody once more than [`Links::MOST`] senders were counted, so that
/// memory stays bounded: an identifier may live shorter than was asked for, never longer.
pub(super) struct Links {
    key: Key,
    ping: String,
    rotate: u32,
    counts: HashMap<u128, u64>,
    epoch: u64,
    most: usize,
}

impl Links {
    /// Senders that are counted at a time.
    pub const MOST: usize = 1 << 20;

    pub fn new(key: &Key, ping: &str, rotate: u32, most: usize) -> Self {
        Self { key: key.clone(), ping: ping.to_owned(), rotate, counts: HashMap::new(), epoch: 0, most }
    }

    /// The identifier under which the next ping of that sender leaves.
    pub fn next(&mut self, sender: u128) -> u128 {
        let mut turn = 0;
        if self.rotate > 0 {
            if self.counts.len() >= self.most && !self.counts.contains_key(&sender) {
                self.counts.clear();
                self.epoch += 1;
            }
            let count = self.counts.entry(sender).or_insert(0);
            turn = *count / u64::from(self.rotate);
            *count += 1;
        }
        let (epoch, turn) = (self.epoch.to_le_bytes(), turn.to_le_bytes());
        first_half(self.key.hash(&[b"link", self.ping.as_bytes(), &sender.to_le_bytes(), &epoch, &turn]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(rotate: u32, most: usize, senders: &[u128]) -> Vec<u128> {
        let mut links = Links::new(&Key::new(Some(1)).unwrap(), "a", rotate, most);
        senders.iter().map(|&sender| links.next(sender)).collect()
    }

    #[test]
    fn an_identifier_lives_for_so_many_pings_of_its_sender() {
        let names = names(2, 100, &[1, 2, 1, 1, 2, 2]);
        assert_eq!((names[0], names[1]), (names[2], names[4]));
        let distinct: std::collections::BTreeSet<u128> = names.into_iter().collect();
        assert_eq!(distinct.len(), 4);
    }

    #[test]
    fn without_rotation_it_stays() {
        let names = names(0, 1, &[1, 2, 1, 2]);
        assert_eq!(names[..2], names[2..]);
        assert_ne!(names[0], names[1]);
    }

    #[test]
    fn many_senders_shorten_lives_and_never_bring_one_back() {
        let names = names(9, 2, &[1, 2, 1, 3, 1, 2]);
        assert_eq!(names[0], names[2]);
        let distinct: std::collections::BTreeSet<u128> = names.into_iter().collect();
        assert_eq!(distinct.len(), 5);
    }

    #[test]
    fn pings_and_runs_share_no_identifier() {
        let of = |seed, ping: &str| {
            Links::new(&Key::new(seed).unwrap(), ping, 0, 9).next(Key::new(seed).unwrap().sender("s"))
        };
        assert_eq!(of(Some(1), "a"), of(Some(1), "a"));
        assert_ne!(of(Some(1), "a"), of(Some(1), "b"));
        assert_ne!(of(Some(1), "a"), of(Some(2), "a"));
        assert_ne!(of(None, "a"), of(None, "a"));
    }
}
