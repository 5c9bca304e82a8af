//! What a new version of the program must keep: stages in which partners stand, renamed keys, the currency of recorded
//! amounts, and the values of fields.

use std::collections::{BTreeMap, BTreeSet};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::forget::Forgetting;
use crate::lifecycle::happening::{EventMisfit, Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::aliases::Aliases;
use crate::lifecycle::program::applied::Applied;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fields::{BUILT_IN_ATTRIBUTES, Field, FieldKind};
use crate::lifecycle::program::several::{further, further_key};

/// Why a program cannot be put in force.
#[derive(Clone, Debug)]
pub(crate) enum ProgramRefusal {
    Invalid,
    /// Partners still stand in a stage that it lacks.
    StageInUse {
        stage: String,
        partners: Vec<String>,
    },
    /// Amounts are recorded in another currency.
    OtherCurrency {
        recorded: Currency,
        new: Currency,
    },
    /// What is recorded of a partner does not fit the type that a field would have.
    UnfitValue {
        partner: String,
        field: String,
        why: String,
    },
    /// The key belonged to something that has another key by now.
    RenamedKey {
        key: String,
        now: String,
    },
}

impl Happening for Applied {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Err(EventMisfit::OfNoPartner.into())
    }

    fn forget(&mut self, _: &mut Forgetting) {}
}

/// Refuses keys that an earlier version renamed: the history under them belongs to the new key.
///
/// # Errors
/// [`ProgramRefusal::RenamedKey`].
pub(crate) fn refuse_used_keys(program: &Program, aliases: &Aliases) -> Result<(), Error> {
    let keys = program.stages().iter().map(|stage| (stage.key.as_str(), aliases.stage(&stage.key)));
    let milestones = program.milestones().map(|(_, one)| (one.key.as_str(), aliases.milestone(&one.key)));
    let keys: BTreeSet<(&str, &str)> = keys.chain(milestones).filter(|(key, now)| key != now).collect();
    match keys.first() {
        None => Ok(()),
        Some((key, now)) => {
            let (key, now) = ((*key).to_owned(), (*now).to_owned());
            Err(Error::refused(ProgramRefusal::RenamedKey { key, now }))
        }
    }
}

/// Refuses a program that lacks a stage; `standing` has the keys of the partners that stand in each stage or are parked
/// from it.
///
/// # Errors
/// [`ProgramRefusal::StageInUse`] for the first such stage by key.
pub(crate) fn refuse_lost_stages(
    program: &Program,
    standing: BTreeMap<String, Vec<String>>,
) -> Result<(), Error> {
    let lost = standing.into_iter().find(|(stage, _)| program.stage(stage).is_none());
    lost.map_or(Ok(()), |(stage, partners)| {
        Err(Error::refused(ProgramRefusal::StageInUse { stage, partners }))
    })
}

/// Refuses another currency if amounts are recorded.
///
/// # Errors
/// [`ProgramRefusal::OtherCurrency`].
pub(crate) fn refuse_other_currency(
    old: &Program,
    new: &Program,
    amounts_recorded: bool,
) -> Result<(), Error> {
    if old.currency == new.currency || !amounts_recorded {
        return Ok(());
    }
    Err(Error::refused(ProgramRefusal::OtherCurrency { recorded: old.currency, new: new.currency }))
}

/// Refuses a field whose recorded value of a partner does not fit the type that it would have. A type, region or owner that
/// the program lists no more, or not yet, stays and is named, as a tier is.
///
/// # Errors
/// [`ProgramRefusal::UnfitValue`].
pub(crate) fn refuse_unfit_values(
    new: &Program,
    partner: &str,
    values: &BTreeMap<String, String>,
) -> Result<(), Error> {
    let is_listed = |field: &Field| {
        matches!(field.kind, FieldKind::Choice(_)) && BUILT_IN_ATTRIBUTES.contains(&field.key.as_str())
    };
    for field in new.fields().iter().filter(|field| field.kind != FieldKind::Text && !is_listed(field)) {
        let rest = further(values.get(&further_key(&field.key)).map(String::as_str));
        for value in values.get(&field.key).map(String::as_str).into_iter().chain(rest) {
            if let Err(fault) = field.read(value, new.currency) {
                let why = fault.to_string();
                let (partner, field) = (partner.to_owned(), field.key.clone());
                return Err(Error::refused(ProgramRefusal::UnfitValue { partner, field, why }));
            }
        }
    }
    Ok(())
}
