//! What the plays of a server leave through a channel, drawn anew for each or once for each file.

use super::Through;
use crate::attack::channel::Memo;
use crate::catalogue::stream::Stream;

/// What is seen of one play: the number of what leaves beside the duration, and what was drawn.
pub type Output = (u32, i64);

/// Draws what leaves of plays.
pub struct Outputs<'t, 'a> {
    through: &'t Through<'a>,
    part_of: Vec<u32>,
}

impl<'t, 'a> Outputs<'t, 'a> {
    /// Of what leaves through that channel. O(files).
    pub fn of(through: &'t Through<'a>) -> Self {
        Self { through, part_of: through.part_of() }
    }

    /// One play of a file.
    ///
    /// # Panics
    /// Where there is no such file.
    pub fn draw(&self, file: u32, random: &mut Stream) -> Output {
        let part = self.part_of[file as usize];
        let channel = self.through.parts()[part as usize].channel;
        (part, channel.sample(self.through.values()[file as usize], random))
    }

    /// The distinct outputs of plays of which each draws anew, rising. O(plays log plays).
    ///
    /// # Panics
    /// As [`Outputs::draw`].
    pub fn fresh(&self, plays: &[u32], random: &mut Stream) -> Vec<Output> {
        distinct(plays.iter().map(|&file| self.draw(file, random)))
    }

    /// The same where a server with that secret drew once for each file, whenever it is played.
    ///
    /// # Panics
    /// As [`Outputs::draw`].
    pub fn memoized(&self, plays: &[u32], secret: [u8; 32]) -> Vec<Output> {
        let memo = |file: u32| Memo { secret, file: u64::from(file), version: 1 };
        distinct(plays.iter().map(|&file| self.draw(file, &mut memo(file).stream())))
    }
}

fn distinct(outputs: impl Iterator<Item = Output>) -> Vec<Output> {
    let mut outputs: Vec<Output> = outputs.collect();
    outputs.sort_unstable();
    outputs.dedup();
    outputs
}
