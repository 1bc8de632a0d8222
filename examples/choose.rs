//! Which rounding meets my limits at the least loss, and what would one step finer break?
//! `cargo run --release --example choose`

use coarsen::catalogue::synthetic::{Recipe, synthesize};
use coarsen::classes::Cells;
use coarsen::policy::Limits;
use coarsen::search::{Candidates, Shape, neighbors, recommend_shape};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalogue = synthesize(&Recipe::builtin("video")?, 5_000, 1)?;
    let cells = Cells::new(&catalogue);
    let mut limits = Limits::default();
    for limit in ["k_titles=10", "exposed_share=0.01"] {
        limits.set(limit)?;
    }
    let candidates = Candidates::standard()?;
    for shape in Shape::all() {
        let choice = recommend_shape(&cells, &shape, &candidates, &limits, &|| ());
        println!(
            "{} ({}): {}",
            shape.name,
            shape.about,
            if choice.holds() { "holds" } else { "breaks a limit" }
        );
        for ping in &choice.pings {
            println!("  {}: {}", ping.ping.name, ping.found.evaluation().generalization);
            let finer = neighbors(&cells, ping, &candidates, &limits);
            for neighbor in finer.iter().filter(|neighbor| neighbor.step == "finer") {
                let breaks = neighbor.breaches.first().map_or("nothing", |breach| breach.limit.as_str());
                println!("    {} {} would break {breaks}", neighbor.attribute, neighbor.rounding);
            }
        }
    }
    Ok(())
}
