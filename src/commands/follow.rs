//! The command on follow-ups: what was promised for a day, to any partner.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::commands::completers::partner_keys;
use crate::commands::due::{move_of_task, take_of_task};
use crate::commands::options::{Bulk, OnDay, name, number, one_line, partner_and_where, prose};
use crate::commands::order::{Order, Whom};
use crate::commands::proposals::LoadedPartner;
use crate::commands::record::{Reason, record, record_for_reason};
use crate::lifecycle::base::day::{Day, Towards};
use crate::lifecycle::base::error::Error;
use crate::lifecycle::plans;

/// Add a follow-up: something promised for a day, to a partner in any stage; or complete, move or drop one
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife follow PARTNER DATE TEXT [--owner NAME]\n       chanlife follow --where CONDITION DATE TEXT\n       chanlife follow PARTNER --done NUMBER [--outcome TEXT]\n       chanlife follow PARTNER --move NUMBER DATE --reason REASON\n       chanlife follow PARTNER --move NUMBER --owner NAME\n       chanlife follow PARTNER --drop NUMBER",
    mut_arg("on", |on| on.help("The day it was promised, done, moved or dropped [default: today]")),
    after_help = "A follow-up is listed in next, calendar and show until it is done or dropped, also \
        for a partner that is parked or has left. Without --owner it is the work of the partner's owner.

Examples:
  chanlife follow acme thursday \"Call back about the demo\" --owner ana
  chanlife follow acme 2w \"Send the new price list\"
  chanlife follow --where tier=gold 2026-12-10 \"Invite to the kickoff\" --dry-run
  chanlife follow acme --done 41 --outcome \"Demo on 12 January\"
  chanlife follow acme --move 41 monday --reason \"Rosa is ill\"
  chanlife follow acme --move 41 --owner ben   # now ben is to do it
  chanlife follow acme --drop 41"
)]
pub struct FollowArgs {
    /// The partner, the day and what to do; with --where, only the day and what to do
    #[arg(value_name = "PARTNER DATE TEXT", num_args = 0..=3, add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    /// Who is to do it [default: the partner's owner]; with --move, who is to do it from now on
    #[arg(long, value_name = "NAME", value_parser = name, conflicts_with_all = ["done", "dropped"])]
    owner: Option<String>,
    /// Complete the follow-up with this number; `chanlife show PARTNER` lists them
    #[arg(long, value_name = "NUMBER", value_parser = number, allow_negative_numbers = true,
          conflicts_with_all = ["conditions", "moved", "dropped"])]
    done: Option<i64>,
    /// What came of it, with --done
    #[arg(long, value_name = "TEXT", value_parser = prose, requires = "done")]
    outcome: Option<String>,
    /// Move a follow-up to another day, with --reason; or give it to somebody else, with --owner; or both
    #[arg(long = "move", id = "moved", value_names = ["NUMBER", "DATE"], num_args = 1..=2,
          conflicts_with_all = ["conditions", "dropped"])]
    moved: Option<Vec<String>>,
    /// Drop the follow-up with this number: it is not to be done any more
    #[arg(long = "drop", id = "dropped", value_name = "NUMBER", value_parser = number,
          allow_negative_numbers = true, conflicts_with = "conditions")]
    dropped: Option<i64>,
    /// Why it is moved or dropped
    #[arg(long, value_parser = prose, conflicts_with = "done")]
    reason: Option<String>,
    #[command(flatten)]
    on: OnDay,
    #[command(flatten)]
    bulk: Bulk,
}

impl FollowArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = self.on.day(context)?;
        if let Some(number) = self.done {
            let outcome = self.outcome.as_deref();
            return record(context, &self.of_one(day)?, |_, proposals| {
                proposals.each(|loaded| {
                    take_of_task(loaded, number, |facts| plans::finish_follow_up(facts, number, outcome))
                })
            });
        }
        if let Some(moved) = &self.moved {
            return self.run_move(context, day, moved);
        }
        if let Some(number) = self.dropped {
            let reason = self.reason.as_deref();
            return record(context, &self.of_one(day)?, |_, proposals| {
                proposals.each(|loaded| {
                    take_of_task(loaded, number, |facts| plans::drop_follow_up(facts, number, reason))
                })
            });
        }
        self.run_add(context, day)
    }

    fn run_add(&self, context: &Context, day: Day) -> anyhow::Result<Exit> {
        if self.reason.is_some() {
            return Err(Error::usage("--reason is for --move and --drop")
                .hint("put it into the text")
                .into());
        }
        let (whom, words) = self.bulk.whom(&self.words);
        let (due, what) = match (whom, words) {
            (Whom::Where([]), _) => return Err(missing("the partner", "").into()),
            (_, []) => return Err(missing("the day", "").into()),
            (_, [due]) => {
                context.day("the day", due, Towards::Future)?;
                return Err(missing("what to do", "").into());
            }
            (_, [due, what]) => (context.day("the day", due, Towards::Future)?, what),
            (_, _) => return Err(partner_and_where().into()),
        };
        let what = one_line(what).map_err(|why| Error::usage(format!("TEXT: {why}")))?;
        record(context, &self.bulk.order(whom, day), |_, proposals| {
            let owner = self.owner.as_deref();
            let new = (what.as_str(), owner);
            proposals.each(|loaded| loaded.take(plans::follow(loaded.facts(), loaded.latest(), new, due)?))
        })
    }

    fn run_move(&self, context: &Context, day: Day, moved: &[String]) -> anyhow::Result<Exit> {
        let (typed, to) = match moved {
            [typed, to] => (typed, Some(context.day("--move", to, Towards::Future)?)),
            [typed] => (typed, None),
            _ => return Err(missing("the number", "").into()),
        };
        let number = number(typed).map_err(|why| Error::usage(format!("--move: {why}")))?;
        let order = self.of_one(day)?;
        let give = |loaded: &mut LoadedPartner| match self.owner.as_deref() {
            None => Ok(()),
            Some(owner) => {
                let reason = self.reason.as_deref().filter(|_| to.is_none());
                take_of_task(loaded, number, |facts| plans::give_follow_up(facts, number, owner, reason))
            }
        };
        let Some(to) = to else {
            if self.owner.is_none() {
                return Err(missing("the day", "--owner NAME to give it to somebody else").into());
            }
            return record(context, &order, |_, proposals| proposals.each(give));
        };
        let reason = Reason { given: self.reason.as_deref(), question: "Reason why it is moved" };
        record_for_reason(context, &order, reason, |_, proposals, reason| {
            proposals.each(|loaded| {
                move_of_task(loaded, (number, to), |facts| plans::move_follow_up(facts, number, to, reason))?;
                give(loaded)
            })
        })
    }

    /// Returns the order for the one partner that was named.
    fn of_one(&self, day: Day) -> Result<Order<'_>, Error> {
        match &self.words[..] {
            [partner] => Ok(self.bulk.order(Whom::One(partner), day)),
            [] => Err(missing("the partner", "")),
            [_, word, ..] => {
                let why = format!("`{word}` is not expected: a new follow-up is a command of its own");
                Err(Error::usage(why).hint("leave out --done, --move or --drop to add one"))
            }
        }
    }
}
