//! Which rounding, then, and why not one step finer?
//!
//! [`sweep`] evaluates every candidate of a grid; [`frontier`] keeps those that nothing beats in both risk and
//! loss, or with plays in risk and the [`Traffic`] that it takes to find faults; [`recommend_shape`] finds the least loss that meets the limits, shape by shape, or with plays [`recommend_shape_by_value`] the most diagnostic value; [`judge`] holds the choice
//! against catalogues it has never seen. [`optimal`] finds the breakpoints of one attribute that nothing beats, and what
//! readable ones cost; [`comparators`] are methods that group whole records, to compare with and never to ship.
//! [`lattice`] finds how coarsely categories must be told. [`justified`] measures a policy that somebody wrote, and
//! [`verify`] holds one to what was measured and to its limits. [`diff`] tells what a change of policy gives away.

mod attackers;
mod breach;
mod candidates;
mod columns;
pub mod comparators;
mod corners;
mod diff;
mod error;
mod fields;
mod free;
mod frontier;
mod grow;
mod identifier;
mod judge;
mod justify;
pub mod lattice;
mod neighbors;
pub mod optimal;
mod recommend;
mod robust;
mod settings;
mod shape;
mod space;
mod sweep;
mod to_policy;
mod value;
mod verify;

pub use attackers::LIBRARIES;
pub use breach::{Breach, Margin, breaches, evaluate_for, margins, measured, thresholds};
pub use candidates::{Candidates, Grid};
pub use columns::{Asked, Cell, CountRow, Measured, SweepRow, Tabular};
pub use corners::{mended, with_other};
pub use diff::{
    Change, Diff, FieldDiff, JoinCatalogue, JoinFigures, JudgedJoin, Matched, PairDiff, Pairs, Relation,
    SmallestBuckets, Version, diff,
};
pub use error::SearchError;
pub use fields::plain_policy;
pub use free::{FREE_NODES, FreeChoice, FreeGrid, Unsnapped, free, unsnapped};
pub use frontier::frontier;
pub use grow::{MOST_FILES, grow};
pub use identifier::{IdentifierPlays, NamedSeries, identifier_plays};
pub use judge::{Judged, JudgedPing, Outcome, Safe, Sample, judge};
pub use justify::{WHOLE, canonical_hash, justified, justified_text};
pub use neighbors::{Neighbor, neighbors};
pub use recommend::{Found, PingChoice, ShapeChoice, best_shape, budgets, recommend_shape};
pub use robust::{Draws, GroupHeld, Held, Panel, SAMPLES, holds_on, recommend_robust};
pub use shape::{PingShape, Shape};
pub use sweep::{Evaluation, Part, Place, Sweep, evaluate, sweep, sweep_of};
pub use to_policy::{Justify, standard_release, to_policy, to_policy_telling};
pub use value::{Diagnosis, Traffic, Worth, recommend_shape_by_value};
pub use verify::{
    ArrivedPing, Check, Claim, Figures, Gate, LinkedPing, Tells, Verdict, Verified, VerifiedArrival,
    VerifiedDerived, VerifiedLink, VerifiedPing, Warning, verify,
};
