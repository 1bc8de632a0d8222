//! What the names of clients and devices tell: the platform, and what kind of device it is.
//!
//! A name is compared word by word (letters and digits, in any case), rule after rule; the first rule whose words stand
//! in it in a row decides. Names of devices are often a person's (`Anna's iPhone`), so only what a rule says is kept.

use super::gather::Draft;
use crate::telemetry::plays::Text;

/// Words in a row, the last one perhaps cut short by `*`, and what they tell: nothing where it could be several things.
type Rule = (&'static [&'static str], Option<&'static str>);

/// Televisions and consoles stand first: their clients are called after the phone's or the web's as well.
const PLATFORMS: &[Rule] = &[
    (&["android", "tv"], Some("androidtv")),
    (&["androidtv"], Some("androidtv")),
    (&["fire", "tv"], Some("firetv")),
    (&["firetv"], Some("firetv")),
    (&["apple", "tv"], Some("tvos")),
    (&["tvos"], Some("tvos")),
    (&["roku"], Some("roku")),
    (&["tizen"], Some("tizen")),
    (&["samsung"], Some("tizen")),
    (&["webos"], Some("webos")),
    (&["lg"], Some("webos")),
    (&["xbox"], Some("xbox")),
    (&["playstation"], Some("playstation")),
    (&["ps4"], Some("playstation")),
    (&["ps5"], Some("playstation")),
    (&["web"], Some("web")),
    (&["chrome"], Some("web")),
    (&["firefox"], Some("web")),
    (&["safari"], Some("web")),
    (&["edge"], Some("web")),
    (&["opera"], Some("web")),
    (&["android"], Some("android")),
    (&["findroid"], Some("android")),
    (&["symfonium"], Some("android")),
    (&["ios"], Some("ios")),
    (&["iphone"], Some("ios")),
    (&["ipad"], Some("ios")),
    (&["ipados"], Some("ios")),
    (&["windows"], Some("windows")),
    (&["macos"], Some("macos")),
    (&["osx"], Some("macos")),
    (&["mac"], Some("macos")),
    (&["linux"], Some("linux")),
];

/// A browser on neither phone nor tablet runs on a computer, and is called a desktop: it doesn't tell a laptop from one.
const DEVICES: &[Rule] = &[
    (&["iphone"], Some("phone")),
    (&["ipad"], Some("tablet")),
    (&["apple", "tv"], Some("box")),
    (&["shield"], Some("box")),
    (&["fire", "tv", "stick"], Some("stick")),
    (&["fire", "tv", "cube"], Some("box")),
    (&["streaming", "stick"], Some("stick")),
    (&["chromecast"], Some("stick")),
    (&["roku", "ultra"], Some("box")),
    (&["smart", "tv"], Some("tv")),
    (&["bravia"], Some("tv")),
    (&["xbox"], Some("console")),
    (&["playstation"], Some("console")),
    (&["ps4"], Some("console")),
    (&["ps5"], Some("console")),
    (&["sonos"], Some("speaker")),
    (&["homepod"], Some("speaker")),
    (&["pixel", "tablet"], Some("tablet")),
    (&["pixel"], Some("phone")),
    (&["galaxy", "tab*"], Some("tablet")),
    (&["galaxy", "s*"], Some("phone")),
    (&["sm", "t*"], Some("tablet")),
    (&["sm", "x*"], Some("tablet")),
    (&["sm", "a*"], Some("phone")),
    (&["sm", "g*"], Some("phone")),
    (&["sm", "n*"], Some("phone")),
    (&["sm", "s*"], Some("phone")),
    (&["tablet"], Some("tablet")),
    (&["phone"], Some("phone")),
    (&["macbook*"], Some("laptop")),
    (&["laptop"], Some("laptop")),
    (&["imac"], Some("desktop")),
    (&["desktop"], Some("desktop")),
    // A phone or a tablet, or a television that calls itself so.
    (&["android"], None),
    (&["chrome"], Some("desktop")),
    (&["firefox"], Some("desktop")),
    (&["safari"], Some("desktop")),
    (&["edge"], Some("desktop")),
    (&["opera", "tv"], Some("tv")),
    (&["opera"], Some("desktop")),
];

fn words(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.map(str::to_ascii_lowercase).collect()
}

fn is_word(word: &str, rule: &str) -> bool {
    rule.strip_suffix('*').map_or(word == rule, |start| word.starts_with(start))
}

fn decide(rules: &'static [Rule], name: &str) -> Option<&'static str> {
    let words = words(name);
    let fits = |rule: &[&str]| {
        words.windows(rule.len()).any(|run| run.iter().zip(rule).all(|(word, rule)| is_word(word, rule)))
    };
    rules.iter().find(|(rule, _)| fits(rule)).and_then(|(_, told)| *told)
}

/// Sets the platform and the device of a play: from the first of the names of the client, and of those of the device,
/// that tells one; else from what the platform can only run on.
pub(super) fn set(draft: &mut Draft<'_>, clients: [Option<&str>; 2], devices: [Option<&str>; 2]) {
    let named =
        |names: [Option<&str>; 2], rules| names.into_iter().flatten().find_map(|name| decide(rules, name));
    let given = |names: [Option<&'_ str>; 2]| names.into_iter().flatten().any(|name| !name.trim().is_empty());
    let platform = named(clients, PLATFORMS);
    draft.told(Text::Platform, given(clients), platform);
    let device = named(devices, DEVICES).or_else(|| platform.and_then(device_of));
    draft.told(Text::Device, given(devices), device);
}

/// What kind of device a platform can only run on.
fn device_of(platform: &str) -> Option<&'static str> {
    match platform {
        "tizen" | "webos" => Some("tv"),
        "tvos" => Some("box"),
        "playstation" | "xbox" => Some("console"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients() {
        for (client, told) in [
            ("Jellyfin Web", Some("web")),
            ("Jellyfin Android", Some("android")),
            ("Jellyfin Android TV", Some("androidtv")),
            ("AndroidTv", Some("androidtv")),
            ("Jellyfin for WebOS", Some("webos")),
            ("Swiftfin tvOS", Some("tvos")),
            ("Jellyfin Roku", Some("roku")),
            ("Plex for Android (TV)", Some("androidtv")),
            ("Plex for Android (Mobile)", Some("android")),
            ("Plex for LG", Some("webos")),
            ("Plex for Samsung", Some("tizen")),
            ("Plex for Apple TV", Some("tvos")),
            ("Microsoft Edge", Some("web")),
            ("Plex HTPC", None),
            ("Infuse", None),
            ("", None),
        ] {
            assert_eq!(decide(PLATFORMS, client), told, "{client}");
        }
    }

    #[test]
    fn devices() {
        for (name, told) in [
            ("Anna's iPhone", Some("phone")),
            ("Safari iPad", Some("tablet")),
            ("Chrome Android", None),
            ("Chrome", Some("desktop")),
            ("SHIELD Android TV", Some("box")),
            ("SM-G991B", Some("phone")),
            ("SM-T870", Some("tablet")),
            ("Galaxy Tab S7", Some("tablet")),
            ("LG Smart TV", Some("tv")),
            ("MacBook-Pro", Some("laptop")),
            ("living room", None),
        ] {
            assert_eq!(decide(DEVICES, name), told, "{name}");
        }
    }
}
