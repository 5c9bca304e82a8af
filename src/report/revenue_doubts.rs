//! Sales that older versions took although they count twice, or contradict themselves: `check` notes them.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::revenue::{Sale, check_parts, counted_twice};
use crate::store::View;
use crate::text::overlaps::{fault_in_words, mending};
use crate::text::sale_corrections::mending_parts;

/// How many of a kind are named.
const NAMED: usize = 3;

/// What is doubtful of the sales in a file: the first of each kind with what mends them, and how many there are.
#[derive(Default)]
pub(crate) struct RevenueDoubts {
    pub twice: Doubts,
    pub contradicted: Doubts,
}

/// Doubtful sales of one kind.
#[derive(Default)]
pub(crate) struct Doubts {
    pub count: usize,
    /// The first of them.
    pub named: Vec<Doubt>,
}

/// What is doubtful, of one sale or of several that one command mends, and that command.
pub(crate) struct Doubt {
    pub what: Vec<String>,
    pub remedy: String,
}

impl Doubts {
    fn add(&mut self, words: impl FnOnce() -> anyhow::Result<(String, String)>) -> anyhow::Result<()> {
        self.count += 1;
        if self.named_count() < NAMED {
            let (what, remedy) = words()?;
            match self.named.iter_mut().find(|one| one.remedy == remedy) {
                Some(known) => known.what.push(what),
                None => self.named.push(Doubt { what: vec![what], remedy }),
            }
        }
        Ok(())
    }

    /// Returns how many sales are named.
    pub(crate) fn named_count(&self) -> usize {
        self.named.iter().map(|one| one.what.len()).sum()
    }
}

impl RevenueDoubts {
    /// Reads all sales up to the view's day.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub(crate) fn read(view: &View) -> anyhow::Result<RevenueDoubts> {
        let mut doubts = RevenueDoubts::default();
        let mut sales: Vec<Sale> = Vec::new();
        let mut of: Option<PartnerId> = None;
        let mut failed = Ok(());
        view.each_sale_line(|partner, sale| {
            if let Some(done) = of.filter(|one| *one != partner) {
                failed =
                    std::mem::replace(&mut failed, Ok(())).and_then(|()| doubts.look(view, done, &sales));
                sales.clear();
            }
            of = Some(partner);
            if sale.day > Day::FIRST {
                sales.push(sale.clone());
            }
        })?;
        failed?;
        if let Some(last) = of {
            doubts.look(view, last, &sales)?;
        }
        Ok(doubts)
    }

    fn look(&mut self, view: &View, partner: PartnerId, sales: &[Sale]) -> anyhow::Result<()> {
        let program = &view.in_force.program;
        let names = (program.currency, program.calendar);
        let key = || Ok::<_, anyhow::Error>(view.reader().lookup(partner)?.key);
        let reference = |event: i64| {
            sales.iter().find(|sale| sale.event == event).and_then(|sale| sale.reference.as_deref())
        };
        for one in counted_twice(sales) {
            self.twice.add(|| {
                let (key, why) = (key()?, fault_in_words(&one.fault, names));
                let remedy = mending(&one, &key, reference, names);
                Ok((format!("event {} of `{key}` {why}", one.record.event), remedy))
            })?;
        }
        for sale in sales {
            if let Err(fault) = check_parts(sale, program.currency) {
                self.contradicted.add(|| {
                    let what = format!("event {} of `{}` {}", sale.event, key()?, fault.sentence());
                    Ok((what, mending_parts(sale.event, &fault)))
                })?;
            }
        }
        Ok(())
    }
}
