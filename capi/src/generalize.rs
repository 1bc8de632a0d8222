//! A policy applied to a play.

use coarsen::policy::{Consent, Content, Day, Play, PlayError, Sent, Value};

use crate::play::{content, day};
use crate::status::{Failure, call};
use crate::{
    CoarsenConsent, CoarsenDay, CoarsenPlay, CoarsenPolicy, CoarsenStatus, CoarsenText, CoarsenValue, pointer,
};

/// What leaves of a field.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoarsenSentKind {
    /// That nothing is known.
    Missing = 0,
    /// A bucket, and the number that stands for it.
    Number = 1,
    /// `text`: a name, the value's or its group's.
    Text = 2,
    /// `flag`: yes or no.
    Flag = 3,
    /// The ping leaves as the one symbol `other`, without fields: this stands for the whole ping.
    Other = 4,
}

/// One thing that leaves. What its kind doesn't speak of is zero.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CoarsenSent {
    /// The number of the ping that it leaves in; the things of one ping stand in a row.
    pub ping: u32,
    /// The number of the field; of the symbol `other`, 4294967295, which no field has.
    pub field: u32,
    /// What leaves.
    pub kind: CoarsenSentKind,
    /// 1 for yes, 0 for no.
    pub flag: u32,
    /// The number to send: it stands for its bucket.
    pub representative: u64,
    /// The smallest number of the bucket.
    pub from: u64,
    /// The smallest number above the bucket; 0 where it is open.
    pub to: u64,
    /// 1 where the bucket has no end, else 0.
    pub is_open: u32,
    /// A name. It lies in the policy or in the play's own text, and lives no longer than both.
    pub text: CoarsenText,
}

/// The columns that need no allocation; a play of more costs one.
const FEW: [usize; 3] = [16, 64, 256];

/// Writes what of a play may leave, by this policy and consent on that day.
///
/// A field leaves if its switch is on, its day is not come, it is for content of the play's kind and its rounding
/// isn't `drop`. Consent comes first: a value of which no field leaves is not looked at, so that it can't make the
/// call fail, and nor can the pointer of its text. A ping of which nothing leaves does not appear.
///
/// `consent` may be null: nothing is switched on. `sent` is an array of at least `coarsen_policy_capacity` items,
/// which is checked first, whatever the play; `*len` becomes how many of them were written, ping by ping in the
/// policy's order. Where the call fails `*len` is 0, no item is written and nothing may be sent.
///
/// O(fields), without allocation for a policy of up to 256 columns, unless it fails. Any number of threads may call it
/// with one policy.
///
/// # Safety
/// `policy` and `consent` are null or came from their functions, and nothing changes them now. `play` leads to a play,
/// its `values` to `len` of them; the text of one of which a field leaves leads to as many bytes as it says. `sent`
/// leads to `capacity` items and `len` to a number that may be written, and lie apart from all these.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_generalize(
    policy: *const CoarsenPolicy,
    play: *const CoarsenPlay,
    consent: *const CoarsenConsent,
    as_of: CoarsenDay,
    sent: *mut CoarsenSent,
    capacity: usize,
    len: *mut usize,
) -> CoarsenStatus {
    call(|| {
        let len = pointer::place(len, "len")?;
        // SAFETY: neither null nor misaligned, and the caller lets it be written.
        unsafe { len.write(0) };
        // SAFETY: the caller promises a live policy that nothing changes.
        let policy = unsafe { pointer::borrow(policy, "policy") }?;
        // SAFETY: the caller promises a play.
        let play = unsafe { pointer::borrow(play, "play") }?;
        let none = Consent::none();
        let consent = if consent.is_null() {
            &none
        } else {
            // SAFETY: the caller promises a live consent that nothing changes.
            &unsafe { pointer::borrow(consent, "consent") }?.consent
        };
        if capacity < policy.capacity {
            return Err(too_short(policy.capacity, capacity));
        }
        let sent = if policy.capacity == 0 { sent } else { pointer::place(sent, "sent")? };
        let columns = policy.policy.columns();
        if play.len != columns.len() {
            let (wanted, found, columns) = (columns.len(), play.len, columns.join(", "));
            return Err(refused(PlayError::Columns { wanted, found, columns }));
        }
        // SAFETY: the caller promises `len` values.
        let given = unsafe { pointer::slice(play.values, play.len, "values") }?;
        let asked = Asked { policy, given, content: content(play.content)?, consent, as_of: day(as_of)? };
        // SAFETY: there is room for as much as leaves of any play, and the texts are as the caller promises.
        let written = unsafe {
            match given.len() {
                n if n <= FEW[0] => asked.write(&mut [Value::Missing; FEW[0]][..n], sent),
                n if n <= FEW[1] => asked.write(&mut [Value::Missing; FEW[1]][..n], sent),
                n if n <= FEW[2] => asked.write(&mut [Value::Missing; FEW[2]][..n], sent),
                n => asked.write(&mut vec![Value::Missing; n], sent),
            }
        }?;
        // SAFETY: as above.
        unsafe { len.write(written) };
        Ok(())
    })
}

/// A call whose pointers are checked.
struct Asked<'a> {
    policy: &'a CoarsenPolicy,
    given: &'a [CoarsenValue],
    content: Content,
    consent: &'a Consent,
    as_of: Day,
}

impl Asked<'_> {
    /// Writes what leaves; how much. `values` is room for one missing value a column.
    ///
    /// # Safety
    /// `sent` has room for the policy's capacity. The text of a value of which a field leaves is as long as it says.
    #[inline]
    unsafe fn write(self, values: &mut [Value<'_>], sent: *mut CoarsenSent) -> Result<usize, Failure> {
        let policy = &self.policy.policy;
        for column in policy.reads(self.content, self.consent, self.as_of) {
            if matches!(values[column], Value::Missing) {
                let given = &self.given[column];
                // SAFETY: a field that is made of it leaves, so the caller promises as much.
                values[column] = match unsafe { given.read() } {
                    Some(value) => value,
                    // SAFETY: as above.
                    None => return Err(unsafe { given.refused(&policy.columns()[column]) }),
                };
            }
        }
        let play = Play::new(values).of(self.content);
        let generalized =
            policy.generalize(&play, self.consent, self.as_of).map_err(|error| refused(*error))?;
        let (mut written, mut ping) = (0, 0);
        let mut put = |one: CoarsenSent| {
            // No play has more: were the count wrong, this would be a panic and go no further than the call.
            assert!(written < self.policy.capacity, "more leaves than the policy has fields");
            // SAFETY: there is room for the capacity, and there was less than that.
            unsafe { sent.add(written).write(one) };
            written += 1;
        };
        for leaving in generalized.pings() {
            // They come in the policy's order, those of which nothing leaves left out.
            while self.policy.pings[ping] != leaving.name() {
                ping += 1;
            }
            if leaving.is_other() {
                put(CoarsenSent { kind: CoarsenSentKind::Other, ..nothing(ping, u32::MAX as usize) });
                continue;
            }
            for (field, value) in leaving.fields() {
                // SAFETY: the field lies among those of the policy.
                let field =
                    unsafe { std::ptr::from_ref(field).offset_from_unsigned(policy.fields().as_ptr()) };
                put(told(value, ping, field));
            }
        }
        Ok(written)
    }
}

/// A policy is text in memory: it has fewer fields and pings than a u32 counts.
#[inline]
fn nothing(ping: usize, field: usize) -> CoarsenSent {
    CoarsenSent {
        ping: ping as u32,
        field: field as u32,
        kind: CoarsenSentKind::Missing,
        flag: 0,
        representative: 0,
        from: 0,
        to: 0,
        is_open: 0,
        text: CoarsenText::NONE,
    }
}

#[inline]
fn told(value: Sent<'_>, ping: usize, field: usize) -> CoarsenSent {
    let of = nothing(ping, field);
    match value {
        Sent::Missing => of,
        Sent::Number { representative, bucket } => CoarsenSent {
            kind: CoarsenSentKind::Number,
            representative,
            from: bucket.from,
            to: bucket.to.unwrap_or(0),
            is_open: u32::from(bucket.to.is_none()),
            ..of
        },
        Sent::Text(text) => CoarsenSent { kind: CoarsenSentKind::Text, text: CoarsenText::of(text), ..of },
        Sent::Flag(flag) => CoarsenSent { kind: CoarsenSentKind::Flag, flag: u32::from(flag), ..of },
    }
}

#[cold]
fn too_short(wanted: usize, found: usize) -> Failure {
    let message =
        format!("the array has room for {found}, and of a play of this policy up to {wanted} leave");
    Failure::new(CoarsenStatus::Capacity, message)
}

#[cold]
fn refused(error: PlayError) -> Failure {
    let status = match error {
        PlayError::Columns { .. } => CoarsenStatus::Columns,
        PlayError::Type { .. } => CoarsenStatus::Type,
        // What the core may refuse one day.
        _ => CoarsenStatus::Argument,
    };
    Failure::new(status, error.to_string())
}
