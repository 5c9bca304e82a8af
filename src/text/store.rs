//! The words for what is wrong with the file, and for what it refuses to hold.

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::Hint;
use crate::lifecycle::base::text::{counted, listed};
use crate::store::{
    ActionKind, FileFault, ForgottenKeyTaken, FormatStep, NameTaken, NotWiped, OlderFormat, Overdrawn,
    ProgramRefusal, ReversalRefusal,
};
use crate::text::events::action_in_words;

impl Sentence for FileFault {
    fn sentence(&self) -> String {
        match self {
            FileFault::Missing { path } => format!("there is no file `{}`", path.display()),
            FileFault::Empty { path } => {
                format!("`{}` is empty, as if its making had been cut off", path.display())
            }
            FileFault::Unusable { path, why } => format!("`{}` {why}", path.display()),
            FileFault::Foreign { path } => {
                format!("`{}` is not a chanlife file; it was left as it is", path.display())
            }
            FileFault::Newer { path, found, known } => format!(
                "`{}` has format {found}, and this version of chanlife knows formats up to {known}; \
                 it was left as it is",
                path.display()
            ),
            FileFault::NotMigrated { path, from, to } => format!(
                "`{}` has format {from}, and this version of chanlife needs to bring it to format {to}",
                path.display()
            ),
            FileFault::Damaged { why } => format!("the file is damaged: {why}"),
            FileFault::Unconfirmed { what } => {
                format!("{what}, but the disk did not confirm it; it may be lost if the power fails")
            }
            FileFault::Busy { waited } => format!(
                "another process is using the file, after waiting {} s; nothing was recorded",
                waited.as_secs()
            ),
            FileFault::Full => "the disk is full; nothing was recorded".to_owned(),
            FileFault::ReadOnly => "the file or its folder can't be written; nothing was recorded".to_owned(),
            FileFault::Failed { why } => format!("the file can't be used: {why}"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let hint = match self {
            FileFault::Missing { .. } => {
                "`chanlife init` makes a new file; name another with --db or CHANLIFE_DB"
            }
            FileFault::Empty { .. } => "`chanlife init` completes it; name another with --db or CHANLIFE_DB",
            FileFault::Unusable { .. } => "name another file with --db or CHANLIFE_DB",
            FileFault::Foreign { .. } => {
                "name another file with --db or CHANLIFE_DB; if it was one, `chanlife rescue FILE --to NEW` saves \
                 what is left of it"
            }
            FileFault::Newer { .. } => "install the newer version of chanlife",
            FileFault::Damaged { .. } => {
                "`chanlife restore FILE` puts your last good copy in its place, and keeps it; without one, \
                 `chanlife rescue FILE --to NEW` saves what can still be read"
            }
            FileFault::Unconfirmed { .. } => "look whether the disk has errors before you write again",
            FileFault::Busy { .. } => "try again, or wait longer with --wait SECONDS",
            FileFault::Full => "free some space and try again",
            FileFault::ReadOnly => "check the permissions of the file and its folder",
            FileFault::NotMigrated { .. } | FileFault::Failed { .. } => return Vec::new(),
        };
        vec![hint.into()]
    }
}

impl Sentence for FormatStep {
    fn sentence(&self) -> String {
        let kept = match &self.kept {
            Some(kept) => format!("a copy in the old format is kept as `{}`", kept.display()),
            None => "no copy is kept, because a copy would still name the partner".to_owned(),
        };
        let FormatStep { path, from, to, .. } = self;
        format!("note: updating `{}` from format {from} to format {to}; {kept}", path.display())
    }
}

impl Sentence for OlderFormat {
    fn sentence(&self) -> String {
        format!(
            "note: `{}` has format {}; the next change updates it to format {} and keeps a copy",
            self.path.display(),
            self.format,
            self.newest
        )
    }
}

impl Sentence for ReversalRefusal {
    fn sentence(&self) -> String {
        match self {
            ReversalRefusal::NoSuchAction { action } => format!("there is no action {action}"),
            ReversalRefusal::Erased { action } => {
                format!("action {action} erased who a partner is, which nothing can bring back")
            }
            ReversalRefusal::NoProgramLeft => "a file can't be without a program".to_owned(),
            ReversalRefusal::NotUndone { action } => format!("action {action} is not undone"),
            ReversalRefusal::UndoneAlready { action, undo } => {
                format!("action {action} is undone already, by action {undo}")
            }
            ReversalRefusal::IsUndo { action, .. } => format!("action {action} is an undo itself"),
            ReversalRefusal::IsRedo { action, .. } => format!("action {action} is a redo"),
            ReversalRefusal::NothingToUndo { actor } => format!("there is no action of {actor} to undo"),
            ReversalRefusal::NothingToRedo { actor } => format!("nothing that {actor} did last was an undo"),
            ReversalRefusal::BuiltOn { action, by, program } => format!(
                "{} built on action {action}: action {} of {}, {}",
                by.action.actor,
                by.action.id,
                by.action.recorded_on,
                action_in_words(by, program)
            ),
            ReversalRefusal::Refused { kind, why } => format!("{}: {why}", cannot_be(*kind)),
            ReversalRefusal::Contradicted { kind, conflict, .. } => {
                format!("{}: without that, {}", cannot_be(*kind), conflict.sentence())
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let hint = match self {
            ReversalRefusal::NoSuchAction { .. } => "`chanlife log` lists them".to_owned(),
            ReversalRefusal::Erased { .. } => "a backup from before still has it".to_owned(),
            ReversalRefusal::NoProgramLeft => "`chanlife program apply FILE` replaces it".to_owned(),
            ReversalRefusal::UndoneAlready { action, .. } => {
                format!("`chanlife redo {action}` brings it back")
            }
            ReversalRefusal::IsUndo { target, .. } => {
                format!("`chanlife redo {target}` brings back what it undid")
            }
            ReversalRefusal::IsRedo { target, .. } => {
                format!("`chanlife undo {target}` takes back what it brought back")
            }
            ReversalRefusal::NothingToUndo { .. } => {
                "`chanlife log` lists all actions; `chanlife undo NUMBER` takes back an older one".to_owned()
            }
            ReversalRefusal::NothingToRedo { .. } => {
                "`chanlife log` lists all actions; `chanlife redo NUMBER` brings back an older one".to_owned()
            }
            ReversalRefusal::BuiltOn { by, .. } => {
                format!("ask {} to run `chanlife undo {}` first", by.action.actor, by.action.id)
            }
            ReversalRefusal::Contradicted { other: Some(other), .. } => {
                format!("`chanlife undo {other}` first")
            }
            ReversalRefusal::NotUndone { .. }
            | ReversalRefusal::Refused { .. }
            | ReversalRefusal::Contradicted { other: None, .. } => return Vec::new(),
        };
        vec![hint.into()]
    }
}

fn cannot_be(kind: ActionKind) -> String {
    let word = if matches!(kind, ActionKind::Redo(_)) { "redone" } else { "undone" };
    format!("action {} can't be {word}", kind.target().unwrap_or_default())
}

impl Sentence for ProgramRefusal {
    fn sentence(&self) -> String {
        match self {
            ProgramRefusal::Invalid => "the program is not valid".to_owned(),
            ProgramRefusal::StageInUse { stage, partners } => {
                let shown: Vec<&String> = partners.iter().take(5).collect();
                let more = if partners.len() > 5 { " and others" } else { "" };
                format!(
                    "the program has no stage `{stage}`, which still has {}: {}{more}",
                    counted(partners.len(), "partner"),
                    listed(&shown)
                )
            }
            ProgramRefusal::OtherCurrency { recorded, new } => format!(
                "amounts are recorded in {}, so the currency can't become {}",
                recorded.code(),
                new.code()
            ),
            ProgramRefusal::UnfitValue { partner, why, .. } => format!("partner `{partner}`: {why}"),
            ProgramRefusal::RenamedKey { key, now } => {
                format!("the key `{key}` was renamed to `{now}` before")
            }
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            ProgramRefusal::Invalid => vec!["`chanlife program check FILE`".into()],
            ProgramRefusal::StageInUse { stage, .. } => vec![
                format!("if it has another key now, say was = \"{stage}\" in that stage").into(),
                "otherwise move them first: `chanlife back`, `chanlife advance` or `chanlife leave`".into(),
            ],
            ProgramRefusal::OtherCurrency { .. } => vec!["use another file for another currency".into()],
            ProgramRefusal::UnfitValue { partner, field, .. } => {
                vec![format!("`chanlife edit {partner} --set {field}=...` first").into()]
            }
            ProgramRefusal::RenamedKey { .. } => {
                vec!["keys are for ever: choose another one for something new".into()]
            }
        }
    }
}

impl Sentence for Overdrawn {
    fn sentence(&self) -> String {
        let money = |minor: i128| format!("{} {}", self.currency.money(minor), self.currency.code());
        format!(
            "of `{}` {} would be granted for {}, {} more than its budget of {}",
            self.fund,
            money(self.granted),
            self.period,
            money(self.granted - self.budget),
            money(self.budget)
        )
    }

    fn hints(&self) -> Vec<Hint> {
        vec![
            "`chanlife report funds` says who has how much".into(),
            "a larger budget is set in the program: `chanlife program apply FILE`".into(),
        ]
    }
}

impl Sentence for NameTaken {
    fn sentence(&self) -> String {
        let what = if self.is_key { "key" } else { "reference" };
        format!("the {what} `{}` belongs to another partner", self.name)
    }

    fn hints(&self) -> Vec<Hint> {
        vec![format!("`chanlife show {}` shows that partner", shell_words::quote(&self.name)).into()]
    }
}

impl Sentence for ForgottenKeyTaken {
    fn sentence(&self) -> String {
        format!("the key `{}` that it would get is taken by {}", self.key, self.other)
    }
}

impl Sentence for NotWiped {
    fn sentence(&self) -> String {
        format!(
            "{} is forgotten, but free pages of the file may still hold what was erased ({}); \
             `chanlife forget {}` wipes them",
            self.name, self.why, self.key
        )
    }
}
