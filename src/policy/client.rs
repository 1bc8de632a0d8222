//! A policy with one owner's switches, made ready for many plays.

use super::outgoing::Outgoing;
use super::program::{Program, Refusal};
use super::{Consent, Content, Day, Play, PlayError, Policy, Value};

/// A policy with the switches of one owner: what [`Policy::generalize`] tells of a play, several times as fast.
///
/// Which fields leave is asked once and not play by play: made anew where a switch changes, by itself where the day
/// does.
///
/// ```
/// use coarsen::policy::{Consent, Play, Policy, Value};
/// let policy = Policy::from_toml(r#"
///     schema = "coarsen.policy/1"
///     name = "playback"
///     version = 1
///     [[field]]
///     name = "duration"
///     column = "duration_ms"
///     type = "duration"
///     rounding = "floor:5min"
///     consent = "playback"
///     purpose = "Stall rates by length."
///     sensitivity = "fingerprint"
///     expires = "2031-12-31"
/// "#)?;
/// let today = "2026-11-24".parse()?;
/// let mut client = policy.client(&Consent::none().with("playback"), today);
/// for duration in [5_423_000, 120_000] {
///     let values = [Value::Number(duration)];
///     let mut room = [Value::Missing; 1]; // one for each field of the policy
///     let sent = client.generalize(&Play::new(&values), today, &mut room)?;
///     let ping = sent.pings().next().unwrap();
///     let leaves = ping.fields().next().unwrap();
///     assert_eq!((ping.name(), leaves.field().name.as_str()), ("play", "duration"));
///     let bucket = leaves.bucket().unwrap();
///     assert!(bucket.contains(duration));
///     assert_eq!(*leaves.value(), Value::Number(bucket.midpoint()));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client<'p> {
    policy: &'p Policy,
    consent: Consent,
    as_of: Day,
    /// For personal and for provided content.
    programs: [Program<'p>; 2],
}

impl Policy {
    /// A client of an owner with these switches, for that day and those that follow. O(fields).
    pub fn client(&self, consent: &Consent, as_of: Day) -> Client<'_> {
        Client { policy: self, consent: consent.clone(), as_of, programs: programs(self, consent, as_of) }
    }
}

fn programs<'p>(policy: &'p Policy, consent: &Consent, as_of: Day) -> [Program<'p>; 2] {
    Content::ALL.map(|content| Program::new(policy, consent, content, as_of))
}

impl<'p> Client<'p> {
    /// What of a play leaves on that day: the same as [`Policy::generalize`] tells, and nothing else is looked at.
    ///
    /// It is written to `room`, which holds at least one value for each field of the policy; what stands there before
    /// makes no difference, and what stands there where it fails is of no use. O(fields that leave), without
    /// allocation unless it fails or the day is another than that of the play before.
    ///
    /// # Errors
    /// Those of [`Policy::generalize`], and [`PlayError::Room`].
    #[inline]
    pub fn generalize<'a>(
        &'a mut self,
        play: &Play<'a>,
        as_of: Day,
        room: &'a mut [Value<'a>],
    ) -> Result<Outgoing<'a>, Box<PlayError>>
    where
        'p: 'a,
    {
        if as_of != self.as_of {
            self.turn(as_of);
        }
        let program = &self.programs[usize::from(play.content() == Content::Provided)];
        let values = play.values();
        match program.run(values, room) {
            Ok(()) => Ok(Outgoing::new(self.policy, program, values, room)),
            Err(refusal) => Err(refused(self.policy, refusal, values)),
        }
    }

    #[cold]
    fn turn(&mut self, as_of: Day) {
        self.as_of = as_of;
        self.programs = programs(self.policy, &self.consent, as_of);
    }
}

#[cold]
fn refused(policy: &Policy, refusal: Refusal<'_>, values: &[Value<'_>]) -> Box<PlayError> {
    match refusal {
        Refusal::Columns => policy.miscounted(values.len()),
        Refusal::Room { wanted, found } => Box::new(PlayError::Room { wanted, found }),
        Refusal::Misfit(step) => policy.wrong(step, values),
    }
}
