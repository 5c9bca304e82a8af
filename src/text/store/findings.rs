//! The words for damage, for the findings of a check, and for what a rescue could not recover.

use shell_words::quote;

use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::event::Undecodable;
use crate::store::{BadSales, Coded, Content, Damage, Finding, LeftJournal, Loss};

impl Sentence for Damage {
    fn sentence(&self) -> String {
        match self {
            Damage::NoProgram => "it has no program".to_owned(),
            Damage::Program { problem } => format!("its program cannot be read: {problem}"),
            Damage::Unreadable { content, why } => format!("{} cannot be read: {why}", unreadable(*content)),
            Damage::Sales(BadSales::NoEvent) => "a row of revenue has no event".to_owned(),
            Damage::Sales(BadSales::NotASale) => "a row of revenue has an event of another kind".to_owned(),
            Damage::Sales(BadSales::Empty) => "a row of revenue is empty".to_owned(),
            Damage::UnknownCode { of, code } => format!("unknown {} `{code}`", coded(*of)),
            Damage::NotADay { number } => format!("{number} is not the number of a day"),
            Damage::NotJson { event, why } => format!("event {event} is not JSON: {why}"),
            Damage::Books { event, why } => format!("event {event} {why}"),
            Damage::Undecodable(Undecodable { kind, why: None }) => {
                format!("this version does not know events of kind `{kind}`")
            }
            Damage::Undecodable(Undecodable { kind, why: Some(why) }) => {
                format!("an event of kind `{kind}` cannot be read: {why}")
            }
            Damage::Found(finding) => format!("{}: {}", finding.part(), finding.sentence()),
            Damage::Sqlite(why) => why.clone(),
        }
    }
}

fn unreadable(content: Content) -> &'static str {
    match content {
        Content::ProfileFields => "the fields of a profile",
        Content::AssessmentAnswers => "the answers of an assessment",
        Content::Contacts => "the contacts of an announcement",
        Content::PlanGoals => "the targets of a plan beside revenue",
        Content::TaskHands => "to whom something was given",
        Content::DueMoves => "the days to which something was moved",
        Content::Sales => "a row of revenue",
        Content::Draft => "saved answers",
    }
}

fn coded(of: Coded) -> &'static str {
    match of {
        Coded::Verdict => "verdict of an assessment",
        Coded::Standing => "standing of a visit",
        Coded::ActionKind => "kind of action",
        Coded::WatchStep => "step of the watch list",
    }
}

impl Sentence for Finding {
    fn sentence(&self) -> String {
        match self {
            Finding::Integrity { line } => line.clone(),
            Finding::DanglingRow { table, parent } => {
                format!("a row of {table} refers to a {parent} that does not exist")
            }
            Finding::ActionMissing { action } => format!("action {action} is missing"),
            Finding::ActionOutOfOrder { action } => {
                format!("action {action} was recorded earlier than action {}", action - 1)
            }
            Finding::EventsBefore { number } => format!("events before event {number} belong to no action"),
            Finding::ActionChanged { action } => {
                format!("action {action} or its events were changed outside chanlife")
            }
            Finding::EventsWithoutAction { count } => {
                format!("{} {} to no action", events(*count), if *count == 1 { "belongs" } else { "belong" })
            }
            Finding::UndoneDiffers => "the list of undone actions differs from the log".to_owned(),
            Finding::EventMissing { event, action } => format!("event {event} of action {action} is missing"),
            Finding::EventTooLate { event } => {
                format!("event {event} is dated later than the day on which it was recorded")
            }
            Finding::ProgramInvalid { event, problem } => format!("event {event}: {problem}"),
            Finding::EventUnreadable { event, why } => format!("event {event}: {why}"),
            Finding::NoProgram => "missing".to_owned(),
            Finding::Contradiction(conflict) => format!("contradiction: {}", conflict.sentence()),
            Finding::RowsDiffer { table, rows } => {
                let rows = counted(usize::try_from(*rows).unwrap_or(0), "row");
                format!("{rows} of {table} differ from the recorded events")
            }
            Finding::ParentCircle { keys } => {
                let first = keys.first().map_or("", String::as_str);
                let above: Vec<String> =
                    keys.iter().map(String::as_str).chain([first]).map(|key| format!("`{key}`")).collect();
                format!(
                    "parents go in a circle: {}; `chanlife edit {first} --unset parent` ends it",
                    above.join(" under ")
                )
            }
            Finding::OpenToOthers { file, mode } => format!(
                "other users of this machine can use the file (mode {mode:o}); `chmod 600 {}` restricts it to you",
                quote(&file.display().to_string())
            ),
            Finding::DiskCrowded { free_mib, size_mib } => format!(
                "the disk has {free_mib} MiB free, less than the file takes ({size_mib} MiB); a backup or a large \
                 import may fail"
            ),
        }
    }
}

impl Sentence for LeftJournal {
    fn sentence(&self) -> String {
        format!(
            "note: a process stopped while it was writing and left a journal of {} bytes; its unfinished change is \
             rolled back",
            self.bytes
        )
    }
}

impl Sentence for Loss {
    fn sentence(&self) -> String {
        match self {
            Loss::Program => "no program could be read; the built-in program is in force".to_owned(),
            Loss::LeftOut { conflict, kind, body } => {
                format!("left out, because {}: {kind} {body}", conflict.sentence())
            }
            Loss::Events { action, lost, events: all } => {
                let whose = action.as_ref().map_or_else(
                    || "actor, date and command could not be read, and an undo no longer counts".to_owned(),
                    |(said, on)| format!("{said} of {on}"),
                );
                match (*lost, *all) {
                    (0, 0) => whose,
                    (0, _) => format!("{whose}: all events were read, but cannot be verified"),
                    (lost, all) if lost == all => {
                        format!("{whose}: none of {} could be read", events(all))
                    }
                    (lost, all) => format!(
                        "{whose}: {lost} of {} could not be read; the others cannot be verified",
                        events(all)
                    ),
                }
            }
        }
    }
}

fn events(count: i64) -> String {
    counted(usize::try_from(count).unwrap_or(0), "event")
}
