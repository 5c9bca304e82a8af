//! Steps and hints as people type and read them in a shell.

use crate::lifecycle::base::hint::{Hint, Step};

/// Writes a step as the command line that takes it.
pub(crate) fn command_line(step: &Step) -> String {
    match step {
        Step::Return { partner } => format!("chanlife return {partner}"),
        Step::Log { partner } => format!("chanlife log {partner}"),
        Step::LogAll => "chanlife log".to_owned(),
        Step::AddPartner => "chanlife add-partner NAME".to_owned(),
        Step::Calendar => "chanlife calendar".to_owned(),
        Step::Show { partner } => format!("chanlife show {partner}"),
        Step::Advance { partner, to } => {
            let to = to.as_ref().map_or_else(String::new, |stage| format!(" --to {stage}"));
            format!("chanlife advance {partner}{to}")
        }
        Step::Back { partner, to } => format!("chanlife back {partner} --to {to} --reason ..."),
        Step::Park { partner, until } => format!("chanlife park {partner} --until {until}"),
        Step::Resume { partner } => format!("chanlife resume {partner}"),
        Step::Leave { partner, label } => format!("chanlife leave {partner} --as {label} --reason REASON"),
        Step::Done { partner, milestone } => format!("chanlife done {partner} {milestone}"),
        Step::Skip { partner, milestone } => format!("chanlife skip {partner} {milestone} --reason ..."),
        Step::Reopen { partner, milestone } => format!("chanlife reopen {partner} {milestone}"),
        Step::Assess { partner, questionnaire } => format!("chanlife assess {partner} {questionnaire}"),
        Step::Overrule { partner, questionnaire } => {
            format!("chanlife assess {partner} {questionnaire} --override REASON")
        }
        Step::ReportCommunication { announcement } => {
            format!("chanlife report communication {announcement}")
        }
        Step::Undo => "chanlife undo".to_owned(),
        Step::Correct { event, amount, on } => {
            let amount = amount.map_or_else(String::new, |amount| format!(" --amount {amount}"));
            let on = on.map_or_else(String::new, |day| format!(" --on {day}"));
            format!("chanlife correct {event}{amount}{on}")
        }
        Step::CorrectDay { event } => format!("chanlife correct {event} --on DATE"),
        Step::ApplyProgram => "chanlife program apply FILE".to_owned(),
        Step::Agree { partner, term } => format!("chanlife agree {partner} {term}=VALUE"),
        Step::Certify { partner, course, person } => {
            let person = person.as_ref().map_or("PERSON".into(), |person| shell_words::quote(person));
            format!("chanlife certify {partner} {course} {person}")
        }
        Step::Deliver { partner, material } => format!("chanlife deliver {partner} {material}"),
        Step::Ask { partner } => format!("chanlife ask {partner} TEXT"),
        Step::AnswerQuestion { question } => format!("chanlife answer {question} TEXT"),
        Step::Questions => "chanlife questions".to_owned(),
        Step::AccrueFund { partner } => format!("chanlife fund accrue {partner}"),
        Step::GrantFund { partner, fund } => format!("chanlife fund grant {partner} AMOUNT --fund {fund}"),
        Step::RequestFunds { partner } => {
            format!("chanlife fund request {partner} ACTIVITY --cost AMOUNT --starts DATE")
        }
        Step::ApproveRequest { request, amount } => {
            let amount = amount.map_or_else(String::new, |amount| format!(" --amount {amount}"));
            format!("chanlife fund approve {request}{amount}")
        }
        Step::CloseRequest { request } => format!("chanlife fund close {request}"),
        Step::ClaimFunds { request } => format!("chanlife fund claim {request} AMOUNT --proof PROOF"),
        Step::PayClaim { claim } => format!("chanlife fund pay {claim}"),
        Step::ShowFunds { partner } => format!("chanlife fund show {partner}"),
        Step::SetPlan { partner, year } => {
            format!("chanlife plan set {partner} --period {year} --target AMOUNT")
        }
        Step::SendPlan { partner, year } => format!("chanlife plan send {partner} --period {year}"),
        Step::AgreePlan { partner, year } => format!("chanlife plan agree {partner} --period {year}"),
        Step::ReviewPlan { partner, quarter } => format!("chanlife plan review {partner} --period {quarter}"),
        Step::FinishAction { partner, action } => format!("chanlife plan done {partner} {action}"),
        Step::Watch { partner } => format!("chanlife watch {partner} --reason REASON"),
        Step::Improve { partner } => format!("chanlife improve {partner}"),
        Step::Decide { partner } => {
            format!("chanlife decide {partner} recover|lower-tier|self-service|leave --reason REASON")
        }
        Step::ReportRevenue { partner, period } => {
            format!("chanlife revenue add {partner} AMOUNT --period {period}")
        }
    }
}

/// Writes a hint as one line, with its command in backticks.
pub(crate) fn hint_line(hint: &Hint) -> String {
    let command = hint.step.as_ref().map(|step| format!("`{}`", command_line(step)));
    let parts = [Some(hint.before.clone()), command, Some(hint.behind.clone())];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<String>>().join(" ")
}
