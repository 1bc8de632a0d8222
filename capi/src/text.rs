//! Text on its way in and out.

use std::ffi::c_char;
use std::ptr;

use crate::{CoarsenStatus, Failure, pointer};

/// Text: `len` bytes of UTF-8, with no NUL behind them and maybe some among them. `data` may be null where `len` is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CoarsenText {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes.
    pub len: usize,
}

impl CoarsenText {
    /// No text.
    pub(crate) const NONE: Self = Self { data: ptr::null(), len: 0 };

    pub(crate) fn of(text: &str) -> Self {
        Self { data: text.as_ptr().cast(), len: text.len() }
    }
}

/// The text that lies there.
///
/// # Safety
/// Unless null or of no length it leads to `len` bytes that live and aren't written for as long as `'a`.
pub(crate) unsafe fn read<'a>(data: *const c_char, len: usize, what: &str) -> Result<&'a str, Failure> {
    // SAFETY: the caller promises as much.
    let bytes = unsafe { pointer::slice(data.cast::<u8>(), len, what) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("{what} is not UTF-8: the first wrong byte is at {}", error.valid_up_to());
        Failure::new(CoarsenStatus::Utf8, message)
    })
}
