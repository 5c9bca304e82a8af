//! `report readiness`: certifications, materials, missing gates, expiring certificates.

use clap::Args;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::enablement::{Certificate, Course, Delivery, covered_since};
use crate::lifecycle::facts::Facts;
use crate::lifecycle::milestone::MilestoneFacts;
use crate::lifecycle::program::{Milestone, Stage};
use crate::report::basis::Basis;
use crate::report::named::{NamedReport, ReportRequest, field_of_by};
use crate::report::options::Limit;
use crate::report::reading::{Channel, Line, Needs, Quality};
use crate::report::value::ratio;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::{StandingRow, View};
use crate::text::milestone::completed_by;

/// What the tables read, whatever milestones need.
const ENABLEMENT: Needs = Needs::MILESTONES.and(Needs::of::<Certificate>()).and(Needs::of::<Delivery>());

/// Certificates that expire within this many days are listed.
const SOON_DAYS: i64 = 90;

#[derive(Debug, Args)]
#[command(mut_arg("limit", |limit| limit.help("How many partners to show; 0 for all, as in JSON and CSV")))]
pub(crate) struct ReadinessReport {
    /// Field to group by: stage, type, region, tier, owner or a field of the program
    #[arg(long, value_name = "FIELD", default_value = "stage")]
    by: String,
    /// Also show partners that lack nothing
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    limit: Limit,
}

impl NamedReport for ReadinessReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/readiness.txt")
    }

    fn needs(&self, view: &View) -> anyhow::Result<Needs> {
        Ok(ENABLEMENT.and(field_of_by(&self.by, &view.in_force.program)?.needs()))
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let by = field_of_by(&self.by, asked.channel.program)?;
        let question = EnablementQuestion { by, limit: asked.rows(self.limit, 20), all: self.all };
        Ok(report(asked.channel, asked.basis, &question))
    }

    fn examples() -> &'static [&'static str] {
        &[
            "report readiness",
            "report readiness --by region --where stage=readiness,launch",
            "report readiness --all --format csv",
        ]
    }
}

/// The options of the report.
#[derive(Clone, Debug)]
struct EnablementQuestion {
    /// The field to group by.
    pub by: Quality,
    /// The number of partners to show; none for all.
    pub limit: Option<usize>,
    /// Whether partners without a gap are listed too.
    pub all: bool,
}

/// Returns the whole report.
fn report(channel: &Channel, frame: &Basis, question: &EnablementQuestion) -> Report {
    let there: Vec<&Line> = channel.lines.iter().filter(|line| line.left_as().is_none()).collect();
    let expiring = expiry_table(channel, &there);
    let soon = expiring.len();
    let lacking_nothing = if question.all {
        0
    } else {
        there.iter().filter(|line| !ReadinessRow::of(channel, line).has_gap()).count()
    };
    let note = if channel.program.courses.is_empty() && channel.program.materials.is_empty() {
        "The program has no courses or materials: add [[course]] and [[material]] sections.".to_owned()
    } else {
        format!("{}; {}.", counted(there.len(), "partner"), certificates_in_words(channel, &there, soon))
    };
    let listed_by_all = match lacking_nothing {
        0 => None,
        1 => Some("1 partner lacks nothing; --all lists it.".to_owned()),
        count => Some(format!("{count} partners lack nothing; --all lists them.")),
    };
    frame
        .report("chanlife.readiness/1", channel)
        .with_figures([
            Figure::for_machines("partners", there.len()),
            Figure::for_machines("expiring_90d", soon),
        ])
        .with_tables([
            partner_table(channel, &there, question),
            coverage_table(channel, &there, question),
            block_table(channel, &there),
            expiring,
        ])
        .with_notes([note])
        .with_notes(listed_by_all)
}

/// Says how many certificates have expired, with their partners, and how many expire soon.
fn certificates_in_words(channel: &Channel, there: &[&Line], soon: usize) -> String {
    let expire = match soon {
        0 => "no certificate expires".to_owned(),
        1 => "1 certificate expires".to_owned(),
        _ => format!("{soon} certificates expire"),
    };
    let expired = there.iter().map(|line| {
        (
            line.key(),
            channel.facts(line).expiries().iter().filter(|(.., until)| *until < channel.as_of).count(),
        )
    });
    let expired: Vec<(&str, usize)> = expired.filter(|(_, count)| *count > 0).collect();
    let whose = match &expired[..] {
        [] => return format!("{expire} within {SOON_DAYS} days"),
        [(partner, _)] => (*partner).to_owned(),
        partners => counted(partners.len(), "partner"),
    };
    let count: usize = expired.iter().map(|(_, count)| count).sum();
    let have = if count == 1 { "has" } else { "have" };
    format!("{} {have} expired ({whose}); {expire} within {SOON_DAYS} days", counted(count, "certificate"))
}

/// Returns the courses that a partner needs, each with the number of certified people.
fn coverage<'c>(channel: &'c Channel, line: &Line) -> Vec<(&'c Course, usize, bool)> {
    let facts = channel.facts(line);
    let needed = channel.program.courses.iter().filter(|course| facts.applies(&course.applies));
    let covered = needed.map(|course| {
        let (people, since) =
            covered_since(line.records::<Certificate>().iter(), &course.key, course.people, channel.as_of);
        (course, people, since.is_some())
    });
    covered.collect()
}

/// Returns the materials that a partner needs: key, the version it has, whether that is the newest.
fn materials<'c>(channel: &'c Channel, line: &Line) -> Vec<(&'c str, Option<String>, bool)> {
    let facts = channel.facts(line);
    let needed = channel.program.materials.iter().filter(|material| facts.applies(&material.applies));
    let had = needed.map(|material| {
        let delivered = channel.facts(line).delivered(&material.key);
        let newest = delivered.is_some_and(|one| material.is_newest(one));
        (material.key.as_str(), delivered.map(|one| one.version.clone()), newest)
    });
    had.collect()
}

/// Returns the certificates that expire soon: person, course and last day.
fn ends<'c>(channel: &'c Channel, line: &'c Line) -> impl Iterator<Item = (&'c str, &'c str, Day)> {
    let (first, last) = (channel.as_of, channel.as_of.plus(SOON_DAYS));
    channel.facts(line).expiries().into_iter().filter(move |(.., until)| (first..=last).contains(until))
}

/// A partner with its courses, its materials, its missing gates and its expiring certificates.
struct ReadinessRow<'c> {
    line: &'c Line,
    courses: Vec<(&'c Course, usize, bool)>,
    materials: Vec<(&'c str, Option<String>, bool)>,
    missing_gates: Vec<String>,
    expiring: Vec<String>,
}

impl<'c> ReadinessRow<'c> {
    fn of(channel: &'c Channel, line: &'c Line) -> ReadinessRow<'c> {
        let expiring =
            ends(channel, line).map(|(person, course, until)| format!("{course} {person} {until}"));
        let missing_gates = channel.facts(line).missing_gates().into_iter().map(str::to_owned).collect();
        let (courses, materials) = (coverage(channel, line), materials(channel, line));
        ReadinessRow { line, courses, materials, missing_gates, expiring: expiring.collect() }
    }

    /// Returns whether a course is not covered, a material is missing or outdated, or a certificate expires soon.
    fn has_gap(&self) -> bool {
        self.courses.iter().any(|(.., covered)| !covered)
            || self.materials.iter().any(|(.., newest)| !newest)
            || !self.expiring.is_empty()
    }

    fn certified(&self) -> Cell {
        Cell::list(self.courses.iter().map(|(one, people, _)| format!("{} {people}/{}", one.key, one.people)))
    }

    fn materials_in_words(&self) -> Cell {
        Cell::list(self.materials.iter().map(|(key, version, newest)| match (version, newest) {
            (None, _) => format!("{key} missing"),
            (Some(version), true) => format!("{key} {version}"),
            (Some(version), false) => format!("{key} {version}, outdated"),
        }))
    }

    fn people(&self, course: &Course) -> Option<usize> {
        self.courses.iter().find(|(one, ..)| one.key == course.key).map(|(_, people, _)| *people)
    }

    fn version(&self, material: &str) -> Option<String> {
        self.materials.iter().find(|(key, ..)| *key == material).and_then(|(_, version, _)| version.clone())
    }
}

/// Returns the partners with a gap, or all of them: those that cannot advance first, and of them those in the last
/// stages.
fn partner_table(channel: &Channel, there: &[&Line], question: &EnablementQuestion) -> Table {
    let rows = there.iter().map(|line| ReadinessRow::of(channel, line));
    let mut rows: Vec<ReadinessRow> = rows.filter(|row| question.all || row.has_gap()).collect();
    rows.sort_by_key(|row| (row.missing_gates.is_empty(), std::cmp::Reverse(position(row.line))));
    let hidden = rows.len() - question.limit.unwrap_or(rows.len()).min(rows.len());
    rows.truncate(rows.len() - hidden);
    let mut table = Table::of(
        "rows",
        if question.all { "Partner readiness" } else { "Partners that lack something" },
        &rows,
    )
    .column("partner", "Partner", |row| row.line.key())
    .partner_name(|row| row.line.attribute("name"))
    .column("stage", "Stage", |row| channel.row_of(row.line))
    .people("Certified", ReadinessRow::certified)
    .people("Materials", ReadinessRow::materials_in_words)
    .column("blocked_by", "Unmet gates", |row| row.missing_gates.clone())
    .optional()
    .headline()
    .column("expires_90d", "Expiring in 90 d", |row| row.expiring.clone())
    .optional()
    .column("owner", "Owner", |row| row.line.attribute("owner"))
    .optional()
    .detail();
    for course in &channel.program.courses {
        let key = format!("certified_{}", course.key.replace('-', "_"));
        table = table.machines(key, |row| row.people(course));
    }
    for material in &channel.program.materials {
        let key = format!("version_{}", material.key.replace('-', "_"));
        table = table.machines(key, |row| row.version(&material.key));
    }
    let more = (hidden > 0).then(|| format!("{}; --limit 0 shows all", counted(hidden, "more partner")));
    table.done().empty("No partner has a readiness gap.").with_notes(more)
}

/// Returns the position of a partner's stage, counted from 1; 0 if it is in none.
fn position(line: &Line) -> usize {
    match line.place {
        Some(StandingRow::In(stage)) => stage + 1,
        _ => 0,
    }
}

/// How many partners need a course or a material, and how many of them have it.
struct Needed {
    needed: usize,
    met: usize,
}

impl Needed {
    fn of(found: impl Iterator<Item = bool>) -> Needed {
        found.fold(Needed { needed: 0, met: 0 }, |sum, met| Needed {
            needed: sum.needed + 1,
            met: sum.met + usize::from(met),
        })
    }

    fn share(&self) -> Cell {
        Cell::share(ratio(self.met as i128, self.needed as i128))
    }
}

/// A segment with its coverage, course by course and material by material.
struct CoverageRow {
    segment: Cell,
    partners: usize,
    courses: Vec<Needed>,
    materials: Vec<Needed>,
}

impl CoverageRow {
    fn of(channel: &Channel, segment: Cell, lines: &[&Line]) -> CoverageRow {
        let covered: Vec<_> = lines.iter().flat_map(|line| coverage(channel, line)).collect();
        let course = |course: &Course| {
            let found = covered.iter().filter(|(one, ..)| one.key == course.key);
            Needed::of(found.map(|(.., met)| *met))
        };
        let had: Vec<_> = lines.iter().flat_map(|line| materials(channel, line)).collect();
        let material = |material: &str| {
            let found = had.iter().filter(|(key, ..)| *key == material);
            Needed::of(found.map(|(.., met)| *met))
        };
        CoverageRow {
            segment,
            partners: lines.len(),
            courses: channel.program.courses.iter().map(course).collect(),
            materials: channel.program.materials.iter().map(|one| material(&one.key)).collect(),
        }
    }
}

/// Returns the coverage of each segment, and of all partners together.
fn coverage_table(channel: &Channel, there: &[&Line], question: &EnablementQuestion) -> Table {
    let mut segments: Vec<(Cell, Vec<&Line>)> = Vec::new();
    for line in there {
        let cell = question.by.cell(channel, line);
        match segments.iter_mut().find(|(known, _)| *known == cell) {
            Some((_, lines)) => lines.push(line),
            None => segments.push((cell, vec![line])),
        }
    }
    segments.sort_by_key(|(_, lines)| lines.iter().map(|line| position(line)).min());
    let rows = segments.into_iter().map(|(cell, lines)| CoverageRow::of(channel, cell, &lines));
    let rows: Vec<CoverageRow> = rows.collect();
    let total = (rows.len() > 1).then(|| CoverageRow::of(channel, "Total".into(), there));
    let heading = question.by.heading(channel.program);
    let mut table = Table::summed("coverage", "Coverage", &rows, total.as_ref())
        .column(question.by.key(), heading, |row| row.segment.clone())
        .column("partners", "Partners", |row| row.partners);
    for (at, course) in channel.program.courses.iter().enumerate() {
        let key = course.key.replace('-', "_");
        table = table
            .machines(format!("{key}_needed"), move |row| row.courses[at].needed)
            .machines(format!("{key}_covered"), move |row| row.courses[at].met)
            .column(format!("{key}_covered_share"), format!("{} certified", course.key), move |row| {
                row.courses[at].share()
            });
    }
    for (at, material) in channel.program.materials.iter().enumerate() {
        let key = material.key.replace('-', "_");
        table = table
            .machines(format!("{key}_needed"), move |row| row.materials[at].needed)
            .machines(format!("{key}_up_to_date"), move |row| row.materials[at].met)
            .column(format!("{key}_up_to_date_share"), format!("{} up to date", material.key), move |row| {
                row.materials[at].share()
            });
    }
    table.done().empty("No partners.")
}

/// A gate of a stage, and the number of partners in the stage that miss it.
struct Block<'c> {
    stage: &'c Stage,
    gate: &'c Milestone,
    missing: usize,
    partners: usize,
}

/// Returns the gates that keep partners in their stage.
fn block_table(channel: &Channel, there: &[&Line]) -> Table {
    let mut blocks: Vec<Block> = Vec::new();
    for (at, stage) in channel.program.stages().iter().enumerate() {
        let here: Vec<&&Line> = there.iter().filter(|line| line.place == Some(StandingRow::In(at))).collect();
        for gate in stage.milestones.iter().filter(|one| one.gate) {
            let facts = here.iter().map(|line| channel.facts(line));
            let asked: Vec<_> =
                facts.filter(|one| one.applies(&stage.applies) && one.is_asked(gate)).collect();
            let missing = asked.iter().filter(|one| one.held_once(gate).is_none()).count();
            blocks.push(Block { stage, gate, missing, partners: asked.len() });
        }
    }
    blocks.retain(|one| one.missing > 0);
    Table::of("blocks", "Gates blocking the next stage", &blocks)
        .column("stage", "Stage", |one| &one.stage.key)
        .column("gate", "Gate", |one| &one.gate.key)
        .machines("name", |one| &one.gate.name)
        .column("missing", "Partners without it", |one| one.missing)
        .column("partners", "Partners in stage", |one| one.partners)
        .machines("needs", |one| one.gate.needs.as_ref().map(ToString::to_string))
        .people("Completed by", |one| completed_by(one.gate))
        .headline()
        .done()
        .empty("No gates are unmet.")
}

/// A certificate that expires soon.
struct Expiry<'c> {
    until: Day,
    line: &'c Line,
    person: &'c str,
    course: &'c str,
}

/// Returns the certificates that expire soon, the earliest first.
fn expiry_table(channel: &Channel, there: &[&Line]) -> Table {
    let mut all: Vec<Expiry> = Vec::new();
    for line in there {
        all.extend(ends(channel, line).map(|(person, course, until)| Expiry { until, line, person, course }));
    }
    all.sort_by_key(|one| (one.until, one.line.id, one.person, one.course));
    let certify = |one: &Expiry| Step::Certify {
        partner: one.line.key().to_owned(),
        course: one.course.to_owned(),
        person: Some(one.person.to_owned()),
    };
    Table::of("expiring", "Certificates expiring within 90 days", &all)
        .column("until", "Expires", |one| one.until)
        .column("days_left", "Days left", |one| Cell::Days(one.until.since(channel.as_of)))
        .column("partner", "Partner", |one| one.line.key())
        .later_partner_name(|one| one.line.attribute("name"))
        .column("person", "Person", |one| one.person)
        .column("course", "Course", |one| one.course)
        .column("command", "Next step", certify)
        .done()
        .empty("No certificates expire within 90 days.")
}
