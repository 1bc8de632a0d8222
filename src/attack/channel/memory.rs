//! Whether a play of the same file draws anew.

use rand::SeedableRng;
use sha2::{Digest, Sha256};

use crate::catalogue::stream::Stream;

/// Whether a play of the same file draws anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// One draw for each (server, file, policy version), ever: a thousand plays tell what one does.
    Memoized,
    /// One draw for each play: the mean of n plays errs by 1 / sqrt(n) of what one errs.
    Fresh,
}

/// What a memoized draw is a function of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memo {
    /// Of the server, kept there and told nobody.
    pub secret: [u8; 32],
    /// The file, as the server numbers it.
    pub file: u64,
    /// The version of the policy. Each new one is one more draw for whoever links them.
    pub version: u64,
}

impl Memo {
    /// The stream of that memo: SHA-256 of the secret and two numbers, all of fixed length, as the seed. Nothing needs
    /// to be stored for it to be the same again.
    ///
    /// ```
    /// use coarsen::attack::channel::Memo;
    /// let memo = Memo { secret: [7; 32], file: 3, version: 1 };
    /// assert!(memo.stream() == memo.stream());
    /// assert!(memo.stream() != Memo { version: 2, ..memo }.stream());
    /// ```
    pub fn stream(&self) -> Stream {
        let mut hash = Sha256::new();
        hash.update(self.secret);
        hash.update(self.file.to_le_bytes());
        hash.update(self.version.to_le_bytes());
        Stream::from_seed(hash.finalize().into())
    }
}
