//! Wall and CPU time and memory of a piece of work, where the system tells.

use std::hint::black_box;
use std::time::Instant;

/// Wall and CPU seconds.
#[derive(Clone, Copy)]
pub struct Spent {
    pub wall: f64,
    #[allow(dead_code, reason = "some benches tell wall time alone")]
    pub cpu: Option<f64>,
}

/// User and system time of this process in seconds.
fn cpu() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    let mut fields = after_name.split_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(ticks as f64 / 100.0)
}

/// What the work gives, and what it took.
pub fn spent<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let (start, before) = (Instant::now(), cpu());
    let done = black_box(work());
    let wall = start.elapsed().as_secs_f64();
    (done, Spent { wall, cpu: before.zip(cpu()).map(|(a, b)| b - a) })
}

/// Whether everything is only to be run once, to see that it works.
#[allow(dead_code, reason = "one bench looks at its arguments itself")]
pub fn testing() -> bool {
    std::env::args().any(|arg| arg == "--test")
}

/// The most memory that this process has held, in MiB.
#[allow(dead_code, reason = "one bench tells memory")]
pub fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}
