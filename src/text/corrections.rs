//! The words of corrections, removals and merges.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::{Error, Sentence};
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::money::Amount;
use crate::lifecycle::base::period::{DayRange, Period};
use crate::lifecycle::base::text::counted;
use crate::lifecycle::corrections::{
    ConflictValues, Corrected, CorrectedAlready, CorrectionMisfit, CorrectionRefusal, Forgotten, Lost,
    MergeChoice, MergeConflict, MergePart, Merged, OtherHands, PlanHeld, Removed, SharedPerson, StageChange,
    StaysAway, StaysEnded,
};
use crate::lifecycle::history::ContradictionRefusal;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::performance::WatchStep;
use crate::lifecycle::plans::PlanState;
use crate::lifecycle::program::Program;
use crate::lifecycle::stage::{ExitCorrection, Standing};
use crate::text::events::{Described, ReceiptContext, with};
use crate::text::overlaps::records_in_words;
use crate::text::partner::contact;
use crate::text::periods::days_in_words;
use crate::text::sale_corrections::{sale_hints, sale_parts};

impl Sentence for CorrectedAlready {
    fn sentence(&self) -> String {
        format!("Event {} already says so", self.event)
    }
}

impl Sentence for CorrectionMisfit {
    fn sentence(&self) -> String {
        match self {
            CorrectionMisfit::NoSuchEvent { event } => {
                format!("corrects event {event}, which does not exist")
            }
        }
    }
}

impl Described for Corrected {
    fn described(&self, program: &Program) -> String {
        let day = self.day.map(|day| format!("happened on {day}"));
        let amount = self.amount_minor.map(|minor| format!("is {}", program.currency.amount(minor.into())));
        let sale = sale_parts(&self.sale).map(|part| format!("has {part}"));
        let exit = exit_parts(program, &self.exit);
        let parts: Vec<String> = day.into_iter().chain(amount).chain(sale).chain(exit).collect();
        // What is right of a leaving stands behind a colon of its own: "event 16, left as: withdrew".
        let comma = if self.exit.is_nothing() { "" } else { "," };
        let what = format!("event {}{comma} {}", self.event, parts.join(" and "));
        with(what, self.reason.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let known = about.before.and_then(|partner| known(partner, self.event));
        let day = self.day.map(|day| match known {
            Some((was, _)) => format!("day from {was} to {day}"),
            None => format!("day {day}"),
        });
        let currency = about.program.currency;
        let amount = self.amount_minor.map(|minor| match known.and_then(|(_, was)| was) {
            Some(was) => format!("from {} to {}", currency.money(was.into()), currency.amount(minor.into())),
            None => currency.amount(minor.into()).to_string(),
        });
        let parts: Vec<String> = day
            .into_iter()
            .chain(amount.map(|amount| format!("amount {amount}")))
            .chain(sale_parts(&self.sale))
            .chain(exit_parts(about.program, &self.exit))
            .collect();
        format!("Corrected event {} of {}: {}", self.event, about.partner, parts.join(", "))
    }
}

/// Returns the day of a sale or a movement of money until now, and its amount in minor units if it has one.
fn known(partner: &Partner, event: i64) -> Option<(Day, Option<i64>)> {
    let sale = partner.sales.iter().find(|sale| sale.event == event);
    let movement = partner.movements.iter().find(|movement| movement.event == event);
    let of_movement = || movement.map(|movement| (movement.day, movement.amount_minor));
    sale.map(|sale| (sale.day, Some(sale.reported_minor()))).or_else(of_movement)
}

/// Says what is right of a leaving or a parking, part by part.
fn exit_parts(program: &Program, right: &ExitCorrection) -> impl Iterator<Item = String> {
    let label = right.label.map(|label| format!("left as: {}", label.word()));
    let why = right.why.as_ref().map(|key| format!("reason: {}", program.reason_name(key)));
    let none = right.without_why.then(|| "no reason of the program".to_owned());
    let text = right.text.as_ref().map(|text| format!("reason in own words: {text}"));
    label.into_iter().chain(why).chain(none).chain(text)
}

impl Described for Removed {
    fn described(&self, _: &Program) -> String {
        with("removed".to_owned(), Some(&self.reason))
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Deleted {}; it counts in no report any more", about.partner)
    }
}

impl Described for Merged {
    fn described(&self, _: &Program) -> String {
        "merged into another partner".to_owned()
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Merged {} into {}", about.partner, about.other.unwrap_or("another partner"))
    }
}

/// Says what both partners of a merge have, and whose word counts; `staying` and `going` are their keys.
pub(crate) fn conflict_in_words(
    conflict: &MergeConflict,
    staying: &str,
    going: &str,
    program: &Program,
) -> String {
    let MergeConflict { part, what, values, choice } = conflict;
    let what = match part {
        MergePart::Sales if matches!(values, ConflictValues::Records(_)) => "revenue".to_owned(),
        MergePart::Dues => format!("due date of {what}"),
        MergePart::Sales => format!("sale `{what}`"),
        MergePart::Watch => "watch list".to_owned(),
        MergePart::Plans | MergePart::Terms | MergePart::Attributes | MergePart::Owner | MergePart::Tier => {
            what.clone()
        }
    };
    if let ConflictValues::PlansAcross { plans, shared } = values {
        return plans_across_in_words(plans, *shared, *choice, [staying, going]);
    }
    let what = match values {
        ConflictValues::Plans(year, both) => {
            let plan = format!("plan {}", year.with_days());
            if let Some(said) = plans_in_words(both, *choice, [staying, going]) {
                return format!("{plan}: {said}");
            }
            plan
        }
        _ => what,
    };
    let [own, other] = match values {
        ConflictValues::Plans(_, [own, other]) => [own, other].map(plan_held_in_words),
        ConflictValues::PlansAcross { plans: [(_, own), (_, other)], .. } => {
            [own, other].map(plan_held_in_words)
        }
        ConflictValues::Texts(own, other) => [own.clone(), other.clone()],
        ConflictValues::Watch(pair) => pair.map(|(step, day)| match step {
            WatchStep::Watched => format!("watched since {day}"),
            WatchStep::Improving { until } => format!("improving from {day} to {until}"),
            WatchStep::Decided(outcome) => format!("{} on {day}", outcome.word()),
        }),
        ConflictValues::Days(own, other) => [own.to_string(), other.to_string()],
        ConflictValues::Sales(pair) => pair.map(|(amount, day)| format!("{amount} on {day}")),
        ConflictValues::Records([own, other]) => {
            let names = (program.currency, program.calendar);
            [own, other].map(|all| records_in_words(all, names))
        }
    };
    match choice {
        MergeChoice::Take => format!("{what}: {other} of `{going}` replaces {own} of `{staying}`"),
        MergeChoice::Keep | MergeChoice::Add => {
            let otherwise = match part {
                MergePart::Plans if is_one_agreed(values) => "--plans take".to_owned(),
                MergePart::Plans => "--plans add or take".to_owned(),
                part => format!("--take {}", part.word()),
            };
            format!("{what}: {own} of `{staying}` stays, not {other} of `{going}` ({otherwise} changes that)")
        }
    }
}

/// Says what counts on the days that plans of two years share; the keys are those of the partner that stays and of the one that
/// goes.
fn plans_across_in_words(
    [own, other]: &[(Period, PlanHeld); 2],
    shared: DayRange,
    choice: MergeChoice,
    [staying, going]: [&str; 2],
) -> String {
    let of = |(year, held): &(Period, PlanHeld), whose: &str| {
        format!("the {} plan of `{whose}`, {}", year.with_days(), plan_held_in_words(held))
    };
    let (own, other) = (of(own, staying), of(other, going));
    let days = format!("plans for {}", days_in_words(shared));
    match choice {
        MergeChoice::Add => format!("{days}: {own}, and {other}, count together"),
        MergeChoice::Keep => format!("{days}: {own}, counts, not {other} (--plans add or take changes that)"),
        MergeChoice::Take => format!("{days}: {other}, counts, not {own}"),
    }
}

/// Says what becomes of two plans that are added up, or of which one is agreed and loses to a draft; the keys are those of the
/// partner that stays and of the one that goes.
fn plans_in_words(
    [own, other]: &[PlanHeld; 2],
    choice: MergeChoice,
    [staying, going]: [&str; 2],
) -> Option<String> {
    let (winner, loser, otherwise) = match choice {
        MergeChoice::Add => {
            let sum = own.newest.of(own.newest.money.minor + other.newest.money.minor);
            let [own, other] = [own, other].map(plan_held_in_words);
            return Some(format!("{own} of `{staying}` and {other} of `{going}` are added up, {sum}"));
        }
        MergeChoice::Keep => ((own, staying), (other, going), "--plans take drops the draft"),
        MergeChoice::Take => ((other, going), (own, staying), "--plans keep drops the draft"),
    };
    let agreed = loser.0.agreed.as_ref().filter(|_| winner.0.agreed.is_none())?;
    let draft = plan_held_in_words(winner.0);
    Some(format!(
        "{agreed} of `{}`, agreed, counts until {draft} of `{}` is agreed ({otherwise})",
        loser.1, winner.1
    ))
}

/// Returns whether both sides agreed to one of two plans only, which do not add up.
fn is_one_agreed(values: &ConflictValues) -> bool {
    let agreed = |held: &PlanHeld| held.agreed.is_some();
    matches!(values, ConflictValues::Plans(_, [own, other]) if agreed(own) != agreed(other))
}

/// Says what one of two partners has planned, and what of it is not agreed.
fn plan_held_in_words(held: &PlanHeld) -> String {
    let PlanHeld { newest, state, agreed } = held;
    match (state, agreed) {
        (PlanState::Active, _) => newest.to_string(),
        (state, None) => format!("{newest} ({})", state.words()),
        (state, Some(agreed)) => format!("{newest} ({}; {agreed} is agreed)", state.words()),
    }
}

/// Says which attributes the partner that stays gets from the one that goes, since it has none.
pub(crate) fn taken_over_in_words(attributes: &[(String, String)], staying: &str, going: &str) -> String {
    let said: Vec<String> = attributes.iter().map(|(key, value)| format!("{key} {value}")).collect();
    format!("from `{going}`, since `{staying}` has none: {}", said.join(", "))
}

/// Says who of two people with one address stays, and who must not be mailed; `staying` and `going` are the keys.
pub(crate) fn shared_person_in_words(person: &SharedPerson, staying: &str, going: &str) -> String {
    let SharedPerson { staying: own, going: other, now, newly_opted_out } = person;
    let out = if *newly_opted_out { format!("; opted out of mail, as at `{going}`") } else { String::new() };
    let said = if own == other {
        format!("contact: {} is known to both", contact(own))
    } else {
        format!("contact: {} of `{staying}` stays, not {} of `{going}`", contact(own), contact(other))
    };
    let completed = if now == own { String::new() } else { format!("; now {}", contact(now)) };
    format!("{said}{completed}{out}")
}

/// Says what of a partner that left before it was merged stays ended; `going` is its key.
pub(crate) fn stays_ended_in_words(ended: &StaysEnded, going: &str) -> String {
    let StaysEnded { left, plans, terms, is_watched, milestones } = ended;
    let named = |what: &str, all: &[String]| (!all.is_empty()).then(|| format!("{what} {}", all.join(", ")));
    let parts = [
        (named("plan", plans).map(|plan| format!("{plan} after that day")), Some("plans")),
        (named("terms", terms), Some("terms")),
        (is_watched.then(|| "its place on the watch list".to_owned()), Some("watch")),
        ((*milestones > 0).then(|| counted(*milestones, "milestone")), None),
    ];
    let ended: Vec<String> = parts.iter().filter_map(|(said, _)| said.clone()).collect();
    let words = parts.iter().filter_map(|(said, part)| part.filter(|_| said.is_some()));
    let words: Vec<&str> = words.collect();
    let back = if words.is_empty() {
        String::new()
    } else {
        format!(" (--take {} brings it back)", words.join(","))
    };
    format!("`{going}` left on {left}, and what ended then stays ended: {}{back}", ended.join("; "))
}

/// Says that the partner that stays has left too; `going` is the key of the one that goes.
pub(crate) fn leaves_with_in_words(name: &str, since: Day, going: &str) -> String {
    format!(
        "{name} has left too, since `{going}` left on {since}; --without-stages leaves the stages of `{going}` out"
    )
}

/// Says what a merge changes about where the partner that stays is, and how it is left there; `going` is the key of the one that
/// goes.
pub(crate) fn stage_change_in_words(change: &StageChange, going: &str, program: &Program) -> String {
    let StageChange { from, to, day } = change;
    let [from, to] = [from, to].map(|one| standing_in_words(one, program));
    format!("stage: {from} becomes {to}, by the move of `{going}` on {day}; --without-stages keeps {from}")
}

/// Says which stage the partner that stays keeps; the keys are those of the partner that stays and of the one that goes.
pub(crate) fn stage_kept_in_words(
    [own, other]: [&str; 2],
    [staying, going]: [&str; 2],
    program: &Program,
) -> String {
    let [own, other] = [own, other].map(|stage| program.stage_name(stage));
    format!("stage: {own} of `{staying}` stays, not {other} of `{going}`")
}

/// Returns the question whether a merge may change where the partner that stays is.
pub(crate) fn stage_change_question(change: &StageChange, name: &str, program: &Program) -> String {
    let [from, to] = [&change.from, &change.to].map(|one| standing_in_words(one, program));
    format!("Merge, so that {name} is {to} and not {from} any more?")
}

/// Returns the error that nobody confirmed that a merge changes where the partner that stays is.
pub(crate) fn stage_change_unconfirmed(change: &StageChange, name: &str, program: &Program) -> Error {
    let [from, to] = [&change.from, &change.to].map(|one| standing_in_words(one, program));
    let why = format!("this merge changes the stage of {name} from {from} to {to} and needs confirmation");
    Error::usage(why).hint(format!(
        "add --without-stages to keep {from}, --yes to merge so, or --dry-run to see what would be recorded"
    ))
}

/// Says that the partner that stays is away, although the one that goes is there, and how both can stay; the keys are those of the
/// partner that stays and of the one that goes.
pub(crate) fn stays_away_in_words(
    StaysAway { away, since, stage }: &StaysAway,
    [staying, going]: [&str; 2],
    program: &Program,
) -> String {
    let (stage, away) = (program.stage_name(stage), standing_in_words(away, program));
    format!(
        "`{staying}` is {away} since {since}, and `{going}` in {stage}: after this merge the partner is {away} and \
         nobody is in {stage}; `chanlife merge {staying} --into {going} --without-stages` keeps `{going}`"
    )
}

/// Returns the question whether a merge may leave the partner that stays away.
pub(crate) fn stays_away_question(stays: &StaysAway, name: &str, program: &Program) -> String {
    let StaysAway { away, since, stage } = stays;
    let (stage, away) = (program.stage_name(stage), standing_in_words(away, program));
    format!("Merge, so that {name} is {away} since {since} and not in {stage}?")
}

/// Returns the error that nobody confirmed that a merge leaves the partner that stays away.
pub(crate) fn stays_away_unconfirmed(
    stays: &StaysAway,
    name: &str,
    [staying, going]: [&str; 2],
    program: &Program,
) -> Error {
    let StaysAway { away, since, stage } = stays;
    let (stage, away) = (program.stage_name(stage), standing_in_words(away, program));
    let why = format!(
        "{name} is {away} since {since}, and `{going}` in {stage}: a merge that leaves nobody in {stage} needs confirmation"
    );
    Error::usage(why).hint(format!(
        "`chanlife merge {staying} --into {going} --without-stages` keeps `{going}`; add --yes to merge so, or --dry-run to see what would be recorded"
    ))
}

fn standing_in_words<'s>(standing: &'s Standing, program: &'s Program) -> &'s str {
    match standing {
        Standing::In { stage } => program.stage_name(stage),
        Standing::Parked { .. } => "parked",
        Standing::Left { .. } => "left",
    }
}

/// Says what of the plans counts up to today, before a merge and after it.
pub(crate) fn plans_to_date_in_words([before, now]: &[Amount; 2]) -> String {
    format!("plans up to today: {before} counted for the two, {now} count after this merge")
}

/// Says which open work goes to another person with a merge.
pub(crate) fn work_of_another_in_words(given: &OtherHands) -> String {
    let OtherHands { work, from, to } = given;
    let named: Vec<String> = work.iter().map(|what| format!("`{what}`")).collect();
    format!("work of {from} is now that of {to}: {}", named.join(", "))
}

impl Described for Forgotten {
    fn described(&self, _: &Program) -> String {
        "identity erased".to_owned()
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        format!("Erased the identity of {}", about.partner)
    }
}

impl Described for Lost {
    fn described(&self, _: &Program) -> String {
        format!("lost when the file was rescued: {}", counted(self.events, "event"))
    }

    fn receipt(&self, _: &ReceiptContext) -> String {
        format!("Lost {} when the file was rescued", counted(self.events, "event"))
    }
}

impl Sentence for CorrectionRefusal {
    fn sentence(&self) -> String {
        match self {
            CorrectionRefusal::NoSuchEvent { partner, event, .. } => {
                format!("{partner} has no event {event}")
            }
            CorrectionRefusal::IsCorrection { event } => {
                format!("event {event} is a correction and cannot be corrected itself")
            }
            CorrectionRefusal::NoAmount { event, kind } => {
                format!("event {event} is `{kind}` and has no amount")
            }
            CorrectionRefusal::NoSale { event, kind } => {
                format!("event {event} is `{kind}` and no sale")
            }
            CorrectionRefusal::NoExit { event, kind: "parked", .. } => {
                format!("event {event} is `parked`: a partner that is parked has not left")
            }
            CorrectionRefusal::NoExit { event, kind, .. } => {
                format!("event {event} is `{kind}`: no partner left or was parked by it")
            }
            CorrectionRefusal::Sale { fault } => format!("the sale {}", fault.sentence()),
            CorrectionRefusal::NoMoney { event } => {
                format!("event {event} is a fund amount, which must be above zero")
            }
            CorrectionRefusal::NoMove { partner, event, .. } => {
                format!("event {event} added {partner} to chanlife and is not a stage move")
            }
            CorrectionRefusal::OfPeriod { event, period, .. } => {
                format!("event {event} is the revenue of {}, so its day cannot change", period.with_days())
            }
            CorrectionRefusal::Replaced { event, by } => {
                format!("event {event} counts no more: event {by} replaces it")
            }
            CorrectionRefusal::CountedOnce { event, by } => format!(
                "event {event} counts no more: it is the same sale as event {by}, reported by both partners of a merge"
            ),
            CorrectionRefusal::GaveWay { event, merge, .. } => format!(
                "event {event} counts no more: the merge of event {merge} kept what the other partner reported of its days"
            ),
            CorrectionRefusal::BeforeJoining { partner, since, day, .. } => {
                format!("{partner} was added to chanlife on {since}, after {day}")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            CorrectionRefusal::NoSuchEvent { key, .. } => {
                vec![Hint::step(Step::Log { partner: key.clone() }, "lists its events")]
            }
            CorrectionRefusal::IsCorrection { .. } => {
                vec!["`chanlife undo ACTION` takes an action back; `chanlife log` lists them".into()]
            }
            CorrectionRefusal::NoAmount { .. } => {
                vec!["only revenue and fund events have an amount".into()]
            }
            CorrectionRefusal::NoSale { .. } => {
                vec!["only the day of this event can be corrected, and the amount of fund events".into()]
            }
            CorrectionRefusal::NoExit { kind: "parked", .. } => {
                vec!["of a parking, correct the reason only: --why KEY".into()]
            }
            CorrectionRefusal::NoExit { key, exit: Some(exit), .. } => {
                vec![format!("`{key}` left or was parked by event {exit}: `chanlife correct {exit} ...`").into()]
            }
            CorrectionRefusal::NoExit { key, exit: None, .. } => vec![
                Hint::step(Step::Log { partner: key.clone() }, "lists its events; it never left nor was parked"),
                "`correct` takes numbers of events, not of actions: `chanlife log PARTNER`".into(),
            ],
            CorrectionRefusal::Sale { fault } => sale_hints(fault),
            CorrectionRefusal::Replaced { by, .. } | CorrectionRefusal::CountedOnce { by, .. } => {
                vec![format!("correct event {by} in its place").into()]
            }
            CorrectionRefusal::GaveWay { key, .. } => {
                vec![Hint::step(
                    Step::ListRevenue { partner: key.clone() },
                    "lists what counts, with its events",
                )]
            }
            CorrectionRefusal::NoMoney { .. } => {
                vec!["`chanlife undo ACTION` takes an action back; `chanlife log` lists them".into()]
            }
            CorrectionRefusal::NoMove { first_move, .. } => {
                let mend = |event: &i64| {
                    let correct = Step::CorrectDay { event: *event };
                    Hint::step(correct, "corrects the day of its first stage")
                };
                first_move.iter().map(mend).collect()
            }
            CorrectionRefusal::OfPeriod { event, key, .. } => {
                let restate = Step::RestateRevenue { partner: key.clone(), event: *event };
                vec![Hint::step(restate, "records it for the right period in its place")]
            }
            CorrectionRefusal::BeforeJoining { certificate: Some((course, person)), key, day, .. } => vec![
                format!(
                    "a certificate may be older: `chanlife certify {key} {course} {} --on {day}` records the day on which \
                     the course was passed",
                    shell_words::quote(person)
                )
                .into(),
            ],
            CorrectionRefusal::BeforeJoining { .. } => Vec::new(),
        }
    }
}

impl Sentence for ContradictionRefusal {
    fn sentence(&self) -> String {
        match self {
            ContradictionRefusal::Itself { on, what } => format!("on {on} this {what}"),
            ContradictionRefusal::WithAmount { event, on, what } => {
                format!("with that amount event {event} of {on} {what}")
            }
            ContradictionRefusal::OnThatDay { event, on, what } => {
                format!("on {on} event {event} {what}")
            }
            ContradictionRefusal::RecordedLater { milestone, on, .. } => {
                format!("`{milestone}` is already recorded for {on}")
            }
            ContradictionRefusal::OtherAmount { event, on, what }
            | ContradictionRefusal::Other { event, on, what } => {
                format!("this contradicts event {event} of {on}, which then {what}")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ContradictionRefusal::Itself { .. } | ContradictionRefusal::WithAmount { .. } => Vec::new(),
            ContradictionRefusal::OnThatDay { .. } => vec![
                "name a day between what was recorded before and after it; `chanlife log PARTNER` lists that"
                    .into(),
            ],
            ContradictionRefusal::RecordedLater { event, wanted, .. } => {
                let step = Step::Correct { event: *event, amount: None, currency: None, on: Some(*wanted) };
                let behind = "corrects the day".to_owned();
                vec![Hint { before: "if it was earlier:".to_owned(), step: Some(step), behind }]
            }
            ContradictionRefusal::OtherAmount { event, .. } => {
                vec![
                    format!("correct event {event} first: `chanlife correct {event} --amount AMOUNT`").into(),
                ]
            }
            ContradictionRefusal::Other { event, .. } => {
                let step = Step::CorrectDay { event: *event };
                vec![Hint::if_so(format!("if the day of event {event} is wrong:"), step)]
            }
        }
    }
}
