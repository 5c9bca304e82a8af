//! `report communication`: whom announcements reached, who was told late or not at all, who answers and how fast.

use crate::lifecycle::base::error::Error;
use std::collections::BTreeMap;

use crate::analysis::counts::{Counts, Spell};
use crate::lifecycle::announcements::Announced;
use crate::lifecycle::announcements::Notification;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::questions::PartnerQuestion;
use crate::report::channel::{Channel, Line};
use crate::report::frame::Frame;
use crate::report::growth::ratio;
use crate::report::quality::Quality;
use crate::report::segment::Segment;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::report::waits;
use crate::report::waits::Headings;
use crate::store::View;

const BY: [usize; 3] = [7, 14, 30];
const ANSWERED: usize = 0;
const LEFT: usize = 1;

/// What is asked.
#[derive(Clone, Debug)]
pub struct CommunicationQuestion {
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
pub fn needs(view: &View) -> anyhow::Result<crate::report::channel::Needs> {
    let all = Announcement::all(view)?;
    let audiences = all.iter().flat_map(|one| &one.audiences);
    Ok(audiences.fold(crate::report::channel::Needs::default(), |needs, one| needs.and(one.needs())))
}

/// The whole report; the channel needs attributes, tellings, terms and what [`needs`] says.
///
/// # Errors
/// Where the file can't be read, or there is no such announcement.
pub fn report(
    view: &View,
    channel: &Channel,
    frame: &Frame,
    options: &CommunicationQuestion,
) -> anyhow::Result<Report> {
    let all = Announcement::all(view)?;
    let mut figures = frame.figures(channel);
    let (sheets, notes) = match &options.key {
        Some(key) => {
            let one = all.iter().find(|one| one.key == *key);
            let one = one.ok_or_else(|| {
                let known: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
                let refusal = Error::refused(format!("nothing was announced as `{key}`"));
                match known.is_empty() {
                    true => refusal,
                    false => {
                        refusal.hint(format!("there are {}", crate::lifecycle::base::text::listed(&known)))
                    }
                }
            })?;
            figures.push(Figure::for_machines("announcement", key.as_str()));
            figures.push(Figure::new("subject", "Subject", one.subject.as_str()));
            figures.push(Figure::new("launch", "Launch", one.launch));
            (vec![partner_sheet(channel, one)], Vec::new())
        }
        None => {
            let segments = segments(channel, options.by.as_ref());
            let mut sheets = vec![announcement_sheet(channel, &all)];
            sheets.push(answer_sheet(channel, options.by.as_ref(), &segments));
            sheets.push(question_sheet(view, channel, options.by.as_ref(), &segments)?);
            if options.explain {
                sheets[0].notes.push(EXPLAINED.to_owned());
            }
            let notes = match all.is_empty() {
                true => vec!["Nothing was announced yet: `chanlife announce KEY --where ...`.".to_owned()],
                false => vec![
                    "`chanlife report communication KEY` lists the partners of one announcement.".to_owned(),
                ],
            };
            (sheets, notes)
        }
    };
    Ok(Report {
        schema: "chanlife.communication/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: sheets.into_iter().map(Into::into).collect(),
        notes,
    })
}

const EXPLAINED: &str = "Meant for: partners in the channel of which the conditions hold that the announcement was told \
    with, and whoever was told. Late: told fewer days before the launch than agreed with the partner when it was told. \
    Shares of answers count partners that left before as another end (Aalen-Johansen).";

fn announcement_sheet(channel: &Channel, all: &[Announcement]) -> Sheet {
    let columns = vec![
        Column::new("announcement", "Announcement"),
        Column::for_machines("subject"),
        Column::new("first_told", "First told"),
        Column::new("launch", "Launch").optional(),
        Column::new("partners", "Meant for"),
        Column::new("told", "Told"),
        Column::new("told_share", "Reach"),
        Column::new("contacts", "Contacts"),
        Column::new("late", "Late").alert(),
        Column::new("not_told", "Not told").alert(),
        Column::new("answered", "Answered"),
        Column::new("answered_share", "Of those told"),
    ];
    let mut sheet = Sheet::new("rows", "Announcements", columns).empty("Nothing was announced.");
    for one in all {
        let [mut told, mut late, mut not_told, mut contacts, mut answered] = [0_usize; 5];
        for line in &channel.lines {
            match one.told(channel, line) {
                None => {}
                Some(Told::Never) => not_told += 1,
                Some(Told::InTime(telling) | Told::Late(telling, _)) => {
                    told += 1;
                    contacts += telling.to.len();
                    answered += usize::from(telling.answered.is_some());
                    late += usize::from(matches!(one.told(channel, line), Some(Told::Late(..))));
                }
            }
        }
        sheet.rows.push(vec![
            one.key.as_str().into(),
            one.subject.as_str().into(),
            one.first.into(),
            one.launch.into(),
            Cell::count(told + not_told),
            Cell::count(told),
            Cell::share(ratio(told as i128, (told + not_told) as i128)),
            Cell::count(contacts),
            if one.launch.is_some() { Cell::count(late) } else { Cell::Missing },
            Cell::count(not_told),
            Cell::count(answered),
            Cell::share(ratio(answered as i128, told as i128)),
        ]);
    }
    sheet
}

/// The partners of one announcement: those not told first, then those told late.
fn partner_sheet(channel: &Channel, one: &Announcement) -> Sheet {
    let columns = vec![
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::new("state", "State"),
        Column::new("late_days", "Late by").optional(),
        Column::new("told_on", "Told"),
        Column::new("days_before_launch", "Before launch").optional(),
        Column::new("notice_days", "Agreed").optional(),
        Column::new("contacts", "Contacts"),
        Column::new("answered_on", "Answered").optional(),
        Column::new("owner", "Owner").optional(),
        Column::new("command", "Next").optional(),
    ];
    let mut sheet = Sheet::new("rows", format!("Who is told of {}", one.key), columns).empty("Nobody.");
    let mut rows: Vec<((u8, i64), Vec<Cell>)> = Vec::new();
    for line in &channel.lines {
        let Some(told) = one.told(channel, line) else { continue };
        let agreed = || channel.facts(line).notice_days();
        let (order, state, telling, late, notice_days) = match told {
            Told::Never => {
                let late = one.launch.zip(agreed()).map(|(launch, days)| days - launch.since(channel.as_of));
                (
                    0,
                    "not told",
                    None,
                    late.filter(|late| *late > 0),
                    agreed().filter(|_| one.launch.is_some()),
                )
            }
            Told::Late(telling, late) => (1, "late", Some(telling), Some(late), telling.notice_days),
            Told::InTime(telling) => {
                let state = if one.launch.is_some() { "in time" } else { "told" };
                (2, state, Some(telling), None, telling.notice_days)
            }
        };
        let command = telling.is_none().then(|| format!("chanlife announce {} {}", one.key, line.key()));
        let before = one.launch.zip(telling).map(|(launch, telling)| launch.since(telling.day));
        rows.push((
            (order, -late.unwrap_or_default()),
            vec![
                line.key().into(),
                line.attribute("name").into(),
                state.into(),
                Cell::days(late),
                telling.map(|telling| telling.day).into(),
                Cell::days(before),
                Cell::days(notice_days),
                telling.map_or(Cell::Missing, |telling| Cell::count(telling.to.len())),
                telling.and_then(|telling| telling.answered).into(),
                line.attribute("owner").into(),
                command.into(),
            ],
        ));
    }
    rows.sort_by_key(|(order, _)| *order);
    sheet.rows = rows.into_iter().map(|(_, row)| row).collect();
    let not_told = sheet.rows.iter().filter(|row| row[2] == Cell::from("not told")).count();
    let late = sheet.rows.iter().filter(|row| row[2] == Cell::from("late")).count();
    sheet
        .notes
        .push(format!("{}: {late} told late, {not_told} not told.", counted(sheet.rows.len(), "partner")));
    sheet
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

fn by_column(channel: &Channel, by: Option<&Quality>) -> Column {
    by.map_or_else(
        || Column::new("segment", "Partners"),
        |by| Column::new(by.key(), by.heading(channel.program)),
    )
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
fn answer_sheet(channel: &Channel, by: Option<&Quality>, segments: &[(Cell, Vec<&Line>)]) -> Sheet {
    let headings = Headings {
        all: ("tellings", "Told"),
        came: ("answered", "Answered"),
        left: "Left before",
        open: "No answer yet",
    };
    let mut columns = vec![by_column(channel, by)];
    columns.extend(waits::columns(&headings, &BY));
    let mut sheet =
        Sheet::new("answers", "Answers to announcements", columns).empty("Nobody was told of anything.");
    for (cell, lines) in segments {
        let mut counts = Counts::new(2);
        for line in lines {
            for telling in &line.notifications {
                counts.add(spell(channel, line, telling.day, telling.answered), 1);
            }
        }
        if counts.ended() + counts.open() > 0 {
            let mut row = vec![cell.clone()];
            row.extend(waits::cells(&counts, ANSWERED, LEFT, &BY));
            sheet.rows.push(row);
        }
    }
    sheet
}

/// How many questions partners ask, and how long our answers take.
fn question_sheet(
    view: &View,
    channel: &Channel,
    by: Option<&Quality>,
    segments: &[(Cell, Vec<&Line>)],
) -> anyhow::Result<Sheet> {
    let headings = Headings {
        all: ("questions", "Asked"),
        came: ("answered", "Answered"),
        left: "Left before",
        open: "Open",
    };
    let mut columns = vec![by_column(channel, by)];
    columns.extend(waits::columns(&headings, &BY));
    columns.push(Column::new("oldest_open_days", "Oldest open"));
    let mut sheet = Sheet::new("questions", "Answers to questions", columns).empty("Nothing was asked.");
    let mut asked: BTreeMap<i64, Vec<PartnerQuestion>> = BTreeMap::new();
    view.each(|partner, question: PartnerQuestion| asked.entry(partner).or_default().push(question))?;
    for (cell, lines) in segments {
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
        if counts.ended() + counts.open() > 0 {
            let mut row = vec![cell.clone()];
            row.extend(waits::cells(&counts, ANSWERED, LEFT, &BY));
            row.push(Cell::days(oldest));
            sheet.rows.push(row);
        }
    }
    Ok(sheet)
}
