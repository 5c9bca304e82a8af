//! `[[course]]` and `[[material]]` of the program.

use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::enablement::events::Delivery;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::sections::{MOST_DAYS, keyed, name_of};

/// A course of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Course {
    pub key: String,
    pub name: String,
    /// How many people of a partner are to be certified.
    pub people: i64,
    /// The partners that need it.
    pub applies: Applies,
    /// How long a certificate counts; without it, for ever.
    pub valid_days: Option<i64>,
}

/// Something that partners are given, such as a sales kit, in its newest version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Material {
    pub key: String,
    pub name: String,
    pub version: String,
    /// The partners that need it.
    pub applies: Applies,
}

impl Material {
    /// Returns whether what was delivered is its newest version.
    pub fn is_newest(&self, delivery: &Delivery) -> bool {
        delivery.version == self.version
    }
}

/// Reads the `[[course]]` sections.
pub(crate) fn read_courses(root: &mut Section, reader: &mut TomlReader) -> Vec<Course> {
    keyed(root, reader, "course", |section, reader, key| {
        let name = name_of(section, reader, key);
        let people = section.whole(reader, "people", 1..=1000).map_or(1, |people| people.value);
        let valid_days = section.whole(reader, "valid_days", 1..=MOST_DAYS).map(|days| days.value);
        let applies = Applies::read(section, reader);
        Some(Course { key: key?.value.clone(), name: name?, people, applies, valid_days })
    })
}

/// Reads the `[[material]]` sections.
pub(crate) fn read_materials(root: &mut Section, reader: &mut TomlReader) -> Vec<Material> {
    keyed(root, reader, "material", |section, reader, key| {
        let name = name_of(section, reader, key);
        let version = section.required_text(reader, "version");
        let applies = Applies::read(section, reader);
        Some(Material { key: key?.value.clone(), name: name?, version: version?.value, applies })
    })
}
