//! Co-op and marketing development funds. Refusals name the figures.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::period::Period;
use crate::lifecycle::base::text::{capital, counted, listed};
use crate::lifecycle::funds::{
    Accrued, Approved, Balance, Claimed, Closed, Expired, FundRefusal, FundRequest, FundSettled, Granted,
    NotPosted, Paid, Refused, RequestState, Requested, TakenBack,
};
use crate::lifecycle::program::Program;
use crate::text::events::{Described, ReceiptContext, with};
use crate::text::periods::{called, days_in_words, of_period};
use crate::text::steps::command_line;

impl Sentence for FundRefusal {
    fn sentence(&self) -> String {
        match self {
            Self::NoRequestOrClaim { number } => format!("request or claim not found: {number}"),
            Self::NoClaim { number } => format!("claim not found: {number}"),
            Self::QuarterNotOver { quarter, day } => {
                format!("{} is not over on {day}; it ends on {}", quarter.with_days(), quarter.last)
            }
            Self::NotGranted { fund, .. } => {
                format!("`{fund}` accrues from revenue and has no budget to grant from")
            }
            Self::NoBudget { fund, year, .. } => format!("`{fund}` has no budget for {}", year.in_full()),
            Self::NoAmount { amount } => format!("the amount is {amount}, but must be more than 0"),
            Self::GoneBefore { until, day } => format!("the money would expire on {until}, before {day}"),
            Self::OtherActivities { fund, activity, .. } => format!("`{fund}` does not cover `{activity}`"),
            Self::EndsBeforeItStarts { starts, ends } => {
                format!("the activity would end on {ends}, before it starts on {starts}")
            }
            Self::ReferenceTaken { reference, request } => {
                format!("`{reference}` is already the reference of request {request}, which differs")
            }
            Self::ClaimTimeOver { claim_by, day } => {
                format!("the deadline to claim was {claim_by}, before {day}")
            }
            Self::NotStarted { request, activity, starts } => format!(
                "a claim is recorded once the activity has started; the {activity} of request {request} starts on {starts}"
            ),
            Self::NoGrant { number } => format!("grant not found: {number}"),
            Self::NotAGrant { partner, number, .. } => format!("{number} is not a grant to {partner}"),
            Self::AboveShare { .. }
            | Self::AboveAsked { .. }
            | Self::NotAvailable { .. }
            | Self::AboveApproved { .. }
            | Self::AboveLeft { .. }
            | Self::ExpiresAbove { .. }
            | Self::AboveUnpaid { .. } => too_much(self),
            Self::PartOfSeveral => "--amount pays a part of one claim, and several are named".to_owned(),
            Self::NotARequest { partner, number, .. } => format!("{number} is not a request of {partner}"),
            Self::NotAClaim { partner, number, .. } => format!("{partner} has no claim {number}"),
            Self::ARequest { request, paid_claims, .. } => {
                format!("{request} is a request, and only claims can be paid{}", already_paid(paid_claims))
            }
            Self::ClaimPaid { claim, on } => format!("claim {claim} was paid on {on}"),
            Self::ClaimRejected { claim, on } => format!("claim {claim} was rejected on {on}"),
            Self::NotApproved { request } => format!("request {request} is not approved yet"),
            Self::Approved { request, on, amount } => {
                format!("request {request} was approved on {on}, with {amount}")
            }
            Self::Rejected { request, on, reason, .. } => {
                format!("request {request} was rejected on {on}: {reason}")
            }
            Self::Lapsed { request, on, unclaimed, .. } => lapsed(*request, *on, *unclaimed),
            Self::Closed { request, on } => format!("request {request} was closed on {on}"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            Self::NoRequestOrClaim { .. } | Self::NoClaim { .. } => {
                vec!["`chanlife fund list` lists them".into()]
            }
            Self::NotGranted { partner, .. } => {
                vec![Hint::step(Step::AccrueFund { partner: partner.clone() }, "posts the accrual")]
            }
            Self::NoBudget { year, free, .. } => vec![add_budget(year, free).into()],
            Self::OtherActivities { activities, .. } => {
                vec![format!("it covers {}", listed(activities)).into()]
            }
            Self::ReferenceTaken { .. } => vec!["use another --ref".into()],
            Self::NotAvailable { .. } => more_money(self),
            Self::NotARequest { key, .. } | Self::NotAClaim { key, .. } => {
                vec![lists_them(key)]
            }
            Self::NoGrant { .. } => {
                vec!["`chanlife fund show PARTNER` lists the grants of a partner with their numbers".into()]
            }
            Self::NotAGrant { key, .. } => vec![shown(key, "lists its credits with their numbers")],
            Self::AboveLeft { key, granted, expired, left, .. } => {
                let committed = granted.money.minor - expired.money.minor - left.money.minor;
                match (committed, expired.money.minor) {
                    (1.., _) => vec![shown(key, "lists the requests that the rest is committed to")],
                    (_, 1..) => vec!["money that has expired cannot be taken back".into()],
                    _ => Vec::new(),
                }
            }
            Self::AboveUnpaid { claim, .. } => {
                vec![Hint::step(Step::PayClaim { claim: *claim }, "pays the rest")]
            }
            Self::PartOfSeveral => vec!["pay one claim at a time with --amount".into()],
            Self::ARequest { key, request, open_claims, claimable, .. } => {
                let claims = if !open_claims.is_empty() {
                    Some(format!("its claims awaiting payment: {}", listed(open_claims)).into())
                } else if *claimable {
                    Some(Hint::step(Step::ClaimFunds { request: *request }, "records a claim"))
                } else {
                    None
                };
                claims.into_iter().chain([lists_them(key)]).collect()
            }
            Self::ClaimRejected { .. } => vec!["claim again with better proof".into()],
            Self::NotApproved { request } => {
                let approve = Step::ApproveRequest { request: *request, amount: None };
                vec![Hint::step(approve, "commits the money")]
            }
            Self::Approved { request, .. } => {
                let close = Step::CloseRequest { request: *request };
                vec![Hint::step(close, "closes it and returns the unspent money")]
            }
            Self::Rejected { partner, .. } | Self::Lapsed { partner, .. } => {
                let request = Step::RequestFunds { partner: partner.clone(), fund: None };
                vec![Hint::step(request, "records a new request")]
            }
            _ => Vec::new(),
        }
    }
}

/// Says how the program gets a budget of a fiscal year; `free` is the name that it can have.
fn add_budget(year: &Period, free: &str) -> String {
    let apply = command_line(&Step::ApplyProgram);
    if year.to_string() == free {
        return format!("add it to the program, `budget = {{ {year} = AMOUNT }}`, and `{apply}`");
    }
    let (first, last) = (year.first, year.last);
    format!(
        "{year} is the name of a budget of other days; add one under another year with these days, \
         `{free} = {{ amount = AMOUNT, from = \"{first}\", to = \"{last}\" }}`, and `{apply}`"
    )
}

/// Says which amount is too large, and what it could be at most.
fn too_much(refusal: &FundRefusal) -> String {
    match refusal {
        FundRefusal::AboveShare { fund, max_percent, asked, cost, most } => {
            format!("{asked} of {cost} is too much: `{fund}` pays at most {max_percent} %, which is {most}")
        }
        FundRefusal::AboveAsked { request, wanted, asked } => {
            format!("{wanted} is more than the {asked} requested in request {request}")
        }
        FundRefusal::NotAvailable { fund, amount, balance, .. } => {
            format!("{amount} is more than is available in `{fund}`: {}", parts(*amount, *balance))
        }
        FundRefusal::AboveApproved { request, amount, approved, claimed, left } => format!(
            "{amount} is more than is left of request {request}: {approved} approved, {claimed} claimed, {left} left"
        ),
        FundRefusal::AboveLeft { grant, fund, amount, granted, expired, left, .. } => {
            let expired =
                if expired.money.minor == 0 { String::new() } else { format!(", {expired} expired") };
            format!(
                "{amount} is more than can be taken back of grant {grant} of `{fund}`: {granted} granted{expired}, {left} not committed"
            )
        }
        FundRefusal::ExpiresAbove { fund, amount, available, .. } => {
            format!("{amount} is more than the {available} available in `{fund}`")
        }
        FundRefusal::AboveUnpaid { claim, amount, claimed, paid, unpaid } => format!(
            "{amount} is more than is unpaid of claim {claim}: {claimed} claimed, {paid} paid, {unpaid} unpaid"
        ),
        _ => String::new(),
    }
}

/// Says which claims of a request were paid, behind what is said of it.
fn already_paid(claims: &[i64]) -> String {
    match claims {
        [] => String::new(),
        [one] => format!("; its claim {one} was already paid"),
        more => format!("; its claims {} were already paid", listed(more)),
    }
}

/// Says where the money of a fund is.
fn parts(amount: Amount, balance: Balance) -> String {
    let some = |minor: i128, word: &str| {
        if minor > 0 { format!(", {} {word}", amount.of(minor)) } else { String::new() }
    };
    let (overpaid, short) = (some(balance.overpaid, "overpaid"), some(balance.not_covered, "not covered"));
    format!(
        "{} credited, {} committed, {} claimed, {} paid, {} expired{overpaid}{short}, {} left",
        amount.of(balance.posted),
        amount.of(balance.committed),
        amount.of(balance.claimed),
        amount.of(balance.paid),
        amount.of(balance.expired),
        amount.of(balance.available)
    )
}

/// Suggests what brings money to a fund that has too little, and how to approve what it has.
fn more_money(refusal: &FundRefusal) -> Vec<Hint> {
    let FundRefusal::NotAvailable { request, fund, partner, accrues, amount, balance } = refusal else {
        return Vec::new();
    };
    let (partner, fund) = (partner.clone(), fund.clone());
    let credit = if *accrues {
        Hint::step(Step::AccrueFund { partner }, "posts accruals from revenue")
    } else {
        Hint::step(Step::GrantFund { partner, fund, amount: None }, "grants more")
    };
    let left = Some(amount.of(balance.available).money).filter(|_| balance.available > 0);
    let rest = left.map(|left| Step::ApproveRequest { request: *request, amount: Some(left) });
    let rest = rest.map(|approve| Hint::step(approve, "approves the amount available"));
    [Some(credit), rest].into_iter().flatten().collect()
}

fn lists_them(partner: &str) -> Hint {
    shown(partner, "lists its requests and claims")
}

fn shown(partner: &str, what: &str) -> Hint {
    Hint::step(Step::ShowFunds { partner: partner.to_owned() }, what)
}

/// Says what became of a request when its time to claim was over.
fn lapsed(request: i64, on: Day, unclaimed: Option<Amount>) -> String {
    match unclaimed {
        None => format!("request {request} was claimed in full"),
        Some(amount) => format!("the unclaimed {amount} of request {request} lapsed on {on}"),
    }
}

/// Returns the status of a request as people read it: what was claimed and paid counts, also once its time is over.
pub(crate) fn status_in_words(request: &FundRequest) -> &'static str {
    let approved = request.approved().map_or(0, |(_, minor)| minor);
    let (claimed, paid) = request.claimed_and_paid();
    match &request.state {
        RequestState::Waiting => "to approve",
        RequestState::Approved { .. } | RequestState::Closed { lapsed: true, .. } if claimed >= approved => {
            if paid == claimed {
                "paid"
            } else if paid > 0 {
                "partly paid"
            } else {
                "claimed"
            }
        }
        RequestState::Approved { .. } if claimed > 0 => "partly claimed",
        RequestState::Closed { lapsed: true, .. } if claimed > 0 => {
            if paid == claimed {
                "partly paid, rest lapsed"
            } else {
                "partly claimed, rest lapsed"
            }
        }
        state => state.word(),
    }
}

impl Sentence for FundSettled {
    fn sentence(&self) -> String {
        match self {
            FundSettled::NothingAccrues { partner, quarter, not_posted } => {
                let of = quarter.as_ref().map(|quarter| format!(" for {}", quarter.with_days()));
                let mut parts = vec![format!("{partner}: nothing to accrue{}", of.unwrap_or_default())];
                parts.extend(not_posted.iter().map(NotPosted::in_words));
                parts.join("; ")
            }
            FundSettled::Requested { partner, request } => {
                format!("{partner} already requested this, see request {request}")
            }
            FundSettled::Approved { request, amount, since } => {
                format!("Request {request} was already approved on {since}, {amount}")
            }
            FundSettled::RequestRejected { request, since } => {
                format!("Request {request} was already rejected on {since}")
            }
            FundSettled::ClaimRejected { claim, since } => {
                format!("Claim {claim} was already rejected on {since}")
            }
            FundSettled::Claimed { partner, claim, on } => {
                format!("{partner} already claimed this on {on}, see claim {claim}")
            }
            FundSettled::Paid { claim, amount, on } => {
                format!("Claim {claim} over {amount} was already paid on {on}")
            }
            FundSettled::Lapsed { request, since, unclaimed } => {
                capital(&lapsed(*request, *since, *unclaimed))
            }
            FundSettled::Closed { request, since } => {
                format!("Request {request} was already closed on {since}")
            }
            FundSettled::NothingAvailable { partner, fund, held } => {
                let mut parts = vec![format!("{partner}: no {fund} money available")];
                parts.extend(held.iter().map(|(amount, word)| format!("{amount} {word}")));
                parts.join(", ")
            }
            FundSettled::TakenBack { grant } => format!("Grant {grant} was already taken back"),
            FundSettled::PartPaid { claim, amount, on, unpaid } => format!(
                "{amount} of claim {claim} was already paid on {on}, {unpaid} unpaid; add another --ref to pay as much again"
            ),
        }
    }
}

impl NotPosted {
    /// Returns why something is not posted, after a colon or a semicolon.
    pub(super) fn in_words(&self) -> String {
        match self {
            NotPosted::NoPercent { period, tier: Some(tier) } => {
                format!(
                    "no percentage for the tier {tier}, which it had at the end of {}",
                    period.with_days()
                )
            }
            NotPosted::NoPercent { period, tier: None } => {
                let end = period.in_full();
                format!("it had no tier at the end of {end}, and the percentage depends on the tier")
            }
            NotPosted::Expired { period, until } => {
                format!("the accrual for {} expired on {until}", period.with_days())
            }
            NotPosted::LeftOut { days, amount, .. } => {
                format!("{amount} for {} has not accrued yet", days_in_words(*days))
            }
        }
    }
}

impl Described for Accrued {
    fn described(&self, program: &Program) -> String {
        let amount = program.currency.amount(self.amount_minor.into());
        let quarter = called(program.calendar, &self.period, self.days);
        if self.amount_minor < 0 {
            let less = program.currency.amount(-i128::from(self.amount_minor));
            return format!("reduced {} for {quarter} by {less}", self.fund);
        }
        format!("accrued {amount} {} for {quarter}", self.fund)
    }
}

impl Described for Granted {
    fn described(&self, program: &Program) -> String {
        let amount = program.currency.amount(self.amount_minor.into());
        let year = called(program.calendar, &self.period, self.days);
        format!("granted {amount} {} for {year}", self.fund)
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let amount = about.program.currency.amount(self.amount_minor.into());
        let expires = self.until.map(|until| format!(", expires {until} unless approved for an activity"));
        let days = self.days.map(|days| of_period(&about.program.calendar.named(days), "budget"));
        let (fund, budget) = (&self.fund, days.unwrap_or_else(|| format!("{} budget", self.period)));
        let expires = expires.unwrap_or_default();
        format!("Granted {} {amount} from the {budget} of {fund}{expires}", about.partner)
    }
}

impl Described for Requested {
    fn described(&self, program: &Program) -> String {
        let money = |minor: i64| program.currency.amount(minor.into());
        let what = format!(
            "requested {} {} for {} costing {}, {} to {}",
            money(self.asked_minor),
            self.fund,
            self.activity,
            money(self.cost_minor),
            self.starts,
            self.ends
        );
        with(what, self.what.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let money = |minor: i128| about.program.currency.amount(minor);
        let own = money((self.cost_minor - self.asked_minor).into());
        let balance = about.facts().map(|facts| facts.balance(&self.fund));
        let balance = balance.filter(|balance| balance.available < i128::from(self.asked_minor));
        let short = balance.map_or_else(String::new, |balance| {
            let parts = [
                (balance.overpaid > 0).then(|| format!(", which is overpaid by {}", money(balance.overpaid))),
                not_covered_in_words(balance, money(0)).map(|short| format!("; {short}")),
            ];
            let parts: String = parts.into_iter().flatten().collect();
            format!("; only {} is available in {} now{parts}", money(balance.available), self.fund)
        });
        format!(
            "Recorded request {} of {}: {} from {} for {} costing {}; the partner pays {own}{short}",
            about.number,
            about.partner,
            money(self.asked_minor.into()),
            self.fund,
            self.activity,
            money(self.cost_minor.into()),
        )
    }
}

impl Described for Approved {
    fn described(&self, program: &Program) -> String {
        let amount = program.currency.amount(self.amount_minor.into());
        format!("{amount} approved for request {}, claim by {}", self.request, self.claim_by)
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let money = |minor: i128| about.program.currency.amount(minor);
        let books = about.before.map(|partner| partner.books.on(about.day));
        let fund = books.as_ref().and_then(|books| Some(books.request(self.request)?.0.to_owned()));
        let left = fund.zip(about.facts()).map(|(fund, facts)| {
            let left = facts.balance(&fund).available - i128::from(self.amount_minor);
            format!("; {} left in {fund}", money(left))
        });
        format!(
            "Approved {} for request {} of {}, claim by {}{}",
            money(self.amount_minor.into()),
            self.request,
            about.partner,
            self.claim_by,
            left.unwrap_or_default()
        )
    }
}

impl Described for Refused {
    fn described(&self, _: &Program) -> String {
        with(format!("{} rejected", self.what), Some(&self.reason))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let claim = about.before.is_some_and(|partner| partner.books.claim(self.what).is_some());
        let request = about.before.is_some_and(|partner| partner.books.request(self.what).is_some());
        let what = if claim {
            "claim "
        } else if request {
            "request "
        } else {
            ""
        };
        format!("Rejected {what}{} of {}", self.what, about.partner)
    }
}

impl Described for Claimed {
    fn described(&self, program: &Program) -> String {
        let leads = self.leads.map_or_else(String::new, |leads| format!(", {}", counted(leads, "lead")));
        let amount = program.currency.amount(self.amount_minor.into());
        with(format!("claimed {amount} of request {}{leads}", self.request), Some(&self.proof))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let leads = self.leads.map_or_else(String::new, |leads| format!(", {}", counted(leads, "lead")));
        let amount = about.program.currency.amount(self.amount_minor.into());
        let (partner, request, claim) = (about.partner, self.request, about.number);
        let books = about.before.map(|partner| partner.books.on(about.day));
        let found = books.as_ref().and_then(|books| books.request(request));
        let ledger = books.as_ref().zip(found).and_then(|(books, (fund, _))| books.ledger(fund));
        let short = ledger.and_then(|before| {
            let mut after = before.clone();
            after.take(claim, about.day, self, self.amount_minor).ok()?;
            after.not_covered().get(&claim).map(|minor| about.program.currency.amount((*minor).into()))
        });
        let short =
            short.map_or_else(String::new, |short| format!("; the fund does not cover {short} of it"));
        format!("{partner} claimed {amount} of request {request} (claim {claim}){leads}{short}")
    }
}

impl Described for Paid {
    fn described(&self, program: &Program) -> String {
        let part = self.amount_minor.map(|minor| format!("{} of ", program.currency.amount(minor.into())));
        with(format!("{}claim {} paid", part.unwrap_or_default(), self.claim), self.reference.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let money = |minor: i128| about.program.currency.amount(minor);
        let claim = about.before.and_then(|partner| partner.books.claim(self.claim));
        let unpaid = claim.map(|(_, _, claim)| claim.unpaid_minor());
        let amount = self
            .amount_minor
            .or(unpaid)
            .map_or_else(String::new, |minor| format!("{} for ", money(minor.into())));
        let rest = self
            .amount_minor
            .zip(unpaid)
            .map(|(paid, unpaid)| format!(", {} unpaid", money((unpaid - paid).into())));
        let books = about.before.map(|partner| partner.books.on(about.day));
        let fund = books.as_ref().and_then(|books| Some(books.claim(self.claim)?.0));
        let overpaid = books.as_ref().zip(fund).and_then(|(books, fund)| {
            let mut after = books.ledger(fund)?.clone();
            after.pay(about.day, self, self.amount_minor).ok()?;
            let overpaid = after.balance().overpaid;
            (overpaid > 0).then(|| format!("; {fund} is overpaid by {}", money(overpaid)))
        });
        let (rest, overpaid) = (rest.unwrap_or_default(), overpaid.unwrap_or_default());
        format!("Paid {amount}claim {} of {}{rest}{overpaid}", self.claim, about.partner)
    }
}

impl Described for Expired {
    fn described(&self, program: &Program) -> String {
        let amount = program.currency.amount(self.amount_minor.into());
        with(format!("expired {amount} {}", self.fund), self.reason.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let money = |minor: i128| about.program.currency.amount(minor);
        let balance = about.facts().map(|facts| facts.balance(&self.fund)).unwrap_or_default();
        let rest = [
            (balance.available - i128::from(self.amount_minor), "stays available"),
            (balance.committed, "stays committed"),
            (balance.claimed, "awaits payment"),
        ];
        let rest = rest.into_iter().filter(|(minor, _)| *minor > 0 && about.before.is_some());
        let amount = money(self.amount_minor.into());
        let mut parts = vec![format!("Expired {amount} {} of {}", self.fund, about.partner)];
        parts.extend(rest.map(|(minor, word)| format!("{} {word}", money(minor))));
        parts.join("; ")
    }
}

impl Described for TakenBack {
    fn described(&self, program: &Program) -> String {
        let amount = program.currency.amount(self.amount_minor.into());
        with(format!("took back {amount} of grant {}", self.grant), self.reason.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let amount = about.program.currency.amount(self.amount_minor.into());
        let grant = about.before.and_then(|partner| partner.books.grant(self.grant));
        let budget = grant.map(|(fund, lot)| {
            let budget = of_period(&about.program.calendar.named(lot.days), "budget");
            format!(" to the {budget} of {fund}")
        });
        let budget = budget.unwrap_or_default();
        format!("Took back {amount} of grant {} from {}; it returns{budget}", self.grant, about.partner)
    }
}

/// Says how much of what is committed or claimed a fund has no money for; nothing if it has all of it. `amount` has the
/// currency.
pub(super) fn not_covered_in_words(balance: Balance, amount: Amount) -> Option<String> {
    let what = match (balance.committed > 0, balance.claimed > 0) {
        (true, true) => "committed or claimed",
        (_, true) => "claimed",
        _ => "committed",
    };
    let short = balance.not_covered;
    (short > 0).then(|| format!("{} {what} is not covered", amount.of(short)))
}

impl Described for Closed {
    fn described(&self, _: &Program) -> String {
        with(format!("request {} closed", self.request), self.reason.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let money = |minor: i128| about.program.currency.amount(minor);
        let books = about.before.map(|partner| partner.books.on(about.day));
        let found = books.as_ref().and_then(|books| books.request(self.request));
        let ledger = books.as_ref().zip(found).and_then(|(books, (fund, _))| books.ledger(fund));
        let mut parts = vec![format!("Closed request {} of {}", self.request, about.partner)];
        let mut short = None;
        if let Some(((_, request), before)) = found.zip(ledger).filter(|((_, one), _)| one.open_minor() > 0) {
            let mut after = before.clone();
            let (was, open) = (before.balance(), i128::from(request.open_minor()));
            let is = after.close(about.day, self).map_or(was, |()| after.balance());
            let (back, gone) = (is.available - was.available, is.expired - was.expired);
            if open > back + gone {
                parts.push(format!("{} no longer committed", money(open - back - gone)));
            }
            parts.extend((back > 0).then(|| format!("{} returned to the fund", money(back))));
            parts.extend((gone > 0).then(|| format!("{} expired", money(gone))));
            short = not_covered_in_words(is, money(0)).map(|short| format!("; {short}"));
        }
        format!("{}{}", parts.join(", "), short.unwrap_or_default())
    }
}
