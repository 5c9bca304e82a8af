//! Due dates, for all partners of a segment in order of day: `calendar`, and the second table of `next`.

use crate::lifecycle::agenda::{AgendaItem, Due, DueKind, dues};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::milestone::Doer;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans::Task;
use crate::lifecycle::questions::PartnerQuestion;
use crate::report::basis::Basis;
use crate::report::reading::{Channel, Line, Needs, Segment};
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::View;
use crate::text::agenda::{NOTHING_SOLD, period_of, seen_from, seen_in_table, type_in_words};
use crate::text::periods::fiscal_periods;
use crate::text::steps::command_line;

/// Something that is due, with whose it is.
pub(crate) struct Owed {
    /// Nothing for what is of no single partner.
    pub partner: Option<String>,
    pub name: String,
    pub owner: Option<String>,
    pub due: Due,
}

/// Whose work is wanted: that on the partners of one person, and what this person is to do for any other partner.
#[derive(Clone, Copy)]
pub(crate) struct WorkOf<'o> {
    pub name: &'o str,
    /// The partners among which the work is looked for, whoever looks after them.
    pub among: &'o Segment,
}

impl WorkOf<'_> {
    /// What must be read of the channel to find the work.
    pub(crate) const NEEDS: Needs = Needs::of::<Task>().and(Needs::of::<PartnerQuestion>());

    /// Returns whether something that is due is for this person to do.
    pub(crate) fn has(&self, due: &Due) -> bool {
        due.what.assignee().is_some_and(|one| self.is(one))
    }

    /// Returns whether this person has something open to do for a partner, whoever looks after it.
    pub(crate) fn is_busy_with(&self, channel: &Channel, line: &Line) -> bool {
        let is_own = |owner: &Option<String>| owner.as_deref().is_some_and(|one| self.is(one));
        let tasks = line.records::<Task>().iter().any(|task| task.is_open() && is_own(&task.owner));
        let questions = || line.records::<PartnerQuestion>().iter();
        let is_busy = tasks || questions().any(|one| one.reply.is_none() && is_own(&one.owner));
        is_busy && self.among.contains(channel, line)
    }

    /// Returns whether a name is that of this person, whatever its case.
    pub(crate) fn is(&self, name: &str) -> bool {
        name.to_lowercase() == self.name.to_lowercase()
    }
}

/// What is due: the first by date, as many as are shown, and how many there are.
#[derive(Default)]
pub(crate) struct OwedList {
    pub first: Vec<Owed>,
    /// How many there are, each partner's missed periods of a milestone and missing reports as one.
    pub count: usize,
    /// Those that another of them says, too.
    again: Vec<Owed>,
    again_count: usize,
    limit: Option<usize>,
}

impl Owed {
    /// Returns what is due for a partner.
    pub(crate) fn of(partner: &Partner, due: Due) -> Owed {
        Owed {
            partner: Some(partner.key.clone()),
            name: partner.name().to_owned(),
            owner: partner.attribute("owner").map(str::to_owned),
            due,
        }
    }
}

impl Owed {
    /// Returns what is due for the partner of a line.
    pub(crate) fn of_line(line: &Line, due: Due) -> Owed {
        Owed {
            partner: Some(line.key().to_owned()),
            name: line.attribute("name").unwrap_or_default().to_owned(),
            owner: line.attribute("owner").map(str::to_owned),
            due,
        }
    }
}

impl OwedList {
    /// Takes one more, and forgets what can no longer be among the first `limit`.
    pub(crate) fn take(&mut self, owed: Owed, limit: Option<usize>) {
        let is_again = owed.due.what.is_again();
        let (rows, count) = if is_again {
            (&mut self.again, &mut self.again_count)
        } else {
            (&mut self.first, &mut self.count)
        };
        rows.push(owed);
        *count += 1;
        if limit.is_some_and(|limit| rows.len() >= 2 * limit + 1000) {
            self.cut(limit);
        }
    }

    /// Puts the first `limit` in order, and forgets the others.
    pub(crate) fn cut(&mut self, limit: Option<usize>) {
        self.limit = limit;
        for rows in [&mut self.first, &mut self.again] {
            rows.sort_by(|a, b| order(a).cmp(&order(b)));
            rows.truncate(limit.unwrap_or(usize::MAX));
        }
    }

    /// Returns the first by date, each missed period and missing report by itself.
    pub(crate) fn each(&self) -> Vec<&Owed> {
        let mut all: Vec<&Owed> = self.first.iter().chain(&self.again).collect();
        all.sort_by(|a, b| order(a).cmp(&order(b)));
        all.truncate(self.limit.unwrap_or(usize::MAX));
        all
    }
}

fn order(owed: &Owed) -> (Day, &Option<String>, &str) {
    (owed.due.day, &owed.partner, &owed.due.id)
}

/// Returns what is due and wanted of a segment of the whole channel, and of the work of one person, by date; overdue items
/// too.
///
/// # Errors
/// Fails if the file cannot be read.
pub(crate) fn owed(
    view: &View,
    channel: &Channel,
    (segment, work): (&Segment, Option<WorkOf>),
    limit: Option<usize>,
    mut wanted: impl FnMut(&Due) -> bool,
) -> anyhow::Result<OwedList> {
    let mut all = OwedList::default();
    for line in &channel.lines {
        let is_own = segment.contains(channel, line);
        if !is_own && !work.is_some_and(|work| work.is_busy_with(channel, line)) {
            continue;
        }
        let Some(partner) = view.partner(line.id)? else { continue };
        let facts = PartnerFacts { program: channel.program, partner: &partner, day: channel.as_of };
        for due in dues(facts).into_iter().filter(&mut wanted) {
            if is_own || work.is_some_and(|work| work.has(&due)) {
                all.take(Owed::of(&partner, due), limit);
            }
        }
    }
    add_launches(view, &mut all, wanted)?;
    all.cut(limit);
    Ok(all)
}

/// Adds the days of coming launches that are wanted, which are of no partner.
///
/// # Errors
/// Fails if the file cannot be read.
pub(crate) fn add_launches(
    view: &View,
    all: &mut OwedList,
    mut wanted: impl FnMut(&Due) -> bool,
) -> anyhow::Result<()> {
    for due in launches(view)?.into_iter().filter(|due| wanted(due)) {
        let name = view.in_force.program.name.clone();
        all.take(Owed { partner: None, name, owner: None, due }, None);
    }
    Ok(())
}

/// The days of coming launches, as announced last.
fn launches(view: &View) -> anyhow::Result<Vec<Due>> {
    let announced = view.announced()?.into_iter();
    let newest = announced.filter_map(|(key, said)| {
        let (_, announced) = said.into_iter().next_back()?;
        let day = announced.launch.filter(|day| *day >= view.as_of)?;
        Some(Due {
            day,
            kind: DueKind::Launch,
            id: format!("launch.{key}"),
            what: AgendaItem::Launch { announcement: key.clone() },
            step: Step::ReportCommunication { announcement: key },
        })
    });
    Ok(newest.collect())
}

/// Returns what is due as a table, or as one for machines and one for people if several periods of a milestone or several
/// reports were missed: people read them in one row, that of the first. `note` stands below what people read.
pub(crate) fn tables(all: &OwedList, today: Day, note: Option<String>) -> Vec<Table> {
    let is_report = |one: &Owed| {
        matches!(one.due.what, AgendaItem::ReportMissing { .. } | AgendaItem::ReportsOwed { .. })
    };
    let reports = all.first.iter().any(is_report).then(|| NOTHING_SOLD.to_owned());
    let notes = note.into_iter().chain(reports);
    let seen = table(all, today);
    if all.again.is_empty() {
        return vec![seen.with_notes(notes)];
    }
    let each = of_rows(&all.each(), seen.title.clone(), today);
    vec![each.for_machines(), seen.for_people().with_notes(notes)]
}

/// Returns a table of what is due, as people read it.
pub(crate) fn table(all: &OwedList, today: Day) -> Table {
    let title = if all.first.len() < all.count {
        format!("Due dates (first {} of {})", all.first.len(), all.count)
    } else {
        "Due dates".to_owned()
    };
    of_rows(&all.first.iter().collect::<Vec<&Owed>>(), title, today)
}

fn of_rows(rows: &[&Owed], title: String, today: Day) -> Table {
    Table::of("due", title, rows)
        .column("due", "Due", |one| one.due.day)
        .machines("days_left", |one| Cell::Days(one.due.day.since(today)))
        .people("When", |one| days_left(one.due.day.since(today)))
        .narrow()
        .machines("kind", |one| one.due.kind.word())
        .people("Type", |one| type_in_words(&one.due))
        .detail()
        .column("partner", "Partner", |one| one.partner.as_ref())
        .identity()
        .partner_name(|one| &one.name)
        .machines("what", |one| seen_from(&one.due, today))
        .people("What", |one| seen_in_table(&one.due, today))
        .headline()
        .column("by", "Responsible", |one| one.due.what.doer().map(Doer::word))
        .optional()
        .detail()
        .column("assignee", "Assignee", |one| one.due.what.assignee())
        .optional()
        .column("owner", "Owner", |one| one.owner.as_ref())
        .optional()
        .detail()
        .column("command", "Next step", |one| command_line(&one.due.step))
        .machines("id", |one| &one.due.id)
        .done()
        .empty("Nothing is due.")
        .with_notes(fiscal_periods(rows.iter().filter_map(|one| period_of(&one.due.what))))
}

fn days_left(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1.. => format!("in {days} d"),
        _ => format!("overdue {} d", -days),
    }
}

/// Returns `calendar` as a table.
pub(crate) fn report(channel: &Channel, frame: &Basis, all: &OwedList) -> Report {
    let notes = unknown_owner(channel, frame, all);
    let mut tables = tables(all, channel.as_of, None);
    for table in &mut tables {
        table.key = "rows";
    }
    frame
        .report("chanlife.calendar/1", channel)
        .with_figures([Figure::for_machines("due", all.count + all.again_count)])
        .with_tables(tables)
        .with_notes(notes)
}

/// Says that nobody is found by the conditions, if the whole channel was read and nothing is due.
pub(crate) fn unknown_owner(channel: &Channel, frame: &Basis, all: &OwedList) -> Vec<String> {
    if all.count > 0 { Vec::new() } else { frame.segment.unheld(channel) }
}
