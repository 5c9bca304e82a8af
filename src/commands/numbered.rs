//! Things that go by the number of the event that brought them: which partner each belongs to.

use crate::lifecycle::base::error::Error;
use std::collections::BTreeMap;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::record::{Bulk, Request, Subject, Whom, act};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::event::PartnerId;
use crate::lifecycle::rule::Decision;

/// Several numbers, typed with commas.
#[derive(Clone, Debug)]
pub struct Numbers(pub Vec<i64>);

/// Reads one number.
///
/// # Errors
/// What is no number.
pub fn number(typed: &str) -> Result<i64, String> {
    typed.parse().map_err(|_| format!("`{typed}` is no number; write it as it is listed, such as 41"))
}

/// Reads `41` or `41,43`.
///
/// # Errors
/// What is no number.
pub fn numbers(typed: &str) -> Result<Numbers, String> {
    let read =
        |part: &str| part.trim().parse().map_err(|_| format!("`{part}` is no number; write 41 or 41,43"));
    typed.split(',').map(read).collect::<Result<_, String>>().map(Numbers)
}

/// The numbers of each partner, in the order in which they were typed.
///
/// # Errors
/// A refusal for a number that is of no event of a partner; `listed` is the command that lists them.
pub fn by_partner(
    context: &Context,
    numbers: &[i64],
    (noun, listed): (&str, &str),
) -> anyhow::Result<BTreeMap<PartnerId, Vec<i64>>> {
    let mut store = context.store_to_write()?;
    store.read(|reader| {
        let mut found: BTreeMap<PartnerId, Vec<i64>> = BTreeMap::new();
        for number in numbers {
            let owner = reader.event(*number)?.and_then(|event| event.partner);
            let Some(owner) = owner else {
                return Err(Error::refused(format!("there is no {noun} {number}"))
                    .hint(format!("`{listed}` lists them"))
                    .into());
            };
            let own = found.entry(reader.survivor(owner)?).or_default();
            if !own.contains(number) {
                own.push(*number);
            }
        }
        Ok(found)
    })
}

/// Decides on things that go by their numbers, as one action; `named` is what they are and the command that lists them.
///
/// # Errors
/// Refusals, and numbers of nothing; then nothing is recorded.
pub fn act_on(
    context: &Context,
    numbers: &[i64],
    named: (&str, &str),
    day: Day,
    dry_run: bool,
    rule: impl Fn(&Subject, i64) -> anyhow::Result<Decision>,
) -> anyhow::Result<Exit> {
    let found = by_partner(context, numbers, named)?;
    let partners: Vec<PartnerId> = found.keys().copied().collect();
    let request: Request = Box::new(|subject| {
        let (mut events, mut said) = (Vec::new(), Vec::new());
        for number in found.get(&subject.scene.partner.id).into_iter().flatten() {
            match rule(subject, *number)? {
                Decision::AlreadySo(sentence) => said.push(sentence),
                Decision::Record { events: new, said: sentence } => {
                    events.extend(new);
                    said.push(sentence);
                }
            }
        }
        let said = said.join("; ");
        Ok(if events.is_empty() { Decision::AlreadySo(said) } else { Decision::Record { events, said } })
    });
    let whom = match partners[..] {
        [one] => Whom::Id(one),
        _ => Whom::These(&partners),
    };
    act(context, &whom, &Bulk { dry_run, ..Bulk::default() }, day, &[request])
}
