//! `import stages`: one row per change, partner, stage and day.

use super::rejects::Rejects;
use super::rows::{Fields, Row, Table};
use super::subjects::{Resolved, Subject, Subjects};
use super::{BadInput, ObservedFrom, Outcome, Rejected, Source};
use crate::domain::day::Day;
use crate::domain::event::{Edited, Event, Joined, LeftAs};
use crate::domain::program::{Aliases, Program};
use crate::domain::rules::{History, Move, Reading, Target, imported};
use crate::domain::text::{listed, nearest};
use crate::store::{Importer, Incoming, Keep, NewEvent, Stamp, Store};

const FIELDS: [&str; 3] = ["partner", "stage", "entered_on"];
const PARKED: &str = "parked";
const IGNORE: &str = "ignore";

/// Imports a stage history as one action.
///
/// # Errors
/// [`BadInput`] and [`Rejected`] for what the file has wrong; then nothing is imported.
pub fn import(store: &mut Store, stamp: &Stamp, mut source: Source, keep: Keep) -> anyhow::Result<Outcome> {
    let observed = source
        .observed_from
        .clone()
        .ok_or_else(|| BadInput::new("since when the partners are watched was not said"))?;
    let mut outcome = Outcome::default();
    let mut rejects = Rejects::default();
    let mut subjects = Subjects::default();
    let words = store.read(|reader| {
        let in_force = reader.program_now()?;
        Ok(Words::new(&in_force.program, &in_force.aliases, &source.stages)?)
    })?;
    let input = std::mem::replace(&mut source.input, Box::new(std::io::empty()));
    let headers: Vec<&str> = observed.header().into_iter().collect();
    let fields = Fields { required: &FIELDS, optional: &[], headers: &headers };
    let table = Table::open(input, source.delimiter, &source.mapping, &fields)?;
    outcome.note_unused(&table.columns.unused());
    store.take_in(|put| {
        table.each(|row| {
            outcome.counts.rows += 1;
            match read_row(&row, &words, &observed, source.today, &mut subjects) {
                Ok(Some(incoming)) => put(&incoming)?,
                Ok(None) => outcome.counts.passed_over += 1,
                Err(why) => rejects.add(row.line, row.get("partner").unwrap_or_default(), why)?,
            }
            Ok(())
        })
    })?;
    store.write(keep, |writer| {
        let in_force = writer.program_now()?;
        let resolved = subjects.resolve(writer, &mut rejects)?;
        let mut importer = Importer::new(writer, stamp, &in_force.aliases)?;
        writer.each_subject(|number, rows| {
            let subject = subjects.get(number);
            let Some((subject, Some(Some(resolved)))) =
                subject.zip(Some(resolved.get(number as usize).cloned()))
            else {
                return Ok(());
            };
            let partner = Importing {
                program: &in_force.program,
                aliases: &in_force.aliases,
                subject,
                observed: &observed,
            };
            partner.import(&mut importer, resolved, &rows, &mut outcome, &mut rejects)
        })?;
        if !rejects.is_empty() && !source.skip_errors {
            return Err(Rejected { source: source.name.clone(), rejects: rejects.sorted() }.into());
        }
        let partners = if outcome.counts.new_partners == 1 { "partner" } else { "partners" };
        let said = format!(
            "Imported {} moves from {}, {} new {partners}",
            outcome.counts.events, source.name, outcome.counts.new_partners
        );
        outcome.counts.action = importer.finish(&said)?;
        outcome.rejects = rejects.sorted();
        Ok(outcome)
    })
}

fn read_row(
    row: &Row,
    words: &Words,
    observed: &ObservedFrom,
    today: Day,
    subjects: &mut Subjects,
) -> Result<Option<Incoming>, String> {
    row.check_length()?;
    let number = subjects.number(row.get("partner"), row.line)?;
    let stage = row.get("stage").ok_or("names no stage")?;
    let what = words.find(stage)?;
    let text = row.exact("entered_on").unwrap_or_default();
    let (day, moment) = Day::parse_stamp(text)
        .ok_or_else(|| format!("entered_on is `{text}`, expected a day such as 2026-11-23"))?;
    if day > today {
        return Err(format!("entered_on is {day}, which has not come yet"));
    }
    let observed_from = observed.in_row(row)?;
    if let (Some(said), Some(subject)) = (observed_from, subjects.get_mut(number)) {
        match subject.observed_from {
            Some(other) if other != said => {
                return Err(format!("says observed from {said}, and an earlier row of the partner {other}"));
            }
            _ => subject.observed_from = Some(said),
        }
    }
    if what == IGNORE {
        return Ok(None);
    }
    let what = what.to_owned();
    Ok(Some(Incoming {
        subject: number,
        day,
        moment,
        line: row.line,
        what,
        amount_minor: 0,
        reference: None,
    }))
}

/// The words of the file for stages and exits, each with ours.
struct Words {
    mapped: Vec<(String, String)>,
    own: Vec<(String, String)>,
}

impl Words {
    fn new(program: &Program, aliases: &Aliases, mapping: &[(String, String)]) -> Result<Words, BadInput> {
        let mut own: Vec<(String, String)> =
            program.stages().iter().map(|stage| (stage.key.clone(), stage.key.clone())).collect();
        own.extend(program.stages().iter().map(|stage| (stage.name.to_lowercase(), stage.key.clone())));
        own.extend(aliases.former_stages().map(|(was, now)| (was.to_owned(), now.to_owned())));
        let exits = LeftAs::ALL.map(LeftAs::word).into_iter().chain([PARKED]);
        own.extend(exits.map(|word| (word.to_owned(), word.to_owned())));
        let mut words = Words { mapped: Vec::new(), own };
        for (theirs, ours) in mapping {
            let target = match ours.as_str() {
                IGNORE => IGNORE.to_owned(),
                ours => words
                    .find(ours)
                    .map(str::to_owned)
                    .map_err(|why| BadInput::new(format!("--stage-map {theirs}={ours}: {why}")))?,
            };
            words.mapped.push((theirs.trim().to_owned(), target));
        }
        Ok(words)
    }

    fn find(&self, word: &str) -> Result<&str, String> {
        if let Some((_, ours)) = self.mapped.iter().find(|(theirs, _)| theirs == word) {
            return Ok(ours);
        }
        let lower = word.to_lowercase();
        if let Some((_, ours)) = self.own.iter().find(|(known, _)| *known == lower) {
            return Ok(ours);
        }
        let mut known: Vec<&str> = self.own.iter().map(|(_, ours)| ours.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        let shown: String = word.chars().take(80).collect();
        Err(match nearest(word, known.iter().copied()).first() {
            Some(near) => format!("there is no stage `{shown}`; did you mean `{near}`?"),
            None => format!("there is no stage `{shown}`, only {}", listed(&known)),
        })
    }
}

/// One partner of the file.
struct Importing<'i> {
    program: &'i Program,
    aliases: &'i Aliases,
    subject: &'i Subject,
    observed: &'i ObservedFrom,
}

impl Importing<'_> {
    fn import(
        &self,
        importer: &mut Importer,
        resolved: Resolved,
        rows: &[Incoming],
        outcome: &mut Outcome,
        rejects: &mut Rejects,
    ) -> anyhow::Result<()> {
        let name = &self.subject.name;
        let (id, history) = match &resolved {
            Resolved::Known(id) => (*id, importer.history(*id)?),
            Resolved::New { .. } => {
                let id = importer.next_partner();
                (id, History { subject: id, events: Vec::new() })
            }
        };
        let moves: Vec<Move> = rows.iter().filter_map(as_move).collect();
        let reading: Reading = imported(self.program, self.aliases, &history, &moves);
        outcome.counts.known += reading.known as u64;
        outcome.counts.passed_over += reading.repeated as u64;
        for (line, why) in &reading.rejected {
            rejects.add(*line, name, why)?;
        }
        let Some((first, _)) = reading.events.first() else {
            return Ok(());
        };
        let Some(watched) = self.observed.resolve(*first, self.subject.observed_from) else {
            return Ok(rejects.add(
                self.subject.line,
                name,
                "has no day in the column of --observed-from",
            )?);
        };
        let mut events: Vec<NewEvent> = Vec::with_capacity(reading.events.len() + 1);
        let new = |day: Day, event: Event| NewEvent { partner: Some(id), day, event };
        match resolved {
            Resolved::New { key } => {
                events.push(new(*first, joined(key, name, watched)));
            }
            Resolved::Known(_) => {
                let before = history.fold(self.aliases, None).partner.map(|partner| partner.observed_from);
                if before.is_some_and(|before| watched < before) {
                    let edited = Edited { observed_from: Some(watched), ..Edited::default() };
                    events.push(new(*first, edited.into()));
                }
            }
        }
        let is_new = history.events.is_empty();
        events.extend(reading.events.into_iter().map(|(day, event)| new(day, event)));
        match importer.record(history, events)? {
            Ok(()) => {
                outcome.counts.events += reading.lines.len() as u64;
                outcome.counts.new_partners += u64::from(is_new);
            }
            Err(conflict) => {
                for line in reading.lines {
                    rejects.add(line, name, format!("contradicts what is recorded: {conflict}"))?;
                }
            }
        }
        Ok(())
    }
}

fn joined(key: String, name: &str, observed_from: Day) -> Event {
    let references = if name == key { Vec::new() } else { vec![name.to_owned()] };
    let attributes = [("name".to_owned(), name.to_owned())].into();
    Joined { key, attributes, references, contacts: Vec::new(), observed_from }.into()
}

fn as_move(row: &Incoming) -> Option<Move> {
    let to = match row.what.as_str() {
        PARKED => Target::Parked,
        word => match LeftAs::from_word(word) {
            Some(label) => Target::Left(label),
            None => Target::Stage(word.to_owned()),
        },
    };
    Some(Move { line: row.line, day: row.day, to })
}
