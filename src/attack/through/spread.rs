//! How files spread over the outputs of a channel, and what each output tells of a name.

use std::ops::Range;

use rayon::prelude::*;

use crate::attack::channel::{Channel, Geometric};

/// What is less likely than the likeliest by this factor, as a natural logarithm, is left out: with weights of up to
/// 2^62 all of it together still lies far below the last bit of a sum.
const NEGLIGIBLE: f64 = 110.0;

/// Outputs that are summed up in a row, so that sums don't depend on the number of threads.
pub(super) const ROW: usize = 256;

/// One file.
pub(super) struct Entry {
    /// What is drawn from.
    pub value: u64,
    /// What the attacker wants to name.
    pub name: u32,
    /// How likely it is.
    pub weight: u64,
}

/// Values that give every output alike, with what lies there.
struct Place {
    /// By [`Channel::place`].
    at: i64,
    /// One of the values.
    value: u64,
    /// Sum of all weights.
    weight: f64,
    /// The heaviest of the names that lie nowhere else.
    lone: [(u32, f64); 3],
    /// How many such names there are.
    alone: u64,
    /// Where the entries of names that lie elsewhere too end.
    end: usize,
}

/// Files of one part, place by place. One of no weight is a candidate as any other.
pub(super) struct Spread {
    channel: Channel,
    /// Rising.
    places: Vec<Place>,
    /// Names of several places, by a number of their own, each with its weight at the place.
    entries: Vec<(u32, f64)>,
    /// The names of those numbers.
    scattered: Vec<u32>,
    /// Names in all.
    names: u64,
    /// Sum over the lone names of weight x probability x log2 of it, over all outputs.
    lone_log: f64,
}

/// Outputs that tell the same of each name.
pub(super) struct Alike {
    pub output: i64,
    /// How many times the probability of this one they have together.
    pub times: f64,
    /// Sum of c log2 c over them, c being how many times its probability each has.
    log: f64,
}

/// What outputs tell, summed up. Weights are those of the files.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// All weight.
    pub total: f64,
    /// Named right with one guess.
    pub top1: f64,
    /// One of three guesses was right.
    pub top3: f64,
    /// Weight times doubt in bits.
    pub doubt: f64,
    /// Weight times names that could be it.
    pub candidates: f64,
    /// Of outputs that could be of one name only.
    pub single: f64,
    /// Of outputs of which one name holds 95 %.
    pub most: f64,
    /// By how much a name passes the half of an output, twice what it holds less the output; in no order.
    pub majorities: Vec<(u32, f64)>,
}

impl Told {
    /// Adds what others tell.
    pub fn add(&mut self, other: Self) {
        self.total += other.total;
        self.top1 += other.top1;
        self.top3 += other.top3;
        self.doubt += other.doubt;
        self.candidates += other.candidates;
        self.single += other.single;
        self.most += other.most;
        self.majorities.extend(other.majorities);
    }
}

/// What a name holds that no file of an output is of.
const UNTOUCHED: f64 = -1.0;

/// Sums of scattered names, kept from one output to the next.
struct Sums {
    of: Vec<f64>,
    touched: Vec<u32>,
}

impl Spread {
    /// Of the files of a part. O(files log files).
    pub fn of(channel: Channel, files: impl Iterator<Item = Entry>) -> Self {
        let keyed = |file: Entry| (channel.place(file.value), file.name, file.weight, file.value);
        let mut keyed: Vec<(i64, u32, u64, u64)> = files.map(keyed).collect();
        keyed.sort_unstable();
        // Which names lie at several places.
        let mut where_named: Vec<(u32, i64)> = keyed.iter().map(|&(at, name, ..)| (name, at)).collect();
        where_named.sort_unstable();
        where_named.dedup();
        let (mut scattered, mut names) = (Vec::new(), 0);
        for same in where_named.chunk_by(|a, b| a.0 == b.0) {
            names += 1;
            if same.len() > 1 {
                scattered.push(same[0].0);
            }
        }
        let (mut places, mut entries, mut lone_log) = (Vec::new(), Vec::new(), 0.0);
        for here in keyed.chunk_by(|a, b| a.0 == b.0) {
            let (mut weight, mut lone, mut alone) = (0.0, [(u32::MAX, 0.0); 3], 0);
            let (at, value) = (here[0].0, here[0].3);
            for same in here.chunk_by(|a, b| a.1 == b.1) {
                let (name, held) =
                    (same[0].1, same.iter().map(|&(_, _, weight, _)| weight).sum::<u64>() as f64);
                weight += held;
                match scattered.binary_search(&name) {
                    Ok(number) => entries.push((number as u32, held)),
                    Err(_) => {
                        alone += 1;
                        push(&mut lone, (name, held));
                        lone_log += times_log(held) - held * bits(channel, value);
                    }
                }
            }
            places.push(Place { at, value, weight, lone, alone, end: entries.len() });
        }
        Self { channel, places, entries, scattered, names, lone_log }
    }

    fn entries_of(&self, places: Range<usize>) -> Range<usize> {
        let end = |place: usize| if place == 0 { 0 } else { self.places[place - 1].end };
        end(places.start)..end(places.end)
    }

    /// The outputs that matter.
    pub fn outputs(&self) -> Vec<Alike> {
        let once = |output| Alike { output, times: 1.0, log: 0.0 };
        let (Some(first), Some(last)) = (self.places.first(), self.places.last()) else { return Vec::new() };
        match self.channel {
            Channel::Stochastic(of) => {
                let mut outputs = Vec::new();
                for &Place { value, .. } in &self.places {
                    let down = i64::try_from(value / of.width).unwrap_or(i64::MAX);
                    let near = [down, down.saturating_add(1)];
                    outputs.extend(near.into_iter().filter(|&output| of.probability(value, output) > 0.0));
                }
                outputs.sort_unstable();
                outputs.dedup();
                outputs.into_iter().map(once).collect()
            }
            // Beyond the outermost places every probability falls by one factor for each unit.
            Channel::Noise(of) => {
                let alpha = of.alpha();
                let tails =
                    |output: i64| f64::from(u8::from(output == first.at) + u8::from(output == last.at));
                let of_one = |output: i64| Alike {
                    output,
                    times: 1.0 + tails(output) * alpha / (1.0 - alpha),
                    log: -tails(output) * of.epsilon.value() * std::f64::consts::LOG2_E * alpha
                        / ((1.0 - alpha) * (1.0 - alpha)),
                };
                (first.at..=last.at).map(of_one).collect()
            }
            // Buckets without a file are alike.
            Channel::Response(of) => {
                let held = self.places.iter().map(|place| once(place.at));
                let rest = of.buckets() - self.places.len() as u64;
                let mut places = self.places.iter().map(|place| place.at);
                let empty = (0..of.buckets() as i64).find(|&bucket| places.next() != Some(bucket));
                held.chain(empty.map(|output| Alike { output, times: rest as f64, log: 0.0 })).collect()
            }
        }
    }

    /// How many outputs there are, without making a list of them.
    pub fn output_count(&self) -> u64 {
        match (self.channel, self.places.first(), self.places.last()) {
            (Channel::Noise(_), Some(first), Some(last)) => last.at.abs_diff(first.at).saturating_add(1),
            _ => 2 * self.places.len() as u64 + 1,
        }
    }

    /// Probabilities to be summed up over all outputs, or what is more than any limit. O(outputs log places).
    pub fn terms(&self) -> u64 {
        if self.output_count() > super::MOST_TERMS / 64 {
            return u64::MAX;
        }
        let of_one = |alike: &Alike| {
            let places = self.likely(alike.output);
            (places.len() + self.entries_of(places).len()) as u64
        };
        self.outputs().iter().map(of_one).sum()
    }

    /// The places that an output is likely from.
    pub fn likely(&self, output: i64) -> Range<usize> {
        match self.channel {
            Channel::Stochastic(of) => {
                // A value yields multiples less than one width from it.
                let (width, output) = (i128::from(of.width), i128::from(output));
                let from = |bound: i128| self.places.partition_point(|place| i128::from(place.value) < bound);
                from((output - 1) * width + 1)..from((output + 1) * width)
            }
            Channel::Noise(of) => {
                let right = self.places.partition_point(|place| place.at < output);
                let near = [right.checked_sub(1), Some(right).filter(|&place| place < self.places.len())];
                let away = |place: usize| self.places[place].at.abs_diff(output);
                let nearest = near.into_iter().flatten().map(away).min().unwrap_or(0);
                let reach = reach(of, nearest);
                let from = self.places.partition_point(|place| place.at < output.saturating_sub(reach));
                from..self.places.partition_point(|place| place.at <= output.saturating_add(reach))
            }
            Channel::Response(_) => 0..self.places.len(),
        }
    }

    /// What all outputs tell together. O(terms).
    pub fn told(&self) -> Told {
        let row = |sums: &mut Sums, outputs: &[Alike]| {
            let mut told = Told::default();
            outputs.iter().for_each(|alike| self.output(alike, sums, &mut told));
            told
        };
        let sums = || Sums { of: vec![UNTOUCHED; self.scattered.len()], touched: Vec::new() };
        let rows: Vec<Told> = self.outputs().par_chunks(ROW).map_init(sums, row).collect();
        let mut told = Told::default();
        rows.into_iter().for_each(|row| told.add(row));
        told.doubt = (told.doubt - self.lone_log).max(0.0);
        told
    }

    /// Adds what one output and those alike tell; of the doubt, all but the part of lone names.
    fn output(&self, alike: &Alike, sums: &mut Sums, told: &mut Told) {
        let (mut total, mut alone, mut best) = (0.0, 0, [(u32::MAX, 0.0); 3]);
        for at in self.likely(alike.output) {
            let place = &self.places[at];
            let chance = self.channel.probability(place.value, alike.output);
            total += place.weight * chance;
            alone += place.alone;
            place.lone.iter().for_each(|&(name, weight)| push(&mut best, (name, weight * chance)));
            for &(number, weight) in &self.entries[self.entries_of(at..at + 1)] {
                let sum = &mut sums.of[number as usize];
                if *sum < 0.0 {
                    *sum = 0.0;
                    sums.touched.push(number);
                }
                *sum += weight * chance;
            }
        }
        let (mut log, mut of_scattered, touched) = (0.0, 0.0, sums.touched.len() as u64);
        for number in sums.touched.drain(..) {
            let sum = std::mem::replace(&mut sums.of[number as usize], UNTOUCHED);
            of_scattered += sum;
            log += times_log(sum);
            push(&mut best, (self.scattered[number as usize], sum));
        }
        // Far from every place in a gap of noise nothing can be told from 0.
        if total <= 0.0 {
            return;
        }
        let names = match self.channel {
            Channel::Stochastic(_) => alone + touched,
            // Every output may be of anything.
            Channel::Noise(_) | Channel::Response(_) => self.names,
        };
        let (weight, top) = (total * alike.times, best[0].1);
        told.total += weight;
        told.top1 += top * alike.times;
        told.top3 += best.iter().map(|&(_, held)| held).sum::<f64>() * alike.times;
        told.doubt += (times_log(total) - log) * alike.times + alike.log * (total - of_scattered);
        told.candidates += weight * names as f64;
        told.single += if names == 1 { weight } else { 0.0 };
        // A share of exactly 95 % may miss it by the last bits of two sums.
        told.most += if 20.0 * top >= 19.0 * total * (1.0 - 1e-12) { weight } else { 0.0 };
        if 2.0 * top > total {
            told.majorities.push((best[0].0, (2.0 * top - total) * alike.times));
        }
    }
}

/// How many units from an output places are likely, the nearest one being so many away.
fn reach(of: Geometric, nearest: u64) -> i64 {
    let further = NEGLIGIBLE / of.epsilon.value();
    // At most 110 / 0.000001.
    i64::try_from(nearest).unwrap_or(i64::MAX).saturating_add(further.ceil() as i64)
}

/// Entropy in bits of what the channel draws of a value.
fn bits(channel: Channel, value: u64) -> f64 {
    match channel {
        Channel::Stochastic(of) => {
            let up = (value % of.width) as f64 / of.width as f64;
            -times_log(up) - times_log(1.0 - up)
        }
        Channel::Noise(of) => {
            of.epsilon.value() * of.mean_size() * std::f64::consts::LOG2_E - libm::log2(of.probability(0))
        }
        Channel::Response(of) => {
            let truth = of.probability(value, of.place(value));
            let other = truth * libm::exp(-of.epsilon.value());
            -times_log(truth) - (of.buckets() - 1) as f64 * times_log(other)
        }
    }
}

/// x log2 x.
fn times_log(x: f64) -> f64 {
    if x > 0.0 { x * libm::log2(x) } else { 0.0 }
}

/// Keeps the three heaviest; among equals the lower name goes first.
fn push(best: &mut [(u32, f64); 3], mut new: (u32, f64)) {
    for held in best {
        if new.1 > held.1 || new.1 == held.1 && new.0 < held.0 {
            std::mem::swap(&mut new, held);
        }
    }
}
