//! No verb writes over what it reads, nor two of its outputs into one file, under whatever names.

use std::collections::BTreeSet;
use std::fs;

use crate::tool::{Folder, finish};

/// A verb that writes: its name; its outputs, each with a name that the verb takes; the files that it reads, `=` before
/// those that stand in a larger value; what else it must be given. A place without dashes stands by itself.
struct Writer {
    verb: &'static [&'static str],
    outputs: &'static [(&'static str, &'static str)],
    inputs: &'static [(&'static str, &'static str)],
    rest: &'static [&'static str],
}

const WRITERS: &[Writer] = &[
    Writer {
        verb: &["catalogue", "synth"],
        outputs: &[("--output", "out.csv")],
        inputs: &[("--recipe", "")],
        rest: &["--titles", "9"],
    },
    Writer {
        verb: &["catalogue", "import"],
        outputs: &[("--output", "out.csv")],
        inputs: &[("<INPUT>", "")],
        rest: &[],
    },
    Writer {
        verb: &["sweep"],
        outputs: &[("--output", "out.csv")],
        inputs: &[("--catalogue", "")],
        rest: &[],
    },
    Writer {
        verb: &["recommend"],
        outputs: &[("--output", "out.csv")],
        inputs: &[
            ("--catalogue", ""),
            ("--judge", ""),
            ("--grow", ""),
            ("--hierarchy", "resolution="),
            ("--plays", ""),
            ("--questions", ""),
        ],
        rest: &["--robust"],
    },
    Writer {
        verb: &["verify"],
        outputs: &[("--junit", "out.xml")],
        inputs: &[("--policy", ""), ("--catalogue", "")],
        rest: &[],
    },
    Writer {
        verb: &["policy", "ledger"],
        outputs: &[("--output", "out.md")],
        inputs: &[("<POLICY.toml>", "")],
        rest: &[],
    },
    Writer {
        verb: &["policy", "justify"],
        outputs: &[("--output", "out.toml")],
        // The policy itself may be written over.
        inputs: &[("--catalogue", ""), ("--results", "")],
        rest: &["edited.toml"],
    },
    Writer {
        verb: &["policy", "rust"],
        outputs: &[("--output", "out.rs")],
        inputs: &[("<POLICY.toml>", "")],
        rest: &[],
    },
    Writer {
        verb: &["apply"],
        outputs: &[("--output", "out.csv"), ("--refused", "bad.csv")],
        inputs: &[("<INPUT>...", ""), ("--policy", ""), ("--servers", "")],
        rest: &[],
    },
    Writer {
        verb: &["plays", "simulate"],
        outputs: &[("--output", "out.csv")],
        inputs: &[("--catalogue", "")],
        rest: &["--plays", "9"],
    },
    Writer {
        verb: &["plays", "import"],
        outputs: &[("--output", "out.csv"), ("--refused", "bad.csv")],
        inputs: &[("<INPUT>", "")],
        rest: &["--from", "table"],
    },
];

/// Verbs that write no file, and the study, whose folder is tested below.
const OTHERS: &[&[&str]] = &[
    &["study"],
    &["catalogue", "describe"],
    &["measure"],
    &["policy", "preview"],
    &["policy", "diff"],
    &["policy", "sql"],
    &["diagnose"],
    &["plays", "describe"],
];

/// The lines of a section of a help text.
fn section<'h>(help: &'h str, name: &str) -> Vec<&'h str> {
    let lines = help.lines().skip_while(|line| *line != name).skip(1);
    lines.take_while(|line| line.is_empty() || line.starts_with(' ')).collect()
}

/// The arguments that name a file, as the help tells them.
fn files(help: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in [section(help, "Arguments:"), section(help, "Options:")].concat() {
        let line = line.trim();
        let is_file = |value: &str| {
            let value = value.trim_end_matches("...").trim_matches(['<', '>', '[', ']']);
            value.contains("FILE") && value != "FILES"
                || ["INPUT", "OUTPUT", "DIR"].contains(&value)
                || value.ends_with(".toml")
                || value.ends_with(".json")
        };
        if line.starts_with('<') || line.starts_with('[') {
            let name = line.split("  ").next().unwrap_or(line);
            if is_file(name) {
                found.insert(name.to_owned());
            }
        } else if let Some(at) = line.find("--").filter(|_| line.starts_with('-')) {
            let mut words = line[at..].split_whitespace();
            let (name, value) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            if value.starts_with('<') && is_file(value) {
                found.insert(name.to_owned());
            }
        }
    }
    found
}

/// Every verb, down to those that hold no others.
fn verbs(folder: &Folder, of: &[&str]) -> Vec<Vec<String>> {
    let help = folder.run(&[of, &["--help"]].concat()).ok();
    let names: Vec<&str> = section(&help, "Commands:")
        .into_iter()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    if names.is_empty() {
        return vec![of.iter().map(|word| (*word).to_owned()).collect()];
    }
    names.iter().flat_map(|name| verbs(folder, &[of, &[*name]].concat())).collect()
}

/// A verb that is new, or a file that a verb newly names, has its place in the table.
#[test]
fn the_table_holds_every_verb_and_every_file() {
    let folder = Folder::new();
    let mut seen = 0;
    for verb in verbs(&folder, &[]) {
        let words: Vec<&str> = verb.iter().map(String::as_str).collect();
        if words[0] == "attack" {
            // Attackers share their arguments, and none of them writes.
            let help = folder.run(&[&words[..], &["--help"]].concat()).ok();
            assert!(!help.contains("--output") && !help.contains("--out "), "{words:?}");
            continue;
        }
        seen += 1;
        if OTHERS.contains(&&words[..]) {
            let help = folder.run(&[&words[..], &["--help"]].concat()).ok();
            for output in ["--output", "--junit", "--refused"] {
                assert!(!help.contains(output), "{words:?} writes: put it into the table");
            }
            continue;
        }
        let writer = WRITERS.iter().find(|writer| writer.verb == words);
        let writer = writer.unwrap_or_else(|| panic!("{words:?} is in no table"));
        let told = files(&folder.run(&[&words[..], &["--help"]].concat()).ok());
        let held: BTreeSet<String> =
            writer.outputs.iter().chain(writer.inputs).map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(told, held, "{words:?}: the files that it names, and those in the table");
    }
    assert_eq!(seen, WRITERS.len() + OTHERS.len());
}

/// The arguments of a verb, each file by the name that `name_of` gives it.
fn args(writer: &Writer, name_of: impl Fn(&str) -> String) -> Vec<String> {
    let mut args: Vec<String> =
        writer.verb.iter().chain(writer.rest).map(|word| (*word).to_owned()).collect();
    for (place, prefix) in writer.inputs {
        if place.starts_with("--") {
            args.push((*place).to_owned());
        }
        args.push(format!("{prefix}{}", name_of(place)));
    }
    for (place, _) in writer.outputs {
        args.extend([(*place).to_owned(), name_of(place)]);
    }
    args
}

#[test]
fn no_output_is_an_input() {
    for writer in WRITERS {
        for (output, name) in writer.outputs {
            for (input, _) in writer.inputs {
                let folder = Folder::new();
                fs::create_dir(folder.path("sub")).unwrap();
                folder.write(name, "mine").write("edited.toml", "");
                let mut names = vec![(*name).to_owned(), format!("./{name}"), format!("sub/../{name}")];
                #[cfg(unix)]
                {
                    std::os::unix::fs::symlink(folder.path(name), folder.path("soft")).unwrap();
                    fs::hard_link(folder.path(name), folder.path("hard")).unwrap();
                    names.extend(["soft".to_owned(), "hard".to_owned()]);
                }
                for other in names {
                    let name_of = |place: &str| {
                        let known = writer.outputs.iter().find(|(output, _)| *output == place);
                        match known {
                            Some((_, name)) => (*name).to_owned(),
                            None if place == *input => other.clone(),
                            None => format!("other{}", place.trim_matches(['-', '<', '>', '.'])),
                        }
                    };
                    let args = args(writer, name_of);
                    let args: Vec<&str> = args.iter().map(String::as_str).collect();
                    let told = folder.refused(&args, &["is the same file as", name]);
                    assert!(told.contains("which is read"), "{output} and {input}: {told}");
                }
            }
        }
    }
}

#[test]
fn no_two_outputs_are_one() {
    for writer in WRITERS.iter().filter(|writer| writer.outputs.len() > 1) {
        let folder = Folder::new();
        fs::create_dir(folder.path("sub")).unwrap();
        for name in ["same.csv", "./same.csv", "sub/../same.csv"] {
            let name_of = |place: &str| match place {
                "--output" => "same.csv".to_owned(),
                "--refused" => name.to_owned(),
                place => format!("other{}", place.trim_matches(['-', '<', '>', '.'])),
            };
            let args = args(writer, name_of);
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            folder.refused(&args, &["is the same file as", "written as well"]);
        }
    }
}

/// The folder of a study holds no catalogue, recipe or configuration under a name that the study writes.
#[test]
fn a_study_keeps_what_it_reads() {
    let folder = Folder::new();
    let names = ["report.html", "report.md", "results.json", "sweep.parquet", "policy.toml"];
    for name in names {
        folder.write(name, "mine");
        for config in [
            format!("[catalogue]\nfile = \"{name}\"\n"),
            format!("[catalogue]\nrecipe = \"./{name}\"\ntitles = 9\n"),
            format!("[catalogue]\nrecipe = \"mixed\"\ntitles = 9\n[[judge]]\nfile = \"{name}\"\n"),
        ] {
            folder.write("study.toml", config);
            folder.refused(&["study", "study.toml", "--out", "."], &["is the same file as", name]);
        }
    }
    folder.write("policy.toml", "[catalogue]\nrecipe = \"mixed\"\ntitles = 9\n");
    folder.refused(&["study", "policy.toml", "--out", "."], &["is the same file as policy.toml"]);
}

/// `< FILE` and `>> FILE` name a file as well.
#[cfg(unix)]
#[test]
fn standard_streams_are_files_too() {
    use crate::apply::{ONE, apply, policy};
    let folder = Folder::new();
    folder.write("policy.toml", policy("", &ONE));
    let line = "{\"duration\": 1, \"consent\": {\"playback\": true}}\n";
    folder.write("io.jsonl", line).write("a.jsonl", line);
    let read = || fs::File::open(folder.path("io.jsonl")).unwrap();
    let append = || fs::OpenOptions::new().append(true).open(folder.path("io.jsonl")).unwrap();
    for (args, reads, writes, words) in [
        (&["-", "-o", "io.jsonl"][..], true, false, "io.jsonl is the same file as standard input"),
        (
            &["-", "-o", "o.csv", "--refused", "io.jsonl"],
            true,
            false,
            "io.jsonl is the same file as standard input",
        ),
        (&["io.jsonl", "-o", "-"], false, true, "standard output is the same file as io.jsonl"),
        (&["-", "-o", "-"], true, true, "standard output is the same file as standard input"),
        (
            &["a.jsonl", "-o", "-", "--refused", "io.jsonl"],
            false,
            true,
            "standard output is the same file as io.jsonl",
        ),
    ] {
        let before = folder.listing();
        let mut command = folder.command(&apply(args));
        if reads {
            command.stdin(read());
        }
        if writes {
            command.stdout(append());
        }
        let ran = finish(command);
        assert_eq!(ran.code, Some(2), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{args:?}: {}", ran.stderr);
        assert!(folder.listing() == before, "{args:?} changed the folder");
    }
    // Read from one file and written to another, it goes on.
    let mut command = folder.command(&apply(&["-", "-o", "out.jsonl"]));
    command.stdin(read());
    finish(command).ok();
    assert!(!folder.read("out.jsonl").is_empty());
}
