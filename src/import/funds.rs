//! What rows of imports say of terms, certificates, deliveries, announcements, questions and funds.

use crate::import::records::Said;
use crate::import::sources::csv::SourceRow;
use crate::lifecycle::announcements::{Answered, Told};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::is_email_address;
use crate::lifecycle::base::text::listed;
use crate::lifecycle::enablement::{Certified, Delivered};
use crate::lifecycle::event::Event;
use crate::lifecycle::funds::{Accrued, Approved, Claimed, Closed, Granted, Paid, Refused, Requested};
use crate::lifecycle::partner::{Contact, Edited};
use crate::lifecycle::program::Program;
use crate::lifecycle::questions::{Asked, Replied};
use crate::lifecycle::terms::TermsAgreed;

pub(super) fn read_term(row: &SourceRow, program: &Program, _today: Day) -> Result<Said, String> {
    let key = row.get("term").ok_or("names no term")?;
    let term = program.term(key).ok_or_else(|| {
        let keys: Vec<&str> = program.terms.iter().map(|one| one.field.key.as_str()).collect();
        format!("names the term `{key}`; there are {}", listed(&keys))
    })?;
    let value = row.get("value").map(|value| term.field.read(value, program.currency)).transpose()?;
    let by = name(row, "by")?;
    let values = [(key.to_owned(), value)].into();
    Ok(Said::plain(TermsAgreed { values, from: day(row, "from")?, until: day(row, "until")?, by }))
}

pub(super) fn read_certification(row: &SourceRow, program: &Program, today: Day) -> Result<Said, String> {
    let key = row.get("course").ok_or("names no course")?;
    let course = program.course(key).ok_or_else(|| {
        let keys: Vec<&str> = program.courses.iter().map(|one| one.key.as_str()).collect();
        format!("names the course `{key}`; there are {}", listed(&keys))
    })?;
    let person = name(row, "person")?.ok_or("names no person")?;
    let email = name(row, "email")?;
    if let Some(email) = email.as_ref().filter(|email| !is_email_address(email)) {
        return Err(format!("`{email}` is not an e-mail address"));
    }
    let on = row.past_day("on", today)?.0;
    let until = day(row, "until")?.or_else(|| course.valid_days.map(|days| on.plus(days - 1)));
    let contact = Contact { name: person.clone(), email: email.clone(), role: name(row, "role")? };
    let certified = Certified {
        person: email.unwrap_or(person),
        course: key.to_owned(),
        until,
        evidence: prose(row, "evidence")?,
    };
    let edited = Edited { contacts: vec![contact], ..Edited::default() };
    Ok(Said { then: Some((on, edited.into())), ..Said::plain(certified) })
}

pub(super) fn read_delivery(row: &SourceRow, program: &Program, _today: Day) -> Result<Said, String> {
    let key = row.get("material").ok_or("names no material")?;
    program.material(key).ok_or_else(|| {
        let keys: Vec<&str> = program.materials.iter().map(|one| one.key.as_str()).collect();
        format!("names the material `{key}`; there are {}", listed(&keys))
    })?;
    let version = name(row, "version")?.ok_or("has no version")?;
    Ok(Said::plain(Delivered { material: key.to_owned(), version }))
}

pub(super) fn read_announcement(row: &SourceRow, _program: &Program, today: Day) -> Result<Said, String> {
    let key = row.get("announcement").ok_or("names no announcement")?.to_owned();
    if !text::is_key(&key) {
        return Err(format!("`{key}` can't be a key; `{}` could be one", text::slug(&key)));
    }
    let subject = name(row, "subject")?.unwrap_or_else(|| key.clone());
    let launch = day(row, "launch-day")?;
    let told = Told { announcement: key.clone(), subject, to: Vec::new(), launch, notice_days: None };
    let answered = past(row, "answered", today)?;
    let then = answered.map(|day| (day, Answered { announcement: key, by: None, text: None }.into()));
    Ok(Said { then, ..Said::plain(told) })
}

pub(super) fn read_question(row: &SourceRow, _program: &Program, today: Day) -> Result<Said, String> {
    let text = prose(row, "question")?.ok_or("has no question")?;
    let asked = Asked { text, by: name(row, "by")?, owner: name(row, "owner")? };
    let then = match (prose(row, "answer")?, past(row, "answered", today)?) {
        (Some(text), Some(day)) => Some((day, Event::from(Replied { question: 0, text }))),
        (None, None) => None,
        (Some(_), None) => return Err("has an answer without the day `answered`".to_owned()),
        (None, Some(_)) => return Err("has the day `answered` without an answer".to_owned()),
    };
    Ok(Said { then, ..Said::plain(asked) })
}

pub(super) fn read_funds(row: &SourceRow, program: &Program, today: Day) -> Result<Said, String> {
    let step = row.get("step").unwrap_or_default();
    let on = row.past_day("on", today)?.0;
    let reference = name(row, "ref")?;
    let amount = |field: &str| row.get(field).map(|text| program.currency.parse(text)).transpose();
    let wanted = |field: &str| match amount(field)? {
        Some(minor) if minor > 0 => Ok(minor),
        Some(_) => Err(format!("{field} is not more than nothing")),
        None => Err(format!("has no {field}")),
    };
    let fund = || {
        let key = row.get("fund").ok_or("names no fund")?;
        program.fund(key).ok_or_else(|| {
            let keys: Vec<&str> = program.funds.iter().map(|one| one.key.as_str()).collect();
            format!("names the fund `{key}`; there are {}", listed(&keys))
        })
    };
    let period = |every: Every| {
        let typed = row.get("period").map(|label| program.calendar.parse(label)).transpose()?;
        let period = typed.or_else(|| program.calendar.containing(on, every));
        let whole = period.as_ref().and_then(|period| program.calendar.containing(period.first, every));
        let period = period.filter(|period| Some(period) == whole.as_ref());
        period.ok_or_else(|| format!("has no {} as its period", every.word()))
    };
    let about = |event: Event| {
        let reference =
            reference.clone().ok_or_else(|| format!("has no ref, by which `{step}` finds its request"))?;
        let proof = name(row, "proof")?.unwrap_or_default();
        Ok(Said { event, then: None, reference, proof })
    };
    match step {
        "accrue" => {
            let (fund, period) = (fund()?, period(Every::Quarter)?);
            let until = day(row, "until")?.or_else(|| fund.valid_days.map(|days| period.last.plus(days)));
            let amount_minor = amount("amount")?.ok_or("has no amount")?;
            Ok(Said::plain(Accrued {
                fund: fund.key.clone(),
                period: period.to_string(),
                amount_minor,
                until,
            }))
        }
        "grant" => {
            let (fund, period) = (fund()?, period(Every::Year)?);
            let until = day(row, "until")?.or_else(|| fund.valid_days.map(|days| on.plus(days)));
            let (fund, period) = (fund.key.clone(), period.to_string());
            Ok(Said::plain(Granted { fund, period, amount_minor: wanted("amount")?, until }))
        }
        "request" => {
            let reference = reference.ok_or("has no ref, by which later rows find the request")?;
            let activity = name(row, "activity")?.ok_or("names no activity")?.to_lowercase();
            let starts = day(row, "starts")?.ok_or("has no day on which it starts")?;
            let ends = day(row, "ends")?.unwrap_or(starts);
            if ends < starts {
                return Err(format!("ends on {ends}, before it starts on {starts}"));
            }
            Ok(Said::plain(Requested {
                fund: fund()?.key.clone(),
                activity,
                what: None,
                starts,
                ends,
                cost_minor: wanted("cost")?,
                asked_minor: wanted("amount")?,
                expected_minor: amount("expected")?,
                reference: Some(reference),
            }))
        }
        "approve" => {
            let claim_by = day(row, "until")?.ok_or("has no day `until` which it can be claimed")?;
            about(Approved { request: 0, amount_minor: wanted("amount")?, claim_by }.into())
        }
        "reject" => {
            let reason = prose(row, "reason")?.ok_or("has no reason")?;
            about(Refused { what: 0, reason }.into())
        }
        "claim" => {
            let proof = name(row, "proof")?.ok_or("has no proof")?;
            let leads = row.get("leads").map(str::parse).transpose().ok();
            let leads = leads.filter(|leads| leads.is_none_or(|leads| (0..=1_000_000_000).contains(&leads)));
            let leads = leads.ok_or("has leads that are no whole number from 0 to 1000000000")?;
            let (amount_minor, pipeline_minor) = (wanted("amount")?, amount("pipeline")?);
            about(Claimed { request: 0, amount_minor, proof, leads, pipeline_minor }.into())
        }
        "pay" => about(Paid { claim: 0, reference: None }.into()),
        "close" => about(Closed { request: 0, reason: prose(row, "reason")? }.into()),
        other => Err(format!(
            "has the step `{other}`, expected accrue, grant, request, approve, reject, claim, pay or close"
        )),
    }
}

pub(super) fn name(row: &SourceRow, field: &str) -> Result<Option<String>, String> {
    row.get(field).map(text::name).transpose().map_err(|fault| format!("{field} {fault}"))
}

pub(super) fn prose(row: &SourceRow, field: &str) -> Result<Option<String>, String> {
    row.get(field).map(text::prose).transpose().map_err(|fault| format!("{field} {fault}"))
}

pub(super) fn day(row: &SourceRow, field: &str) -> Result<Option<Day>, String> {
    let read = |text: &str| {
        Day::parse_iso(text).ok_or_else(|| format!("{field} is `{text}`, expected a day such as 2026-11-23"))
    };
    row.get(field).map(read).transpose()
}

/// A day that has come.
fn past(row: &SourceRow, field: &str, today: Day) -> Result<Option<Day>, String> {
    match day(row, field)? {
        Some(day) if day > today => Err(format!("{field} is {day}, which has not come yet")),
        other => Ok(other),
    }
}
