//! What must be read and what must be refused, word for word.

mod ladders;
mod policies;
mod roundings;
