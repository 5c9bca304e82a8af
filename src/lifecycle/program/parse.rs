//! From the text of a program to a valid `Program`, or to everything that is wrong with it.

use std::collections::HashMap;
use std::ops::Range;

use crate::lifecycle::announcements::read_launches;
use crate::lifecycle::base::located::{Located, Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::{Calendar, Every};
use crate::lifecycle::base::problem::Problem;
use crate::lifecycle::base::{located, text};
use crate::lifecycle::criteria::Questionnaire;
use crate::lifecycle::criteria::parse::{CriteriaScope, read_cut_offs, read_questionnaires};
use crate::lifecycle::enablement::{read_courses, read_materials};
use crate::lifecycle::funds::read_funds;
use crate::lifecycle::performance::read_non_performing;
use crate::lifecycle::plans::read_planning;
use crate::lifecycle::program::fault::ProgramFault;
use crate::lifecycle::program::fields::read_fields;
use crate::lifecycle::program::needs::{NeededKeys, check_needs, read_need, read_settled_by};
use crate::lifecycle::program::{Milestone, Need, Program, RESERVED, Stage};
use crate::lifecycle::revenue::{read_productive, read_reporting};
use crate::lifecycle::terms::read_terms;
use crate::lifecycle::tiers::read_tiers;

/// The most stages a program may have: more than any channel needs, few enough for any table.
const STAGE_LIMIT: usize = 64;
pub(crate) const MOST_DAYS: i64 = 3650;

impl Program {
    /// Reads a program from TOML.
    ///
    /// # Errors
    /// All problems at once, in the order of the file.
    pub fn parse(source: &str) -> Result<Program, Vec<Problem>> {
        let (document, mut reader) = located::parse(source);
        if !reader.clean() {
            return Err(reader.into_problems());
        }
        let root = Section::new(document.get_ref(), 0..0, "the program");
        let program = read_program(root, &mut reader);
        match program {
            Some(program) if reader.clean() => Ok(program),
            _ => Err(reader.into_problems()),
        }
    }
}

fn read_program(mut root: Section, reader: &mut TomlReader) -> Option<Program> {
    let header = root.table(reader, "program");
    if header.is_none() {
        reader.fault(root.span(), ProgramFault::NoHeader);
    }
    let header = header.and_then(|section| read_header(section, reader));
    let currency = header.as_ref().map(|(_, currency, _)| *currency);
    let mut keys = ProgramKeys::default();
    let stages: Vec<Option<Stage>> = root
        .tables(reader, "stage")
        .into_iter()
        .map(|section| read_stage(section, reader, &mut keys))
        .collect();
    keys.check_renames(reader);
    let fields = read_fields(&mut root, reader);
    let productive =
        root.table(reader, "productive").and_then(|section| read_productive(section, reader, currency));
    let non_performing = root
        .table(reader, "non_performing")
        .and_then(|section| read_non_performing(section, reader, currency));
    let leaving: Vec<Option<Milestone>> = root
        .tables(reader, "leaving")
        .into_iter()
        .map(|section| read_leaving(section, reader, &mut keys))
        .collect();
    let terms = read_terms(&mut root, reader);
    let courses = read_courses(&mut root, reader);
    let materials = read_materials(&mut root, reader);
    let funds = read_funds(&mut root, reader, currency);
    let launches = root.table(reader, "launches").and_then(|section| read_launches(section, reader, &terms));
    let own: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
    let reporting = root.table(reader, "reporting");
    let reporting = reporting.and_then(|section| read_reporting(section, reader, &own, &terms));
    let milestones = keys.milestones.used.keys().map(String::as_str).collect();
    let tiers = read_tiers(&mut root, reader, &milestones, currency);
    check_stages(&stages, root.span(), reader);
    let stage_keys: Vec<&str> = keys.stages.used.keys().map(String::as_str).collect();
    let questionnaires = read_criteria(&mut root, reader, &stage_keys, currency);
    let asked: Vec<&str> = questionnaires.iter().map(|one| one.key.as_str()).collect();
    let review = root.table(reader, "planning").and_then(|section| read_planning(section, reader, &asked));
    root.finish(reader);
    let known =
        NeededKeys { questionnaires: &asked, courses: &courses, terms: &terms, materials: &materials };
    check_needs(&keys.needs, known, reader);

    let (name, currency, calendar) = header?;
    let stages = stages.into_iter().collect::<Option<Vec<Stage>>>()?;
    let leaving = leaving.into_iter().collect::<Option<Vec<Milestone>>>()?;
    Some(Program {
        name,
        currency,
        calendar,
        productive,
        non_performing,
        reporting,
        tiers,
        review,
        leaving,
        terms,
        courses,
        materials,
        funds,
        launches,
        stages,
        fields,
        questionnaires,
    })
}

/// `[verdict]` and the questionnaires. Without a usable currency they are read in another one, to find all problems.
fn read_criteria(
    root: &mut Section,
    reader: &mut TomlReader,
    stages: &[&str],
    currency: Option<Currency>,
) -> Vec<Questionnaire> {
    let cut_offs = root.table(reader, "verdict").and_then(|mut section| {
        let cut_offs = read_cut_offs(&mut section, reader);
        if cut_offs.is_none() && reader.clean() {
            reader.fault(section.span(), ProgramFault::NoScores);
        }
        section.finish(reader);
        cut_offs
    });
    match currency.or_else(|| Currency::from_code("EUR")) {
        Some(currency) => read_questionnaires(root, reader, &CriteriaScope { stages, currency, cut_offs }),
        None => Vec::new(),
    }
}

fn read_header(mut section: Section, reader: &mut TomlReader) -> Option<(String, Currency, Calendar)> {
    let name = section.required_text(reader, "name");
    let code = section.required_text(reader, "currency");
    let first_month = section.whole(reader, "fiscal_year_start", 1..=12);
    section.finish(reader);
    let code = code?;
    let currency = Currency::from_code(&code.value);
    if currency.is_none() {
        reader.fault(&code.span, ProgramFault::Currency { code: code.value.clone() });
    }
    let month = first_month.and_then(|month| u32::try_from(month.value).ok()).unwrap_or(1);
    Some((name?.value, currency?, Calendar::new(month)?))
}

fn check_stages(stages: &[Option<Stage>], start: &Range<usize>, reader: &mut TomlReader) {
    if stages.is_empty() {
        reader.fault(start, ProgramFault::NoStage);
        return;
    }
    if stages.len() > STAGE_LIMIT {
        reader.fault(start, ProgramFault::TooManyStages { stages: stages.len(), limit: STAGE_LIMIT });
    }
    let successes = stages.iter().flatten().filter(|stage| stage.success).count();
    if successes != 1 && stages.iter().all(Option::is_some) {
        reader.fault(start, ProgramFault::SuccessStages { stages: successes });
    }
}

fn read_stage(mut section: Section, reader: &mut TomlReader, keys: &mut ProgramKeys) -> Option<Stage> {
    let key = section.required_text(reader, "key");
    if let Some(key) = &key {
        section.rename(format!("stage `{}`", key.value));
        check_key(key, reader);
        if RESERVED.contains(&key.value.as_str()) {
            reader.fault(&key.span, ProgramFault::ReservedStage { key: key.value.clone() });
        }
    }
    let name = section.text(reader, "name");
    let target_days = section.whole(reader, "target_days", 1..=MOST_DAYS);
    let success = section.flag(reader, "success").unwrap_or(false);
    let was = section.text(reader, "was");
    keys.stages.add(key.as_ref(), was.as_ref(), "stage", reader);
    let milestones: Vec<Option<Milestone>> = section
        .tables(reader, "milestone")
        .into_iter()
        .map(|section| read_milestone(section, reader, keys))
        .collect();
    section.finish(reader);
    let key = key?.value;
    Some(Stage {
        name: name.map_or_else(|| key.clone(), |name| name.value),
        key,
        target_days: target_days.map(|days| days.value),
        success,
        milestones: milestones.into_iter().collect::<Option<Vec<Milestone>>>()?,
        was: was.map(|was| was.value),
    })
}

fn read_milestone(
    mut section: Section,
    reader: &mut TomlReader,
    keys: &mut ProgramKeys,
) -> Option<Milestone> {
    let key = section.required_text(reader, "key");
    if let Some(key) = &key {
        section.rename(format!("milestone `{}`", key.value));
        check_key(key, reader);
    }
    let name = section.text(reader, "name");
    let gate = section.flag(reader, "gate").unwrap_or(false);
    let due_days = section.whole(reader, "due_days", 0..=MOST_DAYS);
    let every = section.text(reader, "every");
    let needs = section.text(reader, "needs").and_then(|needs| read_need(&needs, reader));
    let settled_by =
        section.text(reader, "settled_by").and_then(|word| Some((read_settled_by(&word, reader)?, word)));
    let was = section.text(reader, "was");
    keys.milestones.add(key.as_ref(), was.as_ref(), "milestone", reader);
    if let (Some((_, word)), None) = (&settled_by, &every) {
        reader.fault(&word.span, ProgramFault::SettledWithoutPeriod { by: word.value.clone() });
    }
    if let (true, Some(every)) = (gate, &every) {
        reader.fault(&every.span, ProgramFault::RecurringGate);
    }
    let every = match every {
        None => None,
        Some(word) => Some(read_every(&word, reader)?),
    };
    section.finish(reader);
    let key = key?.value;
    Some(Milestone {
        name: name.map_or_else(|| key.clone(), |name| name.value),
        key,
        gate,
        due_days: due_days.map(|days| days.value),
        every,
        needs: needs.map(|needs| {
            keys.needs.push(needs.clone());
            needs.value
        }),
        settled_by: settled_by.map(|(by, _)| by),
        was: was.map(|was| was.value),
    })
}

/// Something to be done when a partner leaves.
fn read_leaving(mut section: Section, reader: &mut TomlReader, keys: &mut ProgramKeys) -> Option<Milestone> {
    let key = section.required_text(reader, "key");
    if let Some(key) = &key {
        section.rename(format!("leaving `{}`", key.value));
        check_key(key, reader);
    }
    let name = section.text(reader, "name");
    let due_days = section.whole(reader, "due_days", 0..=MOST_DAYS);
    keys.milestones.add(key.as_ref(), None, "milestone", reader);
    section.finish(reader);
    let key = key?.value;
    Some(Milestone {
        name: name.map_or_else(|| key.clone(), |name| name.value),
        key,
        gate: false,
        due_days: due_days.map(|days| days.value),
        every: None,
        needs: None,
        settled_by: None,
        was: None,
    })
}

/// Reads how often something recurs.
pub(crate) fn read_every(word: &Located<String>, reader: &mut TomlReader) -> Option<Every> {
    let every = Every::ALL.into_iter().find(|every| every.word() == word.value);
    if every.is_none() {
        reader.fault(&word.span, ProgramFault::Every { word: word.value.clone() });
    }
    every
}

/// Reports a key that is not written as one.
pub(crate) fn check_key(key: &Located<String>, reader: &mut TomlReader) {
    if !text::is_key(&key.value) {
        let near = text::slug(&key.value);
        reader.fault(&key.span, ProgramFault::Key { key: key.value.clone(), near });
    }
}

/// Keys in use and renamed keys, of stages and of milestones.
#[derive(Default)]
struct ProgramKeys {
    stages: KeysInUse,
    milestones: KeysInUse,
    /// On what milestones depend.
    needs: Vec<Located<Need>>,
}

#[derive(Default)]
struct KeysInUse {
    used: HashMap<String, Range<usize>>,
    renamed: Vec<Located<String>>,
}

impl ProgramKeys {
    fn check_renames(&self, reader: &mut TomlReader) {
        self.stages.check_renames("stage", reader);
        self.milestones.check_renames("milestone", reader);
    }
}

impl KeysInUse {
    fn add(
        &mut self,
        key: Option<&Located<String>>,
        was: Option<&Located<String>>,
        noun: &'static str,
        reader: &mut TomlReader,
    ) {
        if let Some(key) = key
            && self.used.insert(key.value.clone(), key.span.clone()).is_some()
        {
            reader.fault(&key.span, ProgramFault::Twice { noun, key: key.value.clone() });
        }
        if let Some(was) = was {
            check_key(was, reader);
            if self.renamed.iter().any(|other| other.value == was.value) {
                reader.fault(&was.span, ProgramFault::SameFormerKey { noun, key: was.value.clone() });
            }
            self.renamed.push(was.clone());
        }
    }

    fn check_renames(&self, noun: &'static str, reader: &mut TomlReader) {
        for was in self.renamed.iter().filter(|was| self.used.contains_key(&was.value)) {
            reader.fault(&was.span, ProgramFault::FormerKeyInUse { noun, key: was.value.clone() });
        }
    }
}
