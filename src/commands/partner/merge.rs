//! The command that merges a duplicate partner into another.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::completers::partner_keys;
use crate::commands::options::DryRun;
use crate::commands::record::{Confirmation, record_if_confirmed};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::{counted, listed, phrase};
use crate::lifecycle::corrections::{
    MergeChoice, MergeChoices, MergePart, Merged, leaves_with, merge_conflicts, plans_to_date, shared_people,
    stage_change, stage_kept, stays_away, stays_ended, taken_over, work_of_another,
};
use crate::lifecycle::facts::PartnerFacts;
use crate::lifecycle::funds::{accrues_anew, joined_balances};
use crate::lifecycle::partner::{self, Partner};
use crate::lifecycle::program::Program;
use crate::lifecycle::revenue::reported_by_both;
use crate::text::corrections::{
    conflict_in_words, leaves_with_in_words, plans_to_date_in_words, shared_person_in_words,
    stage_change_in_words, stage_change_question, stage_change_unconfirmed, stage_kept_in_words,
    stays_away_in_words, stays_away_question, stays_away_unconfirmed, stays_ended_in_words,
    taken_over_in_words, work_of_another_in_words,
};
use crate::text::fund_accruals::{accrues_anew_in_words, joined_in_words};

/// Merge a duplicate into another partner; the key of the duplicate keeps working
#[derive(Debug, Args)]
#[command(
    after_help = "What only one of the two has is kept. Where both have a plan, a term, an attribute, an owner, a tier, a place on the \
        watch list or a moved due date, the partner to keep wins, unless --plans, --take or --keep says otherwise. What \
        ended when a duplicate left stays ended, unless --take names it. An \
        agreed plan counts until a draft that wins is agreed. The stage in which a duplicate was first placed moves nobody; a later \
        move of it that does has to be confirmed. The \
        same invoice counts once; two amounts for one reference, and totals that hold what the other reported of their days, \
        are refused until --keep sales or --take sales says which is right. --dry-run lists all that both have.

Examples:
  chanlife merge acme-2 --into acme --dry-run
  chanlife merge acme-2 --into acme --plans add --take terms,owner"
)]
pub struct MergeArgs {
    /// The duplicate
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
    /// The partner to keep
    #[arg(long, value_name = "PARTNER", add = ArgValueCompleter::new(partner_keys))]
    into: String,
    /// Where both have a plan for a year: keep that of the partner to keep, take that of the duplicate, or add both up
    #[arg(long, value_name = "HOW", value_parser = ["keep", "add", "take"])]
    plans: Option<String>,
    /// What to take from the duplicate where both have it: plans, terms, attributes, owner, tier, watch, dues, sales
    #[arg(long, value_name = "PART,...", value_delimiter = ',', value_parser = part)]
    take: Vec<MergePart>,
    /// What to keep of the partner to keep where both have it [default: all but sales, which must be said]
    #[arg(long, value_name = "PART,...", value_delimiter = ',', value_parser = part)]
    keep: Vec<MergePart>,
    /// Leave out the stage history of the duplicate, if it contradicts the other
    #[arg(long)]
    without_stages: bool,
    #[command(flatten)]
    dry_run: DryRun,
}

fn part(word: &str) -> Result<MergePart, String> {
    let found = MergePart::ALL.into_iter().find(|part| part.word() == word);
    found.ok_or_else(|| {
        format!("unknown part `{word}`; expected {}", listed(&MergePart::ALL.map(MergePart::word)))
    })
}

impl MergeArgs {
    /// Returns whose word is to count.
    fn choices(&self) -> Result<MergeChoices, Error> {
        let mut choices = MergeChoices::new();
        let plans = match self.plans.as_deref() {
            Some("add") => Some(MergeChoice::Add),
            Some("take") => Some(MergeChoice::Take),
            Some(_) => Some(MergeChoice::Keep),
            None => None,
        };
        let said = plans.map(|choice| (MergePart::Plans, choice)).into_iter();
        let taken = self.take.iter().map(|part| (*part, MergeChoice::Take));
        let kept = self.keep.iter().map(|part| (*part, MergeChoice::Keep));
        for (part, choice) in said.chain(taken).chain(kept) {
            if choices.insert(part, choice).is_some_and(|known| known != choice) {
                let why = format!("{} are both kept and taken", part.word());
                return Err(Error::usage(why).hint("name each part in one of --plans, --take and --keep"));
            }
        }
        // What is kept anyway needs no word, except sales, of which none is kept unsaid.
        choices.retain(|part, choice| *choice != MergeChoice::Keep || *part == MergePart::Sales);
        Ok(choices)
    }

    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let order = self.dry_run.order(&self.partner, context.today);
        record_if_confirmed(context, &order, |in_force, proposals| {
            let mut confirmation = None;
            let target = proposals.reader().find(&self.into)?.id;
            let history = proposals.reader().history(target)?;
            let folded = history.fold(&in_force.aliases, None);
            let other = folded.partner();
            let other = other.ok_or_else(|| Error::refused("the partner to keep was removed"))?;
            let merged =
                Merged { into: target, without_stages: self.without_stages, choices: Some(self.choices()?) };
            let reader = proposals.reader();
            let target_parent = reader.parent_of(target)?;
            proposals.each(|loaded| {
                let parent = reader.parent_of(loaded.latest().id)?;
                let lost = parent.filter(|one| *one != target && Some(*one) != target_parent);
                let lost = lost.map(|one| reader.lookup(one)).transpose()?;
                loaded.set_other(other.name());
                let key = loaded.latest().key.clone();
                let (facts, own) = (loaded.facts(), loaded.history());
                let (aliases, merged) = (&in_force.aliases, merged.clone());
                let both = both_in_words(loaded.latest(), other);
                let joint = partner::joined(loaded.history(), &history, &merged, context.today);
                let joint = joint.fold(aliases, None);
                let pair = (other, loaded.latest());
                let after = joint.partner().zip(Some(context.today));
                let notes = notes_on(&in_force.program, pair, after, &merged);
                confirmation = joint.partner().and_then(|after| to_confirm(&in_force.program, pair, after));
                loaded.take(partner::merge(facts, own, (other, &history), aliases, merged)?)?;
                for note in notes {
                    loaded.add_note(note);
                }
                if let Some(both) = both {
                    loaded.add_note(both);
                }
                if let Some(above) = lost {
                    loaded.add_note(lost_parent_in_words(&above.key, &key, &other.key));
                }
                Ok(())
            })?;
            Ok(confirmation)
        })
    }
}

/// Says that the partner that goes stood under another one, `above`, under which the one that stays does not stand.
fn lost_parent_in_words(above: &str, key: &str, into: &str) -> String {
    format!(
        "`{key}` stood under `{above}`, `{into}` does not: up to today what `{above}` reports too counts once, from now on \
         twice; `chanlife edit {into} --parent {above}` puts it there"
    )
}

/// Says which sales both partners reported, which count once; nothing if there are none.
fn both_in_words(going: &Partner, staying: &Partner) -> Option<String> {
    let both = reported_by_both(&going.sales, &staying.sales).into_iter();
    let both: Vec<String> = both.filter_map(|sale| sale.reference.clone()).collect();
    let (sales, named) = (counted(both.len(), "sale"), phrase(&both));
    (!both.is_empty()).then(|| format!("reported by both, and counted once: {sales} ({named})"))
}

/// Returns what is to be confirmed of a merge of the partner that stays and the one that goes; `after` is the first with both.
fn to_confirm(
    program: &Program,
    (staying, going): (&Partner, &Partner),
    after: &Partner,
) -> Option<Confirmation> {
    let name = staying.name();
    if let Some(change) = stage_change(staying, after) {
        return Some(Confirmation {
            question: stage_change_question(&change, name, program),
            unconfirmed: stage_change_unconfirmed(&change, name, program),
        });
    }
    let stays = stays_away(staying, going, after)?;
    Some(Confirmation {
        question: stays_away_question(&stays, name, program),
        unconfirmed: stays_away_unconfirmed(&stays, name, [&staying.key, &going.key], program),
    })
}

/// Says what a merge makes of the money of the partner that stays and the one that goes; the last one is both.
fn notes_on_funds(program: &Program, partners: [&Partner; 3], day: Day) -> Vec<String> {
    let [staying, going, _] = partners.map(|partner| partner.key.as_str());
    let facts = partners.map(|partner| PartnerFacts { program, partner, day });
    let joined = joined_balances(facts);
    let joined = joined.iter().map(|one| joined_in_words(one, [staying, going], program));
    joined.chain(accrues_anew_in_words(&accrues_anew(facts), staying, program)).collect()
}

/// Says what both partners have and whose word counts, what is taken over and what ends; `after` is the partner that stays with
/// both on this day, if they fit together.
fn notes_on(
    program: &Program,
    (staying, going): (&Partner, &Partner),
    after: Option<(&Partner, Day)>,
    merged: &Merged,
) -> Vec<String> {
    let (into, key) = (staying.key.as_str(), going.key.as_str());
    let choices = merged.choices.clone().unwrap_or_default();
    let leaves = leaves_with(staying, going, merged);
    let mut notes = Vec::new();
    let mut plans = None;
    if let Some((after, today)) = after {
        plans = plans_to_date(program, (staying, going), after, today);
        let kept = stage_kept((staying, going), after).filter(|_| !merged.without_stages);
        notes.extend(kept.map(|both| stage_kept_in_words(both, [into, key], program)));
        // That it has left is said below, with since when.
        let change = stage_change(staying, after).filter(|_| leaves.is_none());
        notes.extend(change.map(|change| stage_change_in_words(&change, key, program)));
        let away = stays_away(staying, going, after);
        notes.extend(away.map(|stays| stays_away_in_words(&stays, [into, key], program)));
        notes.extend(notes_on_funds(program, [staying, going, after], today));
        let people = shared_people(staying, going, after);
        notes.extend(people.iter().map(|person| shared_person_in_words(person, into, key)));
    }
    let conflicts = merge_conflicts(program, staying, going, &choices);
    notes.extend(conflicts.iter().map(|one| conflict_in_words(one, into, key, program)));
    notes.extend(plans.as_ref().map(plans_to_date_in_words));
    let new = taken_over(staying, going);
    if !new.is_empty() {
        notes.push(taken_over_in_words(&new, into, key));
    }
    notes.push(format!("`{key}` now means {}, `{into}`", staying.name()));
    notes.extend(stays_ended(program, going, merged).map(|ended| stays_ended_in_words(&ended, key)));
    notes.extend(leaves.map(|day| leaves_with_in_words(staying.name(), day, key)));
    let given = work_of_another(staying, going, &choices);
    notes.extend(given.iter().map(work_of_another_in_words));
    notes
}
