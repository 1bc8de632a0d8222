//! The classes of a node, as a list of keys with counts.

/// The records of a class that share a sensitive value; without a sensitive column, all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// A bit field per column.
    pub(super) key: u64,
    /// The sensitive value, 0 where there is none.
    pub sensitive: u32,
    /// How many records there are, at least 1.
    pub records: u32,
}

/// The classes of one node.
#[derive(Clone, Debug)]
pub struct Grouped {
    /// The rows of a class stand side by side.
    rows: Vec<Row>,
}

/// How one column is told more coarsely: the bits that hold it, and the new code for each old one.
#[derive(Clone, Copy)]
pub(super) struct Coarser<'a> {
    pub(super) shift: u32,
    pub(super) mask: u64,
    pub(super) codes: &'a [u64],
}

impl Grouped {
    /// Rows with the same key and sensitive value become one, in the order in which they first appear; where there
    /// are sensitive values, sorted by key. O(rows) on average, with sensitive values O(rows log rows).
    pub(super) fn new(rows: Vec<Row>) -> Self {
        // An open table of places in `merged`, counted from 1, at most half full. The hash is fixed.
        let slots = (2 * rows.len()).next_power_of_two();
        let shift = 64 - slots.trailing_zeros().max(1);
        let mut places = vec![0u32; slots.max(2)];
        let mut merged: Vec<Row> = Vec::new();
        let mut sensitive = false;
        for row in rows {
            sensitive |= row.sensitive != 0;
            let mixed = row.key ^ (u64::from(row.sensitive) << 32) ^ u64::from(row.sensitive);
            let mut slot = (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift) as usize;
            loop {
                let place = places[slot];
                if place == 0 {
                    merged.push(row);
                    places[slot] = merged.len() as u32;
                    break;
                }
                let held = &mut merged[place as usize - 1];
                if held.key == row.key && held.sensitive == row.sensitive {
                    held.records += row.records;
                    break;
                }
                slot = (slot + 1) % places.len();
            }
        }
        if sensitive {
            merged.sort_unstable();
        }
        Self { rows: merged }
    }

    /// The same records, some columns told more coarsely. Costs as [`Grouped::new`].
    pub(super) fn rolled_up(&self, columns: &[Coarser<'_>]) -> Self {
        let mut rows = self.rows.clone();
        for &Coarser { shift, mask, codes } in columns {
            let clear = !(mask << shift);
            for row in &mut rows {
                let code = codes[((row.key >> shift) & mask) as usize];
                row.key = (row.key & clear) | (code << shift);
            }
        }
        Self::new(rows)
    }

    /// Rows that are held: classes, or pairs of a class and a sensitive value.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Shows every class once, as its rows with different sensitive values. The order is the same in every run. O(rows).
    pub fn visit(&self, mut class: impl FnMut(&[Row])) {
        let mut start = 0;
        while start < self.rows.len() {
            let mut end = start + 1;
            while end < self.rows.len() && self.rows[end].key == self.rows[start].key {
                end += 1;
            }
            class(&self.rows[start..end]);
            start = end;
        }
    }
}
