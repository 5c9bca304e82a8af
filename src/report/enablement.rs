//! `report readiness`: who is certified, who has which material, what blocks the next stage, what expires.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::enablement::{Course, covered_since, last_days};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::program::{Milestone, Stage};
use crate::report::basis::Basis;
use crate::report::growth::ratio;
use crate::report::reading::Quality;
use crate::report::reading::{Channel, Line};
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet, Table};
use crate::store::Place;

/// So many days ahead it is said what expires.
const SOON_DAYS: i64 = 90;

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) struct EnablementQuestion {
    /// What segments are made of.
    pub by: Quality,
    /// How many partners to show; none for all.
    pub limit: Option<usize>,
    /// Those too that lack nothing.
    pub all: bool,
    pub explain: bool,
}

/// Returns the whole report; the channel needs attributes, milestones, enablement and what the segments need.
pub(crate) fn report(channel: &Channel, frame: &Basis, question: &EnablementQuestion) -> Report {
    let there: Vec<&Line> = channel.lines.iter().filter(|line| line.left_as().is_none()).collect();
    let explained = question.explain.then(|| EXPLAINED.to_owned());
    let expiring = expiry_table(channel, &there);
    let soon = expiring.len();
    let expire =
        if soon == 1 { "1 certificate expires".to_owned() } else { format!("{soon} certificates expire") };
    let note = if channel.program.courses.is_empty() && channel.program.materials.is_empty() {
        "The program has no courses and no materials; add [[course]] and [[material]].".to_owned()
    } else {
        format!("{}; {expire} within {SOON_DAYS} days.", counted(there.len(), "partner"))
    };
    frame
        .report("chanlife.readiness/1", channel)
        .with_figures([
            Figure::for_machines("partners", there.len()),
            Figure::for_machines("expiring_90d", soon),
        ])
        .with_tables([
            Table::from(partner_sheet(channel, &there, question)).with_notes(explained),
            segment_sheet(channel, &there, question).into(),
            block_table(channel, &there),
            expiring,
        ])
        .with_notes([note])
}

const EXPLAINED: &str = "A course is covered where as many people hold a certificate that counts as the program asks for. \
    Who is no longer a contact of the partner counts no more. A material is up to date in the version that the program \
    names. Blocked by: gates of the stage in which the partner stands that are not passed.";

/// The courses that a partner needs, each with how many people are certified.
fn coverage<'c>(channel: &'c Channel, line: &Line) -> Vec<(&'c Course, usize, bool)> {
    let kind = line.attribute("type");
    let needed = channel.program.courses.iter().filter(|course| course.is_for(kind));
    let covered = needed.map(|course| {
        let (people, since) =
            covered_since(line.certificates.iter(), &course.key, course.people, channel.as_of);
        (course, people, since.is_some())
    });
    covered.collect()
}

/// The materials that a partner needs: key, the version that it has, whether that is the newest.
fn materials<'c>(channel: &'c Channel, line: &Line) -> Vec<(&'c str, Option<String>, bool)> {
    let kind = line.attribute("type");
    let needed = channel.program.materials.iter().filter(|material| material.is_for(kind));
    let had = needed.map(|material| {
        let version = channel.facts(line).delivered(&material.key).map(|one| one.version.clone());
        let newest = version.as_ref() == Some(&material.version);
        (material.key.as_str(), version, newest)
    });
    had.collect()
}

/// Certificates that end within the days to come: person, course and last day.
fn ends<'c>(channel: &Channel, line: &'c Line) -> impl Iterator<Item = (&'c str, &'c str, Day)> {
    let (first, last) = (channel.as_of, channel.as_of.plus(SOON_DAYS));
    let known: Vec<&str> = channel.program.courses.iter().map(|course| course.key.as_str()).collect();
    let all = last_days(line.certificates.iter(), channel.as_of).into_iter();
    let all = all.filter(move |(_, course, _)| known.contains(course));
    let ending = all.filter_map(|(person, course, until)| Some((person, course, until?)));
    ending.filter(move |(.., until)| (first..=last).contains(until))
}

fn partner_sheet(channel: &Channel, there: &[&Line], options: &EnablementQuestion) -> Sheet {
    let mut columns = vec![
        Column::new("partner", "Partner"),
        Column::for_machines("name"),
        Column::new("stage", "Stage"),
        Column::for_people("Certified"),
        Column::for_people("Materials"),
        Column::new("blocked_by", "Blocked by").optional(),
        Column::new("expires_90d", "Expires in 90 d").optional(),
        Column::new("owner", "Owner").optional(),
    ];
    for course in &channel.program.courses {
        columns.push(Column::for_machines(format!("certified_{}", course.key.replace('-', "_"))));
    }
    for material in &channel.program.materials {
        columns.push(Column::for_machines(format!("version_{}", material.key.replace('-', "_"))));
    }
    let mut sheet = Sheet::new("rows", "Partners", columns).empty("Nobody lacks anything.");
    let mut rows: Vec<(usize, Vec<Cell>)> = Vec::new();
    for line in there {
        let (courses, had) = (coverage(channel, line), materials(channel, line));
        let expires: Vec<String> =
            ends(channel, line).map(|(person, course, until)| format!("{course} {person} {until}")).collect();
        let blocked: Vec<String> =
            channel.facts(line).missing_gates().into_iter().map(str::to_owned).collect();
        let lacking = courses.iter().filter(|(.., covered)| !covered).count()
            + had.iter().filter(|(.., newest)| !newest).count();
        if lacking == 0 && expires.is_empty() && !options.all {
            continue;
        }
        let certified =
            courses.iter().map(|(course, people, _)| format!("{} {people}/{}", course.key, course.people));
        let has = had.iter().map(|(key, version, newest)| match (version, newest) {
            (None, _) => format!("{key} missing"),
            (Some(version), true) => format!("{key} {version}"),
            (Some(version), false) => format!("{key} {version}, outdated"),
        });
        let mut row = vec![
            line.key().into(),
            line.attribute("name").into(),
            channel.row_of(line).into(),
            Cell::List(certified.collect()),
            Cell::List(has.collect()),
            Cell::List(blocked),
            Cell::List(expires),
            line.attribute("owner").into(),
        ];
        for course in &channel.program.courses {
            let people = courses.iter().find(|(one, ..)| one.key == course.key).map(|(_, people, _)| *people);
            row.push(people.map_or(Cell::Missing, Cell::count));
        }
        for material in &channel.program.materials {
            let version =
                had.iter().find(|(key, ..)| *key == material.key).and_then(|(_, version, _)| version.clone());
            row.push(version.into());
        }
        rows.push((position(line), row));
    }
    // Those furthest on are missed most.
    rows.sort_by_key(|(position, _)| std::cmp::Reverse(*position));
    let hidden = rows.len() - options.limit.unwrap_or(rows.len()).min(rows.len());
    rows.truncate(rows.len() - hidden);
    sheet.rows = rows.into_iter().map(|(_, row)| row).collect();
    if hidden > 0 {
        sheet.notes.push(format!("{}; --limit 0 shows all.", counted(hidden, "more partner")));
    }
    sheet
}

/// The place of a partner's stage, counted from 1; 0 where it stands in none.
fn position(line: &Line) -> usize {
    match line.place {
        Some(Place::In(stage)) => stage + 1,
        _ => 0,
    }
}

/// How far the partners of each segment are.
fn segment_sheet(channel: &Channel, there: &[&Line], options: &EnablementQuestion) -> Sheet {
    let mut columns = vec![
        Column::new(options.by.key(), options.by.heading(channel.program)),
        Column::new("partners", "Partners"),
    ];
    for course in &channel.program.courses {
        let key = course.key.replace('-', "_");
        columns.push(Column::for_machines(format!("{key}_needed")));
        columns.push(Column::for_machines(format!("{key}_covered")));
        columns.push(Column::new(format!("{key}_covered_share"), format!("{} covered", course.key)));
    }
    for material in &channel.program.materials {
        let key = material.key.replace('-', "_");
        columns.push(Column::for_machines(format!("{key}_needed")));
        columns.push(Column::for_machines(format!("{key}_up_to_date")));
        columns.push(Column::new(format!("{key}_up_to_date_share"), format!("{} up to date", material.key)));
    }
    let mut segments: Vec<(Cell, Vec<&Line>)> = Vec::new();
    for line in there {
        let cell = options.by.cell(channel, line);
        match segments.iter_mut().find(|(known, _)| *known == cell) {
            Some((_, lines)) => lines.push(line),
            None => segments.push((cell, vec![line])),
        }
    }
    segments.sort_by_key(|(_, lines)| lines.iter().map(|line| position(line)).min());
    let mut sheet = Sheet::new("coverage", "Coverage", columns).empty("No partner.");
    for (cell, lines) in segments {
        sheet.rows.push(coverage_row(channel, cell, &lines));
    }
    if sheet.rows.len() > 1 {
        sheet.total = Some(coverage_row(channel, "All".into(), there));
    }
    sheet
}

fn coverage_row(channel: &Channel, segment: Cell, lines: &[&Line]) -> Vec<Cell> {
    let mut row = vec![segment, Cell::count(lines.len())];
    let mut share = |needed: usize, met: usize| {
        row.push(Cell::count(needed));
        row.push(Cell::count(met));
        row.push(Cell::share(ratio(met as i128, needed as i128)));
    };
    for course in &channel.program.courses {
        let found = lines.iter().flat_map(|line| coverage(channel, line));
        let found: Vec<bool> = found.filter(|(one, ..)| one.key == course.key).map(|(.., met)| met).collect();
        share(found.len(), found.iter().filter(|met| **met).count());
    }
    for material in &channel.program.materials {
        let found = lines.iter().flat_map(|line| materials(channel, line));
        let found: Vec<bool> = found.filter(|(key, ..)| *key == material.key).map(|(.., met)| met).collect();
        share(found.len(), found.iter().filter(|met| **met).count());
    }
    row
}

/// A gate of a stage, and for how many of the partners there it is missing.
struct Block<'c> {
    stage: &'c Stage,
    gate: &'c Milestone,
    missing: usize,
    partners: usize,
}

/// Which gates keep how many partners in their stage.
fn block_table(channel: &Channel, there: &[&Line]) -> Table {
    let mut blocks: Vec<Block> = Vec::new();
    for (at, stage) in channel.program.stages().iter().enumerate() {
        let here: Vec<&&Line> = there.iter().filter(|line| line.place == Some(Place::In(at))).collect();
        for gate in stage.milestones.iter().filter(|one| one.gate) {
            let missing = here.iter().filter(|line| channel.facts(line).held_once(gate).is_none()).count();
            blocks.push(Block { stage, gate, missing, partners: here.len() });
        }
    }
    blocks.retain(|one| one.missing > 0);
    Table::of("blocks", "What blocks the next stage", &blocks)
        .column("stage", "Stage", |one| &one.stage.key)
        .column("gate", "Gate", |one| &one.gate.key)
        .machines("name", |one| &one.gate.name)
        .column("missing", "Missing for", |one| one.missing)
        .column("partners", "Of partners there", |one| one.partners)
        .column("needs", "Settled by", |one| one.gate.needs.as_ref().map(ToString::to_string))
        .optional()
        .done()
        .empty("No gate is missing.")
}

/// A certificate that expires soon.
struct Expiry<'c> {
    until: Day,
    line: &'c Line,
    person: &'c str,
    course: &'c str,
}

/// Certificates that expire soon, the first first.
fn expiry_table(channel: &Channel, there: &[&Line]) -> Table {
    let mut all: Vec<Expiry> = Vec::new();
    for line in there {
        all.extend(ends(channel, line).map(|(person, course, until)| Expiry { until, line, person, course }));
    }
    all.sort_by_key(|one| (one.until, one.line.id, one.person, one.course));
    let command = |one: &Expiry| {
        format!("chanlife certify {} {} {}", one.line.key(), one.course, shell_words::quote(one.person))
    };
    Table::of("expiring", "Certificates that expire within 90 days", &all)
        .column("until", "Expires", |one| one.until)
        .column("days_left", "In", |one| Cell::Days(one.until.since(channel.as_of)))
        .column("partner", "Partner", |one| one.line.key())
        .column("person", "Person", |one| one.person)
        .column("course", "Course", |one| one.course)
        .column("command", "Renewed by", command)
        .done()
        .empty("None.")
}
