//! A policy: loading it, and what it is made of.

use std::ffi::c_char;
use std::ptr;

use coarsen::policy::{FieldType, Policy};

use crate::status::{Failure, ask, call};
use crate::{CoarsenStatus, CoarsenText, pointer, text};

/// A policy, ready to be applied. It never changes: any number of threads may use it at once.
pub struct CoarsenPolicy {
    pub(crate) policy: Policy,
    pub(crate) pings: Vec<String>,
    switches: Vec<String>,
    /// The most that leaves of one play.
    pub(crate) capacity: usize,
}

/// What a column holds.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoarsenColumnKind {
    /// There is no such column.
    None = 0,
    /// Whole milliseconds, as a number.
    Duration = 1,
    /// Whole bits per second, as a number.
    Bitrate = 2,
    /// A plain whole number.
    Integer = 3,
    /// One of a set of names, as text.
    Category = 4,
    /// Yes or no.
    Flag = 5,
}

impl CoarsenPolicy {
    fn new(policy: Policy) -> Self {
        // A ping that leaves as the one symbol would else have left as at least one field.
        let capacity = policy.fields().iter().filter(|field| field.is_emitted()).count();
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        Self { pings: owned(policy.pings()), switches: owned(policy.switches()), capacity, policy }
    }
}

/// Reads and checks a policy.
///
/// `toml` is the text of the policy file, `len` bytes of UTF-8. `*policy` becomes the policy, or null where the call
/// fails; what it was before is overwritten, not freed.
///
/// # Safety
/// `toml` leads to `len` bytes, `policy` to a pointer that may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_load(
    toml: *const c_char,
    len: usize,
    policy: *mut *mut CoarsenPolicy,
) -> CoarsenStatus {
    call(|| {
        let place = pointer::place(policy, "policy")?;
        // SAFETY: neither null nor misaligned, and the caller lets it be written.
        unsafe { place.write(ptr::null_mut()) };
        // SAFETY: the caller promises `len` bytes.
        let toml = unsafe { text::read(toml, len, "toml") }?;
        let read = Policy::from_toml(toml)
            .map_err(|error| Failure::new(CoarsenStatus::Policy, error.to_string()))?;
        // SAFETY: as above.
        unsafe { place.write(Box::into_raw(Box::new(CoarsenPolicy::new(read)))) };
        Ok(())
    })
}

/// Frees a policy; null is let be. Texts that came from it are gone with it.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`, was not freed yet, and nothing uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_free(policy: *mut CoarsenPolicy) {
    if !policy.is_null() {
        // SAFETY: the caller promises that it is a box of ours that nothing uses.
        call(|| unsafe {
            drop(Box::from_raw(policy));
            Ok(())
        });
    }
}

/// How many columns a play has: one value for each, in their order. 0 where `policy` is null.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_column_count(policy: *const CoarsenPolicy) -> usize {
    // SAFETY: the caller promises a live policy.
    unsafe { of(policy, 0, |of| of.policy.columns().len()) }
}

/// The name of a column, the first being 0; no text where there is none. Valid as long as the policy.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_column_name(
    policy: *const CoarsenPolicy,
    column: usize,
) -> CoarsenText {
    // SAFETY: the caller promises a live policy.
    unsafe { of(policy, CoarsenText::NONE, |of| named(of.policy.columns(), column)) }
}

/// The number of the column of that name, `len` bytes; -1 where the policy reads none such, so that nothing of it can
/// leave.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`; `name` leads to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_column(
    policy: *const CoarsenPolicy,
    name: *const c_char,
    len: usize,
) -> isize {
    ask(-1, || {
        // SAFETY: the caller promises a live policy.
        let policy = unsafe { pointer::borrow(policy, "policy") }?;
        // SAFETY: the caller promises `len` bytes.
        let name = unsafe { text::read(name, len, "name") }?;
        let place = policy.policy.columns().iter().position(|column| column == name);
        // A vector is never longer than an isize can count.
        Ok(place.map_or(-1, |place| place as isize))
    })
}

/// What a column holds.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_column_kind(
    policy: *const CoarsenPolicy,
    column: usize,
) -> CoarsenColumnKind {
    let kind = |of: &CoarsenPolicy| match of.policy.kinds().get(column) {
        None => CoarsenColumnKind::None,
        Some(FieldType::Duration) => CoarsenColumnKind::Duration,
        Some(FieldType::Bitrate) => CoarsenColumnKind::Bitrate,
        Some(FieldType::Integer) => CoarsenColumnKind::Integer,
        Some(FieldType::Category) => CoarsenColumnKind::Category,
        Some(FieldType::Flag) => CoarsenColumnKind::Flag,
    };
    // SAFETY: the caller promises a live policy.
    unsafe { of(policy, CoarsenColumnKind::None, kind) }
}

/// How many pings there are.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_ping_count(policy: *const CoarsenPolicy) -> usize {
    // SAFETY: the caller promises a live policy.
    unsafe { of(policy, 0, |of| of.pings.len()) }
}

/// The name of a ping, the first being 0; no text where there is none. Valid as long as the policy.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_ping_name(policy: *const CoarsenPolicy, ping: usize) -> CoarsenText {
    // SAFETY: the caller promises a live policy.
    unsafe { of(policy, CoarsenText::NONE, |of| named(&of.pings, ping)) }
}

/// How many fields the policy lists, over all pings.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_field_count(policy: *const CoarsenPolicy) -> usize {
    // SAFETY: the caller promises a live policy.
    unsafe { of(policy, 0, |of| of.policy.fields().len()) }
}

/// The name of a field, the first being 0; no text where there is none. Valid as long as the policy.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_field_name(
    policy: *const CoarsenPolicy,
    field: usize,
) -> CoarsenText {
    let name = |of: &CoarsenPolicy| {
        of.policy.fields().get(field).map_or(CoarsenText::NONE, |field| CoarsenText::of(&field.name))
    };
    // SAFETY: the caller promises a live policy.
    unsafe { of(policy, CoarsenText::NONE, name) }
}

/// How many switches govern fields, `essential` aside.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_switch_count(policy: *const CoarsenPolicy) -> usize {
    // SAFETY: the caller promises a live policy.
    unsafe { of(policy, 0, |of| of.switches.len()) }
}

/// The name of a switch, the first being 0; no text where there is none. Valid as long as the policy.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_switch_name(
    policy: *const CoarsenPolicy,
    place: usize,
) -> CoarsenText {
    // SAFETY: the caller promises a live policy.
    unsafe { of(policy, CoarsenText::NONE, |of| named(&of.switches, place)) }
}

/// The most that `coarsen_generalize` writes for any play: the length that its array must have.
///
/// # Safety
/// `policy` is null or came from `coarsen_policy_load`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_policy_capacity(policy: *const CoarsenPolicy) -> usize {
    // SAFETY: the caller promises a live policy.
    unsafe { of(policy, 0, |of| of.capacity) }
}

/// Asks a policy something that it always can answer.
///
/// # Safety
/// `policy` is null or came from [`coarsen_policy_load`].
unsafe fn of<T>(policy: *const CoarsenPolicy, instead: T, what: impl FnOnce(&CoarsenPolicy) -> T) -> T {
    // SAFETY: the caller promises as much.
    ask(instead, || unsafe { pointer::borrow(policy, "policy") }.map(what))
}

fn named(names: &[String], place: usize) -> CoarsenText {
    names.get(place).map_or(CoarsenText::NONE, |name| CoarsenText::of(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compiles only if the promise that any number of threads may use a policy at once can be kept.
    #[test]
    fn threads_may_share_a_policy() {
        fn shared<T: Send + Sync>() {}
        shared::<CoarsenPolicy>();
        shared::<crate::CoarsenConsent>();
    }
}
