//! What opting out does.

use super::or_none;
use crate::report::document::{Block, Table, number};
use crate::report::numbers::{count, percent};
use crate::study::Diagnostics;
use crate::utility::opt_out::Biased;
use crate::utility::{Finding, two_digits};

/// The settings of the middle slope are chance alone; shown are the extremes and the middle.
pub(super) fn blocks(found: &Diagnostics) -> Vec<Block> {
    let sweep = &found.opt_out;
    let off = |finding: &Finding<Vec<Biased>>, at: usize, weighted: bool| {
        let biased = finding.found().and_then(|all| all.get(at));
        let estimate =
            biased.and_then(|biased| if weighted { biased.weighted_off } else { biased.naive_off });
        or_none(estimate.map(|estimate| two_digits(estimate.mean)))
    };
    let row = |(at, setting): (usize, &crate::utility::opt_out::Setting)| {
        let company = sweep.company.found().and_then(|all| all.get(at));
        vec![
            percent(setting.rate).into(),
            format!("{:+}", setting.slope).into(),
            off(&sweep.stalled, at, false),
            off(&sweep.stalled, at, true),
            off(&sweep.kept_up, at, false),
            off(&sweep.kept_up, at, true),
            or_none(company.and_then(|company| company.alone).map(|alone| percent(alone.mean))),
        ]
    };
    let extreme = |(_, setting): &(usize, &crate::utility::opt_out::Setting)| {
        setting.rate > 0.0 && [-2.0, 0.0, 2.0].contains(&setting.slope)
    };
    let draws = sweep.settings.iter().find_map(|setting| setting.out).map_or(0, |out| out.draws);
    vec![
        Block::Text(
            "Servers opt out with a probability that depends on what they are: many plays, hardware that transcodes and \
             the platforms of those who choose their own (linux, web) raise it by the slope, in log-odds per standard \
             deviation. Off: how far the answer of those who stay lies from that of all, mean over plays. Weighted: each \
             cell of platform and hardware counts as much as it has servers, which must be known otherwise. Alone: cells \
             of platform, device and hardware that had several servers, and in which all but one opted out: that somebody \
             reports is then telling by itself."
                .to_owned(),
        ),
        Block::Table(Table {
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
                number("Alone"),
            ],
            rows: sweep.settings.iter().enumerate().filter(extreme).map(row).collect(),
        }),
    ]
}
