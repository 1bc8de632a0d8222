//! Class tables tell what their catalogue tells.

use coarsen::anonymity::{Distortion, Measures};
use coarsen::classes::{Cells, ClassTable};
use proptest::prelude::*;

use crate::some;

proptest! {
    /// The measures of a class table are those of the catalogue, to the last bit, but for what needs the kinds.
    #[test]
    fn a_class_table_measures_as_its_catalogue(files in some::files(), generalization in some::with_corners()) {
        let catalogue = some::catalogue(&files);
        let cells = Cells::new(&catalogue);
        let table = ClassTable::of(&cells, &generalization);
        let mut of_catalogue = some::measure(&catalogue, &generalization);
        of_catalogue.by_kind.clear();
        prop_assert_eq!(Measures::of_table(&table, some::THRESHOLDS, &[0.0, 0.1]), of_catalogue);
        prop_assert_eq!(Distortion::of_table(&table), Distortion::of(&cells, &generalization));
        prop_assert_eq!(table.files() as usize, catalogue.files());
    }
}
