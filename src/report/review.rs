//! `report review`: the business review of one partner as a document, for us or for the partner.

use clap::Args;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::period::{Every, Period};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::performance::{WatchStatus, reported_until};
use crate::lifecycle::plans::{Task, quarters_of};
use crate::lifecycle::rule::History;
use crate::report::estimate::growth_gaps::gap_of_year;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::reading::Needs;
use crate::report::review_agenda::{milestone_table, open_table, proposal_table};
use crate::report::review_basis::{QuarterKnown, ReviewBasis, ReviewReader, ReviewedQuarter};
use crate::report::spanning::Spanning;
use crate::report::value::{Cell, Figure, Report, Table, changed, ratio};
use crate::store::View;
use crate::text::performance::judged_in_words;
use crate::text::periods::PeriodNaming;

#[derive(Debug, Args)]
pub(crate) struct ReviewReport {
    /// The partner
    partner: String,
    /// The quarter to review, such as 2026-Q3 [default: the last one that is over]
    #[arg(long, value_name = "QUARTER")]
    period: Option<String>,
    /// For the partner: without verdicts, scores, inner notes and our own next steps
    #[arg(long)]
    for_partner: bool,
}

impl NamedReport for ReviewReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/review.txt")
    }

    fn is_of_one_partner(&self) -> bool {
        true
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::NONE)
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let view = asked.view;
        let found = view.reader().find(&self.partner)?;
        let Some(partner) = view.partner(found.id)? else {
            let why = format!("{} was not in the channel on {}", found.name, view.as_of);
            return Err(Error::refused(why).hint("choose a later day with --as-of").into());
        };
        let facts = PartnerFacts { program: &view.in_force.program, partner: &partner, day: view.as_of };
        let quarter = self.quarter(facts)?;
        refuse_before_it_joined(facts, &quarter)?;
        let reader = if self.for_partner { ReviewReader::Partner } else { ReviewReader::Us };
        let (history, sold_since) = (view.history(found.id)?, view.reader().sold_since()?);
        Ok(ReviewBasis::new(facts, quarter, (reader, sold_since)).report(&history))
    }

    fn examples() -> &'static [&'static str] {
        &["report review acme", "report review acme --period 2026-Q3 --for-partner -o acme.md"]
    }
}

impl ReviewReport {
    /// Returns the quarter that is asked for, or the last one that is over.
    fn quarter(&self, facts: PartnerFacts) -> Result<Period, Error> {
        let calendar = facts.program.calendar;
        let Some(typed) = &self.period else {
            let now = calendar.containing(facts.day, Every::Quarter);
            let before = now.and_then(|now| calendar.containing(now.first.plus(-1), Every::Quarter));
            return before.ok_or_else(|| Error::usage("no quarter is over").hint("name one with --period"));
        };
        let period = calendar.parse(typed).map_err(|why| Error::usage(format!("--period: {why}")))?;
        if calendar.length(&period) != Some(Every::Quarter) {
            return Err(Error::usage(format!("--period: {} is not a quarter", period.with_days()))
                .hint("a business review is of a quarter, such as 2026-Q3"));
        }
        if period.first > facts.day {
            return Err(Error::usage(format!(
                "--period: {} has not begun by {}",
                period.with_days(),
                facts.day
            ))
            .hint("name an earlier quarter"));
        }
        Ok(period)
    }
}

impl ReviewBasis<'_> {
    fn report(&self, history: &History) -> Report {
        let partner = self.facts.partner;
        let (quarter, day) = (self.quarter.with_days(), self.facts.day);
        let title = format!("Business review {quarter}: {}, as of {day}", partner.name());
        Report::new("chanlife.review/1", title)
            .with_headline(self.headline())
            .with_figures(self.figures())
            .with_tables([self.commitment_table(history), self.quarter_table()])
            .with_tables([milestone_table(self), open_table(self)])
            .with_tables([self.fund_table(), self.certificate_table(), proposal_table(self)])
            .with_tables((!self.is_for_partner()).then(|| self.note_table()))
            .with_caveats(self.spanning_quarters())
    }

    /// Says which reports of the fiscal year lie in several quarters.
    fn spanning_quarters(&self) -> Option<String> {
        let PartnerFacts { program, partner, .. } = self.facts;
        let year = program.calendar.containing(self.quarter.first, Every::Year)?;
        let mut spanning = Spanning::new(program.calendar, Every::Quarter);
        spanning.take_sales(&partner.key, &partner.sales, year.days());
        spanning.sentence()
    }

    /// Says what was sold in the quarter, against plan and against last year.
    fn headline(&self) -> String {
        let row = self.reviewed(self.quarter.clone());
        let amount = |minor: i128| self.facts.program.currency.amount(minor).rounded();
        let planned = row.target_minor.map(|target| format!("planned {}", amount(target)));
        let Some(actual) = row.actual_minor else {
            let parts = [Some(row.known.in_words().to_owned()), planned].into_iter().flatten();
            return format!("{}: {}.", self.quarter.with_days(), parts.collect::<Vec<String>>().join(", "));
        };
        let is_running = row.known == QuarterKnown::Running;
        let until = if is_running { format!(" to {}", self.facts.day) } else { String::new() };
        let mut parts = vec![format!("{}{until}: sold {}", self.quarter.with_days(), amount(actual))];
        if !matches!(row.known, QuarterKnown::Running | QuarterKnown::Complete) {
            parts.push(row.known.in_words().to_owned());
        }
        parts.extend(match (row.attained(), row.target_minor) {
            (Some(ratio), Some(target)) if is_running => {
                let (percent, target) = (ratio.percent(), amount(target));
                Some(format!("{percent} % of plan to date ({target} for the whole quarter)"))
            }
            (Some(ratio), Some(target)) => {
                Some(format!("{} % of the plan of {}", ratio.percent(), amount(target)))
            }
            _ => planned,
        });
        let (last_year, same) =
            if is_running { (row.last_year_to_date_minor, "days") } else { (row.last_year_minor, "quarter") };
        if let Some(change) = last_year.and_then(|before| ratio(actual - before, before)) {
            parts.push(format!("{} % vs. the same {same} last year", changed(change)));
        }
        format!("{}.", parts.join(", "))
    }

    fn figures(&self) -> Vec<Figure> {
        let PartnerFacts { program, partner, day } = self.facts;
        let money = |minor: i128| program.currency.money(minor);
        let own = partner.review(self.quarter.days());
        let mut figures = vec![
            Figure::for_machines("as_of", day),
            Figure::for_machines("key", partner.key.as_str()),
            Figure::for_machines("name", partner.name()),
            Figure::for_machines("period", self.quarter.to_string()),
            Figure::for_machines("period_first_day", self.quarter.first),
            Figure::for_machines("period_last_day", self.quarter.last),
            Figure::for_machines("for_partner", self.is_for_partner()),
            Figure::for_machines("currency", program.currency.code()),
            Figure::for_machines("revenue_12m", money(self.facts.revenue_12m())),
            Figure::new("tier", "Tier", partner.attribute("tier")),
            Figure::new("owner", "Channel manager", partner.attribute("owner")),
            Figure::new("year", "Fiscal year", self.year_in_words()),
            Figure::new("last_sale", "Last sale", self.last_sale()),
            Figure::new("reviewed_on", "Reviewed", own.map(|one| one.day)),
            Figure::new(
                "last_review",
                "Last review",
                self.last
                    .map(|one| format!("{}, on {}", program.calendar.named(one.days).with_days(), one.day)),
            ),
        ];
        if !self.is_for_partner() {
            figures.extend(self.inner_figures());
        }
        figures
    }

    /// Says how the fiscal year stands against its plan, and what it will lack at its end at the rate of the last 12 months.
    fn year_in_words(&self) -> Option<String> {
        let facts = self.facts;
        let year = facts.program.calendar.containing(facts.day, Every::Year)?;
        let (since, plan) = (facts.launched()?, facts.planned(facts.day).within(year.days())?);
        let amount = |minor: i128| facts.program.currency.amount(minor).rounded();
        let target = plan.minor;
        let (until, gap) = (reported_until(facts), gap_of_year(facts, &year, target, since));
        let sold = amount(facts.sold(year.first, facts.day));
        let gap = match gap {
            _ if facts.partner.has_left() => "the partner left".to_owned(),
            0 => "on course for the plan".to_owned(),
            gap => format!("{} short at the end of the year at the rate of the last 12 months", amount(gap)),
        };
        let year = year.in_full();
        Some(format!("{year}: sold {sold} of {} planned, known up to {until}; {gap}", amount(target)))
    }

    /// Returns the day of the last sale of a partner in growth, or that none is recorded.
    fn last_sale(&self) -> Option<String> {
        self.facts.in_growth_since()?;
        let last = self.facts.sales().iter().rfind(|sale| sale.amount_minor > 0);
        Some(last.map_or_else(|| "none recorded yet".to_owned(), |sale| sale.day.to_string()))
    }

    /// Returns what only we read: the verdict of the rule, the follow-up, the findings of the last review.
    fn inner_figures(&self) -> [Figure; 3] {
        let judged = self.facts.performance();
        let follow_up = match self.facts.partner.watch_status() {
            WatchStatus::None => None,
            WatchStatus::Watched { since } => Some(format!("on the watch list since {since}")),
            WatchStatus::Improving { until, .. } => Some(format!("improvement plan until {until}")),
            WatchStatus::Settled { on, outcome } => Some(format!("decided on {on}: {}", outcome.word())),
        };
        let findings = self.last.and_then(|one| one.text.clone());
        [
            Figure::new(
                "performance",
                "Performance",
                judged.map(|judged| judged_in_words(self.facts.program, &judged, PeriodNaming::InFull)),
            ),
            Figure::new("follow_up", "Follow-up", follow_up),
            Figure::new("findings", "Findings of the last review", findings),
        ]
    }

    /// Returns the actions that were agreed by the end of the quarter and open at the last review, and what became of
    /// them.
    fn commitment_table(&self, history: &History) -> Table {
        let partner = self.facts.partner;
        let since = self.last.map_or(self.quarter.first, |one| one.day);
        let until = self.quarter.last.max(self.last.map_or(Day::FIRST, |one| one.day));
        let counts = |task: &&Task| {
            let ended = task.done.or(task.dropped);
            let is_action = !task.follow_up && (task.is_open() || task.life == partner.returns);
            is_action && task.day <= until && ended.is_none_or(|ended| ended >= since)
        };
        let mut rows: Vec<&Task> = partner.tasks.iter().filter(counts).collect();
        rows.sort_by_key(|task| (task.due, task.event));
        let status = |task: &Task| match task.done {
            Some(done) if done > task.due => "done late",
            Some(_) => "done",
            None if task.dropped.is_some() => "dropped",
            None if task.due < self.facts.day => "overdue",
            None => "open",
        };
        let table = Table::of("commitments", "Commitments from the last review", &rows)
            .column("what", "Commitment", |task| &task.what)
            .headline()
            .column("owner", "Owner", |task| task.owner.as_deref())
            .optional()
            .column("due", "Due", |task| task.due)
            .column("status", "Status", |task| status(task))
            .column("done_on", "Done", |task| task.done)
            .optional();
        let table = if self.is_for_partner() {
            table
        } else {
            table.column("outcome", "Outcome", |task| outcome(history, task.event)).optional()
        };
        table.done().empty("No commitments.")
    }

    /// Returns plan against actual for each quarter of the fiscal year, up to the reviewed one, and the plan of the rest.
    fn quarter_table(&self) -> Table {
        let program = self.facts.program;
        let year = program.calendar.containing(self.quarter.first, Every::Year);
        let quarters = year.iter().flat_map(|year| quarters_of(year.first));
        let named = quarters.filter_map(|days| program.calendar.containing(days.first, Every::Quarter));
        let rows: Vec<ReviewedQuarter> = named.map(|quarter| self.reviewed(quarter)).collect();
        let money = |minor: i128| program.currency.money(minor);
        let code = program.currency.code();
        Table::of("quarters", format!("Plan vs. actual ({code})"), &rows)
            .period("quarter", "Quarter", |row| Some(&row.quarter))
            .column("plan", "Plan", |row| row.target_minor.map(money))
            .column("plan_to_date", "Plan to date", |row| row.to_date_minor.map(money))
            .optional()
            .column("actual", "Actual", |row| row.actual_minor.map(money))
            .column("attainment", "Of plan", |row| {
                Cell::share(row.target_minor.and_then(|target| ratio(row.held_against_plan()?, target)))
            })
            .headline()
            .column("last_year", "Same quarter last year", |row| row.last_year_minor.map(money))
            .machines("complete", |row| row.known == QuarterKnown::Complete)
            .machines("known", |row| row.known.word())
            .people("Status", |row| row.known.in_words())
            .done()
    }

    fn fund_table(&self) -> Table {
        let PartnerFacts { program, partner, day } = self.facts;
        let books = partner.books.on(day);
        let rows: Vec<_> = books.ledgers().collect();
        let money = |minor: i128| program.currency.money(minor);
        let title = format!("Funds ({})", program.currency.code());
        let until = self.next.last;
        Table::of("funds", title, &rows)
            .column("fund", "Fund", |(fund, _)| *fund)
            .column("available", "Available", |(_, ledger)| money(ledger.balance().available))
            .headline()
            .column("committed", "Committed", |(_, ledger)| money(ledger.balance().committed))
            .column("claimed", "Awaiting payment", |(_, ledger)| money(ledger.balance().claimed))
            .column("paid", "Paid", |(_, ledger)| money(ledger.balance().paid))
            .column("expiring", format!("Expires by {until}"), |(_, ledger)| {
                money(ledger.expiring(day, until))
            })
            .done()
            .empty("No funds.")
    }

    /// Returns the certificates that end by the end of the next quarter, or did in this one.
    fn certificate_table(&self) -> Table {
        let within = |until: &Day| (self.quarter.first..=self.next.last).contains(until);
        let mut rows = self.facts.expiries();
        rows.retain(|(.., until)| within(until));
        rows.sort_by_key(|(.., until)| *until);
        let status = |until: Day| if until < self.facts.day { "expired" } else { "expires" };
        Table::of("certificates", "Expiring certifications", &rows)
            .column("person", "Person", |(person, ..)| *person)
            .column("course", "Course", |(_, course, _)| *course)
            .column("until", "Last day", |(.., until)| *until)
            .column("status", "Status", |(.., until)| status(*until))
            .done()
            .empty(format!("No certification expires by {}.", self.next.last))
    }

    /// Returns our notes of the quarter, and since.
    fn note_table(&self) -> Table {
        let notes = self.facts.partner.notes.iter().filter(|note| note.day >= self.quarter.first);
        let rows: Vec<_> = notes.collect();
        Table::of("notes", "Our notes", &rows)
            .column("day", "Day", |note| note.day)
            .column("text", "Note", |note| &note.text)
            .headline()
            .done()
            .empty("No notes.")
    }
}

/// Nothing is known of a quarter that was over before the partner joined, and nothing is not 0.
fn refuse_before_it_joined(facts: PartnerFacts, quarter: &Period) -> Result<(), Error> {
    let PartnerFacts { program, partner, .. } = facts;
    if quarter.last >= partner.since {
        return Ok(());
    }
    let first = program.calendar.containing(partner.since, Every::Quarter);
    let (name, since) = (partner.name(), partner.since);
    let why = format!("{} was over before {name} joined, on {since}", quarter.with_days());
    let error = Error::refused(why);
    Err(first
        .iter()
        .fold(error, |error, first| error.hint(format!("name a later quarter: --period {first}"))))
}

/// Returns what became of an action, as it was recorded.
fn outcome(history: &History, task: i64) -> Option<String> {
    history.events.iter().rev().find_map(|one| match &one.event {
        Event::Finished(finished) if finished.task == task => finished.outcome.clone(),
        _ => None,
    })
}
