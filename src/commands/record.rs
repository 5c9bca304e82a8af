//! Recording something about partners, in one order: whom, load, propose, write, print.
//!
//! A command says whom it is about and on which day ([`Order`]), and proposes, for each partner that was loaded, what
//! is to be recorded. If the user is asked first, the same proposal is made once before the question, from one
//! read and without a lock, and once more within the one transaction that writes. A proposal writes nothing itself.

use std::rc::Rc;

use crate::app::context::Context;
use crate::app::exit::{Exit, missing};
use crate::app::prompt::Prompt;
use crate::commands::options::prose;
use crate::commands::order::{Order, Whom};
use crate::commands::proposals::{Proposals, Proposed, program_on};
use crate::commands::receipts::WOULD;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::counted;
use crate::store::{InForce, Keep, Reader, Store, Writer};

/// A reason as it was given, and the question that asks for it if it was not.
#[derive(Clone, Copy)]
pub(super) struct Reason<'a> {
    pub given: Option<&'a str>,
    pub question: &'a str,
}

/// Records what is proposed as one action, and prints it.
///
/// # Errors
/// Refusals, an unknown partner, or a file that cannot be written; then nothing is recorded.
pub(super) fn record(
    context: &Context,
    order: &Order,
    propose: impl Fn(&InForce, &mut Proposals) -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    let mut store = context.store()?;
    match record_and(context, &mut store, order, propose, |_, _, ()| Ok(()))? {
        Some((proposed, ())) => proposed.print(context),
        None => Ok(Exit::Done),
    }
}

/// Records what is proposed as one action, for a reason that is asked for on a terminal if it was not given.
///
/// A refusal, or that nothing would change, is reported before anything is asked.
///
/// # Errors
/// Those of [`record`], and a missing reason if nobody can be asked.
pub(super) fn record_for_reason(
    context: &Context,
    order: &Order,
    reason: Reason,
    propose: impl Fn(&InForce, &mut Proposals, &str) -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    if let Some(given) = reason.given {
        return record(context, order, |in_force, proposals| propose(in_force, proposals, given));
    }
    let Some(prompt) = context.prompt()? else {
        return Err(missing("the reason", "--reason").into());
    };
    let ask = || ask_reason(&prompt, reason.question);
    record_once_asked(
        context,
        (&prompt, order),
        &reason.question.to_owned(),
        ask,
        |in_force, proposals, given| propose(in_force, proposals, given),
    )
}

/// Asks for a reason in the user's own words.
///
/// # Errors
/// The question is broken off.
pub(super) fn ask_reason(prompt: &Prompt, question: &str) -> anyhow::Result<String> {
    let valid = |typed: &str| match prose(typed) {
        Err(_) if typed.trim().is_empty() => Err("a reason is required".to_owned()),
        read => read.map(|_| ()),
    };
    let given = prompt.text(question, "", valid)?;
    Ok(prose(&given).map_err(|why| Error::usage(format!("--reason: {why}")))?)
}

/// Records what is proposed as one action with what `ask` returns. `any` stands for that in the trial before, so that a
/// refusal, or that nothing would change, is reported before anything is asked.
///
/// # Errors
/// Those of [`record`] and of the questions.
pub(super) fn record_once_asked<A>(
    context: &Context,
    (prompt, order): (&Prompt, &Order),
    any: &A,
    ask: impl FnOnce() -> anyhow::Result<A>,
    propose: impl Fn(&InForce, &mut Proposals, &A) -> anyhow::Result<()>,
) -> anyhow::Result<Exit> {
    let mut store = context.store()?;
    // The trial is shown, never written, and no rule or receipt says the answer.
    let trial = |in_force: &InForce, proposals: &mut Proposals| propose(in_force, proposals, any);
    let (trial, ()) = store.read(|reader| propose_all(context, reader, order, &trial))?;
    trial.refuse(order)?;
    if trial.changed() == 0 {
        return trial.print(context);
    }
    let given = ask()?;
    if is_confirmed_first(context, order) && !confirm(context, prompt, &trial)? {
        return Ok(Exit::Done);
    }
    let propose = |in_force: &InForce, proposals: &mut Proposals| propose(in_force, proposals, &given);
    let (mut proposed, ()) = write(context, &mut store, order, &propose, |_, _, ()| Ok(()))?;
    proposed.is_confirmed = is_confirmed_first(context, order);
    proposed.print(context)
}

/// Records what is proposed as one action, and does something else in the same transaction, with what the proposal
/// returned; returns nothing if the user was asked and said no.
///
/// # Errors
/// Those of [`record`], and of what is done besides; then nothing is recorded.
pub(super) fn record_and<O, T>(
    context: &Context,
    store: &mut Store,
    order: &Order,
    propose: impl Fn(&InForce, &mut Proposals) -> anyhow::Result<O>,
    besides: impl FnOnce(&Writer, &Proposed, O) -> anyhow::Result<T>,
) -> anyhow::Result<Option<(Proposed, T)>> {
    let mut is_confirmed = false;
    if is_confirmed_first(context, order)
        && let Some(prompt) = context.prompt()?
    {
        let (trial, _) = store.read(|reader| propose_all(context, reader, order, &propose))?;
        trial.refuse(order)?;
        is_confirmed = trial.changed() > 0;
        if is_confirmed && !confirm(context, &prompt, &trial)? {
            return Ok(None);
        }
    }
    let (mut proposed, besides) = write(context, store, order, &propose, besides)?;
    proposed.is_confirmed = is_confirmed;
    Ok(Some((proposed, besides)))
}

/// What the user is asked before something is recorded, and the error if nobody can be asked.
#[derive(Debug)]
pub(super) struct Confirmation {
    pub question: String,
    pub unconfirmed: Error,
}

/// Records what is proposed as one action; what the proposal says is to be confirmed is asked first, unless --yes was given or
/// nothing is to be kept.
///
/// # Errors
/// Those of [`record`], and that nobody can be asked, or that what is to be confirmed changed since it was.
pub(super) fn record_if_confirmed(
    context: &Context,
    order: &Order,
    propose: impl Fn(&InForce, &mut Proposals) -> anyhow::Result<Option<Confirmation>>,
) -> anyhow::Result<Exit> {
    let mut store = context.store()?;
    let is_asked = order.keep == Keep::Commit && !context.global.yes;
    let mut confirmed = None;
    if is_asked && let Some(prompt) = context.prompt()? {
        let (trial, asked) = store.read(|reader| propose_all(context, reader, order, &propose))?;
        trial.refuse(order)?;
        if let Some(asked) = asked {
            context.say(WOULD);
            trial.said().iter().for_each(|sentence| context.say(sentence));
            if !prompt.confirm(&asked.question)? {
                context.say("Nothing was recorded");
                return Ok(Exit::Done);
            }
            confirmed = Some(asked.question);
        }
    }
    // Whatever is wrong besides is reported before it; nothing is written with it.
    let besides = |_: &Writer, _: &Proposed, asked: Option<Confirmation>| match asked {
        Some(asked) if is_asked && confirmed.as_ref() != Some(&asked.question) => {
            Err(asked.unconfirmed.into())
        }
        _ => Ok(()),
    };
    let (proposed, ()) = write(context, &mut store, order, &propose, besides)?;
    proposed.print(context)
}

/// Loads, proposes and writes, in one transaction.
fn write<O, T>(
    context: &Context,
    store: &mut Store,
    order: &Order,
    propose: &impl Fn(&InForce, &mut Proposals) -> anyhow::Result<O>,
    besides: impl FnOnce(&Writer, &Proposed, O) -> anyhow::Result<T>,
) -> anyhow::Result<(Proposed, T)> {
    store.write(order.keep, |writer| {
        let (mut proposed, own) = propose_all(context, writer.reader(), order, propose)?;
        proposed.refuse(order)?;
        proposed.append(context, writer)?;
        let besides = besides(writer, &proposed, own)?;
        Ok((proposed, besides))
    })
}

/// Loads the partners that are meant and proposes for each of them.
fn propose_all<O>(
    context: &Context,
    reader: &Reader,
    order: &Order,
    propose: &impl Fn(&InForce, &mut Proposals) -> anyhow::Result<O>,
) -> anyhow::Result<(Proposed, O)> {
    let in_force = Rc::new(program_on(reader, order.day)?);
    let mut proposals = Proposals::load(context, reader, &in_force, order)?;
    let own = propose(&in_force, &mut proposals)?;
    Ok((proposals.finish(context.today)?, own))
}

/// Shows what would be recorded for many partners, and asks whether to go on.
fn confirm(context: &Context, prompt: &Prompt, trial: &Proposed) -> anyhow::Result<bool> {
    context.say(WOULD);
    let said = trial.said();
    said.iter().take(10).for_each(|sentence| context.say(sentence));
    if said.len() > 10 {
        context.say(&format!("and {} more", said.len() - 10));
    }
    trial.totals().iter().for_each(|sentence| context.say(sentence));
    let yes = prompt.confirm(&format!("Record this for {}?", counted(trial.changed(), "partner")))?;
    if !yes {
        context.say("Nothing was recorded");
    }
    Ok(yes)
}

/// Returns whether the user confirms it first: it is for many partners, to be kept, and --yes was not given.
fn is_confirmed_first(context: &Context, order: &Order) -> bool {
    matches!(order.whom, Whom::Where(_) | Whom::InSuccess)
        && order.keep == Keep::Commit
        && !context.global.yes
}
