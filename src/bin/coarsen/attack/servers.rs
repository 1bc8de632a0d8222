//! Arguments of the attackers on servers.

/// How many servers there are, and what they play.
#[derive(clap::Args, Clone, Copy)]
pub struct ServerArgs {
    /// Servers that library knows, and as many newcomers; membership asks all of them.
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub servers: u32,
    /// Plays of a server in a period, which are linked: for library and, on average, for membership.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub plays: u32,
    /// Plays in a period, on average, of the file that membership asks after, by who holds it.
    #[arg(long, value_name = "X", default_value_t = 3.0, value_parser = repeats)]
    pub repeats: f64,
}

fn repeats(text: &str) -> Result<f64, String> {
    let repeats = text.parse().ok().filter(|repeats: &f64| (0.001..=1_000.0).contains(repeats));
    repeats.ok_or_else(|| "give a number from 0.001 to 1000".to_owned())
}
