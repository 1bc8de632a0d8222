//! Probabilities as logarithms: a product of many would vanish, and each costs no exponential.

use super::Channel;

/// ln P(output | value) of one channel, with what doesn't hang on either made once.
#[derive(Clone, Copy, Debug)]
pub struct Logarithms {
    channel: Channel,
    /// Of the likeliest output of noise or response.
    likeliest: f64,
}

impl Logarithms {
    pub(super) fn new(channel: Channel) -> Self {
        let likeliest = match channel {
            Channel::Stochastic(_) => 1.0,
            Channel::Noise(of) => of.probability(0),
            Channel::Response(of) => of.probability(0, of.place(0)),
        };
        Self { channel, likeliest: libm::log(likeliest) }
    }

    /// ln P(output | value), minus infinity of an output that can't be. O(1).
    ///
    /// ```
    /// use coarsen::attack::channel::Randomized;
    /// let drawn: Randomized = "noise:1@1s".parse()?;
    /// let near = drawn.channel.probability(60_000, 62);
    /// assert!((drawn.channel.logarithms().of(60_000, 62) - near.ln()).abs() < 1e-12);
    /// # Ok::<(), coarsen::attack::channel::ChannelError>(())
    /// ```
    pub fn of(&self, value: u64, output: i64) -> f64 {
        match self.channel {
            Channel::Stochastic(of) => libm::log(of.probability(value, output)),
            Channel::Noise(of) => {
                self.likeliest - of.epsilon.value() * of.place(value).abs_diff(output) as f64
            }
            Channel::Response(of) => match u64::try_from(output) {
                Ok(_) if output == of.place(value) => self.likeliest,
                Ok(output) if output < of.buckets() => self.likeliest - of.epsilon.value(),
                _ => f64::NEG_INFINITY,
            },
        }
    }
}
