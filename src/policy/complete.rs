//! A list is complete or it isn't one: words that leave a list open are refused.

/// Words that leave a list open, in lower case, each with single spaces.
const OPEN: [&str; 17] = [
    "such as",
    "e.g",
    "e. g",
    "eg.",
    "for example",
    "for instance",
    "etc",
    "et cetera",
    "and so on",
    "and so forth",
    "and the like",
    "among others",
    "among other things",
    "including but not limited to",
    "including, but not limited to",
    "...",
    "\u{2026}",
];

/// The first of the words that leave a list open, where the text has one: `such as`, `e.g.`, `etc.`, `and so on`,
/// `including but not limited to` and their kin, in any case and with any white space between. O(text).
///
/// ```
/// use coarsen::policy::open_ended;
/// assert_eq!(open_ended("Stall rates by codec, resolution,\n Etc."), Some("etc"));
/// assert_eq!(open_ended("Sketches of stall rates."), None);
/// ```
pub fn open_ended(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let text = lower.split_whitespace().collect::<Vec<&str>>().join(" ");
    let alone = |start: usize, words: &str| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let bounded = words.starts_with(char::is_alphanumeric);
        !bounded
            || !letter(text[..start].chars().next_back())
                && !letter(text[start + words.len()..].chars().next())
    };
    OPEN.into_iter().find(|words| text.match_indices(words).any(|(start, _)| alone(start, words)))
}
