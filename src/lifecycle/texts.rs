//! The texts of events in which people look for words: names, contacts, references, notes, reasons, evidence, answers, and
//! the invoices, deals and customers of sales.
//!
//! To have the texts of a kind of event found, add it to [`texts`].

use std::borrow::Cow;

use crate::lifecycle::event::Event;
use crate::lifecycle::partner::events::Contact;

/// What a text is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum TextKind {
    Name,
    FormerName,
    Key,
    Reference,
    Contact,
    Note,
    Reason,
    Evidence,
    Question,
    Answer,
    /// The summary of a business review.
    Review,
    /// An action of a plan.
    Action,
    FollowUp,
    /// What became of an action of a plan.
    Outcome,
    FollowUpOutcome,
    /// What money of a fund was asked for.
    Activity,
    /// The number of the invoice of a sale, or of the report that it stands in.
    Invoice,
    Deal,
    /// To whom the partner sold.
    Customer,
    ShipTo,
}

/// A text with what it is.
pub(crate) type KnownText<'e> = (TextKind, Cow<'e, str>);

/// Returns the texts of an event in which words are looked for. A name is one from the day of the event on, perhaps a former
/// one by now.
pub(crate) fn texts(event: &Event) -> Vec<KnownText<'_>> {
    let mut found = EventTexts::default();
    let all = &mut found;
    match event {
        Event::Joined(one) => {
            all.add(TextKind::Name, one.attributes.get("name"));
            all.add(TextKind::Key, Some(&one.key));
            one.references.iter().for_each(|text| all.add(TextKind::Reference, Some(text)));
            all.texts.extend(one.contacts.iter().map(contact));
        }
        Event::Edited(one) => {
            all.add(TextKind::Name, one.attributes.get("name").and_then(Option::as_ref));
            one.references.iter().for_each(|text| all.add(TextKind::Reference, Some(text)));
            all.texts.extend(one.contacts.iter().map(contact));
            all.texts.extend(one.contacts_changed.iter().map(|change| contact(&change.to)));
        }
        Event::Noted(one) => all.add(TextKind::Note, Some(&one.text)),
        Event::Entered(one) => all.add(TextKind::Reason, one.reason.as_ref()),
        Event::Parked(one) => all.add(TextKind::Reason, one.reason.as_ref()),
        Event::Left(one) => all.add(TextKind::Reason, one.reason.as_ref()),
        Event::Done(one) => {
            all.add(TextKind::Evidence, one.evidence.as_ref());
            all.add(TextKind::Contact, one.by.as_ref());
        }
        Event::Skipped(one) => all.add(TextKind::Reason, Some(&one.reason)),
        Event::Reopened(one) => all.add(TextKind::Reason, one.reason.as_ref()),
        Event::Assessed(one) => {
            one.answers.values().for_each(|text| all.add(TextKind::Answer, Some(text)));
            one.evidence.values().for_each(|text| all.add(TextKind::Evidence, Some(text)));
        }
        Event::Overridden(one) => all.add(TextKind::Reason, Some(&one.reason)),
        Event::Reviewed(one) => all.add(TextKind::Review, one.text.as_ref()),
        Event::Agreed(one) => all.add(TextKind::Contact, one.by.as_ref()),
        Event::Tasked(one) if one.follow_up => all.add(TextKind::FollowUp, Some(&one.what)),
        Event::Tasked(one) => all.add(TextKind::Action, Some(&one.what)),
        Event::Finished(one) if one.follow_up => all.add(TextKind::FollowUpOutcome, one.outcome.as_ref()),
        Event::Finished(one) => all.add(TextKind::Outcome, one.outcome.as_ref()),
        Event::TaskMoved(one) => all.add(TextKind::Reason, Some(&one.reason)),
        Event::TaskGiven(one) => all.add(TextKind::Reason, one.reason.as_ref()),
        Event::TaskDropped(one) => all.add(TextKind::Reason, one.reason.as_ref()),
        Event::DueMoved(one) => all.add(TextKind::Reason, Some(&one.reason)),
        Event::Watched(one) => all.add(TextKind::Reason, Some(&one.reason)),
        Event::Improving(one) => all.add(TextKind::Reason, one.reason.as_ref()),
        Event::Decided(one) => all.add(TextKind::Reason, Some(&one.reason)),
        Event::Tiered(one) => one.evidence.iter().for_each(|text| all.add(TextKind::Evidence, Some(text))),
        Event::Certified(one) => {
            all.add(TextKind::Contact, Some(&one.person));
            all.add(TextKind::Evidence, one.evidence.as_ref());
        }
        other => all.add_of_support(other),
    }
    found.texts
}

#[derive(Default)]
struct EventTexts<'e> {
    texts: Vec<KnownText<'e>>,
}

impl<'e> EventTexts<'e> {
    /// Adds the texts of sales, funds, announcements, questions and corrections.
    fn add_of_support(&mut self, event: &'e Event) {
        match event {
            Event::Sold(one) => {
                self.add(TextKind::Invoice, one.reference.as_ref());
                let Some(detail) = &one.detail else { return };
                self.add(TextKind::Deal, detail.deal.as_ref());
                self.add(TextKind::Customer, detail.customer.as_ref());
                self.add(TextKind::ShipTo, detail.ship_to.as_ref());
            }
            Event::Requested(one) => {
                self.add(TextKind::Activity, Some(&one.activity));
                self.add(TextKind::Activity, one.what.as_ref());
                self.add(TextKind::Reference, one.reference.as_ref());
            }
            Event::Refused(one) => self.add(TextKind::Reason, Some(&one.reason)),
            Event::Claimed(one) => self.add(TextKind::Evidence, Some(&one.proof)),
            Event::Paid(one) => self.add(TextKind::Reference, one.reference.as_ref()),
            Event::Closed(one) => self.add(TextKind::Reason, one.reason.as_ref()),
            Event::Expired(one) => self.add(TextKind::Reason, one.reason.as_ref()),
            Event::TakenBack(one) => self.add(TextKind::Reason, one.reason.as_ref()),
            Event::TermsAgreed(one) => self.add(TextKind::Contact, one.by.as_ref()),
            Event::Answered(one) => {
                self.add(TextKind::Answer, one.text.as_ref());
                self.add(TextKind::Contact, one.by.as_ref());
            }
            Event::Asked(one) => {
                self.add(TextKind::Question, Some(&one.text));
                self.add(TextKind::Contact, one.by.as_ref());
            }
            Event::Replied(one) => self.add(TextKind::Answer, Some(&one.text)),
            Event::Corrected(one) => {
                self.add(TextKind::Reason, one.reason.as_ref());
                self.add(TextKind::Reason, one.exit.text.as_ref());
                self.add(TextKind::Invoice, one.sale.reference.as_ref());
                self.add(TextKind::Deal, one.sale.deal.as_ref());
                self.add(TextKind::Customer, one.sale.customer.as_ref());
                self.add(TextKind::ShipTo, one.sale.ship_to.as_ref());
            }
            _ => {}
        }
    }

    fn add(&mut self, kind: TextKind, text: Option<&'e String>) {
        self.texts.extend(text.map(|text| (kind, Cow::Borrowed(text.as_str()))));
    }
}

/// Returns a contact as one text, with the address, the roles and the phone number.
fn contact(one: &Contact) -> KnownText<'_> {
    let email = one.email.as_ref().filter(|email| **email != one.name);
    let email = email.map_or_else(String::new, |email| format!(" <{email}>"));
    let named = format!("{}{email}", one.name);
    let parts: Vec<&str> =
        std::iter::once(&named).chain(&one.role).chain(&one.phone).map(String::as_str).collect();
    (TextKind::Contact, Cow::Owned(parts.join(", ")))
}
