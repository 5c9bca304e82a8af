//! What can be wrong with `[[tier]]` and `[[score]]` of a program.

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
    /// Returns the fault of a course that the program does not have.
    pub(super) fn no_course(course: &str, courses: &[&str]) -> TierFault {
        let near = nearest(course, courses.iter().copied()).first().map(|near| (*near).to_owned());
        TierFault::NoCourse { course: course.to_owned(), near }
    }
}
