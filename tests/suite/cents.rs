//! A model of funds that moves every cent by itself, day after day.

use chanlife::face::lifecycle::base::day::Day;
use chanlife::face::lifecycle::event::Event;
use chanlife::face::lifecycle::funds::Balance;
use chanlife::face::lifecycle::program::Aliases;
use chanlife::face::lifecycle::rule::History;

/// The first day of it all.
pub(crate) const FIRST: i64 = 20_454; // 2026-01-01

pub(crate) fn day(number: i64) -> Day {
    Day::from_number(number).expect("in range")
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    Available,
    SetAside(i64),
    Claimed(i64),
    Paid,
    Expired,
    /// It settled what was overpaid.
    Settled,
    TakenBack,
}

/// One cent: the fund, the lot that it came with, until when it can be approved, where it is now.
#[derive(Clone, Debug)]
struct Cent {
    fund: String,
    lot: i64,
    /// None of granted money.
    period: Option<String>,
    until: Option<Day>,
    at: At,
}

/// Every cent, moved one by one, day by day.
#[derive(Default)]
pub(crate) struct Model {
    cents: Vec<Cent>,
    /// The fund and last day to claim of each request that is approved.
    approved: Vec<(i64, String, Day)>,
    request_of_claim: Vec<(i64, i64)>,
    /// How many cents of a fund were taken back beyond what was left.
    overpaid: Vec<(String, i128)>,
}

impl Model {
    /// What holds at the end of `until`.
    pub(crate) fn of(history: &History, until: Day) -> Model {
        let folded = history.fold(&Aliases::default(), Some(until));
        let partner = folded.partner().expect("there");
        let mut requests: Vec<(i64, String)> = Vec::new();
        let mut model = Model::default();
        let mut movements = partner.movements.iter().peekable();
        for number in FIRST..=until.number() {
            let today = day(number);
            model.morning(today);
            while let Some(one) = movements.next_if(|one| one.day == today) {
                let amount = one.amount_minor.unwrap_or_default();
                match &one.what {
                    Event::Accrued(parts) if amount < 0 => {
                        model.take_back(&parts.fund, &parts.period, -amount);
                    }
                    Event::Accrued(parts) => {
                        let period = Some(parts.period.as_str());
                        model.come_in(one.event, &parts.fund, period, parts.until, amount);
                        model.settle(&parts.fund);
                    }
                    Event::Granted(parts) => model.come_in(one.event, &parts.fund, None, parts.until, amount),
                    Event::TakenBack(parts) => {
                        let granted = model
                            .cents
                            .iter_mut()
                            .filter(|cent| cent.lot == parts.grant && cent.at == At::Available);
                        let taken = granted.take(amount as usize).map(|cent| cent.at = At::TakenBack).count();
                        assert_eq!(taken as i64, amount, "enough is left");
                    }
                    Event::Expired(parts) => model.expire(&parts.fund, amount),
                    Event::Requested(parts) => requests.push((one.event, parts.fund.clone())),
                    Event::Approved(parts) => {
                        let fund =
                            &requests.iter().find(|(number, _)| *number == parts.request).expect("there").1;
                        model.set_aside(parts.request, fund, amount);
                        model.approved.push((parts.request, fund.clone(), parts.claim_by));
                    }
                    Event::Claimed(parts) => {
                        model.request_of_claim.push((one.event, parts.request));
                        model.shift(At::SetAside(parts.request), At::Claimed(one.event), amount);
                    }
                    Event::Paid(parts) => {
                        let part = one.amount_minor.unwrap_or(i64::MAX);
                        model.shift(At::Claimed(parts.claim), At::Paid, part);
                    }
                    Event::Closed(parts) => {
                        model.give_back(At::SetAside(parts.request), parts.request, today);
                    }
                    Event::Refused(parts) => model.refuse(parts.what, today),
                    _ => panic!("no movement"),
                }
            }
        }
        model
    }

    /// What was not claimed in time goes back, and what was not approved in time is gone.
    fn morning(&mut self, today: Day) {
        let lapsed: Vec<i64> =
            self.approved.iter().filter(|(.., by)| by.plus(1) == today).map(|(number, ..)| *number).collect();
        for request in lapsed {
            self.give_back(At::SetAside(request), request, today);
        }
        for cent in &mut self.cents {
            if cent.at == At::Available && cent.until.is_some_and(|until| until < today) {
                cent.at = At::Expired;
            }
        }
    }

    fn come_in(&mut self, lot: i64, fund: &str, period: Option<&str>, until: Option<Day>, amount: i64) {
        let (fund, period) = (fund.to_owned(), period.map(str::to_owned));
        self.cents.extend((0..amount).map(|_| Cent {
            fund: fund.clone(),
            lot,
            period: period.clone(),
            until,
            at: At::Available,
        }));
    }

    fn take_back(&mut self, fund: &str, period: &str, amount: i64) {
        for _ in 0..amount {
            let own = |cent: &Cent| cent.fund == fund && cent.period.as_deref() == Some(period);
            let at = |at: At| self.cents.iter().position(|cent| own(cent) && cent.at == at);
            match at(At::Available).or_else(|| at(At::Expired)) {
                Some(at) => self.cents[at].at = At::TakenBack,
                None => self.overpaid.push((fund.to_owned(), 1)),
            }
        }
        self.settle(fund);
    }

    /// How many cents of a fund are overpaid and not settled.
    fn open(&self, fund: &str) -> i128 {
        let all: i128 = self.overpaid.iter().filter(|(of, _)| of == fund).map(|(_, cents)| cents).sum();
        all - self.cents.iter().filter(|cent| cent.fund == fund && cent.at == At::Settled).count() as i128
    }

    /// Settles what is overpaid with accrued cents that are available, those first that end first.
    fn settle(&mut self, fund: &str) {
        while self.open(fund) > 0 {
            let free = self
                .cents
                .iter_mut()
                .filter(|cent| cent.fund == fund && cent.period.is_some() && cent.at == At::Available);
            match free.min_by_key(|cent| (cent.until.is_none(), cent.until, cent.lot)) {
                Some(cent) => cent.at = At::Settled,
                None => break,
            }
        }
    }

    fn set_aside(&mut self, request: i64, fund: &str, amount: i64) {
        self.draw(At::SetAside(request), fund, amount);
    }

    fn expire(&mut self, fund: &str, amount: i64) {
        self.draw(At::Expired, fund, amount);
    }

    /// Moves so many cents that are available, those first that end first.
    fn draw(&mut self, to: At, fund: &str, amount: i64) {
        for _ in 0..amount {
            let free = self.cents.iter_mut().filter(|cent| cent.fund == fund && cent.at == At::Available);
            let first = free
                .min_by_key(|cent| (cent.until.is_none(), cent.until, cent.lot))
                .expect("enough is there");
            first.at = to;
        }
    }

    /// Moves so many cents on, those first that end first.
    fn shift(&mut self, from: At, to: At, amount: i64) {
        let mut left = amount;
        let mut order: Vec<usize> = (0..self.cents.len()).filter(|at| self.cents[*at].at == from).collect();
        order.sort_by_key(|at| (self.cents[*at].until.is_none(), self.cents[*at].until, self.cents[*at].lot));
        for at in order {
            if left > 0 {
                self.cents[at].at = to;
                left -= 1;
            }
        }
        assert!(amount == i64::MAX || left == 0, "too little is there");
    }

    fn give_back(&mut self, from: At, request: i64, today: Day) {
        self.approved.retain(|(number, ..)| *number != request);
        let mut order: Vec<usize> = (0..self.cents.len()).filter(|at| self.cents[*at].at == from).collect();
        order.sort_by_key(|at| (self.cents[*at].until.is_none(), self.cents[*at].until, self.cents[*at].lot));
        for at in order {
            let settles = self.cents[at].period.is_some() && self.open(&self.cents[at].fund) > 0;
            let cent = &mut self.cents[at];
            if settles {
                cent.at = At::Settled;
                continue;
            }
            let over = cent.until.is_some_and(|until| until < today);
            cent.at = if over { At::Expired } else { At::Available };
        }
    }

    fn refuse(&mut self, what: i64, today: Day) {
        let Some((_, request)) = self.request_of_claim.iter().find(|(claim, _)| *claim == what).copied()
        else {
            return;
        };
        if self.approved.iter().any(|(number, ..)| *number == request) {
            self.shift(At::Claimed(what), At::SetAside(request), i64::MAX);
        } else {
            self.give_back(At::Claimed(what), request, today);
        }
    }

    pub(crate) fn balance(&self, fund: &str) -> Balance {
        let count = |fits: fn(At) -> bool| {
            self.cents.iter().filter(|cent| cent.fund == fund && fits(cent.at)).count() as i128
        };
        let open = self.open(fund);
        let not_covered = open.min(count(|at| matches!(at, At::SetAside(_) | At::Claimed(_))));
        Balance {
            posted: count(|at| at != At::TakenBack)
                - self.overpaid.iter().filter(|(of, _)| of == fund).map(|(_, cents)| cents).sum::<i128>(),
            available: count(|at| at == At::Available),
            committed: count(|at| matches!(at, At::SetAside(_))),
            claimed: count(|at| matches!(at, At::Claimed(_))),
            paid: count(|at| at == At::Paid),
            expired: count(|at| at == At::Expired),
            overpaid: open - not_covered,
            not_covered,
        }
    }
}
