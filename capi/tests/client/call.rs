//! The C interface, called as C would, its answers made into what tests compare.

use std::ffi::CStr;
use std::ptr;

use coarsen_c::*;

/// A policy that is freed.
pub struct Loaded(pub *mut CoarsenPolicy);

/// A consent that is freed.
pub struct Allowed(pub *mut CoarsenConsent);

impl Drop for Loaded {
    fn drop(&mut self) {
        // SAFETY: it came from the library, and nothing uses it any more.
        unsafe { coarsen_policy_free(self.0) };
    }
}

impl Drop for Allowed {
    fn drop(&mut self) {
        // SAFETY: it came from the library, and nothing uses it any more.
        unsafe { coarsen_consent_free(self.0) };
    }
}

pub fn last_error() -> String {
    // SAFETY: it ends with a NUL, and nothing is called while it is copied.
    unsafe { CStr::from_ptr(coarsen_last_error()) }.to_str().unwrap().to_owned()
}

pub fn try_load(toml: &[u8]) -> (CoarsenStatus, Loaded) {
    let mut policy = ptr::dangling_mut();
    // SAFETY: the pointers are those of a slice and of a place of our own.
    let status = unsafe { coarsen_policy_load(toml.as_ptr().cast(), toml.len(), &mut policy) };
    (status, Loaded(policy))
}

pub fn load(toml: &str) -> Loaded {
    let (status, loaded) = try_load(toml.as_bytes());
    assert_eq!(status, CoarsenStatus::Ok, "{}", last_error());
    loaded
}

pub fn allow(switches: &[&str]) -> Allowed {
    let consent = coarsen_consent_new();
    for switch in switches {
        // SAFETY: a consent of the library, and the text of a slice.
        let status = unsafe { coarsen_consent_allow(consent, switch.as_ptr().cast(), switch.len()) };
        assert_eq!(status, CoarsenStatus::Ok);
    }
    Allowed(consent)
}

pub const NO_TEXT: CoarsenText = CoarsenText { data: ptr::null(), len: 0 };
pub const MISSING: CoarsenValue = CoarsenValue { kind: 0, flag: 0, number: 0, text: NO_TEXT };

pub fn number(number: u64) -> CoarsenValue {
    CoarsenValue { kind: CoarsenValueKind::Number as u32, number, ..MISSING }
}

pub fn text(text: &str) -> CoarsenValue {
    let text = CoarsenText { data: text.as_ptr().cast(), len: text.len() };
    CoarsenValue { kind: CoarsenValueKind::Text as u32, text, ..MISSING }
}

pub fn flag(flag: bool) -> CoarsenValue {
    CoarsenValue { kind: CoarsenValueKind::Flag as u32, flag: u32::from(flag), ..MISSING }
}

/// The text that lies there.
///
/// # Safety
/// What it lies in lives.
pub unsafe fn read<'a>(text: CoarsenText) -> &'a str {
    if text.len == 0 {
        return "";
    }
    // SAFETY: the library gave both, and the caller says that it lives.
    std::str::from_utf8(unsafe { std::slice::from_raw_parts(text.data.cast(), text.len) }).unwrap()
}

pub const NOTHING: CoarsenSent = CoarsenSent {
    ping: 0,
    field: 0,
    kind: CoarsenSentKind::Missing,
    flag: 0,
    representative: 0,
    from: 0,
    to: 0,
    is_open: 0,
    text: NO_TEXT,
};

/// What leaves, into the array.
pub fn generalize(
    policy: &Loaded,
    values: &[CoarsenValue],
    content: CoarsenContent,
    consent: &Allowed,
    as_of: CoarsenDay,
    sent: &mut [CoarsenSent],
) -> (CoarsenStatus, usize) {
    let play = CoarsenPlay { values: values.as_ptr(), len: values.len(), content: content as u32 };
    let mut len = usize::MAX;
    // SAFETY: a policy and consent of the library, and slices of our own; tests give texts that are read a place.
    let status = unsafe {
        coarsen_generalize(policy.0, &play, consent.0, as_of, sent.as_mut_ptr(), sent.len(), &mut len)
    };
    (status, len)
}

pub fn capacity(policy: &Loaded) -> usize {
    // SAFETY: a policy of the library.
    unsafe { coarsen_policy_capacity(policy.0) }
}
