//! What was due and is not any more, so that calendars that have it can take it out.

use std::collections::{BTreeMap, HashSet};

use crate::lifecycle::agenda::{AgendaItem, Closed, Due, DueKind, closed, dues};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::milestone::MilestoneFacts;
use crate::report::due::{Owed, WorkOf};
use crate::report::reading::{Channel, Segment};
use crate::store::View;

/// What is over stays in calendars for so many days.
pub(crate) const KEPT_DAYS: i64 = 90;

/// Something that was due and is over.
pub(crate) struct Ended {
    pub owed: Owed,
    /// How it came to be over, if that is recorded of it.
    pub closed: Option<Closed>,
    /// The day on which what ended it was recorded.
    pub on: Day,
}

/// Tells everything that is due apart, whatever the partner.
pub(crate) fn uid(owed: &Owed) -> String {
    let whose = owed.partner.as_deref().unwrap_or("channel");
    format!("{whose}.{}@chanlife", owed.due.id)
}

/// Returns what was due within the last [`KEPT_DAYS`] as known then, and is not among `now`, in order of day; `wanted` says
/// of which days.
///
/// That is what was done, skipped or dropped, what was undone, and what partners had that left, were removed or merged, or
/// are another owner's now. Of partners chosen by other conditions it is what those have that still meet them.
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
        if !line.map_or(among.is_everyone(), |line| among.contains(channel, line)) {
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
    let mut last = None;
    let mut former: Vec<(i64, Owed, Day)> = former.into_values().collect();
    former.sort_by(|a, b| (a.0, a.1.due.day, &a.1.due.id).cmp(&(b.0, b.1.due.day, &b.1.due.id)));
    for (id, owed, on) in former {
        if last.as_ref().is_none_or(|(known, _)| *known != id) {
            last = Some((id, view.partner(id)?));
        }
        let partner = last.as_ref().and_then(|(_, partner)| partner.as_ref());
        let how = partner.and_then(|partner| {
            let facts = PartnerFacts { program: channel.program, partner, day: channel.as_of };
            closed(facts, &owed.due.id).or(is_reported(facts, &owed.due).then_some(Closed::Done { on }))
        });
        all.push(Ended { owed, closed: how, on });
    }
    Ok(all)
}

/// Returns whether something that was due is a report that was made since: another fiscal year, another pace or leaving end
/// one, too.
fn is_reported(facts: PartnerFacts, due: &Due) -> bool {
    let (AgendaItem::Report { period } | AgendaItem::ReportMissing { period, .. }) = &due.what else {
        return false;
    };
    !facts.partner.has_left() && facts.reported_on(Some(period)).is_some()
}
