//! The command that erases the identity of a partner.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::Args;

use crate::app::context::{Context, shown_path};
use crate::app::exit::Exit;
use crate::commands::options::DryRun;
use crate::commands::receipts::print_receipt;
use crate::lifecycle::base::error::{Error, ErrorKind};
use crate::lifecycle::base::text::{counted, listed};
use crate::report::receipt::Receipt;
use crate::store::{Erased, Keep, folder_of};

/// Erase the identity and personal data of a partner permanently
#[derive(Debug, Args)]
#[command(
    after_help = "Erases names, contacts, references, notes, reasons, evidence and the text of commands; the partner gets a \
        neutral key and name, such as `forgotten-12`. Days, stages, milestones, amounts, type, tier, region, owner, assignees and \
        fields without free text stay, so that every figure stays the same. This cannot be undone. Existing backups and exported texts \
        are not changed.

Example:
  chanlife forget acme --dry-run",
    mut_arg("dry_run", |arg| arg.help("Show what would be erased, without erasing it"))
)]
pub struct ForgetArgs {
    /// The partner: key, reference or full name; also a removed partner
    partner: String,
    #[command(flatten)]
    dry_run: DryRun,
}

impl ForgetArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// Invalid input, refusals, and a database that cannot be used.
    pub fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let keep = self.dry_run.keep();
        let mut store = context.store()?;
        if keep == Keep::Commit && !context.global.yes {
            let would = store.forget(&self.partner, &context.stamp()?, Keep::DryRun).map_err(by_full_name)?;
            let question = format!("Erase the identity of {} permanently?", would.name);
            match context.prompt()? {
                Some(prompt) if prompt.confirm(&question)? => {}
                Some(_) => {
                    context.say("Nothing was erased");
                    return Ok(Exit::Done);
                }
                None => {
                    return Err(Error::usage(format!(
                        "erasing {} cannot be undone and needs confirmation",
                        would.name
                    ))
                    .hint("add --yes to erase, or --dry-run to see what would be erased")
                    .into());
                }
            }
        }
        let erased = store.forget(&self.partner, &context.stamp()?, keep).map_err(by_full_name)?;
        let program = store.read(|reader| Ok(reader.program_now()?.program))?;
        let drafts = match erased.drafts {
            0 => String::new(),
            count => format!(", and {}", counted(count, "draft")),
        };
        let mut said = vec![
            format!("Erased the identity of {}, now `{}`", erased.name, erased.key),
            format!(
                "Erased from {}, the commands of {}{drafts}",
                counted(erased.events, "event"),
                counted(erased.words, "action"),
            ),
        ];
        said.extend(naming(&erased));
        said.push(
            "Kept: days, stages, milestones, amounts, type, tier, region, owner, assignees and fields without free text"
                .into(),
        );
        said.push(
            "A calendar that has its due dates keeps them under its old name: remove them there".into(),
        );
        said.push(copies(context, store.path())?);
        let mut receipt = Receipt { action: Some(erased.action), said: said.clone(), ..Receipt::default() };
        print_receipt(context, &mut receipt, &program, keep, &said)
    }
}

/// Adds to the error of a partner that is not found that a part of a name is not enough here.
fn by_full_name(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<Error>() {
        Ok(own) if own.kind == ErrorKind::Partner => {
            own.hint("`forget` takes only a key, a reference or a full name").into()
        }
        Ok(own) => own.into(),
        Err(other) => other,
    }
}

/// How many events are named one by one.
const SHOWN: usize = 10;

/// Returns the sentence on events of other partners that mention the partner.
fn naming(erased: &Erased) -> Option<String> {
    let numbers: Vec<i64> = erased.naming.iter().copied().take(SHOWN).collect();
    let more = if erased.naming.len() > SHOWN { " and more" } else { "" };
    let count = counted(erased.naming.len(), "event");
    (!numbers.is_empty()).then(|| {
        format!(
            "Not erased: {count} of other partners that mention it: {}{more}; `chanlife export --all` shows them",
            listed(&numbers)
        )
    })
}

/// Returns the sentence on copies of the database, with those next to it, or next to the file that a link leads to.
fn copies(context: &Context, path: &Path) -> anyhow::Result<String> {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut found = BTreeSet::new();
    for file in [path, real.as_path()] {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let of_format = format!("{}.format-", file.file_name().unwrap_or_default().to_string_lossy());
        for entry in fs::read_dir(folder_of(file))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let is_database = name.strip_suffix(".db").is_some();
            let is_copy = name.strip_prefix(&stem).is_some_and(|rest| rest.starts_with('-'));
            let is_unfinished = name.starts_with(".chanlife-");
            if is_database && (is_unfinished || is_copy) || name.starts_with(&of_format) {
                let copy = folder_of(file).join(name);
                found.insert(fs::canonicalize(&copy).unwrap_or(copy));
            }
        }
    }
    let found: Vec<String> = found.iter().map(|copy| shown_path(copy)).collect();
    let examples = if found.is_empty() { String::new() } else { format!(", such as {}", listed(&found)) };
    Ok(format!("Backups and exports from before {} still contain it{examples}", context.today))
}
