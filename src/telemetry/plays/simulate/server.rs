//! One server: its machine, its clients, and the evenings on which they play.

use rand::{Rng, RngExt};

use super::Settings;
use super::clients::{Client, Reach};
use super::delivery::{Delivery, decide};
use super::hardware::Machine;
use super::installed::Installed;
use super::player::{Player, Shown, TIMEOUT_MS};
use super::segments::{Encode, Sizes};
use super::source::Source;
use super::traces::{Link, Moment, Network, Trace};
use super::viewer::{intends, presses};
use crate::catalogue::stream::{Stream, stream};
use crate::catalogue::synthetic::draw::{exponential, geometric, happens};
use crate::catalogue::{Catalogue, Drawn};
use crate::telemetry::plays::{Number, Plays, Row, Switch, Text};

/// The clients of a server: one, and as many more on average.
const CLIENTS: f64 = 4.0;
const MOST_CLIENTS: u32 = 40;
/// Of the other clients, so many transcode at any time.
const TRANSCODES: f64 = 0.06;
/// What a link carried is told from so many ms before.
const BEFORE_MS: u64 = 20_000;
/// Of files, one of so many is damaged.
const DAMAGED: u64 = 3_000;
/// On the way, a connection is lost once in so many ms of playing.
const LOST_MS: f64 = 60.0 * 3_600_000.0;

/// What all servers share.
pub(super) struct World<'a> {
    pub catalogue: &'a Catalogue,
    pub traces: &'a [Vec<Trace>; Network::ALL.len()],
    pub encode: &'a Encode,
    pub settings: &'a Settings,
}

/// How often the next of a series or album follows: after one that was seen to its end, and after one that wasn't.
fn goes_on(kind: &str) -> [f64; 2] {
    match kind {
        "track" => [0.9, 0.6],
        "episode" => [0.6, 0.1],
        _ => [0.1, 0.05],
    }
}

struct Server<'a> {
    world: &'a World<'a>,
    library: &'a [u32],
    machine: Machine,
    clients: Vec<Client>,
    random: Stream,
}

/// A client in front of the server, on one evening.
struct Evening<'a> {
    client: usize,
    link: Link<'a>,
    now: Moment,
    /// On the way, where connections are lost.
    moves: bool,
}

/// That many plays of a server, a function of the world, its number and its library alone. O(plays x segments).
pub(super) fn plays(world: &World<'_>, number: u32, library: &[u32], plays: u64) -> Plays {
    let mut random = stream(world.settings.seed, "plays server", u64::from(number));
    let name = format!("{:016x}", random.next_u64());
    // Drawn apart, so that who opts out changes nothing else.
    let opted_out =
        happens(&mut stream(world.settings.seed, "plays consent", u64::from(number)), world.settings.opt_out);
    let machine = Machine::draw(&mut random);
    // Nothing of a play hangs on it.
    let installed = Installed::draw(&mut stream(world.settings.seed, "plays installed", u64::from(number)));
    let count = geometric(&mut random, CLIENTS).min(MOST_CLIENTS);
    let mut clients: Vec<Client> = Vec::new();
    while clients.len() < count as usize {
        let client = Client::draw(&mut random);
        // Somebody has a screen.
        if client.has_screen() || clients.iter().any(Client::has_screen) {
            clients.push(client);
        }
    }
    let drawn = Drawn::new(library.iter().map(|&file| world.catalogue.weight()[file as usize]));
    let mut server = Server { world, library, machine, clients, random };
    let mut out = Plays::default();
    let mut left = plays;
    while left > 0 {
        let first = drawn.draw(&mut server.random);
        server.evening(first, &mut left, |of_file: Row<'_>| {
            let mut row: Row<'_> = of_file;
            row[Text::Server] = Some(&name);
            row[Text::ServerVersion] = Some(installed.version);
            row[Text::UpdateChannel] = Some(installed.channel);
            row[Text::AccountState] = Some(installed.account);
            Switch::ALL.into_iter().for_each(|switch| row[switch] = Some(!opted_out));
            out.push(&row);
        });
    }
    out
}

impl<'a> Server<'a> {
    /// One file, and what follows it of its series or album.
    fn evening(&mut self, first: usize, left: &mut u64, mut push: impl FnMut(Row<'_>)) {
        let mut place = first;
        let mut source = self.source(place);
        let mut evening = self.client_for(&source);
        let mut chosen = true;
        loop {
            let (row, seen) = self.play(self.library[place], &source, &mut evening, chosen);
            push(row);
            *left -= 1;
            let [after_end, after_leaving] = goes_on(source.kind);
            let more = happens(&mut self.random, if seen { after_end } else { after_leaving });
            match self.next(place) {
                Some(next) if more && *left > 0 => {
                    place = next;
                    source = self.source(place);
                    // What plays by itself nobody presses.
                    chosen = !seen;
                }
                _ => return,
            }
        }
    }

    fn source(&self, place: usize) -> Source<'a> {
        Source::of(self.world.catalogue, self.library[place] as usize)
    }

    /// How large the segments of a file are: of a picture as the encode varies, from a place that is the file's own, whoever
    /// plays it and whatever the seed; of sound alike.
    fn sizes(&self, file: u32, source: &Source<'_>) -> Sizes<'a> {
        match source.picture {
            Some(_) => self.world.encode.entered(mixed(!u64::from(file))),
            None => Sizes::EVEN,
        }
    }

    /// The next title of the series or album that the server owns.
    fn next(&self, place: usize) -> Option<usize> {
        let catalogue = self.world.catalogue;
        let at = |place: usize| self.library.get(place).map(|&file| file as usize);
        let (here, next) = (at(place)?, at(place + 1)?);
        let of = |file: usize| catalogue.series()[file];
        (of(here) == of(next) && catalogue.title()[here] != catalogue.title()[next]).then_some(place + 1)
    }

    /// A client that can show it, with its link.
    fn client_for(&mut self, source: &Source<'_>) -> Evening<'a> {
        let client = loop {
            let client = self.random.random_range(0..self.clients.len());
            if source.picture.is_none() || self.clients[client].has_screen() {
                break client;
            }
        };
        let Reach { network, permille } = self.clients[client].reach(&mut self.random);
        let traces = &self.world.traces[network as usize];
        let trace = &traces[self.random.random_range(0..traces.len())];
        let now = self.random.random_range(0..trace.length_ms());
        let moves = matches!(network, Network::Mobile3g | Network::Mobile4g);
        Evening { client, link: Link::new(trace, permille), now, moves }
    }

    /// One play: the row, and whether it was seen to the end.
    fn play<'s>(
        &mut self,
        file: u32,
        source: &Source<'s>,
        evening: &mut Evening<'a>,
        chosen: bool,
    ) -> (Row<'s>, bool) {
        let others = (1..self.clients.len()).filter(|_| happens(&mut self.random, TRANSCODES)).count();
        let (mut viewer, to_end) = intends(source, self.world.settings.completion, &mut self.random);
        let client = &self.clients[evening.client];
        let carried = evening.link.mean_bps(evening.now, BEFORE_MS);
        let delivery = decide(source, client, &self.machine, carried, others as u32 + 1);
        let starts = match () {
            () if delivery.by_machine && self.machine.is_broken => Err("transcoder_start"),
            () if delivery.first().speed_permille.is_none() && client.fails_at(source) => Err("decoder"),
            () => Ok(()),
        };
        let (shown, error) = match starts {
            // The first data shows it; nothing was seen.
            Err(error) => {
                let end = evening.now + client.platform.opening_ms + delivery.setup_ms;
                (Shown { end, ..Shown::default() }, Some(error))
            }
            Ok(()) => {
                let seed = self.world.settings.seed;
                let ends = ends(seed, file, source, &delivery, evening.moves, &mut self.random);
                let ends = ends.filter(|&(at, _)| at < viewer.wants_ms);
                viewer.wants_ms = ends.map_or(viewer.wants_ms, |(at, _)| at);
                let player = Player {
                    qualities: delivery.qualities,
                    began: delivery.began,
                    sizes: self.sizes(file, source),
                    opening_ms: client.platform.opening_ms,
                    setup_ms: delivery.setup_ms,
                    timeout_ms: TIMEOUT_MS,
                };
                let shown = player.play(&mut evening.link, evening.now, source.duration_ms, viewer);
                let came = ends.filter(|&(at, _)| shown.startup_ms.is_some() && shown.played_ms == at);
                (shown, if shown.timed_out { Some("timeout") } else { came.map(|(_, error)| error) })
            }
        };
        evening.now = shown.end;
        let event = presses(source, client, &shown, chosen, to_end, &mut self.random);
        let seen = to_end && error.is_none() && shown.played_ms == viewer.wants_ms;
        let mut row = Row::default();
        row[Number::FileId] = Some(file);
        row[Number::TitleId] = Some(self.world.catalogue.title()[file as usize]);
        row[Number::DurationMs] = Some(source.duration_ms);
        row[Number::PlayedMs] = Some(shown.played_ms);
        row[Number::BitrateBps] = source.bitrate_bps;
        let whole = |number: u64| u32::try_from(number).ok();
        // Where the file's own rate isn't known, neither is what arrived of it.
        let is_known = source.bitrate_bps.is_some()
            || delivery.by_machine
            || delivery.first().rate_bps != source.rate_bps;
        let delivered_bps = delivery.qualities.mean_bps(&shown.in_quality, delivery.began);
        row[Number::DeliveredBps] = whole(delivered_bps).filter(|_| is_known && shown.startup_ms.is_some());
        row[Number::TranscodeSpeedPermille] = delivery
            .qualities
            .mean_speed_permille(&shown.in_quality, delivery.began)
            .and_then(whole)
            .filter(|_| delivery.by_machine && error != Some("transcoder_start"));
        row[Number::StartupMs] = shown.startup_ms.and_then(whole);
        row[Number::Stalls] = Some(shown.stalls);
        row[Number::StalledMs] = whole(shown.stalled_ms);
        row[Text::Kind] = Some(source.kind);
        row[Text::Resolution] = source.resolution;
        row[Text::VideoCodec] = source.video_codec;
        row[Text::AudioCodec] = source.audio_codec;
        row[Text::Container] = source.container;
        row[Text::Platform] = Some(client.platform.name);
        row[Text::Device] = Some(client.device);
        row[Text::Hardware] = Some(self.machine.model.name);
        row[Text::Delivery] = Some(delivery.name);
        row[Text::Event] = event;
        row[Text::Error] = error;
        (row, seen)
    }
}

/// Where the play must end, if anybody watches so far: at the damage of a damaged file, or where a connection on the way is
/// lost.
fn ends(
    seed: u64,
    file: u32,
    source: &Source<'_>,
    delivery: &Delivery,
    moves: bool,
    random: &mut Stream,
) -> Option<(u32, &'static str)> {
    let lost = moves.then(|| exponential(random, LOST_MS));
    let lost = lost.filter(|&at| at < f64::from(source.duration_ms)).map(|at| (at as u32, "reset"));
    let hash = mixed(seed ^ u64::from(file));
    let damage = hash.is_multiple_of(DAMAGED).then(|| {
        let at = (u64::from(source.duration_ms) * (hash >> 40)) >> 24;
        (at as u32, if delivery.first().speed_permille.is_some() { "transcoder_exit" } else { "decoder" })
    });
    lost.into_iter().chain(damage).min_by_key(|&(at, _)| at)
}

/// A number that looks drawn, the same for the same file whoever owns it (SplitMix64).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
