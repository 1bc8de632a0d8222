//! Coarser categories: which level of each hierarchy, so that the least is lost and the records stay hidden?
//!
//! A [`Table`] holds categorical columns with a [`Hierarchy`](crate::catalogue::Hierarchy) each. Its generalizations
//! form a [`Lattice`]: one level per column, level 0 the value itself. One node is *finer* than another where no
//! level is higher; its classes are parts of the other's. [`Table::exhaustive`] looks at every node,
//! [`Table::optimal`] leaves out what it can prove not to be the optimum, and tests hold the two equal.
//!
//! [`side_levels`] does the same for the side fields of a catalogue, under the project's own limits and distortion.
//!
//! # What may be pruned
//! Let N be a node and N' any coarser one.
//! - **A [`Model`] with its budget.** A class of N' is a union of classes of N. If it holds fewer than k records or
//!   l different sensitive values, so does each of its parts: the records in bad classes of N' lie in bad classes
//!   of N. So their number never grows, and a budget that N' breaks is broken by N: *everything finer than a
//!   node that breaks is left out*. t-closeness is convex: a merged class lies no farther from the whole than its
//!   farthest part, so without a budget the same holds. With one it doesn't (a merged class is bad where
//!   one part is, and brings in the other's records), so nothing is inferred then.
//! - **Non-uniform entropy** is counted over all records, suppressed ones too, so it is a sum over columns, known
//!   before any class is formed: *a node above the best so far is not asked*.
//! - **Discernibility** sets n against every suppressed record, and may fall as classes merge. But n f >= f^2 for a
//!   class of f records, so the plain sum of squares, which only grows, bounds it from below: *where the sum of
//!   squares of N exceeds the best so far, every coarser node does too and is left out*. Above that sum stands n -
//!   f for each record in a bad class of f records. Without t-closeness such a record is bad in every finer node
//!   too, in a class no larger, so this penalty only grows with finer levels: *where the penalty of N' alone
//!   exceeds the best so far, every finer node is left out*, within the budget or not.
//!
//! # What suppression breaks
//! With bad classes left out of the count, "coarser is never worse" fails for most measures: k = 2 on the classes
//! 4, 0, 3, 0 with sensitive values a, c, a, b keeps {c, b}, where distinct l = 2 and t = 0; coarser, 0, 1, 0, 1, it keeps
//! everything, where l = 1 and t = 1/2. Discernibility of 5, 3, 1, 4 is 16 and of the coarser 0, 1, 0, 0 only 13. The tests keep
//! both.

mod evaluated;
mod grouped;
mod jointly;
mod model;
mod nodes;
mod optimum;
mod sides;
mod table;

pub use evaluated::{Evaluated, Loss};
pub use grouped::{Grouped, Row};
pub use jointly::{Jointly, jointly};
pub use model::Model;
pub use nodes::{Lattice, Levels};
pub use optimum::Optimum;
pub use sides::{SideLevels, at_levels, side_levels};
pub use table::Table;
