//! `report revenue`: revenue by partner, parent, type, tier, region, owner, field, product, customer, deal, currency or
//! period.
//!
//! A sale that a partner and one below it both report counts once, for the one below. Attributes are those of the day of each
//! sale. By parent, a sale counts under the topmost partner above the one that it counts for.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::convert::Infallible;

use clap::Args;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::{Calendar, DayRange, Every, Period, PeriodEdge};
use crate::lifecycle::base::text::{capital, counted, listed, nearest, phrase};
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::program::{PARENT, Program, attributes_of};
use crate::lifecycle::revenue::{NamedSales, Sale, SoldDays, says_nothing};
use crate::report::basis::Basis;
use crate::report::first_few::FirstFew;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::options::read_edge;
use crate::report::reading::{Channel, Line, Needs};
use crate::report::spanning::Spanning;
use crate::report::value::ratio;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::{AttributesRow, ProfileRow, View};

#[derive(Debug, Args)]
pub(crate) struct RevenueReport {
    /// What to group by: partner, parent, type, tier, region, owner, a field, product, customer, deal, currency, year, half, quarter, month, week; several with commas
    #[arg(long, value_name = "KEY,...", value_delimiter = ',', default_value = "partner")]
    by: Vec<String>,
    /// Only revenue of this period, such as 2026-Q3 or 2026-10
    #[arg(long, conflicts_with_all = ["since", "until"])]
    period: Option<String>,
    /// Only revenue since this date, or the first day of a period such as 2026-Q3
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only revenue until this date, which belongs to it
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

impl NamedReport for RevenueReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/revenue.txt")
    }

    fn needs(&self, view: &View) -> anyhow::Result<Needs> {
        let keys = self.keys(&view.in_force.program)?;
        let of_past = keys.iter().any(|key| matches!(key, Key::Attribute(_)));
        let past = if of_past { Needs::of::<ProfileRow>() } else { Needs::NONE };
        Ok(Needs::of::<AttributesRow>().and(past))
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let keys = self.keys(asked.channel.program)?;
        let question = RevenueQuestion { keys, window: self.window(asked)? };
        let finest = question.keys.iter().filter_map(Key::every).max();
        let spanning = finest.map(|every| Spanning::new(asked.channel.program.calendar, every));
        let mut doubts = PeriodDoubts { beyond: BeyondWindow::default(), spanning, recorded: None };
        let groups = RevenueGroup::load(asked.view, asked.channel, &question, &mut doubts)?;
        let since = question.window.first.unwrap_or(Day::FIRST);
        Ok(report(asked.channel, asked.basis, &question, (&groups, doubts.recorded))
            .with_caveats(doubts.beyond.sentences())
            .with_caveats(doubts.spanning.and_then(|spanning| spanning.sentence()))
            .with_notes(asked.channel.counted_once(since))
            .with_notes(asked.channel.counted_for_both(since)))
    }

    fn examples() -> &'static [&'static str] {
        &[
            "report revenue --by product",
            "report revenue --by region,quarter",
            "report revenue --by parent",
            "report revenue --period 2026-Q3",
            "report revenue --by product --since 2026-07-01 --until 2026-09-30",
            "report revenue --by partner,quarter --since 2026-01-01 --format csv",
        ]
    }
}

impl RevenueReport {
    /// Returns the days that it is about.
    fn window(&self, asked: &ReportRequest) -> Result<Window, Error> {
        if let Some(typed) = &self.period {
            let period = asked.channel.program.calendar.parse(typed);
            let period = period.map_err(|why| Error::usage(format!("--period: {why}")))?;
            let (first, last) = (Some(period.first), Some(period.last));
            return Ok(Window { first, last, period: Some(period) });
        }
        let until = |text: &String| {
            read_edge("--until", text, (asked.channel.program.calendar, asked.today), PeriodEdge::Last)
        };
        let (first, last) = (asked.since(self.since.as_ref())?, self.until.as_ref().map(until).transpose()?);
        match (first, last) {
            (Some(first), Some(last)) if first > last => {
                Err(Error::usage(format!("--since {first} is after --until {last}")))
            }
            _ => Ok(Window { first, last, period: None }),
        }
    }

    fn keys(&self, program: &Program) -> Result<Vec<Key>, Error> {
        let keys = self.by.iter().map(|word| Key::parse(word.trim(), program)).collect::<Result<_, _>>();
        keys.map_err(|why| Error::usage(format!("--by: {why}")))
    }
}

/// The field that revenue is grouped by.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Key {
    Partner,
    Product,
    Customer,
    Deal,
    Currency,
    Year,
    Half,
    Quarter,
    Month,
    Week,
    /// An attribute as of the day of the sale.
    Attribute(String),
}

impl Key {
    const ALL: [(&'static str, Key); 10] = [
        ("partner", Key::Partner),
        ("product", Key::Product),
        ("customer", Key::Customer),
        ("deal", Key::Deal),
        ("currency", Key::Currency),
        ("year", Key::Year),
        ("half", Key::Half),
        ("quarter", Key::Quarter),
        ("month", Key::Month),
        ("week", Key::Week),
    ];

    /// Returns whether a record is a return that takes what it is grouped by from the sale that it names.
    fn is_of_returned_sale(&self, sale: &Sale) -> bool {
        let said = sale.said();
        said.returns.is_some()
            && match self {
                Key::Product => said.product.is_none(),
                Key::Customer => said.customer.is_none(),
                Key::Deal => said.deal.is_none(),
                _ => false,
            }
    }

    /// Returns the key with this name.
    ///
    /// # Errors
    /// Fails for an unknown name, with the nearest one or those that are known.
    fn parse(word: &str, program: &Program) -> Result<Key, String> {
        if let Some((_, key)) = Key::ALL.iter().find(|(known, _)| *known == word) {
            return Ok(key.clone());
        }
        let attributes = attributes_of(program).into_iter().filter(|key| *key != "name");
        if let Some(key) = attributes.clone().find(|key| *key == word.replace('_', "-")) {
            return Ok(Key::Attribute(key.to_owned()));
        }
        let words: Vec<&str> = Key::ALL.iter().map(|(word, _)| *word).chain(attributes).collect();
        Err(match nearest(word, words.iter().copied()).first() {
            Some(near) => format!("revenue cannot be grouped by `{word}`; did you mean `{near}`?"),
            None => format!("revenue cannot be grouped by `{word}`; choose from {}", listed(&words)),
        })
    }

    fn word(&self) -> &str {
        match self {
            Key::Attribute(key) => key,
            other => Key::ALL.iter().find(|(_, key)| key == other).map_or("", |(word, _)| word),
        }
    }

    fn is_parent(&self) -> bool {
        self.word() == PARENT
    }

    /// Returns its name as a column for machines.
    fn column(&self) -> String {
        match self {
            Key::Currency => "sold_in".to_owned(),
            Key::Attribute(key) => key.replace('-', "_"),
            other => other.word().to_owned(),
        }
    }

    fn every(&self) -> Option<Every> {
        match self {
            Key::Year => Some(Every::Year),
            Key::Half => Some(Every::Half),
            Key::Quarter => Some(Every::Quarter),
            Key::Month => Some(Every::Month),
            Key::Week => Some(Every::Week),
            _ => None,
        }
    }
}

/// The labels of sales by the keys of the report; those of periods are found once.
struct Labels<'c> {
    channel: &'c Channel<'c>,
    periods: HashMap<(Day, Every), String>,
    /// What returns of the partner that is read name, if sales are grouped by product or customer.
    named: NamedSales,
    /// The lines by key, if sales are grouped by parent.
    lines: HashMap<&'c str, &'c Line>,
}

impl<'c> Labels<'c> {
    fn new(channel: &'c Channel<'c>, keys: &[Key]) -> Labels<'c> {
        let by_parent = keys.iter().any(Key::is_parent);
        let lines = channel.lines.iter().filter(|_| by_parent).map(|line| (line.key(), line)).collect();
        Labels { channel, periods: HashMap::new(), named: NamedSales::default(), lines }
    }

    fn period(&mut self, day: Day, every: Every) -> String {
        let calendar = self.channel.program.calendar;
        let label = || calendar.containing(day, every).map_or_else(String::new, |period| period.to_string());
        self.periods.entry((day, every)).or_insert_with(label).clone()
    }

    /// Returns the topmost partner above the one of a sale on its day, or that partner itself.
    fn topmost<'l>(&self, line: &'l Line, day: Day) -> &'l str
    where
        'c: 'l,
    {
        let mut top = line;
        let mut key = line.key();
        let mut seen = HashSet::from([key]);
        // Where parents go in a circle, the way ends before it comes back.
        while let Some(above) = top.attribute_on(PARENT, day).filter(|above| seen.insert(above)) {
            key = above;
            match self.lines.get(above) {
                Some(next) => top = next,
                // The parent is not among the partners that the report is about.
                None => break,
            }
        }
        key
    }

    fn of(&mut self, key: &Key, line: &Line, sale: &Sale) -> String {
        let detail = sale.detail.as_deref();
        match key {
            Key::Partner => line.key().to_owned(),
            Key::Product => self.named.product_of(sale).unwrap_or_default().to_owned(),
            Key::Customer => self.named.customer_of(sale).unwrap_or_default().to_owned(),
            Key::Deal => self.named.deal_of(sale).unwrap_or_default().to_owned(),
            Key::Currency => detail
                .and_then(|detail| detail.currency.clone())
                .unwrap_or_else(|| self.channel.program.currency.code().to_owned()),
            Key::Attribute(_) if key.is_parent() && self.channel.program.has_parents() => {
                self.topmost(line, sale.day).to_owned()
            }
            Key::Attribute(key) => line.attribute_on(key, sale.day).unwrap_or_default().to_owned(),
            Key::Year | Key::Half | Key::Quarter | Key::Month | Key::Week => {
                key.every().map_or_else(String::new, |every| self.period(sale.day, every))
            }
        }
    }
}

/// The options of the report.
#[derive(Clone, Debug)]
struct RevenueQuestion {
    /// The fields to group by.
    keys: Vec<Key>,
    window: Window,
}

/// The days that the report is about; both ends belong to them.
#[derive(Clone, Debug)]
struct Window {
    first: Option<Day>,
    last: Option<Day>,
    /// The period that was asked for, if one was.
    period: Option<Period>,
}

impl Window {
    fn contains(&self, day: Day) -> bool {
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }

    /// Returns what stands behind the title; `recorded` are the days of all records that count.
    fn words(&self, recorded: Option<DayRange>) -> String {
        match (self.first, self.last) {
            (Some(first), Some(last)) => match &self.period {
                Some(period) => format!(", {period}, {first} to {last}"),
                None => format!(", {first} to {last}"),
            },
            (Some(first), None) => format!(", since {first}"),
            (None, Some(last)) => format!(", until {last}"),
            (None, None) => recorded
                .map_or_else(String::new, |days| format!(", all dates, {} to {}", days.first, days.last)),
        }
    }
}

/// Records of which it is not plain in which period they count.
struct PeriodDoubts {
    beyond: BeyondWindow,
    /// None if nothing is grouped by period.
    spanning: Option<Spanning>,
    /// The days of all records that count.
    recorded: Option<DayRange>,
}

/// Records of periods of which some days are asked for and some are not.
#[derive(Default)]
struct BeyondWindow {
    /// Those that count, and those that do not.
    within: FirstFew,
    after: FirstFew,
}

impl BeyondWindow {
    fn take(&mut self, line: &Line, sale: &Sale, (days, calendar): (DayRange, Calendar), window: &Window) {
        let first = days.first;
        let starts = |day: Day| window.first.is_none_or(|first| first <= day);
        let ends = |day: Day| window.last.is_none_or(|last| day <= last);
        let (reaches_in, is_within) = (starts(sale.day) && ends(first), starts(first) && ends(sale.day));
        if reaches_in && !is_within {
            let all = if ends(sale.day) { &mut self.within } else { &mut self.after };
            let period = || calendar.named(days);
            let words =
                || Ok::<_, Infallible>(format!("{} {} ({first} to {})", line.key(), period(), sale.day));
            let Ok(()) = all.add(words);
        }
    }

    /// Says how such records count; nothing without any.
    fn sentences(&self) -> Vec<String> {
        let said = |all: &FirstFew, how: [&str; 2]| {
            let more = all.more();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let named = all.named.join(", ");
            let how = how[usize::from(all.count != 1)];
            (all.count > 0).then(|| {
                let reports = counted(all.count, "report of a period");
                let reports = reports.replace("report of a periods", "reports of periods");
                format!("{reports} {how}: {named}{more}.")
            })
        };
        let within = said(
            &self.within,
            [
                "began earlier and counts whole, on its last day",
                "began earlier and count whole, on their last day",
            ],
        );
        let after =
            said(&self.after, ["ends later and does not count here", "end later and do not count here"]);
        within.into_iter().chain(after).collect()
    }
}

/// Revenue of one group: its labels in the order of the keys, and how many records make it up.
#[derive(Default)]
struct RevenueGroup {
    labels: Vec<String>,
    minor: i128,
    /// Of partners that stand for themselves, if it is grouped by parent.
    own_minor: i128,
    /// Of all revenue; none for the total.
    share: Option<f64>,
    records: u64,
}

/// Returns the whole report on groups that [`RevenueGroup::load`] read.
fn report(
    channel: &Channel,
    frame: &Basis,
    question: &RevenueQuestion,
    (groups, recorded): (&[RevenueGroup], Option<DayRange>),
) -> Report {
    let labels = question.keys.iter().take(1).map(|_| "Total".to_owned()).collect();
    let minor = groups.iter().map(|one| one.minor).sum();
    let records = groups.iter().map(|one| one.records).sum();
    let own_minor = groups.iter().map(|one| one.own_minor).sum();
    let total = RevenueGroup { labels, minor, own_minor, share: None, records };
    frame
        .report("chanlife.revenue-totals/1", channel)
        .with_figures([
            Figure::for_machines("since", question.window.first),
            Figure::for_machines("until", question.window.last),
            Figure::for_machines("period", question.window.period.as_ref().map(ToString::to_string)),
            Figure::for_machines("total", Cell::ExactMoney(channel.money(minor))),
            Figure::for_machines("currency", channel.program.currency.code()),
        ])
        .with_tables([table(channel, question, (groups, recorded), &total)])
        .with_notes(of_the_day(&question.keys))
}

/// Groups as they are added up, partner by partner.
struct Sums<'c> {
    keys: &'c [Key],
    labels: Labels<'c>,
    /// Which key is the parent.
    parent: Option<usize>,
    totals: BTreeMap<Vec<String>, RevenueGroup>,
    whose: Option<PartnerId>,
    /// When the partner that is read sold something.
    sold: SoldDays,
}

impl<'c> Sums<'c> {
    fn new(channel: &'c Channel<'c>, question: &'c RevenueQuestion) -> Sums<'c> {
        let labels = Labels::new(channel, &question.keys);
        let parent = question.keys.iter().position(Key::is_parent);
        let sold = SoldDays::default();
        Sums { keys: &question.keys, labels, parent, totals: BTreeMap::new(), whose: None, sold }
    }

    /// Turns to the sales of the next partner, after the returns of the one before.
    fn turn_to(&mut self, partner: PartnerId, waiting: &mut Vec<(&Line, Sale)>) {
        self.take_all(waiting);
        self.labels.named = NamedSales::default();
        self.sold = SoldDays::default();
        self.whose = Some(partner);
    }

    fn take_all(&mut self, waiting: &mut Vec<(&Line, Sale)>) {
        waiting.drain(..).for_each(|(line, sale)| self.take(line, &sale));
    }

    fn take(&mut self, line: &Line, sale: &Sale) {
        let group: Vec<String> = self.keys.iter().map(|key| self.labels.of(key, line, sale)).collect();
        let minor = i128::from(sale.amount_minor);
        let is_own = self.parent.is_some_and(|at| group[at] == line.key());
        let total = self.totals.entry(group).or_default();
        total.minor += minor;
        total.own_minor += if is_own { minor } else { 0 };
        total.records += u64::from(self.sold.instead_of(sale).is_none());
    }
}

impl RevenueGroup {
    /// Adds the sales of the channel up as they are read: a file may have more of them than fit into memory.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    fn load(
        view: &View,
        channel: &Channel,
        question: &RevenueQuestion,
        doubts: &mut PeriodDoubts,
    ) -> anyhow::Result<Vec<RevenueGroup>> {
        let mut sums = Sums::new(channel, question);
        let by_detail =
            question.keys.iter().any(|key| matches!(key, Key::Product | Key::Customer | Key::Deal));
        // A return counts as what it returns, and a report of nothing gives way to what was sold: both may be read after it.
        let mut waiting: Vec<(&Line, Sale)> = Vec::new();
        let mut at = 0;
        view.each_sale_line(|partner, sale| {
            while channel.lines.get(at).is_some_and(|line| line.id < partner) {
                at += 1;
            }
            let Some(line) = channel.lines.get(at).filter(|line| line.id == partner) else { return };
            if channel.is_counted_below(sale) {
                return;
            }
            if sums.whose != Some(partner) {
                sums.turn_to(partner, &mut waiting);
            }
            if let Some(days) = sale.period.filter(|_| sale.reported_minor() != 0) {
                doubts.beyond.take(line, sale, (days, channel.program.calendar), &question.window);
            }
            if by_detail {
                sums.labels.named.add(sale);
            }
            sums.sold.add(sale);
            if !question.window.contains(sale.day) {
                return;
            }
            let recorded = doubts.recorded.get_or_insert(DayRange { first: sale.day, last: sale.day });
            recorded.first = recorded.first.min(sale.day);
            recorded.last = recorded.last.max(sale.day);
            if let (Some(spanning), Some(days)) = (&mut doubts.spanning, sale.period)
                && sale.reported_minor() != 0
            {
                spanning.take(line.key(), days);
            }
            if says_nothing(sale) || question.keys.iter().any(|key| key.is_of_returned_sale(sale)) {
                waiting.push((line, sale.clone()));
            } else {
                sums.take(line, sale);
            }
        })?;
        sums.take_all(&mut waiting);
        let totals = sums.totals;
        let all: i128 = totals.values().map(|one| one.minor).sum();
        let group = |(labels, one): (Vec<String>, RevenueGroup)| {
            let share = ratio(one.minor, all);
            RevenueGroup { labels, share, ..one }
        };
        Ok(totals.into_iter().map(group).collect())
    }
}

fn table(
    channel: &Channel,
    question: &RevenueQuestion,
    (groups, recorded): (&[RevenueGroup], Option<DayRange>),
    total: &RevenueGroup,
) -> Table {
    let keys = &question.keys;
    let currency = channel.program.currency;
    let is_below = channel.counted_once(question.window.first.unwrap_or(Day::FIRST)).is_some();
    let empty = if is_below { "All revenue counts for partners below." } else { "No revenue recorded." };
    let exact = |minor: i128| Cell::ExactMoney(channel.money(minor));
    let by: Vec<&str> = keys.iter().map(Key::word).collect();
    let title = format!("Revenue by {}{}", by.join(" and "), question.window.words(recorded));
    let mut table = Table::summed("rows", title, groups, Some(total));
    let calendar = channel.program.calendar;
    for (at, key) in keys.iter().enumerate() {
        table = table.machines(key.column(), move |one| one.labels.get(at)).people(
            capital(&key.word().replace('-', " ")),
            move |one| {
                let word = key.word().replace('-', " ");
                let label = one.labels.get(at).map(String::as_str);
                label.map(|label| if label.is_empty() { format!("(no {word})") } else { label.to_owned() })
            },
        );
        if *key == Key::Partner || (key.is_parent() && channel.program.has_parents()) {
            let names = names_in(channel);
            table = table.later_partner_name(move |one| names.get(one.labels.get(at)?.as_str()).copied());
        }
        if key.every().is_some() {
            let period = |one: &RevenueGroup| calendar.parse(one.labels.get(at)?).ok();
            table = table.period_days(&key.column(), period);
        }
    }
    table = table
        .column("amount", format!("Revenue ({})", currency.code()), |one| exact(one.minor))
        .machines("currency", |_| currency.code());
    if keys.iter().any(Key::is_parent) {
        table =
            table
                .column("own", "Own", |one| exact(one.own_minor))
                .column("below", "Partners below", |one| exact(one.minor - one.own_minor));
    }
    table
        .column("share", "Share", |one| Cell::share(one.share))
        .column("records", "Records", |one| one.records)
        .done()
        .empty(empty)
}

/// Returns the names of the partners by their keys.
fn names_in<'c>(channel: &'c Channel) -> HashMap<&'c str, &'c str> {
    channel.lines.iter().filter_map(|line| Some((line.key(), line.attribute("name")?))).collect()
}

/// Says that attributes are those of the day of each sale, if it is grouped by some.
fn of_the_day(keys: &[Key]) -> Option<String> {
    let attributes =
        keys.iter().filter(|key| matches!(key, Key::Attribute(_))).map(|key| key.word().to_owned());
    let attributes: Vec<String> = attributes.collect();
    (!attributes.is_empty())
        .then(|| format!("A sale counts for the {} on the sale date.", phrase(&attributes)))
}
