//! A transcoder at work: from where, since when and how fast.
//!
//! # Laws
//! 1. What lies further on is never made earlier, and nothing earlier by a slower transcoder or one that begins later.

use super::traces::Moment;

/// It makes a file from a place on, as fast as it can.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transcoder {
    ready: Moment,
    from_ms: u64,
    /// In thousandths of the speed of playing; `None` where nothing need be made.
    speed_permille: Option<u64>,
}

impl Transcoder {
    /// One that is set up at a moment, at that place of the file. A speed below a thousandth counts as one.
    pub fn new(ready: Moment, from_ms: u32, speed_permille: Option<u64>) -> Self {
        Self { ready, from_ms: u64::from(from_ms), speed_permille: speed_permille.map(|speed| speed.max(1)) }
    }

    /// When the file is made up to a place, no earlier than the one it began at. O(1).
    pub fn made(&self, until_ms: u64) -> Moment {
        match self.speed_permille {
            Some(speed) => self.ready + ((until_ms - self.from_ms) * 1_000).div_ceil(speed),
            None => self.ready,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_further_on_or_made_slower_comes_no_earlier(
            ready in 0u64..1 << 40, later in 0u64..9_000, from: u32, until in 0u64..1 << 33, more in 0u64..1 << 20,
            speed in 0u64..60_000, faster in 0u64..9_000,
        ) {
            let until = until.max(u64::from(from));
            let made = |ready, speed, until| Transcoder::new(ready, from, speed).made(until);
            let first = made(ready, Some(speed), until);
            prop_assert!(made(ready, Some(speed + faster), until) <= first);
            prop_assert!(made(ready, Some(speed), until + more) >= first);
            prop_assert!(made(ready + later, Some(speed), until) >= first);
            prop_assert_eq!(made(ready, None, until), ready);
            prop_assert_eq!(made(ready, Some(speed), u64::from(from)), ready);
        }
    }
}
