//! What a server has installed, where its next version comes from, and how its account stands.
//!
//! A version comes out at even intervals, for `beta` one ahead of `stable`. Who updates by itself is on the newest one or,
//! not having been restarted since, on the one before; who is updated by hand stays behind by a number of versions that is
//! geometric. All of it holds for the span that is simulated: no server is updated within it. Shares are assumptions.

use super::by_share;
use crate::catalogue::stream::Stream;
use crate::catalogue::synthetic::draw::{geometric, happens};

/// Every version there is, the oldest first: the last is what `beta` is given, the one before it what `stable` is.
const VERSIONS: [&str; 13] =
    ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.10", "1.11", "1.12"];
/// Of servers, so many take what isn't finished.
const BETA: f64 = 0.08;
/// Of servers, so many update by themselves.
const BY_ITSELF: f64 = 0.65;
/// Of those, so many haven't been restarted since the newest version came out.
const NOT_RESTARTED: f64 = 0.25;
/// Who is updated by hand is so many versions behind, on average.
const BEHIND: f64 = 4.0;

/// How an account may stand, of 100 servers.
const ACCOUNTS: [(&str, u32); 4] = [("linked", 91), ("unlinked", 6), ("expired", 2), ("refused", 1)];

/// What one server says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Installed {
    /// As the column `server_version` names it.
    pub version: &'static str,
    /// As the column `update_channel` names it.
    pub channel: &'static str,
    /// As the column `account_state` names it.
    pub account: &'static str,
}

impl Installed {
    /// Draws one.
    pub fn draw(random: &mut Stream) -> Self {
        let beta = happens(random, BETA);
        let behind = if happens(random, BY_ITSELF) {
            usize::from(happens(random, NOT_RESTARTED))
        } else {
            geometric(random, 1.0 + BEHIND) as usize - 1
        };
        // Who never updates is on the oldest that still can be used.
        let newest = VERSIONS.len() - if beta { 1 } else { 2 };
        Self {
            version: VERSIONS[newest.saturating_sub(behind)],
            channel: if beta { "beta" } else { "stable" },
            account: by_share(&ACCOUNTS, |(_, share)| *share, random).0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::stream::stream;

    #[test]
    fn versions_lag_as_they_are_updated() {
        let all: Vec<Installed> =
            (0..20_000).map(|seed| Installed::draw(&mut stream(seed, "installed", 0))).collect();
        let share = |is: &dyn Fn(&Installed) -> bool| {
            all.iter().filter(|installed| is(installed)).count() as f64 / all.len() as f64
        };
        let near = |found: f64, expected: f64| (found - expected).abs() < 4.0 * (expected / 20_000.0).sqrt();
        assert!(near(share(&|installed| installed.channel == "beta"), BETA));
        for (state, of_100) in ACCOUNTS {
            let found = share(&|installed| installed.account == state);
            assert!(near(found, f64::from(of_100) / 100.0), "{state}: {found}");
        }
        // Those that update by themselves, and by hand one in five that isn't behind.
        let newest = BY_ITSELF * (1.0 - NOT_RESTARTED) + (1.0 - BY_ITSELF) / (1.0 + BEHIND);
        let on = |channel: &'static str, version: &'static str| {
            share(&move |installed| installed.channel == channel && installed.version == version)
        };
        assert!(near(on("beta", "1.12"), BETA * newest), "{}", on("beta", "1.12"));
        assert!(near(on("stable", "1.11"), (1.0 - BETA) * newest), "{}", on("stable", "1.11"));
        assert_eq!(on("stable", "1.12"), 0.0);
        assert!(on("stable", "1.0") > 0.0);
    }
}
