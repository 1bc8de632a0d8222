//! The sweep against a polars group-by of each candidate, as a table: wall and CPU time of both sides in one run.
//!
//! `cargo bench --bench versus_polars` takes 100 thousand, 1 and 10 million files; `-- 1000000` takes one size. The
//! list is 12 durations x 9 bit rates spread over the grid of 120 x 100, so that fine and coarse candidates weigh as much
//! as they do there. A run in which polars did not get two cores is refused: a starved peer flatters.
//!
//! Both sides start from columns in memory. The peer shares nothing between candidates, as no tool that groups does:
//! the ratios are of a sweep against one at a time. The last rows are of one candidate alone.

#[path = "support/spent.rs"]
mod spent;
mod support;

use std::hint::black_box;

use coarsen::anonymity::{Counts, Ranks};
use coarsen::catalogue::{Catalogue, SideField};
use coarsen::classes::{Cells, Generalization, class_sizes};
use coarsen::rounding::Rounding;
use coarsen::search::{Grid, Measured, SweepRow, evaluate, sweep_of};
use coarsen::units::Dimension;
use polars::prelude::{Column, DataFrame, IdxCa, IntoColumn};
use rayon::prelude::*;
use spent::{Spent, spent};
use support::catalogue;

const GRID: (&str, &str) = ("1s..120s:1s", "100kbps..10Mbps:100kbps");
const LIST: (&str, &str) = ("5s..115s:10s", "600kbps..9400kbps:1100kbps");
const COUNTS_FLOOR: [(u32, f64); 3] = [(100_000, 60.0), (1_000_000, 80.0), (10_000_000, 130.0)];
const FULL_FLOOR: [(u32, f64); 3] = [(100_000, 30.0), (1_000_000, 50.0), (10_000_000, 90.0)];

impl Spent {
    fn per(self, candidates: usize) -> Self {
        let n = candidates as f64;
        Self { wall: self.wall / n, cpu: self.cpu.map(|cpu| cpu / n) }
    }
}

/// The columns that the peer groups by, made anew for each candidate from the raw ones.
fn frame(catalogue: &Catalogue, duration: u64, bitrate: u64) -> DataFrame {
    // On both cores, so that what polars is given costs it as little as it can.
    let durations: Vec<u32> = catalogue.duration_ms().par_iter().map(|ms| ms / duration as u32).collect();
    let rates = catalogue.bitrate_bps().expect("bit rates");
    let rates: Vec<u32> =
        rates.par_iter().map(|rate| rate.map_or(u32::MAX, |r| r.get() / bitrate as u32)).collect();
    let column = catalogue.side(SideField::Resolution).expect("resolutions");
    let resolutions: Vec<u32> =
        (0..column.len()).into_par_iter().map(|row| column.index(row) as u32).collect();
    let columns = vec![
        Column::new("duration".into(), durations),
        Column::new("bitrate".into(), rates),
        Column::new("resolution".into(), resolutions),
    ];
    DataFrame::new(catalogue.files(), columns).expect("a frame")
}

const KEY: [&str; 3] = ["duration", "bitrate", "resolution"];

/// Class sizes: their number, the smallest, and the lone ones.
fn peer_counts(catalogue: &Catalogue, duration: u64, bitrate: u64) -> (u64, u32) {
    let frame = frame(catalogue, duration, bitrate);
    let groups = frame.group_by(KEY).expect("groups");
    let (mut classes, mut alone) = (0, 0);
    for group in groups.get_groups().iter() {
        classes += 1;
        alone += u32::from(group.len() == 1);
    }
    (classes, alone)
}

/// Files and weights by title within each class, then the largest of both and the number of titles of each class.
#[allow(deprecated, reason = "the eager aggregations, without building polars' lazy engine for a bench")]
fn peer_full(catalogue: &Catalogue, duration: u64, bitrate: u64) -> (u64, u64) {
    let mut frame = frame(catalogue, duration, bitrate);
    frame.with_column(Column::new("title".into(), catalogue.title())).expect("titles");
    frame.with_column(Column::new("weight".into(), catalogue.weight())).expect("weights");
    let by_title = frame.group_by([&KEY[..], &["title"]].concat()).expect("groups");
    let files: Vec<u32> = by_title.get_groups().iter().map(|group| group.len() as u32).collect();
    let mut titles = by_title.select(["weight"]).sum().expect("sums");
    titles.with_column(IdxCa::from_vec("files".into(), files).into_column()).expect("files");
    let by_class = titles.group_by(KEY).expect("groups");
    let sizes: u32 = by_class.get_groups().iter().map(|group| group.len() as u32).min().unwrap_or(0);
    let largest = by_class.select(["weight_sum", "files"]).max().expect("largest");
    let sum =
        |name: &str| largest.column(name).expect(name).as_materialized_series().sum::<u64>().expect(name);
    black_box(sizes);
    (largest.height() as u64, sum("files_max"))
}

struct Row {
    what: &'static str,
    files: u32,
    ours: Spent,
    ours_on_list: Spent,
    peer: Spent,
    heavier: f64,
    floor: Option<f64>,
}

#[allow(clippy::too_many_arguments, reason = "both sides of one comparison, in one place")]
fn compare<M: Measured>(
    what: &'static str,
    files: u32,
    catalogue: &Catalogue,
    cells: &Cells<'_>,
    (grid, list): (&Grid, &Grid),
    floors: &[(u32, f64)],
    peer: impl Fn(u64, u64) -> (u64, u64),
    expected: impl Fn(&M::Row) -> (u64, Option<f64>),
) -> Row {
    let by = [vec![SideField::Resolution]];
    let classes = |rows: &[M::Row]| rows.iter().map(|row| expected(row).0).sum::<u64>() as f64;
    let (all, ours) = spent(|| sweep_of::<M>(cells, grid, &by, 0.001, &|_| ()));
    let (listed, ours_on_list) = spent(|| sweep_of::<M>(cells, list, &by, 0.001, &|_| ()));
    let pairs = list.durations.iter().flat_map(|d| list.bitrates.iter().map(move |b| (d.width(), b.width())));
    let (answers, theirs) = spent(|| {
        pairs.map(|(d, b)| peer(d.expect("a width"), b.expect("a width"))).collect::<Vec<(u64, u64)>>()
    });
    for (row, (classes, second)) in listed.iter().zip(&answers) {
        let (our_classes, share) = expected(row);
        assert_eq!(our_classes, *classes, "both sides see the same classes");
        let share = share.expect("a share");
        assert!((share * catalogue.files() as f64 - *second as f64).abs() < 0.5, "{share} is not {second}");
    }
    let heavier = (classes(&listed) / listed.len() as f64) / (classes(&all) / all.len() as f64);
    let floor = floors.iter().find(|(size, _)| *size == files).map(|&(_, floor)| floor);
    let (ours, ours_on_list) = (ours.per(grid.len()), ours_on_list.per(list.len()));
    Row { what, files, ours, ours_on_list, peer: theirs.per(list.len()), heavier, floor }
}

/// One candidate, the best of some runs each.
fn alone(files: u32, catalogue: &Catalogue, cells: &Cells<'_>, rows: &mut Vec<String>) {
    let best =
        |work: &mut dyn FnMut()| (0..7).map(|_| spent(&mut *work).1.wall).fold(f64::INFINITY, f64::min) * 1e3;
    for (duration, bitrate) in [(10_000, 100_000), (60_000, 500_000), (300_000, 2_000_000)] {
        let text = |width: u64, dimension: Dimension| {
            Rounding::parse(&format!("floor:{}", dimension.compact(width)), dimension).expect("a rounding")
        };
        let generalization = Generalization {
            duration: text(duration, Dimension::Duration),
            bitrate: text(bitrate, Dimension::Bitrate),
            by: vec![SideField::Resolution],
            other: Vec::new(),
        };
        let counts = best(&mut || _ = black_box(class_sizes(catalogue, generalization.key())));
        let counts_peer = best(&mut || _ = black_box(peer_counts(catalogue, duration, bitrate)));
        let full =
            best(&mut || _ = black_box(evaluate(cells, &generalization, Default::default(), &[0.001])));
        let full_peer = best(&mut || _ = black_box(peer_full(catalogue, duration, bitrate)));
        rows.push(format!(
            "{files:>9}  {generalization}: sizes {counts:.2} ms, polars {counts_peer:.2} ms, {:.1}x; \
             every measure {full:.1} ms, polars (titles, both priors) {full_peer:.1} ms, {:.1}x",
            counts_peer / counts,
            full_peer / full
        ));
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let test = args.iter().any(|arg| arg == "--test");
    let mut sizes: Vec<u32> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = if test { vec![4_000] } else { vec![100_000, 1_000_000, 10_000_000] };
    }
    let grid = |(durations, bitrates)| Grid::from_lists(Some(durations), Some(bitrates)).expect("a grid");
    let (whole, list) = (if test { grid(LIST) } else { grid(GRID) }, grid(LIST));
    println!("{} candidates in the sweep, {} on the list of both sides\n", whole.len(), list.len());
    println!(
        "{:>9}  {:28} {:>24} {:>24} {:>24} {:>9} {:>9} {:>7}",
        "files",
        "",
        "sweep: us wall (cpu)",
        "list: us wall (cpu)",
        "polars: us wall (cpu)",
        "ratio",
        "on list",
        "floor"
    );
    let (mut lone, mut starved, mut under) = (Vec::new(), false, false);
    for files in sizes {
        let catalogue = catalogue(files);
        let cells = Cells::new(&catalogue);
        let counts = compare::<Counts>(
            "sizes",
            files,
            &catalogue,
            &cells,
            (&whole, &list),
            &COUNTS_FLOOR,
            |d, b| {
                let (classes, alone) = peer_counts(&catalogue, d, b);
                (classes, u64::from(alone))
            },
            |row| (row.classes, Some(row.unique_files)),
        );
        let full = compare::<Ranks>(
            "titles and both priors",
            files,
            &catalogue,
            &cells,
            (&whole, &list),
            &FULL_FLOOR,
            |d, b| peer_full(&catalogue, d, b),
            |row: &SweepRow| (row.classes, Some(row.reid_title_uniform)),
        );
        for row in [counts, full] {
            let us = |spent: Spent| {
                let cpu = spent.cpu.map_or("?".to_owned(), |cpu| format!("{:.0}", cpu * 1e6));
                format!("{:.1} ({cpu})", spent.wall * 1e6)
            };
            // The list may be heavier than the grid it stands for: what that flatters is taken off.
            let ratio = row.peer.wall / row.ours.wall / row.heavier.max(1.0);
            let floor = row.floor.map_or("-".to_owned(), |floor| format!("{floor:.0}x"));
            println!(
                "{:>9}  {:28} {:>24} {:>24} {:>24} {:>8.0}x {:>8.0}x {floor:>7}",
                row.files,
                row.what,
                us(row.ours),
                us(row.ours_on_list),
                us(row.peer),
                ratio,
                row.peer.wall / row.ours_on_list.wall,
            );
            starved |= row.peer.cpu.is_some_and(|cpu| cpu / row.peer.wall < 1.3);
            under |= row.floor.is_some_and(|floor| ratio < floor);
        }
        alone(files, &catalogue, &cells, &mut lone);
    }
    println!("\none candidate alone, resolution kept, best of 7");
    lone.iter().for_each(|row| println!("{row}"));
    if test {
        return;
    }
    if starved {
        println!(
            "\nREFUSED: polars had less than 1.3 of 2 cores; these ratios flatter. Repeat on a quiet machine."
        );
        std::process::exit(1);
    }
    println!("\n{}", if under { "a ratio lies under its floor" } else { "every ratio reaches its floor" });
}
