//! `report revenue`: revenue by partner, product, customer, deal, currency or period.

use std::collections::{BTreeMap, HashMap};

use clap::Args;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::text::{counted, listed};
use crate::lifecycle::revenue::Sale;
use crate::report::basis::Basis;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::reading::{Channel, Needs};
use crate::report::value::ratio;
use crate::report::value::{Cell, Figure, Report, Table};
use crate::store::{AttributesRow, View};

#[derive(Debug, Args)]
pub(crate) struct RevenueReport {
    /// Fields to group by, separated by commas
    #[arg(long, value_name = "KEY,...", value_delimiter = ',', default_value = "partner")]
    by: Vec<String>,
    /// Only revenue since this date
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
}

impl NamedReport for RevenueReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/revenue.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        self.keys()?;
        Ok(Needs::of::<AttributesRow>())
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let question = RevenueQuestion { keys: self.keys()?, since: asked.since(self.since.as_ref())? };
        let groups = RevenueGroup::load(asked.view, asked.channel, &question)?;
        Ok(report(asked.channel, asked.basis, &question, &groups))
    }

    fn examples() -> &'static [&'static str] {
        &[
            "report revenue --by product",
            "report revenue --by partner,quarter --since 2026-01-01 --format csv",
        ]
    }
}

impl RevenueReport {
    fn keys(&self) -> Result<Vec<Key>, Error> {
        let keys = self.by.iter().map(|word| Key::parse(word.trim())).collect::<Result<_, _>>();
        keys.map_err(|why| Error::usage(format!("--by: {why}")))
    }
}

/// The field that revenue is grouped by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Key {
    Partner,
    Product,
    Customer,
    Deal,
    Currency,
    Year,
    Quarter,
    Month,
}

impl Key {
    const ALL: [(&'static str, Key); 8] = [
        ("partner", Key::Partner),
        ("product", Key::Product),
        ("customer", Key::Customer),
        ("deal", Key::Deal),
        ("currency", Key::Currency),
        ("year", Key::Year),
        ("quarter", Key::Quarter),
        ("month", Key::Month),
    ];

    /// Returns the key with this name.
    ///
    /// # Errors
    /// Fails for an unknown name, with the known ones.
    fn parse(word: &str) -> Result<Key, String> {
        let found = Key::ALL.iter().find(|(known, _)| *known == word);
        found.map(|(_, key)| *key).ok_or_else(|| {
            let words: Vec<&str> = Key::ALL.iter().map(|(word, _)| *word).collect();
            format!("revenue cannot be grouped by `{word}`; choose from {}", listed(&words))
        })
    }

    fn word(self) -> &'static str {
        Key::ALL.iter().find(|(_, key)| *key == self).map_or("", |(word, _)| word)
    }

    fn every(self) -> Option<Every> {
        match self {
            Key::Year => Some(Every::Year),
            Key::Quarter => Some(Every::Quarter),
            Key::Month => Some(Every::Month),
            _ => None,
        }
    }
}

/// The labels of periods, each found once.
struct Labels<'c> {
    channel: &'c Channel<'c>,
    known: HashMap<(Day, Every), String>,
}

impl Labels<'_> {
    fn of(&mut self, day: Day, every: Every) -> String {
        let calendar = self.channel.program.calendar;
        let label = || calendar.containing(day, every).map_or_else(String::new, |period| period.to_string());
        self.known.entry((day, every)).or_insert_with(label).clone()
    }
}

/// The options of the report.
#[derive(Clone, Debug)]
struct RevenueQuestion {
    /// The fields to group by.
    keys: Vec<Key>,
    /// Only sales from this day on; all if there is none.
    since: Option<Day>,
}

/// Revenue of one group: its labels in the order of the keys, and how many records make it up.
#[derive(Default)]
struct RevenueGroup {
    labels: Vec<String>,
    minor: i128,
    /// Of all revenue; none for the total.
    share: Option<f64>,
    records: u64,
}

/// Returns the whole report on groups that [`RevenueGroup::load`] read.
fn report(channel: &Channel, frame: &Basis, question: &RevenueQuestion, groups: &[RevenueGroup]) -> Report {
    let labels = question.keys.iter().take(1).map(|_| "Total".to_owned()).collect();
    let minor = groups.iter().map(|one| one.minor).sum();
    let records = groups.iter().map(|one| one.records).sum();
    let total = RevenueGroup { labels, minor, share: None, records };
    frame
        .report("chanlife.revenue-totals/1", channel)
        .with_figures([
            Figure::for_machines("since", question.since),
            Figure::for_machines("total", Cell::ExactMoney(channel.money(minor))),
            Figure::for_machines("currency", channel.program.currency.code()),
        ])
        .with_tables([table(channel, &question.keys, groups, &total)])
        .with_notes([format!("{}.", counted(records, "revenue record"))])
}

impl RevenueGroup {
    /// Adds the sales of the channel up as they are read: a file may have more of them than fit into memory.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    fn load(view: &View, channel: &Channel, question: &RevenueQuestion) -> anyhow::Result<Vec<RevenueGroup>> {
        let mut labels = Labels { channel, known: HashMap::new() };
        let mut totals: BTreeMap<Vec<String>, (i128, u64)> = BTreeMap::new();
        let mut at = 0;
        view.each_sale_line(|partner, sale| {
            while channel.lines.get(at).is_some_and(|line| line.id < partner) {
                at += 1;
            }
            let Some(line) = channel.lines.get(at).filter(|line| line.id == partner) else { return };
            if question.since.is_some_and(|since| sale.day < since) {
                return;
            }
            let keys = question.keys.iter();
            let group = keys.map(|key| label(*key, line.key(), sale, channel, &mut labels)).collect();
            let (sum, count) = totals.entry(group).or_default();
            *sum += i128::from(sale.amount_minor);
            *count += 1;
        })?;
        let all: i128 = totals.values().map(|(minor, _)| minor).sum();
        let group = |(labels, (minor, records))| {
            let share = ratio(minor, all);
            RevenueGroup { labels, minor, share, records }
        };
        Ok(totals.into_iter().map(group).collect())
    }
}

fn table(channel: &Channel, keys: &[Key], groups: &[RevenueGroup], total: &RevenueGroup) -> Table {
    let currency = channel.program.currency;
    let by: Vec<&str> = keys.iter().map(|key| key.word()).collect();
    let title = format!("Revenue by {}", by.join(" and "));
    let mut table = Table::summed("rows", title, groups, Some(total));
    for (at, key) in keys.iter().enumerate() {
        let name = if *key == Key::Currency { "sold_in" } else { key.word() };
        table = table.column(name, capitalised(key.word()), move |one| one.labels.get(at));
    }
    table
        .column("amount", format!("Revenue ({})", currency.code()), |one| {
            Cell::ExactMoney(channel.money(one.minor))
        })
        .machines("currency", |_| currency.code())
        .column("share", "Share", |one| Cell::share(one.share))
        .column("records", "Records", |one| one.records)
        .done()
        .empty("No revenue recorded.")
}

fn label(key: Key, partner: &str, sale: &Sale, channel: &Channel, labels: &mut Labels) -> String {
    let detail = sale.detail.as_deref();
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    match key {
        Key::Partner => partner.to_owned(),
        Key::Product => text(detail.and_then(|detail| detail.product.as_ref())),
        Key::Customer => text(detail.and_then(|detail| detail.customer.as_ref())),
        Key::Deal => text(detail.and_then(|detail| detail.deal.as_ref())),
        Key::Currency => detail
            .and_then(|detail| detail.currency.clone())
            .unwrap_or_else(|| channel.program.currency.code().to_owned()),
        Key::Year | Key::Quarter | Key::Month => {
            key.every().map_or_else(String::new, |every| labels.of(sale.day, every))
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
