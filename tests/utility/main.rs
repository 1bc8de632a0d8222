//! What is left of the answers: releases, questions and their judgment, against naive counts and by their laws.

mod judge;
mod power;
mod questions;
mod release;
mod some;
