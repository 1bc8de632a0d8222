//! `coarsen sweep`.

use std::process::ExitCode;

use coarsen::anonymity::{Counts, Ranks};
use coarsen::catalogue::SideField;
use coarsen::catalogue::ingest::Format;
use coarsen::classes::Cells;
use coarsen::report::{Manifest, Parts, write_sweep};
use coarsen::rounding::Rounding;
use coarsen::search::{Grid, Measured, Sweep};
use coarsen::study::Progress;
use coarsen::units::Dimension;

use crate::args::{CatalogueFile, side_fields};
use crate::failure::Failure;
use crate::output;
use crate::places::Output;
use crate::progress::Bar;

#[derive(clap::Args)]
#[command(after_help = "Example: coarsen sweep --catalogue mixed.parquet --duration-widths 1s..120s:1s \
    --bitrate-widths 100kbps,500kbps,log:1 --by resolution --baselines -o sweep.parquet")]
pub struct Args {
    #[command(flatten)]
    catalogue: CatalogueFile,
    /// Widths of duration: a list such as 1s,5s,10s, a range such as 1s..120s:1s (first..last:step), or whole
    /// roundings such as digits:2 or quantile:20, of the catalogue; `edges:20min,45min` stands alone between
    /// semicolons. Nice steps from 1 s to 1 h where absent.
    #[arg(long, value_name = "LIST")]
    duration_widths: Option<String>,
    /// Widths of bit rate, likewise; nice steps from 10 kbps to 10 Mbps where absent.
    #[arg(long, value_name = "LIST")]
    bitrate_widths: Option<String>,
    /// Every phase of each width of duration, at this step (--duration-phases 1min adds floor:5min@1min to @4min).
    #[arg(long, value_name = "STEP")]
    duration_phases: Option<String>,
    /// Likewise of bit rate.
    #[arg(long, value_name = "STEP")]
    bitrate_phases: Option<String>,
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
    /// The columns: all, or counts (class sizes alone, for millions of candidates).
    #[arg(long, value_name = "COLUMNS", default_value = "all", value_parser = ["all", "counts"])]
    measures: String,
    /// Parquet or CSV, by its ending; a name without one is a folder of Parquet files, in which a sweep that was
    /// interrupted goes on when its command is repeated.
    #[arg(short, long, value_name = "FILE|FOLDER")]
    output: Output,
}

/// The most candidates that one file may hold: they are all in memory until it is written.
const MOST_IN_A_FILE: u64 = 1_000_000;

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    if !(0.0..1.0).contains(&args.exposed) {
        return Err(Failure::Input("--exposed must be a share from 0 to below 1".to_owned()));
    }
    let folder = args.output.extension().is_none();
    if folder {
        output::check_folder(&args.output)?;
    } else {
        Format::of(&args.output).map_err(Failure::input)?;
        output::check_place(&args.output)?;
    }
    let mut table = args.catalogue.read()?;
    table.catalogue.forget_popularity();
    let lists = (args.duration_widths.as_deref(), args.bitrate_widths.as_deref());
    let mut grid = Grid::from_lists_on(Some(&table.catalogue), lists.0, lists.1).map_err(Failure::input)?;
    for (step, dimension) in
        [(&args.duration_phases, Dimension::Duration), (&args.bitrate_phases, Dimension::Bitrate)]
    {
        if let Some(step) = step {
            let step = dimension.parse(step).map_err(Failure::input)?;
            grid = grid.with_phases(dimension, step).map_err(Failure::input)?;
        }
    }
    if args.baselines {
        grid = grid.with_baselines();
    }
    if table.catalogue.bitrate_bps().is_none() {
        if args.bitrate_widths.is_some() {
            let mend = "leave out --bitrate-widths";
            return Err(Failure::Input(format!("the catalogue has no `bitrate_bps`: {mend}")));
        }
        output::note("the catalogue has no bit rate, so only the duration is swept");
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
    let asked = Asked { args, sha256: &table.sha256, sweep: Sweep::new(&cells, &grid, &sets, args.exposed) };
    match (args.measures.as_str(), folder) {
        ("counts", true) => asked.fill_folder::<Counts>(&grid, &sets),
        ("counts", false) => asked.fill_file::<Counts>(),
        (_, true) => asked.fill_folder::<Ranks>(&grid, &sets),
        (_, false) => asked.fill_file::<Ranks>(),
    }
}

struct Asked<'a, 'c, 's> {
    args: &'a Args,
    sha256: &'a str,
    sweep: Sweep<'c, 's>,
}

impl Asked<'_, '_, '_> {
    fn fill_file<M: Measured>(&self) -> Result<ExitCode, Failure> {
        let candidates = self.sweep.candidates();
        if candidates > MOST_IN_A_FILE {
            return Err(Failure::Input(format!(
                "{candidates} candidates are too many for one file; give a folder, a name without an ending: -o sweep"
            )));
        }
        let all: Vec<usize> = (0..self.sweep.parts().len()).collect();
        let bar = Bar::new();
        bar.share("sweep", self.sweep.work(&all));
        let rows = self.sweep.rows::<M>(&|_, work| bar.advance(work));
        bar.finish();
        write_sweep(&self.args.output, &rows).map_err(Failure::input)?;
        output::note(&format!("{}: {} candidates", self.args.output.display(), rows.len()));
        Ok(ExitCode::SUCCESS)
    }

    fn fill_folder<M: Measured>(&self, grid: &Grid, by: &[Vec<SideField>]) -> Result<ExitCode, Failure> {
        let text = |list: &[Rounding]| list.iter().map(Rounding::to_string).collect();
        let names = |by: &Vec<SideField>| by.iter().map(|field| field.name()).collect();
        let manifest = Manifest {
            schema: "coarsen.sweep/1",
            version: env!("CARGO_PKG_VERSION"),
            catalogue: self.sha256.to_owned(),
            measures: M::NAME,
            durations: text(&grid.durations),
            bitrates: text(&grid.bitrates),
            by: by.iter().map(names).collect(),
            exposed: self.args.exposed,
            parts: self.sweep.parts().len(),
        };
        let parts = Parts::open(&self.args.output, &manifest).map_err(Failure::input)?;
        let missing = parts.missing();
        let found = manifest.parts - missing.len();
        if found > 0 {
            output::note(&format!("{found} of {} files are there already", manifest.parts));
        }
        let bar = Bar::new();
        bar.share("sweep", self.sweep.work(&missing));
        let done = self.sweep.run::<M, _>(&missing, &|_, work| bar.advance(work), |part, rows| {
            let rows: Vec<M::Row> = rows.into_iter().map(|(_, row)| row).collect();
            parts.write(part, &rows)
        });
        bar.finish();
        done.map_err(Failure::input)?;
        let (path, candidates) = (self.args.output.display(), self.sweep.candidates());
        output::note(&format!("{path}: {candidates} candidates in {} files", manifest.parts));
        Ok(ExitCode::SUCCESS)
    }
}

/// Every subset, the empty one first.
fn subsets(fields: &[SideField]) -> Vec<Vec<SideField>> {
    let pick =
        |mask: u32| fields.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, &f)| f).collect();
    (0..1u32 << fields.len()).map(pick).collect()
}
