//! `report terms`: agreed terms by partner, and terms up for renewal.

use clap::Args;

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::terms::{Agreement, Term, held_until, to_come};
use crate::report::basis::Basis;
use crate::report::named::{NamedReport, ReportRequest};
use crate::report::reading::{Channel, Line, Needs};
use crate::report::terms_kept::TermsKept;
use crate::report::value::{Figure, Report, Table};
use crate::store::{AttributesRow, View};
use crate::text::reports::{NO_TERMS, SALES_NOT_HELD};

#[derive(Debug, Args)]
pub(crate) struct TermsReport {
    /// Show all agreed terms, not only those that end
    #[arg(long)]
    all: bool,
    /// Hold sales since this date against the terms; default: a year ago
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
}

impl NamedReport for TermsReport {
    fn explanation(&self) -> &'static str {
        include_str!("../text/explain/terms.txt")
    }

    fn needs(&self, _: &View) -> anyhow::Result<Needs> {
        Ok(Needs::of::<AttributesRow>().and(Needs::of::<Agreement>()))
    }

    fn report(&self, asked: &ReportRequest) -> anyhow::Result<Report> {
        let channel = asked.channel;
        let since =
            asked.since(self.since.as_ref())?.unwrap_or_else(|| channel.as_of.months_before(12).plus(1));
        let report = report(channel, asked.basis, self.all);
        Ok(match TermsKept::of(channel, asked.view, since)? {
            Some(kept) => report
                .with_figures([Figure::for_machines("since", since)])
                .with_figures(kept.figures())
                .with_tables(kept.tables(channel, since))
                .with_notes(kept.sentence()),
            None if channel.program.terms.is_empty() => report,
            None => report.with_notes([SALES_NOT_HELD.to_owned()]),
        })
    }
}

/// A term agreed with one partner, and its status.
struct AgreedTerm<'c> {
    line: &'c Line,
    term: &'c Term,
    agreement: &'c Agreement,
    standing: TermStanding<'c>,
}

/// A term and the number of partners by its status.
struct TermSummary<'c> {
    term: &'c Term,
    counts: TermCounts,
}

/// Returns the whole report. `all` lists all agreed terms, not only those up for renewal.
fn report(channel: &Channel, frame: &Basis, all: bool) -> Report {
    let there: Vec<&Line> = channel.lines.iter().filter(|line| line.left_as().is_none()).collect();
    let mut rows: Vec<AgreedTerm> = Vec::new();
    let mut summary: Vec<TermSummary> = Vec::new();
    for term in &channel.program.terms {
        let mut counts = TermCounts::default();
        for line in &there {
            let standing = TermStanding::of(channel, line, term);
            counts.add(&standing);
            if let Some(agreement) = standing.agreement().filter(|_| all || standing.is_due()) {
                rows.push(AgreedTerm { line, term, agreement, standing });
            }
        }
        summary.push(TermSummary { term, counts });
    }
    rows.sort_by_key(|one| (one.standing.renew_by().is_none(), one.standing.renew_by()));
    let to_come = agreed_for_later(channel, &there);
    let to_renew: usize = summary.iter().map(|one| one.counts.to_renew + one.counts.ended).sum();
    let note = (!all).then(|| format!("{}; --all lists all agreed terms.", counted(there.len(), "partner")));
    frame
        .report("chanlife.terms/1", channel)
        .with_figures([
            Figure::for_machines("partners", there.len()),
            Figure::for_machines("to_renew", to_renew),
        ])
        .with_tables([agreed_table(&rows, all), summary_table(&summary), to_come_table(&to_come)])
        .with_notes(note)
}

/// The status of one term with one partner.
enum TermStanding<'l> {
    Open,
    Agreed(&'l Agreement, Option<Day>),
    /// Renewal is due since the second day; the term expires on the first.
    Renew(&'l Agreement, Day, Day),
    Ended(&'l Agreement, Day),
}

impl<'l> TermStanding<'l> {
    fn of(channel: &Channel, line: &'l Line, term: &Term) -> TermStanding<'l> {
        let day = channel.as_of;
        let Some((agreement, end)) = held_until(&line.records().iter(), term, day) else {
            return TermStanding::Open;
        };
        let Some(end) = end else { return TermStanding::Agreed(agreement, None) };
        let renew_by = term.renew_by(end);
        match (end < day, renew_by <= day) {
            (true, _) => TermStanding::Ended(agreement, end),
            (false, true) => TermStanding::Renew(agreement, end, renew_by),
            (false, false) => TermStanding::Agreed(agreement, Some(end)),
        }
    }

    fn agreement(&self) -> Option<&'l Agreement> {
        match self {
            TermStanding::Open => None,
            TermStanding::Agreed(one, _) | TermStanding::Renew(one, ..) | TermStanding::Ended(one, _) => {
                Some(one)
            }
        }
    }

    fn is_due(&self) -> bool {
        matches!(self, TermStanding::Renew(..) | TermStanding::Ended(..))
    }

    fn end(&self) -> Option<Day> {
        match self {
            TermStanding::Open => None,
            TermStanding::Agreed(_, end) => *end,
            TermStanding::Renew(_, end, _) | TermStanding::Ended(_, end) => Some(*end),
        }
    }

    fn renew_by(&self) -> Option<Day> {
        match self {
            TermStanding::Renew(_, _, day) | TermStanding::Ended(_, day) => Some(*day),
            _ => None,
        }
    }

    /// Returns the word of JSON and CSV.
    fn word(&self) -> &'static str {
        match self {
            TermStanding::Open => "open",
            TermStanding::Agreed(..) => "agreed",
            TermStanding::Renew(..) => "to be agreed anew",
            TermStanding::Ended(..) => "ended",
        }
    }

    fn in_words(&self) -> &'static str {
        match self {
            TermStanding::Open => "not agreed",
            TermStanding::Agreed(..) => "agreed",
            TermStanding::Renew(..) => "renewal due",
            TermStanding::Ended(..) => "expired",
        }
    }
}

#[derive(Default)]
struct TermCounts {
    agreed: usize,
    to_renew: usize,
    ended: usize,
    open: usize,
}

impl TermCounts {
    fn add(&mut self, standing: &TermStanding) {
        match standing {
            TermStanding::Open => self.open += 1,
            TermStanding::Agreed(..) => self.agreed += 1,
            TermStanding::Renew(..) => self.to_renew += 1,
            TermStanding::Ended(..) => self.ended += 1,
        }
    }
}

fn agreed_table(rows: &[AgreedTerm], all: bool) -> Table {
    let (title, empty) =
        if all { ("Agreed terms", NO_TERMS) } else { ("Up for renewal", "No terms up for renewal.") };
    let renew = |one: &AgreedTerm| one.standing.is_due().then(|| Step::agree(one.line.key(), one.term));
    Table::of("rows", title, rows)
        .column("partner", "Partner", |one| one.line.key())
        .partner_name(|one| one.line.attribute("name"))
        .column("term", "Term", |one| &one.term.field.key)
        .column("value", "Value", |one| one.agreement.value.as_deref())
        .column("since", "Since", |one| one.agreement.from)
        .detail()
        .column("ends", "Expires", |one| one.standing.end())
        .optional()
        .machines("state", |one| one.standing.word())
        .people("Status", |one| one.standing.in_words())
        .column("by", "Agreed by", |one| one.agreement.by.as_deref())
        .optional()
        .detail()
        .column("owner", "Owner", |one| one.line.attribute("owner"))
        .optional()
        .detail()
        .column("command", "Next step", renew)
        .optional()
        .done()
        .empty(empty)
}

/// Returns what is agreed and holds only from a later day.
fn agreed_for_later<'c>(channel: &Channel, lines: &[&'c Line]) -> Vec<(&'c Line, &'c Agreement)> {
    let of = |line: &&'c Line| {
        let own = to_come(&line.records().iter(), channel.as_of);
        own.into_iter().map(|agreement| (*line, agreement)).collect::<Vec<_>>()
    };
    let mut all: Vec<(&Line, &Agreement)> = lines.iter().flat_map(of).collect();
    all.sort_by_key(|(_, agreement)| agreement.from);
    all
}

fn to_come_table(rows: &[(&Line, &Agreement)]) -> Table {
    Table::of("to_come", "Agreed for later", rows)
        .column("partner", "Partner", |(line, _)| line.key())
        .partner_name(|(line, _)| line.attribute("name"))
        .column("term", "Term", |(_, agreement)| &agreement.term)
        .column("value", "Value", |(_, agreement)| agreement.value.as_deref())
        .column("from", "From", |(_, agreement)| agreement.from)
        .column("until", "Until", |(_, agreement)| agreement.until)
        .optional()
        .done()
        .empty("No term is agreed for later.")
}

fn summary_table(rows: &[TermSummary]) -> Table {
    Table::of("terms", "Terms by status", rows)
        .column("term", "Term", |one| &one.term.field.key)
        .column("name", "Name", |one| &one.term.name)
        .column("agreed", "Agreed", |one| one.counts.agreed)
        .column("to_renew", "Renewal due", |one| one.counts.to_renew)
        .column("ended", "Expired", |one| one.counts.ended)
        .column("open", "Not agreed", |one| one.counts.open)
        .done()
        .empty("The program has no terms: add [[term]] sections.")
}
