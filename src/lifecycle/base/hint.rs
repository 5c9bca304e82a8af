//! Hints and next steps as values: only the outermost floor knows that there is a shell.

/// Something the user can do next. `text/steps.rs` writes it as a command line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Takes a partner that left back into the channel.
    Return { partner: String },
    /// Lists what was recorded about a partner.
    Log { partner: String },
}

/// A suggestion: words, a step, or a step with words before and behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    pub before: String,
    pub step: Option<Step>,
    pub behind: String,
}

impl Hint {
    /// Suggests a step, and says behind it what it does: "`chanlife return acme` brings it back".
    pub fn step(step: Step, behind: impl Into<String>) -> Hint {
        Hint { before: String::new(), step: Some(step), behind: behind.into() }
    }

    /// Suggests a step for a case: "if the day is wrong: `chanlife correct 7 --on DATE`".
    pub fn if_so(before: impl Into<String>, step: Step) -> Hint {
        Hint { before: before.into(), step: Some(step), behind: String::new() }
    }
}

impl From<String> for Hint {
    fn from(words: String) -> Hint {
        Hint { before: words, step: None, behind: String::new() }
    }
}

impl From<&str> for Hint {
    fn from(words: &str) -> Hint {
        Hint::from(words.to_owned())
    }
}
