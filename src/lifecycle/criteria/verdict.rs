//! Verdicts: what a questionnaire, or several of them together, say of a partner.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Scores between which people decide; a score on either belongs to them too.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CutOffs {
    pub fail_below: Decimal,
    pub pass_above: Decimal,
}

/// What a questionnaire says of a partner.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Fail,
    Review,
    Pass,
}

/// The verdicts that are still possible: `worst` and `best`, and all between them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdicts {
    pub worst: Verdict,
    pub best: Verdict,
}

/// What answers came to when they were judged; kept with them, so that a later program changes nothing of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AssessmentOutcome {
    /// The least and the most that the score can be, from 0 to 100; none if no question counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<[f64; 2]>,
    /// Must-haves that are not met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
    /// The verdict if all that is unknown turns out badly.
    pub worst: Verdict,
    /// The verdict if all that is unknown turns out well.
    pub best: Verdict,
}

impl Verdict {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Fail => "fail",
            Verdict::Review => "review",
            Verdict::Pass => "pass",
        }
    }
}

impl AssessmentOutcome {
    /// Returns the verdicts that are possible.
    pub fn verdicts(&self) -> Verdicts {
        Verdicts { worst: self.worst, best: self.best }
    }
}

impl Verdicts {
    /// Returns the verdict if it is the same whatever the unknown answers turn out to be.
    pub fn decided(self) -> Option<Verdict> {
        Some(self.worst).filter(|worst| *worst == self.best)
    }

    /// Returns the verdict of one questionnaire in a word.
    pub fn word(self) -> &'static str {
        self.decided().map_or(UNDECIDED, Verdict::word)
    }

    /// Returns the verdict on a partner, of all criteria together, in a word.
    pub fn decision(self) -> &'static str {
        match self.decided() {
            None => UNDECIDED,
            Some(Verdict::Fail) => "decline",
            Some(Verdict::Review) => "review",
            Some(Verdict::Pass) => "recruit",
        }
    }

    /// Returns what several questionnaires come to, of which each must pass: the lower one decides. One that was not
    /// answered may turn out either way. None if none was answered.
    pub fn joint(each: impl Iterator<Item = Option<Verdicts>> + Clone) -> Option<Verdicts> {
        each.clone().flatten().next()?;
        let either = Verdicts { worst: Verdict::Fail, best: Verdict::Pass };
        let known = each.map(|one| one.unwrap_or(either));
        known.reduce(|a, b| Verdicts { worst: a.worst.min(b.worst), best: a.best.min(b.best) })
    }
}

pub(crate) const UNDECIDED: &str = "undecided";
