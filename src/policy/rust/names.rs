//! Names of a policy as identifiers.

use std::collections::BTreeMap;

use super::RustError;

/// The words that no identifier may be, those that are reserved for later among them.
const KEYWORDS: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield", "_",
];

/// A name in snake case: letters and digits of ASCII as they are, any other letter as its number, what is neither as a
/// gap between words.
pub(super) fn snake(name: &str) -> String {
    let is_gap = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric();
    let number = |c: char| format!("u{:x}", u32::from(c));
    let words = name.split(is_gap).filter(|word| !word.is_empty());
    let spelt = words.map(|word| {
        let spell = |c: char| if c.is_ascii() { c.to_ascii_lowercase().to_string() } else { number(c) };
        word.chars().map(spell).collect::<String>()
    });
    let mut ident = spelt.collect::<Vec<_>>().join("_");
    if ident.is_empty() {
        ident = if name.is_empty() { "empty".to_owned() } else { name.chars().map(number).collect() };
    }
    if ident.starts_with(|c: char| c.is_ascii_digit()) {
        ident.insert(0, 'n');
    }
    if KEYWORDS.contains(&ident.as_str()) {
        ident.push('_');
    }
    ident
}

/// The same in camel case.
pub(super) fn camel(name: &str) -> String {
    let word = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    snake(name).split('_').filter(|part| !part.is_empty()).map(word).collect()
}

/// The identifiers of one kind of names.
pub(super) struct Idents<'p> {
    what: &'static str,
    taken: BTreeMap<String, &'p str>,
}

impl<'p> Idents<'p> {
    pub fn new(what: &'static str) -> Self {
        Self { what, taken: BTreeMap::new() }
    }

    /// The identifier, where no other name has it.
    pub fn take(&mut self, ident: String, name: &'p str) -> Result<String, RustError> {
        match self.taken.insert(ident.clone(), name) {
            Some(other) if other != name => Err(RustError::OneName {
                what: self.what,
                one: other.escape_debug().to_string(),
                other: name.escape_debug().to_string(),
                ident,
            }),
            _ => Ok(ident),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_has_an_identifier() {
        for (name, ident, kind) in [
            ("duration_ms", "duration_ms", "DurationMs"),
            ("Own-Switch", "own_switch", "OwnSwitch"),
            ("type", "type_", "Type"),
            ("self", "self_", "Self"),
            ("480p", "n480p", "N480p"),
            ("_a__b-", "a_b", "AB"),
            ("-", "u2d", "U2d"),
            ("", "empty", "Empty"),
            ("l\u{e4}nge; drop", "lue4nge_drop", "Lue4ngeDrop"),
        ] {
            assert_eq!((snake(name).as_str(), camel(name).as_str()), (ident, kind), "{name}");
        }
    }
}
