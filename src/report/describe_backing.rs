//! What stands behind the stages, in words: terms, certificates, materials, funds, announcements, questions.

use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::Event;
use crate::lifecycle::program::Program;
use crate::report::describe::with;

pub(super) fn describe_backing(event: &Event, program: &Program) -> String {
    let money = |minor: i64| {
        let amount = program.currency.money(i128::from(minor));
        format!("{amount} {}", program.currency.code())
    };
    match event {
        Event::TermsAgreed(agreed) => {
            let by = agreed.by.as_ref().map_or_else(String::new, |by| format!(", by {by}"));
            format!("agreed: {}{by}", agreed.in_words())
        }
        Event::Certified(one) => {
            let until = one.until.map_or_else(String::new, |until| format!(" until {until}"));
            with(format!("{} certified for {}{until}", one.person, one.course), one.evidence.as_deref())
        }
        Event::Delivered(one) => format!("got version {} of {}", one.version, one.material),
        Event::Accrued(one) => format!("{} for {} to {}", money(one.amount_minor), one.period, one.fund),
        Event::Granted(one) => {
            format!("granted {} of {} for {}", money(one.amount_minor), one.fund, one.period)
        }
        Event::Requested(one) => {
            let what = format!(
                "asked for {} of {} for a {} of {}, {} to {}",
                money(one.asked_minor),
                one.fund,
                one.activity,
                money(one.cost_minor),
                one.starts,
                one.ends
            );
            with(what, one.what.as_deref())
        }
        Event::Approved(one) => {
            format!(
                "{} approved for request {}, claim by {}",
                money(one.amount_minor),
                one.request,
                one.claim_by
            )
        }
        Event::Refused(one) => with(format!("{} rejected", one.what), Some(&one.reason)),
        Event::Claimed(one) => {
            let leads = one.leads.map_or_else(String::new, |leads| format!(", {}", counted(leads, "lead")));
            with(
                format!("claimed {} of request {}{leads}", money(one.amount_minor), one.request),
                Some(&one.proof),
            )
        }
        Event::Paid(one) => with(format!("claim {} paid", one.claim), one.reference.as_deref()),
        Event::Closed(one) => with(format!("request {} closed", one.request), one.reason.as_deref()),
        Event::Told(one) => {
            let launch = one.launch.map_or_else(String::new, |launch| format!(", launch on {launch}"));
            format!("told of {}: {}{launch}", one.announcement, one.subject)
        }
        Event::Answered(one) => {
            let by = one.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            with(format!("{} answered{by}", one.announcement), one.text.as_deref())
        }
        Event::Asked(one) => {
            let by = one.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            with(format!("asked{by}"), Some(&one.text))
        }
        Event::Replied(one) => with(format!("question {} answered", one.question), Some(&one.text)),
        Event::Announced(one) => format!("{} announced: {}", one.announcement, one.subject),
        _ => String::new(),
    }
}
