//! One thing that was asked of a policy, and the answer.

use serde::Serialize;

use crate::policy::Policy;

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It fails, and so does the policy.
    Fails,
    /// It was looked at and can't be judged here, which is no failure.
    Noted,
}

/// One thing that was asked, and the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// The ping; `None` for the policy as a whole.
    pub ping: Option<String>,
    /// What was asked: a limit, or a word and a field.
    pub name: String,
    /// The answer.
    pub verdict: Verdict,
    /// The answer in words, with the figures.
    pub says: String,
}

impl Check {
    pub(super) fn of(
        ping: Option<&str>,
        name: impl Into<String>,
        verdict: Verdict,
        says: impl Into<String>,
    ) -> Self {
        Self { ping: ping.map(str::to_owned), name: name.into(), verdict, says: says.into() }
    }
}

/// Whether the policy is the one that was justified.
pub(super) fn justification(policy: &Policy, hash: &str, tells: bool, unjustified: bool) -> Check {
    let check = |verdict, says: &str| Check::of(None, "unchanged", verdict, says);
    let mend = "measure it with `coarsen policy justify`";
    match &policy.justification {
        Some(justification) if justification.policy == hash => {
            check(Verdict::Holds, "the policy is the one that was justified")
        }
        Some(justification) => {
            let (was, is) = (&justification.policy, hash);
            let says = format!(
                "the policy was changed after it was justified: its hash is {is}, and {was} was; {mend} again"
            );
            check(Verdict::Fails, &says)
        }
        None if !tells => check(Verdict::Holds, "there is no justification, and nothing of a file leaves"),
        None if unjustified => check(Verdict::Noted, "there is no justification, which was allowed"),
        None => {
            let says = format!("there is no justification, so nobody says that it was ever measured; {mend}");
            check(Verdict::Fails, &says)
        }
    }
}
