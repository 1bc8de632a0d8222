//! What a server's owner has switched on.

use std::ffi::c_char;
use std::mem;
use std::ptr;

use coarsen::policy::Consent;

use crate::status::{ask, call};
use crate::{CoarsenStatus, pointer, text};

/// The switches that are on; every other is off, and `essential` needs none. One object for each owner, changed when
/// the owner changes a setting, is enough: a play only reads it. Not to be changed while another thread uses it.
#[derive(Default)]
pub struct CoarsenConsent {
    pub(crate) consent: Consent,
}

/// Nothing switched on. Free it with `coarsen_consent_free`.
#[unsafe(no_mangle)]
pub extern "C" fn coarsen_consent_new() -> *mut CoarsenConsent {
    ask(ptr::null_mut(), || Ok(Box::into_raw(Box::default())))
}

/// Switches one on as well: `playback`, `crash`, `marketing` or one's own, `len` bytes of UTF-8. A name that governs
/// no field is no error: a policy to come may ask for it.
///
/// # Safety
/// `consent` is null or came from `coarsen_consent_new`, and nothing else uses it now; `name` leads to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_consent_allow(
    consent: *mut CoarsenConsent,
    name: *const c_char,
    len: usize,
) -> CoarsenStatus {
    call(|| {
        // SAFETY: the caller promises a live consent that nothing else uses.
        let consent = unsafe { pointer::borrow_mut(consent, "consent") }?;
        // SAFETY: the caller promises `len` bytes.
        let name = unsafe { text::read(name, len, "name") }?;
        consent.consent = mem::take(&mut consent.consent).with(name);
        Ok(())
    })
}

/// Switches everything off.
///
/// # Safety
/// `consent` is null or came from `coarsen_consent_new`, and nothing else uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_consent_clear(consent: *mut CoarsenConsent) -> CoarsenStatus {
    call(|| {
        // SAFETY: the caller promises a live consent that nothing else uses.
        let consent = unsafe { pointer::borrow_mut(consent, "consent") }?;
        consent.consent = Consent::none();
        Ok(())
    })
}

/// Frees a consent; null is let be.
///
/// # Safety
/// `consent` is null or came from `coarsen_consent_new`, was not freed yet, and nothing uses it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn coarsen_consent_free(consent: *mut CoarsenConsent) {
    if !consent.is_null() {
        // SAFETY: the caller promises that it is a box of ours that nothing uses.
        call(|| unsafe {
            drop(Box::from_raw(consent));
            Ok(())
        });
    }
}
