//! A policy applied to a play: what a client calls before anything leaves.

use super::gates::{Leaving, Within};
use super::plan::{How, PingPlan, Step};
use super::{Consent, Content, Day, Field, Other, Play, PlayError, Policy, Sent, Value, Withheld};

/// What leaves of one play, ping by ping: see [`Policy::generalize`].
#[derive(Clone, Copy, Debug)]
pub struct Generalized<'a> {
    policy: &'a Policy,
    values: &'a [Value<'a>],
    leaving: Leaving<'a>,
}

/// What leaves of one play in one ping.
#[derive(Clone, Copy, Debug)]
pub struct Ping<'a> {
    of: Generalized<'a>,
    plan: &'a PingPlan,
    in_box: Option<usize>,
}

impl Policy {
    /// What of a play may leave, and how.
    ///
    /// A field leaves if its switch is on, its day is not come, it is for content of the play's kind and its rounding
    /// isn't `drop`. A ping none of whose fields leaves is not sent. Nothing of a value is looked at before that is
    /// known: a play whose consent is off can't cause an error. A play whose buckets lie in a box of `[[other]]`
    /// leaves as the one symbol, without fields; a box asks only where all its fields may leave.
    ///
    /// O(fields), without allocation unless it fails.
    ///
    /// # Errors
    /// [`PlayError::Columns`] where the play isn't one of this policy, [`PlayError::Type`] where a field that may leave
    /// finds a value of another type.
    ///
    /// ```
    /// use coarsen::policy::{Consent, Play, Policy, Sent, Value};
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
    /// let play = Play::new(&[Value::Number(5_423_000)]);
    /// assert_eq!(policy.generalize(&play, &Consent::none(), today)?.pings().count(), 0);
    ///
    /// let consent = Consent::none().with("playback");
    /// let sent = policy.generalize(&play, &consent, today)?;
    /// let ping = sent.pings().next().unwrap();
    /// let (field, value) = ping.fields().next().unwrap();
    /// assert_eq!((ping.name(), field.name.as_str()), ("play", "duration"));
    /// assert!(matches!(value, Sent::Number { representative: 5_550_000, .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn generalize<'a>(
        &'a self,
        play: &Play<'a>,
        consent: &'a Consent,
        as_of: Day,
    ) -> Result<Generalized<'a>, Box<PlayError>> {
        let plan = self.plan();
        if play.values().len() != plan.columns.len() {
            return Err(self.miscounted(play.values().len()));
        }
        let leaving = Leaving::new(&plan.gates, consent, play.content(), as_of);
        if !leaving.is_empty()
            && let Some(step) = leaving.misfit(play.values())
        {
            return Err(self.wrong(&plan.steps[step], play.values()));
        }
        Ok(Generalized { policy: self, values: play.values(), leaving })
    }

    #[cold]
    pub(super) fn miscounted(&self, found: usize) -> Box<PlayError> {
        let columns = self.columns();
        Box::new(PlayError::Columns { wanted: columns.len(), found, columns: columns.join(", ") })
    }

    #[cold]
    pub(super) fn wrong(&self, step: &Step, values: &[Value<'_>]) -> Box<PlayError> {
        let field = &self.fields()[step.field];
        Box::new(PlayError::Type {
            column: field.column().to_owned(),
            field: field.name.clone(),
            ping: field.ping.clone(),
            wanted: field.kind.wanted(),
            found: values[step.column].kind(),
        })
    }

    /// The box of that number of a ping.
    pub(super) fn box_of(&self, ping: &str, number: usize) -> Option<&Other> {
        self.others().iter().filter(|other| other.ping() == ping).nth(number)
    }

    /// The columns that [`Policy::generalize`] looks at for a play of that content, as numbers into
    /// [`Policy::columns`], one for each field that leaves, so that a column may stand twice. Whoever must parse or
    /// check values first need do so for these alone. O(fields), without allocation.
    ///
    /// ```
    /// # use coarsen::policy::{Consent, Content, Policy};
    /// # let policy = Policy::from_toml(r#"
    /// #     schema = "coarsen.policy/1"
    /// #     name = "playback"
    /// #     version = 1
    /// #     [[field]]
    /// #     name = "duration"
    /// #     column = "duration_ms"
    /// #     type = "duration"
    /// #     rounding = "floor:5min"
    /// #     consent = "playback"
    /// #     purpose = "Stall rates by length."
    /// #     sensitivity = "fingerprint"
    /// #     expires = "2031-12-31"
    /// # "#)?;
    /// let today = "2026-11-24".parse()?;
    /// let (off, on) = (Consent::none(), Consent::none().with("playback"));
    /// assert_eq!(policy.reads(Content::Personal, &off, today).count(), 0);
    /// assert!(policy.reads(Content::Personal, &on, today).eq([0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn reads<'a>(
        &'a self,
        content: Content,
        consent: &'a Consent,
        as_of: Day,
    ) -> impl Iterator<Item = usize> + 'a {
        let plan = self.plan();
        let leaving = Leaving::new(&plan.gates, consent, content, as_of);
        leaving.within(0..plan.steps.len()).map(|step| plan.steps[step].column)
    }

    /// Whether it matters whose content was played: whether a field that may leave does so for one kind alone. Where none
    /// does, whoever reads a play need not look at its content, so that a bad word there is no error. O(fields).
    pub fn asks_content(&self, consent: &Consent, as_of: Day) -> bool {
        self.fields().iter().any(|field| {
            field.content.is_some_and(|content| {
                self.withheld(field, &Play::new(&[]).of(content), consent, as_of).is_none()
            })
        })
    }

    /// Why nothing of a field leaves, for a play of that content; `None` where it does.
    pub fn withheld(
        &self,
        field: &Field,
        play: &Play<'_>,
        consent: &Consent,
        as_of: Day,
    ) -> Option<Withheld> {
        if !consent.allows(&field.consent) {
            return Some(Withheld::Consent);
        }
        if field.expires <= as_of {
            return Some(Withheld::Expired);
        }
        if !field.is_emitted() {
            return Some(Withheld::Dropped);
        }
        // Last, since the content of a play is only read where it decides.
        field.content.is_some_and(|content| content != play.content()).then_some(Withheld::Content)
    }
}

impl<'a> Generalized<'a> {
    /// The pings that leave, in the policy's order.
    #[inline]
    pub fn pings(self) -> Pings<'a> {
        let pings = if self.leaving.is_empty() { &[] } else { &self.policy.plan().pings[..] };
        Pings { of: self, left: pings.iter() }
    }

    /// The number of the first box of a ping that the play lies in.
    #[inline]
    fn in_box(&self, plan: &PingPlan) -> Option<usize> {
        self.policy.plan().box_of(plan, |step| self.leaving.has(step), |column| self.values[column])
    }
}

impl<'a> Ping<'a> {
    /// Its name.
    #[inline]
    pub fn name(&self) -> &'a str {
        &self.plan.name
    }

    /// Whether it leaves as the one symbol `other`, without fields.
    #[inline]
    pub fn is_other(&self) -> bool {
        self.in_box.is_some()
    }

    /// The first box of `[[other]]` that it lies in. O(boxes).
    pub fn in_box(&self) -> Option<&'a Other> {
        self.of.policy.box_of(&self.plan.name, self.in_box?)
    }

    /// Whether it has boxes at all, so that what leaves says whether it lies in one.
    pub fn has_boxes(&self) -> bool {
        !self.plan.boxes.is_empty()
    }

    /// The fields that leave in it, in the policy's order, each with what leaves of it.
    #[inline]
    pub fn fields(self) -> Fields<'a> {
        let steps = if self.is_other() { 0..0 } else { self.plan.steps.clone() };
        Fields {
            steps: &self.of.policy.plan().steps,
            fields: self.of.policy.fields(),
            values: self.of.values,
            left: self.of.leaving.within(steps),
        }
    }
}

/// The pings that leave: see [`Generalized::pings`].
pub struct Pings<'a> {
    of: Generalized<'a>,
    left: std::slice::Iter<'a, PingPlan>,
}

impl<'a> Iterator for Pings<'a> {
    type Item = Ping<'a>;

    #[inline]
    fn next(&mut self) -> Option<Ping<'a>> {
        loop {
            let plan = self.left.next()?;
            if self.of.leaving.within(plan.steps.clone()).next().is_some() {
                return Some(Ping { of: self.of, plan, in_box: self.of.in_box(plan) });
            }
        }
    }
}

/// The fields that leave: see [`Ping::fields`].
pub struct Fields<'a> {
    steps: &'a [Step],
    fields: &'a [Field],
    values: &'a [Value<'a>],
    left: Within<'a>,
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a Field, Sent<'a>);

    #[inline]
    fn next(&mut self) -> Option<(&'a Field, Sent<'a>)> {
        let step = &self.steps[self.left.next()?];
        Some((&self.fields[step.field], send(step, self.values[step.column])))
    }
}

#[inline]
fn send<'a>(step: &'a Step, value: Value<'a>) -> Sent<'a> {
    match (&step.how, value) {
        (How::Number(ready), Value::Number(number)) => {
            let (representative, bucket) = ready.tell(number);
            Sent::Number { representative, bucket }
        }
        (How::Groups(groups), Value::Text(text)) => Sent::Text(groups.name(text)),
        (How::Keep, Value::Text(text)) => Sent::Text(text),
        (How::Keep, Value::Flag(flag)) => Sent::Flag(flag),
        // Types were checked before: what is left is a missing value.
        _ => Sent::Missing,
    }
}
