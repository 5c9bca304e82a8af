//! The command that moves the day by which something is due.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::completers::partner_keys_and_milestones;
use crate::commands::named::find_milestone;
use crate::commands::options::{Bulk, OnDay, partner_and_where, prose};
use crate::commands::order::Whom;
use crate::commands::proposals::LoadedPartner;
use crate::commands::record::{Reason, record_for_reason};
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::moved::DueMove;
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::milestone::{MilestoneRequest, move_due};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::plans;
use crate::lifecycle::rule::{Decision, Ruling};
use crate::text::milestone::{due_already_then, later_move_stands};

/// Move the due date of a milestone, an action or a follow-up; the first one is kept
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife due PARTNER MILESTONE DATE --reason REASON\n       chanlife due PARTNER NUMBER DATE --reason REASON\n       chanlife due --where CONDITION MILESTONE DATE --reason REASON",
    mut_arg("on", |on| on.help("The day on which it was agreed [default: today]")),
    after_help = "The date holds for this visit to the stage, of a recurring milestone for its period. \
        `show` says from when and how often a date was moved, `report velocity` counts that by stage. \
        `calendar` lists due dates.

Examples:
  chanlife due acme sales-trained 2026-12-20 --reason \"Course is in December\"
  chanlife due acme business-review 2w --period 2026-Q4 --reason \"CEO travels\"
  chanlife due acme 41 monday --reason \"Rosa is ill\"   # action or follow-up 41
  chanlife due --where region=EMEA kickoff 2027-01-15 --reason \"Holidays\""
)]
pub struct DueArgs {
    /// The partner, the milestone or the number of an action, and the day; with --where, without the partner
    #[arg(value_name = "PARTNER MILESTONE DATE", num_args = 0..=3,
          add = ArgValueCompleter::new(partner_keys_and_milestones))]
    words: Vec<String>,
    /// Why it is moved
    #[arg(long, value_parser = prose)]
    reason: Option<String>,
    /// Period of a recurring milestone, such as 2026, 2026-Q3 or 2026-10 [default: the current one]
    #[arg(long)]
    period: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

impl DueArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        let (whom, words) = self.bulk.whom(&self.words);
        let (what, to) = match (whom, words) {
            (Whom::Where([]), _) => {
                return Err(missing("the partner", "").hint("`chanlife calendar` lists due dates").into());
            }
            (_, []) => {
                return Err(missing("the milestone", "").hint("`chanlife calendar` lists due dates").into());
            }
            (_, [_]) => return Err(missing("the day", "").into()),
            (_, [what, to]) => (what, context.day("the day", to, Towards::Future)?),
            (_, _) => return Err(partner_and_where().into()),
        };
        let number: Option<i64> = what.parse().ok();
        if let (Some(number), Whom::Where(_)) = (number, whom) {
            let why = format!("action item or follow-up {number} is of one partner");
            return Err(Error::usage(why).hint("name the partner instead of --where").into());
        }
        let reason = Reason { given: self.reason.as_deref(), question: "Reason why it is moved" };
        record_for_reason(context, &self.bulk.order(whom, day), reason, |in_force, proposals, reason| {
            if let Some(number) = number {
                return proposals.each(|loaded| {
                    move_of_task(loaded, (number, to), |facts| plans::move_task(facts, number, to, reason))
                });
            }
            let milestone = find_milestone(&in_force.program, in_force.aliases.milestone(what))?;
            let request = MilestoneRequest { milestone, period: self.period.as_deref() };
            proposals.each(|loaded| {
                let decision = move_due(loaded.facts(), request, to, reason)?;
                let name = |_: &Partner| milestone.name.clone();
                let moves = |partner: &Partner| moves_like_last(partner, &milestone.key, day);
                take_move(loaded, (decision, day, to), name, moves)
            })
        })
    }
}

/// Takes the move of a due day that was agreed on `day`, and says if a later move stands.
///
/// # Errors
/// What the partner already has contradicts it.
fn take_move(
    loaded: &mut LoadedPartner,
    (decision, day, to): (Decision, Day, Day),
    name: impl Fn(&Partner) -> String,
    moves: impl Fn(&Partner) -> Vec<DueMove>,
) -> anyhow::Result<()> {
    let later = |loaded: &LoadedPartner| moves(loaded.latest()).into_iter().rfind(|one| one.day > day);
    match (&decision, later(loaded)) {
        (Decision::AlreadySo(_), Some(later)) => {
            loaded.add_note(due_already_then(&name(loaded.latest()), to, day, &later));
            return Ok(());
        }
        _ => loaded.take(decision)?,
    }
    if let Some(later) = later(loaded) {
        loaded.add_note(later_move_stands(&later));
    }
    Ok(())
}

/// Takes what a rule says of an action or a follow-up, which must have been promised by then.
///
/// # Errors
/// Those of the rule.
pub(super) fn take_of_task(
    loaded: &mut LoadedPartner,
    number: i64,
    rule: impl Fn(PartnerFacts) -> Ruling,
) -> anyhow::Result<()> {
    plans::refuse_before_promise(loaded.facts(), loaded.latest(), number)?;
    loaded.take(rule(loaded.facts())?)
}

/// Takes the move of an action or a follow-up that was agreed on `day`, and says if a later move stands.
///
/// # Errors
/// Those of the rule.
pub(super) fn move_of_task(
    loaded: &mut LoadedPartner,
    (number, to): (i64, Day),
    rule: impl Fn(PartnerFacts) -> Ruling,
) -> anyhow::Result<()> {
    plans::refuse_before_promise(loaded.facts(), loaded.latest(), number)?;
    let decision = rule(loaded.facts())?;
    let day = loaded.facts().day;
    let name = |partner: &Partner| {
        let task = partner.tasks.iter().find(|one| one.event == number);
        task.map_or_else(|| number.to_string(), |task| format!("`{}`", task.what))
    };
    take_move(loaded, (decision, day, to), name, |partner| moves_of_task(partner, number))
}

/// Returns how the day of an action or a follow-up was moved, in order.
fn moves_of_task(partner: &Partner, number: i64) -> Vec<DueMove> {
    let task = partner.tasks.iter().find(|one| one.event == number);
    task.map_or_else(Vec::new, |task| task.moves.clone())
}

/// Returns how the day of a milestone was moved, in order, in the visit or for the period of its last move up to a day, or
/// else of its first.
fn moves_like_last(partner: &Partner, milestone: &str, day: Day) -> Vec<DueMove> {
    let own = || partner.moved_dues.iter().filter(|one| one.milestone == milestone);
    let Some(last) = own().rfind(|one| one.moved.day <= day).or_else(|| own().next()) else {
        return Vec::new();
    };
    let same = own().filter(|one| {
        (one.life, one.days) == (last.life, last.days) && (one.days.is_some() || one.entered == last.entered)
    });
    same.map(|one| one.moved.clone()).collect()
}
