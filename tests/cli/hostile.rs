//! Names and cells that want to drive the terminal, or to fill it.

use crate::tool::{Folder, is_plain};

const HOSTILE: [&str; 5] =
    ["\u{1b}[31mred\u{1b}[0m", "\u{1b}]0;title\u{7}", "a\u{0}b", "\u{202e}txt", "\u{9b}2J"];

fn long() -> String {
    "x".repeat(1_000_000)
}

#[test]
fn messages() {
    let folder = Folder::new();
    let long = long();
    for text in HOSTILE.into_iter().chain(["a\nb", "a\rb", &long]) {
        let tables = [
            format!("title_id,duration_ms,kind\n1,\"{text}\",movie\n"),
            format!("title_id,duration_ms,kind,popularity\n1,5,movie,\"{text}\"\n"),
            format!("title_id,duration_ms,kind,width\n1,5,movie,\"{text}\"\n"),
            format!("title_id,duration_ms,kind,\"{text}\"\n1,5,movie,x\n"),
            format!("title_id,duration_ms,kind,\"{text}\",\"{text}\"\n1,5,movie,x,y\n"),
            format!("title_id,duration_ms,kind\n1,5,movie\n1,5,\"{text}\"\n"),
            format!("title_id,duration_ms,kind\n1,5,\"{text}\"\n1,5,movie\n"),
            format!("\"{text}\"\n1\n"),
            format!("\"{text};{text}\"\n1\n"),
        ];
        for table in tables {
            folder.write("in.csv", table);
            let said =
                folder.refused(&["measure", "--catalogue", "in.csv", "--duration", "keep"], &["in.csv"]);
            assert!(is_plain(&said) && said.len() < 2_000 && said.lines().count() == 1, "{said:?}");
            let missing = ["catalogue", "describe", "in.csv", "--map", "z=kind"];
            let said = folder.refused(&missing, &["in.csv"]);
            assert!(is_plain(&said) && said.len() < 2_000 && said.lines().count() == 1, "{said:?}");
        }
        if text.len() < 100 && !text.contains('\0') {
            let said = folder.refused(&["measure", "--catalogue", "in.csv", "--by", text], &[]);
            assert!(is_plain(&said), "{said:?}");
        }
    }
}

#[test]
fn results() {
    let folder = Folder::new();
    let long = long();
    for text in HOSTILE.into_iter().chain(["a\nb", &long]) {
        folder.write(
            "in.csv",
            format!("title_id,duration_ms,kind,genre\n1,5,\"{text}\",\"{text}\"\n2,9,b,c\n"),
        );
        let plain = |args: &[&str]| {
            let shown = folder.run(args).ok();
            assert!(is_plain(&shown) && shown.len() < 20_000, "{args:?}");
        };
        plain(&["measure", "--catalogue", "in.csv", "--duration", "keep", "--by", "genre"]);
        plain(&["catalogue", "describe", "in.csv"]);
        // JSON escapes the name and keeps all of it.
        let measured = folder.measure("in.csv", &["--duration", "keep"]);
        assert_eq!(measured["by_kind"][text]["files"], 1);
        // And so does a table.
        folder.run(&["catalogue", "import", "in.csv", "-o", "out.csv"]).ok();
        assert_eq!(folder.measure("out.csv", &["--duration", "keep"]), measured);
    }
}

#[test]
fn studies() {
    let folder = Folder::new();
    let mut table = "title_id,duration_ms,kind\n".to_owned();
    for title in 0..60 {
        let kind = ["\u{1b}[31mred", "\u{202e}txt", "movie"][title % 3];
        table.push_str(&format!("{title},{},\"{kind}\"\n", 60_000 * (title / 10 + 1)));
    }
    folder.write("in.csv", table).write(
        "study.toml",
        "real = false\ndraws = 1000\n[catalogue]\nfile = \"in.csv\"\n[plays]\nplays = 500\nreplicas = 100\n[limits]\nk_titles = 2\nk_series = 2\n",
    );
    let ran = folder.run(&["study", "study.toml", "--out", "out"]);
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.stderr);
    let read = |name: &str| String::from_utf8(folder.read(name)).expect("UTF-8");
    for (place, text) in [
        ("standard output", ran.stdout.clone()),
        ("report.md", read("out/report.md")),
        ("report.html", read("out/report.html")),
    ] {
        assert!(!text.contains('\u{1b}'), "{place} holds a raw escape");
        assert!(!text.contains('\u{202e}'), "{place} holds a raw override of direction");
    }
}
