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
        let mut seen: HashMap<&'a str, u16> = HashMap::new();
        let mut column = Self::default();
        for value in values {
            let code = match value {
                None => Self::MISSING,
                Some(name) => match seen.get(name) {
                    Some(&code) => code,
                    None => {
                        let code = u16::try_from(seen.len()).ok().filter(|&code| code < Self::MISSING)?;
                        seen.insert(name, code);
                        column.names.push(name.to_owned());
                        code
                    }
                },
            };
            column.codes.push(code);
        }
        Some(column)
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

impl<'a> FromIterator<Option<&'a str>> for Category {
    /// # Panics
    /// Where there are over 65,535 different names; [`Category::intern`] doesn't.
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(values: I) -> Self {
        Self::intern(values).expect("at most 65,535 different names")
    }
}
