//! How coarsely must the side fields be told beside rounded durations?
//! `cargo run --release --example side_levels`

use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::catalogue::{Hierarchy, SideField};
use coarsen::classes::Generalization;
use coarsen::policy::Limits;
use coarsen::rounding::Rounding;
use coarsen::search::lattice::side_levels;
use coarsen::units::Dimension;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalogue = synthesize(&Recipe::builtin("video")?, 5_000, 1)?;
    let generalization = Generalization {
        duration: Rounding::parse("floor:10min+top:90min", Dimension::Duration)?,
        ..Generalization::drop()
    };
    let mut limits = Limits::default();
    limits.set("exposed_share=0.01")?;
    let hierarchies = SideField::REPORTED.map(|field| Hierarchy::builtin(field).map(|built| (field, built)));
    let hierarchies = hierarchies.into_iter().collect::<Result<Vec<_>, _>>()?;
    let pairs: Vec<(SideField, &Hierarchy)> =
        hierarchies.iter().map(|(field, built)| (*field, built)).collect();
    let (found, asked) = side_levels(&catalogue, &generalization, &pairs, &limits)?;
    let Some(found) = found else {
        println!("no combination of levels meets the limits ({asked} were asked)");
        return Ok(());
    };
    for ((field, hierarchy), level) in pairs.iter().zip(&found.levels) {
        let rounding = match *level {
            0 => "keep".to_owned(),
            level if level + 1 == hierarchy.levels() => "drop".to_owned(),
            level => hierarchy.groups(level)?.to_string(),
        };
        println!("{field}: {rounding}");
    }
    let evaluation = &found.evaluation;
    println!(
        "{asked} of 81 combinations asked; k of titles {}, distortion {:.3}",
        evaluation.measures.k_titles_budget(),
        evaluation.distortion.total
    );
    Ok(())
}
