//! `attack intersection`: a size beside rounded numbers.

use serde_json::Value;

use crate::tool::{Folder, json};

#[test]
fn a_size_beside_rounded_numbers_names_the_file() {
    let folder = Folder::new();
    folder.run(&["catalogue", "synth", "--titles", "1500", "-o", "in.parquet"]).ok();
    let args = [
        "attack",
        "intersection",
        "--catalogue",
        "in.parquet",
        "--duration",
        "floor:30min",
        "--bitrate",
        "log:1",
    ];
    let attacked = json(&folder.run(&[&args[..], &["--json"]].concat()).ok());
    let ran = &attacked["attacks"][0];
    assert_eq!(ran["attacker"], "intersection");
    let of = |found: &Value| found["all"]["one_file"].as_f64().expect("a share");
    let with = ran["intersection"]["with"].as_array().expect("sizes");
    let shares: Vec<f64> =
        std::iter::once(of(&ran["intersection"]["before"])).chain(with.iter().map(of)).collect();
    assert!(shares.is_sorted(), "a finer size leaves no more: {shares:?}");
    assert!(shares[0] < 0.2 && shares[4] > 0.95, "{shares:?}");
    let sent = ran["intersection"]["sent"].as_array().expect("bytes sent");
    let shrinkage: Vec<f64> = sent.iter().map(|of| of["shrinkage"].as_f64().expect("a share")).collect();
    assert!(shrinkage.len() == 3 && shrinkage.iter().all(|share| *share < 0.7), "{shrinkage:?}");
    let text = folder.run(&args).ok();
    assert!(
        text.contains("bytes sent of a play that ends at")
            && text.contains("no size")
            && text.contains("floor:100000000"),
        "{text}"
    );

    // Without bit rates there is no size.
    folder.write("in.csv", crate::tool::SMALL);
    let none = ["attack", "intersection", "--catalogue", "in.csv", "--duration", "floor:1s", "--json"];
    let attacked = json(&folder.run(&none).ok());
    assert_eq!(attacked["attacks"][0]["not_applicable"], "the catalogue has no bit rates, and so no sizes");
}
