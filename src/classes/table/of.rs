//! The class table of a catalogue in memory.

use super::{ClassTable, NumberSums, Stated, TableClass};
use crate::catalogue::SideField;
use crate::classes::{Axis, Cells, Class, Classes, Generalization, Inside, KindShare, Visit};
use crate::rounding::{Partition, Rounding};

impl ClassTable {
    /// Of the catalogue as a policy tells its side fields. O(files log files).
    pub fn of(cells: &Cells<'_>, generalization: &Generalization) -> Self {
        let catalogue = cells.catalogue();
        let classes = Classes::group(cells, generalization.key());
        let mut visited = Visited(Vec::with_capacity(classes.len()));
        classes.visit(&mut visited);
        let inside = Inside::of(&generalization.other, catalogue);
        let number =
            |axis: &Axis, values: &dyn Fn(u32) -> Option<u32>, rounding: &Rounding, files: &[u32]| {
                let other = inside.holds(files[0] as usize);
                (!rounding.is_drop() && !axis.values().is_empty())
                    .then(|| numbers(values, rounding, files, other))
            };
        let duration = |file: u32| Some(catalogue.duration_ms()[file as usize]);
        let bitrate = |file: u32| catalogue.bitrate_bps().and_then(|all| all[file as usize]).map(Into::into);
        let class = |(files, class): (&[u32], Class)| TableClass {
            class,
            other: inside.holds(files[0] as usize),
            duration: number(cells.duration(), &duration, &generalization.duration, files),
            bitrate: number(cells.bitrate(), &bitrate, &generalization.bitrate, files),
        };
        let has = |column: &str| match column {
            "bitrate_bps" => catalogue.bitrate_bps().is_some(),
            name => name.parse().is_ok_and(|field: SideField| catalogue.side(field).is_some()),
        };
        let lost = SideField::ALL.into_iter().filter(|&field| catalogue.side(field).is_some());
        let lost = lost.map(|field| (field, catalogue.side_loss(field))).filter(|(_, loss)| *loss > 0.0);
        Self {
            told: Stated::of(generalization, &has),
            classes: classes.iter().zip(visited.0).map(class).collect(),
            titles: catalogue.titles(),
            top_title: catalogue.top_title(),
            side_loss: lost.collect(),
        }
    }
}

fn numbers(
    values: &dyn Fn(u32) -> Option<u32>,
    rounding: &Rounding,
    files: &[u32],
    other: bool,
) -> NumberSums {
    let mut numbers = NumberSums::default();
    for value in files.iter().filter_map(|&file| values(file)) {
        numbers.files += 1;
        if other {
            continue;
        }
        let bucket = rounding.bucket(u64::from(value));
        numbers.bucket = Some(bucket);
        numbers.sum += u128::from(value);
        numbers.squares += u128::from(value) * u128::from(value);
        numbers.error += u128::from(u64::from(value).abs_diff(bucket.midpoint()));
    }
    numbers
}

/// The classes in the order in which they are shown, which is that of their files.
struct Visited(Vec<Class>);

impl Visit for Visited {
    const KINDS: bool = false;

    fn class(&mut self, class: &Class, _: &[KindShare]) {
        self.0.push(*class);
    }

    fn single(&mut self, weight: u64, _: usize) {
        self.0.push(Class::of_one(weight));
    }
}
