//! Questions: the built-in ones, and one's own.

use std::path::PathBuf;

use coarsen::utility::{Question, built_in, read_questions};

use crate::failure::Failure;

#[derive(clap::Args)]
pub struct QuestionArgs {
    /// Questions of one's own, asked beside the built-in ones; `datasets/questions/playback.toml` shows the form.
    #[arg(long, value_name = "FILE.toml")]
    questions: Option<PathBuf>,
}

impl QuestionArgs {
    /// Whether there are any of one's own.
    pub fn is_asked(&self) -> bool {
        self.questions.is_some()
    }

    /// The built-in questions and those of the file.
    pub fn all(&self) -> Result<Vec<Question>, Failure> {
        let mut questions = built_in();
        if let Some(path) = &self.questions {
            let from = path.display().to_string();
            let text =
                std::fs::read_to_string(path).map_err(|error| Failure::Input(format!("{from}: {error}")))?;
            for question in read_questions(&from, &text).map_err(Failure::input)? {
                if questions.iter().any(|built_in| built_in.name == question.name) {
                    let name = &question.name;
                    return Err(Failure::Input(format!(
                        "{from}: {name} is the name of a built-in question: rename it"
                    )));
                }
                questions.push(question);
            }
        }
        Ok(questions)
    }
}
