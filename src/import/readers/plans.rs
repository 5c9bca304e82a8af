//! `import plans`: one row per partner and fiscal year, or quarter, with the revenue target.

use std::collections::BTreeMap;

use crate::import::named_partners::NamedPartners;
use crate::import::rejects::too_early;
use crate::import::rows_by_partner::PartnerRow;
use crate::import::runner::{OfPartner, Recording, Runner};
use crate::import::sources::csv::{SourceRow, SourceTable};
use crate::import::{ImportSource, Imported};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::{DayRange, Every, Period};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::history::History;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans::goals::restated;
use crate::lifecycle::plans::{Agreed, GoalMeasure, PlanGoal, PlanTargets, Planned, Sent, drawn_up};
use crate::lifecycle::plans::{BusinessPlan, PlanState, PlanVersion, quarterly, quarters_of};
use crate::lifecycle::program::Program;
use crate::text::overlaps::plan_of_other_days;

/// Imports plans as one action.
///
/// # Errors
/// Those of the file, and rows that cannot be used; then nothing is imported.
pub(super) fn import(mut runner: Runner, source: ImportSource) -> anyhow::Result<Imported> {
    let ImportSource { input, delimiter, mapping, today, .. } = source;
    let program = runner.program()?;
    let table = SourceTable::open(input, delimiter, &mapping, &runner.fields())?;
    let rows = runner.gather(table, |row, partners| read(row, &program, today, partners).map(Some))?;
    runner.import_each(rows, |of, recording| import_partner(&of, recording))
}

/// A row: the revenue target of a fiscal year or a quarter.
struct PlanRow {
    period: Period,
    target_minor: i64,
    agreed_by: Option<String>,
    /// Those of the row beside revenue.
    goals: Vec<PlanGoal>,
    /// The target is that of a product, and not that of all revenue.
    of_product: bool,
    /// It says on which day it was drawn up; a plan without a day is that of the whole year.
    has_day: bool,
}

fn read(
    row: &SourceRow,
    program: &Program,
    today: Day,
    partners: &mut NamedPartners,
) -> Result<PartnerRow<PlanRow>, String> {
    let partner = partners.number(row.get("partner"), row.line)?;
    let period = program.calendar.parse(row.get("period").ok_or("has no period")?)?;
    let whole = |every| program.calendar.containing(period.first, every).is_some_and(|one| one == period);
    if !whole(Every::Year) && !whole(Every::Quarter) {
        let days = period.with_days();
        return Err(format!("{days} is neither a fiscal year such as 2026 nor a quarter such as 2026-Q3"));
    }
    let target_minor = program.currency.parse(row.exact("target").unwrap_or_default())?;
    if target_minor < 0 {
        return Err("has a negative target".to_owned());
    }
    let agreed_by = row.name("agreed-by")?;
    let goals = goals(row, target_minor)?;
    let of_product = goals.iter().any(|goal| goal.of.product().is_some());
    if !goals.is_empty() && !whole(Every::Year) {
        let days = period.with_days();
        return Err(format!("{days} is not a fiscal year, and targets beside revenue are of a year"));
    }
    let (day, moment) = match row.get("on") {
        Some(_) => row.past_day("on", today)?,
        None => (today, 0),
    };
    let says =
        PlanRow { period, target_minor, agreed_by, goals, of_product, has_day: row.get("on").is_some() };
    Ok(PartnerRow { partner, day, moment, line: row.line, says })
}

/// Returns the targets of a row beside revenue: of a product that it names, of new customers and of deals.
fn goals(row: &SourceRow, target_minor: i64) -> Result<Vec<PlanGoal>, String> {
    let mut goals = Vec::new();
    if let Some(product) = row.get("product") {
        goals.push(PlanGoal { of: GoalMeasure::Product(product.to_owned()), target: target_minor });
    }
    for of in [GoalMeasure::Customers, GoalMeasure::Deals] {
        let Some(typed) = row.get(of.word()) else { continue };
        let target = typed.parse().ok().filter(|target: &i64| *target >= 0);
        let target = target.ok_or_else(|| format!("{}: `{typed}` is not a whole number", of.word()))?;
        goals.push(PlanGoal { of, target });
    }
    Ok(goals)
}

/// The targets of one partner for one year.
#[derive(Default)]
struct Year {
    whole: Option<i64>,
    quarters: [Option<i64>; 4],
    goals: Vec<PlanGoal>,
    agreed_by: Option<String>,
    day: Option<Day>,
    has_day: bool,
    lines: Vec<u64>,
}

impl Year {
    /// Returns whether it has targets beside revenue only.
    fn is_beside(&self) -> bool {
        self.whole.is_none() && self.quarters.iter().all(Option::is_none)
    }

    /// Returns the targets of the quarters; those without a row stay the same.
    fn targets_minor(&self, before: Option<&PlanVersion>) -> [i64; 4] {
        if let Some(whole) = self.whole {
            return quarterly(whole);
        }
        let before = before.map_or([0; 4], |before| before.targets_minor);
        std::array::from_fn(|at| self.quarters[at].unwrap_or(before[at]))
    }
}

fn import_partner(of: &OfPartner<PlanRow>, recording: &mut Recording) -> anyhow::Result<()> {
    let Some(id) = recording.known_partner(of)? else { return Ok(()) };
    let program = &of.in_force.program;
    let history = recording.importer.history(id)?;
    let mut years: BTreeMap<Day, Year> = BTreeMap::new();
    for row in of.rows {
        let early = too_early(&history, row.day).map_or(Ok(()), Err);
        if let Err(why) = early.and_then(|()| sort_in(row, program, &mut years)) {
            recording.reject(row.line, of.named, why)?;
        }
    }
    let folded = history.fold(&of.in_force.aliases, None);
    let mut events = Vec::new();
    let mut lines = Vec::new();
    for (starts, year) in years {
        let Some(period) = program.calendar.containing(starts, Every::Year) else { continue };
        let known =
            folded.partner().and_then(|partner| partner.plan(period.days())).and_then(BusinessPlan::newest);
        let day = year.day.unwrap_or(starts);
        let drawn = drawn_for(of, &history, (&period, &year), known);
        let drawn = match drawn {
            Ok(drawn) => {
                Planned { goals: restated(known.map_or(&[], |known| &known.goals), &year.goals), ..drawn }
            }
            Err(why) => {
                year.lines.iter().try_for_each(|line| recording.reject(*line, of.named, why.as_str()))?;
                continue;
            }
        };
        let added = plan_events(&period, &year, (drawn, known));
        if added.is_empty() {
            recording.counts().known += year.lines.len() as u64;
            continue;
        }
        let beside = folded.partner().filter(|_| known.is_none()).and_then(|one| beside(one, &period));
        if let (Some(beside), Some(line)) = (beside, year.lines.first()) {
            let said = plan_of_other_days(*line, &of.named.name, &period, beside);
            recording.tally.other_days.push(said);
        }
        events.extend(added.into_iter().map(|event| (day, event)));
        lines.extend(year.lines);
    }
    if !events.is_empty() && recording.record_lines(history, events, &lines, of.named)? {
        recording.counts().events += lines.len() as u64;
    }
    Ok(())
}

/// Returns the plan that a year of the file draws up, without its targets beside revenue; `known` is the recorded one.
fn drawn_for(
    of: &OfPartner<PlanRow>,
    history: &History,
    (period, year): (&Period, &Year),
    known: Option<&PlanVersion>,
) -> Result<Planned, String> {
    if year.is_beside() && known.is_none() {
        let days = period.with_days();
        return Err(format!("there is no plan for {days}; add a row without a product for all revenue"));
    }
    let (program, day) = (&of.in_force.program, year.day.unwrap_or(period.first));
    let of_the_rest = year.whole.filter(|_| year.has_day).and_then(|target| {
        let on_day = history.fold(&of.in_force.aliases, Some(day));
        let facts = PartnerFacts { program, partner: on_day.partner()?, day };
        Some(drawn_up(facts, period, PlanTargets::Year(target)).map_err(|why| why.to_string()))
    });
    of_the_rest.unwrap_or_else(|| {
        Ok(Planned {
            period: period.to_string(),
            starts: period.first,
            targets_minor: year.targets_minor(known),
            from: known.filter(|_| year.is_beside()).and_then(|known| known.from),
            goals: Vec::new(),
        })
    })
}

/// Returns the days of a plan that shares days with a year and is of others.
fn beside(partner: &Partner, year: &Period) -> Option<DayRange> {
    let mut plans = partner.plans.iter().map(|plan| plan.days);
    plans.find(|days| *days != year.days() && days.shared(year.days()).is_some())
}

/// Returns what a year of the file adds to the recorded plan; nothing if all is recorded.
fn plan_events(of: &Period, year: &Year, (drawn, known): (Planned, Option<&PlanVersion>)) -> Vec<Event> {
    let (period, days) = (|| of.to_string(), Some(of.days()));
    let same =
        known.is_some_and(|known| known.targets_minor == drawn.targets_minor && known.goals == drawn.goals);
    let state = known.filter(|_| same).map(PlanVersion::state);
    let mut events = Vec::new();
    if !same {
        events.push(drawn.into());
    }
    if let Some(by) = year.agreed_by.clone().filter(|_| state != Some(PlanState::Active)) {
        if state != Some(PlanState::Waiting) {
            events.push(Sent { period: period(), days }.into());
        }
        events.push(Agreed { period: period(), days, by: Some(by) }.into());
    }
    events
}

/// Adds a row to the others of its year.
fn sort_in(
    row: &PartnerRow<PlanRow>,
    program: &Program,
    years: &mut BTreeMap<Day, Year>,
) -> Result<(), String> {
    let PlanRow { period, target_minor, agreed_by, goals, of_product, has_day } = &row.says;
    let whole = program
        .calendar
        .containing(period.first, Every::Year)
        .ok_or("has a period outside any fiscal year")?;
    let year = years.entry(whole.first).or_default();
    let taken = || format!("repeats {}, which another row has", period.with_days());
    if let Some(goal) = goals.iter().find(|goal| year.goals.iter().any(|one| one.of == goal.of)) {
        return Err(format!(
            "repeats the target of {} for {}",
            goal.of.product().unwrap_or(goal.of.word()),
            period.with_days()
        ));
    }
    if *of_product {
        // Its target is that of the product.
    } else if *period == whole {
        if year.whole.is_some() || year.quarters.iter().any(Option::is_some) {
            return Err(taken());
        }
        year.whole = Some(*target_minor);
    } else {
        let at = quarters_of(whole.first).iter().position(|days| days.first == period.first);
        let quarter =
            at.and_then(|at| year.quarters.get_mut(at)).ok_or("has a period that is not a quarter")?;
        if year.whole.is_some() || quarter.is_some() {
            return Err(taken());
        }
        *quarter = Some(*target_minor);
    }
    year.goals.extend_from_slice(goals);
    year.lines.push(row.line);
    year.day = year.day.max(Some(row.day));
    year.has_day |= has_day;
    if agreed_by.is_some() {
        year.agreed_by.clone_from(agreed_by);
    }
    Ok(())
}
