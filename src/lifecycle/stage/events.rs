//! What is recorded of moves between stages, and what is known of them after that.

use serde::{Deserialize, Serialize};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::stored::is_false;

/// The word for a parked partner in programs and stage histories.
pub(crate) const PARKED: &str = "parked";

/// A stay in a stage began.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entered {
    pub stage: String,
    pub why: Why,
    /// The partner was found in this stage on the day; when it entered is not known.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unknown_day: bool,
    /// Gates that were not done, passed by override.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overridden: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The first stage that we know of.
    Placed,
    Advanced,
    Back,
    Resumed,
    Returned,
}

/// The stay ended for the time being.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Parked {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// The key of the program's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The reason in own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The partner left the channel.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Left {
    pub label: LeftAs,
    /// The key of the program's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The reason in own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What is right of a leaving or a parking that was recorded wrongly.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct ExitCorrection {
    /// How the partner left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<LeftAs>,
    /// The key of the program's reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// There is no reason of the program.
    #[serde(skip_serializing_if = "is_false")]
    pub without_why: bool,
    /// The reason in own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl ExitCorrection {
    /// Returns whether it says nothing.
    pub fn is_nothing(&self) -> bool {
        *self == ExitCorrection::default()
    }

    /// Takes over what a later correction says.
    pub(crate) fn replace_by(&mut self, later: &ExitCorrection) {
        self.label = later.label.or(self.label);
        if later.why.is_some() || later.without_why {
            self.why.clone_from(&later.why);
            self.without_why = later.without_why;
        }
        if later.text.is_some() {
            self.text.clone_from(&later.text);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeftAs {
    /// We said no, or they did, before working together.
    Declined,
    /// The partner ended it.
    Withdrew,
    /// We ended it.
    Terminated,
}

impl LeftAs {
    pub const ALL: [LeftAs; 3] = [LeftAs::Declined, LeftAs::Withdrew, LeftAs::Terminated];

    /// Returns the word that is stored and typed for it.
    pub fn word(self) -> &'static str {
        match self {
            LeftAs::Declined => "declined",
            LeftAs::Withdrew => "withdrew",
            LeftAs::Terminated => "terminated",
        }
    }

    /// Finds the label of this word.
    pub fn from_word(word: &str) -> Option<LeftAs> {
        LeftAs::ALL.into_iter().find(|label| label.word() == word)
    }
}

/// Where a partner stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Standing {
    In {
        stage: String,
    },
    /// `from` is the stage it was parked from, if that is known.
    Parked {
        from: Option<String>,
    },
    /// `from` is the stage it was in last, if there was one.
    Left {
        label: LeftAs,
        from: Option<String>,
    },
}

/// One visit to a stage, one parking, or the time after leaving.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stay {
    /// The number of the event that began it.
    pub event: i64,
    pub standing: Standing,
    pub entered: Day,
    /// False if the partner was found here on `entered`, and entered on some earlier day.
    pub entry_known: bool,
    pub why: Option<Why>,
    /// Until when it is parked, if that was said.
    pub until: Option<Day>,
    /// The key of the program's reason for which it left or was parked.
    pub cause: Option<String>,
    pub reason: Option<String>,
}

impl Standing {
    /// Returns the key of the stage, if it is in one.
    pub fn in_stage(&self) -> Option<&str> {
        match self {
            Standing::In { stage } => Some(stage),
            _ => None,
        }
    }

    /// Returns the stage that it is in, or came from.
    pub fn last_stage(&self) -> Option<&str> {
        match self {
            Standing::In { stage } => Some(stage),
            Standing::Parked { from } | Standing::Left { from, .. } => from.as_deref(),
        }
    }
}
