//! What every report says of itself: the program, the day it looks from, what was known, which segment.

use crate::lifecycle::base::day::Day;
use crate::report::channel::Channel;
use crate::report::segment::Segment;
use crate::report::sheet::{Cell, Fact};

/// The question that a report answers.
#[derive(Clone, Debug)]
pub struct Frame {
    pub as_of: Day,
    pub known_on: Option<Day>,
    pub segment: Segment,
}

impl Frame {
    /// The first line for people.
    pub fn title(&self, program: &str) -> String {
        let known = self.known_on.map_or_else(String::new, |day| format!(", as known on {day}"));
        let segment = match self.segment.typed.is_empty() {
            true => String::new(),
            false => format!(", where {}", self.segment.typed.join(" and ")),
        };
        format!("{program}, as of {}{known}{segment}", self.as_of)
    }

    /// The same for machines.
    pub fn facts(&self, channel: &Channel) -> Vec<Fact> {
        vec![
            Fact::new("as_of", "", self.as_of),
            Fact::new("known_on", "", self.known_on),
            Fact::new("where", "", Cell::List(self.segment.typed.clone())),
            Fact::new("program", "", channel.program.name.as_str()),
        ]
    }
}
