//! Opting out, swept over rates and slopes.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::chance::{Covariates, chances, lots, scores};
use super::company::{OfPing, of_pings};
use super::estimate::Estimate;
use super::tallies::{Tallies, Tally};
use crate::telemetry::plays::{Column, Number, Plays, Text, Texts};
use crate::utility::information::Target;
use crate::utility::{Finding, Release, Table, Why};

/// What is swept.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Overall rates, 0 to 1.
    pub rates: Vec<f64>,
    /// What a standard deviation of the score adds to the log-odds.
    pub slopes: Vec<f64>,
    /// Draws at each rate and slope.
    pub draws: usize,
    /// Platforms whose share in a server's plays counts to its score.
    pub platforms: Vec<String>,
    /// The seed.
    pub seed: u64,
}

impl Settings {
    /// Rates 0, 10, 20, 40 and 60 %, slopes from -2 to 2, 40 draws, and the platforms of those who choose their own.
    pub fn new(seed: u64) -> Self {
        Self {
            rates: vec![0.0, 0.1, 0.2, 0.4, 0.6],
            slopes: vec![-2.0, -1.0, 0.0, 1.0, 2.0],
            draws: 40,
            platforms: ["linux", "web"].map(str::to_owned).into(),
            seed,
        }
    }
}

/// What opting out does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OptOut {
    /// Servers of which anything leaves.
    pub servers: usize,
    /// What was tried; what follows is in this order.
    pub settings: Vec<Setting>,
    /// To the share of plays that stalled, by platform.
    pub stalled: Finding<Rated>,
    /// To the share of transcodes that kept up, by hardware.
    pub kept_up: Finding<Rated>,
    /// To those who report alike, ping by ping.
    pub company: Vec<OfPing>,
}

/// What opting out does to the rates of a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rated {
    /// The ping that answers it.
    pub ping: String,
    /// The columns by whose cells rates are weighted; with the first alone, by which they are told, there is no weight.
    pub cells: Vec<&'static str>,
    /// By rate and slope.
    pub each: Vec<Biased>,
}

/// A rate and a slope.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Setting {
    /// The overall rate.
    pub rate: f64,
    /// The slope.
    pub slope: f64,
    /// The share of servers that did opt out.
    pub out: Option<Estimate>,
}

/// What opting out does to rates at one rate and slope.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Biased {
    /// By group.
    pub groups: Vec<GroupBias>,
    /// How far the rates of a draw are off, on average over plays: the mean of |rate - answer|.
    pub naive_off: Option<Estimate>,
    /// The same of weighted rates; `None` where there is no weight.
    pub weighted_off: Option<Estimate>,
    /// Servers in cells where nobody stays, as a share of all: whom no weight speaks for; `None` where there is none.
    pub unreached: Option<Estimate>,
}

/// What opting out does to the rate of a group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupBias {
    /// Its name, `None` for plays that lack it.
    pub group: Option<String>,
    /// The rate where nobody opts out.
    pub answer: f64,
    /// Rate less answer, over the draws in which somebody stays.
    pub naive: Option<Estimate>,
    /// The same of weighted rates; `None` where there is no weight.
    pub weighted: Option<Estimate>,
    /// The mean bias by the answer; `None` where that is 0.
    pub naive_relative: Option<f64>,
    /// The same of weighted rates.
    pub weighted_relative: Option<f64>,
}

/// Sweeps. What is asked of a play is taken as it was where its column leaves: what is judged is opting out alone; groups
/// and cells are those that leave. Where hardware doesn't leave with the stalls, or platform not with the speeds, there are no
/// weights. O(pings × columns × plays + plays log plays + settings × draws × (servers × cells of each)).
///
/// ```
/// use coarsen::telemetry::plays::{Number, Plays, Row, Text};
/// use coarsen::utility::{Release, opt_out::{Settings, of_release}};
/// let play = |(server, stalls)| {
///     let mut row = Row::default();
///     row[Text::Server] = Some(server);
///     row[Text::Platform] = Some("web");
///     row[Number::Stalls] = Some(stalls);
///     row
/// };
/// let plays: Plays = [("a", 0), ("b", 1)].map(play).into_iter().collect();
/// let opt_out = of_release(&plays, &Release::raw(&plays), &Settings::new(1));
/// let stalled = opt_out.stalled.found().unwrap();
/// assert_eq!((opt_out.servers, stalled.each[0].groups[0].answer), (2, 0.5));
/// assert_eq!(stalled.cells, ["platform", "hardware"]);
/// ```
pub fn of_release(plays: &Plays, release: &Release<'_>, settings: &Settings) -> OptOut {
    let servers = Servers::of(plays, release);
    let pairs =
        settings.rates.iter().flat_map(|&rate| settings.slopes.iter().map(move |&slope| (rate, slope)));
    let pairs: Vec<(f64, f64)> = pairs.collect();
    let scores = scores(&servers.covariates(plays, &settings.platforms));
    let lots: Vec<Vec<f64>> =
        servers.names.par_iter().map(|name| lots(name, settings.draws, settings.seed)).collect();
    let chances: Vec<Vec<f64>> =
        pairs.par_iter().map(|&(rate, slope)| chances(&scores, rate, slope)).collect();
    // Who stays, by setting and draw.
    let stay: Vec<Vec<Vec<bool>>> = chances
        .par_iter()
        .map(|chances| {
            let of_draw =
                |draw: usize| lots.iter().zip(chances).map(|(lots, chance)| lots[draw] >= *chance).collect();
            (0..settings.draws).map(of_draw).collect()
        })
        .collect();
    let setting = |(&(rate, slope), draws): (&(f64, f64), &Vec<Vec<bool>>)| {
        let out =
            |stays: &Vec<bool>| stays.iter().filter(|stays| !**stays).count() as f64 / stays.len() as f64;
        let out: Vec<f64> = draws.iter().filter(|stays| !stays.is_empty()).map(out).collect();
        Setting { rate, slope, out: Estimate::of(&out) }
    };
    let stalled = tallies(plays, release, &servers, [Text::Platform, Text::Hardware], Target::Stalled);
    let kept_up = tallies(plays, release, &servers, [Text::Hardware, Text::Platform], Target::KeptUp);
    OptOut {
        servers: servers.names.len(),
        settings: pairs.iter().zip(&stay).map(setting).collect(),
        stalled: rated(stalled, &stay),
        kept_up: rated(kept_up, &stay),
        company: of_pings(release.tables(), &|play| servers.of_play[play], &chances),
    }
}

/// What a question is told by.
struct Asked {
    ping: String,
    cells: Vec<&'static str>,
    tallies: Tallies,
    /// Of the groups.
    names: Vec<Option<String>>,
}

fn rated(asked: Finding<Asked>, stay: &[Vec<Vec<bool>>]) -> Finding<Rated> {
    match asked {
        Finding::Found(asked) => {
            let each = stay.par_iter().map(|draws| biased(&asked, draws)).collect();
            Finding::Found(Rated { ping: asked.ping, cells: asked.cells, each })
        }
        Finding::Lost { why } => Finding::Lost { why },
        Finding::Unasked { why } => Finding::Unasked { why },
    }
}

fn biased(Asked { tallies, names, cells, .. }: &Asked, draws: &[Vec<bool>]) -> Biased {
    let weighs = cells.len() > 1;
    let everyone = vec![true; tallies.parts.iter().map(|part| part.server + 1).max().unwrap_or(0)];
    let answers = tallies.rates(&everyone).naive;
    let plays = tallies.plays();
    let rates: Vec<_> = draws.iter().map(|stays| tallies.rates(stays)).collect();
    let [naive, weighted]: [Vec<&[Option<f64>]>; 2] = [
        rates.iter().map(|rates| &rates.naive[..]).collect(),
        rates.iter().map(|rates| &rates.weighted[..]).collect(),
    ];
    let bias = |rates: &[&[Option<f64>]], group: usize, answer: f64| {
        let biases: Vec<f64> = rates.iter().filter_map(|rates| Some(rates[group]? - answer)).collect();
        Estimate::of(&biases)
    };
    let off = |rates: &[&[Option<f64>]]| {
        let of_draw = |rates: &&[Option<f64>]| {
            let (mut sum, mut whole) = (0.0, 0.0);
            for ((rate, answer), plays) in rates.iter().zip(&answers).zip(&plays) {
                if let (Some(rate), Some(answer)) = (rate, answer) {
                    sum += *plays as f64 * (rate - answer).abs();
                    whole += *plays as f64;
                }
            }
            (whole > 0.0).then(|| sum / whole)
        };
        Estimate::of(&rates.iter().filter_map(of_draw).collect::<Vec<f64>>())
    };
    let group = |(group, (name, answer)): (usize, (&Option<String>, &Option<f64>))| {
        let answer = (*answer)?;
        let [naive, weighted] = [&naive, &weighted].map(|rates| bias(rates, group, answer));
        let weighted = weighted.filter(|_| weighs);
        let relative = |bias: Option<Estimate>| (answer > 0.0).then_some(bias?.mean / answer);
        Some(GroupBias {
            group: name.clone(),
            answer,
            naive_relative: relative(naive),
            weighted_relative: relative(weighted),
            naive,
            weighted,
        })
    };
    Biased {
        groups: names.iter().zip(&answers).enumerate().filter_map(group).collect(),
        naive_off: off(&naive),
        weighted_off: off(&weighted).filter(|_| weighs),
        unreached: Estimate::of(&rates.iter().map(|rates| rates.unreached).collect::<Vec<f64>>())
            .filter(|_| weighs),
    }
}

/// The servers of which anything leaves.
struct Servers {
    names: Vec<String>,
    /// Of each play, `None` where nothing leaves of it or it tells none.
    of_play: Vec<Option<usize>>,
}

impl Servers {
    fn of(plays: &Plays, release: &Release<'_>) -> Self {
        let texts = plays.text(Text::Server);
        let mut names = Vec::new();
        let mut places: Vec<Option<usize>> = vec![None; texts.names().len()];
        let of_play = |(play, &code): (usize, &u32)| {
            let place = places.get_mut(code as usize).filter(|_| release.leaves(play))?;
            Some(*place.get_or_insert_with(|| {
                names.push(texts.names()[code as usize].clone());
                names.len() - 1
            }))
        };
        let of_play = texts.codes().iter().enumerate().map(of_play).collect();
        Self { names, of_play }
    }

    fn covariates(&self, plays: &Plays, platforms: &[String]) -> Vec<Covariates> {
        let mut all = vec![Covariates::default(); self.names.len()];
        let (hardware, platform) = (plays.text(Text::Hardware), plays.text(Text::Platform));
        for (play, server) in self.of_play.iter().enumerate() {
            let Some(server) = *server else { continue };
            let own = &mut all[server];
            own.plays += 1;
            own.better_hardware |= hardware.get(play).is_some_and(|name| name != "software");
            let named = platform.get(play).is_some_and(|name| platforms.iter().any(|of| of == name));
            own.share += f64::from(named);
        }
        all.iter_mut().for_each(|own| own.share /= own.plays.max(1) as f64);
        all
    }
}

/// The tallies of a target by the first text, in cells of both where the second leaves too, and the names of the groups.
fn tallies(
    plays: &Plays,
    release: &Release<'_>,
    servers: &Servers,
    [group, second]: [Text; 2],
    target: Target,
) -> Finding<Asked> {
    let numbers = plays.number(target.column());
    let asked = |play: usize| Some((servers.of_play[play]?, target.of(numbers[play]?)));
    if !(0..plays.len()).any(|play| asked(play).is_some()) {
        return Finding::Unasked { why: Why::NoPlays };
    }
    let least = [Column::Text(group), Column::Number(target.column())];
    let most = [least[0], least[1], Column::Text(second)];
    let Some((table, groups)) = release
        .holding(&most)
        .or(release.holding(&least))
        .and_then(|table| Some((table, table.text(group)?)))
    else {
        return Finding::Lost { why: Why::Apart };
    };
    let also = table.text(second);
    let leaves = leaves(table, target.column());
    let mut by_cell: BTreeMap<[u32; 2], BTreeMap<usize, [u64; 2]>> = BTreeMap::new();
    for play in (0..plays.len()).filter(|&play| leaves(play)) {
        let Some((server, hit)) = asked(play) else { continue };
        let cell = [groups.codes()[play], also.map_or(0, |also| also.codes()[play])];
        let [plays, hits] = by_cell.entry(cell).or_default().entry(server).or_default();
        *plays += 1;
        *hits += u64::from(hit);
    }
    if by_cell.is_empty() {
        return Finding::Lost { why: Why::NoPlays };
    }
    let mut codes: Vec<u32> = by_cell.keys().map(|cell| cell[0]).collect();
    codes.dedup();
    let place = |code: u32| codes.partition_point(|other| *other < code);
    let of_server = |cell: usize| {
        move |(server, [plays, hits]): (&usize, &[u64; 2])| Tally {
            server: *server,
            cell,
            plays: *plays,
            hits: *hits,
        }
    };
    let tallies = Tallies {
        groups: codes.len(),
        group_of_cell: by_cell.keys().map(|cell| place(cell[0])).collect(),
        known: by_cell.values().map(|servers| servers.len() as u64).collect(),
        parts: by_cell
            .values()
            .enumerate()
            .flat_map(|(cell, servers)| servers.iter().map(of_server(cell)))
            .collect(),
    };
    Finding::Found(Asked {
        ping: table.name().to_owned(),
        cells: [Some(group), also.map(|_| second)].into_iter().flatten().map(Text::name).collect(),
        tallies,
        names: codes.iter().map(|&code| name(groups, code)).collect(),
    })
}

fn name(texts: &Texts, code: u32) -> Option<String> {
    texts.names().get(code as usize).cloned()
}

/// Whether a play leaves with a number.
fn leaves<'t>(table: &'t Table<'_>, number: Number) -> impl Fn(usize) -> bool + 't {
    let column = table.number(number);
    move |play| table.leaves(play) && column.is_some_and(|column| column.get(play).is_some())
}
