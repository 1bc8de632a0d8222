//! How a call ended, and the text that says what was wrong.

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The version of this interface. It rises when a function, a struct or the meaning of either changes.
pub const COARSEN_ABI_VERSION: u32 = 1;

/// How a call ended.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoarsenStatus {
    /// Done.
    Ok = 0,
    /// A pointer is null where something must be, or misaligned, or its length is more than memory can hold.
    Pointer = 1,
    /// A text is not UTF-8.
    Utf8 = 2,
    /// The policy can't be read, or it contradicts itself: the error's text says where, and the mend.
    Policy = 3,
    /// The play has not one value for each column of the policy.
    Columns = 4,
    /// A field that leaves finds a value of another type.
    Type = 5,
    /// A kind of value, a content or a day that there is none of.
    Argument = 6,
    /// The array for what leaves is shorter than `coarsen_policy_capacity`.
    Capacity = 7,
    /// A fault of this library. Nothing was sent; the policy may still be used.
    Internal = 8,
}

/// A call that failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub status: CoarsenStatus,
    pub message: String,
}

impl Failure {
    pub fn new(status: CoarsenStatus, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

thread_local! {
    static LAST: RefCell<Option<CString>> = const { RefCell::new(None) };
}

/// Runs the body of a call: a failure is remembered, a panic goes no further.
pub(crate) fn call(body: impl FnOnce() -> Result<(), Failure>) -> CoarsenStatus {
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return CoarsenStatus::Ok,
        Ok(Err(failure)) => failure,
        Err(_) => Failure::new(CoarsenStatus::Internal, "a fault of this library: please report it"),
    };
    // A thread that is ending remembers nothing.
    let _ = LAST.try_with(|last| *last.borrow_mut() = Some(plain(&failure.message)));
    failure.status
}

/// Runs the body of a call that has no status: where it fails, this instead.
pub(crate) fn ask<T>(instead: T, body: impl FnOnce() -> Result<T, Failure>) -> T {
    let mut answer = None;
    call(|| {
        answer = Some(body()?);
        Ok(())
    });
    answer.unwrap_or(instead)
}

/// The text with control characters escaped, line ends aside: a message may quote what a policy says.
fn plain(message: &str) -> CString {
    let mut text = String::with_capacity(message.len());
    for c in message.chars() {
        match c {
            '\n' => text.push(c),
            _ if c.is_control() => text.extend(c.escape_unicode()),
            _ => text.push(c),
        }
    }
    // No NUL is left to refuse.
    CString::new(text).unwrap_or_default()
}

/// The version of the interface that the library has: compare it with `COARSEN_ABI_VERSION` of the header.
#[unsafe(no_mangle)]
pub extern "C" fn coarsen_abi_version() -> u32 {
    COARSEN_ABI_VERSION
}

/// What was wrong with the last call on this thread that failed, as UTF-8 that ends with a NUL; empty where none did.
/// It names columns, fields and what a policy says, never a value of a play. It may have several lines.
///
/// Valid until the next call on this thread, and not after the thread's end: copy what is to be kept.
#[unsafe(no_mangle)]
pub extern "C" fn coarsen_last_error() -> *const c_char {
    let last = LAST.try_with(|last| last.borrow().as_ref().map(|text| text.as_ptr()));
    last.ok().flatten().unwrap_or(c"".as_ptr())
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    fn last_error() -> String {
        // SAFETY: the text ends with a NUL, and nothing is called while it is read.
        unsafe { CStr::from_ptr(coarsen_last_error()) }.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_panic_becomes_a_status() {
        assert_eq!(call(|| panic!("out of the body")), CoarsenStatus::Internal);
        assert!(last_error().contains("a fault of this library"));
        assert_eq!(ask(7, || -> Result<i32, Failure> { panic!("out of the body") }), 7);
        assert_eq!(ask(7, || Ok(8)), 8);
    }

    #[test]
    fn a_message_is_one_text_without_control_characters() {
        let failure = || Failure::new(CoarsenStatus::Policy, "a\0b\x1b[2J\nc\u{e9}");
        assert_eq!(call(|| Err(failure())), CoarsenStatus::Policy);
        assert_eq!(last_error(), "a\\u{0}b\\u{1b}[2J\nc\u{e9}");
    }

    #[test]
    fn each_thread_has_its_own() {
        call(|| Err(Failure::new(CoarsenStatus::Policy, "here")));
        let there = std::thread::spawn(last_error).join().unwrap();
        assert_eq!((there.as_str(), last_error().as_str()), ("", "here"));
    }
}
