//! `report revenue`: what was sold, added up by partner, product, period and the like.

use std::collections::{BTreeMap, HashMap};

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::period::Every;
use crate::lifecycle::base::text::{counted, listed};
use crate::lifecycle::revenue::Sale;
use crate::report::channel::Channel;
use crate::report::frame::Frame;
use crate::report::growth::ratio;
use crate::report::sheet::{Cell, Column, Figure, Report, Sheet};
use crate::store::View;

/// What revenue is added up by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Key {
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

    /// The key that goes by this word.
    ///
    /// # Errors
    /// The words that there are.
    pub(crate) fn parse(word: &str) -> Result<Key, String> {
        let found = Key::ALL.iter().find(|(known, _)| *known == word);
        found.map(|(_, key)| *key).ok_or_else(|| {
            let words: Vec<&str> = Key::ALL.iter().map(|(word, _)| *word).collect();
            format!("`{word}` is nothing that revenue is added up by; there are {}", listed(&words))
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

/// Revenue from `since` on, or all, added up by `keys`; the channel needs attributes.
///
/// # Errors
/// Where the file can't be read.
pub(crate) fn report(
    view: &View,
    channel: &Channel,
    frame: &Frame,
    keys: &[Key],
    since: Option<Day>,
) -> anyhow::Result<Report> {
    let mut labels = Labels { channel, known: HashMap::new() };
    let mut totals: BTreeMap<Vec<String>, (i128, u64)> = BTreeMap::new();
    let mut at = 0;
    view.each_sale_line(|partner, sale| {
        while channel.lines.get(at).is_some_and(|line| line.id < partner) {
            at += 1;
        }
        let Some(line) = channel.lines.get(at).filter(|line| line.id == partner) else { return };
        if since.is_some_and(|since| sale.day < since) {
            return;
        }
        let group = keys.iter().map(|key| label(*key, line.key(), sale, channel, &mut labels)).collect();
        let (sum, count) = totals.entry(group).or_default();
        *sum += i128::from(sale.amount_minor);
        *count += 1;
    })?;
    let currency = channel.program.currency;
    let mut columns: Vec<Column> = keys
        .iter()
        .map(|key| {
            let word = key.word();
            Column::new(if *key == Key::Currency { "sold_in" } else { word }, capitalised(word))
        })
        .collect();
    columns.extend([
        Column::new("amount", format!("Revenue ({})", currency.code())),
        Column::for_machines("currency"),
        Column::new("share", "Share"),
        Column::new("records", "Records"),
    ]);
    let mut sheet = Sheet::new("rows", "Revenue", columns).empty("No revenue.");
    let total: i128 = totals.values().map(|(sum, _)| sum).sum();
    let records: u64 = totals.values().map(|(_, count)| count).sum();
    for (group, (sum, count)) in &totals {
        let mut row: Vec<Cell> = group.iter().map(|label| Cell::text(label.as_str())).collect();
        row.extend([
            Cell::ExactMoney(currency.money(*sum)),
            currency.code().into(),
            Cell::share(ratio(*sum, total)),
            Cell::count(*count),
        ]);
        sheet.rows.push(row);
    }
    let mut all = vec![Cell::Missing; keys.len()];
    if let Some(first) = all.first_mut() {
        *first = "All".into();
    }
    all.extend([Cell::ExactMoney(currency.money(total)), Cell::Missing, Cell::Missing, Cell::count(records)]);
    sheet.total = Some(all);
    let mut figures = frame.figures(channel);
    figures.push(Figure::for_machines("since", since));
    figures.push(Figure::for_machines("total", Cell::ExactMoney(currency.money(total))));
    figures.push(Figure::for_machines("currency", currency.code()));
    Ok(Report {
        schema: "chanlife.revenue-totals/1",
        title: frame.title(&channel.program.name),
        figures,
        tables: vec![sheet].into_iter().map(Into::into).collect(),
        notes: vec![format!("{}.", counted(records, "revenue record"))],
    })
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
