//! The program: which stages a partner passes, which milestones each has, what success means.
//!
//! A `Program` can only be made by [`Program::parse`], so that every one of them is valid: stages
//! have unique keys, exactly one is success, milestones are unique in the whole program.

pub(crate) mod fault;
pub(crate) mod fields;
pub(crate) mod needs;
pub(crate) mod parse;
pub(crate) mod sections;
pub(crate) mod succession;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lifecycle::announcements::LaunchNotice;
use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::{Calendar, Every};
use crate::lifecycle::base::text;
use crate::lifecycle::criteria::{Question, Questionnaire};
use crate::lifecycle::enablement::{Course, Material};
use crate::lifecycle::funds::Fund;
use crate::lifecycle::happening::{EventMisfit, Happening, Moment};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::performance::NonPerforming;
use crate::lifecycle::revenue::{Productive, ReportingRule};
use crate::lifecycle::terms::Term;
use crate::lifecycle::tiers::Tier;

pub(crate) use fault::FieldFault;
pub(crate) use fault::ProgramFault;
pub(crate) use succession::{
    ProgramRefusal, refuse_lost_stages, refuse_other_currency, refuse_unfit_values, refuse_used_keys,
};

/// The program that a new file starts with; all of it is the user's to change.
pub const BUILT_IN: &str = include_str!("builtin.toml");

/// Words that name a row of the pipeline or an exit, and so can't be the key of a stage.
pub(crate) const RESERVED: [&str; 7] =
    ["parked", "left", "declined", "withdrew", "terminated", "none", "ignore"];

/// Attributes that every partner has beside the program's own fields.
pub(crate) const BUILT_IN_ATTRIBUTES: [&str; 5] = ["name", "type", "tier", "region", "owner"];

#[derive(Clone, Debug)]
pub struct Program {
    pub name: String,
    pub currency: Currency,
    pub calendar: Calendar,
    pub productive: Option<Productive>,
    pub non_performing: Option<NonPerforming>,
    /// How often partners report what they sold.
    pub reporting: Option<ReportingRule>,
    /// The tiers, the lowest first.
    pub tiers: Vec<Tier>,
    /// The questionnaire of business reviews.
    pub review: Option<String>,
    /// What is to be done when a partner leaves.
    pub leaving: Vec<Milestone>,
    /// What is agreed with each partner.
    pub terms: Vec<Term>,
    /// What people of partners are certified for.
    pub courses: Vec<Course>,
    /// What partners are given.
    pub materials: Vec<Material>,
    /// What supports partners' marketing.
    pub funds: Vec<Fund>,
    /// How long before a launch partners are told, and who tells them.
    pub launches: Option<LaunchNotice>,
    stages: Vec<Stage>,
    fields: Vec<Field>,
    questionnaires: Vec<Questionnaire>,
}

#[derive(Clone, Debug)]
pub struct Stage {
    pub key: String,
    pub name: String,
    /// Days after which a stay here is overdue.
    pub target_days: Option<i64>,
    pub success: bool,
    pub milestones: Vec<Milestone>,
    was: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Milestone {
    pub key: String,
    pub name: String,
    /// Needed to advance out of the stage.
    pub gate: bool,
    /// Days after entering the stage by which it should be done.
    pub due_days: Option<i64>,
    /// Done once per period where set, once per relationship where not.
    pub every: Option<Every>,
    /// What settles it by itself; then it can't be done by hand.
    pub needs: Option<Need>,
    /// What settles a recurring one too, beside saying so by hand.
    pub settled_by: Option<SettledBy>,
    was: Option<String>,
}

/// A record of a period that settles a milestone of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SettledBy {
    /// A plan of the year that both sides agreed to.
    Plan,
    /// A business review of the quarter.
    Review,
    /// Revenue of the period that was reported.
    Report,
}

impl SettledBy {
    pub const ALL: [SettledBy; 3] = [SettledBy::Plan, SettledBy::Review, SettledBy::Report];

    pub fn word(self) -> &'static str {
        match self {
            SettledBy::Plan => "plan",
            SettledBy::Review => "review",
            SettledBy::Report => "report",
        }
    }
}

/// Something recorded elsewhere on which a milestone depends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Need {
    /// The questionnaire with this key is passed.
    Questionnaire(String),
    /// So many people are certified for a course.
    Certified { course: String, people: i64 },
    /// A term is agreed.
    Agreed(String),
    /// The newest version of a material is delivered.
    Delivered(String),
}

impl fmt::Display for Need {
    /// As it is written in the program.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Need::Questionnaire(key) => write!(f, "questionnaire:{key}"),
            Need::Certified { course, people } => write!(f, "certified:{course}:{people}"),
            Need::Agreed(key) => write!(f, "agreed:{key}"),
            Need::Delivered(key) => write!(f, "delivered:{key}"),
        }
    }
}

/// A custom attribute of partners, or the allowed values of a built-in one.
#[derive(Clone, Debug)]
pub struct Field {
    pub key: String,
    pub kind: FieldKind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldKind {
    Text,
    Number,
    Money,
    Date,
    Choice(Vec<String>),
}

/// Former keys and the keys that stand for them now, over all versions of a program.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Aliases {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    stages: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    milestones: BTreeMap<String, String>,
}

/// A version of the program came into force.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Applied {
    pub toml: String,
    #[serde(default)]
    pub aliases: Aliases,
}

impl Happening for Applied {
    fn apply(&self, _: &mut Partner, _: &Moment) -> Result<(), Misfit> {
        Err(EventMisfit::OfNoPartner.into())
    }
}

impl Program {
    /// The same program with the keys by which its stages and milestones go now.
    pub fn under(mut self, aliases: &Aliases) -> Program {
        for stage in &mut self.stages {
            stage.key = aliases.stage(&stage.key).to_owned();
            for milestone in &mut stage.milestones {
                milestone.key = aliases.milestone(&milestone.key).to_owned();
            }
        }
        for questionnaire in &mut self.questionnaires {
            questionnaire.stage = aliases.stage(&questionnaire.stage).to_owned();
        }
        self
    }

    /// The stages in the order in which partners pass them; at least one.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// All questionnaires, in the order of the program.
    pub fn questionnaires(&self) -> &[Questionnaire] {
        &self.questionnaires
    }

    pub fn questionnaire(&self, key: &str) -> Option<&Questionnaire> {
        self.questionnaires.iter().find(|one| one.key == key)
    }

    /// The questionnaires that are asked in a stage.
    pub fn questionnaires_of<'p>(
        &'p self,
        stage: &'p str,
    ) -> impl Iterator<Item = &'p Questionnaire> + Clone {
        self.questionnaires.iter().filter(move |one| one.stage == stage)
    }

    /// The stage whose questionnaires say whom to take in: the first that has any beside that of business reviews.
    pub fn criteria_stage(&self) -> Option<&Stage> {
        let is_review = |one: &&Questionnaire| self.review.as_ref() == Some(&one.key);
        self.stages.iter().find(|stage| !self.questionnaires_of(&stage.key).all(|one| is_review(&one)))
    }

    /// The question with this key, and the questionnaire that it stands in.
    pub fn question(&self, key: &str) -> Option<(&Questionnaire, &Question)> {
        self.questionnaires.iter().find_map(|one| Some((one, one.question(key)?)))
    }

    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    pub fn stage(&self, key: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.key == key)
    }

    /// The place of a stage in the order, counted from 0.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.key == key)
    }

    pub fn first_stage(&self) -> &Stage {
        &self.stages[0]
    }

    /// The stage that follows the one with this key.
    pub fn next_stage(&self, key: &str) -> Option<&Stage> {
        self.stages.get(self.position(key)? + 1)
    }

    /// The name of a stage, or its key where the program no longer has it.
    pub fn stage_name<'a>(&'a self, key: &'a str) -> &'a str {
        self.stage(key).map_or(key, |stage| &stage.name)
    }

    pub fn milestone(&self, key: &str) -> Option<(&Stage, &Milestone)> {
        self.milestones().find(|(_, milestone)| milestone.key == key)
    }

    /// The stage that partners enter when recruiting them paid off.
    pub fn success_stage(&self) -> &Stage {
        &self.stages[self.success_position()]
    }

    /// Returns the position of the stage of success in the order, counted from 0.
    pub fn success_position(&self) -> usize {
        self.stages.iter().position(|stage| stage.success).unwrap_or(0)
    }

    pub fn term(&self, key: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.field.key == key)
    }

    pub fn course(&self, key: &str) -> Option<&Course> {
        self.courses.iter().find(|course| course.key == key)
    }

    pub fn material(&self, key: &str) -> Option<&Material> {
        self.materials.iter().find(|material| material.key == key)
    }

    pub fn fund(&self, key: &str) -> Option<&Fund> {
        self.funds.iter().find(|fund| fund.key == key)
    }

    pub fn tier(&self, key: &str) -> Option<&Tier> {
        self.tiers.iter().find(|tier| tier.key == key)
    }

    pub fn milestones(&self) -> impl Iterator<Item = (&Stage, &Milestone)> {
        self.stages.iter().flat_map(|stage| stage.milestones.iter().map(move |one| (stage, one)))
    }
}

impl FieldKind {
    /// Returns the word that programs use for the type.
    pub fn word(&self) -> &'static str {
        match self {
            FieldKind::Text => "text",
            FieldKind::Number => "number",
            FieldKind::Money => "money",
            FieldKind::Date => "date",
            FieldKind::Choice(_) => "choice",
        }
    }
}

impl Field {
    /// Reads a value into the form in which it is stored.
    ///
    /// # Errors
    /// The value is not one that this field takes.
    pub fn read(&self, value: &str, currency: Currency) -> Result<String, FieldFault> {
        let key = self.key.clone();
        let value = match text::name(value) {
            Ok(value) => value,
            Err(fault) => return Err(FieldFault::Text { key, fault }),
        };
        match &self.kind {
            FieldKind::Text => Ok(value),
            FieldKind::Number => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(value),
                _ => Err(FieldFault::Number { key, value }),
            },
            FieldKind::Money => match currency.parse(&value) {
                Ok(minor) => Ok(currency.money(i128::from(minor)).to_string()),
                Err(fault) => Err(FieldFault::Money { key, fault }),
            },
            FieldKind::Date => match Day::parse_iso(&value) {
                Some(day) => Ok(day.to_string()),
                None => Err(FieldFault::Date { key, value }),
            },
            FieldKind::Choice(options) => {
                let chosen = options.iter().find(|option| option.eq_ignore_ascii_case(&value));
                let options = options.clone();
                chosen.cloned().ok_or(FieldFault::Choice { key, value, options })
            }
        }
    }
}

impl Aliases {
    /// The key by which a stage that was recorded under `key` goes now.
    pub fn stage<'a>(&'a self, key: &'a str) -> &'a str {
        self.stages.get(key).map_or(key, String::as_str)
    }

    /// The key by which a milestone that was recorded under `key` goes now.
    pub fn milestone<'a>(&'a self, key: &'a str) -> &'a str {
        self.milestones.get(key).map_or(key, String::as_str)
    }

    /// These aliases together with the renames that `program` declares.
    pub fn with(&self, program: &Program) -> Aliases {
        let stages = program.stages.iter().map(|stage| (&stage.was, &stage.key));
        let milestones = program.milestones().map(|(_, one)| (&one.was, &one.key));
        Aliases { stages: renamed(&self.stages, stages), milestones: renamed(&self.milestones, milestones) }
    }

    /// Former keys of stages, each with the key that stands for it now.
    pub fn former_stages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.stages.iter().map(|(was, now)| (was.as_str(), now.as_str()))
    }

    /// Former keys of milestones, each with the key that stands for it now.
    pub fn former_milestones(&self) -> impl Iterator<Item = (&str, &str)> {
        self.milestones.iter().map(|(was, now)| (was.as_str(), now.as_str()))
    }
}

fn renamed<'a>(
    known: &BTreeMap<String, String>,
    renames: impl Iterator<Item = (&'a Option<String>, &'a String)>,
) -> BTreeMap<String, String> {
    let mut all = known.clone();
    for (was, key) in renames {
        let Some(was) = was else { continue };
        for now in all.values_mut().filter(|now| *now == was) {
            now.clone_from(key);
        }
        all.insert(was.clone(), key.clone());
    }
    all.retain(|was, now| was != now);
    all
}
