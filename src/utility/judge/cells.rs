//! The cells of a question, raw and answered, side by side.

use serde::Serialize;

use super::{LEAST_PLAYS, kendall_tau_b, resample::Resamples};
use crate::attack::wilson;
use crate::utility::{Answer, Level, Question, Value};

/// How many of the worst cells are ranked.
const WORST: usize = 10;

/// The cell with the largest error.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worst {
    /// Its levels in words, in the order of the question's keys.
    pub cell: Vec<String>,
    /// The raw figure.
    pub raw: f64,
    /// The answer.
    pub answer: f64,
    /// Their distance.
    pub error: f64,
    /// Raw plays in the cell.
    pub plays: i64,
}

/// What a server adds to a raw cell, raw and answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Among the servers that have plays, from 0.
    pub server: u32,
    pub cell: u32,
    pub value: Value,
}

/// The cells that have a raw figure.
pub(super) struct Cells {
    names: Vec<Vec<Level>>,
    /// Of a question for shares of all plays: what lies below the line is the sum over all cells.
    of_all: bool,
    servers: usize,
    pub raw: Vec<Part>,
    /// By cell, and those outside every raw cell at the end: their cell is the number of raw cells.
    pub answered: Vec<Part>,
}

/// The sums of each cell under some weights of the servers, and of all cells together.
pub(super) struct Sums {
    pub raw: Vec<Value>,
    pub answered: Vec<Value>,
    pub raw_all: Value,
    pub answered_all: Value,
}

impl Cells {
    pub fn new(before: &Answer, after: &Answer) -> Self {
        let figured = |value: &Value| value.under > 0;
        let names: Vec<Vec<Level>> = before
            .cells()
            .iter()
            .filter(|(_, value)| figured(value))
            .map(|(levels, _)| levels.clone())
            .collect();
        let place = |answer: &Answer| -> Vec<u32> {
            let of = |(levels, _): &(Vec<Level>, Value)| {
                names.binary_search(levels).map_or(names.len() as u32, |place| place as u32)
            };
            answer.cells().iter().map(of).collect()
        };
        let mut servers: Vec<u32> =
            before.entries().iter().chain(after.entries()).map(|entry| entry.server).collect();
        servers.sort_unstable();
        servers.dedup();
        let parts = |answer: &Answer| {
            let places = place(answer);
            let mut parts: Vec<Part> = answer
                .entries()
                .iter()
                .map(|entry| Part {
                    server: servers.partition_point(|server| *server < entry.server) as u32,
                    cell: places[entry.cell as usize],
                    value: entry.value,
                })
                .collect();
            parts.sort_by_key(|part| part.cell);
            parts
        };
        let mut raw = parts(before);
        raw.retain(|part| (part.cell as usize) < names.len());
        let answered = parts(after);
        Self { of_all: before.is_of_all(), servers: servers.len(), raw, answered, names }
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn servers(&self) -> usize {
        self.servers
    }

    pub fn plays(&self) -> i64 {
        self.raw.iter().map(|part| part.value.plays).sum()
    }

    /// The sums where each server counts so often.
    pub fn sums(&self, weight: impl Fn(u32) -> i64) -> Sums {
        let sum = |parts: &[Part]| {
            let mut cells = vec![Value::default(); self.names.len() + 1];
            for part in parts {
                let (weight, cell) = (weight(part.server), &mut cells[part.cell as usize]);
                cell.over += weight * part.value.over;
                cell.under += weight * part.value.under;
                cell.plays += weight * part.value.plays;
            }
            let mut all = Value::default();
            for cell in &cells {
                all.over += cell.over;
                all.under += cell.under;
                all.plays += cell.plays;
            }
            if self.of_all {
                cells.iter_mut().for_each(|cell| cell.under = all.under);
            }
            cells.truncate(self.names.len());
            (cells, all)
        };
        let ((raw, raw_all), (answered, answered_all)) = (sum(&self.raw), sum(&self.answered));
        Sums { raw, answered, raw_all, answered_all }
    }

    /// The sums where each server counts once.
    pub fn once(&self) -> Sums {
        self.sums(|_| 1)
    }

    /// The error of the figure of all raw plays together; of shares of all plays, of the same share for every cell.
    pub fn blind_error(&self, sums: &Sums) -> f64 {
        let blind = match self.of_all {
            true => Some(1.0 / self.names.len() as f64),
            false => sums.raw_all.figure(),
        };
        sums.mean(|raw, _| (raw.figure()? - blind?).abs().into()).unwrap_or(0.0)
    }

    pub fn largest_error(&self, sums: &Sums, question: &Question) -> Option<Worst> {
        let worst = (0..self.len())
            .filter(|cell| sums.raw[*cell].plays >= LEAST_PLAYS)
            .filter_map(|cell| {
                let (raw, answer) = (sums.raw[cell].figure()?, sums.answer(sums.answered[cell])?);
                Some((cell, raw, answer, (raw - answer).abs()))
            })
            // Of equals the first.
            .reduce(|worst, next| if next.3 > worst.3 { next } else { worst });
        worst.map(|(cell, raw, answer, error)| Worst {
            cell: question.by.iter().zip(&self.names[cell]).map(|(key, level)| key.label(level)).collect(),
            raw,
            answer,
            error,
            plays: sums.raw[cell].plays,
        })
    }

    pub fn worst_rank(&self, sums: &Sums) -> Option<f64> {
        let mut pairs: Vec<(f64, f64)> = (0..self.len())
            .filter(|cell| sums.raw[*cell].plays >= LEAST_PLAYS)
            .filter_map(|cell| Some((sums.raw[cell].figure()?, sums.answer(sums.answered[cell])?)))
            .collect();
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
        pairs.truncate(WORST);
        kendall_tau_b(&pairs)
    }

    pub fn covered(&self, sums: &Sums, is_share: bool, resamples: Option<&Resamples>) -> Option<f64> {
        let covers = |cell: usize| -> Option<bool> {
            let raw = sums.raw[cell].figure()?;
            let (low, high) = match is_share {
                true => {
                    let answered = sums.answered[cell];
                    let count = |sum: i64| u64::try_from(sum).unwrap_or(0);
                    wilson(count(answered.under), count(answered.over))
                }
                false => resamples?.of_cell(cell)?,
            };
            Some(low <= raw && raw <= high)
        };
        if !is_share && resamples.is_none() {
            return None;
        }
        let covered = (0..self.len()).filter(|cell| covers(*cell) == Some(true)).count();
        Some(covered as f64 / self.len() as f64)
    }
}

impl Sums {
    /// The figure of a cell as it is answered: where the table doesn't tell the cell, that of all plays together.
    pub fn answer(&self, answered: Value) -> Option<f64> {
        answered.figure().or_else(|| self.answered_all.figure())
    }

    /// A mean over the plays of the raw cells, of those where it is told.
    fn mean(&self, of: impl Fn(Value, Value) -> Option<f64>) -> Option<f64> {
        let (mut sum, mut plays) = (0.0, 0i64);
        for (raw, answered) in self.raw.iter().zip(&self.answered).filter(|(raw, _)| raw.plays > 0) {
            if let Some(of) = of(*raw, *answered) {
                sum += of * raw.plays as f64;
                plays += raw.plays;
            }
        }
        (plays > 0).then(|| sum / plays as f64)
    }

    pub fn untold(&self) -> f64 {
        self.mean(|_, answered| Some(f64::from(u8::from(answered.plays == 0)))).unwrap_or(0.0)
    }

    pub fn mean_error(&self) -> Option<f64> {
        self.mean(|raw, answered| Some((raw.figure()? - self.answer(answered)?).abs()))
    }
}
