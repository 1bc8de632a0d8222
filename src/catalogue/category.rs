//! A column of names.

use std::collections::HashMap;

/// A column of names, interned: one code per row. A missing value is a code of its own.
///
/// ```
/// use coarsen::catalogue::Category;
/// let codec: Category = [Some("h264"), None, Some("hevc"), Some("h264")].into_iter().collect();
/// assert_eq!(codec.codes(), [0, Category::MISSING, 1, 0]);
/// assert_eq!(codec.get(2), Some("hevc"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Category {
    codes: Vec<u16>,
    names: Vec<String>,
}

impl Category {
    /// The code of a missing value.
    pub const MISSING: u16 = u16::MAX;

    /// Codes into a list of names, or [`Category::MISSING`]. `None` where a code has no name.
    pub fn from_codes(codes: Vec<u16>, names: Vec<String>) -> Option<Self> {
        let known = |&code: &u16| code == Self::MISSING || usize::from(code) < names.len();
        codes.iter().all(known).then_some(Self { codes, names })
    }

    /// One name per row. `None` where there are over 65,535 different ones.
    pub fn intern<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Option<Self> {
        let mut names = Interner::default();
        for value in values {
            let code = value.map_or(Some(Self::MISSING), |name| names.code(name))?;
            names.push(code);
        }
        Some(names.finish())
    }

    /// One code per row.
    pub fn codes(&self) -> &[u16] {
        &self.codes
    }

    /// The names, by code.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The name in a row, `None` where it is missing or there is no such row.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.name(*self.codes.get(row)?)
    }

    /// The name of a code, `None` for [`Category::MISSING`].
    pub fn name(&self, code: u16) -> Option<&str> {
        self.names.get(usize::from(code)).map(String::as_str)
    }

    /// How many different values a code can take, the missing one included.
    pub fn levels(&self) -> usize {
        self.names.len() + 1
    }

    /// The code as an index below [`Category::levels`]; the missing value comes last.
    pub fn index(&self, row: usize) -> usize {
        usize::from(self.codes[row]).min(self.names.len())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    pub(super) fn select(&self, rows: &[u32]) -> Self {
        let codes = rows.iter().map(|&row| self.codes[row as usize]).collect();
        Self { codes, names: self.names.clone() }
    }
}

/// A [`Category`] that grows row by row.
#[derive(Default)]
pub(super) struct Interner {
    seen: HashMap<String, u16>,
    column: Category,
}

impl Interner {
    /// The code of a name, a new one where it hasn't been seen. `None` where there is none left.
    pub fn code(&mut self, name: &str) -> Option<u16> {
        if let Some(&code) = self.seen.get(name) {
            return Some(code);
        }
        let code = u16::try_from(self.seen.len()).ok().filter(|&code| code < Category::MISSING)?;
        self.seen.insert(name.to_owned(), code);
        self.column.names.push(name.to_owned());
        Some(code)
    }

    /// Adds a row with a code that was given, or [`Category::MISSING`].
    pub fn push(&mut self, code: u16) {
        self.column.codes.push(code);
    }

    pub fn finish(self) -> Category {
        self.column
    }
}

impl<'a> FromIterator<Option<&'a str>> for Category {
    /// # Panics
    /// Where there are over 65,535 different names; [`Category::intern`] doesn't.
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(values: I) -> Self {
        Self::intern(values).expect("at most 65,535 different names")
    }
}
