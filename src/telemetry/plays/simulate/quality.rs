//! What a play may be shown in: one quality, or the rungs of a ladder, and how long it was shown in which.
//!
//! # Laws
//! 1. What was shown in one quality has that quality's rate and speed exactly; of several, the means lie between theirs.

/// The most rungs of a ladder.
pub(super) const MOST: usize = 9;

/// One quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quality {
    /// Bits per s of what is shown, on average over the file.
    pub rate_bps: u64,
    /// Speed of transcoding in thousandths of the speed of playing; `None` where nothing is transcoded.
    pub speed_permille: Option<u64>,
}

/// At least one quality, from the lowest rate to the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Qualities {
    all: [Quality; MOST],
    count: usize,
}

/// How many ms of the file were shown in each quality.
pub(super) type ShownIn = [u32; MOST];

impl Qualities {
    /// One for the whole play.
    pub fn one(rate_bps: u64, speed_permille: Option<u64>) -> Self {
        Self { all: [Quality { rate_bps, speed_permille }; MOST], count: 1 }
    }

    /// A ladder, from the lowest rung on; of more than [`MOST`] rungs the lowest. `None` of no rung.
    pub fn ladder(mut rungs: impl Iterator<Item = Quality>) -> Option<Self> {
        let mut ladder = Self { all: [rungs.next()?; MOST], count: 1 };
        for (place, rung) in ladder.all[1..].iter_mut().zip(rungs) {
            *place = rung;
            ladder.count += 1;
        }
        Some(ladder)
    }

    /// All of them.
    pub fn all(&self) -> &[Quality] {
        &self.all[..self.count]
    }

    /// The mean rate of what was shown, in bit/s: bits over ms; of nothing, the rate of the quality it began in.
    pub fn mean_bps(&self, shown: &ShownIn, began: usize) -> u64 {
        let all = self.all().iter().zip(shown);
        let bits: u128 = all.map(|(quality, &ms)| u128::from(quality.rate_bps) * u128::from(ms)).sum();
        match ms_of(shown) {
            0 => self.all[began].rate_bps,
            ms => (bits / ms) as u64,
        }
    }

    /// The speed at which what was shown was made, in thousandths of the speed of playing: its ms over the ms that the
    /// transcoder worked for it, which isn't the mean of speeds. Setting up isn't counted, nor what was made and not seen;
    /// of nothing, the speed of the quality it began in. `None` where anything of it wasn't transcoded.
    pub fn mean_speed_permille(&self, shown: &ShownIn, began: usize) -> Option<u64> {
        // Fine enough to yield the speed of a single quality exactly, up to a thousand times that of playing.
        const FINE: u128 = 1_000_000_000_000_000;
        let ms = ms_of(shown);
        if ms == 0 {
            return self.all[began].speed_permille;
        }
        let mut worked = 0;
        for (quality, &ms) in self.all().iter().zip(shown).filter(|(_, ms)| **ms > 0) {
            worked += u128::from(ms) * FINE / u128::from(quality.speed_permille?.max(1));
        }
        Some((ms * FINE / worked.max(1)) as u64)
    }
}

fn ms_of(shown: &ShownIn) -> u128 {
    shown.iter().map(|&ms| u128::from(ms)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quality() -> impl Strategy<Value = Quality> {
        (1u64..5_000_000_000, 1u64..=1_000_000)
            .prop_map(|(rate_bps, speed)| Quality { rate_bps, speed_permille: Some(speed) })
    }

    proptest! {
        #[test]
        fn one_quality_is_told_exactly(of in quality(), ms in 0u32.., place in 0usize..MOST) {
            let ladder = Qualities::ladder((0..MOST).map(|_| of)).expect("rungs");
            let mut shown = ShownIn::default();
            shown[place] = ms;
            prop_assert_eq!(ladder.mean_bps(&shown, place), of.rate_bps);
            prop_assert_eq!(ladder.mean_speed_permille(&shown, place), of.speed_permille);
        }

        #[test]
        fn means_lie_between_and_are_those_of_the_sums(
            rungs in prop::collection::vec(quality(), 1..=MOST), shown: [u16; MOST],
        ) {
            let ladder = Qualities::ladder(rungs.iter().copied()).expect("rungs");
            let mut ms = ShownIn::default();
            (0..rungs.len()).for_each(|rung| ms[rung] = u32::from(shown[rung]) + 1);
            let (rate, speed) = (ladder.mean_bps(&ms, 0), ladder.mean_speed_permille(&ms, 0).expect("a speed"));
            let speeds = || rungs.iter().filter_map(|rung| rung.speed_permille);
            let rates = || rungs.iter().map(|rung| rung.rate_bps);
            prop_assert!(rates().min() <= Some(rate) && Some(rate) <= rates().max());
            prop_assert!(speeds().min() <= Some(speed) && Some(speed) <= speeds().max());
            let sum: f64 = ms.iter().map(|&ms| f64::from(ms)).sum();
            let worked: f64 = speeds().zip(ms).map(|(speed, ms)| f64::from(ms) / speed as f64).sum();
            prop_assert!((speed as f64 - sum / worked).abs() <= 1.0 + 1e-6 * speed as f64);
            let bits: f64 = rates().zip(ms).map(|(rate, ms)| rate as f64 * f64::from(ms)).sum();
            prop_assert!((rate as f64 - bits / sum).abs() <= 1.0 + 1e-6 * rate as f64);
        }
    }

    #[test]
    fn what_was_not_shown_or_not_made_has_no_mean() {
        let quality = |rate_bps, speed_permille| Quality { rate_bps, speed_permille };
        let ladder = Qualities::ladder([quality(1, Some(7)), quality(2, None)].into_iter()).expect("rungs");
        assert_eq!((ladder.mean_bps(&[0; MOST], 1), ladder.mean_speed_permille(&[0; MOST], 0)), (2, Some(7)));
        let mut shown = ShownIn::default();
        shown[1] = 5;
        assert_eq!(ladder.mean_speed_permille(&shown, 0), None);
        assert_eq!(Qualities::ladder([].into_iter()), None);
        // Half of the time at a third of the speed: 2 s of picture in 1 s and a third of a second.
        let ladder = Qualities::ladder([quality(1, Some(1_000)), quality(3, Some(3_000))].into_iter());
        let ladder = ladder.expect("rungs");
        (shown[0], shown[1]) = (1_000, 1_000);
        assert_eq!((ladder.mean_bps(&shown, 0), ladder.mean_speed_permille(&shown, 0)), (2, Some(1_500)));
    }
}
