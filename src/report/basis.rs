//! The basis of every report: the program, the day it looks from, what was known, which segment.

use crate::lifecycle::base::day::Day;
use crate::report::reading::Channel;
use crate::report::reading::Segment;
use crate::report::value::{Cell, Figure, Report};

/// The question that a report answers.
#[derive(Clone, Debug)]
pub(crate) struct Basis {
    pub as_of: Day,
    pub known_on: Option<Day>,
    pub segment: Segment,
}

impl Basis {
    /// Returns the title for people.
    pub(crate) fn title(&self, program: &str) -> String {
        let known = self.known_on.map_or_else(String::new, |day| format!(", as known on {day}"));
        let segment = if self.segment.typed.is_empty() {
            String::new()
        } else {
            format!(", only {}", self.segment.typed.join(" and "))
        };
        format!("{program}, as of {}{known}{segment}", self.as_of)
    }

    /// Begins a report on the channel: with its title, and with what it looks at as figures.
    pub(crate) fn report(&self, schema: &'static str, channel: &Channel) -> Report {
        let report =
            Report::new(schema, self.title(&channel.program.name)).with_figures(self.figures(channel));
        let nobody = channel.lines.is_empty() && !self.segment.is_everyone();
        report
            .with_notes(nobody.then(|| format!("No partner meets {}.", self.segment.typed.join(" and "))))
            .with_notes(channel.unheld.clone())
    }

    /// Returns the same for machines.
    pub(crate) fn figures(&self, channel: &Channel) -> Vec<Figure> {
        vec![
            Figure::for_machines("as_of", self.as_of),
            Figure::for_machines("known_on", self.known_on),
            Figure::for_machines("where", Cell::List(self.segment.typed.clone())),
            Figure::for_machines("program", channel.program.name.as_str()),
        ]
    }
}
