//! A study: catalogue, candidates, attackers, choice and judges in one run.
//!
//! [`run`] takes a [`Config`] and returns [`Outcome`]: the [`Results`], the rows of the sweep, and the policy
//! where a choice meets the limits. Nothing here writes a file or knows a clock.

mod attackers;
mod config;
mod diagnostics;
mod error;
mod front;
mod judges;
mod linkage;
mod progress;
mod results;
mod run;
mod sources;

pub use attackers::{
    AtWidth, Attacked, Attackers, Idle, IdleOnFiles, LINKED, Left, NOT_ON_FILES, Of, OnFiles, Otherwise,
    Rate, Remedy, Step, WIDTHS, least, tolerated,
};
pub use config::{Config, PlaySource, Source};
pub use diagnostics::{AskedPlays, Diagnostics, Expected as ExpectedTraffic, Step as DiagnosticStep};
pub use error::StudyError;
pub use progress::{Progress, Silent};
pub use results::{
    Attack, BeforeAfter, FrontierAxis, HeatMap, Input, LeftOut, Linked, Ping, Point, Provenance, Results,
    SCHEMA, ShapeResult, Sizes, Standing,
};
pub use run::{Outcome, run};
pub use sources::{Named, load};
