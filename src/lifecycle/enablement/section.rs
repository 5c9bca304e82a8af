//! `[[course]]` and `[[material]]` of the program.

use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::enablement::events::Delivery;
use crate::lifecycle::program::sections::{MOST_DAYS, keyed, name_of, values};

/// A course of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Course {
    pub key: String,
    pub name: String,
    /// How many people of a partner are to be certified.
    pub people: i64,
    /// The types of partner that need it; none means all.
    pub types: Vec<String>,
    /// How long a certificate counts; without it, for ever.
    pub valid_days: Option<i64>,
}

/// Something that partners are given, such as a sales kit, in its newest version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Material {
    pub key: String,
    pub name: String,
    pub version: String,
    /// The types of partner that need it; none means all.
    pub types: Vec<String>,
}

impl Course {
    /// Tells whether partners of this type need it.
    pub fn is_for(&self, kind: Option<&str>) -> bool {
        is_for(&self.types, kind)
    }
}

impl Material {
    /// Returns whether what was delivered is its newest version.
    pub fn is_newest(&self, delivery: &Delivery) -> bool {
        delivery.version == self.version
    }

    /// Tells whether partners of this type need it.
    pub fn is_for(&self, kind: Option<&str>) -> bool {
        is_for(&self.types, kind)
    }
}

fn is_for(types: &[String], kind: Option<&str>) -> bool {
    types.is_empty() || kind.is_some_and(|kind| types.iter().any(|one| one.eq_ignore_ascii_case(kind)))
}

/// Reads the `[[course]]` sections.
pub(crate) fn read_courses(root: &mut Section, reader: &mut TomlReader) -> Vec<Course> {
    keyed(root, reader, "course", |section, reader, key| {
        let name = name_of(section, reader, key);
        let people = section.whole(reader, "people", 1..=1000).map_or(1, |people| people.value);
        let valid_days = section.whole(reader, "valid_days", 1..=MOST_DAYS).map(|days| days.value);
        let types = values(section.texts_or_text(reader, "types"));
        Some(Course { key: key?.value.clone(), name: name?, people, types, valid_days })
    })
}

/// Reads the `[[material]]` sections.
pub(crate) fn read_materials(root: &mut Section, reader: &mut TomlReader) -> Vec<Material> {
    keyed(root, reader, "material", |section, reader, key| {
        let name = name_of(section, reader, key);
        let version = section.required_text(reader, "version");
        let types = values(section.texts_or_text(reader, "types"));
        Some(Material { key: key?.value.clone(), name: name?, version: version?.value, types })
    })
}
