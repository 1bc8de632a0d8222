//! Lines of Rust as rustfmt writes them.

use super::super::FieldType;

/// How many columns a line has.
const WIDTH: usize = 100;

/// How many a chain of calls may have on one line.
const CHAIN: usize = 60;

/// How many the fields of a struct that is made may.
const LITERAL: usize = 18;

/// Text that grows line by line.
#[derive(Default)]
pub(super) struct Code {
    text: String,
    depth: usize,
}

impl Code {
    /// One line, with its indent.
    pub fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref().trim_start();
        if line.starts_with(['}', ')', ']']) {
            self.depth = self.depth.saturating_sub(1);
        }
        let indent = if line.is_empty() { 0 } else { 4 * self.depth };
        self.text += &" ".repeat(indent);
        self.text += line;
        self.text.push('\n');
        if line.ends_with(['{', '(', '[']) {
            self.depth += 1;
        }
    }

    /// Some lines.
    pub fn lines<'l>(&mut self, lines: impl IntoIterator<Item = &'l str>) {
        lines.into_iter().for_each(|line| self.line(line));
    }

    /// The begin of a function: on one line where it fits.
    pub fn signature(&mut self, name: &str, arguments: &[&str], result: &str) {
        let whole = format!("{name}({}) -> {result} {{", arguments.join(", "));
        if 4 * self.depth + whole.len() <= WIDTH {
            return self.line(whole);
        }
        self.line(format!("{name}("));
        arguments.iter().for_each(|argument| self.line(format!("{argument},")));
        self.line(format!(") -> {result} {{"));
    }

    /// What returns where the condition holds.
    pub fn early(&mut self, condition: &str, value: &str) {
        self.line(format!("if {condition} {{"));
        self.line(format!("return {value};"));
        self.line("}");
    }

    /// A table of numbers, as many on a line as fit; `kind` is their type. rustfmt would give each a line.
    pub fn table(&mut self, name: &str, kind: &str, numbers: &[u64]) {
        self.line("#[rustfmt::skip]");
        self.line(format!("const {name}: &'static [{kind}; {}] = &[", numbers.len()));
        let mut row = String::new();
        for &one in numbers {
            let one = number(one) + ",";
            if 4 * (self.depth + 1) + row.len() + one.len() + 1 > WIDTH {
                self.line(&row);
                row.clear();
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row += &one;
        }
        self.line(row);
        self.line("];");
    }

    /// A struct that is made, between what stands before and after it.
    pub fn made(&mut self, open: &str, members: &[(&str, String)], close: &str) {
        if let [(name, value)] = members
            && name.len() + value.len() + 2 <= LITERAL
        {
            return self.line(format!("{open} {{ {name}: {value} }}{close}"));
        }
        self.line(format!("{open} {{"));
        members.iter().for_each(|(name, value)| self.member(name, value));
        self.line(format!("}}{close}"));
    }

    fn member(&mut self, name: &str, value: &str) {
        let whole = format!("{name}: {value},");
        match value.split_once(".then") {
            Some((first, then)) if value.len() > CHAIN || 4 * self.depth + whole.len() > WIDTH => {
                self.line(format!("{name}: {first}"));
                self.depth += 1;
                self.line(format!(".then{then},"));
                self.depth -= 1;
            }
            _ => self.line(whole),
        }
    }

    /// One arm of a `match`.
    pub fn arm(&mut self, pattern: &str, value: &str) {
        let whole = format!("{pattern} => {value},");
        if 4 * self.depth + whole.len() <= WIDTH {
            return self.line(whole);
        }
        self.line(format!("{pattern} => {{"));
        self.line(value);
        self.line("}");
    }

    /// The end of a block, without the empty line before it.
    pub fn end(&mut self) {
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        self.line("}");
        self.line("");
    }

    pub fn into_text(self) -> String {
        self.text
    }
}

/// A number with a gap after each three digits.
pub(super) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// The type of a value as it is read.
pub(super) fn read_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Duration | FieldType::Bitrate | FieldType::Integer => "u64",
        FieldType::Category => "&'a str",
        FieldType::Flag => "bool",
    }
}

/// A name of a policy for a comment: nothing in it ends the line or turns the text.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.escape_debug())
}
