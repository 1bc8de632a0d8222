//! Roundings and quantities in the grammar.

use coarsen::policy::Limits;
use coarsen::rounding::{Bucket, Partition, Rounding, RoundingSpec};
use coarsen::units::Dimension::{self, Bitrate, Duration, Integer};

/// As written, and as printed again.
const ACCEPTED: &[(Dimension, &str, &str)] = &[
    (Duration, "keep", "keep"),
    (Duration, " drop ", "drop"),
    (Duration, "keep+bottom:1min+top:4h", "keep+bottom:1min+top:4h"),
    (Duration, "floor:5min", "floor:5min"),
    (Duration, "floor:300s", "floor:5min"),
    (Duration, "floor: 0.5 h", "floor:30min"),
    (Duration, "floor:5min@90s", "floor:5min@90s"),
    (Duration, "floor:5min@0s", "floor:5min"),
    (Duration, "floor:1.5s@250ms", "floor:1500ms@250ms"),
    (Duration, "nearest:30s", "nearest:30s"),
    (Duration, "ceil:60s@1ms", "ceil:1min@1ms"),
    (Duration, "floor:5min+bottom:5min+top:3h", "floor:5min+bottom:5min+top:3h"),
    (Duration, "floor:5min + top:240min", "floor:5min+top:4h"),
    (Duration, "edges:20min,45min,2h", "edges:20min,45min,2h"),
    (Duration, "edges: 20min, 2700s ,120min", "edges:20min,45min,2h"),
    (Duration, "quantile:20+top:4h", "quantile:20+top:4h"),
    (Duration, "atleast:20", "atleast:20"),
    (Duration, "floor:18446744073709551615ms", "floor:18446744073709551615ms"),
    (Bitrate, "floor:500kbps", "floor:500kbps"),
    (Bitrate, "floor:2.5Mbps", "floor:2500kbps"),
    (Bitrate, "ladder:apple_hls_h264+top:20Mbps", "ladder:apple_hls_h264+top:20Mbps"),
    (Bitrate, "log:8", "log:8"),
    (Bitrate, "log:64", "log:64"),
    (Bitrate, "bits:4", "bits:4"),
    (Bitrate, "bits:64", "bits:64"),
    (Bitrate, "digits:2", "digits:2"),
    (Bitrate, "digits:20", "digits:20"),
    (Integer, "floor:10@3", "floor:10@3"),
    (Integer, "edges:1,2,18446744073709551615", "edges:1,2,18446744073709551615"),
];

/// As written, and why not.
const REFUSED: &[(Dimension, &str, &str)] = &[
    (
        Duration,
        "",
        "unknown rounding ``: the roundings are keep, drop, floor:W, nearest:W, ceil:W, log:N, bits:N, \
         digits:N, edges:A,B,.., ladder:NAME, quantile:N, atleast:N",
    ),
    (
        Duration,
        "round:5min",
        "unknown rounding `round:5min`: the roundings are keep, drop, floor:W, nearest:W, ceil:W, log:N, \
         bits:N, digits:N, edges:A,B,.., ladder:NAME, quantile:N, atleast:N",
    ),
    (
        Duration,
        "Floor:5min",
        "unknown rounding `Floor:5min`: the roundings are keep, drop, floor:W, nearest:W, ceil:W, log:N, \
         bits:N, digits:N, edges:A,B,.., ladder:NAME, quantile:N, atleast:N",
    ),
    (
        Duration,
        "five minutes",
        "unknown rounding `five minutes`: the roundings are keep, drop, floor:W, nearest:W, ceil:W, log:N, \
         bits:N, digits:N, edges:A,B,.., ladder:NAME, quantile:N, atleast:N",
    ),
    (Duration, "keep:5", "`keep:5`: write it like `keep` or `drop`"),
    (Duration, "drop:", "`drop:`: write it like `keep` or `drop`"),
    (Duration, "floor", "`floor`: write it like `floor:5min@90s`"),
    (Duration, "edges", "`edges`: write it like `edges:20min,45min,2h`"),
    (Bitrate, "ladder", "`ladder`: write it like `ladder:apple_hls_h264`"),
    (Bitrate, "log", "`log`: write it like `log:8`"),
    (Bitrate, "bits:four", "`bits:four`: write it like `bits:4`"),
    (Bitrate, "digits:2.5", "`digits:2.5`: write it like `digits:2`"),
    (Bitrate, "log:-8", "`log:-8`: write it like `log:8`"),
    (
        Bitrate,
        "quantile:18446744073709551616",
        "`quantile:18446744073709551616`: write it like `quantile:20`",
    ),
    (Duration, "atleast:20titles", "`atleast:20titles`: write it like `atleast:20`"),
    (Duration, "floor:", "in the rounding `floor:`: `` is not a number with a unit: write it like `5min`"),
    (Duration, "floor:5", "in the rounding `floor:5`: `5` is not a number with a unit: write it like `5min`"),
    (
        Duration,
        "floor:-5min",
        "in the rounding `floor:-5min`: `-5min` is not a number with a unit: write it like `5min`",
    ),
    (
        Bitrate,
        "floor:.5Mbps",
        "in the rounding `floor:.5Mbps`: `.5Mbps` is not a number with a unit: write it like `500kbps`",
    ),
    (
        Bitrate,
        "floor:1.2.3Mbps",
        "in the rounding `floor:1.2.3Mbps`: `1.2.3Mbps` is not a number with a unit: write it like `500kbps`",
    ),
    (
        Duration,
        "floor:5weeks",
        "in the rounding `floor:5weeks`: `5weeks` has the unknown unit `weeks`: the units are ms, s, min, h",
    ),
    (
        Duration,
        "floor:500kbps",
        "in the rounding `floor:500kbps`: `500kbps` has the unknown unit `kbps`: the units are ms, s, min, h",
    ),
    (
        Bitrate,
        "floor:5min",
        "in the rounding `floor:5min`: `5min` has the unknown unit `min`: the units are bps, kbps, Mbps",
    ),
    (
        Bitrate,
        "floor:5mbps",
        "in the rounding `floor:5mbps`: `5mbps` has the unknown unit `mbps`: the units are bps, kbps, Mbps",
    ),
    (
        Integer,
        "floor:5s",
        "in the rounding `floor:5s`: `5s` has the unknown unit `s`: the units are none (a plain number)",
    ),
    (
        Duration,
        "floor:5min@90",
        "in the rounding `floor:5min@90`: `90` is not a number with a unit: write it like `5min`",
    ),
    (
        Duration,
        "floor:0.0001s",
        "in the rounding `floor:0.0001s`: `0.0001s` is not a whole number of ms: use fewer decimals",
    ),
    (
        Duration,
        "floor:1.5ms",
        "in the rounding `floor:1.5ms`: `1.5ms` is not a whole number of ms: use fewer decimals",
    ),
    (
        Duration,
        "floor:18446744073709551616ms",
        "in the rounding `floor:18446744073709551616ms`: `18446744073709551616ms` is too large: the largest is \
         18446744073709551615 ms",
    ),
    (
        Duration,
        "floor:5124095576031h",
        "in the rounding `floor:5124095576031h`: `5124095576031h` is too large: the largest is \
         18446744073709551615 ms",
    ),
    (
        Duration,
        "edges:20min,,2h",
        "in the rounding `edges:20min,,2h`: `` is not a number with a unit: write it like `5min`",
    ),
    (Duration, "floor:0s", "a width of 0 makes no bucket: use `keep` for no rounding at all"),
    (Bitrate, "nearest:0bps", "a width of 0 makes no bucket: use `keep` for no rounding at all"),
    (Duration, "ceil:0min", "a width of 0 makes no bucket: use `keep` for no rounding at all"),
    (Duration, "floor:1min@90s", "the phase 90000 must be below the width 60000: use its remainder 30000"),
    (Integer, "nearest:10@10", "the phase 10 must be below the width 10: use its remainder 0"),
    (Bitrate, "log:0", "buckets per doubling must be from 1 to 64, not 0"),
    (Bitrate, "log:65", "buckets per doubling must be from 1 to 64, not 65"),
    (Bitrate, "bits:0", "significant bits must be from 1 to 64, not 0"),
    (Bitrate, "bits:65", "significant bits must be from 1 to 64, not 65"),
    (Bitrate, "digits:0", "significant digits must be from 1 to 20, not 0"),
    (Bitrate, "digits:21", "significant digits must be from 1 to 20, not 21"),
    (
        Duration,
        "edges:2min,1min",
        "edges must rise strictly and begin above 0, but 60000 follows 120000 (0 and infinity are implied)",
    ),
    (
        Duration,
        "edges:1min,60s",
        "edges must rise strictly and begin above 0, but 60000 follows 60000 (0 and infinity are implied)",
    ),
    (
        Duration,
        "edges:0s,1min",
        "edges must rise strictly and begin above 0, but 0 follows 0 (0 and infinity are implied)",
    ),
    (
        Bitrate,
        "ladder:vhs",
        "unknown ladder `vhs`: the ladders are apple_hls_h264, apple_hls_hevc_sdr, apple_hls_hevc_hdr, \
         netflix_fixed_2015, youtube_upload_sdr, youtube_upload_hdr, sabre_bbb, sabre_bbb4k",
    ),
    (
        Duration,
        "ladder:apple_hls_h264",
        "a ladder is a list of bit rates, and this field is none: use `edges:`",
    ),
    (
        Integer,
        "ladder:apple_hls_h264",
        "a ladder is a list of bit rates, and this field is none: use `edges:`",
    ),
    (Duration, "floor:5min+bottom:2h+top:1h", "bottom coding must lie above 0 and below top coding"),
    (Duration, "floor:5min+bottom:1h+top:60min", "bottom coding must lie above 0 and below top coding"),
    (Duration, "floor:5min+bottom:0s", "bottom coding must lie above 0 and below top coding"),
    (Duration, "drop+top:4h", "`drop` leaves nothing to code: write `drop` alone"),
    (Duration, "drop+bottom:1min", "`drop` leaves nothing to code: write `drop` alone"),
    (
        Duration,
        "floor:5min+top:4h+bottom:1min",
        "`floor:5min+top:4h+bottom:1min`: write it like `floor:5min+bottom:1min+top:4h`",
    ),
    (
        Duration,
        "floor:5min+top:4h+top:5h",
        "`floor:5min+top:4h+top:5h`: write it like `floor:5min+bottom:1min+top:4h`",
    ),
    (Duration, "floor:5min+", "`floor:5min+`: write it like `floor:5min+bottom:1min+top:4h`"),
    (
        Duration,
        "floor:5min+middle:1h",
        "`floor:5min+middle:1h`: write it like `floor:5min+bottom:1min+top:4h`",
    ),
];

/// Where there is no catalogue to take edges from.
const NEEDS_REFERENCE: &[(&str, &str)] = &[
    (
        "quantile:20",
        "`quantile:20` takes its edges from a reference catalogue: none is at hand here, write `edges:` instead",
    ),
    (
        "atleast:20+top:240min",
        "`atleast:20+top:4h` takes its edges from a reference catalogue: none is at hand here, write `edges:` \
         instead",
    ),
];

#[test]
fn what_is_right_is_read() {
    for (dimension, text, printed) in ACCEPTED {
        let spec = RoundingSpec::parse(text, *dimension).unwrap_or_else(|error| panic!("`{text}`: {error}"));
        assert_eq!(spec.to_string(), *printed, "`{text}`");
    }
}

#[test]
fn what_is_wrong_is_refused_with_its_reason() {
    for (dimension, text, reason) in REFUSED {
        let error = RoundingSpec::parse(text, *dimension).expect_err(text);
        assert_eq!(error.to_string(), *reason, "`{text}`");
        assert_eq!(Rounding::parse(text, *dimension), Err(error));
    }
    for (text, reason) in NEEDS_REFERENCE {
        assert_eq!(Rounding::parse(text, Duration).expect_err(text).to_string(), *reason);
    }
}

/// Rounding, value, from, to.
#[test]
fn buckets_lie_where_the_grammar_says() {
    let minutes = |n: u64| n * 60_000;
    let cases = [
        ("keep", 7, 7, Some(8)),
        ("drop", 7, 0, None),
        ("floor:5min", minutes(90) + 1, minutes(90), Some(minutes(95))),
        ("floor:5min@90s", 89_999, 0, Some(90_000)),
        ("floor:5min@90s", 90_000, 90_000, Some(390_000)),
        ("nearest:30s", 14_999, 0, Some(15_000)),
        ("nearest:30s", 15_000, 15_000, Some(45_000)),
        ("nearest:3ms", 4, 2, Some(5)),
        ("ceil:1min", 60_000, 1, Some(60_001)),
        ("ceil:1min", 0, 0, Some(1)),
        ("log:1", 0, 0, Some(1)),
        ("log:8", 1_000, 939, Some(1_023)),
        ("bits:4", 1_000, 960, Some(1_024)),
        ("digits:2", 1_469, 1_400, Some(1_500)),
        ("digits:1", u64::MAX, 10_000_000_000_000_000_000, None),
        ("edges:20min,45min,2h", minutes(45), minutes(45), Some(minutes(120))),
        ("floor:5min+bottom:7min", minutes(6), 0, Some(minutes(7))),
        ("floor:5min+bottom:7min", minutes(8), minutes(7), Some(minutes(10))),
        ("floor:5min+top:3h", minutes(180), minutes(180), None),
        ("floor:5min+top:178min", minutes(176), minutes(175), Some(minutes(178))),
    ];
    for (text, value, from, to) in cases {
        let rounding = Rounding::parse(text, Duration).unwrap();
        assert_eq!(rounding.bucket(value), Bucket { from, to }, "{text} of {value}");
    }
}

#[test]
fn limits_are_read_or_refused_with_their_reason() {
    let refused = [
        (
            "k_title=20",
            "unknown limit `k_title`: the limits are k_titles, k_series, exposed_share, \
             largest_title_share@0.2, largest_title_share@0.5, largest_title_share@0.8, \
             largest_title_share_plays@0.2, largest_title_share_plays@0.5, largest_title_share_plays@0.8, \
             title_uniform, title_popularity, title_popularity_gain, sequence@N, sequence_plays@N, known-library@N",
        ),
        ("k_titles", "`k_titles` is not a limit: write it like `k_titles=20`"),
        ("k_titles=many", "`k_titles=many` is not a limit: write it like `k_titles=20`"),
        ("k_titles=0", "the limit k_titles=0 must be a whole number from 1"),
        ("k_series=2.5", "the limit k_series=2.5 must be a whole number from 1"),
        ("exposed_share=1.5", "the limit exposed_share=1.5 must be a share from 0 to 1"),
        ("title_uniform=-0.1", "the limit title_uniform=-0.1 must be a share from 0 to 1"),
        ("title_uniform=NaN", "the limit title_uniform=NaN must be a share from 0 to 1"),
        (
            "sequence@0=0.1",
            "the limit `sequence@0` must be written sequence@N, where N is a whole number of linked plays from 1 to \
             12, such as 3",
        ),
        (
            "sequence@03=none",
            "the limit `sequence@03` must be written sequence@N, where N is a whole number of linked plays from 1 to \
             12, such as 3",
        ),
        (
            "sequence_plays=0.1",
            "the limit `sequence_plays` must be written sequence_plays@N, where N is a whole number of linked plays \
             from 1 to 12, such as 3",
        ),
        (
            "known-library@1=0.1",
            "the limit `known-library@1` must be written known-library@N, where N is a whole number of titles from 2 \
             to 4294967295, such as 1000",
        ),
        ("sequence@3=1.5", "the limit sequence@3=1.5 must be a share from 0 to 1"),
        ("title_popularity_gain=0.5", "the limit title_popularity_gain=0.5 must be a factor of at least 1"),
        ("title_popularity_gain=inf", "the limit title_popularity_gain=inf must be a factor of at least 1"),
    ];
    for (text, reason) in refused {
        let mut limits = Limits::default();
        assert_eq!(limits.set(text).expect_err(text).to_string(), reason);
        assert_eq!(limits, Limits::default(), "`{text}` was refused and yet changed something");
    }
    let mut limits = Limits::default();
    for text in
        ["k_titles=50", "known-library@1000=0.05", " largest_title_share@0.5 = 0.25 ", "title_uniform=none"]
    {
        limits.set(text).unwrap();
    }
    assert_eq!(limits.get("k_titles"), Some(50.0));
    assert_eq!(limits.get("largest_title_share@0.5"), Some(0.25));
    assert_eq!(limits.get("title_uniform"), None);
    assert_eq!(limits.get("known-library@1000"), Some(0.05));
    limits.set("known-library@1000=none").unwrap();
    assert_eq!(limits.get("known-library@1000"), None);
    assert!(limits.set("nothing=none").is_err());
}
