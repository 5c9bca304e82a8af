//! From the sections of a program on what stands behind the stages: terms, courses, materials, funds, launches.

use std::collections::{BTreeMap, HashSet};
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::lifecycle::backing::funds::{Fund, Funding};
use crate::lifecycle::backing::readiness::{Course, Material};
use crate::lifecycle::backing::terms::{Notice, Term};
use crate::lifecycle::base::located::{Located, Reader, Section};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::program::change::kind;
use crate::lifecycle::program::fields::read_field_kind;
use crate::lifecycle::program::parse::{MOST_DAYS, check_key};
use crate::lifecycle::program::{Field, FieldKind, Need, Program};

/// All sections of `key`, each with a key of its own.
fn keyed<T>(
    root: &mut Section,
    reader: &mut Reader,
    noun: &'static str,
    mut read: impl FnMut(&mut Section, &mut Reader, Option<&Located<String>>) -> Option<T>,
) -> Vec<T> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut all = Vec::new();
    for mut section in root.tables(reader, noun) {
        let key = section.required_text(reader, "key");
        if let Some(key) = &key {
            section.rename(format!("{noun} `{}`", key.value));
            check_key(key, reader);
            if !seen.insert(key.value.clone()) {
                let what = format!("{noun} `{}` is declared twice", key.value);
                reader.report(&key.span, what, format!("give each {noun} a key of its own"));
            }
        }
        all.extend(read(&mut section, reader, key.as_ref()));
        section.finish(reader);
    }
    all
}

fn name_of(section: &mut Section, reader: &mut Reader, key: Option<&Located<String>>) -> Option<String> {
    let name = section.text(reader, "name");
    name.map(|name| name.value).or_else(|| key.map(|key| key.value.clone()))
}

pub(crate) fn read_terms(root: &mut Section, reader: &mut Reader) -> Vec<Term> {
    keyed(root, reader, "term", |section, reader, key| {
        let name = name_of(section, reader, key);
        let renewal = section.whole(reader, "renewal_days", 0..=MOST_DAYS);
        let kind = read_field_kind(section, reader, None);
        let field = Field { key: key?.value.clone(), kind: kind? };
        Some(Term { field, name: name?, renewal_days: renewal.map(|days| days.value) })
    })
}

pub(crate) fn read_courses(root: &mut Section, reader: &mut Reader) -> Vec<Course> {
    keyed(root, reader, "course", |section, reader, key| {
        let name = name_of(section, reader, key);
        let people = section.whole(reader, "people", 1..=1000).map_or(1, |people| people.value);
        let valid_days = section.whole(reader, "valid_days", 1..=MOST_DAYS).map(|days| days.value);
        let types = values(section.texts_or_text(reader, "types"));
        Some(Course { key: key?.value.clone(), name: name?, people, types, valid_days })
    })
}

pub(crate) fn read_materials(root: &mut Section, reader: &mut Reader) -> Vec<Material> {
    keyed(root, reader, "material", |section, reader, key| {
        let name = name_of(section, reader, key);
        let version = section.required_text(reader, "version");
        let types = values(section.texts_or_text(reader, "types"));
        Some(Material { key: key?.value.clone(), name: name?, version: version?.value, types })
    })
}

pub(crate) fn read_funds(root: &mut Section, reader: &mut Reader, currency: Option<Currency>) -> Vec<Fund> {
    keyed(root, reader, "fund", |section, reader, key| {
        let name = name_of(section, reader, key);
        let percent =
            section.decimal(reader, "percent_of_revenue").and_then(|text| read_percent(&text, reader));
        let budget = section.table(reader, "budget").map(|section| read_budget(section, reader, currency));
        let funding = match (percent, budget) {
            (Some(percent), None) => Some(Funding::Accrues { percent }),
            (None, Some(budget)) => Some(Funding::Budget(budget)),
            (Some(_), Some(_)) => {
                let what = format!("{} accrues from revenue and has a budget", section.title());
                let remedy = "keep percent_of_revenue, or budget; make two funds of it for both";
                reader.report(section.span(), what, remedy);
                None
            }
            (None, None) => {
                if reader.clean() {
                    let what = format!("{} says not where its money comes from", section.title());
                    let remedy = "add percent_of_revenue = 2, or budget = { 2026 = 50000 }";
                    reader.report(section.span(), what, remedy);
                }
                None
            }
        };
        let max_percent = section.whole(reader, "max_percent", 1..=100).map_or(100, |percent| percent.value);
        let valid_days = section.whole(reader, "valid_days", 1..=MOST_DAYS).map(|days| days.value);
        let claim_days = section.whole(reader, "claim_days", 0..=MOST_DAYS).map_or(60, |days| days.value);
        let activities = values(section.texts_or_text(reader, "activities"));
        let (key, name, funding) = (key?.value.clone(), name?, funding?);
        Some(Fund { key, name, funding, max_percent, valid_days, claim_days, activities })
    })
}

fn read_percent(text: &Located<String>, reader: &mut Reader) -> Option<Decimal> {
    let percent = Decimal::from_str(&text.value).ok();
    let percent = percent.filter(|percent| *percent > Decimal::ZERO && *percent <= Decimal::ONE_HUNDRED);
    if percent.is_none() {
        let what = format!("percent_of_revenue is {}, expected more than 0 and at most 100", text.value);
        reader.report(&text.span, what, "write percent_of_revenue = 2");
    }
    percent
}

/// Amounts by fiscal year, in minor units.
fn read_budget(section: Section, reader: &mut Reader, currency: Option<Currency>) -> BTreeMap<String, i64> {
    let mut budget = BTreeMap::new();
    for (year, amount) in section.decimals(reader) {
        let is_year = year.value.len() == 4 && year.value.bytes().all(|byte| byte.is_ascii_digit());
        if !is_year {
            let what = format!("`{}` is no fiscal year", year.value);
            reader.report(&year.span, what, "write a year such as 2026 = 50000");
        }
        match currency.map(|currency| currency.parse(&amount.value)) {
            Some(Ok(minor)) if minor >= 0 => {
                budget.insert(year.value, minor);
            }
            Some(Ok(_)) => {
                let what = format!("the budget of {} is below nothing", year.value);
                reader.report(&amount.span, what, "write an amount such as 50000");
            }
            Some(Err(why)) => reader.report(&amount.span, why, "write an amount such as 50000"),
            None => {}
        }
    }
    budget
}

/// `[launches]`: how long before a launch partners are told; `terms` are the keys of the program's terms.
pub(crate) fn read_launches(mut section: Section, reader: &mut Reader, terms: &[Term]) -> Option<Notice> {
    let days = section.whole(reader, "notice_days", 0..=MOST_DAYS);
    if days.is_none() && reader.clean() {
        let what = "[launches] has no usable notice_days".to_owned();
        reader.report(section.span(), what, "add notice_days = 90");
    }
    let term = section.text(reader, "term");
    if let Some(term) = &term {
        check_term(term, terms, reader, "type = \"number\"", |kind| *kind == FieldKind::Number);
    }
    let sender = section.text(reader, "sender").map(|sender| sender.value);
    section.finish(reader);
    Some(Notice { days: days?.value, term: term.map(|term| term.value), sender })
}

/// Reports a term that there is not, or whose type does not fit; `settings` are those of one that does.
pub(crate) fn check_term(
    key: &Located<String>,
    terms: &[Term],
    reader: &mut Reader,
    settings: &str,
    fits: impl Fn(&FieldKind) -> bool,
) {
    if let Some(term) = terms.iter().find(|term| term.field.key == key.value) {
        if !fits(&term.field.kind) {
            let what = format!("term `{}` is a {}", key.value, kind(&term.field));
            reader.report(&key.span, what, format!("give it {settings}, or name another"));
        }
        return;
    }
    let keys: Vec<&str> = terms.iter().map(|term| term.field.key.as_str()).collect();
    let remedy = match &keys[..] {
        [] => format!("add a [[term]] with this key, {settings}"),
        known => format!("write one of {}", listed(known)),
    };
    reader.report(&key.span, format!("there is no term `{}`", key.value), remedy);
}

/// What `needs` names: `questionnaire:KEY`, `certified:COURSE:PEOPLE`, `agreed:TERM` or `delivered:MATERIAL`.
pub(crate) fn read_need(written: &Located<String>, reader: &mut Reader) -> Option<Located<Need>> {
    let (kind, rest) = written.value.split_once(':').unwrap_or((&written.value, ""));
    let key = rest.trim().to_owned();
    let need = match (kind.trim(), key.is_empty()) {
        ("questionnaire", false) => Some(Need::Questionnaire(key)),
        ("agreed", false) => Some(Need::Agreed(key)),
        ("delivered", false) => Some(Need::Delivered(key)),
        ("certified", false) => read_certified(&key),
        _ => None,
    };
    if need.is_none() {
        let what = format!("needs is `{}`", written.value);
        let remedy =
            "write \"questionnaire:KEY\", \"certified:COURSE:2\", \"agreed:TERM\" or \"delivered:MATERIAL\"";
        reader.report(&written.span, what, remedy);
    }
    Some(Located { value: need?, span: written.span.clone() })
}

/// `COURSE:PEOPLE`, or `COURSE` for one.
pub(crate) fn read_certified(text: &str) -> Option<Need> {
    let (course, people) = text.split_once(':').unwrap_or((text, "1"));
    let people = people.trim().parse().ok().filter(|people| (1..=1000).contains(people))?;
    Some(Need::Certified { course: course.trim().to_owned(), people })
}

/// What milestones can need.
#[derive(Clone, Copy)]
pub(crate) struct Known<'k> {
    pub questionnaires: &'k [&'k str],
    pub courses: &'k [Course],
    pub terms: &'k [Term],
    pub materials: &'k [Material],
}

pub(crate) fn check_needs(needs: &[Located<Need>], known: Known, reader: &mut Reader) {
    for need in needs {
        let (noun, key, keys): (&str, &str, Vec<&str>) = match &need.value {
            Need::Questionnaire(key) => ("questionnaire", key, known.questionnaires.to_vec()),
            Need::Certified { course, .. } => {
                ("course", course, known.courses.iter().map(|one| one.key.as_str()).collect())
            }
            Need::Agreed(key) => {
                ("term", key, known.terms.iter().map(|one| one.field.key.as_str()).collect())
            }
            Need::Delivered(key) => {
                ("material", key, known.materials.iter().map(|one| one.key.as_str()).collect())
            }
        };
        if keys.contains(&key) {
            continue;
        }
        let remedy = match keys.is_empty() {
            true => format!("add a [[{noun}]] with this key, or remove needs"),
            false => format!("write one of {}", listed(&keys)),
        };
        reader.report(&need.span, format!("there is no {noun} `{key}`"), remedy);
    }
}

fn values(texts: Vec<Located<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

/// The terms of a program by key, each in words.
pub fn terms_in_words(program: &Program) -> Vec<(String, String)> {
    let words = |term: &Term| {
        let renewal =
            term.renewal_days.map_or_else(String::new, |days| format!(", renewed {days} days before"));
        (term.field.key.clone(), format!("{}, {}{renewal}", term.name, kind(&term.field)))
    };
    program.terms.iter().map(words).collect()
}

/// The courses of a program by key, each in words.
pub fn courses_in_words(program: &Program) -> Vec<(String, String)> {
    let words = |course: &Course| {
        let people =
            if course.people == 1 { "1 person".to_owned() } else { format!("{} people", course.people) };
        let valid = course.valid_days.map_or_else(String::new, |days| format!(", valid for {days} days"));
        (course.key.clone(), format!("{}, {people}{valid}{}", course.name, for_types(&course.types)))
    };
    program.courses.iter().map(words).collect()
}

/// The materials of a program by key, each in words.
pub fn materials_in_words(program: &Program) -> Vec<(String, String)> {
    let words = |one: &Material| {
        (one.key.clone(), format!("{}, version {}{}", one.name, one.version, for_types(&one.types)))
    };
    program.materials.iter().map(words).collect()
}

/// The funds of a program by key, each in words.
pub fn funds_in_words(program: &Program) -> Vec<(String, String)> {
    let words = |fund: &Fund| {
        let money = match &fund.funding {
            Funding::Accrues { percent } => format!("{percent} % of revenue"),
            Funding::Budget(budget) => {
                let amount = |minor: &i64| program.currency.money(i128::from(*minor));
                let years: Vec<String> =
                    budget.iter().map(|(year, minor)| format!("{} in {year}", amount(minor))).collect();
                format!(
                    "budget of {}",
                    if years.is_empty() { "nothing".to_owned() } else { years.join(", ") }
                )
            }
        };
        let valid =
            fund.valid_days.map_or_else(String::new, |days| format!(", to be approved within {days} days"));
        let activities = match fund.activities.is_empty() {
            true => String::new(),
            false => format!(", for {}", fund.activities.join(", ")),
        };
        let words = format!(
            "{}, {money}, at most {} % of an activity{valid}, claimed within {} days{activities}",
            fund.name, fund.max_percent, fund.claim_days
        );
        (fund.key.clone(), words)
    };
    program.funds.iter().map(words).collect()
}

/// How long before a launch partners are told, in words.
pub fn launches_in_words(program: &Program) -> String {
    program.launches.as_ref().map_or_else(String::new, |notice| {
        let term = notice.term.as_ref().map_or_else(String::new, |term| format!(", or as {term} says"));
        let sender = notice.sender.as_ref().map_or_else(String::new, |sender| format!(", by {sender}"));
        format!("told {} days before{term}{sender}", notice.days)
    })
}

fn for_types(types: &[String]) -> String {
    if types.is_empty() { String::new() } else { format!(", for {}", types.join(", ")) }
}
