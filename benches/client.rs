//! What a play costs the client: ten fields through a policy, beside the same roundings written out by hand.
//!
//! Through the policy, consent and day are asked play by play; by a client they were asked before, and of numbers only
//! what stands for their buckets is found. The generated module is `coarsen policy rust` of the same policy, asked for
//! consent and day with every play; it is given typed plays, and once those of the others, made typed on the way.
//!
//! The hand-written code knows its policy when it is compiled and asks nobody's consent, so it is a bound from below.
//! `tests/client` holds that a play allocates nothing.

use std::cell::RefCell;
use std::hint::black_box;

use coarsen::policy::{Client, Consent, Day, Play, Policy, Sent, Value};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const PLAYS: u64 = 1_000;

/// Ten fields in three pings.
const TEN: &str = include_str!("../tests/client/generated/ten.toml");

/// The same as a module; a test holds the two together.
#[allow(dead_code)]
mod ten {
    include!("../tests/client/generated/ten.rs");
}

/// As many floors of one width.
fn ten_floors() -> Policy {
    let mut text = "schema = \"coarsen.policy/1\"\nname = \"floors\"\nversion = 1\n".to_owned();
    for at in 0..10 {
        text += &format!(
            "[[field]]\nping = \"a\"\nname = \"floor_{at}\"\ntype = \"integer\"\nrounding = \"floor:300\"\n\
             consent = \"playback\"\npurpose = \"A question.\"\nsensitivity = \"low\"\nexpires = \"2031-12-31\"\n"
        );
    }
    Policy::from_toml(&text).expect("a policy")
}

fn plays() -> Vec<[Value<'static>; 10]> {
    let play = |seed: u64| {
        // Weyl's sequence: spread evenly, and the same on every run.
        let draw = |step: u64, below: u64| (seed.wrapping_mul(step) >> 16) % below;
        let (a, b, c) = (0x9e37_79b9_7f4a_7c15, 0xd1b5_4a32_d192_ed03, 0xaef1_7502_108e_f2d9);
        [
            Value::Number(draw(a, 14_400_000)),
            Value::Number(draw(b, 14_400_000)),
            Value::Flag(draw(c, 2) == 0),
            Value::Number(100_000 + draw(a ^ b, 40_000_000)),
            Value::Number(draw(a ^ c, 9)),
            Value::Text(["480p", "576p", "720p", "1080p", "2160p"][draw(b ^ c, 5) as usize]),
            Value::Text(["h264", "hevc", "vp9", "av1"][draw(a, 4) as usize]),
            Value::Number(draw(b, 4_000)),
            Value::Number(draw(c, 20_000)),
            Value::Text(["tv", "phone", "web", "console"][draw(a ^ b ^ c, 4) as usize]),
        ]
    };
    (1..=PLAYS).map(play).collect()
}

/// Follows a play through a policy and folds what leaves into a number.
#[inline]
fn through(policy: &Policy, values: &[Value<'_>], consent: &Consent, today: Day) -> u64 {
    let mut sum = 0u64;
    let sent = policy.generalize(&Play::new(values), consent, today).expect("a play of the policy");
    for ping in sent.pings() {
        for (_, sent) in ping.fields() {
            sum = sum.wrapping_add(match sent {
                Sent::Number { representative, .. } => representative,
                Sent::Text(text) => text.len() as u64,
                Sent::Flag(flag) => u64::from(flag),
                Sent::Missing => 0,
            });
        }
    }
    sum
}

/// The same by a client made ready for the owner's switches.
#[inline]
fn through_client(client: &mut Client<'_>, values: &[Value<'_>], today: Day) -> u64 {
    let (mut sum, mut room) = (0u64, [Value::Missing; 10]);
    let sent = client.generalize(&Play::new(values), today, &mut room).expect("a play of the policy");
    for ping in sent.pings() {
        for leaves in ping.fields() {
            sum = sum.wrapping_add(match *leaves.value() {
                Value::Number(standing) => standing,
                Value::Text(text) => text.len() as u64,
                Value::Flag(flag) => u64::from(flag),
                Value::Missing => 0,
            });
        }
    }
    sum
}

/// A play as the generated module wants it.
#[inline]
fn typed<'a>(values: &[Value<'a>; 10]) -> ten::Play<'a> {
    let number = |at: usize| if let Value::Number(number) = values[at] { Some(number) } else { None };
    let text = |at: usize| if let Value::Text(text) = values[at] { Some(text) } else { None };
    ten::Play {
        duration: number(0),
        played: number(1),
        direct: if let Value::Flag(flag) = values[2] { Some(flag) } else { None },
        bitrate: number(3),
        stalls: number(4),
        resolution: text(5),
        codec: text(6),
        speed: number(7),
        start: number(8),
        platform: text(9),
    }
}

/// The same by the generated module.
#[inline]
fn through_module(play: &ten::Play<'_>, consent: &ten::Consent, today: ten::Day) -> u64 {
    let sent = ten::generalize(play, ten::Content::Personal, consent, today);
    let length = |text: Option<&str>| text.map_or(0, |text| text.len() as u64);
    let (mut sum, number) = (0, |number: Option<u64>| number.unwrap_or(0));
    if let Some(ping) = sent.a {
        sum += number(ping.duration) + number(ping.played) + u64::from(ping.direct.unwrap_or(false));
    }
    if let Some(ping) = sent.b {
        sum += number(ping.bitrate) + number(ping.stalls) + length(ping.resolution) + length(ping.codec);
    }
    if let Some(ping) = sent.c {
        sum += number(ping.speed) + number(ping.start) + length(ping.platform);
    }
    sum
}

/// The same of the mixed policy, written out.
#[inline]
fn by_hand(values: &[Value<'_>; 10]) -> u64 {
    let number = |at: usize| if let Value::Number(number) = values[at] { number } else { 0 };
    let text = |at: usize| if let Value::Text(text) = values[at] { text } else { "" };
    let minute = 60_000;
    let duration = match number(0) {
        ..300_000 => 150_000,
        10_800_000.. => 10_800_000,
        ms => ms / (5 * minute) * 5 * minute + 150_000,
    };
    let played = number(1) / (15 * minute) * 15 * minute + 450_000;
    let direct = u64::from(values[2] == Value::Flag(true));
    let octave = 1u64 << (number(3) + 1).ilog2();
    let bitrate = octave - 1 + octave / 2;
    let steps = |value: u64, edges: [u64; 3]| match edges.iter().rposition(|&edge| edge <= value) {
        None => edges[0] / 2,
        Some(2) => edges[2],
        Some(at) => edges[at] + (edges[at + 1] - edges[at]) / 2,
    };
    let (stalls, speed) = (steps(number(4), [1, 2, 5]), steps(number(7), [500, 1_000, 2_000]));
    let resolution = match text(5) {
        "480p" | "576p" => "SD",
        "720p" | "1080p" => "HD",
        "2160p" => "UHD",
        _ => "other",
    };
    let codec = match text(6) {
        "h264" => "AVC",
        "hevc" => "HEVC",
        "vp9" | "av1" => "open",
        _ => "other",
    };
    let start = if number(8) >= 10_000 { 10_000 } else { number(8) / 500 * 500 + 250 };
    let names = (resolution.len() + codec.len() + text(9).len()) as u64;
    duration + played + direct + bitrate + stalls + speed + start + names
}

fn bench(c: &mut Criterion) {
    let plays = plays();
    let (mixed, today): (_, Day) =
        (Policy::from_toml(TEN).expect("a policy"), "2026-11-24".parse().expect("a day"));
    let (on, off) = (Consent::none().with("playback"), Consent::none());
    let ready = RefCell::new(mixed.client(&on, today));
    let ready_off = RefCell::new(mixed.client(&off, today));
    let module = (ten::Consent { playback: true }, ten::Consent::default(), ten::Day::new(2026, 11, 24));
    let typed_plays: Vec<ten::Play<'_>> = plays.iter().map(typed).collect();
    for play in &plays {
        assert_eq!(through_module(&typed(play), &module.0, module.2), by_hand(play));
        assert_eq!(through_module(&typed(play), &module.1, module.2), 0);
        assert_eq!(through_client(&mut ready.borrow_mut(), play, today), by_hand(play));
        assert_eq!(through(&mixed, play, &on, today), by_hand(play), "both sides do the same work");
        assert_eq!(through(&mixed, play, &off, today), 0);
    }
    let mut group = c.benchmark_group("a play of ten fields");
    group.throughput(Throughput::Elements(PLAYS));
    let mut run = |name: &str, of: &dyn Fn(&[Value<'_>; 10]) -> u64| {
        let all = || plays.iter().fold(0u64, |sum, play| sum.wrapping_add(of(black_box(play))));
        group.bench_function(name, |b| b.iter_batched(|| (), |()| black_box(all()), BatchSize::SmallInput));
    };
    run("by hand", &|play| by_hand(play));
    run("by a generated module, from the same values", &|play| {
        let (on, today) = black_box((&module.0, module.2));
        through_module(&typed(play), on, today)
    });
    run("by a client", &|play| through_client(&mut ready.borrow_mut(), play, today));
    run("by a client, opted out", &|play| through_client(&mut ready_off.borrow_mut(), play, today));
    run("through the policy", &|play| through(&mixed, play, &on, today));
    run("opted out", &|play| through(&mixed, play, &off, today));
    let (floors, numbers) = (ten_floors(), [Value::Number(123_456); 10]);
    run("ten floors", &|_| through(&floors, black_box(&numbers), &on, today));
    let ready = RefCell::new(floors.client(&on, today));
    run("ten floors by a client", &|_| through_client(&mut ready.borrow_mut(), black_box(&numbers), today));
    for (name, consent) in
        [("by a generated module", &module.0), ("by a generated module, opted out", &module.1)]
    {
        let of = |play: &ten::Play<'_>| {
            let (consent, today) = black_box((consent, module.2));
            through_module(play, consent, today)
        };
        let all = || typed_plays.iter().fold(0u64, |sum, play| sum.wrapping_add(of(black_box(play))));
        group.bench_function(name, |b| b.iter_batched(|| (), |()| black_box(all()), BatchSize::SmallInput));
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
