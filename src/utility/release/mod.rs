//! What leaves of plays, as whoever asks the questions holds it: tables of columns that leave together.

mod column;
mod consenting;
mod pings;
mod policy;
mod table;

pub use column::NumberColumn;
pub use consenting::consenting;
pub use table::Table;

use crate::classes::Generalization;
use crate::policy::{Day, Policy};
use crate::telemetry::plays::{Column, Plays};

use super::UtilityError;

/// What leaves of plays: a [`Table`] per ping. Row `i` of every column is play `i`, so that the same plays can be
/// asked before and after; nothing that is asked looks at the order of the rows.
#[derive(Clone, Debug)]
pub struct Release<'a> {
    tables: Vec<Table<'a>>,
}

impl<'a> Release<'a> {
    /// Every column as it is, in one table.
    ///
    /// ```
    /// use coarsen::telemetry::plays::{Column, Number, Plays, Row};
    /// use coarsen::utility::Release;
    /// let mut row = Row::default();
    /// row[Number::DurationMs] = Some(5_423_000);
    /// let plays: Plays = [row].into_iter().collect();
    /// let raw = Release::raw(&plays);
    /// let table = raw.holding(&[Column::Number(Number::DurationMs)]).unwrap();
    /// assert_eq!(table.number(Number::DurationMs).unwrap().get(0), Some(5_423_000));
    /// ```
    pub fn raw(plays: &'a Plays) -> Self {
        Self { tables: vec![pings::raw(plays)] }
    }

    /// What a policy lets leave: exactly what [`Policy::generalize`] says of each play, ping by ping. A field whose column
    /// no play has is missing. The switches `on` are on for every play, whatever the plays say; of the others it is what
    /// they say that counts. O(plays x fields).
    ///
    /// # Errors
    /// [`UtilityError::Play`] where a column holds values of another type than a field of it.
    pub fn of_policy(
        plays: &'a Plays,
        policy: &Policy,
        as_of: Day,
        on: &[String],
    ) -> Result<Self, UtilityError> {
        Ok(Self { tables: policy::tables(plays, policy, as_of, on)? })
    }

    /// What leaves in pings of which only what describes the file is chosen: each holds what describes the player and
    /// the playback as it is, and of the file what its generalization emits. The played duration is rounded as the
    /// duration, the delivered bit rate as the bit rate, since they are derived from them. Every play leaves.
    /// O(plays x pings).
    pub fn of_pings(plays: &'a Plays, pings: &[(&str, &Generalization)]) -> Self {
        Self { tables: pings.iter().map(|(name, emitted)| pings::table(plays, name, emitted)).collect() }
    }

    /// The same with these columns of each ping alone.
    pub fn telling(mut self, tells: &dyn Fn(&str, Column) -> bool) -> Self {
        for table in &mut self.tables {
            let Table { name, texts, numbers, .. } = table;
            texts.retain(|(text, _)| tells(name, Column::Text(*text)));
            numbers.retain(|(number, _)| tells(name, Column::Number(*number)));
        }
        self
    }

    /// The tables of these pings alone.
    pub fn among(mut self, pings: &[&str]) -> Self {
        self.tables.retain(|table| pings.contains(&table.name()));
        self
    }

    /// The tables, in the order of the pings.
    pub fn tables(&self) -> &[Table<'a>] {
        &self.tables
    }

    /// The first table that holds all these columns.
    pub fn holding(&self, columns: &[Column]) -> Option<&Table<'a>> {
        self.tables.iter().find(|table| columns.iter().all(|column| table.holds(*column)))
    }

    /// Whether a play leaves in some table that tells anything of it: what is asked of raw plays is asked of these, and
    /// nobody else's plays matter. A ping that tells of the server alone, which may leave whatever is switched off,
    /// says nothing of a play.
    pub fn leaves(&self, play: usize) -> bool {
        self.tables
            .iter()
            .any(|table| table.leaves(play) && table.columns().any(|column| !column.is_of_server()))
    }
}
