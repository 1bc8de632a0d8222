//! A4, of servers: which server linked plays come from.

use std::sync::OnceLock;

use super::linking::WERE_LINKED;
use super::sequence::fewer_plays;
use super::{Otherwise, Part, Rate, Remedy, Scene, Step};
use crate::attack::Prior;
use crate::attack::sequence::{LENGTHS, LinkedPlays, ServersNamed, named};
use crate::attack::servers::Servers;

/// Servers, half as many as the library attacker knows, as every candidate is asked.
const SERVERS: u32 = 500;
/// Servers drawn whose plays are linked.
const DRAWS: u64 = 1_000;
/// Where it is compared where somebody links plays: so many.
const HEADLINE: u32 = 3;

/// The servers under one prior, their linked plays, and who sees raw values.
struct Known<'a> {
    prior: Prior,
    servers: Servers<'a>,
    plays: LinkedPlays,
    raw: ServersNamed,
}

/// See [`Ends`](super::Ends): the same for all that is told of a catalogue, so drawn once.
#[derive(Default)]
pub(super) struct Homes<'a>(OnceLock<Vec<Known<'a>>>);

impl<'a> Homes<'a> {
    /// Whoever asks first draws; all scenes of a catalogue have the same draws and seed.
    fn known(&self, scene: &Scene<'a>) -> &[Known<'a>] {
        self.0.get_or_init(|| {
            let raw = scene.ends.everything.numbers();
            let of_prior = |prior| {
                let servers = scene.most_servers(SERVERS);
                let servers = Servers::draw(scene.catalogue(), prior, servers, scene.seed).ok()?;
                let plays = LinkedPlays::draw(&servers, scene.most_draws(DRAWS) as u32, scene.seed);
                let raw = named(&servers, &plays, &raw);
                Some(Known { prior, servers, plays, raw })
            };
            Prior::ALL.into_iter().filter_map(of_prior).collect()
        })
    }
}

/// `None` where the catalogue is too small for servers, which the library attacker tells.
pub(super) fn part(scene: &Scene<'_>) -> Option<Part> {
    let known = scene.ends.homes.known(scene);
    let class_of = scene.classes.numbers();
    let here = |of: &Known<'_>| named(&of.servers, &of.plays, &class_of);
    let found: Vec<(&Known<'_>, ServersNamed)> = known.iter().map(|of| (of, here(of))).collect();
    let step = |(at, plays): (usize, u32)| {
        let rate = |(of, here): &(&Known<'_>, ServersNamed)| {
            let blind = 1.0 / of.servers.libraries().len() as f64;
            let ran = here.ran[at].1;
            match plays {
                1 => Rate::closed(of.prior, here.one_play, Some(ran), blind, Some(of.raw.one_play)),
                _ => Rate::ran(of.prior, ran, blind, Some(of.raw.ran[at].1.rate)),
            }
        };
        let at = if plays == 1 { "1 play".to_owned() } else { format!("{plays} plays") };
        Step { at, rates: found.iter().map(rate).collect() }
    };
    if found.is_empty() {
        return None;
    }
    let steps: Vec<Step> = LENGTHS.into_iter().enumerate().map(step).collect();
    let most = |plays: u32| LENGTHS.iter().rposition(|&of| of <= plays).unwrap_or(0);
    let under = scene.linking().under(HEADLINE);
    let (headline, linked) = (most(under.unwrap_or(HEADLINE)), most(HEADLINE));
    let stopping = |at: usize| -> Vec<Remedy> {
        if !scene.wins(&steps[at]) {
            return Vec::new();
        }
        let fewer = LENGTHS.into_iter().zip(&steps[..at]).rev();
        let mut remedies: Vec<Remedy> = fewer.map(|(plays, step)| fewer_plays(plays, step)).collect();
        remedies.extend(scene.changed(&steps[at], |classes| {
            let class_of = classes.numbers();
            let rate = |of: &Known<'_>| {
                let here = named(&of.servers, &of.plays, &class_of);
                (of.prior, if at == 0 { here.one_play } else { here.ran[at].1.rate })
            };
            Some(known.iter().map(rate).collect())
        }));
        remedies
    };
    let otherwise = under.filter(|_| headline < linked);
    let otherwise = otherwise
        .map(|_| Otherwise { remedies: stopping(linked), ..Otherwise::of(WERE_LINKED, &steps[linked]) });
    Some(Part {
        part: "server",
        ranked: true,
        finds: "server named right, of those whose libraries are known",
        varies: "linked plays",
        remedies: stopping(headline),
        otherwise: otherwise.into_iter().collect(),
        headline,
        steps,
        ..Part::default()
    })
}
