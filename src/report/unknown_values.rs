//! Values of partners that the program does not know, such as a tier that it no longer has.

use std::collections::BTreeMap;

use crate::lifecycle::base::text::counted;
use crate::lifecycle::program::{Aliases, Part, Program, attributes_of};
use crate::report::reading::{Channel, Needs};
use crate::store::{AttributesRow, View};

/// How many partners are named.
const NAMED: usize = 5;

/// The partners whose value of one attribute is not in the program.
pub(crate) struct UnknownValues {
    pub attribute: String,
    /// The values that the program knows.
    pub known: Vec<String>,
    /// The key of each partner, and its value.
    pub partners: Vec<(String, String)>,
}

impl UnknownValues {
    /// Reads the partners of a view, and returns what `program` does not know of them, attribute by attribute;
    /// `aliases` are those in force with it.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(crate) fn read(
        view: &View,
        program: &Program,
        aliases: &Aliases,
    ) -> anyhow::Result<Vec<UnknownValues>> {
        if !attributes_of(program).iter().any(|key| program.options(key).is_some()) {
            return Ok(Vec::new());
        }
        Channel::read(view, Needs::of::<AttributesRow>(), |channel| {
            Ok(UnknownValues::of(channel, program, aliases))
        })
    }

    fn of(channel: &Channel, program: &Program, aliases: &Aliases) -> Vec<UnknownValues> {
        let mut all = Vec::new();
        for key in attributes_of(program) {
            let Some(options) = program.options(key) else { continue };
            let is_known = |value: &str| {
                let now = match key {
                    "tier" => aliases.part(Part::Tier, value),
                    _ => aliases.option(Part::Field, key, value),
                };
                options.iter().any(|(option, _)| option.eq_ignore_ascii_case(now))
            };
            let values = channel.lines.iter();
            let values = values.flat_map(|line| line.values(key).into_iter().map(move |value| (line, value)));
            let unknown = values.filter(|(_, value)| !is_known(value));
            let partners: Vec<(String, String)> =
                unknown.map(|(line, value)| (line.key().to_owned(), value.to_owned())).collect();
            if !partners.is_empty() {
                let known = options.iter().map(|(option, _)| (*option).to_owned()).collect();
                all.push(UnknownValues { attribute: key.to_owned(), known, partners });
            }
        }
        all
    }

    /// Returns the keys of the partners by the value that they have.
    pub(crate) fn by_value(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut by_value: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (partner, value) in &self.partners {
            by_value.entry(value).or_default().push(partner);
        }
        by_value
    }

    /// Says who has values that the program does not know: "tier of 2 partners is not in the program: acme (`Bronze`),
    /// beta (`Platinum`)".
    pub(crate) fn sentence(&self) -> String {
        let named = self.partners.iter().take(NAMED).map(|(key, value)| format!("{key} (`{value}`)"));
        let mut named = named.collect::<Vec<String>>().join(", ");
        let more = self.partners.len().saturating_sub(NAMED);
        if more > 0 {
            named.push_str(&format!(" and {more} more"));
        }
        let partners = counted(self.partners.len(), "partner");
        format!("{} of {partners} is not in the program: {named}", self.attribute)
    }
}
