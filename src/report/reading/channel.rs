//! The channel on a day: one line for each partner, from which reports are computed.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Money;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::{Sale, sold_between};
use crate::report::reading::counted_once::CountedOnce;
use crate::report::reading::line::Line;
use crate::report::reading::needs::Needs;
use crate::report::reading::records::Records;
use crate::store::{AttributesRow, SaleRow, StandingRow, StayRow, View};

/// Rows of the pipeline that are not stages.
pub(crate) const PARKED: &str = "parked";
pub(crate) const LEFT: &str = "left";
pub(crate) const NO_STAGE: &str = "none";

/// All partners of a view.
pub struct Channel<'v> {
    pub program: &'v Program,
    pub as_of: Day,
    /// Keys of stages, those of the program first.
    pub stages: &'v [String],
    pub lines: Vec<Line>,
    /// All stays in order of partner, also of those that the segment leaves out; [`Channel::stays_of`] gives those of one.
    pub stays: Vec<StayRow>,
    /// The keys of the reasons for which partners left or were parked, by the place of the stay among those of the channel.
    causes: BTreeMap<usize, String>,
    /// Revenue in order of partner: all of it if that was asked for, else that of the last twelve months.
    pub sales: Vec<SaleRow>,
    once: CountedOnce,
    records: Rc<Records>,
    /// A sentence for each value in the conditions of the segment that neither the program nor a partner has.
    pub unheld: Vec<String>,
}

impl<'v> Channel<'v> {
    /// Returns an amount in the program's currency from its minor units.
    pub fn money(&self, minor: impl Into<i128>) -> Money {
        self.program.currency.money(minor.into())
    }

    /// Reads all partners of a view, and returns what `work` makes of them.
    ///
    /// # Errors
    /// Fails if the file can't be read, and if `work` looked for records that nobody had asked for, which it would
    /// have taken for none.
    pub fn read<T>(
        view: &'v View,
        needs: Needs,
        work: impl FnOnce(&mut Channel<'v>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let mut channel = Channel::load(view, needs)?;
        let made = work(&mut channel)?;
        match channel.records.unread() {
            None => Ok(made),
            Some(word) => anyhow::bail!("internal error: {word} were looked for, but not asked for"),
        }
    }

    fn load(view: &'v View, needs: Needs) -> anyhow::Result<Channel<'v>> {
        // What applies to a partner depends on what it is.
        let is_for_everyone = view.in_force.program.is_for_everyone();
        let needs = if is_for_everyone { needs } else { needs.and(Needs::of::<AttributesRow>()) };
        let needs = needs.under(&view.in_force.program);
        let none = Rc::new(Records::default());
        let partners = view.partners()?;
        let mut lines: Vec<Line> =
            partners.iter().enumerate().map(|(at, row)| Line::new(at, row, &none)).collect();
        let mut stays = Vec::new();
        let mut of = Pairing::new(&mut lines);
        let mut causes = BTreeMap::new();
        view.each_stay(|stay, cause| {
            if let Some(line) = of.line(stay.partner) {
                line.stay(&stay, stays.len());
                causes.extend(cause.map(|cause| (stays.len(), cause)));
                stays.push(stay);
            }
        })?;
        let (sales, once) = read_sales(view, needs, &mut lines)?;
        let of: Vec<(PartnerId, u32)> = lines.iter().map(|line| (line.id, line.returns())).collect();
        let records = Rc::new(Records::load(view, needs.records(), &of)?);
        for line in &mut lines {
            line.has(&records);
        }
        let program = &view.in_force.program;
        let (stages, unheld) = (view.stages(), Vec::new());
        Ok(Channel { program, as_of: view.as_of, stages, lines, stays, causes, sales, once, records, unheld })
    }

    /// Returns the row of the pipeline that a line belongs to.
    pub fn row_of(&self, line: &Line) -> &str {
        match line.place {
            None => NO_STAGE,
            Some(StandingRow::In(stage)) => &self.stages[stage],
            Some(StandingRow::Parked(_)) => PARKED,
            Some(StandingRow::Left(..)) => LEFT,
        }
    }

    /// Returns the days of the current visit, if the day of entry is known.
    pub fn days_here(&self, line: &Line) -> Option<i64> {
        line.entered.filter(|_| line.entry_known).map(|entered| self.as_of.since(entered))
    }

    /// Returns the stays of a line in order.
    pub fn stays_of(&self, line: &Line) -> &[StayRow] {
        &self.stays[line.stays()]
    }

    /// Returns the stays of a line in order, each with the key of the reason for which it left or was parked.
    pub fn stays_with_causes(&self, line: &Line) -> impl Iterator<Item = (&StayRow, Option<&str>)> {
        let of = |at: usize| (&self.stays[at], self.causes.get(&at).map(String::as_str));
        line.stays().map(of)
    }

    /// Returns the key of the reason for which a partner that is out of the way left or was parked.
    pub fn cause(&self, line: &Line) -> Option<&str> {
        let last = line.stays().next_back()?;
        self.causes.get(&last).map(String::as_str)
    }

    /// Returns the sales that a partner reported in order of day, as far as they were asked for.
    pub fn sales_of(&self, line: &Line) -> &[SaleRow] {
        &self.sales[line.sales()]
    }

    /// Returns the same sales without those that a partner below it reports too, for sums over partners.
    pub fn sales_once(&self, line: &Line) -> &[SaleRow] {
        self.once.rest(line.id).unwrap_or(self.sales_of(line))
    }

    /// Returns what of a partner's sales from `first` to `last` counts in sums over partners, in minor units.
    pub fn sold_once(&self, line: &Line, first: Day, last: Day) -> i128 {
        sold_between(self.sales_once(line), first, last)
    }

    /// Returns the same of the last twelve months.
    pub fn revenue_12m_once(&self, line: &Line) -> i128 {
        self.sold_once(line, self.as_of.months_before(12).plus(1), self.as_of)
    }

    /// Returns whether a sale is left out of sums over partners, since a partner below reports it too.
    pub fn is_counted_below(&self, sale: &Sale) -> bool {
        self.once.leaves_out(sale)
    }

    /// Returns the key of a partner below that reports a sale too, if that one counts for it in sums.
    pub fn counted_below(&self, sale: &Sale) -> Option<&str> {
        self.once.reported_below(sale)
    }

    /// Says which sales of days from `since` on are counted once although two of its partners report them.
    pub fn counted_once(&self, since: Day) -> Option<String> {
        let is_here = |partner| self.lines.binary_search_by_key(&partner, |line| line.id).is_ok();
        self.once.sentence(since, is_here)
    }

    /// Says which sales of days from `since` on are counted for two of its partners although they have the same reference.
    pub fn counted_for_both(&self, since: Day) -> Option<String> {
        let is_here = |partner| self.lines.binary_search_by_key(&partner, |line| line.id).is_ok();
        self.once.sentence_apart(self.program.currency, since, is_here)
    }

    /// Returns what of a partner's sales from `first` to `last` one of the partners `among` below it reports too, in minor
    /// units.
    pub fn sold_twice(&self, line: &Line, days: (Day, Day), among: &BTreeSet<PartnerId>) -> i128 {
        self.once.sold_twice(line.id, days, among)
    }
}

/// Reads the sales, and which of them two partners report.
fn read_sales(view: &View, needs: Needs, lines: &mut [Line]) -> anyhow::Result<(Vec<SaleRow>, CountedOnce)> {
    let after = if needs.all_sales() { Day::FIRST } else { view.as_of.months_before(12) };
    let parents = CountedOnce::parents(view)?;
    let mut of = Pairing::new(lines);
    let (mut sales, mut all) = (Vec::new(), Vec::new());
    view.each_sale(if parents.is_empty() { after } else { Day::FIRST }, |sale| {
        let Some(line) = of.line(sale.partner) else { return };
        if sale.day > after {
            line.sale(sales.len());
            sales.push(sale);
        }
        if !parents.is_empty() {
            all.push(sale);
        }
    })?;
    let once = CountedOnce::of(view, &parents, &all, after)?;
    Ok((sales, once))
}

/// Pairs rows with lines in one pass: both come in order of the partner's number.
struct Pairing<'l> {
    lines: &'l mut [Line],
    at: usize,
}

impl Pairing<'_> {
    fn new(lines: &mut [Line]) -> Pairing<'_> {
        Pairing { lines, at: 0 }
    }

    /// Returns the line of a partner, going on from where the last one was found.
    fn line(&mut self, partner: PartnerId) -> Option<&mut Line> {
        while self.lines.get(self.at).is_some_and(|line| line.id < partner) {
            self.at += 1;
        }
        self.lines.get_mut(self.at).filter(|line| line.id == partner)
    }
}
