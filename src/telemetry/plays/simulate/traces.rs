//! Network traces: what real links carried, moment by moment.
//!
//! The traces are those that Sabre ships (`datasets/traces`, BSD-2-Clause): 3G in Norway, 4G in Belgium, and two sets that
//! the FCC's measurements of fixed lines gave. Bandwidth is rounded to whole kbit/s, so that all sums are exact.

use std::sync::OnceLock;

use polars::prelude::{DataType, ParquetReader, PolarsResult, SerReader};

use crate::telemetry::plays::PlaysError;

const TRACES: &[u8] = include_bytes!("../../../../datasets/traces/traces_sabre_3g_4g_fcc.parquet");

/// A set of traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Network {
    /// 86 traces on 3G, about 1 Mbit/s, down to nothing for many seconds.
    Mobile3g,
    /// 40 traces on 4G, about 30 Mbit/s, down to nothing for seconds.
    Mobile4g,
    /// 250 traces of slow fixed lines, about 6 Mbit/s.
    FixedSlow,
    /// 250 traces of fixed lines, about 17 Mbit/s.
    Fixed,
}

impl Network {
    /// Every set, in the order of the enum.
    pub const ALL: [Self; 4] = [Self::Mobile3g, Self::Mobile4g, Self::FixedSlow, Self::Fixed];

    fn named(name: &str) -> Option<Self> {
        let names = ["3Glogs", "4Glogs", "sd_fs", "hd_fs"];
        names.iter().position(|known| *known == name).map(|at| Self::ALL[at])
    }
}

/// What one link carried, over and over: bandwidth in steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Where each step begins, in ms, and the end of the last.
    starts: Vec<u64>,
    /// Bits carried before each step, and all of them.
    bits: Vec<u64>,
    /// Bits per ms in each step.
    rates: Vec<u64>,
    latency_ms: u64,
    slowest: u64,
}

/// A moment of a trace, in ms from its first beginning; a later round has a later moment.
pub type Moment = u64;

impl Trace {
    /// From steps of (ms, kbit/s) and the time that a request takes. `None` where nothing is ever carried, or where it
    /// lasts for more than 2^31 ms or carries more than 2^53 bits.
    pub fn new(steps: &[(u32, u32)], latency_ms: u32) -> Option<Self> {
        let (mut starts, mut bits, mut rates) = (vec![0], vec![0], Vec::new());
        let (mut start, mut sum) = (0u64, 0u64);
        for &(ms, kbps) in steps.iter().filter(|step| step.0 > 0) {
            start += u64::from(ms);
            sum = sum.checked_add(u64::from(ms) * u64::from(kbps))?;
            starts.push(start);
            bits.push(sum);
            rates.push(u64::from(kbps));
        }
        let slowest = rates.iter().copied().min()?;
        (sum > 0 && start <= 1 << 31 && sum <= 1 << 53).then_some(Self {
            starts,
            bits,
            rates,
            latency_ms: u64::from(latency_ms),
            slowest,
        })
    }

    /// How long one round lasts, in ms.
    pub fn length_ms(&self) -> u64 {
        self.starts[self.rates.len()]
    }

    /// From a request to the first bit, in ms.
    pub fn latency_ms(&self) -> u64 {
        self.latency_ms
    }

    /// Bits carried from the first beginning to that moment. O(log steps).
    pub fn carried(&self, moment: Moment) -> u64 {
        let (rounds, within) = (moment / self.length_ms(), moment % self.length_ms());
        let step = self.starts.partition_point(|&start| start <= within) - 1;
        let all = self.bits[self.rates.len()];
        rounds * all + self.bits[step] + (within - self.starts[step]) * self.rates[step]
    }
}

/// A trace as somebody's link: its bandwidth by so many thousandths. It remembers where it was, so that downloads one
/// after another cost what they last, not a search each.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    trace: &'a Trace,
    permille: u64,
    /// When the round of the last moment began, and the step in it.
    round: Moment,
    step: usize,
}

impl<'a> Link<'a> {
    /// A trace by that many thousandths, at least 1.
    pub fn new(trace: &'a Trace, permille: u32) -> Self {
        Self { trace, permille: u64::from(permille.max(1)), round: 0, step: 0 }
    }

    /// The trace.
    pub fn trace(&self) -> &'a Trace {
        self.trace
    }

    /// The least that the link carries at any time, in bit/s.
    pub fn slowest_bps(&self) -> u64 {
        self.trace.slowest * self.permille
    }

    /// The mean of what it carried in the ms before a moment, in bit/s; of the first round, what the trace ends with.
    /// O(log steps).
    pub fn mean_bps(&self, moment: Moment, before_ms: u64) -> u64 {
        let to = moment + self.trace.length_ms() * (1 + before_ms / self.trace.length_ms());
        (self.trace.carried(to) - self.trace.carried(to - before_ms)) * self.permille / before_ms.max(1)
    }

    /// When that many bits have arrived, whose request leaves at that moment: the first whole ms at which they have.
    ///
    /// It is never earlier for a later start, for more bits, or for a slower link on the same trace. O(steps between).
    pub fn arrival(&mut self, start: Moment, bits: u64) -> Moment {
        // As bits of the trace as it was recorded, rounded up.
        let recorded = (bits * 1_000).div_ceil(self.permille);
        let trace = self.trace;
        let start = start + trace.latency_ms;
        if recorded == 0 {
            return start;
        }
        let (length, steps) = (trace.length_ms(), trace.rates.len());
        let all = trace.bits[steps];
        if start < self.round || start - self.round >= length {
            (self.round, self.step) = (start - start % length, 0);
        }
        let within = start - self.round;
        if trace.starts[self.step] > within {
            self.step = 0;
        }
        while trace.starts[self.step + 1] <= within {
            self.step += 1;
        }
        let carried = trace.bits[self.step] + (within - trace.starts[self.step]) * trace.rates[self.step];
        let mut wanted = carried + recorded;
        if wanted > all {
            // The end of a round exactly belongs to it.
            let rounds = (wanted - 1) / all;
            self.round += rounds * length;
            wanted -= rounds * all;
            self.step = 0;
        }
        while trace.bits[self.step + 1] < wanted {
            self.step += 1;
        }
        let missing = wanted - trace.bits[self.step];
        self.round + trace.starts[self.step] + missing.div_ceil(trace.rates[self.step])
    }
}

/// The traces of every set, in the order of [`Network::ALL`].
///
/// # Errors
/// None with the file as it is shipped.
pub fn traces() -> Result<&'static [Vec<Trace>; Network::ALL.len()], PlaysError> {
    static READ: OnceLock<Result<[Vec<Trace>; Network::ALL.len()], String>> = OnceLock::new();
    let broken = |problem: &String| PlaysError::Table {
        from: "the traces of the program".to_owned(),
        problem: problem.clone(),
    };
    READ.get_or_init(read).as_ref().map_err(broken)
}

/// A row of the file.
struct Step {
    set: String,
    trace: String,
    ms: u32,
    kbps: u32,
    latency_ms: u32,
}

fn read() -> Result<[Vec<Trace>; Network::ALL.len()], String> {
    let steps = steps().map_err(|error| error.to_string())?;
    let mut traces: [Vec<Trace>; Network::ALL.len()] = Default::default();
    for steps in steps.chunk_by(|a, b| (&a.set, &a.trace) == (&b.set, &b.trace)) {
        let Step { set, trace: id, latency_ms, .. } = &steps[0];
        let network = Network::named(set).ok_or_else(|| format!("no set is named {set}"))?;
        let steps: Vec<(u32, u32)> = steps.iter().map(|step| (step.ms, step.kbps)).collect();
        let trace = Trace::new(&steps, *latency_ms).ok_or_else(|| format!("{set} {id} carries nothing"))?;
        traces[network as usize].push(trace);
    }
    match traces.iter().any(Vec::is_empty) {
        true => Err("a set has no trace".to_owned()),
        false => Ok(traces),
    }
}

fn steps() -> PolarsResult<Vec<Step>> {
    let frame = ParquetReader::new(std::io::Cursor::new(TRACES)).finish()?;
    let number = |name| -> PolarsResult<Vec<u32>> {
        let column = frame.column(name)?.strict_cast(&DataType::Float64)?;
        // The file as it is shipped lacks no number and has none below 0.
        Ok(column.f64()?.iter().map(|value| value.unwrap_or(0.0).round() as u32).collect())
    };
    let (ms, kbps, latency_ms) = (number("duration_ms")?, number("bandwidth_kbps")?, number("latency_ms")?);
    let (sets, ids) = (frame.column("set")?.str()?, frame.column("trace_id")?.str()?);
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let names = sets.iter().zip(ids.iter());
    let step = |(row, (set, trace))| Step {
        set: text(set),
        trace: text(trace),
        ms: ms[row],
        kbps: kbps[row],
        latency_ms: latency_ms[row],
    };
    Ok(names.enumerate().map(step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steps() -> impl Strategy<Value = Vec<(u32, u32)>> {
        prop::collection::vec((1u32..60, prop_oneof![1 => Just(0), 3 => 0u32..50]), 1..12)
            .prop_filter("something is carried", |steps| steps.iter().any(|step| step.1 > 0))
    }

    /// Ms by ms.
    fn naive(steps: &[(u32, u32)], latency: u32, permille: u32, start: u64, bits: u64) -> u64 {
        let rates: Vec<u64> =
            steps.iter().flat_map(|&(ms, kbps)| (0..ms).map(move |_| u64::from(kbps))).collect();
        let mut at = start + u64::from(latency);
        let mut got = 0;
        while got * u64::from(permille) < bits * 1_000 {
            got += rates[at as usize % rates.len()];
            at += 1;
        }
        at
    }

    proptest! {
        #[test]
        fn bits_arrive_when_the_trace_has_carried_them(
            steps in steps(), latency in 0u32..40, permille in 1u32..4_000, downloads in prop::collection::vec((0u64..90, 0u64..400), 1..9),
        ) {
            let trace = Trace::new(&steps, latency).expect("a trace");
            let mut link = Link::new(&trace, permille);
            let mut at = 0;
            for (wait, bits) in downloads {
                let start = at + wait;
                at = link.arrival(start, bits);
                prop_assert_eq!(at, naive(&steps, latency, permille, start, bits));
                prop_assert_eq!(at, Link::new(&trace, permille).arrival(start, bits));
            }
        }

        #[test]
        fn nothing_arrives_earlier_by_a_slower_link_a_later_start_or_for_more(
            steps in steps(), slow in 1u32..3_000, more in 0u32..3_000, start in 0u64..900, later in 0u64..200, bits in 0u64..900, extra in 0u64..90,
        ) {
            let trace = Trace::new(&steps, 3).expect("a trace");
            let arrival = |permille, start, bits| Link::new(&trace, permille).arrival(start, bits);
            let first = arrival(slow + more, start, bits);
            prop_assert!(first <= arrival(slow, start, bits));
            prop_assert!(first <= arrival(slow + more, start + later, bits));
            prop_assert!(first <= arrival(slow + more, start, bits + extra));
        }

        #[test]
        fn what_was_carried_is_summed(steps in steps(), moment in 0u64..3_000) {
            let trace = Trace::new(&steps, 0).expect("a trace");
            let rates: Vec<u64> = steps.iter().flat_map(|&(ms, kbps)| (0..ms).map(move |_| u64::from(kbps))).collect();
            let sum: u64 = (0..moment as usize).map(|ms| rates[ms % rates.len()]).sum();
            prop_assert_eq!(trace.carried(moment), sum);
        }
    }

    #[test]
    fn the_shipped_traces_are_all_there() {
        let counts = traces().expect("traces").each_ref().map(Vec::len);
        assert_eq!(counts, [86, 40, 250, 250]);
    }
}
