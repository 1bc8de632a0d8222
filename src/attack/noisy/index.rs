//! The catalogue ordered so that the files whose copies fall into a bucket are found by binary search.

use std::ops::Range;

use super::Settings;
use super::copies::{scaled, within};
use crate::catalogue::{Catalogue, SideField};
use crate::classes::{Cells, Key};
use crate::rounding::{Bucket, Partition};

/// What is seen of the encode besides its duration: the lower edge of the bit rate's bucket, `None` where none is told or
/// it is missing, and the number of the combination of side fields that describe the encode.
pub(in crate::attack) type Rest = (Option<u64>, u32);

/// A catalogue as the attacker studied it. Files are *kin* where the fields that describe their title and leave, kind
/// and genre, agree: no copy changes those.
pub(in crate::attack) struct Index<'a> {
    pub catalogue: &'a Catalogue,
    pub settings: &'a Settings,
    pub durations: &'a [u32],
    pub duration: &'a dyn Partition,
    bitrate: &'a dyn Partition,
    tells_rate: bool,
    side: Vec<u32>,
    kin: Vec<u32>,
    /// The files, kin by kin, by rising duration.
    order: Vec<u32>,
    /// Their durations.
    sorted: Vec<u32>,
    /// Where each kin begins, and the end.
    starts: Vec<usize>,
    /// The files title by title, and where each title begins.
    by_title: Vec<u32>,
    title_starts: Vec<usize>,
    /// What is told of how many files, in order.
    rests: Vec<(Rest, u32)>,
    /// The place of each file's among them.
    rest: Vec<u32>,
}

/// The files of a number below `count`, number by number, and where each begins.
fn grouped(numbers: &[u32], count: usize, files: impl Iterator<Item = u32>) -> (Vec<u32>, Vec<usize>) {
    let mut starts = vec![0usize; count + 1];
    numbers.iter().for_each(|&number| starts[number as usize + 1] += 1);
    (1..starts.len()).for_each(|at| starts[at] += starts[at - 1]);
    let (mut next, mut order) = (starts.clone(), vec![0; numbers.len()]);
    for file in files {
        let place = &mut next[numbers[file as usize] as usize];
        order[*place] = file;
        *place += 1;
    }
    (order, starts)
}

impl<'a> Index<'a> {
    /// O(files log files).
    pub fn new(cells: &Cells<'a>, key: Key<'a>, settings: &'a Settings) -> Self {
        let catalogue = cells.catalogue();
        let of_title = |field: &SideField| matches!(field, SideField::Kind | SideField::Genre);
        let (by_title, by_encode): (Vec<SideField>, Vec<SideField>) =
            key.by.iter().partition(|&field| of_title(field));
        let (side, _) = cells.combinations(&by_encode);
        let (kin, kins) = cells.combinations(&by_title);
        let durations = catalogue.duration_ms();
        let mut rising: Vec<u32> = (0..catalogue.files() as u32).collect();
        rising.sort_by_key(|&file| durations[file as usize]);
        let (order, starts) = grouped(&kin, kins as usize, rising.into_iter());
        let files = 0..catalogue.files() as u32;
        let (by_title, title_starts) = grouped(catalogue.title(), catalogue.titles() as usize, files);
        let sorted = order.iter().map(|&file| durations[file as usize]).collect();
        let tells_rate = key.bitrate.bucket(0).to.is_some();
        let (duration, bitrate) = (key.duration, key.bitrate);
        let mut index = Self {
            catalogue,
            settings,
            durations,
            duration,
            bitrate,
            tells_rate,
            side,
            kin,
            order,
            sorted,
            starts,
            by_title,
            title_starts,
            rests: Vec::new(),
            rest: vec![0; catalogue.files()],
        };
        let told = |file: u32| (index.rest_of(index.rate(file), file), file);
        let mut told: Vec<(Rest, u32)> = (0..catalogue.files() as u32).map(told).collect();
        told.sort_unstable();
        for same in told.chunk_by(|a, b| a.0 == b.0) {
            same.iter().for_each(|&(_, file)| index.rest[file as usize] = index.rests.len() as u32);
            index.rests.push((same[0].0, same.len() as u32));
        }
        index
    }

    /// No copy lasts longer, in ms. O(files).
    pub fn longest_copy(&self) -> u64 {
        let longest = self.durations.iter().copied().max().map_or(0, u64::from);
        let speeds = self.settings.speeds.iter().filter(|speed| speed.weight > 0);
        let copies = speeds.map(|speed| scaled(longest, speed.times, speed.over));
        copies.fold(longest, u64::max) + u64::from(self.settings.tolerance_ms)
    }

    /// The bit rate of a file, where it leaves.
    pub fn rate(&self, file: u32) -> Option<u64> {
        let rate = self.catalogue.bitrate_bps()?[file as usize]?;
        self.tells_rate.then(|| u64::from(rate.get()))
    }

    /// What is told of a file besides its duration.
    pub fn rest(&self, file: u32) -> Rest {
        self.rests[self.rest[file as usize] as usize].0
    }

    /// The same with another bit rate.
    pub fn rest_of(&self, rate: Option<u64>, file: u32) -> Rest {
        (rate.map(|rate| self.bitrate.bucket(rate).from), self.side[file as usize])
    }

    /// The files of the title of that file, itself among them.
    pub fn cuts(&self, file: u32) -> &[u32] {
        let title = self.catalogue.title()[file as usize] as usize;
        &self.by_title[self.title_starts[title]..self.title_starts[title + 1]]
    }

    /// The kin of a file.
    pub fn kin(&self, file: u32) -> u32 {
        self.kin[file as usize]
    }

    /// How many sorts of kin there are, some of them empty.
    pub fn kins(&self) -> u32 {
        (self.starts.len() - 1) as u32
    }

    /// The files of that kin by rising duration.
    pub fn of_kin(&self, kin: u32) -> &[u32] {
        &self.order[self.starts[kin as usize]..self.starts[kin as usize + 1]]
    }

    /// Their durations.
    fn lengths(&self, kin: u32) -> &[u32] {
        &self.sorted[self.starts[kin as usize]..self.starts[kin as usize + 1]]
    }

    /// The share of the files that is told so: how often a copy of another encode is.
    pub fn share(&self, told: u32) -> f64 {
        f64::from(told) / self.catalogue.files() as f64
    }

    /// How many files are told so.
    pub fn told(&self, rest: Rest) -> u32 {
        let found = self.rests.binary_search_by_key(&rest, |&(rest, _)| rest);
        found.map_or(0, |at| self.rests[at].1)
    }

    /// The places, among files of that kin, of those whose least and most possible values meet the bucket. Both must
    /// rise with the duration. O(log files).
    fn meeting(
        &self,
        kin: u32,
        bucket: Bucket,
        least: impl Fn(u64) -> u64,
        most: impl Fn(u64) -> u64,
    ) -> Range<usize> {
        let lengths = self.lengths(kin);
        let from = lengths.partition_point(|&duration| most(u64::from(duration)) < bucket.from);
        let below = |to| lengths.partition_point(|&duration| least(u64::from(duration)) < to);
        from..bucket.to.map_or(lengths.len(), below).max(from)
    }

    /// The places of files that last so long.
    pub fn lasting(&self, kin: u32, bucket: Bucket) -> Range<usize> {
        self.meeting(kin, bucket, |duration| duration, |duration| duration)
    }

    /// The places of files of which a remux may last so long.
    pub fn remuxed(&self, kin: u32, bucket: Bucket) -> Range<usize> {
        let reach = |duration| self.settings.reach(duration);
        self.meeting(
            kin,
            bucket,
            |duration| duration - reach(duration),
            |duration| duration + reach(duration),
        )
    }

    /// The places of files of which a trimmed copy may last so long.
    fn trimmed(&self, kin: u32, bucket: Bucket) -> Range<usize> {
        let least = |duration| duration - self.settings.most_trimmed(duration);
        self.meeting(kin, bucket, least, |duration| duration)
    }

    /// The places of files of which a copy of that speed may last so long.
    fn sped(&self, kin: u32, bucket: Bucket, times: u32, over: u32) -> Range<usize> {
        let center = |duration| scaled(duration, times, over);
        let reach = |duration| self.settings.reach(duration);
        let least = |duration| center(duration) - reach(center(duration));
        self.meeting(kin, bucket, least, |duration| center(duration) + reach(center(duration)))
    }

    /// The places of every mode with a weight that makes another encode; those of several modes come several times.
    pub fn reencoded(&self, kin: u32, bucket: Bucket) -> impl Iterator<Item = Range<usize>> {
        let speeds = self.settings.speeds.iter().filter(|speed| speed.weight > 0);
        let trimmed = (self.settings.trimmed > 0).then(|| self.trimmed(kin, bucket));
        speeds.map(move |speed| self.sped(kin, bucket, speed.times, speed.over)).chain(trimmed)
    }

    /// For each file of that kin that has a copy of another encode in the bucket: weight of the mode times its chance.
    /// O(files in reach).
    pub fn each_reencoded(&self, kin: u32, bucket: Bucket, mut add: impl FnMut(u32, f64)) {
        let (settings, files, lengths) = (self.settings, self.of_kin(kin), self.lengths(kin));
        for speed in settings.speeds.iter().filter(|speed| speed.weight > 0) {
            for at in self.sped(kin, bucket, speed.times, speed.over) {
                let center = scaled(u64::from(lengths[at]), speed.times, speed.over);
                let chance = within(center, settings.reach(center), bucket);
                add(files[at], f64::from(speed.weight) * chance);
            }
        }
        if settings.trimmed > 0 {
            for at in self.trimmed(kin, bucket) {
                let chance = settings.trimmed_into(u64::from(lengths[at]), bucket);
                add(files[at], f64::from(settings.trimmed) * chance);
            }
        }
    }

    /// For each file of which that one may be the other cut: weight of the mode times its chance.
    pub fn each_cut_for(&self, played: u32, add: &mut impl FnMut(u32, f64)) {
        let weight = f64::from(self.settings.other_cut);
        match self.cuts(played) {
            [only] => add(*only, weight),
            cuts => {
                // Of any other cut as likely as this one.
                let chance = weight / (cuts.len() - 1) as f64;
                cuts.iter().filter(|&&file| file != played).for_each(|&file| add(file, chance));
            }
        }
    }

    /// How likely a remux of the file lasts so long.
    pub fn remux_lasts(&self, file: u32, bucket: Bucket) -> f64 {
        let duration = u64::from(self.durations[file as usize]);
        within(duration, self.settings.reach(duration), bucket)
    }

    /// The buckets of the bit rate of a remux of the file, each with its chance; a missing one stays missing.
    pub fn remux_rates(&self, file: u32) -> Vec<(Option<u64>, f64)> {
        let Some(rate) = self.rate(file) else { return vec![(None, 1.0)] };
        let reach = self.settings.rate_reach(rate);
        let (mut found, mut next) = (Vec::new(), Some(rate - reach));
        while let Some(value) = next.filter(|&value| value <= rate + reach) {
            let bucket = self.bitrate.bucket(value);
            found.push((Some(bucket.from), within(rate, reach, bucket)));
            next = bucket.to;
        }
        found
    }

    /// How many of those there are, at most as many as there are bit rates.
    pub fn remux_rate_count(&self, file: u32, most: usize) -> usize {
        let Some(rate) = self.rate(file) else { return 1 };
        let reach = self.settings.rate_reach(rate);
        let (mut count, mut next) = (0, Some(rate - reach));
        while let Some(value) = next.filter(|&value| value <= rate + reach && count < most) {
            count += 1;
            next = self.bitrate.bucket(value).to;
        }
        count
    }

    /// How likely a remux of the file is told with that bit rate.
    pub fn remux_rate(&self, file: u32, told: Option<u64>) -> f64 {
        match (self.rate(file), told) {
            (Some(rate), Some(from)) => {
                within(rate, self.settings.rate_reach(rate), self.bitrate.bucket(from))
            }
            (None, None) => 1.0,
            _ => 0.0,
        }
    }
}
