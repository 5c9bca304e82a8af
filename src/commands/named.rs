//! Finds what a typed word names in the program: a stage, a milestone, a questionnaire, a course, a material or a fund.
//!
//! Each error lists the names that exist, or the nearest ones.

use crate::app::exit::missing;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::{Calendar, Every, Period};
use crate::lifecycle::base::text::{listed, nearest};
use crate::lifecycle::criteria::Questionnaire;
use crate::lifecycle::enablement::{Course, Material};
use crate::lifecycle::funds::Fund;
use crate::lifecycle::program::{Milestone, Program, Stage};
use crate::lifecycle::stage::ExitReason;
use crate::store::InForce;

/// Finds the stage that `word` names, by key or name.
///
/// # Errors
/// [`Error`] with the stages that there are.
pub(super) fn find_stage<'p>(program: &'p Program, option: &str, word: &str) -> Result<&'p Stage, Error> {
    let wanted = word.trim().to_lowercase();
    let named = |stage: &&Stage| stage.key == wanted || stage.name.to_lowercase() == wanted;
    if let Some(stage) = program.stages().iter().find(named) {
        return Ok(stage);
    }
    let keys: Vec<&str> = program.stages().iter().map(|stage| stage.key.as_str()).collect();
    let failure = Error::usage(format!("{option}: unknown stage `{word}`"));
    Err(match nearest(&wanted, keys.iter().copied()).first() {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("the stages are {}", listed(&keys))),
    })
}

/// Finds the stage that --to names, also by a former key, if it is given.
///
/// # Errors
/// Those of [`find_stage`].
pub(super) fn stage_to<'p>(in_force: &'p InForce, word: Option<&str>) -> Result<Option<&'p Stage>, Error> {
    word.map(|word| find_stage(&in_force.program, "--to", in_force.aliases.stage(word))).transpose()
}

/// Finds the milestone that `word` names.
///
/// # Errors
/// [`Error`] with those that are near.
pub(super) fn find_milestone<'p>(program: &'p Program, word: &str) -> Result<&'p Milestone, Error> {
    let leaving = program.leaving.iter().find(|one| one.key == word);
    if let Some(milestone) = program.milestone(word).map(|(_, one)| one).or(leaving) {
        return Ok(milestone);
    }
    let all = program.milestones().map(|(_, one)| one).chain(&program.leaving);
    let keys: Vec<&str> = all.map(|one| one.key.as_str()).collect();
    let near = nearest(word, keys.iter().copied());
    let failure = Error::usage(format!("unknown milestone `{word}`"));
    Err(match near.first() {
        Some(_) => failure.hint(format!("did you mean {}?", listed(&near))),
        None => failure
            .hint("`chanlife program show --format table` lists the milestones")
            .hint("put a partner name with spaces in quotes, as in \"Acme GmbH\""),
    })
}

/// Finds the questionnaire that `word` names.
///
/// # Errors
/// [`Error`] with the questionnaires that there are.
pub(super) fn find_questionnaire<'p>(program: &'p Program, word: &str) -> Result<&'p Questionnaire, Error> {
    if let Some(questionnaire) = program.questionnaire(word) {
        return Ok(questionnaire);
    }
    let keys: Vec<&str> = program.questionnaires().iter().map(|one| one.key.as_str()).collect();
    let failure = Error::usage(format!("unknown questionnaire `{word}`"));
    Err(match (nearest(word, keys.iter().copied()).first(), keys.is_empty()) {
        (Some(near), _) => failure.hint(format!("did you mean `{near}`?")),
        (None, true) => failure.hint("the program has none; add a [[questionnaire]] to it"),
        (None, false) => failure.hint(format!("the questionnaires are {}", listed(&keys))),
    })
}

/// Finds the course that `word` names.
///
/// # Errors
/// [`Error`] with the courses that there are.
pub(super) fn find_course<'p>(program: &'p Program, word: &str) -> Result<&'p Course, Error> {
    let keys = program.courses.iter().map(|one| one.key.as_str());
    program.course(word).ok_or_else(|| unknown("course", word, keys, "[[course]]"))
}

/// Finds the material that `word` names.
///
/// # Errors
/// [`Error`] with the materials that there are.
pub(super) fn find_material<'p>(program: &'p Program, word: &str) -> Result<&'p Material, Error> {
    let keys = program.materials.iter().map(|one| one.key.as_str());
    program.material(word).ok_or_else(|| unknown("material", word, keys, "[[material]]"))
}

/// Finds the fund that `word` names.
///
/// # Errors
/// [`Error`] with the funds that there are.
pub(super) fn find_fund<'p>(program: &'p Program, word: &str) -> Result<&'p Fund, Error> {
    let keys = program.funds.iter().map(|fund| fund.key.as_str());
    program.fund(word).ok_or_else(|| unknown("fund", word, keys, "[[fund]]"))
}

/// Finds the reason for leaving that `word` names, by key or name.
///
/// # Errors
/// [`Error`] with the reasons that there are.
pub(super) fn find_reason<'p>(
    program: &'p Program,
    option: &str,
    word: &str,
) -> Result<&'p ExitReason, Error> {
    if let Some(reason) = program.reason_named(word) {
        return Ok(reason);
    }
    let wanted = word.trim().to_lowercase();
    let keys: Vec<&str> = program.reasons.iter().map(|reason| reason.key.as_str()).collect();
    let failure = Error::usage(format!("{option}: unknown reason `{word}`"));
    Err(match (nearest(&wanted, keys.iter().copied()).first(), keys.is_empty()) {
        (_, true) => failure
            .hint("the program has none; give --reason TEXT, or add a [[reason]] with a key and a name to the program"),
        (Some(near), _) => {
            failure.hint(format!("did you mean `{near}`?")).hint(format!("the reasons are {}", listed(&keys)))
        }
        (None, _) => failure.hint(format!("the reasons are {}", listed(&keys))),
    })
}

/// Finds the fund that is named, or the only one that fits; `fits_so` says in words which fit.
///
/// # Errors
/// [`Error`] if none fits, or several do.
pub(super) fn one_fund<'p>(
    program: &'p Program,
    word: Option<&str>,
    fits_so: &str,
    fits: impl Fn(&&Fund) -> bool,
) -> Result<&'p Fund, Error> {
    if let Some(word) = word {
        return find_fund(program, word);
    }
    let fitting: Vec<&Fund> = program.funds.iter().filter(|fund| fits(fund)).collect();
    let keys: Vec<&str> = fitting.iter().map(|fund| fund.key.as_str()).collect();
    match fitting[..] {
        [one] => Ok(one),
        [] => Err(Error::usage(format!("no fund {fits_so}"))
            .hint("add a [[fund]] to the program, or name a fund with --fund")),
        _ => Err(missing("the fund", "--fund").hint(format!("the funds are {}", listed(&keys)))),
    }
}

/// Returns the period of a length that --period names, or the one around a day if it is not given.
///
/// # Errors
/// [`Error`] if it is not a period of that length.
pub(super) fn find_period(
    calendar: Calendar,
    typed: Option<&str>,
    every: Every,
    day: Day,
) -> Result<Period, Error> {
    let example = match every {
        Every::Year => "2026",
        Every::Half => "2026-H1",
        Every::Quarter => "2026-Q3",
        Every::Month => "2026-10",
        Every::Week => "2026-W48",
    };
    let noun = format!("{} such as {example}", a_period(every));
    let Some(typed) = typed else {
        return calendar.containing(day, every).ok_or_else(|| Error::usage("--period is missing"));
    };
    let period = calendar.parse(typed).map_err(|why| Error::usage(format!("--period: {why}")))?;
    match calendar.length(&period) {
        Some(length) if length == every => Ok(period),
        _ => {
            let is = calendar
                .length(&period)
                .map_or_else(|| " is".to_owned(), |length| format!(" is {},", a_period(length)));
            Err(Error::usage(format!("--period: {}{is} not {noun}", period.with_days())))
        }
    }
}

/// Returns the period of [`find_period`], or one by its days that was over before the fiscal year moved: what was asked for
/// then can still be recorded.
///
/// # Errors
/// [`Error`] if it is neither.
pub(super) fn find_asked_period(
    program: &Program,
    typed: Option<&str>,
    every: Every,
    day: Day,
) -> Result<Period, Error> {
    let days = typed.and_then(|typed| program.calendar.parse(typed).ok());
    let is_asked =
        |days: &Period| program.report_calendars().period_of(days.first, every).as_ref() == Some(days);
    match days.filter(is_asked) {
        Some(days) => Ok(days),
        None => find_period(program.calendar, typed, every, day),
    }
}

/// Returns how long a period is, in words.
fn a_period(every: Every) -> &'static str {
    match every {
        Every::Year => "a fiscal year",
        Every::Half => "a half-year",
        Every::Quarter => "a quarter",
        Every::Month => "a month",
        Every::Week => "a week",
    }
}

/// Returns the error that the program has no `noun` of that name, with the names it has.
pub(super) fn unknown<'k>(
    noun: &str,
    word: &str,
    known: impl Iterator<Item = &'k str>,
    section: &str,
) -> Error {
    let known: Vec<&str> = known.collect();
    let near = nearest(word, known.iter().copied());
    let failure = Error::usage(format!("unknown {noun} `{word}`"));
    match (near.is_empty(), known.is_empty()) {
        (false, _) => failure.hint(format!("did you mean {}?", listed(&near))),
        (true, true) => failure.hint(format!("the program has none; add a {section} to it")),
        (true, false) => failure.hint(format!("the {noun}s are {}", listed(&known))),
    }
}
