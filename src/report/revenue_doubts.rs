//! Sales that older versions took although they count twice, or contradict themselves: `check` notes them.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::revenue::{Sale, check_parts, counted_twice};
use crate::store::View;
use crate::text::overlaps::fault_in_words;

/// How many of a kind are named.
const NAMED: usize = 3;

/// What is doubtful of the sales in a file, in a phrase each: of the first of each kind, and how many there are.
#[derive(Default)]
pub(crate) struct RevenueDoubts {
    pub twice: Doubts,
    pub contradicted: Doubts,
}

/// Doubtful sales of one kind.
#[derive(Default)]
pub(crate) struct Doubts {
    pub count: usize,
    pub named: Vec<String>,
}

impl Doubts {
    fn add(&mut self, words: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<()> {
        self.count += 1;
        if self.named.len() < NAMED {
            self.named.push(words()?);
        }
        Ok(())
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
        let key = || Ok::<_, anyhow::Error>(view.reader().lookup(partner)?.key);
        for one in counted_twice(sales) {
            let why = || fault_in_words(&one.fault, (program.currency, program.calendar));
            self.twice.add(|| Ok(format!("event {} of `{}` {}", one.record.event, key()?, why())))?;
        }
        for sale in sales {
            if let Err(fault) = check_parts(sale, program.currency) {
                self.contradicted
                    .add(|| Ok(format!("event {} of `{}` {}", sale.event, key()?, fault.sentence())))?;
            }
        }
        Ok(())
    }
}
