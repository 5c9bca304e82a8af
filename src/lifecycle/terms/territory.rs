//! Territories: `[[region]]` of the program, and what a territory term covers.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use crate::lifecycle::base::countries::Country;
use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::program::sections::{keyed, name_of};

/// A region of the program: countries that territories name together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Region {
    pub key: String,
    pub name: String,
    pub countries: Vec<Country>,
}

/// What is wrong with a `[[region]]` section.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum RegionFault {
    NoCountries {
        section: String,
    },
    Unknown {
        country: String,
    },
    /// The key or the name of a region means something else in a territory: a country, or everywhere.
    MeansOther {
        word: String,
        country: Option<&'static str>,
    },
    /// Two regions have the same word for their key or their name.
    SameWord {
        word: String,
    },
    /// A name with a sign that separates the parts of a territory.
    Separator {
        word: String,
    },
}

/// The words that stand for all countries.
const EVERYWHERE: [&str; 3] = ["world", "worldwide", "global"];

/// Where a partner may sell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Territory {
    Everywhere,
    Countries(BTreeSet<Country>),
}

impl Territory {
    /// Reads a territory term: countries and regions, separated by commas, semicolons or "and"; none if a part of it is
    /// neither.
    pub(crate) fn parse(text: &str, regions: &[Region]) -> Option<Territory> {
        if EVERYWHERE.contains(&text.trim().to_lowercase().as_str()) {
            return Some(Territory::Everywhere);
        }
        // "Trinidad and Tobago" is one country.
        if let Some(countries) = countries_of(text, regions) {
            return Some(Territory::Countries(countries));
        }
        let mut all = BTreeSet::new();
        for part in text.split([',', ';']).filter(|part| !part.trim().is_empty()) {
            match countries_of(part, regions) {
                Some(countries) => all.extend(countries),
                None => {
                    for one in part.split(" and ") {
                        all.extend(countries_of(one, regions)?);
                    }
                }
            }
        }
        Some(Territory::Countries(all)).filter(|_| !text.trim().is_empty())
    }

    /// Returns whether a country lies in it.
    pub(crate) fn covers(&self, country: Country) -> bool {
        match self {
            Territory::Everywhere => true,
            Territory::Countries(countries) => countries.contains(&country),
        }
    }
}

/// Returns the countries of a country or of a region, by its key or its name.
fn countries_of(word: &str, regions: &[Region]) -> Option<BTreeSet<Country>> {
    let wanted = word.trim().to_lowercase();
    let is_meant =
        |region: &&Region| region.key.to_lowercase() == wanted || region.name.to_lowercase() == wanted;
    if let Some(region) = regions.iter().find(is_meant) {
        return Some(region.countries.iter().copied().collect());
    }
    Country::parse(word).map(|country| [country].into())
}

/// Reports a key or a name by which no territory can mean the region.
fn check_word(
    word: &str,
    countries: &[Country],
    place: &Range<usize>,
    known: &mut HashSet<String>,
    reader: &mut TomlReader,
) {
    let lower = word.trim().to_lowercase();
    let country = Country::parse(word).filter(|country| countries != [*country]);
    let word = word.to_owned();
    if country.is_some() || EVERYWHERE.contains(&lower.as_str()) {
        reader.vain(place, RegionFault::MeansOther { word, country: country.map(Country::name) });
    } else if lower.contains([',', ';']) {
        reader.vain(place, RegionFault::Separator { word });
    } else if !known.insert(lower) {
        reader.vain(place, RegionFault::SameWord { word });
    }
}

/// Reads the `[[region]]` sections.
pub(crate) fn read_regions(root: &mut Section, reader: &mut TomlReader) -> Vec<Region> {
    let mut words: HashSet<String> = HashSet::new();
    keyed(root, reader, "region", |section, reader, key| {
        let name = name_of(section, reader, key);
        let mut countries = Vec::new();
        for typed in section.texts_or_text(reader, "countries") {
            match Country::parse(&typed.value) {
                Some(country) => countries.push(country),
                None => reader.fault(&typed.span, RegionFault::Unknown { country: typed.value }),
            }
        }
        if !section.has("countries") {
            reader.fault(section.span(), RegionFault::NoCountries { section: section.title().to_owned() });
        }
        if let Some(key) = key {
            let other = name.as_deref().filter(|name| name.to_lowercase() != key.value);
            for word in [key.value.as_str()].into_iter().chain(other) {
                check_word(word, &countries, &key.span, &mut words, reader);
            }
        }
        Some(Region { key: key?.value.clone(), name: name?, countries })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_territory_is_countries_and_regions_and_what_is_neither_makes_it_unknown() {
        let country = |text: &str| Country::parse(text).expect("a country");
        let dach = Region {
            key: "dach".to_owned(),
            name: "German-speaking".to_owned(),
            countries: ["DE", "AT", "CH"].map(country).to_vec(),
        };
        let covers = |territory: &str, place: &str| {
            Territory::parse(territory, std::slice::from_ref(&dach)).map(|one| one.covers(country(place)))
        };
        assert_eq!(covers("DACH, Italy", "AT"), Some(true));
        assert_eq!(covers("german-speaking; IT", "France"), Some(false));
        assert_eq!(covers("Germany and Austria", "AT"), Some(true));
        assert_eq!(covers("Trinidad and Tobago", "TT"), Some(true));
        assert_eq!(covers("worldwide", "TV"), Some(true));
        assert_eq!(covers("DE, the north", "DE"), None);
        assert_eq!(covers(" ", "DE"), None);
    }
}
