//! What a caller's pointer leads to, as far as it can be checked.

use crate::{CoarsenStatus, Failure};

fn checked<T>(pointer: *const T, what: &str) -> Result<(), Failure> {
    if pointer.is_null() {
        return Err(Failure::new(CoarsenStatus::Pointer, format!("{what}: the pointer is null")));
    }
    if !pointer.is_aligned() {
        return Err(Failure::new(CoarsenStatus::Pointer, format!("{what}: the pointer is misaligned")));
    }
    Ok(())
}

/// What it leads to.
///
/// # Safety
/// Unless null or misaligned it leads to a `T` that lives and isn't written for as long as `'a`.
pub(crate) unsafe fn borrow<'a, T>(pointer: *const T, what: &str) -> Result<&'a T, Failure> {
    checked(pointer, what)?;
    // SAFETY: neither null nor misaligned; the caller promises the rest.
    Ok(unsafe { &*pointer })
}

/// What it leads to, to be changed.
///
/// # Safety
/// Unless null or misaligned it leads to a `T` that lives and that nobody else reads or writes for as long as `'a`.
pub(crate) unsafe fn borrow_mut<'a, T>(pointer: *mut T, what: &str) -> Result<&'a mut T, Failure> {
    checked(pointer, what)?;
    // SAFETY: neither null nor misaligned; the caller promises the rest.
    Ok(unsafe { &mut *pointer })
}

/// The array it leads to; of none, it may be null.
///
/// # Safety
/// As [`borrow`], for `len` of them in a row.
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, len: usize, what: &str) -> Result<&'a [T], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    checked(pointer, what)?;
    if len > isize::MAX as usize / size_of::<T>() {
        return Err(Failure::new(CoarsenStatus::Pointer, format!("{what}: no memory can hold so many")));
    }
    // SAFETY: neither null nor misaligned, nor longer than an object can be; the caller promises the rest.
    Ok(unsafe { std::slice::from_raw_parts(pointer, len) })
}

/// A place that may be written to, whatever is there now.
pub(crate) fn place<T>(pointer: *mut T, what: &str) -> Result<*mut T, Failure> {
    checked(pointer, what).map(|()| pointer)
}
