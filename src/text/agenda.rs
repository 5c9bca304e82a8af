//! The words of what is due and what to do next.

use crate::lifecycle::agenda::{AgendaItem, AnswersSoFar, Lacking};
use crate::lifecycle::base::error::Sentence;

impl Sentence for AgendaItem {
    fn sentence(&self) -> String {
        match self {
            AgendaItem::Place { stage } => format!("place it in {stage}"),
            AgendaItem::Wait { until } => format!("wait until {until}"),
            AgendaItem::TakeUp { parked_until: Some(until) } => {
                format!("take it up again, parked until {until}")
            }
            AgendaItem::TakeUp { parked_until: None } => "take it up again when its time has come".to_owned(),
            AgendaItem::TakeUpNow => "take it up again".to_owned(),
            AgendaItem::MoveOn { stage } => format!("all gates are done, on to {stage}"),
            AgendaItem::Milestone { name, period, lacking } => {
                let period = period.as_ref().map_or_else(String::new, |period| format!(" ({period})"));
                let so_far = lacking.as_ref().and_then(so_far);
                let so_far = so_far.map_or_else(String::new, |so_far| format!(": {so_far}"));
                format!("{name}{period}{so_far}")
            }
            AgendaItem::Decline => "the criteria say decline".to_owned(),
            AgendaItem::Action { what, owner } => {
                let owner = owner.as_ref().map_or_else(String::new, |owner| format!(", by {owner}"));
                format!("{what}{owner}")
            }
            AgendaItem::ActionDue { what, due } => format!("{what}, due {due}"),
            AgendaItem::PlanEnds => "its improvement plan ends, decide".to_owned(),
            AgendaItem::PlanEnded { on } => format!("its improvement plan ended on {on}, decide"),
            AgendaItem::Watched { since } => format!("on the watch list since {since}, agree how to improve"),
            AgendaItem::BelowRule => "it is below what the program's rule asks for".to_owned(),
            AgendaItem::Report { period } => format!("report of {period}"),
            AgendaItem::ReportsOwed { first, count: 1 } => format!("it owes the report of {first}"),
            AgendaItem::ReportsOwed { first, count } => {
                format!("it owes {count} reports, the first of {first}")
            }
            AgendaItem::Renewal { term, ends } => format!("{term}: ends on {ends}, agree anew"),
            AgendaItem::CertificateEnds { person, course } => {
                format!("certificate of {person} ends: {course}")
            }
            AgendaItem::MoneyEnds { amount, fund } => format!("{amount} of {fund} ends"),
            AgendaItem::ActivityStarts { activity, request } => {
                format!("{activity} of request {request} starts")
            }
            AgendaItem::ClaimDue { amount, request } => {
                format!("{amount} of request {request} to be claimed")
            }
            AgendaItem::Question { question, text } => format!("question {question}: {text}"),
            AgendaItem::Request { request, amount, fund, activity } => {
                format!("request {request}: {amount} of {fund} for a {activity}")
            }
            AgendaItem::Payment { claim, amount, fund } => {
                format!("claim {claim}: {amount} of {fund} to be paid")
            }
            AgendaItem::Launch { announcement } => format!("launch of {announcement}"),
        }
    }
}

/// Names what settles a milestone, such as "the questionnaire `vendor-criteria`".
pub(crate) fn settled_by(lacking: &Lacking) -> String {
    match lacking {
        Lacking::Answers { questionnaire, .. } => format!("the questionnaire `{questionnaire}`"),
        Lacking::Certificates { course, .. } => format!("certificates for `{course}`"),
        Lacking::Agreement { term } => format!("what is agreed of `{term}`"),
        Lacking::Delivery { material, .. } => format!("the delivery of `{material}`"),
    }
}

/// Says how far it is with what a milestone needs; nothing if there is nothing to say beside its name.
pub(crate) fn so_far(lacking: &Lacking) -> Option<String> {
    match lacking {
        Lacking::Answers { so_far: Some(AnswersSoFar::Missing), .. } => {
            Some("answers are missing".to_owned())
        }
        Lacking::Answers { so_far: Some(AnswersSoFar::Decided { verdict }), .. } => {
            Some(format!("{verdict}, so it is for you to decide"))
        }
        Lacking::Certificates { course, certified, people } => {
            Some(format!("{certified} of {people} certified for {course}"))
        }
        Lacking::Delivery { version: Some(version), .. } => Some(format!("it has version {version}")),
        Lacking::Answers { so_far: None, .. } | Lacking::Agreement { .. } | Lacking::Delivery { .. } => None,
    }
}
