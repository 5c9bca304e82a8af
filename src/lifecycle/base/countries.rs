//! Countries by ISO 3166-1: their codes, and their names in English.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Each country: alpha-2, alpha-3, and its names, the usual one first.
const COUNTRIES: &str = include_str!("countries.txt");

/// A country, by its two letters in ISO 3166-1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Country {
    code: &'static str,
    name: &'static str,
}

static BY_WORD: LazyLock<HashMap<String, Country>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for line in COUNTRIES.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.splitn(3, ' ');
        let (Some(code), Some(long), Some(names)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let country = Country { code, name: names.split(';').next().unwrap_or(names) };
        for word in [code, long].into_iter().chain(names.split(';')) {
            words.insert(word.to_lowercase(), country);
        }
    }
    words
});

impl Country {
    /// Reads a code of two or three letters or a name in English, whatever the case.
    pub fn parse(text: &str) -> Option<Country> {
        BY_WORD.get(&text.trim().to_lowercase()).copied()
    }

    /// Finds the country of a place: the whole text, or what stands behind its last comma (`Turin, Italy`).
    pub fn of_place(place: &str) -> Option<Country> {
        let last = || place.rsplit_once(',').and_then(|(_, last)| Country::parse(last));
        Country::parse(place).or_else(last)
    }

    /// Returns the code of two letters.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// Returns the name in English.
    pub fn name(self) -> &'static str {
        self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_its_codes_and_its_names() {
        let code = |text: &str| Country::parse(text).map(Country::code);
        for text in ["DE", "de", "DEU", "Germany", " germany "] {
            assert_eq!(code(text), Some("DE"), "{text}");
        }
        for (text, expected) in [("UK", "GB"), ("USA", "US"), ("Türkiye", "TR"), ("South Korea", "KR")] {
            assert_eq!(code(text), Some(expected), "{text}");
        }
        assert_eq!([code("EMEA"), code("Rome"), code("")], [None; 3]);
        let of = |place: &str| Country::of_place(place).map(Country::name);
        assert_eq!(
            [of("Turin, Italy"), of("Main St 5, Boston, US"), of("Rome")],
            [Some("Italy"), Some("United States"), None]
        );
    }

    #[test]
    fn every_line_has_two_codes_of_its_own_and_a_name() {
        let lines: Vec<&str> = COUNTRIES.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines.len(), 249);
        for line in lines {
            let (code, rest) = line.split_once(' ').expect("a code");
            let (long, names) = rest.split_once(' ').expect("a second code");
            assert!(code.len() == 2 && long.len() == 3 && !names.is_empty(), "{line}");
            for word in [code, long].into_iter().chain(names.split(';')) {
                assert_eq!(Country::parse(word).map(Country::code), Some(code), "{word}");
            }
        }
    }
}
