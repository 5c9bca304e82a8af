//! From the text of a program to a valid `Program`, or to everything that is wrong with it.

use std::collections::HashSet;

use std::collections::{BTreeMap, BTreeSet};

use crate::lifecycle::announcements::section::read_launches;
use crate::lifecycle::base::located;
use crate::lifecycle::base::located::{Located, NotedValue, Section, TomlReader};
use crate::lifecycle::base::money::Currency;
use crate::lifecycle::base::period::{Calendar, YearNamed};
use crate::lifecycle::base::problem::Problem;
use crate::lifecycle::base::text::nearest;
use crate::lifecycle::criteria::parse::{CriteriaScope, read_cut_offs, read_questionnaires};
use crate::lifecycle::criteria::questionnaire::Questionnaire;
use crate::lifecycle::enablement::section::{Course, Material, read_courses, read_materials};
use crate::lifecycle::funds::fund::{Fund, read_funds};
use crate::lifecycle::milestone::needs::{NeededFacts, NeededKeys};
use crate::lifecycle::milestone::section::{Milestone, read_leaving};
use crate::lifecycle::performance::section::{NonPerforming, read_non_performing};
use crate::lifecycle::plans::section::read_planning;
use crate::lifecycle::program::aliases::{Aliases, Part};
use crate::lifecycle::program::applies::RuleScopes;
use crate::lifecycle::program::definition::Program;
use crate::lifecycle::program::fault::{ProgramFault, VainFault};
use crate::lifecycle::program::fields::{Field, PARENT, WHY, read_fields};
use crate::lifecycle::program::former_parts::FormerParts;
use crate::lifecycle::program::sections::part_renames;
use crate::lifecycle::program::vain::report_vain;
use crate::lifecycle::revenue::reporting::{ReportingRule, read_reporting};
use crate::lifecycle::revenue::section::{Productive, read_productive};
use crate::lifecycle::stage::reason::read_reasons;
use crate::lifecycle::stage::section::{ProgramKeys, Stage, check_stages, read_stages};
use crate::lifecycle::terms::section::{Term, read_sale_terms, read_terms};
use crate::lifecycle::terms::territory::read_regions;
use crate::lifecycle::tiers::score::{ScorePart, read_score};
use crate::lifecycle::tiers::section::{Tier, TierKeys, read_tiers};

impl Program {
    /// Reads a program from TOML.
    ///
    /// # Errors
    /// All problems at once, in the order of the file.
    pub fn parse(source: &str) -> Result<Program, Vec<Problem>> {
        Program::read(source, |_, _| {})
    }

    /// Reads a program that is to be put in force: what earlier versions let pass, such as what can never be met, is a problem
    /// too.
    ///
    /// # Errors
    /// All problems at once, in the order of the file.
    pub(crate) fn check(source: &str) -> Result<Program, Vec<Problem>> {
        Program::read(source, |program, reader| {
            reader.refuse_vain();
            for value in reader.take_noted() {
                if let Some(program) = program {
                    check_noted(&value, program, reader);
                }
            }
        })
    }

    /// Returns the time zone that a program names; none if it cannot be read.
    pub(crate) fn time_zone_of(source: &str) -> Option<String> {
        if !source.contains("time_zone") {
            return None;
        }
        let (document, mut reader) = located::parse(source);
        let mut root = Section::new(document.get_ref(), 0..0, "the program");
        let mut section = root.table(&mut reader, "program")?;
        read_time_zone(&mut section, &mut reader)
    }

    /// Returns the fiscal calendar of a program; none if that cannot be read.
    pub(crate) fn calendar_of(source: &str) -> Option<Calendar> {
        if !source.contains("fiscal_year") {
            return Some(Calendar::CIVIL);
        }
        let (document, mut reader) = located::parse(source);
        let mut root = Section::new(document.get_ref(), 0..0, "the program");
        read_header(&mut root, &mut reader).map(|(_, _, calendar, _)| calendar)
    }

    fn read(
        source: &str,
        check: impl FnOnce(Option<&Program>, &mut TomlReader),
    ) -> Result<Program, Vec<Problem>> {
        let (document, mut reader) = located::parse(source);
        if !reader.clean() {
            return Err(reader.into_problems());
        }
        let root = Section::new(document.get_ref(), 0..0, "the program");
        let program = read_program(root, &mut reader);
        check(program.as_ref(), &mut reader);
        match program {
            Some(program) if reader.clean() => Ok(program),
            _ => Err(reader.into_problems()),
        }
    }
}

/// Reports a value that partners of the program cannot have.
fn check_noted(value: &NotedValue, program: &Program, reader: &mut TomlReader) {
    let NotedValue { key, attribute, word } = value;
    if [PARENT, WHY].contains(attribute) {
        return reader.fault(&word.span, ProgramFault::BuiltInField { key: word.value.clone() });
    }
    let options = program.options(attribute);
    if options.is_none() && *attribute == "tier" {
        return reader.fault(&word.span, VainFault::NoTiers { word: word.value.clone() });
    }
    let Some(options) = options else { return };
    let known: Vec<String> = options.into_iter().map(|(option, _)| option.to_owned()).collect();
    if !known.iter().any(|option| option.eq_ignore_ascii_case(&word.value)) {
        let near =
            nearest(&word.value, known.iter().map(String::as_str)).first().map(|near| (*near).to_owned());
        reader.fault(&word.span, ProgramFault::ScopeUnknown { key, word: word.value.clone(), near, known });
    }
}

fn read_program(mut root: Section, reader: &mut TomlReader) -> Option<Program> {
    let header = read_header(&mut root, reader);
    let currency = header.as_ref().map(|(_, currency, ..)| *currency);
    let mut keys = ProgramKeys { needs: NeededFacts::in_currency(currency), ..ProgramKeys::default() };
    let stages = read_stages(&mut root, reader, &mut keys);
    let fields = read_fields(&mut root, reader);
    let leaving = read_leaving(&mut root, reader, &mut keys.milestones);
    let (reasons, terms) = (read_reasons(&mut root, reader), read_terms(&mut root, reader));
    let rules = read_rules(&mut root, reader, (&fields, &terms), currency);
    let sales = root.table(reader, "sales").map(|section| read_sale_terms(section, reader, &terms));
    let regions = read_regions(&mut root, reader);
    let (courses, materials) = (read_courses(&mut root, reader), read_materials(&mut root, reader));
    let funds = read_funds(&mut root, reader, currency);
    let launches = root.table(reader, "launches").and_then(|section| read_launches(section, reader, &terms));
    let (score, tiers) = read_scored_tiers(&mut root, reader, (&keys, &stages, &courses), currency);
    check_stages(&stages, root.span(), reader);
    let stage_keys = keys.stages.in_order();
    let questionnaires = read_criteria(&mut root, reader, &stage_keys, currency);
    let asked: Vec<&str> = questionnaires.iter().map(|one| &*one.key).collect();
    let review = root.table(reader, "planning").and_then(|section| read_planning(section, reader, &asked));
    root.finish(reader);
    let supporting = (&courses[..], &terms[..], &materials[..], &funds[..]);
    keys.needs.check(needed_keys(&asked, supporting, &tiers), reader);

    let (name, currency, calendar, time_zone) = header?;
    let program = Program {
        name,
        currency,
        calendar,
        time_zone,
        productive: rules.productive,
        non_performing: rules.non_performing,
        reporting: rules.reporting,
        scopes: rules.scopes,
        tiers,
        score,
        review,
        leaving: leaving.into_iter().collect::<Option<Vec<Milestone>>>()?,
        reasons,
        terms,
        sales,
        regions,
        courses,
        materials,
        funds,
        launches,
        stages: stages.into_iter().collect::<Option<Vec<Stage>>>()?,
        fields,
        questionnaires,
        renames: Vec::new(),
        former: Aliases::default(),
        earlier_calendars: Vec::new(),
        gone_tiers: BTreeSet::new(),
        earlier: FormerParts::default(),
        added: BTreeMap::new(),
    }
    .with_renames(reader);
    report_vain(&program, reader);
    Some(program)
}

/// Returns what milestones can need.
fn needed_keys<'k>(
    questionnaires: &'k [&'k str],
    (courses, terms, materials, funds): (&'k [Course], &'k [Term], &'k [Material], &'k [Fund]),
    tiers: &[Tier],
) -> NeededKeys<'k> {
    NeededKeys { questionnaires, courses, terms, materials, funds, has_tiers: !tiers.is_empty() }
}

impl Program {
    /// Takes the new keys of parts.
    fn with_renames(mut self, reader: &mut TomlReader) -> Program {
        let renames = part_renames(reader, |part, key| match part {
            Part::Tier => self.tiers.iter().any(|one| one.key == key),
            Part::Term => self.terms.iter().any(|one| one.field.key == key),
            Part::Fund => self.funds.iter().any(|one| one.key == key),
            Part::Course => self.courses.iter().any(|one| one.key == key),
            Part::Material => self.materials.iter().any(|one| one.key == key),
            Part::Reason => self.reasons.iter().any(|one| one.key == key),
            Part::Field => self.fields.iter().any(|one| one.key == key),
        });
        self.renames = renames;
        self
    }
}

/// The rules by which partners are judged, and to whom they apply.
struct ProgramRules {
    productive: Option<Productive>,
    non_performing: Option<NonPerforming>,
    reporting: Option<ReportingRule>,
    scopes: RuleScopes,
}

fn read_rules(
    root: &mut Section,
    reader: &mut TomlReader,
    (fields, terms): (&[Field], &[Term]),
    currency: Option<Currency>,
) -> ProgramRules {
    let mut scopes = RuleScopes::default();
    let productive = root.table(reader, "productive");
    let productive =
        productive.and_then(|section| read_productive(section, reader, currency, &mut scopes.productive));
    let non_performing = root.table(reader, "non_performing");
    let non_performing = non_performing
        .and_then(|section| read_non_performing(section, reader, currency, &mut scopes.non_performing));
    let reporting = root.table(reader, "reporting");
    let reporting =
        reporting.and_then(|section| read_reporting(section, reader, (fields, terms), &mut scopes.reporting));
    ProgramRules { productive, non_performing, reporting, scopes }
}

/// `[[score]]` and `[[tier]]`, whose conditions name milestones and courses.
fn read_scored_tiers(
    root: &mut Section,
    reader: &mut TomlReader,
    (keys, stages, courses): (&ProgramKeys, &[Option<Stage>], &[Course]),
    currency: Option<Currency>,
) -> (Vec<ScorePart>, Vec<Tier>) {
    let milestones: HashSet<&str> = keys.milestones.used.keys().map(String::as_str).collect();
    let taught: Vec<&str> = courses.iter().map(|course| course.key.as_str()).collect();
    let score = read_score(root, reader, &taught);
    let keys = TierKeys { milestones: &milestones, stages, courses, score: &score, lower: &[], currency };
    let tiers = read_tiers(root, reader, keys);
    (score.parts, tiers)
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

/// Reads the time zone of `[program]`; whether a machine knows it, it has to find out.
fn read_time_zone(section: &mut Section, reader: &mut TomlReader) -> Option<String> {
    let Located { value, span } = section.text(reader, "time_zone")?;
    let is_part = |part: &str| {
        part.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && part.chars().all(|letter| letter.is_ascii_alphanumeric() || "_+-".contains(letter))
    };
    if value.split('/').all(is_part) {
        return Some(value);
    }
    reader.fault(&span, ProgramFault::TimeZone { word: value });
    None
}

/// The name of a program, its currency, its fiscal calendar and its time zone.
type ProgramHeader = (String, Currency, Calendar, Option<String>);

/// Reads `[program]`: name, currency, calendar and time zone.
fn read_header(root: &mut Section, reader: &mut TomlReader) -> Option<ProgramHeader> {
    let Some(mut section) = root.table(reader, "program") else {
        reader.fault(root.span(), ProgramFault::NoHeader);
        return None;
    };
    let name = section.required_text(reader, "name");
    let code = section.required_text(reader, "currency");
    let first_month = section.whole(reader, "fiscal_year_start", 1..=12);
    let time_zone = read_time_zone(&mut section, reader);
    let named = section.text(reader, "fiscal_year_named").map(|word| {
        let known = YearNamed::ALL.into_iter().find(|one| one.word() == word.value);
        if known.is_none() {
            reader.fault(&word.span, ProgramFault::YearNamed { word: word.value });
        }
        known.unwrap_or_default()
    });
    section.finish(reader);
    let code = code?;
    let currency = Currency::from_code(&code.value);
    if currency.is_none() {
        reader.fault(&code.span, ProgramFault::Currency { code: code.value.clone() });
    }
    let month = first_month.and_then(|month| u32::try_from(month.value).ok()).unwrap_or(1);
    let calendar = Calendar::new(month)?.with_years_named(named.unwrap_or_default());
    Some((name?.value, currency?, calendar, time_zone))
}
