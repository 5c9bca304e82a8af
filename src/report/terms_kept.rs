//! The part of `report terms` that holds sales against the agreed terms: breaches, margins, what is unknown.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::facts::Facts;
use crate::lifecycle::revenue::{ReturnableSales, Sale};
use crate::lifecycle::terms::{HeldTerm, TermKept, TermUnknown, compared, held, margin_given};
use crate::report::reading::{Channel, Line};
use crate::report::value::{Cell, Figure, Table};
use crate::store::View;
use crate::text::terms::{breach_in_words, held_term_in_words, unknown_in_words};

/// The sales of a time, held against the terms of their partners.
pub(super) struct TermsKept<'c> {
    breaches: Vec<Breach<'c>>,
    margins: Vec<MarginGiven<'c>>,
    counts: BTreeMap<HeldTerm, TermCount>,
}

/// A sale that breaks a term.
struct Breach<'c> {
    line: &'c Line,
    sale: Sale,
    term: HeldTerm,
    words: [String; 2],
}

/// The margin that one partner was given on all sales with a price by the list. Amounts in minor units.
struct MarginGiven<'c> {
    line: &'c Line,
    sales: usize,
    list_minor: i128,
    margin_minor: i128,
    /// Of the sales with an agreed margin: the price by the list, and the agreed part of it times 100.
    agreed_list_minor: i128,
    agreed_margin: Decimal,
    unknown: usize,
}

/// How many sales keep a term, and why that is unknown of others.
#[derive(Default)]
struct TermCount {
    kept: usize,
    broken: usize,
    unknown: BTreeMap<TermUnknown, usize>,
}

impl<'c> TermsKept<'c> {
    /// Holds the sales since a day against the terms; none if the program does not say which terms.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(super) fn of(channel: &'c Channel, view: &View, since: Day) -> anyhow::Result<Option<TermsKept<'c>>> {
        let Some(rule) = &channel.program.sales else { return Ok(None) };
        let mut found = TermsKept { breaches: Vec::new(), margins: Vec::new(), counts: BTreeMap::new() };
        for term in HeldTerm::ALL.into_iter().filter(|term| term.term(rule).is_some()) {
            found.counts.insert(term, TermCount::default());
        }
        for line in &channel.lines {
            let sales = view.sales_of(line.id)?;
            found.add(channel, line, &sales, since);
        }
        found.breaches.sort_by_key(|one| (one.sale.day, one.sale.event));
        Ok(Some(found))
    }

    fn add(&mut self, channel: &'c Channel, line: &'c Line, sales: &[Sale], since: Day) {
        let returnable = ReturnableSales::of(sales);
        let mut margin = MarginGiven::of(line);
        for sale in sales.iter().filter(|sale| sale.day >= since) {
            for (term, count) in &mut self.counts {
                let Some(kept) = held(channel.facts(line), *term, sale, &returnable) else { continue };
                if *term == HeldTerm::Margin {
                    margin.add(channel, sale, &kept);
                }
                match kept {
                    TermKept::Kept => count.kept += 1,
                    TermKept::Unknown(why) => *count.unknown.entry(why).or_default() += 1,
                    TermKept::Broken(breach) => {
                        count.broken += 1;
                        let words = breach_in_words(&breach, channel.program.currency);
                        self.breaches.push(Breach { line, sale: sale.clone(), term: *term, words });
                    }
                }
            }
        }
        if margin.sales > 0 {
            self.margins.push(margin);
        }
    }

    /// Returns how many sales keep a term, break one, or could not be checked.
    pub(super) fn figures(&self) -> [Figure; 3] {
        let sum = |of: fn(&TermCount) -> usize| self.counts.values().map(of).sum::<usize>();
        [
            Figure::for_machines("sales_kept", sum(|count| count.kept)),
            Figure::for_machines("sales_broken", sum(|count| count.broken)),
            Figure::for_machines("sales_unknown", sum(TermCount::unknown)),
        ]
    }

    /// Returns the breaches, the margins by partner, and the counts by term.
    pub(super) fn tables(&self, channel: &Channel, since: Day) -> [Table; 3] {
        let all = [self.breach_table(channel, since), self.margin_table(channel), self.count_table()];
        if self.is_idle() { all.map(Table::for_machines) } else { all }
    }

    fn breach_table(&self, channel: &Channel, since: Day) -> Table {
        let title = format!("Sales that break an agreed term, since {since}");
        Table::of("breaches", title, &self.breaches)
            .column("partner", "Partner", |one| one.line.key())
            .partner_name(|one| one.line.attribute("name"))
            .column("day", "Day", |one| one.sale.day)
            .column("event", "No.", |one| one.sale.event)
            .detail()
            .column("reference", "Reference", |one| one.sale.reference.as_deref())
            .optional()
            .column("amount", format!("Amount ({})", channel.program.currency.code()), |one| {
                Cell::ExactMoney(channel.money(one.sale.amount_minor))
            })
            .detail()
            .column("term", "Term", |one| held_term_in_words(one.term))
            .column("agreed", "Agreed", |one| &one.words[0])
            .headline()
            .column("actual", "Actual", |one| &one.words[1])
            .headline()
            .done()
            .empty("No sale is known to break an agreed term.")
    }

    fn margin_table(&self, channel: &Channel) -> Table {
        let percent = |part: i128, whole: i128| Some(compared(part, whole, Decimal::ZERO)?.0);
        Table::of("margins", "Margin given, by partner", &self.margins)
            .column("partner", "Partner", |one| one.line.key())
            .partner_name(|one| one.line.attribute("name"))
            .column("sales", "Sales", |one| one.sales)
            .column("list_amount", format!("List ({})", channel.program.currency.code()), |one| {
                channel.money(one.list_minor)
            })
            .column("margin", format!("Margin ({})", channel.program.currency.code()), |one| {
                channel.money(one.margin_minor)
            })
            .detail()
            .column("given_percent", "Given %", move |one| {
                percent(one.margin_minor, one.list_minor).map(|given| Cell::decimal(given.to_f64()))
            })
            .headline()
            .column("agreed_percent", "Agreed %", MarginGiven::agreed)
            .headline()
            .column("unknown", "Unknown", |one| one.unknown)
            .done()
            .empty("No sale has a list amount.")
    }

    fn count_table(&self) -> Table {
        let rows: Vec<(&HeldTerm, &TermCount)> = self.counts.iter().collect();
        let why = |count: &TermCount| {
            let parts =
                count.unknown.iter().map(|(why, number)| format!("{number} {}", unknown_in_words(*why)));
            Cell::List(parts.collect())
        };
        Table::of("sales", "Sales checked against terms", &rows)
            .column("term", "Term", |(term, _)| held_term_in_words(**term))
            .column("kept", "Kept", |(_, count)| count.kept)
            .column("broken", "Broken", |(_, count)| count.broken)
            .column("unknown", "Unknown", |(_, count)| count.unknown())
            .column("why", "Why unknown", |(_, count)| why(count))
            .optional()
            .done()
            .empty("[sales] of the program names no term.")
    }

    /// Returns whether there was no sale to hold against a term.
    fn is_idle(&self) -> bool {
        self.counts.values().all(|count| count.kept + count.broken + count.unknown() == 0)
    }

    /// Says how many sales break a term, and of how many that is unknown; nothing if there was no sale.
    pub(super) fn sentence(&self) -> Option<String> {
        if self.is_idle() {
            return None;
        }
        let sum = |of: fn(&TermCount) -> usize| self.counts.values().map(of).sum::<usize>();
        let (broken, unknown) = (sum(|count| count.broken), sum(TermCount::unknown));
        Some(format!("{} of agreed terms; {unknown} could not be checked.", breaches(broken)))
    }
}

fn breaches(count: usize) -> String {
    if count == 1 { "1 breach".to_owned() } else { format!("{count} breaches") }
}

impl<'c> MarginGiven<'c> {
    fn of(line: &'c Line) -> MarginGiven<'c> {
        MarginGiven {
            line,
            sales: 0,
            list_minor: 0,
            margin_minor: 0,
            agreed_list_minor: 0,
            agreed_margin: Decimal::ZERO,
            unknown: 0,
        }
    }

    fn add(&mut self, channel: &Channel, sale: &Sale, kept: &TermKept) {
        if matches!(kept, TermKept::Unknown(_)) {
            self.unknown += 1;
        }
        let Some((margin, list)) = margin_given(sale, channel.program.currency) else { return };
        self.sales += 1;
        self.list_minor += list;
        self.margin_minor += margin;
        let term = channel.program.sales.as_ref().and_then(|rule| rule.margin.as_deref());
        let agreed = term.and_then(|term| channel.facts(self.line).agreed(term, sale.day));
        let agreed: Option<Decimal> = agreed.and_then(|one| one.value.as_deref()?.parse().ok());
        let weighted = agreed.and_then(|agreed| {
            agreed
                .checked_mul(Decimal::try_from_i128_with_scale(list, 0).ok()?)?
                .checked_add(self.agreed_margin)
        });
        if let Some(weighted) = weighted {
            self.agreed_list_minor += list;
            self.agreed_margin = weighted;
        }
    }

    /// Returns the agreed margin in percent, weighted by the price by the list, over the sales for which one was agreed.
    fn agreed(&self) -> Option<Cell> {
        let list = Decimal::try_from_i128_with_scale(self.agreed_list_minor, 0).ok()?;
        let agreed = self.agreed_margin.checked_div(list)?.round_dp(1).normalize();
        agreed.to_f64().map(|agreed| Cell::decimal(Some(agreed)))
    }
}

impl TermCount {
    fn unknown(&self) -> usize {
        self.unknown.values().sum()
    }
}
