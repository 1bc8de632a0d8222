//! The company of those who stay.

/// Which servers are in which cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Servers of each cell before anybody opts out.
    pub before: Vec<u64>,
    /// Every (server, cell), once.
    pub parts: Vec<(usize, usize)>,
}

/// What opting out leaves of the cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Staying {
    /// Servers in the smallest cell that has any; `None` where nobody stays.
    pub smallest: Option<u64>,
    /// Of the cells that had several servers, the share in which a single one stays: all but one opted out; `None` where
    /// none had several.
    pub alone: Option<f64>,
    /// Of the cells that had several servers, the share in which none stays.
    pub emptied: Option<f64>,
}

impl Cells {
    /// What is left where each server stays or not. O(parts).
    ///
    /// ```
    /// use coarsen::utility::opt_out::Cells;
    /// let cells = Cells { before: vec![2, 1], parts: vec![(0, 0), (1, 0), (1, 1)] };
    /// let staying = cells.staying(&[true, false]);
    /// assert_eq!((staying.smallest, staying.alone), (Some(1), Some(1.0)));
    /// ```
    pub fn staying(&self, stays: &[bool]) -> Staying {
        let mut after = vec![0u64; self.before.len()];
        self.parts.iter().filter(|(server, _)| stays[*server]).for_each(|(_, cell)| after[*cell] += 1);
        let several: Vec<u64> = self
            .before
            .iter()
            .zip(&after)
            .filter(|(before, _)| **before > 1)
            .map(|(_, after)| *after)
            .collect();
        let share = |of: u64| {
            let those = several.iter().filter(|after| **after == of).count();
            (!several.is_empty()).then(|| those as f64 / several.len() as f64)
        };
        Staying {
            smallest: after.iter().copied().filter(|after| *after > 0).min(),
            alone: share(1),
            emptied: share(0),
        }
    }
}
