//! What can be wrong with `[[tier]]` and `[[score]]` of a program.

use rust_decimal::Decimal;

use crate::lifecycle::base::located::Section;
use crate::lifecycle::base::text::nearest;

/// What is wrong with the `[[tier]]` and `[[score]]` sections.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TierFault {
    Twice {
        tier: String,
    },
    NoMilestone {
        milestone: String,
    },
    NoCourse {
        course: String,
        near: Option<String>,
    },
    People {
        course: String,
    },
    /// A tier asks for a score, and there is none.
    NoScore,
    NoPart {
        part: String,
        parts: Vec<String>,
    },
    PartPoints {
        part: String,
        weight: i64,
        written: String,
    },
    /// What is asked of a partner when it leaves.
    OfLeaving {
        milestone: String,
    },
    /// A milestone that recurs and needs nothing is done for a period, never for good.
    Recurring {
        milestone: String,
    },
    /// What a tier asks for is asked of partners of that tier or a higher one only.
    OfThisTier {
        noun: &'static str,
        key: String,
        tier: String,
    },
    /// More points than the score, or a part of it, can have.
    TooManyPoints {
        part: Option<String>,
        points: Decimal,
        best: Decimal,
    },
    /// A tier is called by the key or the name of another one.
    SameWord {
        word: String,
        tier: String,
    },
    NoAlternative,
    EmptyAlternative {
        section: String,
    },
    NoWeight {
        section: String,
    },
    NoPoints {
        section: String,
    },
    Weights {
        total: i64,
    },
    Measure {
        word: String,
    },
}

impl TierFault {
    /// Returns the fault of something that only partners of the tier of the section, or of a higher one, are asked for.
    pub(super) fn of_this_tier(noun: &'static str, key: &str, section: &Section) -> TierFault {
        TierFault::OfThisTier { noun, key: key.to_owned(), tier: section.title().to_owned() }
    }

    /// Returns the fault of a course that the program does not have.
    pub(super) fn no_course(course: &str, courses: &[&str]) -> TierFault {
        let near = nearest(course, courses.iter().copied()).first().map(|near| (*near).to_owned());
        TierFault::NoCourse { course: course.to_owned(), near }
    }
}
