//! `coarsen diagnose`.

mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use coarsen::classes::Generalization;
use coarsen::policy::{Day, Policy};
use coarsen::telemetry::plays::{Plays, Switch, read};
use coarsen::utility::power::{Detection, Family, PowerError, PowerSettings, power};
use coarsen::utility::{
    Finding, Judged, Judging, Outcome, Release, Untested, consenting, distance, information, judge, opt_out,
    speed, untested,
};
use serde::Serialize;

use crate::args::{What, read_policy};
use crate::as_of::AsOf;
use crate::failure::Failure;
use crate::output;
use crate::progress::while_spinning;
use crate::questions::QuestionArgs;

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  coarsen diagnose --plays plays.parquet --policy policy.toml\n  \
    coarsen diagnose --plays plays.parquet --bitrate log:1 --by resolution --questions mine.toml --json\n\n\
    A question is answered as before where the whole 95 % interval of its mean error lies within its margin, lost where \
    no ping holds its columns or knowing the figure of all plays together serves as well, untested where raw plays don't \
    answer it or that figure lies within the margin too, else blurred. Of flags, what \
    describes the player and the playback stays as it is; the played duration is rounded as the duration, the delivered \
    bit rate as the bit rate, and every play is asked but those of servers that have switched playback off.")]
pub struct Args {
    /// The plays, Parquet.
    #[arg(long, value_name = "FILE")]
    plays: PathBuf,
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    questions: QuestionArgs,
    /// Switches that are on for every play, by comma.
    #[arg(long, value_name = "SWITCHES", value_delimiter = ',')]
    consent: Vec<String>,
    #[command(flatten)]
    as_of: AsOf,
    /// Resamples of the servers behind the interval of each question.
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    resamples: u32,
    /// Faults of each family that are looked for.
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    replicas: u32,
    /// The seed.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    /// Plays that leave in some ping. How many don't is told nowhere.
    leaving: usize,
    questions: Vec<Judged>,
    /// Columns whose value no question tests.
    value_untested: Vec<Untested>,
    /// How much more traffic it takes to find a fault.
    faults: Vec<Detection>,
    /// How far the numbers that leave lie from the raw ones.
    distance: Vec<distance::FieldDistance>,
    /// How much of what a number tells is left.
    information: Vec<information::Question>,
    /// How well the speed of a server is told.
    speed: Finding<speed::Speeds>,
    /// What opting out does.
    opt_out: opt_out::OptOut,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let questions = args.questions.all()?;
    let all = while_spinning("reading", || read(&args.plays)).map_err(Failure::input)?;
    let what = read_what(args)?;
    // What somebody switched off is asked nothing, not even what raw plays would have told.
    let plays = what.consenting(&all);
    if plays.is_empty() {
        let mend = "tell who consents with --consent, as in --consent playback,crash,features";
        return Err(Failure::Input(format!("{}: no play leaves: {mend}", args.plays.display())));
    }
    let release = while_spinning("rounding", || what.release(&plays))?;
    let judging = Judging { resamples: args.resamples, seed: args.seed };
    let judged = while_spinning("asking", || judge(&plays, &release, &questions, &judging));
    let judged = judged.map_err(Failure::input)?;
    let settings = PowerSettings::new(plays.len() as u64, args.seed).with_replicas(args.replicas);
    let faults = while_spinning("looking for faults", || {
        Family::ALL.into_iter().map(|family| power(&plays, &release, family, &settings)).collect()
    });
    let faults: Result<Vec<Detection>, PowerError> = faults;
    let report = Report {
        schema: "coarsen.diagnose/1",
        leaving: plays.len(),
        value_untested: untested(&release, &questions, &judged),
        questions: judged,
        faults: faults.map_err(Failure::input)?,
        distance: distance::of_release(&plays, &release),
        information: information::of_release(&plays, &release),
        speed: speed::of_release(&plays, &release, args.seed),
        opt_out: opt_out::of_release(&plays, &release, &opt_out::Settings::new(args.seed)),
    };
    match args.json {
        true => output::json(&report)?,
        false => output::text(&text::render(&report))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What leaves of plays.
enum Leaves {
    Flags(Box<Generalization>),
    Policy { policy: Box<Policy>, pings: Vec<String>, as_of: Day, on: Vec<String> },
}

fn read_what(args: &Args) -> Result<Leaves, Failure> {
    let Some(path) = &args.what.policy else { return Ok(Leaves::Flags(Box::new(args.what.stated()?))) };
    let policy = read_policy(path)?;
    let pings = args.what.pings(&policy)?.into_iter().map(str::to_owned).collect();
    Ok(Leaves::Policy { policy: Box::new(policy), pings, as_of: args.as_of.day()?, on: args.consent.clone() })
}

impl Leaves {
    /// The plays that may be asked; flags know no switch but that of plays themselves.
    fn consenting(&self, plays: &Plays) -> Plays {
        match self {
            Self::Flags(_) => plays.only(|play| plays.switch(Switch::Playback)[play] != Some(false)),
            Self::Policy { policy, as_of, on, .. } => consenting(plays, policy, *as_of, on),
        }
    }

    fn release<'a>(&self, plays: &'a Plays) -> Result<Release<'a>, Failure> {
        match self {
            Self::Flags(generalization) => Ok(Release::of_pings(plays, &[("play", generalization)])),
            Self::Policy { policy, pings, as_of, on } => {
                let release = Release::of_policy(plays, policy, *as_of, on).map_err(Failure::input)?;
                Ok(release.among(&pings.iter().map(String::as_str).collect::<Vec<_>>()))
            }
        }
    }
}

/// How many questions came to this.
fn count(judged: &[Judged], outcome: Outcome) -> usize {
    judged.iter().filter(|judged| judged.outcome == outcome).count()
}
