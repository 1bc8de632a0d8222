//! A room uses the rooms above it, never one below; and the source holds no unsafe code.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in order: each may use those before it.
const ROOMS: [&str; 12] = [
    "units",
    "rounding",
    "policy",
    "catalogue",
    "telemetry",
    "classes",
    "anonymity",
    "attack",
    "utility",
    "search",
    "study",
    "report",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The rooms that a text names as `crate::ROOM`, alone or in braces, or by as many `super`s; comments don't count.
/// `super` once leads out of a room from its `mod.rs` alone.
fn used(text: &str, is_mod: bool) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter_map(|line| line.split("//").next()).collect();
    let code = code.join("\n");
    let prefixes = ["crate::", "super::super::", "super::"];
    let mut rooms: Vec<String> = Vec::new();
    for prefix in &prefixes[..if is_mod { 3 } else { 2 }] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            let named = match rest.strip_prefix('{') {
                Some(list) => heads(list),
                None => vec![word(rest)],
            };
            rooms.extend(named.into_iter().filter(|name| ROOMS.contains(name)).map(str::to_owned));
        }
    }
    rooms
}

fn word(text: &str) -> &str {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()
}

/// The first name of each item of a list, up to the brace that closes it.
fn heads(list: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.push(word(list[start..at].trim()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// Every use of a room by a room that stands above it.
fn backward(room: &str, text: &str, is_mod: bool) -> Vec<String> {
    let own = ROOMS.iter().position(|r| *r == room).expect("a known room");
    used(text, is_mod)
        .into_iter()
        .filter(|used| ROOMS.iter().position(|r| r == used).is_some_and(|at| at > own))
        .collect()
}

#[test]
fn rooms_use_only_rooms_above_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = 0;
    for path in sources(&source) {
        let inside = path.strip_prefix(&source).expect("a path in src");
        let first = inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        let room = first.trim_end_matches(".rs");
        if room == "bin" || room == "lib" {
            continue;
        }
        assert!(ROOMS.contains(&room), "{} lies in no room: name it in ROOMS", inside.display());
        let text = fs::read_to_string(&path).expect("readable source");
        // A room's own file stands where its mod.rs would.
        let is_mod = inside.components().count() == 1
            || inside.components().count() == 2 && inside.ends_with("mod.rs");
        assert_eq!(
            backward(room, &text, is_mod),
            Vec::<String>::new(),
            "{} uses a room below it",
            inside.display()
        );
        seen += 1;
    }
    assert!(seen > 50, "only {seen} files were read");
}

#[test]
fn a_planted_backward_use_is_caught() {
    for (room, text, is_mod, caught) in [
        ("classes", "use crate::search::sweep;", false, &["search"][..]),
        ("units", "use crate::{policy::Policy, rounding::Floor};", false, &["policy", "rounding"]),
        ("attack", "use crate::{search, study};", false, &["search", "study"]),
        ("attack", "use crate::{\n    classes::{Cells, search},\n    study as s,\n};", false, &["study"]),
        ("classes", "use super::super::search::sweep;", false, &["search"]),
        ("classes", "use super::super::{search, units};", false, &["search"]),
        ("classes", "use super::search::sweep;", true, &["search"]),
        ("classes", "use super::search::sweep;", false, &[]),
        ("search", "use crate::classes::Cells; // crate::report\n// crate::study", false, &[]),
    ] {
        assert_eq!(backward(room, text, is_mod), caught, "{text}");
    }
}

/// What a text takes of the system's clocks and threads; tests at its end don't count, nor do comments. Storage of a
/// thread's own is no thread.
fn clocks_and_threads(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let code: Vec<&str> = code.lines().filter_map(|line| line.split("//").next()).collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    for prefix in ["std::", "core::"] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            let named = rest.strip_prefix('{').map_or_else(|| vec![word(rest)], heads);
            let of_the_system = named.into_iter().filter(|name| ["time", "thread"].contains(name));
            found.extend(of_the_system.map(|name| format!("{prefix}{name}")));
        }
    }
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let names = ["Instant", "SystemTime", "OffsetDateTime", "UtcDateTime", "rayon"];
    found.extend(words.filter(|word| names.contains(word)).map(str::to_owned));
    found
}

/// What a client embeds asks no clock and starts no thread: the day is an argument.
#[test]
fn the_core_has_no_clock_and_no_thread() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for room in ["src/units", "src/rounding", "src/policy", "capi/src"] {
        let (folder, file) = (root.join(room), root.join(format!("{room}.rs")));
        let found = if folder.is_dir() { sources(&folder) } else { vec![file] };
        assert!(!found.is_empty(), "{room} is there");
        files.extend(found);
    }
    assert!(files.len() > 30, "only {} files were read", files.len());
    for path in files {
        let text = fs::read_to_string(&path).expect("readable source");
        assert_eq!(clocks_and_threads(&text), Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn a_planted_clock_or_thread_is_caught() {
    for (text, caught) in [
        ("use std::time::Instant;", &["std::time", "Instant"][..]),
        ("use std::{fmt, thread};", &["std::thread"]),
        ("use core::{\n    fmt::{self, time},\n    time::Duration,\n};", &["core::time"]),
        ("let now = SystemTime::now();", &["SystemTime"]),
        ("std::thread::spawn(run);", &["std::thread"]),
        ("use rayon::prelude::*;", &["rayon"]),
        ("// std::time\nlet time = std::fmt::Error; thread_local! {}", &[]),
        ("fn run() {}\n#[cfg(test)]\nmod tests { use std::thread; }", &[]),
    ] {
        assert_eq!(clocks_and_threads(text), caught, "{text}");
    }
}

#[test]
fn the_core_needs_no_room_below_policy() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("lib.rs");
    for (room, lean) in ROOMS.iter().map(|room| (room, ["units", "rounding", "policy"].contains(room))) {
        let declared = format!("pub mod {room};");
        let gated = format!("#[cfg(feature = \"harness\")]\n{declared}");
        assert!(lib.contains(&declared), "{room} is declared");
        assert_eq!(!lib.contains(&gated), lean, "{room} is in the lean core exactly if it should be");
    }
    assert!(lib.contains("#![forbid(unsafe_code)]") && lib.contains("#![deny(missing_docs)]"));
}
