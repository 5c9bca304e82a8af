//! `report communication`: coverage of announcements, late or missing notifications, response and answer times.

use std::collections::BTreeMap;

use clap::Args;

use crate::analysis::counts::{Counts, Spell};
use crate::lifecycle::announcements::{Announced, Notification, late_by};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::{counted, listed};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::program::Program;
use crate::lifecycle::questions::PartnerQuestion;
use crate::lifecycle::terms::Agreement;
use crate::report::estimate::waiting::{Headings, Waiting, waiting_columns};
use crate::report::named::{NamedReport, ReportRequest, field_of_by};
use crate::report::reading::{Channel, Line, Needs, Quality, Segment};
use crate::report::value::ratio;
use crate::report::value::{Cell, Figure, Report, Table, TypedTable};
use crate::store::{AttributesRow, View};
use crate::text::reports::{ANNOUNCEMENT_BY_PARTNER, NO_ANNOUNCEMENTS, announce_to};

#[derive(Debug, Args)]
pub(crate) struct CommunicationReport {
    /// One announcement, partner by partner
    key: Option<String>,
    /// Field to group by: type, region, tier, owner, stage or a field of the program
    #[arg(long, value_name = "FIELD", conflicts_with = "key")]
    by: Option<String>,
}

impl NamedReport for CommunicationReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/communication.txt")
    }

    fn needs(&self, view: &View) -> anyhow::Result<Needs> {
        let by = self.by(&view.in_force.program)?;
        Ok(needs(&Announcement::all(view)?, by.as_ref()))
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let all = Announcement::with_notified(Announcement::all(asked.view)?, asked.channel);
        Ok(report(&all, asked, self.key.as_deref(), self.by(asked.channel.program)?.as_ref())?)
    }

    fn examples() -> &'static [&'static str] {
        &[
            "report communication",
            "report communication atlas-3   # partner by partner",
            "report communication --by region",
        ]
    }
}

impl CommunicationReport {
    fn by(&self, program: &Program) -> Result<Option<Quality>, Error> {
        self.by.as_deref().map(|word| field_of_by(word, program)).transpose()
    }
}

const BY: [usize; 3] = [7, 14, 30];
const ANSWERED: usize = 0;
const LEFT: usize = 1;

/// An announcement with the segments that it targets.
pub(crate) struct Announcement {
    key: String,
    subject: String,
    /// The day of the first notification.
    first: Day,
    /// The day of the public launch, as announced last.
    launch: Option<Day>,
    audiences: Vec<Segment>,
}

/// How a partner was notified of an announcement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NotificationStatus<'l> {
    InTime(&'l Notification),
    /// Notified this many days later than agreed.
    Late(&'l Notification, i64),
    Never,
}

impl<'l> NotificationStatus<'l> {
    /// Returns the notification, if there is one.
    fn notification(self) -> Option<&'l Notification> {
        match self {
            NotificationStatus::InTime(one) | NotificationStatus::Late(one, _) => Some(one),
            NotificationStatus::Never => None,
        }
    }

    /// Returns the sort order: partners that need action come first.
    fn order(self) -> u8 {
        match self {
            NotificationStatus::Never => 0,
            NotificationStatus::Late(..) => 1,
            NotificationStatus::InTime(_) => 2,
        }
    }

    fn in_words(self, announcement: &Announcement) -> &'static str {
        match self {
            NotificationStatus::Never => "not notified",
            NotificationStatus::Late(..) => "late",
            NotificationStatus::InTime(_) if announcement.launch.is_some() => "on time",
            NotificationStatus::InTime(_) => "notified",
        }
    }
}

impl NotificationStatus<'_> {
    /// Returns the word of JSON and CSV.
    fn word(self, announcement: &Announcement) -> &'static str {
        match self {
            NotificationStatus::Never => "not told",
            NotificationStatus::Late(..) => "late",
            NotificationStatus::InTime(_) if announcement.launch.is_some() => "in time",
            NotificationStatus::InTime(_) => "told",
        }
    }
}

impl Announcement {
    /// Reads the announcements of a view, by key.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(crate) fn all(view: &View) -> anyhow::Result<Vec<Announcement>> {
        let in_force = &view.in_force;
        let read = |conditions: &Vec<String>| {
            Segment::parse(conditions, &in_force.program, &in_force.aliases, view.as_of).ok()
        };
        let of = |(key, said): (String, Vec<(Day, Announced)>)| {
            let newest = &said.last()?.1;
            Some(Announcement {
                key,
                subject: newest.subject.clone(),
                first: said.first()?.0,
                launch: newest.launch,
                audiences: said
                    .iter()
                    .filter(|(_, one)| !one.conditions.is_empty())
                    .filter_map(|(_, one)| read(&one.conditions))
                    .collect(),
            })
        };
        Ok(view.announced()?.into_iter().filter_map(of).collect())
    }

    /// Adds announcements that were never written here, but of which partners were notified according to an import, and
    /// what such notifications say of the others.
    fn with_notified(written: Vec<Announcement>, channel: &Channel) -> Vec<Announcement> {
        let mut all: BTreeMap<String, Announcement> =
            written.into_iter().map(|one| (one.key.clone(), one)).collect();
        let mut notified: Vec<&Notification> =
            channel.lines.iter().flat_map(Line::records::<Notification>).collect();
        notified.sort_by_key(|one| (one.day, one.event));
        for one in notified {
            let known = all.entry(one.announcement.clone()).or_insert_with(|| Announcement {
                key: one.announcement.clone(),
                subject: one.subject.clone(),
                first: one.day,
                launch: None,
                audiences: Vec::new(),
            });
            known.first = known.first.min(one.day);
            known.launch = known.launch.or(one.launch);
        }
        all.into_values().collect()
    }

    /// Returns how a partner was notified; nothing if it is not targeted.
    fn told<'l>(&self, channel: &Channel, line: &'l Line) -> Option<NotificationStatus<'l>> {
        let mut addressed =
            line.records().iter().filter(|one: &&Notification| one.announcement == self.key).peekable();
        let is_addressed = addressed.peek().is_some();
        if let Some(notification) = addressed.find(|one| one.is_told()) {
            return Some(match late_by(notification.notice_days, self.launch, notification.day) {
                Some(late) => NotificationStatus::Late(notification, late),
                None => NotificationStatus::InTime(notification),
            });
        }
        let joined = line.attributes().map(|one| one.since);
        let meant = line.left_as().is_none()
            && self.launch.is_none_or(|launch| joined <= Some(launch))
            && (is_addressed || self.audiences.iter().any(|audience| audience.contains(channel, line)));
        meant.then_some(NotificationStatus::Never)
    }
}

/// Returns what the report reads; the segments that announcements target need more than the report itself.
fn needs(all: &[Announcement], by: Option<&Quality>) -> Needs {
    let own = Needs::of::<AttributesRow>()
        .and(Needs::of::<Agreement>())
        .and(Needs::of::<Notification>())
        .and(Needs::of::<PartnerQuestion>());
    let audiences = all.iter().flat_map(|one| &one.audiences).map(Segment::needs);
    audiences.chain(by.map(Quality::needs)).fold(own, Needs::and)
}

/// Returns the whole report on all announcements, or on one.
///
/// # Errors
/// Fails if the announcement does not exist.
fn report(
    all: &[Announcement],
    asked: &ReportRequest,
    key: Option<&str>,
    by: Option<&Quality>,
) -> Result<Report, Error> {
    let channel = asked.channel;
    let report = asked.basis.report("chanlife.communication/1", channel);
    if let Some(key) = key {
        let one = all.iter().find(|one| one.key == key).ok_or_else(|| unknown(key, all))?;
        return Ok(report
            .with_figures([
                Figure::for_machines("announcement", key),
                Figure::new("subject", "Subject", one.subject.as_str()),
                Figure::new("launch", "Launch", one.launch),
            ])
            .with_tables([partner_table(channel, one)]));
    }
    let segments = segments(channel, by);
    let note = if all.is_empty() { NO_ANNOUNCEMENTS } else { ANNOUNCEMENT_BY_PARTNER };
    Ok(report
        .with_tables([
            announcement_table(channel, all),
            answer_table(channel, by, &segments),
            question_table(channel, by, &segments),
        ])
        .with_notes([note.to_owned()]))
}

fn unknown(key: &str, all: &[Announcement]) -> Error {
    let known: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
    let refusal = Error::refused(format!("announcement not found: `{key}`"));
    if known.is_empty() { refusal } else { refusal.hint(format!("known announcements: {}", listed(&known))) }
}

/// The number of partners that an announcement reached.
struct Reach<'a> {
    announcement: &'a Announcement,
    told: usize,
    late: usize,
    not_told: usize,
    contacts: usize,
    answered: usize,
}

impl<'a> Reach<'a> {
    fn of(channel: &Channel, announcement: &'a Announcement) -> Reach<'a> {
        let mut reach = Reach { announcement, told: 0, late: 0, not_told: 0, contacts: 0, answered: 0 };
        for told in channel.lines.iter().filter_map(|line| announcement.told(channel, line)) {
            let Some(notification) = told.notification() else {
                reach.not_told += 1;
                continue;
            };
            reach.told += 1;
            reach.contacts += notification.to.len();
            reach.answered += usize::from(notification.answered.is_some());
            reach.late += usize::from(matches!(told, NotificationStatus::Late(..)));
        }
        reach
    }

    fn meant_for(&self) -> usize {
        self.told + self.not_told
    }
}

fn announcement_table(channel: &Channel, all: &[Announcement]) -> Table {
    let rows: Vec<Reach> = all.iter().map(|one| Reach::of(channel, one)).collect();
    Table::of("rows", "Announcements", &rows)
        .column("announcement", "Announcement", |row| &row.announcement.key)
        .machines("subject", |row| &row.announcement.subject)
        .column("first_told", "First sent", |row| row.announcement.first)
        .column("launch", "Launch", |row| row.announcement.launch)
        .optional()
        .column("partners", "Targeted", Reach::meant_for)
        .column("told", "Notified", |row| row.told)
        .column("told_share", "Coverage", |row| Cell::share(ratio(row.told as i128, row.meant_for() as i128)))
        .column("contacts", "Contacts", |row| row.contacts)
        .column("late", "Late", |row| row.announcement.launch.map(|_| row.late))
        .alert()
        .column("not_told", "Not notified", |row| row.not_told)
        .alert()
        .column("answered", "Responded", |row| row.answered)
        .column("answered_share", "Response rate", |row| {
            Cell::share(ratio(row.answered as i128, row.told as i128))
        })
        .done()
        .empty("No announcements.")
}

/// A targeted partner, and how it was notified.
struct ToldLine<'c> {
    line: &'c Line,
    told: NotificationStatus<'c>,
    late_days: Option<i64>,
    notice_days: Option<i64>,
}

impl<'c> ToldLine<'c> {
    fn of(channel: &'c Channel, announcement: &Announcement, line: &'c Line) -> Option<ToldLine<'c>> {
        let told = announcement.told(channel, line)?;
        let agreed = channel.facts(line).notice_days().filter(|_| announcement.launch.is_some());
        let (late_days, notice_days) = match told {
            NotificationStatus::Never => (late_by(agreed, announcement.launch, channel.as_of), agreed),
            NotificationStatus::Late(notification, late) => (Some(late), notification.notice_days),
            NotificationStatus::InTime(notification) => (None, notification.notice_days),
        };
        Some(ToldLine { line, told, late_days, notice_days })
    }
}

/// Returns the targeted partners of one announcement: those not notified first, then those notified late.
fn partner_table(channel: &Channel, one: &Announcement) -> Table {
    let told = channel.lines.iter().filter_map(|line| ToldLine::of(channel, one, line));
    let mut rows: Vec<ToldLine> = told.collect();
    rows.sort_by_key(|row| (row.told.order(), -row.late_days.unwrap_or_default()));
    let count = |wanted: fn(&NotificationStatus) -> bool| rows.iter().filter(|row| wanted(&row.told)).count();
    let late = count(|told| matches!(told, NotificationStatus::Late(..)));
    let not_told = count(|told| matches!(told, NotificationStatus::Never));
    let note = format!("{}: {late} notified late, {not_told} not notified.", counted(rows.len(), "partner"));
    let command = |row: &ToldLine| {
        let never = matches!(row.told, NotificationStatus::Never);
        never.then(|| announce_to(channel.program, &one.key, row.line.key()))
    };
    Table::of("rows", format!("Notifications of {}", one.key), &rows)
        .column("partner", "Partner", |row| row.line.key())
        .partner_name(|row| row.line.attribute("name"))
        .machines("state", |row| row.told.word(one))
        .people("Status", |row| row.told.in_words(one))
        .column("late_days", "Late by", |row| Cell::days(row.late_days))
        .optional()
        .column("told_on", "Notified", |row| row.told.notification().map(|told| told.day))
        .column("days_before_launch", "Lead time", |row| {
            let before = one.launch.zip(row.told.notification());
            Cell::days(before.map(|(launch, told)| launch.since(told.day)))
        })
        .optional()
        .column("notice_days", "Agreed notice", |row| Cell::days(row.notice_days))
        .optional()
        .column("contacts", "Contacts", |row| row.told.notification().map(|told| told.to.len()))
        .column("told_by", "Notified by", |row| {
            row.told.notification().and_then(|told| told.told_by.as_ref())
        })
        .optional()
        .detail()
        .column("answered_on", "Responded", |row| row.told.notification().and_then(|told| told.answered))
        .optional()
        .column("owner", "Owner", |row| row.line.attribute("owner"))
        .optional()
        .detail()
        .column("command", "Next step", command)
        .optional()
        .done()
        .empty("No partners targeted.")
        .with_notes([note])
}

/// Returns the lines of each segment, in the order of the channel.
fn segments<'c>(channel: &'c Channel, by: Option<&Quality>) -> Vec<(Cell, Vec<&'c Line>)> {
    let mut segments: Vec<(Cell, Vec<&Line>)> = Vec::new();
    for line in &channel.lines {
        let cell = by.map_or_else(|| Cell::from("all"), |by| by.cell(channel, line));
        match segments.iter_mut().find(|(known, _)| *known == cell) {
            Some((_, lines)) => lines.push(line),
            None => segments.push((cell, vec![line])),
        }
    }
    segments
}

/// A segment with its waiting times.
struct SegmentWait {
    segment: Cell,
    waiting: Waiting,
    oldest_open_days: Option<i64>,
}

/// Begins a table on segments.
fn wait_table<'r>(
    key: &'static str,
    title: &str,
    (channel, by): (&Channel, Option<&Quality>),
    rows: &'r [SegmentWait],
) -> TypedTable<'r, SegmentWait> {
    let (name, heading) = by.map_or_else(
        || ("segment".to_owned(), "Partners".to_owned()),
        |by| (by.key(), by.heading(channel.program)),
    );
    Table::of(key, title, rows).column(name, heading, |row| row.segment.clone())
}

/// Returns how long a wait has lasted, and whether it ended with an answer or with the partner's leaving.
fn spell(channel: &Channel, line: &Line, since: Day, came: Option<Day>) -> Spell {
    let left = line.entered.filter(|_| line.left_as().is_some()).map(|day| day.max(since));
    let (day, exit) = match (came, left) {
        (Some(day), _) => (day, Some(ANSWERED)),
        (None, Some(day)) => (day, Some(LEFT)),
        (None, None) => (channel.as_of, None),
    };
    Spell { since: 0, days: day.since(since), exit }
}

/// Returns how many partners respond to announcements, and the time to respond.
fn answer_table(channel: &Channel, by: Option<&Quality>, segments: &[(Cell, Vec<&Line>)]) -> Table {
    let headings = Headings {
        all: ("tellings", "Notified"),
        came: ("answered", "Responded"),
        left: "Left before",
        open: "No response yet",
    };
    let mut rows = Vec::new();
    for (segment, lines) in segments {
        let mut counts = Counts::new(2);
        for line in lines {
            for told in line.records::<Notification>().iter().filter(|one| one.is_told()) {
                counts.add(spell(channel, line, told.day, told.answered), 1);
            }
        }
        rows.extend(SegmentWait::of(segment, &counts, None));
    }
    let table = wait_table("answers", "Responses to announcements", (channel, by), &rows);
    waiting_columns(table, &headings, &BY, |row| &row.waiting)
        .done()
        .empty("No partner has been notified yet.")
}

/// Returns how many questions partners ask, and the time to answer.
fn question_table(channel: &Channel, by: Option<&Quality>, segments: &[(Cell, Vec<&Line>)]) -> Table {
    let headings = Headings {
        all: ("questions", "Asked"),
        came: ("answered", "Answered"),
        left: "Left before",
        open: "Open",
    };
    let mut rows = Vec::new();
    for (segment, lines) in segments {
        let mut counts = Counts::new(2);
        let mut oldest = None;
        for line in lines {
            for question in line.records::<PartnerQuestion>() {
                let replied = question.reply.as_ref().map(|reply| reply.day);
                let spell = spell(channel, line, question.day, replied);
                oldest = oldest.max(Some(spell.days).filter(|_| spell.exit.is_none()));
                counts.add(spell, 1);
            }
        }
        rows.extend(SegmentWait::of(segment, &counts, oldest));
    }
    let table = wait_table("questions", "Answers to partner questions", (channel, by), &rows);
    waiting_columns(table, &headings, &BY, |row| &row.waiting)
        .column("oldest_open_days", "Oldest open", |row| Cell::days(row.oldest_open_days))
        .done()
        .empty("No questions.")
}

impl SegmentWait {
    /// Returns the row of a segment; none if nothing was counted.
    fn of(segment: &Cell, counts: &Counts, oldest_open_days: Option<i64>) -> Option<SegmentWait> {
        let waiting = Waiting::of(counts, ANSWERED, LEFT, &BY);
        (!waiting.is_empty()).then(|| SegmentWait { segment: segment.clone(), waiting, oldest_open_days })
    }
}
