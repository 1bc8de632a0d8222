//! What opting out does.

use super::or_none;
use crate::report::document::{Block, Table, number, text};
use crate::report::numbers::{count, percent};
use crate::report::words::{and, field};
use crate::study::Diagnostics;
use crate::utility::opt_out::{Biased, Company, Estimate, OfPing, OptOut, Rated, Setting};
use crate::utility::{Finding, two_digits};

/// The settings of the middle slope are chance alone; shown are the extremes and the middle.
const SLOPES: [f64; 3] = [-2.0, 0.0, 2.0];

pub(super) fn blocks(found: &Diagnostics) -> Vec<Block> {
    let sweep = &found.opt_out;
    let mut blocks = vec![
        Block::Text(
            "Servers opt out with a probability that depends on what they are: many plays, hardware that transcodes and \
             the platforms of those who choose their own (linux, web) raise it by the slope, in log-odds per standard \
             deviation. Off: how far the answer of those who stay lies from that of all, mean over plays. Weighted: each \
             cell of platform and hardware counts as much as it has servers, which must be known otherwise."
                .to_owned(),
        ),
        Block::Table(rates(sweep)),
    ];
    let why = [("The stall rate", &sweep.stalled), ("The share that keeps up", &sweep.kept_up)];
    blocks.extend(why.into_iter().filter_map(|(what, rated)| unweighted(what, rated)).map(Block::Text));
    if !sweep.company.is_empty() {
        blocks.push(Block::Table(company(sweep)));
    }
    blocks
}

fn rates(sweep: &OptOut) -> Table {
    let off = |rated: &Finding<Rated>, at: usize, which: fn(&Biased) -> Option<Estimate>| {
        let biased = rated.found().and_then(|rated| rated.each.get(at));
        or_none(biased.and_then(which).map(|estimate| two_digits(estimate.mean)))
    };
    let row = |(at, setting): (usize, &Setting)| {
        vec![
            percent(setting.rate).into(),
            format!("{:+}", setting.slope).into(),
            off(&sweep.stalled, at, |biased| biased.naive_off),
            off(&sweep.stalled, at, |biased| biased.weighted_off),
            off(&sweep.kept_up, at, |biased| biased.naive_off),
            off(&sweep.kept_up, at, |biased| biased.weighted_off),
        ]
    };
    let extreme = |(_, setting): &(usize, &Setting)| setting.rate > 0.0 && SLOPES.contains(&setting.slope);
    let draws = sweep.settings.iter().find_map(|setting| setting.out).map_or(0, |out| out.draws);
    Table {
        caption: format!(
            "What opting out does to the stall rate by platform and to the share of transcodes that keep up by \
             hardware, of {} servers; means of {draws} draws.",
            count(sweep.servers as u64)
        ),
        columns: vec![
            number("Opted out"),
            number("Slope"),
            number("Stall rate off"),
            number("Weighted"),
            number("Keeping up off"),
            number("Weighted"),
        ],
        rows: sweep.settings.iter().enumerate().filter(extreme).map(row).collect(),
    }
}

/// Why there are no figures, or no weighted ones.
fn unweighted(what: &str, rated: &Finding<Rated>) -> Option<String> {
    match rated {
        Finding::Found(rated) => match &rated.cells[..] {
            [by] => Some(format!(
                "{what} can't be weighted: of platform and hardware only {by} leaves in ping {}, so that a cell is what is \
                 told, and a weight would change nothing. What opting out hangs on beside it stays in the answer.",
                rated.ping
            )),
            _ => None,
        },
        Finding::Lost { why } => Some(format!("{what} is lost: {why}.")),
        Finding::Unasked { why } => Some(format!("{what} is untested: {why}.")),
    }
}

fn company(sweep: &OptOut) -> Table {
    // The largest over the slopes.
    let most = |of: &OfPing, rate: f64, which: fn(&Company) -> Option<f64>| {
        let at = sweep.settings.iter().zip(&of.each).filter(|(setting, _)| setting.rate == rate);
        or_none(at.filter_map(|(_, company)| which(company)).reduce(f64::max).map(percent))
    };
    let row = |of: &OfPing| {
        let columns: Vec<String> = of.of.iter().map(|column| field(column)).collect();
        vec![
            of.ping.as_str().into(),
            and(&columns).into(),
            count(of.cells as u64).into(),
            count(of.several as u64).into(),
            most(of, 0.0, |company| company.single),
            most(of, 0.2, |company| company.single),
            most(of, 0.6, |company| company.single),
            most(of, 0.2, |company| company.alone),
            most(of, 0.6, |company| company.alone),
        ]
    };
    Table {
        caption: "What opting out does to the company of those who stay: in each ping the cells of what leaves of the \
                  device, and the classes of what leaves of the file. One server: of the cells in which anybody still \
                  reports, those in which a single server does, where nobody, a fifth and three fifths opt out. Left alone: \
                  of the cells that had several servers, those in which all but one opted out, so that reporting is telling \
                  by itself. Expectations, at the slope with the largest."
            .to_owned(),
        columns: vec![
            text("Ping"),
            text("Alike in"),
            number("Cells"),
            number("Of several servers"),
            number("One server"),
            number("At 20 %"),
            number("At 60 %"),
            number("Left alone at 20 %"),
            number("At 60 %"),
        ],
        rows: sweep.company.iter().map(row).collect(),
    }
}
