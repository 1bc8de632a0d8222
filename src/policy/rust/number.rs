//! How a number is told: functions for what stands for its bucket, and for the bucket.

use super::super::Standing;
use super::write::{Code, number};
use crate::rounding::{Bucket, Family, Floor, Partition, Rounding};

/// A field that is a number.
pub(super) struct Number<'p> {
    pub ident: &'p str,
    pub rounding: &'p Rounding,
    pub standing: Standing,
    /// How the docs call it.
    pub called: String,
}

/// Up to so many edges are compared with one by one.
const FEW: usize = 8;

/// Up to so many edges from a power of two to the next are.
const SOME: usize = 16;

impl Number<'_> {
    pub fn write(&self, code: &mut Code) {
        match self.rounding.family() {
            Family::Keep => self.equal(Floor::new(1, 0).ok(), code),
            Family::Floor(_) | Family::Nearest(_) | Family::Ceil(_) => self.equal(self.rounding.cut(), code),
            Family::Bits(bits) => {
                let shift = format!("(u64::BITS - value.leading_zeros()).saturating_sub({})", bits.bits());
                self.relative(
                    &[
                        &format!("let shift = {shift};"),
                        "let from = value >> shift << shift;",
                        "let step = 1 << shift;",
                    ],
                    code,
                );
            }
            Family::Digits(digits) => self.relative(
                &[
                    "let digits = value.checked_ilog10().map_or(1, |log| log + 1);",
                    &format!("let step = 10u64.pow(digits.saturating_sub({}));", digits.digits()),
                    "let from = value - value % step;",
                ],
                code,
            ),
            Family::Log(_) | Family::Edges(_) | Family::Ladder(_) | Family::Drop => self.cuts(code),
        }
    }

    /// Whether [`Bucket`]s of the module need their midpoint.
    pub fn asks_midpoint(rounding: &Rounding, standing: Standing) -> bool {
        matches!(rounding.family(), Family::Bits(_) | Family::Digits(_)) && standing != Standing::Lower
    }

    /// Equal widths, but for some buckets at either end.
    fn equal(&self, floor: Option<Floor>, code: &mut Code) {
        let Some(floor) = floor else { return };
        let (width, phase) = (floor.width(), floor.phase());
        let ends = Ends::new(self.rounding, floor);
        let above = match phase {
            0 => "value".to_owned(),
            _ => format!("(value - {})", number(phase)),
        };
        let from = match width {
            1 => "value".to_owned(),
            _ => format!("value - {above} % {}", number(width)),
        };
        let half = match self.standing {
            Standing::Lower => 0,
            Standing::Midpoint | Standing::Open(_) => width / 2,
        };
        self.tell(code, |code| {
            let is_whole = ends.write(code, &|bucket| format!("Some({})", number(self.standing.of(bucket))));
            match (is_whole, half) {
                (true, _) => {}
                (false, 0) => code.line(format!("Some({from})")),
                (false, half) => code.line(format!("Some({from} + {})", number(half))),
            }
        });
        self.bucket(code, |code| {
            if !ends.write(code, &written) {
                code.line(format!("let from = {from};"));
                code.line(format!("Bucket::new(from, Some(from + {}))", number(width)));
            }
        });
    }

    /// Widths that grow with the value: `steps` find where the bucket begins and how wide it is.
    fn relative(&self, steps: &[&str], code: &mut Code) {
        self.tell(code, |code| {
            code.line(format!("let bucket = Self::bucket_of_{}(value);", self.ident));
            if let Standing::Open(value) = self.standing {
                code.early("bucket.to.is_none()", &format!("Some({})", number(value)));
            }
            code.line(if self.standing == Standing::Lower {
                "Some(bucket.from)"
            } else {
                "Some(bucket.midpoint())"
            });
        });
        let coding = self.rounding.coding();
        self.bucket(code, |code| {
            if let Some(bottom) = coding.bottom() {
                let bucket = Bucket { from: 0, to: Some(bottom) };
                code.early(&format!("value < {}", number(bottom)), &written(bucket));
            }
            if let Some(top) = coding.top() {
                let bucket = Bucket { from: top, to: None };
                code.early(&reaches(top), &written(bucket));
            }
            code.lines(steps.iter().copied());
            code.line("let to = from.checked_add(step);");
            if let Some(bottom) = coding.bottom() {
                code.line(format!("let from = from.max({});", number(bottom)));
            }
            if let Some(top) = coding.top().map(number) {
                code.line("let to = match to {");
                code.line(format!("Some(to) if to < {top} => Some(to),"));
                code.line(format!("_ => Some({top}),"));
                code.line("};");
            }
            code.line("Bucket::new(from, to)");
        });
    }

    /// Edges, one by one.
    fn cuts(&self, code: &mut Code) {
        let buckets: Vec<Bucket> = self.rounding.buckets().collect();
        let edges: Vec<u64> = buckets[1..].iter().map(|bucket| bucket.from).collect();
        let stands: Vec<u64> = buckets.iter().map(|bucket| self.standing.of(*bucket)).collect();
        let (name, ident) = (self.ident.to_ascii_uppercase(), self.ident);
        code.table(&format!("EDGES_OF_{name}"), "u64", &edges);
        code.line("");
        code.table(&format!("STANDS_FOR_{name}"), "u64", &stands);
        code.line("");
        // For each power of two the edges at or below it less one, and from there on to the next at most so many.
        let octaves: Vec<u64> = (0..64).map(|octave| (1u64 << octave) - 1).collect();
        let below = |value: u64| edges.partition_point(|&edge| edge <= value);
        let between = |from: &u64| below(2 * from) - below(*from);
        let most = octaves.iter().map(between).max().unwrap_or(0);
        let has_octaves = edges.len() > FEW && most <= SOME;
        if has_octaves {
            let first: Vec<u64> = octaves.iter().map(|&from| below(from) as u64).collect();
            code.table(&format!("FIRST_OF_{name}"), "u16", &first);
            code.line("");
        }
        code.line("#[inline]");
        code.signature(&format!("fn at_{ident}"), &["value: u64"], "usize");
        if edges.len() <= FEW {
            let passed = |edge: &u64| format!("usize::from({})", reaches(*edge));
            match edges.split_first() {
                None => code.line("0"),
                Some((first, [])) => code.line(passed(first)),
                Some((first, more)) => {
                    code.line(format!("let mut at = {};", passed(first)));
                    more.iter().for_each(|edge| code.line(format!("at += {};", passed(edge))));
                    code.line("at");
                }
            }
        } else if has_octaves {
            code.early("value == u64::MAX", &format!("{}", edges.len()));
            code.line("let octave = (value + 1).ilog2() as usize;");
            let first = format!("usize::from(Self::FIRST_OF_{name}[octave])");
            if most == 0 {
                code.line(first);
            } else {
                code.line(format!("let first = {first};"));
                code.line(format!("let next = &Self::EDGES_OF_{name}[first..];"));
                code.line(format!("let next = next.iter().take({most});"));
                code.line("first + next.filter(|edge| **edge <= value).count()");
            }
        } else {
            code.line(format!("let edges = Self::EDGES_OF_{name};"));
            code.line("edges.partition_point(|edge| *edge <= value)");
        }
        code.line("}");
        code.line("");
        self.tell(code, |code| {
            code.line(format!("let at = Self::at_{ident}(value);"));
            code.line(format!("Some(Self::STANDS_FOR_{name}[at])"));
        });
        self.bucket(code, |code| {
            code.line(format!("let edges = Self::EDGES_OF_{name};"));
            code.line(format!("let at = Self::at_{ident}(value);"));
            code.line("let from = at.checked_sub(1).map_or(0, |at| edges[at]);");
            code.line("Bucket::new(from, edges.get(at).copied())");
        });
    }

    fn tell(&self, code: &mut Code, body: impl FnOnce(&mut Code)) {
        code.line("#[inline]");
        code.signature(&format!("fn told_{}", self.ident), &["value: Option<u64>"], "Option<u64>");
        code.line("let value = value?;");
        body(code);
        code.line("}");
        code.line("");
    }

    fn bucket(&self, code: &mut Code, body: impl FnOnce(&mut Code)) {
        code.line(format!("/// The bucket of a value of {}.", self.called));
        code.line("#[inline]");
        code.line("#[must_use]");
        code.signature(&format!("pub fn bucket_of_{}", self.ident), &["value: u64"], "Bucket");
        body(code);
        code.line("}");
        code.line("");
    }
}

/// The buckets at the ends that aren't of the full width.
struct Ends {
    /// From 0 upwards.
    low: Vec<Bucket>,
    /// From the open one downwards.
    high: Vec<Bucket>,
}

impl Ends {
    fn new(rounding: &Rounding, floor: Floor) -> Self {
        let (width, phase) = (floor.width(), floor.phase());
        let is_whole = |bucket: &Bucket| {
            let is_wide = bucket.to.is_some_and(|to| to - bucket.from == width);
            is_wide && bucket.from.checked_sub(phase).is_some_and(|above| above.is_multiple_of(width))
        };
        let low: Vec<Bucket> = rounding.buckets().take_while(|bucket| !is_whole(bucket)).collect();
        let begin = low.last().map_or(Some(0), |last| last.to);
        let mut high = Vec::new();
        let mut at = begin.map(|_| rounding.bucket(u64::MAX));
        while let Some(bucket) = at.filter(|bucket| !is_whole(bucket)) {
            high.push(bucket);
            at = bucket.from.checked_sub(1).map(|before| rounding.bucket(before));
        }
        Self { low, high }
    }

    /// What returns for them; whether they are all there is.
    fn write(&self, code: &mut Code, of: &dyn Fn(Bucket) -> String) -> bool {
        for &bucket in &self.low {
            match bucket.to {
                Some(to) => code.early(&format!("value < {}", number(to)), &of(bucket)),
                None => {
                    code.line(of(bucket));
                    return true;
                }
            }
        }
        for &bucket in &self.high {
            code.early(&reaches(bucket.from), &of(bucket));
        }
        false
    }
}

/// A bucket as an expression.
fn written(bucket: Bucket) -> String {
    let to = bucket.to.map_or("None".to_owned(), |to| format!("Some({})", number(to)));
    format!("Bucket::new({}, {to})", number(bucket.from))
}

/// Whether the value is at or above an edge.
fn reaches(edge: u64) -> String {
    // Lints refuse to ask whether something is at least the most.
    if edge == u64::MAX { "value == u64::MAX".to_owned() } else { format!("value >= {}", number(edge)) }
}
