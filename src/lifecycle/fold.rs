//! The fold: from the events of a partner to what is known of it.
//!
//! It is pure and total: any events give a state. Events that do not fit are left out of the state
//! and named as conflicts; a file never holds any, since nothing that makes one is recorded.

use std::collections::{BTreeMap, HashMap};

use crate::lifecycle::arrange::{arrange, as_correction};
use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::{Contact, Edited, Entered, Event, Joined, LeftAs, PartnerId, Recorded, Why};
use crate::lifecycle::fold_backing::back_up;
use crate::lifecycle::fold_records::{assess, grow, overrule};
use crate::lifecycle::funds::Books;
use crate::lifecycle::mends::Corrected;
use crate::lifecycle::partner::{MilestoneRecord, Note, Partner, Standing, Status, Stay, Version};
use crate::lifecycle::program::Aliases;
use crate::lifecycle::revenue::Sale;

/// What the fold of some events arrives at.
#[derive(Clone, Debug)]
pub struct Folded<'e> {
    /// What the events say of the partner, also where it was removed or merged; nothing where it had
    /// not come into the file by then.
    pub state: Option<Partner>,
    pub fate: Fate,
    /// Events that do not fit, in order.
    pub conflicts: Vec<Conflict>,
    /// The events in the order in which they count, each with the day that holds after corrections.
    pub order: Vec<(Day, &'e Recorded)>,
}

impl Folded<'_> {
    /// The partner, where it was neither removed nor merged.
    pub fn partner(&self) -> Option<&Partner> {
        self.state.as_ref().filter(|_| self.fate == Fate::Live)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Live,
    Removed,
    MergedInto(PartnerId),
}

/// Folds the events of `subject` up to the end of `until`, or all of them.
///
/// `events` may be in any order and hold those of partners merged into `subject`. Stages and
/// milestones go by the keys that `aliases` gives them now. Corrections, removals and merges hold
/// whatever the day, since they mend what was recorded.
pub fn fold<'e>(
    subject: PartnerId,
    events: &'e [Recorded],
    aliases: &Aliases,
    until: Option<Day>,
) -> Folded<'e> {
    #[cfg(test)]
    crate::lifecycle::base::tally::count_fold();
    let mut conflicts = Vec::new();
    let order = arrange(subject, events, &mut conflicts);
    let fate = fate(subject, events);
    let mut state = Folding::start(subject, &order, until);
    let past = order.iter().filter(|(day, _)| until.is_none_or(|until| *day <= until));
    for (day, recorded) in past {
        let step = match &mut state {
            Some(state) => state.step(*day, recorded, aliases),
            None => Err("comes before the partner joined".to_owned()),
        };
        if let Err(what) = step {
            conflicts.push(Conflict { event: recorded.number, day: *day, what });
        }
    }
    Folded { state: state.map(|state| state.partner), fate, conflicts, order }
}

fn fate(subject: PartnerId, events: &[Recorded]) -> Fate {
    let own = events.iter().filter(|one| one.partner == subject);
    let fates = own.filter_map(|one| match &one.event {
        Event::Removed(_) => Some(Fate::Removed),
        Event::Merged(parts) => Some(Fate::MergedInto(parts.into)),
        _ => None,
    });
    fates.reduce(|_, last| last).unwrap_or(Fate::Live)
}

struct Folding {
    partner: Partner,
    amounts: HashMap<i64, i64>,
}

pub(crate) type Step = Result<(), String>;

impl Folding {
    /// The partner as its `joined` event says, where it exists by the end of `until`.
    fn start(subject: PartnerId, order: &[(Day, &Recorded)], until: Option<Day>) -> Option<Folding> {
        let own = order.iter().filter(|(_, one)| one.partner == subject);
        let joined = own.clone().find_map(|(_, one)| match &one.event {
            Event::Joined(joined) => Some(joined),
            _ => None,
        })?;
        let (since, _) = order.first()?;
        if until.is_some_and(|until| *since > until) {
            return None;
        }
        let mut corrections: Vec<(i64, &Corrected)> =
            order.iter().filter_map(|(_, one)| as_correction(one).map(|parts| (one.number, parts))).collect();
        corrections.sort_by_key(|(number, _)| *number);
        let amounts = corrections
            .into_iter()
            .filter_map(|(_, parts)| parts.amount_minor.map(|amount| (parts.event, amount)))
            .collect();
        let partner = Partner {
            id: subject,
            key: joined.key.clone(),
            since: *since,
            observed_from: observed_from(joined, subject, order),
            versions: vec![Version { since: *since, attributes: joined.attributes.clone() }],
            references: joined.references.clone(),
            contacts: joined.contacts.clone(),
            stays: Vec::new(),
            milestones: Vec::new(),
            assessments: Vec::new(),
            sales: Vec::new(),
            plans: Vec::new(),
            reviews: Vec::new(),
            tasks: Vec::new(),
            watch_records: Vec::new(),
            terms: Vec::new(),
            certificates: Vec::new(),
            deliveries: Vec::new(),
            books: Books::default(),
            movements: Vec::new(),
            notifications: Vec::new(),
            questions: Vec::new(),
            notes: Vec::new(),
            returns: 0,
        };
        Some(Folding { partner, amounts })
    }

    fn step(&mut self, day: Day, recorded: &Recorded, aliases: &Aliases) -> Step {
        let own = recorded.partner == self.partner.id;
        match &recorded.event {
            Event::Joined(joined) => self.join(joined, own),
            Event::Edited(edited) => {
                self.edit(day, edited, own);
                Ok(())
            }
            Event::Entered(entered) => self.enter(day, recorded.number, entered, aliases),
            Event::Parked(parked) => {
                let stay = self.park(day, recorded.number)?;
                self.partner.stays.push(Stay { until: parked.until, reason: parked.reason.clone(), ..stay });
                Ok(())
            }
            Event::Left(left) => {
                let stay = self.leave(day, recorded.number, left.label)?;
                self.partner.stays.push(Stay { reason: left.reason.clone(), ..stay });
                Ok(())
            }
            Event::Done(done) => {
                let status = Status::Done { evidence: done.evidence.clone(), by: done.by.clone() };
                let milestone = (aliases.milestone(&done.milestone), done.leaving);
                self.mark(day, recorded.number, milestone, done.period.as_deref(), status)
            }
            Event::Skipped(skipped) => {
                let status = Status::Skipped { reason: skipped.reason.clone() };
                let milestone = (aliases.milestone(&skipped.milestone), skipped.leaving);
                self.mark(day, recorded.number, milestone, skipped.period.as_deref(), status)
            }
            Event::Reopened(reopened) => {
                let status = Status::Reopened { reason: reopened.reason.clone() };
                let milestone = (aliases.milestone(&reopened.milestone), reopened.leaving);
                self.mark(day, recorded.number, milestone, reopened.period.as_deref(), status)
            }
            Event::Noted(noted) => {
                let note = Note { event: recorded.number, day, text: noted.text.clone() };
                self.partner.notes.push(note);
                Ok(())
            }
            Event::Assessed(assessed) => assess(&mut self.partner, day, recorded.number, assessed),
            Event::Overridden(overridden) => overrule(&mut self.partner, day, recorded.number, overridden),
            Event::Sold(sold) => {
                let corrected = self.amounts.get(&recorded.number).copied();
                self.partner.sales.push(Sale {
                    event: recorded.number,
                    day,
                    amount_minor: corrected.unwrap_or(sold.amount_minor),
                    period: sold.period.clone(),
                    reference: sold.reference.clone(),
                    detail: sold.detail.clone(),
                });
                Ok(())
            }
            Event::Planned(_)
            | Event::Sent(_)
            | Event::Agreed(_)
            | Event::Reviewed(_)
            | Event::Tasked(_)
            | Event::Finished(_)
            | Event::Watched(_)
            | Event::Improving(_)
            | Event::Decided(_) => grow(&mut self.partner, day, recorded),
            Event::Tiered(tiered) => {
                let tier = [("tier".to_owned(), Some(tiered.tier.clone()))].into();
                self.edit(day, &Edited { attributes: tier, ..Edited::default() }, own);
                Ok(())
            }
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
            | Event::Replied(_) => {
                let corrected = self.amounts.get(&recorded.number).copied();
                back_up(&mut self.partner, day, recorded, corrected)
            }
            Event::Corrected(_) | Event::Removed(_) | Event::Merged(_) | Event::Forgotten(_) => Ok(()),
            Event::Applied(_) | Event::Announced(_) | Event::Lost(_) => {
                Err("is of the program, not of a partner".to_owned())
            }
        }
    }

    fn join(&mut self, joined: &Joined, own: bool) -> Step {
        if own && joined.key != self.partner.key {
            return Err(format!("joins again as `{}`", joined.key));
        }
        if !own {
            self.refer(&joined.key);
            joined.references.iter().for_each(|reference| self.refer(reference));
            joined.contacts.iter().for_each(|contact| self.meet(contact));
        }
        Ok(())
    }

    fn edit(&mut self, day: Day, edited: &Edited, own: bool) {
        edited.references.iter().for_each(|reference| self.refer(reference));
        edited.contacts.iter().for_each(|contact| self.meet(contact));
        let gone = |person: &str| edited.contacts_gone.iter().any(|name| name == person);
        self.partner.contacts.retain(|contact| !gone(identity(contact)));
        for one in self.partner.certificates.iter_mut().filter(|one| gone(&one.person)) {
            one.gone.get_or_insert(day);
        }
        if !own || edited.attributes.is_empty() {
            return;
        }
        let mut attributes = self.partner.attributes().clone();
        for (key, value) in &edited.attributes {
            match value {
                Some(value) => attributes.insert(key.clone(), value.clone()),
                None => attributes.remove(key),
            };
        }
        match self.partner.versions.last_mut().filter(|version| version.since == day) {
            Some(version) => version.attributes = attributes,
            None => self.partner.versions.push(Version { since: day, attributes }),
        }
    }

    fn refer(&mut self, reference: &str) {
        if !self.partner.references.iter().any(|known| known == reference) {
            self.partner.references.push(reference.to_owned());
        }
    }

    fn meet(&mut self, contact: &Contact) {
        let known = self.partner.contacts.iter_mut().find(|known| identity(known) == identity(contact));
        match known {
            Some(known) => known.clone_from(contact),
            None => self.partner.contacts.push(contact.clone()),
        }
    }

    fn enter(&mut self, day: Day, event: i64, entered: &Entered, aliases: &Aliases) -> Step {
        let stage = aliases.stage(&entered.stage);
        if entered.unknown_day && self.partner.stage() == Some(stage) {
            // Found where the history says that it is.
            return Ok(());
        }
        let fits = match (self.partner.standing(), entered.why) {
            (None, Why::Placed) => Ok(()),
            (None, _) => Err("moves a partner that stands in no stage yet".to_owned()),
            (Some(Standing::In { stage: now }), _) if now == stage => {
                Err(format!("enters `{stage}`, where the partner stands already"))
            }
            // An older history that came later may stand before the first known stage.
            (Some(Standing::In { .. }), Why::Placed | Why::Advanced | Why::Back) => Ok(()),
            (Some(Standing::In { .. }), Why::Resumed) => {
                Err("resumes a partner that is not parked".to_owned())
            }
            (Some(Standing::In { .. }), Why::Returned) => {
                Err("brings back a partner that has not left".to_owned())
            }
            (Some(Standing::Parked { .. }), Why::Placed | Why::Resumed) => Ok(()),
            (Some(Standing::Parked { .. }), _) => Err(format!("enters `{stage}` while parked")),
            (Some(Standing::Left { .. }), Why::Returned) => Ok(()),
            (Some(Standing::Left { .. }), _) => Err(format!("enters `{stage}` after leaving")),
        };
        fits?;
        if entered.why == Why::Returned {
            self.partner.returns += 1;
        }
        self.partner.stays.push(Stay {
            event,
            standing: Standing::In { stage: stage.to_owned() },
            entered: day,
            entry_known: !entered.unknown_day,
            why: Some(entered.why),
            until: None,
            reason: entered.reason.clone(),
        });
        Ok(())
    }

    fn park(&self, day: Day, event: i64) -> Result<Stay, String> {
        let from = match self.partner.standing() {
            None => None,
            Some(Standing::In { stage }) => Some(stage.clone()),
            Some(Standing::Parked { .. }) => return Err("parks a parked partner".to_owned()),
            Some(Standing::Left { .. }) => return Err("parks a partner that has left".to_owned()),
        };
        Ok(plain_stay(event, day, Standing::Parked { from }))
    }

    fn leave(&self, day: Day, event: i64, label: LeftAs) -> Result<Stay, String> {
        let standing = self.partner.standing();
        if let Some(Standing::Left { .. }) = standing {
            return Err(format!("{} after leaving", label.word()));
        }
        let from = standing.and_then(Standing::last_stage).map(str::to_owned);
        Ok(plain_stay(event, day, Standing::Left { label, from }))
    }

    fn mark(
        &mut self,
        day: Day,
        event: i64,
        (milestone, leaving): (&str, bool),
        period: Option<&str>,
        status: Status,
    ) -> Step {
        match (self.partner.standing(), leaving) {
            (Some(Standing::Left { .. }), false) => {
                return Err(format!("changes milestone `{milestone}` after the partner left"));
            }
            (Some(Standing::Left { .. }), true) | (_, false) => {}
            (_, true) => return Err(format!("changes `{milestone}`, which is of partners that left")),
        }
        let held = self.partner.milestone(milestone, period).is_some();
        match (&status, held) {
            (Status::Reopened { .. }, false) => {
                return Err(format!("reopens `{milestone}`, which is open"));
            }
            (Status::Done { .. } | Status::Skipped { .. }, true) => {
                return Err(format!("records `{milestone}` a second time"));
            }
            _ => {}
        }
        self.partner.milestones.push(MilestoneRecord {
            event,
            day,
            milestone: milestone.to_owned(),
            period: period.map(str::to_owned),
            status,
            life: self.partner.returns,
        });
        Ok(())
    }
}

fn plain_stay(event: i64, entered: Day, standing: Standing) -> Stay {
    Stay { event, standing, entered, entry_known: true, why: None, until: None, reason: None }
}

/// What tells contacts apart: the e-mail address, or the name where there is none.
pub fn identity(contact: &Contact) -> &str {
    contact.email.as_deref().unwrap_or(&contact.name)
}

/// The last word on since when the partner is watched; it holds whatever the day it was said.
fn observed_from(joined: &Joined, subject: PartnerId, order: &[(Day, &Recorded)]) -> Day {
    let own = order.iter().filter(|(_, one)| one.partner == subject);
    let said: BTreeMap<i64, Day> = own
        .filter_map(|(_, one)| match &one.event {
            Event::Edited(Edited { observed_from: Some(day), .. }) => Some((one.number, *day)),
            _ => None,
        })
        .collect();
    said.into_values().next_back().unwrap_or(joined.observed_from)
}
