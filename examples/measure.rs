//! How identifiable is my library, raw and rounded? `cargo run --example measure`

use coarsen::anonymity::Thresholds;
use coarsen::catalogue::{Catalogue, Columns, SideField};
use coarsen::classes::{Cells, Generalization};
use coarsen::rounding::Rounding;
use coarsen::search::evaluate;
use coarsen::units::Dimension;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Six files of five titles: the second title is there in two encodes.
    let catalogue = Catalogue::new(Columns {
        title: vec![0, 1, 1, 2, 3, 4],
        duration_ms: vec![5_400_123, 5_423_417, 5_423_500, 5_581_040, 7_201_006, 7_290_451],
        bitrate_bps: Some([4_100, 5_200, 9_800, 4_700, 4_400, 6_000].map(|kbps| Some(kbps * 1_000)).to_vec()),
        side: [(SideField::Kind, ["movie"; 6].map(Some).into_iter().collect())].into(),
        ..Columns::default()
    })?;
    let cells = Cells::new(&catalogue);
    let rounded = Generalization {
        duration: Rounding::parse("floor:5min", Dimension::Duration)?,
        bitrate: Rounding::parse("log:1", Dimension::Bitrate)?,
        by: Vec::new(),
        other: Vec::new(),
    };
    for generalization in [Generalization::keep(&catalogue), rounded] {
        let measures = evaluate(&cells, &generalization, Thresholds::default(), &[0.0]).measures;
        println!(
            "{generalization}: {} classes, at least {} titles in each, {:.0} % of the files give their title away",
            measures.classes,
            measures.k.titles,
            100.0 * measures.reidentification.title.uniform,
        );
    }
    Ok(())
}
