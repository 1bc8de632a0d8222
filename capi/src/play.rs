//! A play as a caller holds it.

use coarsen::policy::{Content, Day, Value};

use crate::{CoarsenStatus, CoarsenText, Failure, text};

/// What a value is.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoarsenValueKind {
    /// Nothing known; a column of any kind may hold it.
    Missing = 0,
    /// `number`: milliseconds, bit/s or a count.
    Number = 1,
    /// `text`: the name of a category.
    Text = 2,
    /// `flag`: yes or no.
    Flag = 3,
}

/// Whose content was played.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoarsenContent {
    /// The owner's own.
    Personal = 0,
    /// Provided by a service.
    Provided = 1,
}

/// A value of a play. All bytes zero: missing.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CoarsenValue {
    /// A `CoarsenValueKind`.
    pub kind: u32,
    /// 0 for no, anything else for yes; read where it is a flag.
    pub flag: u32,
    /// Read where it is a number.
    pub number: u64,
    /// Read where it is text, and only if a field that is made of it leaves.
    pub text: CoarsenText,
}

/// One play.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CoarsenPlay {
    /// A value for each column of the policy, in their order.
    pub values: *const CoarsenValue,
    /// How many values: `coarsen_policy_column_count`.
    pub len: usize,
    /// A `CoarsenContent`.
    pub content: u32,
}

/// A day of the calendar.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoarsenDay {
    /// 0 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl CoarsenValue {
    /// The value, in words of the core; `None` where it is none.
    ///
    /// # Safety
    /// Of a text, `data` leads to `len` bytes that live as long as `'a`.
    #[inline]
    pub(crate) unsafe fn read<'a>(&self) -> Option<Value<'a>> {
        match self.kind {
            kind if kind == CoarsenValueKind::Missing as u32 => Some(Value::Missing),
            kind if kind == CoarsenValueKind::Number as u32 => Some(Value::Number(self.number)),
            kind if kind == CoarsenValueKind::Text as u32 => {
                // SAFETY: the caller promises as much.
                let text = unsafe { self.read_text() };
                text.ok().map(Value::Text)
            }
            kind if kind == CoarsenValueKind::Flag as u32 => Some(Value::Flag(self.flag != 0)),
            _ => None,
        }
    }

    /// # Safety
    /// As [`CoarsenValue::read`].
    unsafe fn read_text<'a>(&self) -> Result<&'a str, Failure> {
        // SAFETY: the caller promises as much.
        unsafe { text::read(self.text.data, self.text.len, "text") }
    }

    /// Why it is none.
    ///
    /// # Safety
    /// As [`CoarsenValue::read`].
    #[cold]
    pub(crate) unsafe fn refused(&self, column: &str) -> Failure {
        let unknown = || format!("the kind {} is none of CoarsenValueKind", self.kind);
        let is_text = self.kind == CoarsenValueKind::Text as u32;
        // SAFETY: the caller promises as much.
        let failure = unsafe { is_text.then(|| self.read_text().err()) }
            .flatten()
            .unwrap_or_else(|| Failure::new(CoarsenStatus::Argument, unknown()));
        Failure { message: format!("column `{column}`: {}", failure.message), ..failure }
    }
}

pub(crate) fn content(number: u32) -> Result<Content, Failure> {
    match number {
        _ if number == CoarsenContent::Personal as u32 => Ok(Content::Personal),
        _ if number == CoarsenContent::Provided as u32 => Ok(Content::Provided),
        _ => {
            let message = format!("the content {number} is none of CoarsenContent");
            Err(Failure::new(CoarsenStatus::Argument, message))
        }
    }
}

pub(crate) fn day(day: CoarsenDay) -> Result<Day, Failure> {
    let CoarsenDay { year, month, day } = day;
    Day::from_ymd(year, month, day).map_err(|_| {
        let message = format!("as_of: the calendar has no {year:04}-{month:02}-{day:02}");
        Failure::new(CoarsenStatus::Argument, message)
    })
}
