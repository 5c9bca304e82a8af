//! What reports read: the partners as they stood on a day, as far as was known on a day.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Row;

use crate::lifecycle::announcements::Announced;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::criteria::{Verdict, Verdicts};
use crate::lifecycle::event::{Event, PartnerId};
use crate::lifecycle::facts::MilestoneFact;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::BUILT_IN_ATTRIBUTES;
use crate::lifecycle::revenue::Sale;
use crate::lifecycle::revenue::{SaleFact, SalePapers};
use crate::lifecycle::rule::History;
use crate::lifecycle::stage::LeftAs;
use crate::store::engine::file::Reader;
use crate::store::error::{Coded, Content, Damage, Result, damaged, unreadable};
use crate::store::log::packed::{Amounts, projected};
use crate::store::log::read::{KnownActions, day_of, logged_event};
use crate::store::parents::ParentKeys;
use crate::store::programs::InForce;
use crate::store::projection::project::Schema;
use crate::store::schema::table::ReadBack;

/// The file as of the end of `as_of`, with what had been recorded by the end of `known_on`.
pub struct View<'r> {
    reader: &'r Reader<'r>,
    pub as_of: Day,
    pub known_on: Option<Day>,
    pub in_force: InForce,
    known: KnownActions,
    /// Keys of stages: those of the program in its order, then those that only the history knows.
    stages: Vec<String>,
    /// The place in `stages` of each stage number of the file.
    positions: HashMap<i64, usize>,
    /// What stands in place of the numbers of parents; read once they are asked for.
    parents: OnceCell<ParentKeys>,
}

/// Where a partner stands, with stages as places in [`View::stages`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StandingRow {
    In(usize),
    Parked(Option<usize>),
    Left(LeftAs, Option<usize>),
}

/// A visit, parking or leaving; it lasts until the next row of the same partner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StayRow {
    pub partner: PartnerId,
    pub place: StandingRow,
    pub entered: Day,
    pub entry_known: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SaleRow {
    pub partner: PartnerId,
    /// The day that it is for; of a period, the first day.
    pub from: Day,
    pub day: Day,
    pub amount_minor: i64,
    /// What tells its papers from others.
    pub papers: SalePapers,
    /// Other sales are parts of it, and it counts for the rest.
    pub has_parts: bool,
}

impl SaleFact for SaleRow {
    fn day(&self) -> Day {
        self.day
    }

    fn amount_minor(&self) -> i64 {
        self.amount_minor
    }

    fn first_day(&self) -> Day {
        self.from
    }

    fn papers(&self) -> SalePapers {
        self.papers
    }

    fn has_parts(&self) -> bool {
        self.has_parts
    }
}

/// A milestone became done or skipped, or open again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MilestoneRow {
    pub milestone: String,
    /// None if it was opened again.
    pub record: Option<MilestoneFact>,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
}

/// A partner that came into the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WatchedPartner {
    pub id: PartnerId,
    /// Since when it is watched.
    pub observed_from: Day,
    /// Since when milestones and reports are asked of it.
    pub asked_from: Day,
}

/// A business review.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReviewRow {
    /// The quarter.
    pub days: DayRange,
    pub day: Day,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
}

/// What a questionnaire came to for a partner.
#[derive(Clone, PartialEq, Debug)]
pub struct AssessmentRow {
    pub questionnaire: String,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
    pub day: Day,
    /// The least and the most that the score can be, from 0 to 100.
    pub score: Option<[f64; 2]>,
    /// What the answers came to, without an override.
    pub judged: Verdicts,
    /// Since when it counts as passed by override.
    pub overridden_on: Option<Day>,
}

impl AssessmentRow {
    /// Returns what it said at the end of a day by which it was made, an override by then included.
    pub fn verdicts_on(&self, day: Day) -> Verdicts {
        match self.overridden_on {
            Some(on) if on <= day => Verdicts { worst: Verdict::Pass, best: Verdict::Pass },
            _ => self.judged,
        }
    }
}

/// What was answered to a questionnaire, by question, in the form in which it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AnswersRow {
    pub questionnaire: String,
    /// How often the partner had come back after leaving by then.
    pub life: u32,
    pub day: Day,
    pub answers: BTreeMap<String, String>,
}

/// A partner's key and its attributes as of the view's day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttributesRow {
    pub key: String,
    pub since: Day,
    pub references: Vec<String>,
    /// Attributes that it has, by key.
    pub values: Vec<(String, String)>,
}

impl AttributesRow {
    /// Returns an attribute.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

/// The attributes of a partner in force since a day, until its next row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProfileRow {
    pub since: Day,
    /// Attributes that it had, by key.
    pub values: Vec<(String, String)>,
}

impl ProfileRow {
    /// Returns an attribute.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

impl<'c> Reader<'c> {
    /// Returns a view of the file. Before anything was known, that is nobody under the first program.
    pub fn view(&'c self, as_of: Day, known_on: Option<Day>) -> anyhow::Result<View<'c>> {
        let known_program = self.program(Some(as_of), known_on)?;
        let in_force = known_program.map_or_else(|| self.first_program(), |known| Ok(Some(known)))?;
        let in_force = in_force.ok_or_else(|| damaged(Damage::NoProgram))?;
        let known = self.known(known_on)?;
        if known_on.is_some() {
            self.hide_projections()?;
            self.rebuild(Schema::Temp, &known, &in_force.aliases)?;
        }
        let mut stages: Vec<String> =
            in_force.program.stages().iter().map(|stage| stage.key.clone()).collect();
        let mut positions = HashMap::new();
        let mut statement = self.connection.prepare_cached("select id, key from stage order by key")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key: String = row.get(1)?;
            let position = stages.iter().position(|stage| *stage == key).unwrap_or_else(|| {
                stages.push(key);
                stages.len() - 1
            });
            positions.insert(row.get(0)?, position);
        }
        let parents = OnceCell::new();
        Ok(View { reader: self, as_of, known_on, in_force, known, stages, positions, parents })
    }
}

impl View<'_> {
    /// Returns keys of stages: those of the program in its order, then those that only the history knows.
    pub fn stages(&self) -> &[String] {
        &self.stages
    }

    /// Returns which actions count as far as was known.
    pub(in crate::store) fn known(&self) -> &KnownActions {
        &self.known
    }

    /// Returns which actions count.
    pub(in crate::store) fn known_actions(&self) -> &KnownActions {
        &self.known
    }

    /// Returns the reader of the same state of the file.
    pub fn reader(&self) -> &Reader<'_> {
        self.reader
    }

    /// Hands over stays that had begun by the view's day, partner by partner, each partner's in order, with the key of the
    /// reason for which it left or was parked.
    pub fn each_stay(&self, mut take: impl FnMut(StayRow, Option<String>)) -> Result<()> {
        let mut statement = self.reader.connection.prepare_cached(
            "select partner, standing, stage, entered, entry_known, why from stay
             where entered <= ?1 order by partner, seq",
        )?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let stage: Option<i64> = row.get(2)?;
            let stage = stage.and_then(|id| self.positions.get(&id).copied());
            let stay = StayRow {
                partner: row.get(0)?,
                place: place(row.get(1)?, stage)?,
                entered: day_of(row.get(3)?)?,
                entry_known: row.get(4)?,
            };
            take(stay, row.get(5)?);
        }
        Ok(())
    }

    /// Returns partners that had come into the file by the view's day, in order of their number.
    pub fn partners(&self) -> Result<Vec<WatchedPartner>> {
        let sql = "select id, observed_from, asked_from from partner where since <= ?1 order by id";
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.as_of.number()])?;
        let mut partners = Vec::new();
        while let Some(row) = rows.next()? {
            let (observed_from, asked_from) = (day_of(row.get(1)?)?, day_of(row.get(2)?)?);
            partners.push(WatchedPartner { id: row.get(0)?, observed_from, asked_from });
        }
        Ok(partners)
    }

    /// Returns what stands in place of the numbers of parents; none if parents are a field of the program.
    fn parents(&self) -> Result<Option<&ParentKeys>> {
        if !self.in_force.program.has_parents() {
            return Ok(None);
        }
        if self.parents.get().is_none() {
            let read = self.reader.parent_keys()?;
            let _ = self.parents.set(read);
        }
        Ok(self.parents.get())
    }

    /// Hands over keys and attributes as of the view's day, in order of the partner's number.
    pub fn each_attributes(&self, mut take: impl FnMut(PartnerId, AttributesRow)) -> Result<()> {
        let parents = self.parents()?;
        let sql = "select partner, name from reference order by partner, seq";
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let names = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let names = names.collect::<rusqlite::Result<Vec<(PartnerId, String)>>>()?;
        let mut names = names.into_iter().peekable();
        let mut statement = self.reader.connection.prepare_cached(
            "select partner.id, partner.key, partner.since, profile.name, profile.type, profile.tier,
                    profile.region, profile.owner, profile.fields, max(profile.seq)
             from partner join profile on profile.partner = partner.id
             where partner.since <= ?1 and profile.since <= ?1 group by partner.id order by partner.id",
        )?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let id: PartnerId = row.get("id")?;
            let values = attributes(row, id, parents)?;
            while names.next_if(|(partner, _)| *partner < id).is_some() {}
            let own = std::iter::from_fn(|| names.next_if(|(partner, _)| *partner == id));
            let references = own.map(|(_, name)| name).collect();
            take(
                id,
                AttributesRow { key: row.get("key")?, since: day_of(row.get("since")?)?, references, values },
            );
        }
        Ok(())
    }

    /// Hands over revenue of days after `after` up to the view's day.
    pub fn each_sale(&self, after: Day, mut take: impl FnMut(SaleRow)) -> Result<()> {
        let mut statement = self.reader.connection.prepare_cached(
            "select partner, lines from sales where last_day > ?1 and first_day <= ?2 order by partner, seq",
        )?;
        let mut rows = statement.query([after.number(), self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let partner = row.get(0)?;
            let amounts = Amounts::read(text(row, 1)?)?;
            for (at, (day, &amount_minor)) in amounts.day.iter().zip(&amounts.amount_minor).enumerate() {
                if *day > after && *day <= self.as_of {
                    let from = amounts.first_day.get(at).copied().flatten().unwrap_or(*day);
                    let [deal, reference, returns] = [&amounts.deal, &amounts.reference, &amounts.returns]
                        .map(|column| column.get(at).and_then(Option::as_deref));
                    let papers = SalePapers::of(deal, reference, returns);
                    let has_parts = amounts.parts_minor.get(at).is_some_and(|minor| *minor > 0);
                    take(SaleRow { partner, from, day: *day, amount_minor, papers, has_parts });
                }
            }
        }
        Ok(())
    }

    /// Hands over all revenue up to the view's day with all that was said of it, partner by partner in order.
    pub fn each_sale_line(&self, mut take: impl FnMut(PartnerId, &Sale)) -> Result<()> {
        let sql = "select partner, lines from sales where first_day <= ?1 order by partner, seq";
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let partner = row.get(0)?;
            let sales = projected(text(row, 1)?)?;
            sales.iter().filter(|sale| sale.day <= self.as_of).for_each(|sale| take(partner, sale));
        }
        Ok(())
    }

    /// Returns all revenue of one partner up to the view's day, in order.
    pub fn sales_of(&self, partner: PartnerId) -> Result<Vec<Sale>> {
        let sql = "select lines from sales where partner = ?1 and first_day <= ?2 order by seq";
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let mut rows = statement.query([partner, self.as_of.number()])?;
        let mut sales = Vec::new();
        while let Some(row) = rows.next()? {
            sales.extend(projected(text(row, 0)?)?.into_iter().filter(|sale| sale.day <= self.as_of));
        }
        Ok(sales)
    }

    /// Hands over the attributes that were in force up to the view's day, partner by partner, oldest first.
    pub fn each_profile(&self, mut take: impl FnMut(PartnerId, ProfileRow)) -> Result<()> {
        let parents = self.parents()?;
        let mut statement = self.reader.connection.prepare_cached(
            "select partner, since, name, type, tier, region, owner, fields from profile
             where since <= ?1 order by partner, seq",
        )?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let (id, since) = (row.get(0)?, day_of(row.get(1)?)?);
            take(id, ProfileRow { since, values: attributes(row, id, parents)? });
        }
        Ok(())
    }

    /// Hands over what was recorded of milestones that do not recur, by the view's day, partner by partner in order.
    pub fn each_milestone(&self, mut take: impl FnMut(PartnerId, MilestoneRow)) -> Result<()> {
        let mut statement = self.reader.connection.prepare_cached(
            "select partner, key, life, day, status from milestone
             where day <= ?1 and first_day is null order by partner, seq",
        )?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let day = day_of(row.get(3)?)?;
            let record = match text(row, 4)? {
                "reopened" => None,
                status => Some(MilestoneFact { day, skipped: status == "skipped" }),
            };
            take(row.get(0)?, MilestoneRow { milestone: row.get(1)?, life: row.get(2)?, record });
        }
        Ok(())
    }

    /// Hands over business reviews held by the view's day, partner by partner in order.
    pub fn each_review(&self, mut take: impl FnMut(PartnerId, ReviewRow)) -> Result<()> {
        let sql = "select partner, first_day, last_day, day, life from review where day <= ?1 order by partner, seq";
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let days = DayRange { first: row.get(1)?, last: row.get(2)? };
            let review = ReviewRow { days, day: row.get(3)?, life: row.get(4)? };
            take(row.get(0)?, review);
        }
        Ok(())
    }

    /// Hands over questionnaires as answered by the view's day, partner by partner in order.
    pub fn each_assessment(&self, mut take: impl FnMut(PartnerId, AssessmentRow)) -> Result<()> {
        let mut statement = self.reader.connection.prepare_cached(
            "select partner, questionnaire, life, day, low, high, worst, best, overridden
             from assessment where day <= ?1 order by partner, seq",
        )?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let overridden = row.get::<_, Option<i64>>(8)?.map(day_of).transpose()?;
            let assessment = AssessmentRow {
                questionnaire: row.get(1)?,
                life: row.get(2)?,
                day: day_of(row.get(3)?)?,
                score: row.get::<_, Option<f64>>(4)?.zip(row.get(5)?).map(|(low, high)| [low, high]),
                judged: Verdicts {
                    worst: verdict(&row.get::<_, String>(6)?)?,
                    best: verdict(&row.get::<_, String>(7)?)?,
                },
                overridden_on: overridden.filter(|day| *day <= self.as_of),
            };
            take(row.get(0)?, assessment);
        }
        Ok(())
    }

    /// Hands over what was answered by the view's day, partner by partner in order.
    pub fn each_answers(&self, mut take: impl FnMut(PartnerId, AnswersRow)) -> Result<()> {
        let mut statement = self.reader.connection.prepare_cached(
            "select partner, questionnaire, life, answers, day from assessment
             where day <= ?1 order by partner, seq",
        )?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let answers: String = row.get(3)?;
            let answers = serde_json::from_str(&answers)
                .map_err(|error| unreadable(Content::AssessmentAnswers, &error))?;
            let (questionnaire, life, day) = (row.get(1)?, row.get(2)?, day_of(row.get(4)?)?);
            take(row.get(0)?, AnswersRow { questionnaire, life, day, answers });
        }
        Ok(())
    }

    /// Hands over the records of one kind that were there by the view's day, partner by partner in order; what
    /// happened to them later has not happened.
    #[expect(private_bounds, reason = "which types have a table is the store's own matter")]
    pub fn each<T: ReadBack>(&self, mut take: impl FnMut(PartnerId, T)) -> Result<()> {
        let sql = format!("select * from {} where day <= ?1 order by partner, seq", T::TABLE);
        let mut statement = self.reader.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            take(row.get("partner")?, T::read(row, self.as_of)?);
        }
        Ok(())
    }

    /// Returns what was announced by the view's day, by key: each time with its day, oldest first.
    pub fn announced(&self) -> Result<BTreeMap<String, Vec<(Day, Announced)>>> {
        let mut all: BTreeMap<String, Vec<(Day, Announced)>> = BTreeMap::new();
        let mut statement = self.reader.connection.prepare_cached(
            "select number, action, partner, day, kind, body from event
             where partner is null and kind = 'announced' and day <= ?1 order by day, number",
        )?;
        let mut rows = statement.query([self.as_of.number()])?;
        while let Some(row) = rows.next()? {
            let logged = logged_event(row)?;
            if self.known.counts(logged.action)
                && let Event::Announced(announced) = logged.decode()?
            {
                all.entry(announced.announcement.clone()).or_default().push((logged.day, announced));
            }
        }
        Ok(all)
    }

    /// Returns when the newest action was recorded, as far as was known, and a number that rises with each action and with
    /// time, so that what is recorded after an older copy was restored has a larger one than what was before: the seconds
    /// since 2020, or one more than that of the action before.
    pub fn edition(&self) -> Result<(String, i64)> {
        let mut newest = None;
        self.reader.actions_before(None, |action| {
            let known = self.known_on.is_none_or(|known_on| action.recorded_on <= known_on);
            newest = known.then(|| (action.recorded_at.clone(), action.id));
            !known
        })?;
        let Some((instant, last)) = newest else { return Ok(("1970-01-01T00:00:00Z".to_owned(), 0)) };
        let sql = "select max(cast(strftime('%s', recorded_at) as integer) - 1577836800 - id) from action where id <= ?1";
        let ahead: Option<i64> =
            self.reader.connection.prepare_cached(sql)?.query_row([last], |row| row.get(0))?;
        Ok((instant, last + ahead.unwrap_or_default().max(0)))
    }

    /// Returns partners in whose histories something may have been overridden; each as what it was merged into.
    pub fn overriding(&self) -> Result<BTreeSet<PartnerId>> {
        let sql = "select distinct partner from event
                   where kind in ('overridden', 'skipped') or (kind = 'entered' and body like '%\"reason\"%')";
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let found =
            statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<PartnerId>>>()?;
        found.into_iter().map(|partner| self.reader.survivor(partner)).collect()
    }

    /// Returns all that counts for one partner, as far as was known.
    pub fn history(&self, partner: PartnerId) -> Result<History> {
        self.reader.history_as_known(partner, &self.known)
    }

    /// Returns one partner as it stood.
    pub fn partner(&self, id: PartnerId) -> Result<Option<Partner>> {
        let history = self.history(id)?;
        Ok(history.fold(&self.in_force.aliases, Some(self.as_of)).partner().cloned())
    }
}

/// Returns the attributes of a partner from a row of its profiles, by key; `parents` is none if the program has a field of
/// that name.
fn attributes(row: &Row, id: PartnerId, parents: Option<&ParentKeys>) -> Result<Vec<(String, String)>> {
    let fields = row.get_ref("fields")?.as_str().map_err(rusqlite::Error::from)?;
    let fields: BTreeMap<String, String> =
        serde_json::from_str(fields).map_err(|error| unreadable(Content::ProfileFields, &error))?;
    let mut values: Vec<(String, String)> = fields.into_iter().collect();
    for key in BUILT_IN_ATTRIBUTES {
        let value: Option<String> = row.get(key)?;
        values.extend(value.map(|value| (key.to_owned(), value)));
    }
    if let Some(parents) = parents {
        parents.written(id, &mut values);
    }
    Ok(values)
}

/// Returns a text that is read where it is.
fn text<'r>(row: &'r Row, at: usize) -> Result<&'r str> {
    Ok(row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?)
}

fn verdict(word: &str) -> Result<Verdict> {
    let known = [Verdict::Fail, Verdict::Review, Verdict::Pass].into_iter().find(|one| one.word() == word);
    known.ok_or_else(|| damaged(Damage::UnknownCode { of: Coded::Verdict, code: word.to_owned() }))
}

fn place(code: i64, stage: Option<usize>) -> Result<StandingRow> {
    match (code, stage) {
        (0, Some(stage)) => Ok(StandingRow::In(stage)),
        (1, stage) => Ok(StandingRow::Parked(stage)),
        (2, stage) => Ok(StandingRow::Left(LeftAs::Declined, stage)),
        (3, stage) => Ok(StandingRow::Left(LeftAs::Withdrew, stage)),
        (4, stage) => Ok(StandingRow::Left(LeftAs::Terminated, stage)),
        _ => Err(damaged(Damage::UnknownCode { of: Coded::Standing, code: code.to_string() })),
    }
}
