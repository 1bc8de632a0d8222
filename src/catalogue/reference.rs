//! A catalogue as the reference that data-driven edges are taken from.

use super::Catalogue;
use crate::rounding::Reference;
use crate::units::Dimension;

impl Catalogue {
    /// The values of one attribute with the titles that bear them; files without a value are left out, and a dimension
    /// that a catalogue has no number of yields none. O(files log files).
    ///
    /// ```
    /// use coarsen::catalogue::{Catalogue, Columns, SideField};
    /// use coarsen::units::Dimension;
    /// let catalogue = Catalogue::new(Columns {
    ///     title: vec![0, 1, 2, 3],
    ///     duration_ms: vec![10, 20, 30, 40],
    ///     side: [(SideField::Kind, ["clip"; 4].map(Some).into_iter().collect())].into(),
    ///     ..Columns::default()
    /// })?;
    /// assert_eq!(catalogue.reference(Dimension::Duration).at_least(2).unwrap().edges(), [30]);
    /// # Ok::<(), coarsen::catalogue::CatalogueError>(())
    /// ```
    pub fn reference(&self, dimension: Dimension) -> Reference {
        let titles = self.title().iter().copied();
        Reference::new(match dimension {
            Dimension::Duration => self.duration_ms().iter().map(|&ms| u64::from(ms)).zip(titles).collect(),
            Dimension::Bitrate => {
                let rates = self.bitrate_bps().unwrap_or_default().iter().zip(titles);
                rates.filter_map(|(rate, title)| Some((u64::from(rate.as_ref()?.get()), title))).collect()
            }
            Dimension::Integer => Vec::new(),
        })
    }
}
