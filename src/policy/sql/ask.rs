//! What is asked of a SELECT.

use super::{Dialect, SqlError};
use crate::policy::{Columns, Day, Policy};

/// Which SELECT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The engine's SQL.
    pub dialect: Dialect,
    /// The table that holds the plays; dots part catalogue, schema and table.
    pub table: String,
    /// The ping; a policy of one ping needs none.
    pub ping: Option<String>,
    /// What leaves beside the number that stands for a bucket.
    pub columns: Columns,
    /// The day, for the expiry of fields.
    pub as_of: Day,
}

impl Ask {
    /// The ping that is asked for.
    ///
    /// # Errors
    /// [`SqlError::WhichPing`] where there are several and none is named, [`SqlError::Ping`] where there is none of
    /// that name.
    pub fn ping_of<'p>(&self, policy: &'p Policy) -> Result<&'p str, SqlError> {
        let pings = policy.pings();
        let known = || pings.join(", ");
        match (&self.ping, pings.as_slice()) {
            (None, &[only]) => Ok(only),
            (None, _) => Err(SqlError::WhichPing { pings: known() }),
            (Some(name), pings) => pings
                .iter()
                .find(|ping| *ping == name)
                .copied()
                .ok_or_else(|| SqlError::Ping { name: name.escape_debug().to_string(), pings: known() }),
        }
    }
}
