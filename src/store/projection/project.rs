//! Projections: the rows that follow from the events of a partner, and that reports read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use crate::lifecycle::base::conflict::Conflict;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::event::{Event, PartnerId, Recorded};
use crate::lifecycle::fold::Fate;
use crate::lifecycle::history::FoldedHistory;
use crate::lifecycle::partner::{Partner, parent_number};
use crate::lifecycle::program::{Aliases, PARENT};
use crate::lifecycle::rule::History;
use crate::store::engine::file::{Reader, Writer};
use crate::store::error::Result;
use crate::store::log::append::NewEvent;
use crate::store::log::logged::ActionId;
use crate::store::log::logged::Stamp;
use crate::store::log::read::{KnownActions, logged_event};
use crate::store::schema::records::{RECORDS, REFERENCES, SALES, projected_tables};
use crate::store::schema::table::{ProjectedRows, ProjectedTable, StageNumbers};

/// Where projections are written: the file itself, or temporary tables that hide those of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::store) enum Schema {
    Main,
    Temp,
}

/// Writes projections into one schema.
pub(in crate::store) struct Projector<'c> {
    connection: &'c Connection,
    schema: &'static str,
    stages: StageNumbers,
    conflicts: Vec<Conflict>,
}

impl Writer<'_> {
    /// Records one action: first `of_program`, then the events that were added to these histories, in order of their
    /// numbers; and brings projections up to date from the folds that were made. Without any event, nothing is recorded.
    ///
    /// # Errors
    /// Refuses a key or reference that belongs to another partner, parents in a circle, and more grants than a budget has.
    pub fn record(
        &self,
        stamp: &Stamp,
        of_program: &[NewEvent],
        histories: &[FoldedHistory],
        aliases: &Aliases,
    ) -> anyhow::Result<Option<ActionId>> {
        let mut pending = self.begin(stamp)?;
        for event in of_program {
            pending.append(event)?;
        }
        let mut added: Vec<&Recorded> = histories.iter().flat_map(FoldedHistory::added).collect();
        added.sort_by_key(|one| one.number);
        for one in added {
            let (partner, event) = (Some(one.partner), one.event.clone());
            let number = pending.append(&NewEvent { partner, day: one.day, event })?;
            debug_assert_eq!(number, one.number);
        }
        let action = pending.finish()?;
        let changed = histories.iter().filter(|one| !one.added().is_empty());
        let folded = changed.map(|one| (one.subject(), Cow::Borrowed(one))).collect();
        self.project_folded(folded, aliases)?;
        Ok(action)
    }

    /// Brings the projections of these partners, and of those that they are or were merged into, up to date.
    ///
    /// # Errors
    /// A [`Conflict`] if events contradict each other, a refusal if a key or reference belongs to another partner, or if
    /// parents would go in a circle.
    pub fn project(&self, partners: &BTreeSet<PartnerId>, aliases: &Aliases) -> anyhow::Result<()> {
        let mut folded = BTreeMap::new();
        for partner in partners {
            folded.insert(*partner, Cow::Owned(self.reader.folded_history(*partner, aliases)?));
        }
        self.project_folded(folded, aliases)
    }

    fn project_folded(
        &self,
        mut folded: BTreeMap<PartnerId, Cow<FoldedHistory>>,
        aliases: &Aliases,
    ) -> anyhow::Result<()> {
        let mut projector = Projector::new(self.reader.connection, Schema::Main)?;
        let mut affected: BTreeSet<PartnerId> = folded.keys().copied().collect();
        let mut is_moved = false;
        for (partner, history) in &folded {
            let before = projector.target_of(*partner)?;
            affected.extend(before);
            projector.write_fate(*partner, history)?;
            is_moved |= before != projector.target_of(*partner)?;
        }
        let mut waiting: Vec<PartnerId> = affected.iter().copied().collect();
        while let Some(partner) = waiting.pop() {
            waiting.extend(projector.target_of(partner)?.filter(|target| affected.insert(*target)));
        }
        if is_moved {
            // Histories hold the events of those merged into them, so these have others by now.
            folded.clear();
        }
        let mut live: Vec<Partner> = Vec::new();
        let mut under_others: Vec<PartnerId> = Vec::new();
        for partner in affected {
            let history = match folded.remove(&partner) {
                Some(history) => history,
                None => Cow::Owned(self.reader.folded_history(partner, aliases)?),
            };
            if let Some(conflict) = history.conflict() {
                return Err(Error::from(conflict.clone()).into());
            }
            projector.write_fate(partner, &history)?;
            projector.release_names(partner, history.partner())?;
            if let Some(parent) =
                history.partner().and_then(|one| one.attribute(PARENT)).and_then(parent_number)
                && (is_moved || self.reader.stored_parent_of(partner)? != Some(parent))
            {
                under_others.push(partner);
            }
            live.extend(history.partner().cloned());
        }
        // A name that goes from one partner to another is free by now, whichever of them comes first.
        live.iter().try_for_each(|partner| projector.update(partner))?;
        under_others.into_iter().try_for_each(|partner| self.reader.refuse_own_ancestor(partner))?;
        if live.iter().any(Partner::is_granted) { self.refuse_overdrawn() } else { Ok(()) }
    }

    /// Writes all projections anew, for a program that gives stages or milestones other keys.
    ///
    /// # Errors
    /// A [`Conflict`] if events contradict each other.
    pub fn project_all(&self, aliases: &Aliases) -> anyhow::Result<()> {
        for table in projected_tables() {
            self.reader.connection.execute_batch(&format!("delete from main.{table}"))?;
        }
        let known = self.reader.known(None)?;
        match self.reader.rebuild(Schema::Main, &known, aliases)?.first() {
            None => self.refuse_overdrawn(),
            Some(conflict) => Err(Error::from(conflict.clone()).into()),
        }
    }
}

impl Reader<'_> {
    /// Folds all events that `known` counts and writes what follows into empty tables.
    ///
    /// Returns the events that contradict each other, which a sound file has none of.
    pub(in crate::store) fn rebuild(
        &self,
        schema: Schema,
        known: &KnownActions,
        aliases: &Aliases,
    ) -> anyhow::Result<Vec<Conflict>> {
        let mut projector = Projector::new(self.connection, schema)?;
        let merges = self.merges(known)?;
        let joined: BTreeSet<PartnerId> =
            merges.iter().flat_map(|(partner, target)| [*partner, *target]).collect();
        let mut aside: BTreeMap<PartnerId, Vec<Recorded>> = BTreeMap::new();
        self.each_partner(known, |partner, events| {
            if joined.contains(&partner) {
                aside.insert(partner, events);
                return Ok(());
            }
            projector.fold_and_insert(History { subject: partner, events }, aliases)
        })?;
        for partner in aside.keys() {
            let mut members = vec![*partner];
            let mut reached = 0;
            while let Some(target) = members.get(reached).copied() {
                let into_it = merges.iter().filter(|(from, into)| *into == target && from != partner);
                members.extend(into_it.map(|(from, _)| *from));
                reached += 1;
            }
            let events = members.iter().filter_map(|member| aside.get(member)).flatten().cloned().collect();
            projector.fold_and_insert(History { subject: *partner, events }, aliases)?;
        }
        Ok(projector.conflicts)
    }

    /// Returns who was merged into whom.
    fn merges(&self, known: &KnownActions) -> Result<Vec<(PartnerId, PartnerId)>> {
        let mut merges = Vec::new();
        for logged in self.rows("where kind = 'merged' order by number", ())? {
            if let (true, Some(partner), Event::Merged(merged)) =
                (known.counts(logged.action), logged.partner, logged.decode()?)
            {
                merges.push((partner, merged.into));
            }
        }
        Ok(merges)
    }

    /// Hands over the events of each partner, one partner after the other.
    fn each_partner(
        &self,
        known: &KnownActions,
        mut take: impl FnMut(PartnerId, Vec<Recorded>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut statement = self.connection.prepare(
            "select number, action, partner, day, kind, body from event
             where partner is not null order by partner, number",
        )?;
        let mut rows = statement.query([])?;
        let mut current: Option<(PartnerId, Vec<Recorded>)> = None;
        while let Some(row) = rows.next()? {
            let logged = logged_event(row)?;
            let Some(partner) = logged.partner.filter(|_| known.counts(logged.action)) else {
                continue;
            };
            if let Some((done, events)) = current.take_if(|(same, _)| *same != partner) {
                take(done, events)?;
            }
            let (_, events) = current.get_or_insert_with(|| (partner, Vec::new()));
            logged.each_recorded(partner, |one| events.push(one))?;
        }
        if let Some((done, events)) = current {
            take(done, events)?;
        }
        Ok(())
    }

    /// Makes empty temporary tables that hide the projections of the file until the connection closes.
    pub(in crate::store) fn hide_projections(&self) -> Result<()> {
        for table in projected_tables().rev() {
            let sql: String = self.connection.query_row(
                "select sql from main.sqlite_schema where type = 'table' and name = ?1",
                [table],
                |row| row.get(0),
            )?;
            let columns = sql.trim_start_matches("CREATE TABLE ").to_owned();
            let make = format!("drop table if exists temp.{table}; create temp table {columns}");
            self.connection.execute_batch(&make)?;
        }
        self.connection.execute_batch("insert into temp.stage select * from main.stage")?;
        Ok(())
    }
}

impl<'c> Projector<'c> {
    /// Returns a projector that knows the numbers of the stages in the file.
    pub(in crate::store) fn new(connection: &'c Connection, schema: Schema) -> Result<Projector<'c>> {
        let schema = match schema {
            Schema::Main => "main",
            Schema::Temp => "temp",
        };
        let mut statement = connection.prepare(&format!("select key, id from {schema}.stage"))?;
        let stages = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let stages = stages.collect::<rusqlite::Result<_>>()?;
        Ok(Projector { connection, schema, stages, conflicts: Vec::new() })
    }

    fn fold_and_insert(&mut self, history: History, aliases: &Aliases) -> anyhow::Result<()> {
        let folded = FoldedHistory::of(history, aliases);
        self.conflicts.extend_from_slice(folded.conflicts());
        self.write_fate(folded.subject(), &folded)?;
        match folded.partner() {
            Some(partner) => self.insert(partner),
            None => Ok(()),
        }
    }

    /// Returns the partner that this one is merged into, as projected.
    fn target_of(&self, partner: PartnerId) -> Result<Option<PartnerId>> {
        let sql = format!("select target from {}.merged where partner = ?1", self.schema);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([partner])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    /// Takes away the key and the references that a partner does not have any more.
    fn release_names(&self, id: PartnerId, partner: Option<&Partner>) -> Result<()> {
        match partner {
            Some(partner) => {
                let rows = (REFERENCES.rows)(partner, &self.stages);
                self.cut_rows(id, &REFERENCES, &rows).map(|_| ())
            }
            None => self.execute(&format!("delete from {}.partner where id = ?1", self.schema), [id]),
        }
    }

    fn write_fate(&self, partner: PartnerId, folded: &FoldedHistory) -> Result<()> {
        self.execute(&format!("delete from {}.merged where partner = ?1", self.schema), [partner])?;
        self.execute(&format!("delete from {}.removed where partner = ?1", self.schema), [partner])?;
        match (folded.fate(), folded.state()) {
            (Fate::MergedInto(target), _) => self.execute(
                &format!("insert into {}.merged (partner, target) values (?1, ?2)", self.schema),
                [partner, target],
            ),
            (Fate::Removed, Some(state)) => {
                let names = state.references.iter().map(String::as_str);
                for name in names.chain([state.key.as_str(), state.name()]) {
                    let sql = format!(
                        "insert or ignore into {}.removed (partner, name) values (?1, ?2)",
                        self.schema
                    );
                    self.execute(&sql, params![partner, name])?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Brings what is projected of a partner up to date.
    pub(in crate::store) fn update(&mut self, partner: &Partner) -> anyhow::Result<()> {
        let before: Option<(String, i64, i64, i64)> = {
            let sql = format!(
                "select key, since, observed_from, asked_from from {}.partner where id = ?1",
                self.schema
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
            let mut rows = statement.query([partner.id])?;
            rows.next()?
                .map(|row| Ok::<_, rusqlite::Error>((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .transpose()?
        };
        let Some(before) = before else {
            return self.insert(partner);
        };
        let days = [partner.since, partner.observed_from, partner.asked_from].map(Day::number);
        let after = (partner.key.clone(), days[0], days[1], days[2]);
        if before != after {
            self.write_partner(partner)?;
        }
        self.number_stages(partner)?;
        for table in RECORDS {
            self.update_rows(partner.id, table, &(table.rows)(partner, &self.stages))?;
        }
        Ok(())
    }

    /// Brings up to date what follows from sales, of which the last `added` are new.
    pub(in crate::store) fn update_sales(&mut self, partner: &Partner, added: usize) -> anyhow::Result<()> {
        let sql = format!("select since from {}.partner where id = ?1", self.schema);
        let since: i64 = self.connection.prepare_cached(&sql)?.query_row([partner.id], |row| row.get(0))?;
        if since != partner.since.number() {
            return self.update(partner);
        }
        let rows = (SALES.rows)(partner, &self.stages);
        if partner.sales.len() == added {
            self.insert_rows(partner.id, &SALES, 0, &rows)
        } else {
            self.update_rows(partner.id, &SALES, &rows)
        }
    }

    /// Inserts a partner of whom nothing is projected.
    pub(in crate::store) fn insert(&mut self, partner: &Partner) -> anyhow::Result<()> {
        self.write_partner(partner)?;
        self.number_stages(partner)?;
        for table in RECORDS {
            self.insert_rows(partner.id, table, 0, &(table.rows)(partner, &self.stages))?;
        }
        Ok(())
    }

    fn write_partner(&self, partner: &Partner) -> anyhow::Result<()> {
        let sql = format!(
            "insert into {}.partner (id, key, since, observed_from, asked_from) values (?1, ?2, ?3, ?4, ?5)
             on conflict (id) do update set key = excluded.key, since = excluded.since,
               observed_from = excluded.observed_from, asked_from = excluded.asked_from",
            self.schema
        );
        let inserted = self.connection.prepare_cached(&sql)?.execute(params![
            partner.id,
            partner.key,
            partner.since.number(),
            partner.observed_from.number(),
            partner.asked_from.number()
        ]);
        inserted.map_err(|error| taken(error, true, &partner.key))?;
        Ok(())
    }

    /// Gives a number to each stage in which the partner ever stood.
    fn number_stages(&mut self, partner: &Partner) -> Result<()> {
        for key in partner.stays.iter().filter_map(|stay| stay.standing.last_stage()) {
            if !self.stages.contains_key(key) {
                self.execute(&format!("insert into {}.stage (key) values (?1)", self.schema), [key])?;
                self.stages.insert(key.to_owned(), self.connection.last_insert_rowid());
            }
        }
        Ok(())
    }

    /// Rewrites the rows behind the first one that differs.
    fn update_rows(
        &self,
        partner: PartnerId,
        table: &ProjectedTable,
        rows: &ProjectedRows,
    ) -> anyhow::Result<()> {
        let same = self.cut_rows(partner, table, rows)?;
        self.insert_rows(partner, table, same, &rows[same..])
    }

    /// Deletes the rows from the first one that differs on, and says how many are left.
    fn cut_rows(&self, partner: PartnerId, table: &ProjectedTable, rows: &ProjectedRows) -> Result<usize> {
        let columns = (table.columns)();
        let sql = format!(
            "select {} from {}.{} where partner = ?1 order by seq",
            columns.join(", "),
            self.schema,
            table.name
        );
        let mut before: ProjectedRows = Vec::new();
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut found = statement.query([partner])?;
        while let Some(row) = found.next()? {
            let values = (0..columns.len()).map(|at| row.get(at));
            before.push(values.collect::<rusqlite::Result<_>>()?);
        }
        let same = before.iter().zip(rows).take_while(|(before, after)| before == after).count();
        if same < before.len() {
            let sql = format!("delete from {}.{} where partner = ?1 and seq >= ?2", self.schema, table.name);
            self.connection.prepare_cached(&sql)?.execute(params![partner, same as i64])?;
        }
        Ok(same)
    }

    fn insert_rows(
        &self,
        partner: PartnerId,
        table: &ProjectedTable,
        from: usize,
        rows: &[Vec<Value>],
    ) -> anyhow::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let columns = (table.columns)();
        let places: Vec<String> = (1..=columns.len() + 2).map(|at| format!("?{at}")).collect();
        let sql = format!(
            "insert into {}.{} (partner, seq, {}) values ({})",
            self.schema,
            table.name,
            columns.join(", "),
            places.join(", ")
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        for (at, row) in rows.iter().enumerate() {
            let head = [Value::Integer(partner), Value::Integer((from + at) as i64)];
            let inserted = statement.execute(params_from_iter(head.iter().chain(row)));
            if let (Err(error), "reference", [Value::Text(name)]) = (inserted, table.name, &row[..]) {
                return Err(taken(error, false, name).into());
            }
        }
        Ok(())
    }

    fn execute(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<()> {
        self.connection.prepare_cached(sql)?.execute(parameters)?;
        Ok(())
    }
}

/// A key or reference that another partner has.
#[derive(Clone, Debug)]
pub(crate) struct NameTaken {
    pub is_key: bool,
    pub name: String,
}

/// Names the partner's key or reference if another one has it.
fn taken(error: rusqlite::Error, is_key: bool, name: &str) -> Error {
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) {
        return Error::refused(NameTaken { is_key, name: name.to_owned() });
    }
    error.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::base::day::Day;
    use crate::lifecycle::base::tally::tallied;
    use crate::lifecycle::event::Entered;
    use crate::lifecycle::partner::Joined;
    use crate::lifecycle::program::BUILT_IN;
    use crate::lifecycle::stage::Why;
    use crate::store::{Keep, Store};
    use std::time::Duration;

    #[test]
    fn what_was_proposed_is_recorded_and_projected_with_one_read_and_one_fold_of_each_history() {
        let folder = tempfile::tempdir().expect("a folder");
        let day = Day::parse_iso("2026-03-01").expect("a day");
        let stamp = Stamp { today: day, now: "n".to_owned(), actor: "a".to_owned(), words: "w".to_owned() };
        let wait = Duration::from_secs(1);
        let (mut store, _) =
            Store::open_or_make(&folder.path().join("a.db"), wait, &stamp, BUILT_IN).expect("made");
        let joined = Joined {
            key: "acme".to_owned(),
            attributes: [("name".to_owned(), "Acme".to_owned())].into(),
            references: Vec::new(),
            contacts: Vec::new(),
            observed_from: day,
            imported: None,
        };
        let work = |writer: &Writer| {
            let aliases = writer.reader.program_now()?.aliases;
            let event = NewEvent { partner: Some(1), day, event: joined.into() };
            writer.append(&stamp, &event)?;
            writer.project(&[1].into(), &aliases)?;
            let (recorded, tally) = tallied(|| {
                let loaded = writer.reader.folded_history(1, &aliases)?;
                assert!(loaded.partner_on(day, &aliases).is_some_and(|partner| partner.stays.is_empty()));
                let entered = Entered {
                    stage: "recruitment".to_owned(),
                    why: Why::Placed,
                    unknown_day: false,
                    overridden: Vec::new(),
                    reason: None,
                };
                let number = writer.reader.next_number()?;
                let added = [Recorded { number, partner: 1, day, event: entered.into() }];
                let extended = loaded.extended(&added, &aliases)?;
                writer.record(&stamp, &[], &[extended], &aliases)
            });
            assert!(recorded?.is_some());
            // The second fold is that of the history with what was added.
            assert_eq!((tally.histories_read(), tally.folds), (1, 2), "{:#?}", tally.statements);
            assert!(writer.reader.check()?.findings.is_empty());
            Ok(())
        };
        store.write(Keep::Commit, work).expect("recorded");
    }
}
