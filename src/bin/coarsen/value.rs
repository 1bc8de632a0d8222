//! `coarsen recommend --plays FILE`: choose by what plays tell.

use std::path::PathBuf;

use coarsen::search::{Diagnosis, ShapeChoice};
use coarsen::telemetry::plays::{Plays, Switch, read};
use coarsen::utility::power::PowerSettings;

use crate::failure::Failure;
use crate::output;
use crate::progress::while_spinning;
use crate::questions::QuestionArgs;

/// Faults of each family that are looked for.
const REPLICAS: u32 = 500;

#[derive(clap::Args)]
pub struct ValueArgs {
    /// Choose what keeps the most diagnostic value of these plays (Parquet) instead of the least distortion: the fewest
    /// questions and faults lost, then the least sample-size ratio, then the least error of the answers. Plays of servers
    /// that have switched playback off are not asked.
    #[arg(long, value_name = "FILE")]
    plays: Option<PathBuf>,
    #[command(flatten)]
    questions: QuestionArgs,
}

impl ValueArgs {
    /// Whether plays choose.
    pub fn is_asked(&self) -> bool {
        self.plays.is_some()
    }

    /// The plays that choose, those of servers that opted out left out.
    pub fn plays(&self) -> Result<Option<Plays>, Failure> {
        let Some(path) = &self.plays else {
            return match self.questions.is_asked() {
                true => Err(Failure::Input("--questions are put to --plays: give some".to_owned())),
                false => Ok(None),
            };
        };
        let plays = while_spinning("reading plays", || read(path)).map_err(Failure::input)?;
        let consenting = plays.only(|play| plays.switch(Switch::Playback)[play] != Some(false));
        match consenting.is_empty() {
            true => Err(Failure::Input(format!("{}: no play that may be asked", path.display()))),
            false => Ok(Some(consenting)),
        }
    }

    /// What a choice is held to.
    pub fn diagnosis<'p>(&self, plays: &'p Plays, seed: u64) -> Result<Diagnosis<'p>, Failure> {
        let settings = PowerSettings::new(plays.len() as u64, seed).with_replicas(REPLICAS);
        Diagnosis::new(plays, self.questions.all()?, &settings).map_err(Failure::input)
    }
}

/// What each shape is worth, where plays chose.
pub fn render(choices: &[ShapeChoice]) -> String {
    let worths = choices.iter().filter_map(|choice| Some((choice.shape.name, choice.worth.as_ref()?)));
    let row = |(shape, worth): (&str, &coarsen::search::Worth)| {
        let (ratio, error) = (format!("{:.2}", worth.sample_size_ratio), format!("{:.3}", worth.error));
        vec![shape.to_owned(), worth.lost.to_string(), ratio, error]
    };
    let rows: Vec<Vec<String>> = worths.map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let header = ["shape", "questions and faults lost", "sample-size ratio, expected", "error"];
    format!("\nWhat the plays still tell\n{}", output::table(&header, &rows))
}
