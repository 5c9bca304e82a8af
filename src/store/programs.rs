//! The program within the file: which version holds when, and putting a new one in force.

use std::collections::BTreeMap;

use rusqlite::Params;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::Calendar;
use crate::lifecycle::criteria::{AnswerKind, Question};
use crate::lifecycle::event::Event;
use crate::lifecycle::program::Applied;
use crate::lifecycle::program::{
    Aliases, GonePart, Program, ProgramRefusal, fields_with_one_now, further_key, refuse_lost_stages,
    refuse_other_currency, refuse_several_in_use, refuse_unfit_values, refuse_used_keys,
};
use crate::store::engine::file::{Reader, Writer};
use crate::store::error::{Damage, Result, damaged};
use crate::store::log::append::NewEvent;
use crate::store::log::logged::{ActionId, ActionKind, HIGHEST_NUMBER, Stamp};
use crate::store::log::read::KnownActions;

/// The program that holds on some day, with the renames of all versions.
#[derive(Clone, Debug)]
pub struct InForce {
    pub program: Program,
    pub aliases: Aliases,
    pub toml: String,
    pub since: Day,
    /// The number of the event that brought it.
    pub number: i64,
}

impl Reader<'_> {
    /// Returns how many partners were assessed by a questionnaire.
    pub fn assessed_by(&self, questionnaire: &str) -> Result<i64> {
        let sql = "select count(distinct partner) from assessment where questionnaire = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([questionnaire], |row| row.get(0))?)
    }

    /// Returns the program in force at the end of `day`, as far as was known at the end of `known_on`.
    ///
    /// Before the first day of any program, that is the one in force at the end of that day.
    pub fn program(&self, day: Option<Day>, known_on: Option<Day>) -> Result<Option<InForce>> {
        self.with_calendars(in_force(self.versions(known_on, HIGHEST_NUMBER)?, day)?)
    }

    /// Returns the program that was in force before the one that the event with this number brought, and that one;
    /// nothing if it was the first.
    pub(in crate::store) fn programs_around(&self, number: i64) -> Result<Option<(InForce, InForce)>> {
        let before = self.with_calendars(in_force(self.versions(None, number - 1)?, None)?)?;
        Ok(before.zip(self.program_version(number)?))
    }

    /// Returns the program in force at the end of `day` by the actions that were known.
    pub(in crate::store) fn program_as_known(
        &self,
        known: &KnownActions,
        day: Day,
    ) -> Result<Option<InForce>> {
        self.with_calendars(in_force(self.versions_known(known, HIGHEST_NUMBER)?, Some(day))?)
    }

    /// Returns the versions of the program that count, up to the event with number `last`.
    fn versions(&self, known_on: Option<Day>, last: i64) -> Result<Vec<(Day, i64, Applied)>> {
        self.versions_known(&self.known(known_on)?, last)
    }

    fn versions_known(&self, known: &KnownActions, last: i64) -> Result<Vec<(Day, i64, Applied)>> {
        let mut versions = Vec::new();
        for logged in
            self.rows("where partner is null and kind = 'program' and number <= ?1 order by number", [last])?
        {
            if known.counts(logged.action)
                && let Event::Applied(applied) = logged.decode()?
            {
                versions.push((logged.day, logged.number, applied));
            }
        }
        Ok(versions)
    }

    /// Returns the first program that the file ever held.
    pub(in crate::store) fn first_program(&self) -> Result<Option<InForce>> {
        self.one_version("where partner is null and kind = 'program' order by number limit 1", ())
    }

    /// Returns the program that the event with this number brought, even if it was taken back since.
    pub fn program_version(&self, number: i64) -> Result<Option<InForce>> {
        self.one_version("where number = ?1 and partner is null and kind = 'program'", [number])
    }

    /// Returns the program of the row that this clause of SQL chooses.
    fn one_version(&self, which: &str, values: impl Params) -> Result<Option<InForce>> {
        let Some(logged) = self.rows(which, values)?.pop() else { return Ok(None) };
        match logged.decode()? {
            Event::Applied(applied) => {
                self.with_calendars(in_force(vec![(logged.day, logged.number, applied)], None)?)
            }
            _ => Ok(None),
        }
    }

    /// Returns a program that knows which fiscal calendar was in force when each event was recorded.
    fn with_calendars(&self, found: Option<InForce>) -> Result<Option<InForce>> {
        let Some(InForce { program, aliases, toml, since, number }) = found else { return Ok(None) };
        let sql = "select count(*) from event where partner is null and kind = 'program'";
        let versions: i64 = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let calendars = if versions == 1 { vec![(0, program.calendar)] } else { self.calendars()? };
        let aliases = aliases.under_calendars(calendars);
        Ok(Some(InForce { program, aliases, toml, since, number }))
    }

    /// Returns the fiscal calendars that were in force, also those of programs that were taken back since, each with the
    /// number of the event behind which it was, in order.
    fn calendars(&self) -> Result<Vec<(i64, Calendar)>> {
        let mut steps: Vec<(ActionId, i64, ActionKind)> = Vec::new();
        let mut calendars: BTreeMap<ActionId, Calendar> = BTreeMap::new();
        for logged in self.rows("where partner is null and kind = 'program' order by number", ())? {
            if let Event::Applied(applied) = logged.decode()?
                && let Some(calendar) = Program::calendar_of(&applied.toml)
            {
                steps.push((logged.action, logged.number, ActionKind::Record));
                calendars.insert(logged.action, calendar);
            }
        }
        let mut statement = self.connection.prepare_cached(
            "select id, kind, target,
                    coalesce((select max(last_event) from action as earlier where earlier.id < action.id), 0)
             from action
             where kind <> 'record'
               and target in (select action from event where partner is null and kind = 'program')",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let kind: String = row.get(1)?;
            steps.extend(
                ActionKind::of(&kind, row.get(2)?)
                    .zip(Some((row.get(0)?, row.get(3)?)))
                    .map(|(kind, (action, last))| (action, last, kind)),
            );
        }
        steps.sort_by_key(|(action, number, _)| (*action, *number));
        let mut counting: BTreeMap<ActionId, Calendar> = BTreeMap::new();
        let mut all: Vec<(i64, Calendar)> = Vec::new();
        for (action, number, kind) in steps {
            match kind {
                ActionKind::Record => counting.extend(calendars.get_key_value(&action)),
                ActionKind::Undo(target) => drop(counting.remove(&target)),
                ActionKind::Redo(target) => counting.extend(calendars.get_key_value(&target)),
            }
            let now = counting.last_key_value().map(|(_, calendar)| *calendar);
            all.extend(
                now.filter(|now| all.last().is_none_or(|(_, last)| last != now)).map(|now| (number, now)),
            );
        }
        Ok(all)
    }

    /// Returns the newest program.
    ///
    /// # Errors
    /// [`FileFault::Damaged`] if there is none.
    pub fn program_now(&self) -> Result<InForce> {
        self.program(None, None)?.ok_or_else(|| damaged(Damage::NoProgram))
    }

    /// Returns whether any partner was ever recorded.
    pub fn has_partners(&self) -> Result<bool> {
        let sql = "select exists (select 1 from event where partner is not null)";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// Refuses a program without a stage in which partners stand, or from which they are parked.
    pub(in crate::store) fn refuse_lost_stages(&self, program: &Program) -> anyhow::Result<()> {
        let mut statement = self.connection.prepare(
            "select stage.key, partner.key, max(stay.seq), stay.standing
             from stay join partner on partner.id = stay.partner left join stage on stage.id = stay.stage
             group by stay.partner order by partner.key",
        )?;
        let mut standing: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let stage: Option<String> = row.get(0)?;
            let code: i64 = row.get(3)?;
            // Those that left do not need the stage from which they left.
            if let Some(stage) = stage.filter(|_| code <= 1) {
                standing.entry(stage).or_default().push(row.get(1)?);
            }
        }
        Ok(refuse_lost_stages(program, standing)?)
    }

    fn refuse_other_currency(&self, old: &Program, new: &Program) -> anyhow::Result<()> {
        if old.currency == new.currency {
            return Ok(());
        }
        let sql = "select exists (select 1 from event where kind in ('sold', 'sales') or kind like 'fund-%')";
        let mut recorded: bool = self.connection.query_row(sql, [], |row| row.get(0))?;
        let of_money = |one: &Question| matches!(one.kind, AnswerKind::Money(_));
        for one in old.questionnaires().iter().filter(|one| one.questions.iter().any(of_money)) {
            recorded = recorded || self.assessed_by(&one.key)? > 0;
        }
        Ok(refuse_other_currency(old, new, recorded)?)
    }

    /// Refuses a field whose recorded values do not fit the type that it would have.
    fn refuse_other_fields(
        &self,
        (old, new): (&Program, &Program),
        aliases: &Aliases,
        dropped: &[GonePart],
    ) -> anyhow::Result<()> {
        let single: Vec<&str> = fields_with_one_now(old, new, aliases).collect();
        let mut several: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut statement = self.connection.prepare(
            "select partner.key, profile.type, profile.tier, profile.region, profile.owner, profile.fields,
                    max(profile.seq)
             from profile join partner on partner.id = profile.partner group by partner.id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let fields: String = row.get("fields")?;
            let mut values: BTreeMap<String, String> = serde_json::from_str(&fields).unwrap_or_default();
            for key in ["type", "tier", "region", "owner"] {
                let value: Option<String> = row.get(key)?;
                values.extend(value.map(|value| (key.to_owned(), value)));
            }
            let partner = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            for field in single.iter().filter(|field| values.contains_key(&further_key(field))) {
                several.entry((*field).to_owned()).or_default().push(partner.to_owned());
            }
            refuse_unfit_values((old, new), partner, &values, dropped)?;
        }
        Ok(refuse_several_in_use(several)?)
    }
}

impl Writer<'_> {
    /// Puts a program in force from `day` on.
    ///
    /// # Errors
    /// A refusal if partners stand in a stage that it lacks, or what is recorded does not fit it.
    pub fn apply_program(&self, stamp: &Stamp, toml: &str, day: Day) -> anyhow::Result<ActionId> {
        self.apply_program_without(stamp, toml, day, &[])
    }

    /// Puts a program in force as [`Writer::apply_program`] does, although partners have options that are dropped.
    ///
    /// # Errors
    /// Those of [`Writer::apply_program`].
    pub(crate) fn apply_program_without(
        &self,
        stamp: &Stamp,
        toml: &str,
        day: Day,
        dropped: &[GonePart],
    ) -> anyhow::Result<ActionId> {
        let Ok(program) = Program::parse(toml) else {
            return Err(Error::refused(ProgramRefusal::Invalid).into());
        };
        let before = self.reader.program(None, None)?;
        let known = before.as_ref().map(|before| before.aliases.clone()).unwrap_or_default();
        let aliases = known.with(&program);
        refuse_used_keys(&program, &aliases)?;
        if let Some(before) = &before {
            self.reader.refuse_other_currency(&before.program, &program)?;
            self.reader.refuse_other_fields((&before.program, &program), &aliases, dropped)?;
            self.refuse_moved_budgets(&before.program, &program)?;
        }
        let event = Event::from(Applied { toml: toml.to_owned(), aliases: aliases.clone() });
        let action = self.append(stamp, &NewEvent { partner: None, day, event })?;
        if aliases == known {
            self.refuse_overdrawn()?;
        } else {
            self.project_all(&aliases)?;
        }
        self.reader.refuse_lost_stages(&program)?;
        Ok(action)
    }
}

fn in_force(versions: Vec<(Day, i64, Applied)>, day: Option<Day>) -> Result<Option<InForce>> {
    let Some((.., newest)) = versions.iter().max_by_key(|(_, number, _)| *number) else {
        return Ok(None);
    };
    let aliases = newest.aliases.clone();
    let first_day = versions.iter().map(|(day, ..)| *day).min();
    // Before the first version there was none; it counts for what was recorded of earlier days.
    let until = day.and_then(|day| Some(day).max(first_day));
    let mut until_then: Vec<(Day, i64, Applied)> =
        versions.into_iter().filter(|(since, ..)| until.is_none_or(|until| *since <= until)).collect();
    until_then.sort_by_key(|(since, number, _)| (*since, *number));
    let Some((since, number, applied)) = until_then.pop() else {
        return Ok(None);
    };
    let nexts = until_then.iter().skip(1).map(|(next, ..)| *next).chain([since]);
    let earlier: Vec<(Day, &str)> =
        nexts.zip(&until_then).map(|(next, (.., one))| (next, &*one.toml)).collect();
    let calendars = earlier_calendars(&until_then, (since, number, &applied));
    let program = Program::parse(&applied.toml).map_err(|problems| {
        let problem = problems.first().map(ToString::to_string).unwrap_or_default();
        damaged(Damage::Program { problem })
    })?;
    let program = program.under(&aliases).after(&earlier, &aliases).after_calendars(calendars);
    Ok(Some(InForce { program, aliases, toml: applied.toml, since, number }))
}

/// Returns the fiscal calendars of earlier versions, without those under which nothing was recorded, each with the day from
/// which on the next version was in force; none if the newest one has the calendar of all.
fn earlier_calendars(earlier: &[(Day, i64, Applied)], newest: (Day, i64, &Applied)) -> Vec<(Day, Calendar)> {
    let fiscal = |toml: &str| -> Vec<String> {
        toml.lines().filter(|line| line.contains("fiscal_year")).map(str::to_owned).collect()
    };
    let now = fiscal(&newest.2.toml);
    if earlier.iter().all(|(.., one)| fiscal(&one.toml) == now) {
        return Vec::new();
    }
    let nexts = earlier.iter().skip(1).map(|(day, number, _)| (*day, *number)).chain([(newest.0, newest.1)]);
    let used = nexts.zip(earlier).filter(|((_, next), (_, number, _))| next - number > 1);
    used.filter_map(|((next, _), (.., one))| Some((next, Program::calendar_of(&one.toml)?))).collect()
}
