//! What an attacker comes to that a limit asks for.

use serde::Serialize;

/// How often an attacker is right that a limit asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attacked {
    /// The limit that asks, such as `sequence@3`.
    pub limit: String,
    /// How often it names right what it is after, 0..1; `None` where the catalogue gives it nothing to attack.
    pub right: Option<f64>,
    /// How often it would without seeing anything, 0..1; `None` where that isn't known.
    pub blind: Option<f64>,
    /// The 95 % interval of `right`; `None` where nothing is drawn.
    pub interval: Option<[f64; 2]>,
    /// Why there is nothing to attack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
}
