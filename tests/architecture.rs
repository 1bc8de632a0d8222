//! A room uses the rooms above it, never one below; and the source holds no unsafe code.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in order: each may use those before it.
const ROOMS: [&str; 10] = [
    "units",
    "rounding",
    "policy",
    "catalogue",
    "classes",
    "anonymity",
    "attack",
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

/// The rooms that a text names as `crate::ROOM`, alone or in braces; comments don't count.
fn used(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter_map(|line| line.split("//").next()).collect();
    let code = code.join("\n");
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let list = &list[..list.find("};").unwrap_or(list.len())];
            rooms.extend(
                ROOMS.iter().filter(|room| list.contains(&format!("{room}::"))).map(|r| (*r).to_owned()),
            );
        } else {
            rooms.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    rooms
}

/// Every use of a room by a room that stands above it.
fn backward(room: &str, text: &str) -> Vec<String> {
    let own = ROOMS.iter().position(|r| *r == room).expect("a known room");
    used(text)
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
        assert_eq!(backward(room, &text), Vec::<String>::new(), "{} uses a room below it", inside.display());
        seen += 1;
    }
    assert!(seen > 50, "only {seen} files were read");
}

#[test]
fn a_planted_backward_use_is_caught() {
    assert_eq!(backward("classes", "use crate::search::sweep;"), ["search"]);
    assert_eq!(backward("units", "use crate::{policy::Policy, rounding::Floor};"), ["rounding", "policy"]);
    assert_eq!(
        backward("search", "use crate::classes::Cells; // crate::report\n// crate::study"),
        Vec::<String>::new()
    );
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
