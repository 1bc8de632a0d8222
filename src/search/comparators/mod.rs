//! Record-level methods to compare with: what could be had if records were grouped after they are all collected.
//!
//! None can be shipped to a client ([`SHIPPABLE`]): which group a play falls in depends on the other plays (Mondrian,
//! MDAV) or on the other clients (threshold reporting), not on that play alone. They are measured on the same catalogue in
//! the same terms ([`Compared`]), so that the price of deciding alone can be seen: how much nearer to the values a trusted
//! collector could stay at the same number of titles.
//!
//! | method | promises | time |
//! | --- | --- | --- |
//! | [`mdav`] | at least k *records* a group | O(n^2 / k) |
//! | [`mondrian`] | at least k distinct *titles* a group, equal values together | O(n log^2 n) |
//! | [`threshold`] | at least K distinct *clients* behind each visible value, nothing about titles | O(reports log reports) |

mod all;
mod compared;
mod mdav;
mod mondrian;
mod threshold;

pub use all::all;
pub use compared::{Compared, GroupLoss, Records, SHIPPABLE};
pub use mdav::{MDAV_MOST, mdav, mdav_groups};
pub use mondrian::{mondrian, mondrian_groups};
pub use threshold::{Clients, Report, Revealed, draw_reports, reveal, threshold};
