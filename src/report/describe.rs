//! Events in words.

use crate::lifecycle::base::text::{counted, listed};
use crate::lifecycle::criteria::score_in_words;
use crate::lifecycle::event::Event;
use crate::lifecycle::partner::Edited;
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::SaleDetail;
use crate::lifecycle::stage::{Entered, Why};
use crate::report::describe_backing::describe_backing;

/// What an event says, in a few words for people.
pub fn describe(event: &Event, program: &Program) -> String {
    let money = |minor: i64| {
        let amount = program.currency.money(i128::from(minor));
        format!("{amount} {}", program.currency.code())
    };
    match event {
        Event::Joined(joined) => {
            format!("joined as {}", joined.attributes.get("name").unwrap_or(&joined.key))
        }
        Event::Edited(edited) => describe_edit(edited),
        Event::Entered(entered) => describe_entry(entered, program),
        Event::Parked(parked) => {
            let until = parked.until.map_or_else(String::new, |day| format!(" until {day}"));
            with(format!("parked{until}"), parked.reason.as_deref())
        }
        Event::Left(left) => with(format!("left, {}", left.label.word()), left.reason.as_deref()),
        Event::Done(done) => {
            let by = done.by.as_ref().map_or_else(String::new, |who| format!(" by {who}"));
            with(
                format!("{} done{by}", milestone(&done.milestone, done.period.as_deref())),
                done.evidence.as_deref(),
            )
        }
        Event::Skipped(skipped) => with(
            format!("{} skipped", milestone(&skipped.milestone, skipped.period.as_deref())),
            Some(&skipped.reason),
        ),
        Event::Reopened(reopened) => with(
            format!("{} open again", milestone(&reopened.milestone, reopened.period.as_deref())),
            reopened.reason.as_deref(),
        ),
        Event::Noted(noted) => noted.text.clone(),
        Event::Assessed(assessed) => {
            let score = assessed.outcome.score;
            let score = score.map_or_else(String::new, |score| format!(" {},", score_in_words(score)));
            format!("{}{score} {}", assessed.questionnaire, assessed.outcome.verdicts().word())
        }
        Event::Overridden(overridden) => {
            let what = format!("verdict of {} overridden", listed(&overridden.questionnaires));
            with(what, Some(&overridden.reason))
        }
        Event::Sold(sold) => {
            let period = sold.period.as_ref().map_or_else(String::new, |period| format!(" for {period}"));
            let reference = sold.reference.as_ref().map_or_else(String::new, |one| format!(" ({one})"));
            let detail = sold.detail.as_deref().map_or_else(String::new, sale_detail);
            format!("sold {}{detail}{period}{reference}", money(sold.amount_minor))
        }
        Event::Planned(_)
        | Event::Sent(_)
        | Event::Agreed(_)
        | Event::Reviewed(_)
        | Event::Tasked(_)
        | Event::Finished(_)
        | Event::Watched(_)
        | Event::Improving(_)
        | Event::Decided(_)
        | Event::Tiered(_) => describe_growth(event, program),
        Event::TermsAgreed(_)
        | Event::Certified(_)
        | Event::Delivered(_)
        | Event::Accrued(_)
        | Event::Granted(_)
        | Event::Requested(_)
        | Event::Approved(_)
        | Event::Refused(_)
        | Event::Claimed(_)
        | Event::Paid(_)
        | Event::Closed(_)
        | Event::Told(_)
        | Event::Answered(_)
        | Event::Asked(_)
        | Event::Replied(_)
        | Event::Announced(_) => describe_backing(event, program),
        Event::Corrected(corrected) => {
            let day = corrected.day.map(|day| format!("happened on {day}"));
            let amount = corrected.amount_minor.map(|minor| format!("is {}", money(minor)));
            let parts: Vec<String> = day.into_iter().chain(amount).collect();
            let what = format!("event {} {}", corrected.event, parts.join(" and "));
            with(what, corrected.reason.as_deref())
        }
        Event::Removed(removed) => with("removed".to_owned(), Some(&removed.reason)),
        Event::Merged(_) => "merged into another partner".to_owned(),
        Event::Forgotten(_) => "who it is was erased".to_owned(),
        Event::Lost(lost) => {
            format!("could not be read when the file was rescued: {}", counted(lost.events, "event"))
        }
        Event::Applied(_) => "program applied".to_owned(),
    }
}

fn describe_edit(edited: &Edited) -> String {
    let mut parts: Vec<String> = edited
        .attributes
        .iter()
        .map(|(key, value)| match value {
            Some(value) => format!("{key} is {value}"),
            None => format!("{key} taken away"),
        })
        .collect();
    parts.extend(edited.references.iter().map(|one| format!("reference {one}")));
    parts.extend(edited.contacts.iter().map(|one| format!("contact {}", one.name)));
    parts.extend(edited.contacts_gone.iter().map(|one| format!("contact {one} taken away")));
    parts.extend(edited.observed_from.map(|day| format!("observed from {day}")));
    if parts.is_empty() { "details that are forgotten".to_owned() } else { parts.join(", ") }
}

fn describe_entry(entered: &Entered, program: &Program) -> String {
    let stage = program.stage_name(&entered.stage);
    let mut what = match entered.why {
        Why::Placed if entered.unknown_day => format!("found in {stage}"),
        Why::Placed => format!("placed in {stage}"),
        Why::Advanced => format!("advanced to {stage}"),
        Why::Back => format!("moved back to {stage}"),
        Why::Resumed => format!("resumed in {stage}"),
        Why::Returned => format!("returned to {stage}"),
    };
    if !entered.overridden.is_empty() {
        what.push_str(&format!(", overriding {}", listed(&entered.overridden)));
    }
    with(what, entered.reason.as_deref())
}

/// Plans, reviews, tasks, care and tiers.
fn describe_growth(event: &Event, program: &Program) -> String {
    match event {
        Event::Planned(planned) => {
            let sum: i128 = planned.targets_minor.iter().map(|target| i128::from(*target)).sum();
            format!("plan of {}: {} {}", planned.period, program.currency.money(sum), program.currency.code())
        }
        Event::Sent(sent) => format!("plan of {} sent to the partner", sent.period),
        Event::Agreed(agreed) => {
            let by = agreed.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            format!("plan of {} agreed{by}", agreed.period)
        }
        Event::Reviewed(reviewed) => {
            with(format!("business of {} reviewed", reviewed.period), reviewed.text.as_deref())
        }
        Event::Tasked(tasked) => {
            let owner = tasked.owner.as_ref().map_or_else(String::new, |owner| format!(", by {owner}"));
            format!("to do by {}: {}{owner}", tasked.due, tasked.what)
        }
        Event::Finished(finished) => {
            with(format!("action {} done", finished.task), finished.outcome.as_deref())
        }
        Event::Watched(watched) => with("on the watch list".to_owned(), Some(&watched.reason)),
        Event::Improving(improving) => {
            with(format!("improvement plan until {}", improving.until), improving.reason.as_deref())
        }
        Event::Decided(decided) => {
            with(format!("decided: {}", decided.outcome.word()), Some(&decided.reason))
        }
        Event::Tiered(tiered) => with(format!("tier {}", tiered.tier), Some(&tiered.evidence.join("; "))),
        _ => String::new(),
    }
}

/// What was sold and to whom, behind the amount.
fn sale_detail(detail: &SaleDetail) -> String {
    let quantity = detail.quantity.as_ref().map(|quantity| format!("{quantity} x"));
    let product = quantity.into_iter().chain(detail.product.clone()).collect::<Vec<String>>().join(" ");
    let product = Some(product).filter(|text| !text.is_empty()).map(|text| format!(": {text}"));
    let customer = detail.customer.as_ref().map(|customer| format!(" to {customer}"));
    let deal = detail.deal.as_ref().map(|deal| format!(", deal {deal}"));
    let rate = detail.currency.as_ref().zip(detail.rate.as_ref());
    let rate = rate.map(|(currency, rate)| format!(", in {currency} at {rate}"));
    [product, customer, deal, rate].into_iter().flatten().collect()
}

fn milestone(key: &str, period: Option<&str>) -> String {
    period.map_or_else(|| key.to_owned(), |period| format!("{key} of {period}"))
}

pub(super) fn with(what: String, reason: Option<&str>) -> String {
    match reason {
        None => what,
        Some(reason) => format!("{what}: {reason}"),
    }
}
