//! Steps and hints as people type and read them in a shell.

use std::fmt;

use shell_words::quote;

use crate::lifecycle::base::hint::{Hint, Step};

/// Writes a step as the command line that takes it.
pub(crate) fn command_line(step: &Step) -> String {
    format!("chanlife {}", words(step))
}

fn words(step: &Step) -> String {
    match step {
        Step::Return { partner } => format!("return {partner}"),
        Step::Log { partner } => format!("log {partner}"),
        Step::LogAll => "log".to_owned(),
        Step::AddPartner => "add-partner NAME".to_owned(),
        Step::Calendar => "calendar".to_owned(),
        Step::Show { partner } => format!("show {partner}"),
        Step::Advance { partner, to } => format!("advance {partner}{}", option("--to", to.as_ref())),
        Step::Back { partner, to } => format!("back {partner} --to {to} --reason REASON"),
        Step::Park { partner, until } => format!("park {partner} --until {until} --reason REASON"),
        Step::Resume { partner } => format!("resume {partner}"),
        Step::Leave { partner, label } => format!("leave {partner} --as {label} --reason REASON"),
        Step::Done { partner, milestone, period } => {
            format!("done {partner} {milestone}{}", option("--period", period.as_ref()))
        }
        Step::Skip { partner, milestone, period } => {
            format!("skip {partner} {milestone}{} --reason REASON", option("--period", period.as_ref()))
        }
        Step::Reopen { partner, milestone, period } => {
            format!("reopen {partner} {milestone}{}", option("--period", period.as_ref()))
        }
        Step::Assess { partner, questionnaire } => format!("assess {partner} {questionnaire}"),
        Step::Overrule { partner, questionnaire } => {
            format!("assess {partner} {questionnaire} --override REASON")
        }
        Step::ReportCommunication { announcement } => format!("report communication {announcement}"),
        Step::Undo => "undo".to_owned(),
        Step::ListRevenue { partner } => format!("revenue list {partner}"),
        Step::Correct { event, amount, currency, on } => {
            let amount =
                format!("{}{}", option("--amount", amount.as_ref()), option("--currency", currency.as_ref()));
            format!("correct {event}{amount}{}", option("--on", on.as_ref()))
        }
        Step::CorrectDay { event } => format!("correct {event} --on DATE"),
        Step::CorrectExit { event, label, why } => {
            format!("correct {event}{}{}", option("--as", label.as_ref()), option("--why", why.as_ref()))
        }
        Step::CorrectParts { event, parts } => {
            let parts = parts.iter().map(|(part, text)| format!(" --{part} {}", quote(text)));
            format!("correct {event}{}", parts.collect::<String>())
        }
        Step::ApplyProgram => "program apply FILE".to_owned(),
        Step::Agree { partner, term, kind } => format!("agree {partner} {term}={}", value_of(kind)),
        Step::Certify { partner, course, person } => {
            format!("certify {partner} {course} {}", quote(person.as_deref().unwrap_or("PERSON")))
        }
        Step::Deliver { partner, material } => format!("deliver {partner} {material}"),
        Step::Ask { partner } => format!("ask {partner} TEXT"),
        Step::AnswerQuestion { question } => format!("answer {question} TEXT"),
        Step::Questions => "questions".to_owned(),
        Step::AccrueFund { partner } => format!("fund accrue {partner}"),
        Step::GrantFund { partner, fund, amount } => {
            let amount = amount.map_or_else(|| "AMOUNT".to_owned(), |amount| amount.to_string());
            format!("fund grant {partner} {amount} --fund {fund}")
        }
        Step::AddRevenue { partner } => format!("revenue add {partner} AMOUNT"),
        Step::Notify { partner, announcement } => {
            format!("announce {} {partner} --told-by HOW", announcement.as_deref().unwrap_or("KEY"))
        }
        Step::ReviewTier { partner } => format!("tier review {partner} --apply"),
        Step::RequestFunds { partner, fund } => {
            let fund = fund.as_deref().unwrap_or("FUND");
            format!("fund request {partner} ACTIVITY --fund {fund} --cost AMOUNT --starts DATE")
        }
        Step::ApproveRequest { request, amount } => {
            format!("fund approve {request}{}", option("--amount", amount.as_ref()))
        }
        Step::RejectRequest { request } => format!("fund reject {request} --reason REASON"),
        Step::ExpireFunds { partners, fund } => {
            let whom = match &partners[..] {
                [one] => one.clone(),
                [] => "--where key!=".to_owned(),
                several => format!("--where key={}", several.join(",")),
            };
            format!("fund expire {whom} --fund {fund} --reason REASON")
        }
        Step::CloseRequest { request } => format!("fund close {request}"),
        Step::ClaimFunds { request } => format!("fund claim {request} AMOUNT --proof PROOF"),
        Step::PayClaim { claim } => format!("fund pay {claim}"),
        Step::ShowFunds { partner } => format!("fund show {partner}"),
        Step::SetPlan { partner, year } => format!("plan set {partner} --period {year} --target AMOUNT"),
        Step::SendPlan { partner, year } => format!("plan send {partner} --period {year}"),
        Step::AgreePlan { partner, year } => format!("plan agree {partner} --period {year}"),
        Step::ReviewPlan { partner, quarter } => format!("plan review {partner} --period {quarter}"),
        Step::PlanAction { partner } => format!("plan action {partner} WHAT --due DATE"),
        Step::Note { partner } => format!("note {partner} TEXT"),
        Step::FinishAction { partner, action } => format!("plan done {partner} {action}"),
        Step::FinishFollowUp { partner, follow_up } => format!("follow {partner} --done {follow_up}"),
        Step::Follow { partner } => format!("follow {partner} DATE TEXT"),
        Step::MoveDue { partner, what } => format!("due {partner} {what} DATE --reason REASON"),
        Step::Watch { partner } => format!("watch {partner} --reason REASON"),
        Step::Improve { partner } => format!("improve {partner}"),
        Step::Decide { partner } => format!("decide {partner} OUTCOME --reason REASON"),
        Step::ReportRevenue { partner, period } => format!("revenue add {partner} AMOUNT --period {period}"),
        Step::RestateRevenue { partner, event } => {
            format!("revenue add {partner} AMOUNT --period PERIOD --replaces {event}")
        }
    }
}

/// Returns the word in the place of a value of this type.
fn value_of(kind: &str) -> &'static str {
    match kind {
        "date" => "DATE",
        "number" => "NUMBER",
        "money" => "AMOUNT",
        _ => "VALUE",
    }
}

/// Returns an option with a blank before it, if it has a value.
fn option(name: &str, value: Option<&impl fmt::Display>) -> String {
    value.map_or_else(String::new, |value| format!(" {name} {value}"))
}

/// Writes a hint as one line, with its command in backticks.
pub(crate) fn hint_line(hint: &Hint) -> String {
    let command = hint.step.as_ref().map(|step| format!("`{}`", command_line(step)));
    let parts = [Some(hint.before.clone()), command, Some(hint.behind.clone())];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<String>>().join(" ")
}
