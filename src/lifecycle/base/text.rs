//! What may stand in a name, and how a name becomes a key.

use std::fmt::Display;

use deunicode::deunicode;
use unicode_normalization::UnicodeNormalization;

/// The longest name or attribute, in characters.
pub(crate) const NAME_LIMIT: usize = 200;
/// The longest free text (a note, a reason, evidence), in characters.
pub(crate) const TEXT_LIMIT: usize = 10_000;
const KEY_LIMIT: usize = 64;

/// Why a text was refused; lengths and positions are in characters, positions from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TextFault {
    Empty,
    TooLong {
        limit: usize,
        length: usize,
    },
    /// A character that cannot be seen.
    Hidden {
        character: char,
        position: usize,
    },
}

/// Reads yes or no as a cell of a file says it; none if it says neither.
pub(crate) fn yes_or_no(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "yes" | "true" | "1" | "y" | "x" => Some(true),
        "no" | "false" | "0" | "n" => Some(false),
        _ => None,
    }
}

/// Returns a one-line text as it is stored: blanks trimmed at both ends, in Unicode's composed form (NFC).
///
/// # Errors
/// Empty, longer than [`NAME_LIMIT`], or with a character that cannot be seen.
pub(crate) fn name(text: &str) -> Result<String, TextFault> {
    if is_plain(text) { Ok(text.trim().to_owned()) } else { checked(text, NAME_LIMIT, is_hidden) }
}

/// Whether a text is a name as most are: short, of visible ASCII characters. Names are read by the million.
fn is_plain(text: &str) -> bool {
    text.len() <= NAME_LIMIT
        && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
        && text.bytes().any(|byte| byte != b' ')
}

/// Checks that a text can be a name, as [`name`] reads it.
///
/// # Errors
/// Those of [`name`].
pub(crate) fn check_name(text: &str) -> Result<(), TextFault> {
    if is_plain(text) { Ok(()) } else { name(text).map(|_| ()) }
}

/// Returns a free text as it is stored; it may have several lines.
///
/// # Errors
/// Empty, longer than [`TEXT_LIMIT`], or with a character that cannot be seen.
pub(crate) fn prose(text: &str) -> Result<String, TextFault> {
    checked(text, TEXT_LIMIT, |c| is_hidden(c) && c != '\n' && c != '\t')
}

fn checked(text: &str, limit: usize, refused: fn(char) -> bool) -> Result<String, TextFault> {
    if text.len() > limit * 16 {
        return Err(TextFault::TooLong { limit, length: text.chars().count() });
    }
    let text = text.trim();
    // ASCII is in composed form already.
    let text: String = if text.is_ascii() { text.to_owned() } else { text.nfc().collect() };
    let length = text.chars().count();
    if length == 0 {
        return Err(TextFault::Empty);
    }
    if length > limit {
        return Err(TextFault::TooLong { limit, length });
    }
    match text.chars().enumerate().find(|(_, c)| refused(*c)) {
        Some((at, character)) => Err(TextFault::Hidden { character, position: at + 1 }),
        None if text.is_ascii() => Ok(text),
        None => joiners_join(text),
    }
}

/// The two joiners belong into some scripts and into emoji; between ASCII letters they only hide.
fn joiners_join(text: String) -> Result<String, TextFault> {
    let characters: Vec<char> = text.chars().collect();
    for (at, character) in characters.iter().enumerate() {
        let beside_ascii = |other: Option<&char>| other.is_none_or(char::is_ascii);
        let before = at.checked_sub(1).and_then(|at| characters.get(at));
        if is_joiner(*character) && beside_ascii(before) && beside_ascii(characters.get(at + 1)) {
            return Err(TextFault::Hidden { character: *character, position: at + 1 });
        }
    }
    Ok(text)
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Characters that change how a line looks or reads without being seen themselves:
/// controls, bidirectional marks, zero-width characters, tags, unusual line ends.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'
            | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Returns a text in which nothing is hidden: characters that cannot be seen are written out.
pub(crate) fn visible(text: &str) -> String {
    if !text.chars().any(is_hidden) {
        return text.to_owned();
    }
    text.chars()
        .flat_map(|c| match c {
            '\n' | '\t' | '\r' => vec![' '],
            c if is_hidden(c) => c.escape_unicode().collect(),
            c => vec![c],
        })
        .collect()
}

/// Returns a line in which texts longer than any name are cut short, each between its backticks.
pub(crate) fn shortened(line: &str) -> String {
    let parts = line.split('`').map(|part| {
        let length = part.chars().count();
        if length <= NAME_LIMIT * 2 {
            return part.to_owned();
        }
        let begin: String = part.chars().take(NAME_LIMIT).collect();
        let end: String = part.chars().skip(length - NAME_LIMIT / 2).collect();
        format!("{begin} … {end}")
    });
    parts.collect::<Vec<String>>().join("`")
}

/// Returns the key made from a name: ASCII, lower case, dashes. `Zürich Système AG` becomes `zurich-systeme-ag`.
pub(crate) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in deunicode(name).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') && c != '\'' {
            slug.push('-');
        }
        if slug.len() == KEY_LIMIT - 8 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "partner".to_owned() } else { slug.to_owned() }
}

/// Keys for a name, each with its number: `acme`, `acme-2`, `acme-3` and so on, from number `first`.
pub(crate) fn keys(name: &str, first: u32) -> impl Iterator<Item = (u32, String)> {
    let stem = slug(name);
    (first..).map(move |number| match number {
        1 => (number, stem.clone()),
        _ => (number, format!("{stem}-{number}")),
    })
}

/// Returns whether a key says the name of a partner, in whole words: `acme` and `acme-2` say `Acme GmbH`, `c100` does not.
pub(crate) fn says_name(key: &str, name: &str) -> bool {
    let name = slug(name);
    let number = |rest: &str| rest.bytes().all(|digit| digit.is_ascii_digit());
    let key = key.rsplit_once('-').filter(|(_, rest)| number(rest)).map_or(key, |(stem, _)| stem);
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('-'));
    key == name || begins(&name, key) || begins(key, &name)
}

/// Returns whether this can be a key: lower-case ASCII letters and digits in groups joined by single dashes.
pub(crate) fn is_key(text: &str) -> bool {
    let group =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= KEY_LIMIT && text.split('-').all(group)
}

/// Returns the form in which names are searched: transliterated and in lower case.
pub(crate) fn folded(text: &str) -> String {
    deunicode(text).to_lowercase()
}

/// Returns those of `candidates` that look most like `word`, nearest first, at most three.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = folded(word);
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word, &folded(candidate)), candidate))
        .filter(|(score, _)| *score >= 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// Digits with a blank that does not break between thousands.
pub(crate) fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    grouped
}

/// Writes a noun with its count: `1 partner`, `12 partners`.
pub(crate) fn counted<N: Copy + PartialEq + From<u8> + Display>(count: N, noun: &str) -> String {
    if count == N::from(1) { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Lists `a`, `b` and `c` in one phrase, each in backticks.
pub(crate) fn listed<T: Display>(items: &[T]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    phrase(&quoted)
}

/// Lists a, b and c in one phrase.
pub(crate) fn phrase(items: &[String]) -> String {
    match items.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// Returns the text with a capital letter.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Returns whether a message can be sent to an e-mail address as it is written: `name@host`, in ASCII.
pub(crate) fn is_email_address(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c);
    let dotted = |part: &str| part.split('.').all(|piece| !piece.is_empty());
    text.split_once('@').is_some_and(|(name, host)| {
        dotted(name) && dotted(host) && !host.contains('@') && text.chars().all(plain) && text.len() <= 254
    })
}

/// Reads `Ana Ruiz <ana@vendor.example>`, or an address alone, as a name and an address.
pub(crate) fn mailbox(text: &str) -> Option<(Option<&str>, &str)> {
    let (name, address) = match text.split_once('<') {
        Some((name, rest)) => (Some(name.trim()), rest.trim().strip_suffix('>')?.trim()),
        None => (None, text.trim()),
    };
    is_email_address(address).then_some((name.filter(|name| !name.is_empty()), address))
}

/// Returns whether a text is a phone number: at least five digits, with the signs that stand between them.
pub(crate) fn is_phone(typed: &str) -> bool {
    let number =
        typed.trim_start_matches(|sign: char| sign.is_ascii_alphabetic() || [':', '.', ' '].contains(&sign));
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let begins = number.starts_with(|sign: char| sign.is_ascii_digit() || sign == '+' || sign == '(');
    begins && digits >= 5 && number.chars().all(|sign| sign.is_ascii_digit() || "+()/-. x".contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_composed() {
        assert_eq!(name("  Cafe\u{301} Nord ").as_deref(), Ok("Café Nord"));
        assert_eq!(name("北京 渠道").as_deref(), Ok("北京 渠道"));
    }

    #[test]
    fn a_key_says_a_name_in_whole_words() {
        for (key, name, said) in [
            ("acme-gmbh", "Acme GmbH", true),
            ("acme", "Acme GmbH", true),
            ("acme-gmbh-2", "Acme GmbH", true),
            ("acme-2", "Acme GmbH", true),
            ("ac", "Acme GmbH", false),
            ("c100", "Acme GmbH", false),
        ] {
            assert_eq!(says_name(key, name), said, "{key} {name}");
        }
    }

    #[test]
    fn characters_that_cannot_be_seen_are_refused_by_position() {
        for bad in ["P\u{1b}[2J", "P\u{202e}gnp.exe", "P\u{200b}1", "P\u{9b}31m", "P\0", "P\n1", "P\u{200d}1"]
        {
            let fault = name(bad).expect_err(bad);
            assert!(matches!(fault, TextFault::Hidden { position: 2, .. }), "{bad:?}: {fault}");
        }
    }

    #[test]
    fn joiners_stay_where_a_script_needs_them() {
        assert!(name("👩\u{200d}💻 Partner").is_ok());
        assert!(name("می\u{200c}خواهم").is_ok());
    }

    #[test]
    fn a_long_or_empty_name_is_refused() {
        assert_eq!(name(" "), Err(TextFault::Empty));
        assert!(name(&"x".repeat(NAME_LIMIT)).is_ok());
        assert!(name(&"x".repeat(NAME_LIMIT + 1)).is_err());
        assert!(name(&"x".repeat(10_000_000)).is_err());
        assert!(prose("two\nlines").is_ok());
    }

    #[test]
    fn only_what_is_longer_than_a_name_is_cut_short() {
        let columns = vec!["Account Name"; 100];
        assert_eq!(shortened(&listed(&columns)), listed(&columns));
        let line = format!("there is no partner `{}`; add it", "é".repeat(5000));
        let short = shortened(&line);
        assert!(short.starts_with("there is no partner `éé") && short.ends_with("é`; add it"), "{short}");
        assert!(short.chars().count() < 400, "{short}");
    }

    #[test]
    fn every_name_gives_a_valid_key() {
        for (text, key) in [
            ("Zürich Système AG", "zurich-systeme-ag"),
            ("O'Neill & Sons", "oneill-sons"),
            ("北京渠道", "bei-jing-qu-dao"),
            ("!!!", "partner"),
            ("--a--b--", "a-b"),
        ] {
            assert_eq!(slug(text), key);
            assert!(is_key(&slug(text)));
        }
        assert!(is_key(&slug(&"long ".repeat(100))));
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "ä"] {
            assert!(!is_key(bad), "{bad}");
        }
    }

    #[test]
    fn the_nearest_names_come_first() {
        let stages = ["recruitment", "terms", "readiness", "launch"];
        assert_eq!(nearest("redines", stages), ["readiness"]);
        assert!(nearest("zzz", stages).is_empty());
    }

    #[test]
    fn an_address_is_a_name_and_a_host() {
        for good in ["ana@acme.example", "a.b+c@x-y.example", "a@localhost"] {
            assert!(is_email_address(good), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b..c", "a,b@c", "<a@b>", "jörg@b", "a@b\n"] {
            assert!(!is_email_address(bad), "{bad}");
        }
    }

    #[test]
    fn a_phone_number_is_told_from_a_role() {
        for phone in ["+49 30 1234567", "030/123456", "(030) 1234-56", "tel: 12345", "+1.555.010.0199"] {
            assert!(is_phone(phone), "{phone}");
        }
        for role in ["sales", "tier 2 support", "42", "CTO", "2nd level", ""] {
            assert!(!is_phone(role), "{role}");
        }
    }
}
