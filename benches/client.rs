//! What a play costs the client: ten fields through a policy, beside the same roundings written out by hand.
//!
//! Through the policy, consent and day are asked play by play; by a client they were asked before, and of numbers only
//! what stands for their buckets is found.
//!
//! The hand-written code knows its policy when it is compiled and asks nobody's consent, so it is a bound from below.
//! `tests/client` holds that a play allocates nothing.

use std::cell::RefCell;
use std::hint::black_box;

use coarsen::policy::{Client, Consent, Day, Play, Policy, Sent, Value};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const PLAYS: u64 = 1_000;

/// Fields with their type and rounding, one ping each letter.
const MIXED: [(&str, &str, &str, &str); 10] = [
    ("a", "duration", "duration", "floor:5min+bottom:5min+top:3h"),
    ("a", "played", "duration", "floor:15min"),
    ("a", "direct", "flag", "keep"),
    ("b", "bitrate", "bitrate", "log:1"),
    ("b", "stalls", "integer", "edges:1,2,5"),
    ("b", "resolution", "category", "groups:SD=480p|576p,HD=720p|1080p,UHD=2160p"),
    ("b", "codec", "category", "groups:AVC=h264,HEVC=hevc,open=vp9|av1"),
    ("c", "speed", "integer", "edges:500,1000,2000"),
    ("c", "start", "duration", "floor:500ms+top:10s"),
    ("c", "platform", "category", "keep"),
];

fn policy(fields: &[(&str, &str, &str, &str)]) -> Policy {
    let mut text = "schema = \"coarsen.policy/1\"\nname = \"ten\"\nversion = 1\n".to_owned();
    for (ping, name, kind, rounding) in fields {
        text += &format!(
            "[[field]]\nping = \"{ping}\"\nname = \"{name}\"\ntype = \"{kind}\"\nrounding = \"{rounding}\"\n\
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
    let (mixed, today): (_, Day) = (policy(&MIXED), "2026-11-24".parse().expect("a day"));
    let (on, off) = (Consent::none().with("playback"), Consent::none());
    let ready = RefCell::new(mixed.client(&on, today));
    let ready_off = RefCell::new(mixed.client(&off, today));
    for play in &plays {
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
    run("by a client", &|play| through_client(&mut ready.borrow_mut(), play, today));
    run("by a client, opted out", &|play| through_client(&mut ready_off.borrow_mut(), play, today));
    run("through the policy", &|play| through(&mixed, play, &on, today));
    run("opted out", &|play| through(&mixed, play, &off, today));
    let floors: Vec<_> = MIXED.iter().map(|field| ("a", field.1, "integer", "floor:300")).collect();
    let (floors, numbers) = (policy(&floors), [Value::Number(123_456); 10]);
    run("ten floors", &|_| through(&floors, black_box(&numbers), &on, today));
    let ready = RefCell::new(floors.client(&on, today));
    run("ten floors by a client", &|_| through_client(&mut ready.borrow_mut(), black_box(&numbers), today));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
