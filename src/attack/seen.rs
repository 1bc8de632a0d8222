//! What an attacker who knows nothing of classes sees of a file.

use crate::catalogue::{Catalogue, Category};
use crate::classes::{Inside, Key};

/// What one play emits: the bucket's lower edge or a missing value, and the codes of the side fields.
/// `None` is the symbol `other`: an output like any other (minimality).
pub(super) type Seen = Option<(u64, Option<u64>, Vec<u16>)>;

/// The files of a catalogue as a generalization shows them.
pub(super) struct Sight<'a> {
    catalogue: &'a Catalogue,
    key: Key<'a>,
    inside: Inside<'a>,
}

impl<'a> Sight<'a> {
    pub fn new(catalogue: &'a Catalogue, key: Key<'a>) -> Self {
        Self { catalogue, key, inside: Inside::of(key.other, catalogue) }
    }

    pub fn see(&self, file: usize) -> Seen {
        if self.inside.holds(file) {
            return None;
        }
        let duration = self.key.duration.bucket(u64::from(self.catalogue.duration_ms()[file])).from;
        let nothing = self.key.bitrate.bucket(0).to.is_none();
        let rate = self.catalogue.bitrate_bps().and_then(|rates| rates[file]).filter(|_| !nothing);
        let rate = rate.map(|rate| self.key.bitrate.bucket(u64::from(rate.get())).from);
        let side = self.key.by.iter().filter_map(|&field| self.catalogue.side(field));
        Some((duration, rate, side.map(|column: &Category| column.codes()[file]).collect()))
    }
}
