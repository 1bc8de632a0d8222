//! Plays put through a policy: the columns that leave against the policy's own word play by play, and the laws.

#[path = "../client/draw.rs"]
#[allow(dead_code, reason = "what is drawn for a client is drawn here, and not all of it")]
mod draw;

mod agreement;
mod chunks;
mod import;
mod interference;
mod plays;
mod previewed;
mod release;
mod simulated;
