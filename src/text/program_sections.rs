//! The settings of a program in words, section by section, as `program show` and `program diff` show them.

use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::enablement::{Course, Material};
use crate::lifecycle::funds::budget_years::BudgetYear;
use crate::lifecycle::funds::{AccrualRate, Fund, Funding};
use crate::lifecycle::program::{Field, FieldKind, Program};
use crate::lifecycle::stage::ExitReason;
use crate::lifecycle::terms::{HeldTerm, Region, Term};
use crate::text::applies::for_partners;
use crate::text::performance::measured;
use crate::text::periods::days_in_words;
use crate::text::terms::held_term_in_words;
use crate::text::tiers::{condition_in_words, score_part_in_words};

/// Says which values a field takes.
pub(crate) fn field_type(field: &Field) -> String {
    let kind = match &field.kind {
        FieldKind::Text => "text".to_owned(),
        FieldKind::Number => "number".to_owned(),
        FieldKind::Money => "money".to_owned(),
        FieldKind::Date => "date".to_owned(),
        FieldKind::Choice(options) => format!("choice of {}", options.join(", ")),
    };
    if field.several { format!("{kind}; several values") } else { kind }
}

/// Says from which amount on a partner is productive; empty if the program does not.
pub(crate) fn productive_rule(program: &Program) -> String {
    program.productive.map_or_else(String::new, |rule| {
        let amount = program.currency.money(i128::from(rule.revenue_12m_minor));
        format!("{amount}{}", for_partners(&program.scopes.productive))
    })
}

/// Says which partners do not perform; empty if the program does not.
pub(crate) fn non_performing_rule(program: &Program) -> String {
    program.non_performing.map_or_else(String::new, |found| {
        let grace = match found.rule.grace_days {
            0 => String::new(),
            days => format!(", {} of grace", counted(days, "day")),
        };
        format!(
            "{} for {}{grace}, improvement plan of {}{}",
            measured(program, found.rule.measures),
            counted(found.rule.quarters, "quarter"),
            counted(found.improvement_days, "day"),
            for_partners(&program.scopes.non_performing)
        )
    })
}

/// Says how often partners report sell-through; empty if the program does not.
pub(crate) fn reporting_rule(program: &Program) -> String {
    program.reporting.as_ref().map_or_else(String::new, |rule| {
        let own = rule.term.as_ref().or(rule.field.as_ref());
        let own = own.map_or_else(String::new, |own| format!(" unless {own} differs"));
        let scope = for_partners(&program.scopes.reporting);
        format!("every {}{own}, due after {}{scope}", rule.every.word(), counted(rule.due_days, "day"))
    })
}

/// Lists the tiers, the lowest first, with their conditions.
pub(crate) fn tier_rules(program: &Program) -> String {
    let tiers = program.tiers.iter().map(|tier| {
        let conditions: Vec<String> =
            tier.conditions.iter().map(|one| condition_in_words(program, one)).collect();
        if conditions.is_empty() {
            tier.key.clone()
        } else {
            format!("{} ({})", tier.key, conditions.join(", "))
        }
    });
    tiers.collect::<Vec<String>>().join(", ")
}

/// Returns the key of each part of the partner score with its settings.
pub(crate) fn score_parts(program: &Program) -> Vec<(String, String)> {
    program.score.iter().map(|part| (part.key.clone(), score_part_in_words(part))).collect()
}

/// Says how long before a launch partners are notified; empty if the program does not.
pub(crate) fn launch_notice(program: &Program) -> String {
    program.launches.as_ref().map_or_else(String::new, |notice| {
        let term = notice.term.as_ref().map_or_else(String::new, |term| format!(", or as agreed in {term}"));
        let sender = notice.sender.as_ref().map_or_else(String::new, |sender| format!(", from {sender}"));
        format!("{} before launch{term}{sender}", counted(notice.days, "day"))
    })
}

/// Says which terms sales are held against; empty if the program does not.
pub(crate) fn sale_terms(program: &Program) -> String {
    let Some(rule) = &program.sales else { return String::new() };
    let named = HeldTerm::ALL.into_iter().filter_map(|term| {
        let key = term.term(rule)?;
        Some(format!("{} by `{key}`", held_term_in_words(term)))
    });
    named.collect::<Vec<String>>().join(", ")
}

/// Returns the key of each region with its countries.
pub(crate) fn regions(program: &Program) -> Vec<(String, String)> {
    let words = |region: &Region| {
        let codes: Vec<&str> = region.countries.iter().map(|country| country.code()).collect();
        (region.key.clone(), format!("{}: {}", region.name, codes.join(", ")))
    };
    program.regions.iter().map(words).collect()
}

/// Returns the key of each reason for leaving with its name and the exits that it is for.
pub(crate) fn reasons(program: &Program) -> Vec<(String, String)> {
    let words = |reason: &ExitReason| {
        let exits: Vec<&str> = reason.exits.iter().map(|exit| exit.word()).collect();
        let only = if exits.is_empty() { String::new() } else { format!("; only for {}", exits.join(", ")) };
        (reason.key.clone(), format!("{}{only}", reason.name))
    };
    program.reasons.iter().map(words).collect()
}

/// Returns the key of each term with its settings.
pub(crate) fn terms(program: &Program) -> Vec<(String, String)> {
    let words = |term: &Term| {
        let renewal = term
            .renewal_days
            .map_or_else(String::new, |days| format!("; renewal {} before the end", counted(days, "day")));
        (term.field.key.clone(), format!("{}; {}{renewal}", term.name, field_type(&term.field)))
    };
    program.terms.iter().map(words).collect()
}

/// Returns the key of each course with its settings.
pub(crate) fn courses(program: &Program) -> Vec<(String, String)> {
    let words = |course: &Course| {
        let people =
            if course.people == 1 { "1 person".to_owned() } else { format!("{} people", course.people) };
        let valid = course
            .valid_days
            .map_or_else(String::new, |days| format!(", valid for {}", counted(days, "day")));
        (course.key.clone(), format!("{}, {people}{valid}{}", course.name, for_partners(&course.applies)))
    };
    program.courses.iter().map(words).collect()
}

/// Returns the key of each material with its settings.
pub(crate) fn materials(program: &Program) -> Vec<(String, String)> {
    let words = |one: &Material| {
        (one.key.clone(), format!("{}, version {}{}", one.name, one.version, for_partners(&one.applies)))
    };
    program.materials.iter().map(words).collect()
}

/// Returns the key of each fund with its settings.
pub(crate) fn funds(program: &Program) -> Vec<(String, String)> {
    let words = |fund: &Fund| {
        let source = match &fund.funding {
            Funding::Accrues(AccrualRate::Same(percent)) => format!("{percent} % of revenue"),
            Funding::Accrues(AccrualRate::ByTier(percents)) => {
                let by_tier: Vec<String> =
                    percents.iter().map(|(tier, percent)| format!("{percent} % for {tier}")).collect();
                format!("of revenue {}", by_tier.join(", "))
            }
            Funding::Budget(budget) if budget.is_empty() => "no budget".to_owned(),
            Funding::Budget(budget) => {
                let budget_year = |year: &String, one: &BudgetYear| {
                    let is_said =
                        |days: &DayRange| one.days.is_some() || program.calendar.named(*days).is_fiscal();
                    let days = one.days(program.calendar, year).filter(is_said);
                    let days = days.map_or_else(String::new, |days| format!(" ({})", days_in_words(days)));
                    format!("{} in {year}{days}", program.currency.money(i128::from(one.amount_minor)))
                };
                let years: Vec<String> = budget.iter().map(|(year, one)| budget_year(year, one)).collect();
                format!("budget of {}", years.join(", "))
            }
        };
        let valid = fund.valid_days.map_or_else(String::new, |days| {
            format!(", to be approved for an activity within {}", counted(days, "day"))
        });
        let activities = if fund.activities.is_empty() {
            String::new()
        } else {
            format!(", for {}", fund.activities.join(", "))
        };
        let words = format!(
            "{}, {source}, up to {} % of the cost{valid}, claims due within {}{activities}",
            fund.name,
            fund.max_percent,
            counted(fund.claim_days, "day")
        );
        (fund.key.clone(), words)
    };
    program.funds.iter().map(words).collect()
}
