//! What a server's owner has switched on.

/// The switch that every policy has and nobody sets: what the service can't run without.
pub const ESSENTIAL: &str = "essential";

/// The key of a play's switches in JSON.
pub const CONSENT: &str = "consent";

/// The beginning of the name of the column of a switch in a table.
pub const CONSENT_PREFIX: &str = "consent_";

/// The key and column of whose content was played.
pub const CONTENT: &str = "content";

/// A switch that governs fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Switch {
    Essential,
    /// One of [`KNOWN`], as its bit.
    Known(u8),
    /// One's own.
    Own(String),
}

/// The switches that have a name of their own, besides [`ESSENTIAL`].
const KNOWN: [&str; 3] = ["playback", "crash", "marketing"];

impl Switch {
    pub fn named(name: &str) -> Self {
        if name == ESSENTIAL {
            return Self::Essential;
        }
        match KNOWN.iter().position(|known| *known == name) {
            Some(place) => Self::Known(1 << place),
            None => Self::Own(name.to_owned()),
        }
    }
}

/// The switches that are on. Every other is off; `essential` needs none.
///
/// ```
/// use coarsen::policy::Consent;
/// let consent = Consent::none().with("playback").with("beta program");
/// assert!(consent.allows("playback") && consent.allows("beta program") && consent.allows("essential"));
/// assert!(!consent.allows("marketing"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    known: u8,
    own: Vec<String>,
}

impl Consent {
    /// Nothing switched on.
    pub fn none() -> Self {
        Self::default()
    }

    /// The same with this switch on as well.
    #[must_use]
    pub fn with(mut self, switch: &str) -> Self {
        match Switch::named(switch) {
            Switch::Essential => {}
            Switch::Known(bit) => self.known |= bit,
            Switch::Own(name) if self.own.contains(&name) => {}
            Switch::Own(name) => self.own.push(name),
        }
        self
    }

    /// Whether what this switch governs may leave. O(own switches).
    pub fn allows(&self, switch: &str) -> bool {
        self.has(&Switch::named(switch))
    }

    /// How many switches have a name of their own.
    pub(super) const NAMED: usize = KNOWN.len();

    /// Those of them that are on, as bits.
    #[inline]
    pub(super) fn named(&self) -> u8 {
        self.known
    }

    /// Whether a switch is on where these named ones are, and no other.
    pub(super) fn has_named(named: u8, switch: &Switch) -> bool {
        match switch {
            Switch::Essential => true,
            Switch::Known(bit) => named & bit != 0,
            Switch::Own(_) => false,
        }
    }

    pub(super) fn has(&self, switch: &Switch) -> bool {
        match switch {
            Switch::Own(name) => self.own.contains(name),
            _ => Self::has_named(self.known, switch),
        }
    }
}
