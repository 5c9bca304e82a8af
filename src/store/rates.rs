//! Exchange rates that were set, and those that were typed with sales.

use crate::lifecycle::event::Event;
use crate::lifecycle::revenue::Rates;
use crate::store::engine::file::Reader;
use crate::store::error::Result;
use crate::store::log::packed::projected;
use crate::store::log::read::logged_event;

impl Reader<'_> {
    /// Returns the rates that were set and count.
    pub(crate) fn rates(&self) -> Result<Rates> {
        let known = self.known(None)?;
        let mut rates = Rates::default();
        let mut statement = self.connection.prepare_cached(
            "select number, action, partner, day, kind, body from event
             where partner is null and kind = 'rated' order by number",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let logged = logged_event(row)?;
            if known.counts(logged.action)
                && let Event::Rated(rated) = logged.decode()?
            {
                rates.set(logged.day, &rated.currency, &rated.rate);
            }
        }
        Ok(rates)
    }

    /// Returns the same with those that sales have, of days on which none was set.
    pub(crate) fn rates_with_sales(&self) -> Result<Rates> {
        self.rates_with_sales_but(None)
    }

    /// Returns the same without the rate of one sale, by its event.
    pub(crate) fn rates_without(&self, event: i64) -> Result<Rates> {
        self.rates_with_sales_but(Some(event))
    }

    fn rates_with_sales_but(&self, left_out: Option<i64>) -> Result<Rates> {
        let mut rates = self.rates()?;
        let sql = "select lines from sales where instr(lines, '\"rate\":') > 0";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let sales = projected(&row.get::<_, String>(0)?)?;
            for sale in sales.iter().filter(|sale| Some(sale.event) != left_out) {
                let said =
                    sale.detail.as_deref().and_then(|said| said.currency.as_ref().zip(said.rate.as_ref()));
                if let Some((code, rate)) = said {
                    rates.learn(sale.day, code, rate);
                }
            }
        }
        Ok(rates)
    }
}
