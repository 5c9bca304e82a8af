//! The words for what the file refuses: programs, names, budgets, and forgetting.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::period::DayRange;
use crate::lifecycle::base::text::{counted, listed};
use crate::lifecycle::funds::{BudgetMoved, Overdrawn, SharedBudgetDays};
use crate::lifecycle::program::{GonePart, MoneyHeld, PartInUse, ProgramRefusal};
use crate::store::{ForgottenKeyTaken, NameTaken, NotWiped};
use crate::text::periods::{days_in_words, of_period};

impl Sentence for ProgramRefusal {
    fn sentence(&self) -> String {
        match self {
            ProgramRefusal::Invalid => "the program is not valid".to_owned(),
            ProgramRefusal::StageInUse { stage, partners } => {
                let shown: Vec<&String> = partners.iter().take(5).collect();
                let more = if partners.len() > 5 { " and others" } else { "" };
                format!(
                    "the program lacks stage `{stage}`, which still has {}: {}{more}",
                    counted(partners.len(), "partner"),
                    listed(&shown)
                )
            }
            ProgramRefusal::OtherCurrency { recorded, new } => format!(
                "amounts are recorded in {}, so the currency cannot change to {}",
                recorded.code(),
                new.code()
            ),
            ProgramRefusal::UnfitValue { partner, why, .. } => format!("partner `{partner}`: {why}"),
            ProgramRefusal::PartsInUse { parts } => {
                parts.iter().map(part_in_use).collect::<Vec<String>>().join("\n  ")
            }
            ProgramRefusal::SeveralInUse { field, partners } => {
                let have = if partners.len() == 1 { "has" } else { "have" };
                format!(
                    "field `{field}` would have one value, but {} {have} several: {}",
                    counted(partners.len(), "partner"),
                    named(partners)
                )
            }
            ProgramRefusal::NotGone { keys, .. } => {
                format!("--drop: {} does not go with the new program", listed(keys))
            }
            ProgramRefusal::RenamedKey { key, now } => {
                format!("the key `{key}` was renamed to `{now}` earlier")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ProgramRefusal::Invalid => vec!["`chanlife program check FILE`".into()],
            ProgramRefusal::StageInUse { stage, .. } => vec![
                format!("if the stage has a new key, add was = \"{stage}\" to it").into(),
                "otherwise move the partners first: `chanlife back`, `chanlife advance` or `chanlife leave`"
                    .into(),
            ],
            ProgramRefusal::OtherCurrency { .. } => vec!["use another file for another currency".into()],
            ProgramRefusal::UnfitValue { partner, field, .. } => {
                let clear = format!("first clear it: `chanlife edit {partner} --unset {field}`");
                vec![format!("{clear}; give it a new value after `chanlife program apply`").into()]
            }
            ProgramRefusal::SeveralInUse { field, partners } => {
                let partner = partners.first().map_or("PARTNER", String::as_str);
                vec![
                    "keep several = true".into(),
                    format!("or give each one value first: `chanlife edit {partner} --set {field}=...`")
                        .into(),
                ]
            }
            ProgramRefusal::RenamedKey { .. } => {
                vec!["keys are permanent; choose another key for what is new".into()]
            }
            ProgramRefusal::NotGone { gone, .. } if gone.is_empty() => {
                vec!["the new program has all that the one in force has".into()]
            }
            ProgramRefusal::NotGone { gone, .. } => vec![format!("what goes is {}", listed(gone)).into()],
            ProgramRefusal::PartsInUse { parts } => in_use_hints(parts),
        }
    }
}

/// How many partners are named.
const NAMED: usize = 5;

/// Names the first of some partners: "acme, beta and 3 more".
fn named(partners: &[String]) -> String {
    let first = partners.iter().take(NAMED).cloned().collect::<Vec<String>>().join(", ");
    match partners.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// Says who has a part of the program that is not in a new one.
pub(crate) fn part_in_use(one: &PartInUse) -> String {
    let GonePart { part, key, option } = &one.gone;
    let what = match option {
        Some(option) => format!("option `{option}` of {} `{key}`", part.noun()),
        None => format!("{} `{key}`", part.noun()),
    };
    let have = if one.partners.len() == 1 { "has" } else { "have" };
    let mut said = format!(
        "the program lacks {what}, which {} {have}: {}",
        counted(one.partners.len(), "partner"),
        named(&one.partners)
    );
    if !one.with_money.is_empty() {
        let held = one.with_money.iter().take(NAMED).map(held_in_words).collect::<Vec<String>>();
        said.push_str(&format!("; {}", held.join("; ")));
        if let more @ 1.. = one.with_money.len().saturating_sub(NAMED) {
            said.push_str(&format!("; {} more with a balance or an open request", counted(more, "partner")));
        }
    }
    said
}

/// Says what a partner holds of a fund.
fn held_in_words(held: &MoneyHeld) -> String {
    let MoneyHeld { partner, available, committed, claimed, waiting, .. } = held;
    let parts = [(available, "available"), (committed, "committed"), (claimed, "awaiting payment")];
    let parts = parts.into_iter().filter(|(amount, _)| amount.money.minor > 0);
    let mut parts: Vec<String> = parts.map(|(amount, word)| format!("{amount} {word}")).collect();
    parts.extend((*waiting > 0).then(|| format!("{} to decide", counted(*waiting, "request"))));
    format!("{partner} has {}", parts.join(", "))
}

/// Says how what partners hold of a fund is settled: their requests and claims first, then what is available, and what comes
/// back of the requests with it.
fn settle_hints(fund: &str, with_money: &[MoneyHeld]) -> Vec<Hint> {
    let steps: Vec<&Step> = with_money.iter().flat_map(|one| &one.steps).collect();
    let mut hints: Vec<Hint> = Vec::new();
    for step in steps.iter().take(NAMED) {
        let what = match step {
            Step::PayClaim { .. } => "pays a claim",
            Step::CloseRequest { .. } => "ends a request and returns what is not claimed",
            _ => "rejects a request",
        };
        hints.push(Hint::step((*step).clone(), what));
    }
    if steps.len() > NAMED {
        hints.push("`chanlife fund list` lists all open requests and claims".into());
    }
    let holds = |one: &&MoneyHeld| one.available.money.minor > 0 || one.committed.money.minor > 0;
    let mut partners: Vec<String> = with_money.iter().filter(holds).map(|one| one.partner.clone()).collect();
    if !partners.is_empty() {
        if partners.len() > NAMED {
            partners.clear();
        }
        let expire = Step::ExpireFunds { partners, fund: fund.to_owned() };
        hints.push(Hint::step(expire, "takes off what is then available"));
    }
    hints
}

/// Returns the word by which a part is dropped, in quotes if a shell needs them.
fn drop_word(gone: &GonePart) -> String {
    let word = gone.word();
    let is_plain =
        word.chars().all(|letter| letter.is_alphanumeric() || ['-', '=', '_', '.'].contains(&letter));
    if is_plain { word } else { shell_words::quote(&word).into_owned() }
}

fn in_use_hints(parts: &[PartInUse]) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    for one in parts {
        let GonePart { part, key, option } = &one.gone;
        hints.push(
            match option {
                Some(option) => format!(
                    "if it has another name now, add was = {{ {option:?} = \"NEW\" }} to {} `{key}`",
                    part.noun()
                ),
                None => {
                    format!("if it has another key now, add was = \"{key}\" to the new [[{}]]", part.noun())
                }
            }
            .into(),
        );
        hints.extend(settle_hints(key, &one.with_money));
        let then = if one.with_money.is_empty() { "to do without it all the same" } else { "then" };
        hints.push(format!("{then}, add --drop {}", drop_word(&one.gone)).into());
    }
    hints
}

impl Sentence for Overdrawn {
    fn sentence(&self) -> String {
        let money = |minor: i128| format!("{} {}", self.currency.money(minor), self.currency.code());
        format!(
            "the {} of `{}` is {}, and the grants would come to {}, {} more",
            self.period
                .as_ref()
                .map_or_else(|| format!("{} budget", self.year), |period| of_period(period, "budget")),
            self.fund,
            money(self.budget),
            money(self.granted),
            money(self.granted - self.budget)
        )
    }

    fn hints(&self) -> Vec<Hint> {
        vec![
            "`chanlife report funds` shows the balances".into(),
            "set a larger budget in the program: `chanlife program apply FILE`".into(),
        ]
    }
}

/// Says which days two budgets of a fund share, and from which of them money is granted then.
pub(crate) fn budgets_share(shared: &SharedBudgetDays) -> String {
    let SharedBudgetDays { fund, years, days, granted_from } = shared;
    let [(one, of_one), (other, of_other)] = years;
    format!(
        "the budgets of `{fund}` for {one} ({}) and {other} ({}) share {}: grants of these days come from that of \
         {granted_from}; if only one of them is for these days, name the days of the other with from and to",
        days_in_words(*of_one),
        days_in_words(*of_other),
        days_in_words(*days)
    )
}

impl Sentence for BudgetMoved {
    fn sentence(&self) -> String {
        let granted = format!("{} {}", self.currency.money(self.granted), self.currency.code());
        format!(
            "{granted} was granted from the budget of `{}` for {}, which would be for {}",
            self.fund,
            days_in_words(self.days),
            days_in_words(self.new)
        )
    }

    fn hints(&self) -> Vec<Hint> {
        let DayRange { first, last } = self.days;
        let amount = self.currency.money(self.budget);
        vec![
            format!(
                "name the days of that budget in the [[fund]] with key = \"{}\": `{} = {{ amount = {amount}, from = \"{first}\", to = \"{last}\" }}`",
                self.fund, self.period
            )
            .into(),
        ]
    }
}

impl Sentence for NameTaken {
    fn sentence(&self) -> String {
        let what = if self.is_key { "key" } else { "reference" };
        format!("the {what} `{}` belongs to another partner", self.name)
    }

    fn hints(&self) -> Vec<Hint> {
        vec![format!("`chanlife show {}` shows that partner", shell_words::quote(&self.name)).into()]
    }
}

impl Sentence for ForgottenKeyTaken {
    fn sentence(&self) -> String {
        format!("the key `{}` is needed for the erased partner, but belongs to {}", self.key, self.other)
    }
}

impl Sentence for NotWiped {
    fn sentence(&self) -> String {
        format!(
            "{} was erased, but free pages of the file may still contain what was erased ({}); \
             `chanlife forget {}` wipes them",
            self.name, self.why, self.key
        )
    }
}
