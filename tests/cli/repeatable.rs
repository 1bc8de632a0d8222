//! The same command gives the same bytes, on any number of threads.

use crate::tool::{Folder, finish};

#[test]
fn synthetic_catalogues() {
    let folder = Folder::new();
    let threads: [&[(&str, &str)]; 5] = [
        &[],
        &[],
        &[("RAYON_NUM_THREADS", "1")],
        &[("RAYON_NUM_THREADS", "3")],
        &[("POLARS_MAX_THREADS", "1"), ("RAYON_NUM_THREADS", "2")],
    ];
    for name in ["out.parquet", "out.csv"] {
        let mut first = None;
        for environment in threads {
            let mut command =
                folder.command(&["catalogue", "synth", "--titles", "2000", "--seed", "7", "-o", name]);
            command.envs(environment.iter().copied());
            finish(command).ok();
            let bytes = folder.read(name);
            assert!(first.get_or_insert_with(|| bytes.clone()) == &bytes, "{name}, {environment:?}");
        }
    }
    folder.run(&["catalogue", "synth", "--titles", "2000", "--seed", "8", "-o", "other.csv"]).ok();
    assert!(folder.read("other.csv") != folder.read("out.csv"), "another seed");
}

#[test]
fn results() {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "600", "-o", "in.parquet"]).ok();
    for args in [
        &["measure", "--catalogue", "in.parquet", "--duration", "floor:1min", "--by", "genre", "--json"][..],
        &[
            "attack",
            "all",
            "--catalogue",
            "in.parquet",
            "--duration",
            "floor:1min",
            "--draws",
            "2000",
            "--servers",
            "40",
            "--plays",
            "30",
            "--json",
        ],
        &[
            "attack",
            "averaging",
            "--catalogue",
            "in.parquet",
            "--channel",
            "noise:0.5@1min+fresh",
            "--draws",
            "30",
            "--json",
        ],
        &["catalogue", "describe", "in.parquet", "--json"],
    ] {
        let run = |threads: &str| {
            let mut command = folder.command(args);
            command.env("RAYON_NUM_THREADS", threads).env("POLARS_MAX_THREADS", threads);
            finish(command).ok()
        };
        assert!(run("1") == run("3"), "{args:?}");
    }
}
