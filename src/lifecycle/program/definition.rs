//! The program: which stages a partner passes, which milestones each has, what success means.
//!
//! A `Program` can only be made by [`Program::parse`], so that every one of them is valid: stages
//! have unique keys, exactly one is success, milestones are unique in the whole program.

use std::collections::{BTreeMap, BTreeSet};

use crate::lifecycle::announcements::section::LaunchNotice;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::Calendar;
use crate::lifecycle::criteria::questionnaire::{Question, Questionnaire};
use crate::lifecycle::enablement::section::{Course, Material};
use crate::lifecycle::funds::fund::Fund;
use crate::lifecycle::milestone::section::Milestone;
use crate::lifecycle::performance::section::NonPerforming;
use crate::lifecycle::program::aliases::{Aliases, Part, PartRename, renamed, renamed_options};
use crate::lifecycle::program::applies::{Applies, RuleScopes};
use crate::lifecycle::program::fields::Field;
use crate::lifecycle::program::former_parts::FormerParts;
use crate::lifecycle::revenue::reporting::{ReportCalendars, ReportingRule};
use crate::lifecycle::revenue::section::Productive;
use crate::lifecycle::stage::reason::ExitReason;
use crate::lifecycle::stage::section::Stage;
use crate::lifecycle::terms::section::{SaleTerms, Term};
use crate::lifecycle::terms::territory::Region;
use crate::lifecycle::tiers::score::ScorePart;
use crate::lifecycle::tiers::section::Tier;

/// The program that a new file starts with; all of it is the user's to change.
pub const BUILT_IN: &str = include_str!("builtin.toml");

#[derive(Clone, Debug)]
pub struct Program {
    pub name: String,
    pub currency: Currency,
    pub calendar: Calendar,
    /// The time zone that decides which day is today, by its IANA name.
    pub time_zone: Option<String>,
    pub productive: Option<Productive>,
    pub non_performing: Option<NonPerforming>,
    /// How often partners report what they sold.
    pub reporting: Option<ReportingRule>,
    /// To which partners the rules apply.
    pub scopes: RuleScopes,
    /// The tiers, the lowest first.
    pub tiers: Vec<Tier>,
    /// The parts of the partner score, in the order of the file.
    pub score: Vec<ScorePart>,
    /// The questionnaire of business reviews.
    pub review: Option<String>,
    /// What is to be done when a partner leaves.
    pub leaving: Vec<Milestone>,
    /// Why partners leave or are parked.
    pub reasons: Vec<ExitReason>,
    /// What is agreed with each partner.
    pub terms: Vec<Term>,
    /// The terms that sales are held against.
    pub sales: Option<SaleTerms>,
    /// The regions that territories can name.
    pub regions: Vec<Region>,
    /// What people of partners are certified for.
    pub courses: Vec<Course>,
    /// What partners are given.
    pub materials: Vec<Material>,
    /// What supports partners' marketing.
    pub funds: Vec<Fund>,
    /// How long before a launch partners are told, and who tells them.
    pub launches: Option<LaunchNotice>,
    pub(super) stages: Vec<Stage>,
    pub(super) fields: Vec<Field>,
    pub(super) questionnaires: Vec<Questionnaire>,
    /// New keys of parts beside stages and milestones.
    pub(crate) renames: Vec<PartRename>,
    /// Former keys of parts, by which they are found, too.
    pub(super) former: Aliases,
    /// See [`Program::after_calendars`].
    pub(super) earlier_calendars: Vec<(Day, Calendar)>,
    /// The tiers that earlier versions of the program had, and this one has no more.
    pub(crate) gone_tiers: BTreeSet<String>,
    /// The reasons, fields and options of earlier programs.
    pub(crate) earlier: FormerParts,
    /// Since when partners are asked for milestones that the first program of the file did not have, by key.
    pub(super) added: BTreeMap<String, Day>,
}

impl Program {
    /// Returns the same program with the keys and options that its parts have now.
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
        if aliases.is_of_parts() {
            self.rename_parts(aliases);
        }
        self
    }

    /// Returns the same program, of which earlier versions are known: each with the day on which the next one came, and its
    /// text. A milestone that is not named in one was added by the next.
    #[must_use]
    pub(crate) fn after(mut self, earlier: &[(Day, &str)], aliases: &Aliases) -> Program {
        for (next, toml) in earlier {
            let is_new = |key: &str| {
                let former = aliases.former_milestones(key);
                let is_written = |key: &str| {
                    ['"', '\''].iter().any(|quote| toml.contains(&format!("{quote}{key}{quote}")))
                };
                !former.chain([key]).any(is_written)
            };
            let new = self.stages.iter().flat_map(|stage| &stage.milestones).filter(|one| is_new(&one.key));
            self.added.extend(new.map(|one| (one.key.clone(), *next)));
            let tiers = tier_keys(toml).map(|key| aliases.part(Part::Tier, key));
            let gone: Vec<String> = tiers.filter(|key| self.tier(key).is_none()).map(str::to_owned).collect();
            self.gone_tiers.extend(gone);
            self.earlier.add(toml, aliases);
        }
        self
    }

    /// Returns the same program with the fiscal calendars of earlier versions under which something was recorded, each with
    /// the day from which on the next version was in force, in order.
    #[must_use]
    pub(crate) fn after_calendars(self, earlier_calendars: Vec<(Day, Calendar)>) -> Program {
        Program { earlier_calendars, ..self }
    }

    /// Returns the fiscal calendars by which partners report.
    pub(crate) fn report_calendars(&self) -> ReportCalendars<'_> {
        ReportCalendars { now: self.calendar, earlier: &self.earlier_calendars }
    }

    /// Returns since when partners are asked for a milestone; the first of all days if ever since.
    pub(crate) fn asked_from(&self, milestone: &str) -> Day {
        self.added.get(milestone).copied().unwrap_or(Day::FIRST)
    }

    /// Returns the stages in the order in which partners pass them; at least one.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// Returns all questionnaires, in the order of the program.
    pub fn questionnaires(&self) -> &[Questionnaire] {
        &self.questionnaires
    }

    /// Finds a questionnaire by its key.
    pub fn questionnaire(&self, key: &str) -> Option<&Questionnaire> {
        self.questionnaires.iter().find(|one| one.key == key)
    }

    /// Returns the questionnaires that are asked in a stage.
    pub fn questionnaires_of<'p>(
        &'p self,
        stage: &'p str,
    ) -> impl Iterator<Item = &'p Questionnaire> + Clone {
        self.questionnaires.iter().filter(move |one| one.stage == stage)
    }

    /// Returns the stage whose questionnaires say whom to take in: the first that has any beside that of business
    /// reviews.
    pub fn criteria_stage(&self) -> Option<&Stage> {
        let is_review = |one: &&Questionnaire| self.review.as_ref() == Some(&one.key);
        self.stages.iter().find(|stage| !self.questionnaires_of(&stage.key).all(|one| is_review(&one)))
    }

    /// Finds a question by its key, with the questionnaire that it is part of.
    pub fn question(&self, key: &str) -> Option<(&Questionnaire, &Question)> {
        self.questionnaires.iter().find_map(|one| Some((one, one.question(key)?)))
    }

    /// Returns the custom attributes, in the order of the program.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Returns how many days after the end of its period a report is due; 0 if none is asked for.
    pub fn report_due_days(&self) -> i64 {
        self.reporting.as_ref().map_or(0, |rule| rule.due_days)
    }

    /// Finds a custom attribute by its key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        let find = |key: &str| self.fields.iter().find(|field| field.key == key);
        find(key).or_else(|| find(self.former.part(Part::Field, key)))
    }

    /// Finds a stage by its key.
    pub fn stage(&self, key: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.key == key)
    }

    /// Returns the position of a stage in the order, counted from 0.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.key == key)
    }

    /// Returns the first stage.
    pub fn first_stage(&self) -> &Stage {
        &self.stages[0]
    }

    /// Returns the name of a stage, or its key if the program no longer has it.
    pub fn stage_name<'a>(&'a self, key: &'a str) -> &'a str {
        self.stage(key).map_or(key, |stage| &stage.name)
    }

    /// Finds a milestone by its key, with its stage.
    pub fn milestone(&self, key: &str) -> Option<(&Stage, &Milestone)> {
        self.milestones().find(|(_, milestone)| milestone.key == key)
    }

    /// Returns the stage that partners enter when recruiting them paid off.
    pub fn success_stage(&self) -> &Stage {
        &self.stages[self.success_position()]
    }

    /// Returns the position of the stage of success in the order, counted from 0.
    pub fn success_position(&self) -> usize {
        self.stages.iter().position(|stage| stage.success).unwrap_or(0)
    }

    /// Finds a term by its key.
    pub fn term(&self, key: &str) -> Option<&Term> {
        let find = |key: &str| self.terms.iter().find(|term| term.field.key == key);
        find(key).or_else(|| find(self.former.part(Part::Term, key)))
    }

    /// Finds a reason for leaving by its key.
    pub fn reason(&self, key: &str) -> Option<&ExitReason> {
        let find = |key: &str| self.reasons.iter().find(|reason| reason.key == key);
        find(key).or_else(|| find(self.former.part(Part::Reason, key)))
    }

    /// Finds a reason for leaving by its key, a former key or its name, whatever their case.
    pub fn reason_named(&self, word: &str) -> Option<&ExitReason> {
        let wanted = word.trim().to_lowercase();
        let named = || self.reasons.iter().find(|reason| reason.name.to_lowercase() == wanted);
        self.reason(&wanted).or_else(named)
    }

    /// Returns the name of a reason, also of one that only earlier programs have; its key if there is none.
    pub fn reason_name<'a>(&'a self, key: &'a str) -> &'a str {
        let now = self.reason(key).map(|reason| reason.name.as_str());
        now.or_else(|| self.earlier.reason_name(key)).unwrap_or(key)
    }

    /// Finds a course by its key.
    pub fn course(&self, key: &str) -> Option<&Course> {
        let find = |key: &str| self.courses.iter().find(|course| course.key == key);
        find(key).or_else(|| find(self.former.part(Part::Course, key)))
    }

    /// Finds a material by its key.
    pub fn material(&self, key: &str) -> Option<&Material> {
        let find = |key: &str| self.materials.iter().find(|material| material.key == key);
        find(key).or_else(|| find(self.former.part(Part::Material, key)))
    }

    /// Finds a fund by its key.
    pub fn fund(&self, key: &str) -> Option<&Fund> {
        let find = |key: &str| self.funds.iter().find(|fund| fund.key == key);
        find(key).or_else(|| find(self.former.part(Part::Fund, key)))
    }

    /// Finds a tier by its key.
    pub fn tier(&self, key: &str) -> Option<&Tier> {
        let find = |key: &str| self.tiers.iter().find(|tier| tier.key == key);
        find(key).or_else(|| find(self.former.part(Part::Tier, key)))
    }

    /// Returns whether each part of it applies to all partners, so that nobody need know what they are.
    pub fn is_for_everyone(&self) -> bool {
        self.scopes().all(Applies::is_everyone)
    }

    /// Returns to which partners each part of it applies.
    pub(crate) fn scopes(&self) -> impl Iterator<Item = &Applies> {
        let RuleScopes { productive, non_performing, reporting } = &self.scopes;
        let rules = [productive, non_performing, reporting].into_iter();
        let stages = self.stages.iter().map(|stage| &stage.applies);
        let milestones = self.milestones().map(|(_, one)| &one.applies);
        let questionnaires = self.questionnaires.iter().map(|one| &one.applies);
        let courses = self.courses.iter().map(|one| &one.applies);
        let materials = self.materials.iter().map(|one| &one.applies);
        let leaving = self.leaving.iter().map(|one| &one.applies);
        let all = rules.chain(stages).chain(milestones).chain(questionnaires).chain(courses);
        all.chain(materials).chain(leaving)
    }

    /// Returns all milestones of stages, each with its stage.
    pub fn milestones(&self) -> impl Iterator<Item = (&Stage, &Milestone)> {
        self.stages.iter().flat_map(|stage| stage.milestones.iter().map(move |one| (stage, one)))
    }
}

/// Returns the keys of the tiers in the text of a program; all of it is read only if it is put in force.
fn tier_keys(toml: &str) -> impl Iterator<Item = &str> {
    let mut is_tier = false;
    toml.lines().map(str::trim_start).filter_map(move |line| {
        if line.starts_with('[') {
            is_tier = line.starts_with("[[tier]]");
        }
        let value = line.strip_prefix("key").filter(|_| is_tier)?;
        let value = value.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
        value[1..].split(quote).next()
    })
}

impl Aliases {
    /// Returns these aliases together with the renames that `program` declares.
    pub fn with(&self, program: &Program) -> Aliases {
        let stages = program.stages.iter().map(|stage| (&stage.was, &stage.key));
        let milestones = program.milestones().map(|(_, one)| (&one.was, &one.key));
        let mut parts = BTreeMap::new();
        for part in Part::ALL {
            let none = BTreeMap::new();
            let known = self.parts.get(&part).unwrap_or(&none);
            let of_part = program.renames.iter().filter(|one| one.part == part);
            let renames: Vec<(Option<String>, &String)> =
                of_part.map(|one| (Some(one.was.clone()), &one.key)).collect();
            let keys = renamed(known, renames.iter().map(|(was, key)| (was, *key)));
            if !keys.is_empty() {
                parts.insert(part, keys);
            }
        }
        let now = |part: Part| {
            let keys: BTreeMap<String, String> = parts.get(&part).cloned().unwrap_or_default();
            move |key: &str| keys.get(key).cloned().unwrap_or_else(|| key.to_owned())
        };
        let fields = program.fields.iter().map(|field| (field.key.as_str(), &field.former));
        let terms = program.terms.iter().map(|term| (term.field.key.as_str(), &term.field.former));
        Aliases {
            stages: renamed(&self.stages, stages),
            milestones: renamed(&self.milestones, milestones),
            field_options: renamed_options(&self.field_options, now(Part::Field), fields),
            term_options: renamed_options(&self.term_options, now(Part::Term), terms),
            parts,
            calendars: self.calendars.clone(),
        }
    }
}
