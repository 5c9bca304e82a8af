use crate::app::exit::missing;
use crate::lifecycle::base::error::Error;
use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::app::context::Context;
use crate::app::exit::Exit;
use crate::commands::partner::attributes::read_contact;
use crate::commands::receipts::prose;
use crate::commands::record::{Bulk, Request, Whom, act};
use crate::commands::shell::partner_keys;
use crate::lifecycle::base::day::Towards;
use crate::lifecycle::base::text;
use crate::lifecycle::base::text::{listed, nearest};
use crate::lifecycle::enablement::CertifyRequest;
use crate::lifecycle::program::Program;

/// Record that people of a partner passed a course
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife certify PARTNER COURSE PERSON...",
    after_help = "Examples:
  chanlife certify acme sales \"Jane Doe\" --evidence \"exam 4711\"
  chanlife certify acme sales jane@acme.example \"Tom Lee <tom@acme.example>, presales\"
  chanlife certify acme technical tom --on 2026-10-01 --until 2027-09-30
A person is a contact of the partner; one with an e-mail address that is not known yet becomes one."
)]
pub struct Certify {
    /// The partner
    #[arg(add = ArgValueCompleter::new(partner_keys))]
    partner: String,
    /// The course, as the program names it
    course: String,
    /// Who: an e-mail address, a name, or a part of it; or a new contact
    #[arg(required = true)]
    people: Vec<String>,
    /// The last day on which it counts; without it, as the course says
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// What proves it
    #[arg(long)]
    evidence: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Say what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Record that a partner got materials, such as the sales kit
#[derive(Debug, Args)]
#[command(
    override_usage = "chanlife deliver PARTNER MATERIAL...\n       chanlife deliver --where CONDITION MATERIAL...",
    after_help = "Examples:
  chanlife deliver acme documentation-kit
  chanlife deliver --where stage=readiness,launch,growth documentation-kit --version 2"
)]
pub struct Deliver {
    /// The partner, then one or more materials; with --where, materials only
    #[arg(value_name = "PARTNER MATERIAL", required = true, num_args = 1..,
          add = ArgValueCompleter::new(partner_keys))]
    words: Vec<String>,
    /// Which version; without it, the newest one
    #[arg(long)]
    version: Option<String>,
    /// The day it happened
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    bulk: Bulk,
}

impl Certify {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let until = self.until.as_deref();
        let until = until.map(|text| context.day("--until", text, Towards::Future)).transpose()?;
        let evidence = self.evidence.as_deref().map(|text| prose("--evidence", text)).transpose()?;
        let evidence = evidence.as_deref();
        let mut requests: Vec<Request> = Vec::new();
        for person in &self.people {
            let contact = match person.contains('<') {
                false => None,
                true => Some(read_contact(person).map_err(|why| {
                    Error::usage(format!("`{person}`: {why}"))
                        .hint("write it as \"Ana Ruiz <ana@acme.example>, sales\"")
                })?),
            };
            let course = &self.course;
            requests.push(Box::new(move |subject| {
                let program = subject.scene.program;
                let keys = program.courses.iter().map(|one| one.key.as_str());
                let course =
                    program.course(course).ok_or_else(|| unknown("course", course, keys, "[[course]]"))?;
                let contact = contact.clone();
                Ok(crate::lifecycle::enablement::certify(
                    subject.scene,
                    &CertifyRequest { course, person, contact, until, evidence },
                )?)
            }));
        }
        let bulk = Bulk { dry_run: self.dry_run, ..Bulk::default() };
        act(context, &Whom::One(&self.partner), &bulk, day, &requests)
    }
}

impl Deliver {
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let day = context.past_day("--on", self.on.as_deref())?;
        let version = self.version.as_deref().map(text::name).transpose();
        let version = version.map_err(|fault| Error::usage(format!("--version {fault}")))?;
        let (whom, materials) = match (&self.words[..], self.bulk.conditions.is_empty()) {
            ([_], true) => {
                return Err(missing("the material", "PARTNER MATERIAL").into());
            }
            ([partner, materials @ ..], true) => (Whom::One(partner), materials),
            (materials, _) => (Whom::Where(&self.bulk.conditions), materials),
        };
        let version = version.as_deref();
        let request = |word: &'_ String| -> Request {
            let word = word.clone();
            Box::new(move |subject| {
                let material = find_material(subject.scene.program, &word)?;
                Ok(crate::lifecycle::enablement::deliver(subject.scene, material, version)?)
            })
        };
        let requests: Vec<Request> = materials.iter().map(request).collect();
        act(context, &whom, &self.bulk, day, &requests)
    }
}

fn find_material<'p>(
    program: &'p Program,
    word: &str,
) -> Result<&'p crate::lifecycle::enablement::Material, Error> {
    let keys = program.materials.iter().map(|one| one.key.as_str());
    program.material(word).ok_or_else(|| unknown("material", word, keys, "[[material]]"))
}

/// Something that the program does not have.
pub(super) fn unknown<'k>(
    noun: &str,
    word: &str,
    known: impl Iterator<Item = &'k str>,
    section: &str,
) -> Error {
    let known: Vec<&str> = known.collect();
    let near = nearest(word, known.iter().copied());
    let failure = Error::usage(format!("there is no {noun} `{word}`"));
    match (near.is_empty(), known.is_empty()) {
        (false, _) => failure.hint(format!("did you mean {}?", listed(&near))),
        (true, true) => failure.hint(format!("the program has none; add {section} to it")),
        (true, false) => failure.hint(format!("there are {}", listed(&known))),
    }
}
