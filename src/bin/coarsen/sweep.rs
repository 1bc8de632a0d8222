//! `coarsen sweep`.

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::catalogue::SideField;
use coarsen::catalogue::ingest::Format;
use coarsen::classes::Cells;
use coarsen::report::write_sweep;
use coarsen::rounding::Rounding;
use coarsen::search::{Grid, sweep};
use coarsen::study::Progress;
use coarsen::units::Dimension;

use crate::args::{CatalogueFile, side_fields};
use crate::failure::Failure;
use crate::output;
use crate::progress::Bar;

#[derive(clap::Args)]
#[command(after_help = "Example: coarsen sweep --catalogue mixed.parquet --duration-widths 1s..120s:1s \
    --bitrate-widths 100kbps,500kbps,log:1 --by resolution --baselines -o sweep.parquet")]
pub struct Args {
    #[command(flatten)]
    catalogue: CatalogueFile,
    /// Widths of duration: a list such as 1s,5s,10s, a range such as 1s..120s:1s (first..last:step), or whole
    /// roundings such as digits:2; nice steps from 1 s to 1 h where absent.
    #[arg(long, value_name = "LIST")]
    duration_widths: Option<String>,
    /// Widths of bit rate, likewise; nice steps from 10 kbps to 10 Mbps where absent.
    #[arg(long, value_name = "LIST")]
    bitrate_widths: Option<String>,
    /// Exactly this set of side fields; none where absent.
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    by: Vec<String>,
    /// Every subset of --by; of the reported side fields of the catalogue where --by is absent.
    #[arg(long)]
    by_subsets: bool,
    /// Add keep and drop on both sides.
    #[arg(long)]
    baselines: bool,
    /// The share of the files that k_files_budget and k_titles_budget may leave exposed.
    #[arg(long, value_name = "SHARE", default_value_t = 0.001)]
    exposed: f64,
    /// Parquet or CSV, by its ending.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    if !(0.0..1.0).contains(&args.exposed) {
        return Err(Failure::Input("--exposed must be a share from 0 to below 1".to_owned()));
    }
    Format::of(&args.output).map_err(Failure::input)?;
    output::check_place(&args.output)?;
    let lists = (args.duration_widths.as_deref(), args.bitrate_widths.as_deref());
    let mut grid = Grid::from_lists(lists.0, lists.1).map_err(Failure::input)?;
    if args.baselines {
        grid = grid.with_baselines();
    }
    let table = args.catalogue.read()?;
    if table.catalogue.bitrate_bps().is_none() {
        if args.bitrate_widths.is_some() {
            let mend = "leave out --bitrate-widths";
            return Err(Failure::Input(format!("the catalogue has no `bitrate_bps`: {mend}")));
        }
        eprintln!("the catalogue has no bit rate, so only the duration is swept");
        grid.bitrates = vec![Rounding::drop(Dimension::Bitrate)];
    }
    let mut by = side_fields(&args.by)?;
    if let Some(field) = by.iter().find(|&&field| table.catalogue.side(field).is_none()) {
        return Err(Failure::Input(format!("the catalogue has no `{field}`: leave it out of --by")));
    }
    if by.is_empty() && args.by_subsets {
        by = table.catalogue.reported();
    }
    let sets = if args.by_subsets { subsets(&by) } else { vec![by] };
    let cells = Cells::new(&table.catalogue);
    let bar = Bar::new();
    bar.stage("sweep", Some((grid.len() * sets.len()) as u64));
    let rows = sweep(&cells, &grid, &sets, args.exposed, &|done| bar.advance(done));
    bar.finish();
    write_sweep(&args.output, &rows).map_err(Failure::input)?;
    output::note(&format!("{}: {} candidates", args.output.display(), rows.len()));
    Ok(ExitCode::SUCCESS)
}

/// Every subset, the empty one first.
fn subsets(fields: &[SideField]) -> Vec<Vec<SideField>> {
    let pick =
        |mask: u32| fields.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, &f)| f).collect();
    (0..1u32 << fields.len()).map(pick).collect()
}
