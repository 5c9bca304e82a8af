//! What a new version of the program must keep: stages in which partners stand, renamed keys, the currency of recorded
//! amounts, and the values of fields.

use std::collections::{BTreeMap, BTreeSet};

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::base::money::{Amount, Currency};
use crate::lifecycle::forget::Forgetting;
use crate::lifecycle::happening::{EventMisfit, Happening, Moment};
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::aliases::{Aliases, Part};
use crate::lifecycle::program::applied::Applied;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fields::{BUILT_IN_ATTRIBUTES, Field, FieldKind, options_of};
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
    /// Partners have parts that it lacks.
    PartsInUse {
        parts: Vec<PartInUse>,
    },
    /// Partners have several values of a field that would have one.
    SeveralInUse {
        field: String,
        partners: Vec<String>,
    },
    /// Parts are to be dropped that it has, or that there never were.
    NotGone {
        keys: Vec<String>,
        gone: Vec<String>,
    },
    /// The key belonged to something that has another key by now.
    RenamedKey {
        key: String,
        now: String,
    },
}

/// A part of the program that partners have, and that a new version lacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PartInUse {
    pub gone: GonePart,
    /// The keys of those who have it, in order.
    pub partners: Vec<String>,
    /// Of a fund: what those hold of it who have money available, committed or claimed, or an open request, by key.
    pub with_money: Vec<MoneyHeld>,
}

/// What a partner holds of a fund.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MoneyHeld {
    pub partner: String,
    pub available: Amount,
    pub committed: Amount,
    pub claimed: Amount,
    /// How many of its requests wait for a decision.
    pub waiting: usize,
    /// What settles its requests and claims.
    pub steps: Vec<Step>,
}

/// A part that a new version of the program lacks, or an option of a part.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct GonePart {
    pub part: Part,
    pub key: String,
    pub option: Option<String>,
}

impl GonePart {
    /// Returns the word by which it is dropped: its key, or `FIELD=OPTION`.
    pub(crate) fn word(&self) -> String {
        match &self.option {
            Some(option) => format!("{}={option}", self.key),
            None => self.key.clone(),
        }
    }
}

/// Returns the parts and options of a program that a new version lacks under any key; `aliases` are those in force with it. An
/// attribute that every partner has is never gone, only its list of options.
pub(crate) fn gone_parts(old: &Program, new: &Program, aliases: &Aliases) -> Vec<GonePart> {
    let mut gone = Vec::new();
    for part in Part::ALL {
        let keys = keys_of(new, part);
        for key in keys_of(old, part) {
            let is_built_in = part == Part::Field && BUILT_IN_ATTRIBUTES.contains(&key);
            if !keys.contains(&aliases.part(part, key)) && !is_built_in {
                gone.push(GonePart { part, key: key.to_owned(), option: None });
            }
        }
    }
    let terms = |program: &Program| program.terms.iter().map(|term| term.field.clone()).collect();
    let fields: [(Part, Vec<Field>, Vec<Field>); 2] =
        [(Part::Field, old.fields().to_vec(), new.fields().to_vec()), (Part::Term, terms(old), terms(new))];
    for (part, before, after) in fields {
        for field in before {
            let now = after.iter().find(|one| one.key == aliases.part(part, &field.key));
            let (Some(old), Some(new)) =
                (options_of(Some(&field.kind)), now.and_then(|one| options_of(Some(&one.kind))))
            else {
                continue;
            };
            let key = aliases.part(part, &field.key);
            let is_there = |option: &str| {
                new.iter().any(|one| one.eq_ignore_ascii_case(aliases.option(part, key, option)))
            };
            let lost = old.iter().filter(|option| !is_there(option));
            gone.extend(lost.map(|option| GonePart {
                part,
                key: field.key.clone(),
                option: Some(option.clone()),
            }));
        }
    }
    gone
}

impl Program {
    /// Returns its parts beside stages and milestones, by their keys.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (Part, &str)> {
        Part::ALL.into_iter().flat_map(|part| keys_of(self, part).into_iter().map(move |key| (part, key)))
    }

    /// Returns its fields and the fields of its terms.
    pub(crate) fn choices(&self) -> impl Iterator<Item = (Part, &Field)> {
        let fields = self.fields().iter().map(|field| (Part::Field, field));
        fields.chain(self.terms.iter().map(|term| (Part::Term, &term.field)))
    }
}

fn keys_of(program: &Program, part: Part) -> Vec<&str> {
    match part {
        Part::Tier => program.tiers.iter().map(|one| one.key.as_str()).collect(),
        Part::Term => program.terms.iter().map(|one| one.field.key.as_str()).collect(),
        Part::Fund => program.funds.iter().map(|one| one.key.as_str()).collect(),
        Part::Course => program.courses.iter().map(|one| one.key.as_str()).collect(),
        Part::Material => program.materials.iter().map(|one| one.key.as_str()).collect(),
        Part::Reason => program.reasons.iter().map(|one| one.key.as_str()).collect(),
        Part::Field => program.fields().iter().map(|one| one.key.as_str()).collect(),
    }
}

/// Refuses parts that partners have and that are not to be dropped, a fund with money even then; `dropped` are the words of
/// those to be dropped. Returns those that are dropped although partners have them.
///
/// # Errors
/// [`ProgramRefusal::PartsInUse`], and [`ProgramRefusal::NotGone`] for a word that names nothing that goes.
pub(crate) fn refuse_parts_in_use(
    gone: &[GonePart],
    in_use: Vec<PartInUse>,
    dropped: &[String],
) -> Result<Vec<PartInUse>, Error> {
    let is_dropped = |part: &GonePart| {
        dropped
            .iter()
            .any(|word| *word == part.word() || *word == format!("{}:{}", part.part.noun(), part.word()))
    };
    let names = |word: &&String| {
        gone.iter()
            .any(|part| **word == part.word() || **word == format!("{}:{}", part.part.noun(), part.word()))
    };
    let keys: Vec<String> = dropped.iter().filter(|word| !names(word)).cloned().collect();
    if !keys.is_empty() {
        let gone = gone.iter().map(GonePart::word).collect();
        return Err(Error::refused(ProgramRefusal::NotGone { keys, gone }));
    }
    let (dropped, parts): (Vec<PartInUse>, Vec<PartInUse>) =
        in_use.into_iter().partition(|one| is_dropped(&one.gone) && one.with_money.is_empty());
    if parts.is_empty() { Ok(dropped) } else { Err(Error::refused(ProgramRefusal::PartsInUse { parts })) }
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
    let parts = Part::ALL
        .into_iter()
        .flat_map(|part| keys_of(program, part).into_iter().map(move |key| (key, aliases.part(part, key))));
    let options = program.choices().flat_map(|(part, field)| {
        let options = options_of(Some(&field.kind)).unwrap_or_default().iter();
        options.map(move |option| (option.as_str(), aliases.option(part, &field.key, option)))
    });
    let keys: BTreeSet<(&str, &str)> =
        keys.chain(milestones).chain(parts).chain(options).filter(|(key, now)| key != now).collect();
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

/// Returns the fields that can have several values, and only one with a new program.
pub(crate) fn fields_with_one_now<'o>(
    old: &'o Program,
    new: &'o Program,
    aliases: &'o Aliases,
) -> impl Iterator<Item = &'o str> {
    let fields = old.fields().iter().map(|field| field.key.as_str()).filter(|key| old.is_several(key));
    fields.filter(|key| {
        let now = aliases.part(Part::Field, key);
        new.field(now).is_some() && !new.is_several(now)
    })
}

/// Refuses that a field of which partners have several values gets one; `several` are the keys of the partners by field.
///
/// # Errors
/// [`ProgramRefusal::SeveralInUse`] for the first such field by key.
pub(crate) fn refuse_several_in_use(several: BTreeMap<String, Vec<String>>) -> Result<(), Error> {
    several.into_iter().next().map_or(Ok(()), |(field, partners)| {
        Err(Error::refused(ProgramRefusal::SeveralInUse { field, partners }))
    })
}

/// Refuses a field whose recorded value of a partner does not fit the type that it would have, unless it does not fit the one
/// that it has in `old` either, or the option was dropped. A type, region or owner that
/// the program lists no more, or not yet, stays and is named, as a tier is.
///
/// # Errors
/// [`ProgramRefusal::UnfitValue`].
pub(crate) fn refuse_unfit_values(
    (old, new): (&Program, &Program),
    partner: &str,
    values: &BTreeMap<String, String>,
    dropped: &[GonePart],
) -> Result<(), Error> {
    let is_known = |field: &Field, value: &str| {
        let is_dropped = dropped.iter().any(|one| {
            one.part == Part::Field && one.key == field.key && one.option.as_deref() == Some(value)
        });
        is_dropped || old.field(&field.key).is_some_and(|before| before.read(value, old.currency).is_err())
    };
    let is_listed = |field: &Field| {
        matches!(field.kind, FieldKind::Choice(_)) && BUILT_IN_ATTRIBUTES.contains(&field.key.as_str())
    };
    for field in new.fields().iter().filter(|field| field.kind != FieldKind::Text && !is_listed(field)) {
        let rest = further(values.get(&further_key(&field.key)).map(String::as_str));
        for value in values.get(&field.key).map(String::as_str).into_iter().chain(rest) {
            if let Err(fault) = field.read(value, new.currency)
                && !is_known(field, value)
            {
                let why = fault.to_string();
                let (partner, field) = (partner.to_owned(), field.key.clone());
                return Err(Error::refused(ProgramRefusal::UnfitValue { partner, field, why }));
            }
        }
    }
    Ok(())
}
