//! What is done about a partner that does not perform: watched, improving, decided.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::growth::event::DecidedAs;

/// One step, from its day until the next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CareStep {
    pub event: i64,
    pub day: Day,
    pub step: Step,
    pub reason: Option<String>,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Watched,
    Improving { until: Day },
    Decided(DecidedAs),
}

/// Where a partner stands in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Care {
    /// Nothing is done, and nothing was decided.
    None,
    Watched {
        since: Day,
    },
    Improving {
        since: Day,
        until: Day,
    },
    /// It was decided on this day; what came before is settled.
    Settled {
        on: Day,
        outcome: DecidedAs,
    },
}

impl Step {
    /// The word that is stored for the step.
    pub fn word(self) -> &'static str {
        match self {
            Step::Watched => "watch",
            Step::Improving { .. } => "improvement",
            Step::Decided(outcome) => outcome.word(),
        }
    }

    pub fn from_word(word: &str, until: Option<Day>) -> Option<Step> {
        match word {
            "watch" => Some(Step::Watched),
            "improvement" => until.map(|until| Step::Improving { until }),
            _ => DecidedAs::from_word(word).map(Step::Decided),
        }
    }
}

impl Care {
    /// What the newest step says.
    pub fn after(newest: Option<(Day, Step)>) -> Care {
        match newest {
            None => Care::None,
            Some((since, Step::Watched)) => Care::Watched { since },
            Some((since, Step::Improving { until })) => Care::Improving { since, until },
            Some((on, Step::Decided(outcome))) => Care::Settled { on, outcome },
        }
    }

    /// Whether a decision is still to come.
    pub fn is_open(self) -> bool {
        matches!(self, Care::Watched { .. } | Care::Improving { .. })
    }
}
