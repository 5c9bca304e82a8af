//! From the sections of a program on growth to its rules: productive, not performing, reporting, tiers.

use std::collections::HashSet;

use crate::lifecycle::backing::terms::Term;
use crate::lifecycle::base::located::{Located, Reader, Section};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::growth::performance::{Measure, RuleOf};
use crate::lifecycle::growth::reporting::Reporting;
use crate::lifecycle::growth::tier::{Condition, Tier};
use crate::lifecycle::program::backing::check_term;
use crate::lifecycle::program::parse::{MOST_DAYS, check_key, read_every};
use crate::lifecycle::program::{FieldKind, NonPerforming, Productive, Program, SettledBy};

pub(crate) fn read_productive(
    mut section: Section,
    reader: &mut Reader,
    currency: Option<Currency>,
) -> Option<Productive> {
    let amount = read_amount(&mut section, reader, "revenue_12m", currency);
    if amount.is_none() && reader.clean() {
        let what = "[productive] has no usable revenue_12m".to_owned();
        reader.report(section.span(), what, "add revenue_12m = 100000");
    }
    section.finish(reader);
    amount.map(|revenue_12m_minor| Productive { revenue_12m_minor })
}

/// An amount above nothing.
fn read_amount(
    section: &mut Section,
    reader: &mut Reader,
    key: &'static str,
    currency: Option<Currency>,
) -> Option<i64> {
    let amount = section.decimal(reader, key)?;
    let remedy = format!("write {key} = 100000");
    match currency?.parse(&amount.value) {
        Ok(minor) if minor > 0 => Some(minor),
        Ok(_) => {
            let what = format!("{key} is {}, expected more than nothing", amount.value);
            reader.report(&amount.span, what, remedy);
            None
        }
        Err(why) => {
            reader.report(&amount.span, format!("{key}: {why}"), remedy);
            None
        }
    }
}

pub(crate) fn read_non_performing(
    mut section: Section,
    reader: &mut Reader,
    currency: Option<Currency>,
) -> Option<NonPerforming> {
    let percent = section.whole(reader, "below_percent_of_plan", 1..=100);
    let revenue = read_amount(&mut section, reader, "below_revenue_in_quarter", currency);
    let measure = match (&percent, revenue) {
        (Some(percent), None) => Some(Measure::PercentOfPlan(percent.value)),
        (None, Some(minor)) => Some(Measure::Revenue(minor)),
        (Some(percent), Some(_)) => {
            let what = "[non_performing] measures in two ways".to_owned();
            let remedy = "keep one of below_percent_of_plan and below_revenue_in_quarter";
            reader.report(&percent.span, what, remedy);
            None
        }
        (None, None) => {
            if reader.clean() {
                let what = "[non_performing] has no usable below_percent_of_plan".to_owned();
                let remedy = "add below_percent_of_plan = 50, or below_revenue_in_quarter = 10000 to measure without plans";
                reader.report(section.span(), what, remedy);
            }
            None
        }
    };
    let mut required = |reader: &mut Reader, key, range, example: &str| {
        let value = section.whole(reader, key, range);
        if value.is_none() {
            let what = format!("[non_performing] has no usable {key}");
            reader.report(section.span(), what, format!("add {key} = {example}"));
        }
        value
    };
    let quarters = required(reader, "quarters", 1..=20, "2");
    let improvement = required(reader, "improvement_days", 1..=MOST_DAYS, "90");
    let grace = section.whole(reader, "grace_days", 0..=MOST_DAYS).map_or(0, |days| days.value);
    section.finish(reader);
    Some(NonPerforming {
        rule: RuleOf { measure: measure?, quarters: quarters?.value, grace_days: grace },
        improvement_days: improvement?.value,
    })
}

/// `[reporting]`: how often partners report what they sold; `fields` are the keys of the program's fields, `terms`
/// its terms.
pub(crate) fn read_reporting(
    mut section: Section,
    reader: &mut Reader,
    fields: &[&str],
    terms: &[Term],
) -> Option<Reporting> {
    let every = section.required_text(reader, "every").and_then(|word| read_every(&word, reader));
    let due = section.whole(reader, "due_days", 0..=366).map_or(15, |days| days.value);
    let field = section.text(reader, "field");
    if let Some(field) = field.as_ref().filter(|field| !fields.contains(&field.value.as_str())) {
        let what = format!("there is no field `{}`", field.value);
        let remedy = "add a [[field]] of this key with type = \"choice\" and options = [\"month\", \"quarter\", \"year\", \"none\"]";
        reader.report(&field.span, what, remedy);
    }
    let term = section.text(reader, "term");
    if let Some(term) = &term {
        let words = "type = \"choice\" and options = [\"month\", \"quarter\", \"year\", \"none\"]";
        let known = |option: &String| ["month", "quarter", "year", "none"].contains(&option.as_str());
        check_term(term, terms, reader, words, |kind| match kind {
            FieldKind::Choice(options) => options.iter().all(known),
            _ => false,
        });
        if field.is_some() {
            let what = "[reporting] names a field and a term".to_owned();
            reader.report(&term.span, what, "keep one of them");
        }
    }
    section.finish(reader);
    let [field, term] = [field, term].map(|one| one.map(|one| one.value));
    Some(Reporting { every: every?, due_days: due, field, term })
}

/// The `[[tier]]` sections, the lowest first; `milestones` are the keys of the program's milestones.
pub(crate) fn read_tiers(
    root: &mut Section,
    reader: &mut Reader,
    milestones: &HashSet<&str>,
    currency: Option<Currency>,
) -> Vec<Tier> {
    let mut tiers: Vec<Tier> = Vec::new();
    for mut section in root.tables(reader, "tier") {
        let key = section.required_text(reader, "key");
        if let Some(key) = &key {
            section.rename(format!("tier `{}`", key.value));
            check_key(key, reader);
            if tiers.iter().any(|known| known.key == key.value) {
                let what = format!("tier `{}` is declared twice", key.value);
                reader.report(&key.span, what, "give each tier a key of its own");
            }
        }
        let name = section.text(reader, "name");
        let mut conditions = Vec::new();
        conditions.extend(read_amount(&mut section, reader, "revenue_12m", currency).map(Condition::Revenue));
        let attainment = section.whole(reader, "plan_attainment", 1..=1000);
        conditions.extend(attainment.map(|percent| Condition::Attainment(percent.value)));
        for milestone in section.texts_or_text(reader, "milestones") {
            if !milestones.contains(milestone.value.as_str()) {
                let what = format!("there is no milestone `{}`", milestone.value);
                reader.report(&milestone.span, what, "name a milestone of a stage");
            }
            conditions.push(Condition::Milestone(milestone.value));
        }
        section.finish(reader);
        if let Some(key) = key {
            let name = name.map_or_else(|| key.value.clone(), |name| name.value);
            tiers.push(Tier { key: key.value, name, conditions });
        }
    }
    tiers
}

/// `[planning]`: the questionnaire of business reviews.
pub(crate) fn read_planning(
    mut section: Section,
    reader: &mut Reader,
    questionnaires: &[&str],
) -> Option<String> {
    let key = section.required_text(reader, "review");
    if let Some(key) = key.as_ref().filter(|key| !questionnaires.contains(&key.value.as_str())) {
        let what = format!("there is no questionnaire `{}`", key.value);
        let remedy = match questionnaires {
            [] => "add a [[questionnaire]] with this key".to_owned(),
            known => format!("write one of {}", listed(known)),
        };
        reader.report(&key.span, what, remedy);
    }
    section.finish(reader);
    key.map(|key| key.value)
}

pub(crate) fn read_settled_by(word: &Located<String>, reader: &mut Reader) -> Option<SettledBy> {
    let found = SettledBy::ALL.into_iter().find(|one| one.word() == word.value);
    if found.is_none() {
        let what = format!("settled_by is `{}`", word.value);
        reader.report(&word.span, what, "write \"plan\", \"review\" or \"report\"");
    }
    found
}

/// What the rule on partners that do not perform measures.
pub fn measured(program: &Program, measure: Measure) -> String {
    match measure {
        Measure::PercentOfPlan(percent) => format!("below {percent} % of plan"),
        Measure::Revenue(minor) => {
            let amount = program.currency.money(i128::from(minor));
            format!("below {amount} {} in a quarter", program.currency.code())
        }
    }
}

/// What a tier asks for.
pub fn asked(program: &Program, condition: &Condition) -> String {
    match condition {
        Condition::Revenue(minor) => {
            let amount = program.currency.money(i128::from(*minor));
            format!("{amount} {} in 12 months", program.currency.code())
        }
        Condition::Attainment(percent) => format!("{percent} % of plan"),
        Condition::Milestone(key) => format!("`{key}` done"),
    }
}
