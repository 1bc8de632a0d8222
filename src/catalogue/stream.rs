//! Named, seeded streams of random numbers.
//!
//! Every draw in the project comes from a stream that is a function of (seed, name, index), so that
//! results are the same on any machine and any number of threads, and a new stream changes no old one.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The generator behind every stream: ChaCha with 8 rounds, whose output is frozen by its authors.
pub type Stream = ChaCha8Rng;

/// The stream of that seed, name and index.
///
/// ```
/// use rand::Rng;
/// let mut a = coarsen::catalogue::stream::stream(1, "example", 0);
/// let mut b = coarsen::catalogue::stream::stream(1, "example", 0);
/// assert_eq!(a.next_u64(), b.next_u64());
/// ```
pub fn stream(seed: u64, name: &str, index: u64) -> Stream {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(index.to_le_bytes());
    hash.update(name.as_bytes());
    ChaCha8Rng::from_seed(hash.finalize().into())
}
