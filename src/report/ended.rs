//! What was due and is not any more, so that calendars that have it can take it out.

use std::collections::{BTreeMap, HashSet};

use crate::lifecycle::agenda::{AgendaItem, ClosedAs, Due, DueKind, Over, closed, dues};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::milestone::{MilestoneFacts, MovedDue, moved_due};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans::{Task, action_due, over_of_task};
use crate::lifecycle::stage::Standing;
use crate::report::due::{Owed, WorkOf};
use crate::report::reading::{Channel, Needs, Segment};
use crate::store::{AttributesRow, View};

/// What is over stays in calendars for so many days.
pub(crate) const KEPT_DAYS: i64 = 90;

/// Something that was due and is over.
pub(crate) struct Ended {
    pub owed: Owed,
    pub over: Over,
}

/// What must be read of the channel to find what was promised or moved and is over.
pub(crate) const ENDED_NEEDS: Needs =
    Needs::of::<Task>().and(Needs::of::<MovedDue>()).and(Needs::of::<AttributesRow>());

/// Tells everything that is due apart, whatever the partner.
pub(crate) fn uid(owed: &Owed) -> String {
    let whose = owed.partner.as_deref().unwrap_or("channel");
    format!("{whose}.{}@chanlife", owed.due.id)
}

/// Returns what was due within the last [`KEPT_DAYS`] as known then, and is not among `now`, in order of day; `wanted` says
/// of which days. What was promised or moved to a day to come stays until that day.
///
/// That is what was done, skipped or dropped, what was undone, and what partners had that left, were removed or merged, or
/// are another owner's now, or no longer meet the conditions.
///
/// # Errors
/// Fails if the file cannot be read.
pub(crate) fn ended(
    view: &View,
    channel: &Channel,
    (segment, work): (&Segment, Option<WorkOf>),
    now: &HashSet<String>,
    wanted: impl Fn(&Due) -> bool,
) -> anyhow::Result<Vec<Ended>> {
    let mut former: BTreeMap<String, (i64, Owed, Day)> = BTreeMap::new();
    view.each_former(channel.as_of.plus(-KEPT_DAYS), |id, known| {
        let at = channel.lines.binary_search_by_key(&id, |line| line.id).ok();
        let line = at.and_then(|at| channel.lines.get(at));
        let among = work.map_or(segment, |work| work.among);
        if !among.contained(channel, known.partner, line) {
            return;
        }
        let owner = known.partner.attribute("owner");
        let was_own = work.is_none_or(|work| owner.is_some_and(|owner| work.is(owner)));
        let facts =
            PartnerFacts { program: &known.in_force.program, partner: known.partner, day: known.until };
        for due in dues(facts).into_iter().filter(|due| due.kind != DueKind::Waiting && wanted(due)) {
            let is_wanted = was_own || work.is_some_and(|work| work.has(&due));
            let owed = Owed::of(known.partner, due);
            let uid = uid(&owed);
            if is_wanted && !now.contains(&uid) {
                former.insert(uid, (id, owed, known.until));
            }
        }
    })?;
    let mut all = Vec::new();
    let mut last: Option<(i64, Option<Partner>, Vec<Due>)> = None;
    let mut former: Vec<(i64, Owed, Day)> = former.into_values().collect();
    former.sort_by(|a, b| (a.0, a.1.due.day, &a.1.due.id).cmp(&(b.0, b.1.due.day, &b.1.due.id)));
    for (id, owed, on) in former {
        if last.as_ref().is_none_or(|(known, ..)| *known != id) {
            let partner = view.partner(id)?;
            let facts = |partner| PartnerFacts { program: channel.program, partner, day: channel.as_of };
            let open = partner.as_ref().map_or_else(Vec::new, |partner| dues(facts(partner)));
            last = Some((id, partner, open));
        }
        let partner = last.as_ref().and_then(|(_, partner, open)| Some((partner.as_ref()?, open.as_slice())));
        let over = how_over(channel, partner, &owed, on);
        all.push(Ended { owed, over });
    }
    add_until_their_day(view, channel, (segment, work), now, &wanted, &mut all)?;
    Ok(all)
}

/// Adds what was promised or moved to a day to come and is done or dropped, however long ago.
fn add_until_their_day(
    view: &View,
    channel: &Channel,
    (segment, work): (&Segment, Option<WorkOf>),
    now: &HashSet<String>,
    wanted: &impl Fn(&Due) -> bool,
    all: &mut Vec<Ended>,
) -> anyhow::Result<()> {
    let mut known: HashSet<String> = all.iter().map(|one| uid(&one.owed)).collect();
    for line in &channel.lines {
        let mut add = |due: Due, closed: ClosedAs| {
            let owed = Owed::of_line(line, due);
            let uid = uid(&owed);
            let is_own = segment.contains(channel, line) || work.is_some_and(|work| work.has(&owed.due));
            if is_own && wanted(&owed.due) && !now.contains(&uid) && known.insert(uid) {
                all.push(Ended { owed, over: Over::Closed(closed) });
            }
        };
        let tasks = line.records::<Task>().iter().filter(|task| task.due >= channel.as_of);
        for task in tasks {
            if let Some(closed) = over_of_task(task) {
                add(action_due(line.key(), task), closed);
            }
        }
        let moved = line.records::<MovedDue>().iter().rev().filter(|one| one.moved.to >= channel.as_of);
        let moved: Vec<&MovedDue> = moved.collect();
        let partner = if moved.is_empty() { None } else { view.partner(line.id)? };
        let Some(partner) = &partner else { continue };
        let facts = PartnerFacts { program: channel.program, partner, day: channel.as_of };
        for one in moved {
            if let Some(due) = moved_due(facts, one)
                && let Some(closed) = closed(facts, &due.id)
            {
                add(due, closed);
            }
        }
    }
    Ok(())
}

/// Returns why something is not due any more of a partner with what is due of it now; `on` is the day on which what ended it was recorded.
fn how_over(channel: &Channel, partner: Option<(&Partner, &[Due])>, owed: &Owed, on: Day) -> Over {
    let Some((partner, open)) = partner else { return Over::Withdrawn };
    if owed.partner.as_ref() == Some(&partner.key)
        && let Some(due) = open.iter().find(|due| due.id == owed.due.id)
    {
        let now = due.what.assignee().or_else(|| partner.attribute("owner"));
        let before = owed.due.what.assignee().or(owed.owner.as_deref());
        let with = now.filter(|now| before != Some(now)).map(str::to_owned);
        return Over::Elsewhere { with };
    }
    let facts = PartnerFacts { program: channel.program, partner, day: channel.as_of };
    let made = is_reported(facts, &owed.due).then_some(ClosedAs::Done { on });
    if let Some(closed) = closed(facts, &owed.due.id).or(made) {
        return Over::Closed(closed);
    }
    let is_promise = matches!(owed.due.kind, DueKind::Action | DueKind::FollowUp);
    let number = owed.due.id.rsplit('.').next().and_then(|number| number.parse().ok());
    let is_gone = is_promise && !partner.tasks.iter().any(|task| Some(task.event) == number);
    match partner.standing() {
        _ if is_gone || owed.partner.as_ref() != Some(&partner.key) => Over::Withdrawn,
        Some(Standing::Parked { .. }) => Over::OnHold,
        _ => Over::NotDueAnyMore,
    }
}

/// Returns whether something that was due is a report that was made since: another fiscal year, another pace or leaving end
/// one, too.
fn is_reported(facts: PartnerFacts, due: &Due) -> bool {
    let (AgendaItem::Report { period } | AgendaItem::ReportMissing { period, .. }) = &due.what else {
        return false;
    };
    !facts.partner.has_left() && facts.reported_on(Some(period)).is_some()
}
