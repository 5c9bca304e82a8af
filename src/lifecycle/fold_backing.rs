//! The fold of what stands behind the stages: terms, certificates, materials, funds, announcements, questions.

use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::enablement::{Certificate, Delivery};
use crate::lifecycle::event::{Event, Recorded};
use crate::lifecycle::fold::Step;
use crate::lifecycle::funds::Movement;
use crate::lifecycle::partner::{Partner, Standing};
use crate::lifecycle::questions::{PartnerQuestion, QuestionReply};
use crate::lifecycle::terms::Agreement;

/// Takes one of these events into what is known of the partner; `corrected` is the amount that holds instead.
pub(crate) fn back_up(partner: &mut Partner, day: Day, recorded: &Recorded, corrected: Option<i64>) -> Step {
    let left = matches!(partner.standing(), Some(Standing::Left { .. }));
    if left && !winds_up(&recorded.event) {
        return Err(format!("is `{}` of a partner that has left", recorded.event.kind()));
    }
    let event = recorded.number;
    if let Some(movement) = Movement::of(event, day, &recorded.event, corrected) {
        partner.books.take(&movement)?;
        partner.movements.push(movement);
        return Ok(());
    }
    match &recorded.event {
        Event::TermsAgreed(agreed) => {
            for (term, value) in &agreed.values {
                partner.terms.push(Agreement {
                    event,
                    day,
                    term: term.clone(),
                    value: value.clone(),
                    from: agreed.from.unwrap_or(day),
                    until: agreed.until,
                    by: agreed.by.clone(),
                    life: partner.returns,
                });
            }
        }
        Event::Certified(one) => partner.certificates.push(Certificate {
            event,
            day,
            person: one.person.clone(),
            course: one.course.clone(),
            until: one.until,
            gone: None,
            evidence: one.evidence.clone(),
        }),
        Event::Delivered(one) => {
            let (material, version) = (one.material.clone(), one.version.clone());
            partner.deliveries.push(Delivery { event, day, material, version });
        }
        Event::Told(told) => partner.notifications.push(Notification::new(event, day, told)),
        Event::Answered(answered) => {
            let key = &answered.announcement;
            let told = partner.notifications.iter_mut().rev().find(|one| one.announcement == *key);
            let told = told.ok_or_else(|| format!("answers `{key}`, of which it was not told"))?;
            if told.answered.is_some() {
                return Err(format!("answers `{key}` a second time"));
            }
            told.answered = Some(day);
        }
        Event::Asked(asked) => partner.questions.push(PartnerQuestion {
            event,
            day,
            text: asked.text.clone(),
            by: asked.by.clone(),
            owner: asked.owner.clone(),
            reply: None,
        }),
        Event::Replied(replied) => {
            let number = replied.question;
            let question = partner.questions.iter_mut().find(|one| one.event == number);
            let question =
                question.ok_or_else(|| format!("answers question {number}, which is not there"))?;
            if question.reply.is_some() {
                return Err(format!("answers question {number} a second time"));
            }
            question.reply = Some(QuestionReply { event, day, text: replied.text.clone() });
        }
        _ => {}
    }
    Ok(())
}

/// Whether something may be recorded of a partner that has left: what was begun is brought to its end.
fn winds_up(event: &Event) -> bool {
    matches!(
        event,
        Event::Claimed(_)
            | Event::Paid(_)
            | Event::Refused(_)
            | Event::Closed(_)
            | Event::Answered(_)
            | Event::Replied(_)
    )
}
