//! `report communication`: whom announcements reached, who was told late or not at all, who answers and how fast.

use crate::lifecycle::base::error::Error;
use std::collections::BTreeMap;

use crate::analysis::counts::{Counts, Spell};
use crate::lifecycle::announcements::Announced;
use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::{counted, listed};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::questions::PartnerQuestion;
use crate::report::basis::Basis;
use crate::report::estimate::waiting::{Headings, Waiting, waiting_columns};
use crate::report::growth::ratio;
use crate::report::reading::Quality;
use crate::report::reading::Segment;
use crate::report::reading::{Channel, Line};
use crate::report::value::{Cell, Figure, Report, Table, TypedTable};
use crate::store::View;

const BY: [usize; 3] = [7, 14, 30];
const ANSWERED: usize = 0;
const LEFT: usize = 1;

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) struct CommunicationQuestion {
    /// One announcement, partner by partner.
    pub key: Option<String>,
    /// What segments are made of; none for all together.
    pub by: Option<Quality>,
    pub explain: bool,
}

/// An announcement with whom it is meant for.
struct Announcement {
    key: String,
    subject: String,
    /// The day on which it was first told.
    first: Day,
    /// The day on which the public is told, as said last.
    launch: Option<Day>,
    audiences: Vec<Segment>,
}

/// What a partner has of an announcement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told<'l> {
    InTime(&'l Notification),
    /// Told so many days later than agreed.
    Late(&'l Notification, i64),
    Never,
}

impl<'l> Told<'l> {
    /// What it was told, if it was.
    fn notification(self) -> Option<&'l Notification> {
        match self {
            Told::InTime(one) | Told::Late(one, _) => Some(one),
            Told::Never => None,
        }
    }

    /// Those come first that need something to be done.
    fn order(self) -> u8 {
        match self {
            Told::Never => 0,
            Told::Late(..) => 1,
            Told::InTime(_) => 2,
        }
    }

    fn word(self, announcement: &Announcement) -> &'static str {
        match self {
            Told::Never => "not told",
            Told::Late(..) => "late",
            Told::InTime(_) if announcement.launch.is_some() => "in time",
            Told::InTime(_) => "told",
        }
    }
}

impl Announcement {
    /// The announcements of a view, by key.
    fn all(view: &View) -> anyhow::Result<Vec<Announcement>> {
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

    /// What a partner has of it; nothing where it is not meant for it.
    fn told<'l>(&self, channel: &Channel, line: &'l Line) -> Option<Told<'l>> {
        let telling = line.notifications.iter().find(|one| one.announcement == self.key);
        if let Some(telling) = telling {
            let newest = Notification { launch: self.launch, ..telling.clone() };
            return Some(match newest.late_days() {
                Some(late) if late > 0 => Told::Late(telling, late),
                _ => Told::InTime(telling),
            });
        }
        let joined = line.attributes.as_ref().map(|one| one.since);
        let meant = line.left_as().is_none()
            && self.launch.is_none_or(|launch| joined <= Some(launch))
            && self.audiences.iter().any(|audience| audience.contains(channel, line));
        meant.then_some(Told::Never)
    }
}

/// What must be read of the channel to know for whom announcements are meant.
///
/// # Errors
/// Where the file can't be read.
pub(crate) fn needs(view: &View) -> anyhow::Result<crate::report::reading::Needs> {
    let all = Announcement::all(view)?;
    let audiences = all.iter().flat_map(|one| &one.audiences);
    Ok(audiences.fold(crate::report::reading::Needs::default(), |needs, one| needs.and(one.needs())))
}

/// Returns the whole report; the channel needs attributes, notifications, terms and what [`needs`] says.
///
/// # Errors
/// Fails if the file can't be read, or there is no such announcement.
pub(crate) fn report(
    view: &View,
    channel: &Channel,
    frame: &Basis,
    question: &CommunicationQuestion,
) -> anyhow::Result<Report> {
    let all = Announcement::all(view)?;
    let report = frame.report("chanlife.communication/1", channel);
    if let Some(key) = &question.key {
        let one = all.iter().find(|one| one.key == *key).ok_or_else(|| unknown(key, &all))?;
        return Ok(report
            .with_figures([
                Figure::for_machines("announcement", key.as_str()),
                Figure::new("subject", "Subject", one.subject.as_str()),
                Figure::new("launch", "Launch", one.launch),
            ])
            .with_tables([partner_table(channel, one)]));
    }
    let by = question.by.as_ref();
    let segments = segments(channel, by);
    let note = if all.is_empty() {
        "Nothing was announced yet: `chanlife announce KEY --where ...`."
    } else {
        "`chanlife report communication KEY` lists the partners of one announcement."
    };
    let explained = question.explain.then(|| EXPLAINED.to_owned());
    Ok(report
        .with_tables([
            announcement_table(channel, &all).with_notes(explained),
            answer_table(channel, by, &segments),
            question_table(view, channel, by, &segments)?,
        ])
        .with_notes([note.to_owned()]))
}

fn unknown(key: &str, all: &[Announcement]) -> Error {
    let known: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
    let refusal = Error::refused(format!("nothing was announced as `{key}`"));
    if known.is_empty() { refusal } else { refusal.hint(format!("there are {}", listed(&known))) }
}

const EXPLAINED: &str = "Meant for: partners in the channel of which the conditions hold that the announcement was told \
    with, and whoever was told. Late: told fewer days before the launch than agreed with the partner when it was told. \
    Shares of answers count partners that left before as another end (Aalen-Johansen).";

/// How many partners an announcement reached.
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
            reach.late += usize::from(matches!(told, Told::Late(..)));
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
        .column("first_told", "First told", |row| row.announcement.first)
        .column("launch", "Launch", |row| row.announcement.launch)
        .optional()
        .column("partners", "Meant for", Reach::meant_for)
        .column("told", "Told", |row| row.told)
        .column("told_share", "Reach", |row| Cell::share(ratio(row.told as i128, row.meant_for() as i128)))
        .column("contacts", "Contacts", |row| row.contacts)
        .column("late", "Late", |row| row.announcement.launch.map(|_| row.late))
        .alert()
        .column("not_told", "Not told", |row| row.not_told)
        .alert()
        .column("answered", "Answered", |row| row.answered)
        .column("answered_share", "Of those told", |row| {
            Cell::share(ratio(row.answered as i128, row.told as i128))
        })
        .done()
        .empty("Nothing was announced.")
}

/// A partner for which an announcement is meant, and what it has of it.
struct ToldLine<'c> {
    line: &'c Line,
    told: Told<'c>,
    late_days: Option<i64>,
    notice_days: Option<i64>,
}

impl<'c> ToldLine<'c> {
    fn of(channel: &'c Channel, announcement: &Announcement, line: &'c Line) -> Option<ToldLine<'c>> {
        let told = announcement.told(channel, line)?;
        let agreed = channel.facts(line).notice_days().filter(|_| announcement.launch.is_some());
        let (late_days, notice_days) = match told {
            Told::Never => {
                let left = announcement.launch.map(|launch| launch.since(channel.as_of));
                let late = agreed.zip(left).map(|(agreed, left)| agreed - left);
                (late.filter(|late| *late > 0), agreed)
            }
            Told::Late(notification, late) => (Some(late), notification.notice_days),
            Told::InTime(notification) => (None, notification.notice_days),
        };
        Some(ToldLine { line, told, late_days, notice_days })
    }
}

/// The partners of one announcement: those not told first, then those told late.
fn partner_table(channel: &Channel, one: &Announcement) -> Table {
    let told = channel.lines.iter().filter_map(|line| ToldLine::of(channel, one, line));
    let mut rows: Vec<ToldLine> = told.collect();
    rows.sort_by_key(|row| (row.told.order(), -row.late_days.unwrap_or_default()));
    let count = |wanted: fn(&Told) -> bool| rows.iter().filter(|row| wanted(&row.told)).count();
    let late = count(|told| matches!(told, Told::Late(..)));
    let not_told = count(|told| matches!(told, Told::Never));
    let note = format!("{}: {late} told late, {not_told} not told.", counted(rows.len(), "partner"));
    let command = |row: &ToldLine| {
        let never = matches!(row.told, Told::Never);
        never.then(|| format!("chanlife announce {} {}", one.key, row.line.key()))
    };
    Table::of("rows", format!("Who is told of {}", one.key), &rows)
        .column("partner", "Partner", |row| row.line.key())
        .machines("name", |row| row.line.attribute("name"))
        .column("state", "State", |row| row.told.word(one))
        .column("late_days", "Late by", |row| Cell::days(row.late_days))
        .optional()
        .column("told_on", "Told", |row| row.told.notification().map(|told| told.day))
        .column("days_before_launch", "Before launch", |row| {
            let before = one.launch.zip(row.told.notification());
            Cell::days(before.map(|(launch, told)| launch.since(told.day)))
        })
        .optional()
        .column("notice_days", "Agreed", |row| Cell::days(row.notice_days))
        .optional()
        .column("contacts", "Contacts", |row| row.told.notification().map(|told| told.to.len()))
        .column("answered_on", "Answered", |row| row.told.notification().and_then(|told| told.answered))
        .optional()
        .column("owner", "Owner", |row| row.line.attribute("owner"))
        .optional()
        .column("command", "Next", command)
        .optional()
        .done()
        .empty("Nobody.")
        .with_notes([note])
}

/// The lines of each segment, in the order of the channel.
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

/// A segment, with how long something takes to come there.
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
        |by| (by.key().into(), by.heading(channel.program).into()),
    );
    Table::of(key, title, rows).column(name, heading, |row| row.segment.clone())
}

/// How long a wait has lasted, and how it ended: by what was waited for, or by the partner's leaving.
fn spell(channel: &Channel, line: &Line, since: Day, came: Option<Day>) -> Spell {
    let left = line.entered.filter(|_| line.left_as().is_some()).map(|day| day.max(since));
    let (day, exit) = match (came, left) {
        (Some(day), _) => (day, Some(ANSWERED)),
        (None, Some(day)) => (day, Some(LEFT)),
        (None, None) => (channel.as_of, None),
    };
    Spell { since: 0, days: day.since(since), exit }
}

/// How many answer announcements, and how long that takes.
fn answer_table(channel: &Channel, by: Option<&Quality>, segments: &[(Cell, Vec<&Line>)]) -> Table {
    let headings = Headings {
        all: ("tellings", "Told"),
        came: ("answered", "Answered"),
        left: "Left before",
        open: "No answer yet",
    };
    let mut rows = Vec::new();
    for (segment, lines) in segments {
        let mut counts = Counts::new(2);
        for line in lines {
            for told in &line.notifications {
                counts.add(spell(channel, line, told.day, told.answered), 1);
            }
        }
        rows.extend(SegmentWait::of(segment, &counts, None));
    }
    let table = wait_table("answers", "Answers to announcements", (channel, by), &rows);
    waiting_columns(table, &headings, &BY, |row| &row.waiting).done().empty("Nobody was told of anything.")
}

/// How many questions partners ask, and how long our answers take.
fn question_table(
    view: &View,
    channel: &Channel,
    by: Option<&Quality>,
    segments: &[(Cell, Vec<&Line>)],
) -> anyhow::Result<Table> {
    let headings = Headings {
        all: ("questions", "Asked"),
        came: ("answered", "Answered"),
        left: "Left before",
        open: "Open",
    };
    let mut asked: BTreeMap<i64, Vec<PartnerQuestion>> = BTreeMap::new();
    view.each(|partner, question: PartnerQuestion| asked.entry(partner).or_default().push(question))?;
    let mut rows = Vec::new();
    for (segment, lines) in segments {
        let mut counts = Counts::new(2);
        let mut oldest = None;
        for line in lines {
            for question in asked.get(&line.id).into_iter().flatten() {
                let replied = question.reply.as_ref().map(|reply| reply.day);
                let spell = spell(channel, line, question.day, replied);
                oldest = oldest.max(Some(spell.days).filter(|_| spell.exit.is_none()));
                counts.add(spell, 1);
            }
        }
        rows.extend(SegmentWait::of(segment, &counts, oldest));
    }
    let table = wait_table("questions", "Answers to questions", (channel, by), &rows);
    Ok(waiting_columns(table, &headings, &BY, |row| &row.waiting)
        .column("oldest_open_days", "Oldest open", |row| Cell::days(row.oldest_open_days))
        .done()
        .empty("Nothing was asked."))
}

impl SegmentWait {
    /// The row of a segment; none if nothing was counted there.
    fn of(segment: &Cell, counts: &Counts, oldest_open_days: Option<i64>) -> Option<SegmentWait> {
        let waiting = Waiting::of(counts, ANSWERED, LEFT, &BY);
        (!waiting.is_empty()).then(|| SegmentWait { segment: segment.clone(), waiting, oldest_open_days })
    }
}
