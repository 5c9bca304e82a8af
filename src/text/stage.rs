//! The words of stages and moves.

use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Sentence;
use crate::lifecycle::base::hint::{Hint, Step};
use crate::lifecycle::base::text::{counted, listed};
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::stage::{
    Entered, ExitKind, GateState, Left, LeftAs, MissingGate, Parked, StageAlready, StageMisfit, StageRefusal,
    Why,
};
use crate::text::applies::applies_in_words;
use crate::text::events::{Described, ReceiptContext, with};
use crate::text::needs::{settled_by, so_far};
use crate::text::steps::command_line;

impl Sentence for StageAlready {
    fn sentence(&self) -> String {
        match self {
            StageAlready::In { partner, stage } => format!("{partner} is already in {stage}"),
            StageAlready::Parked { partner, until } => already_parked(partner, *until),
            StageAlready::NotParked { partner, stage } => {
                format!("{partner} is not parked; it is in {stage}")
            }
            StageAlready::Left { partner } => format!("{partner} has already left"),
            StageAlready::NotLeft { partner, stage } => format!("{partner} has not left; it is in {stage}"),
        }
    }
}

fn already_parked(partner: &str, until: Option<Day>) -> String {
    let ends = until.map_or_else(String::new, |until| format!(", until {until}"));
    format!("{partner} is already parked{ends}")
}

impl Sentence for StageMisfit {
    fn sentence(&self) -> String {
        match self {
            StageMisfit::InNoStage => "moves a partner that is not in a stage yet".to_owned(),
            StageMisfit::StandsThere { stage } => {
                format!("enters `{stage}`, the current stage")
            }
            StageMisfit::NotParked => "resumes a partner that is not parked".to_owned(),
            StageMisfit::NotLeft => "brings back a partner that has not left".to_owned(),
            StageMisfit::EntersParked { stage } => format!("enters `{stage}` while parked"),
            StageMisfit::EntersAfterLeaving { stage } => format!("enters `{stage}` after leaving"),
            StageMisfit::ParkedTwice => "parks a parked partner".to_owned(),
            StageMisfit::ParkedAfterLeaving => "parks a partner that has left".to_owned(),
            StageMisfit::LeftTwice { label } => format!("{} after leaving", label.word()),
            StageMisfit::AfterLeaving { label } => format!("comes after the partner left ({})", label.word()),
        }
    }
}

impl Described for Entered {
    fn described(&self, program: &Program) -> String {
        let stage = program.stage_name(&self.stage);
        let mut what = match self.why {
            Why::Placed if self.unknown_day => format!("already in {stage}"),
            Why::Placed => format!("placed in {stage}"),
            Why::Advanced => format!("advanced to {stage}"),
            Why::Back => format!("moved back to {stage}"),
            Why::Resumed => format!("resumed in {stage}"),
            Why::Returned => format!("returned to {stage}"),
        };
        if !self.overridden.is_empty() {
            what.push_str(&format!(", overriding {}", listed(&self.overridden)));
        }
        with(what, self.reason.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let (partner, stage) = (about.partner, about.program.stage_name(&self.stage));
        let from = stage_before(about);
        let since = about.before.and_then(Partner::current).map(|stay| stay.entered);
        let after = since.map(|since| counted(about.day.since(since), "day"));
        match self.why {
            Why::Placed => format!("Placed {partner} in {stage}"),
            Why::Advanced => {
                let from = from.map_or_else(String::new, |from| format!(" from {from}"));
                let after = after.map_or_else(String::new, |after| format!(" after {after}"));
                let overriding = match self.overridden.len() {
                    0 => String::new(),
                    gates => format!(", overriding {}", counted(gates, "gate")),
                };
                format!("Advanced {partner}{from} to {stage}{after}{overriding}")
            }
            Why::Back => {
                let from = from.map_or_else(String::new, |from| format!(" from {from}"));
                format!("Moved {partner} back{from} to {stage}")
            }
            Why::Resumed => {
                let after = after.map_or_else(String::new, |after| format!(" after {after} parked"));
                format!("Resumed {partner} in {stage}{after}")
            }
            Why::Returned => format!("{partner} returned to {stage}; its milestones start over"),
        }
    }
}

/// Returns the name of the stage in which the partner stood last.
fn stage_before<'a>(about: &ReceiptContext<'a>) -> Option<&'a str> {
    let stage = about.before?.standing()?.last_stage()?;
    Some(about.program.stage_name(stage))
}

impl Described for Parked {
    fn described(&self, program: &Program) -> String {
        let until = self.until.map_or_else(String::new, |day| format!(" until {day}"));
        with(
            format!("parked{until}"),
            reason_in_words(program, self.why.as_deref(), self.reason.as_deref()).as_deref(),
        )
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let from = stage_before(about).map_or_else(String::new, |from| format!(" from {from}"));
        let until = self.until.map_or_else(String::new, |until| format!(" until {until}"));
        let reason = for_reason(about.program, self.why.as_deref());
        format!("Parked {}{from}{until}{reason}", about.partner)
    }
}

/// Says why a partner left or was parked: the name of the program's reason, own words, or both.
pub(crate) fn reason_in_words(program: &Program, why: Option<&str>, reason: Option<&str>) -> Option<String> {
    let name = why.map(|key| program.reason_name(key));
    match (name, reason) {
        (Some(name), Some(reason)) => Some(format!("{name}; {reason}")),
        (name, reason) => name.or(reason).map(str::to_owned),
    }
}

/// Returns the name of the program's reason in brackets, with a blank before it.
fn for_reason(program: &Program, why: Option<&str>) -> String {
    why.map_or_else(String::new, |key| format!(" ({})", program.reason_name(key)))
}

/// Says that a partner was declined although it signed an agreement.
pub(crate) fn declined_though_signed(partner: &Partner, milestone: &str) -> String {
    format!(
        "note: {} left as declined although `{milestone}` is done, so no off-boarding is asked for; if it was a partner, \
         `chanlife leave {} --as withdrew` or `--as terminated` says how to correct it",
        partner.name(),
        partner.key
    )
}

/// Says that a partner was declined although it came beyond the stage in which an agreement is signed.
pub(crate) fn declined_past_agreement(partner: &Partner, milestone: &str) -> String {
    format!(
        "note: {} left as declined although it was past the stage of `{milestone}`, so no off-boarding is asked for; if it \
         was a partner, `chanlife leave {} --as withdrew` or `--as terminated` says how to correct it",
        partner.name(),
        partner.key
    )
}

/// Says how a partner went out of the way: `left (declined)` or `was parked`.
fn exit_in_words(exit: ExitKind) -> String {
    match exit {
        ExitKind::Parked => "was parked".to_owned(),
        ExitKind::Left(label) => format!("left ({})", label.word()),
    }
}

impl Described for Left {
    fn described(&self, program: &Program) -> String {
        let reason = reason_in_words(program, self.why.as_deref(), self.reason.as_deref());
        with(format!("left, {}", self.label.word()), reason.as_deref())
    }

    fn receipt(&self, about: &ReceiptContext) -> String {
        let from = stage_before(about).map_or_else(String::new, |from| format!(" from {from}"));
        let reason = for_reason(about.program, self.why.as_deref());
        format!("{} left{from}: {}{reason}", about.partner, self.label.word())
    }
}

impl Sentence for StageRefusal {
    fn sentence(&self) -> String {
        match self {
            StageRefusal::LastStage { partner, stage, .. } => {
                format!("{partner} is in {stage}, the last stage")
            }
            StageRefusal::FirstStage { partner, stage } => {
                format!("{partner} is in {stage}, the first stage")
            }
            StageRefusal::LiesBefore { to, now, .. } => format!("{} comes before {now}", to.name),
            StageRefusal::ComesAfter { to, now, .. } => format!("{} comes after {now}", to.name),
            StageRefusal::DoesNotApply { key, stage, scope, .. } => {
                let name = &stage.name;
                format!("{name} does not apply to `{key}`: it is for {}", applies_in_words(scope))
            }
            StageRefusal::WouldSkip { stages, .. } => format!("this would skip {}", listed(stages)),
            StageRefusal::GatesMissing { partner, stage, on, gates } => {
                let is_open = |one: &MissingGate| matches!(one.state, GateState::Open { .. });
                let when = if gates.iter().all(is_open) { "yet".to_owned() } else { format!("on {on}") };
                let count = if gates.len() == 1 { "unmet gate" } else { "unmet gates" };
                let keys: Vec<&str> = gates.iter().map(|one| one.gate.as_str()).collect();
                format!("{partner} cannot leave {stage} {when}; {count}: {}", listed(&keys))
            }
            StageRefusal::EndsBeforeItBegins { until, from } => {
                format!("--until {until} is not after {from}, the day on which parking begins")
            }
            StageRefusal::ParkedAlready { partner, known, .. } => already_parked(partner, *known),
            StageRefusal::ParkedFromUnknown { partner, .. } => {
                format!("the stage that {partner} was parked from is unknown")
            }
            StageRefusal::ComesAfterParked { partner, from, to, .. } => {
                format!("{partner} was parked from {from}, and {} comes after it", to.name)
            }
            StageRefusal::Parked { partner, since, .. } => format!("{partner} has been parked since {since}"),
            StageRefusal::Left { partner, since, label, .. } => {
                format!("{partner} left on {since} ({})", label.word())
            }
            StageRefusal::OtherExit { partner, since, known: (exit, why), .. } => {
                let why = why.as_ref().map_or_else(String::new, |key| format!(" for `{key}`"));
                format!("{partner} {} on {since}{why}", exit_in_words(*exit))
            }
            StageRefusal::ReasonForOthers { key, exits, exit, .. } => {
                let exits: Vec<&str> = exits.iter().map(|exit| exit.word()).collect();
                format!("the reason `{key}` is for {} only, not for {}", listed(&exits), exit.word())
            }
            StageRefusal::InStage { partner, stage } => format!("{partner} is in {stage}"),
            StageRefusal::NowhereYet { partner, .. } => format!("{partner} is not in a stage yet"),
        }
    }

    fn hints(&self) -> Vec<Hint> {
        match self {
            StageRefusal::LastStage { key, .. } => {
                vec![Hint::step(Step::Show { partner: key.clone() }, "shows what is due")]
            }
            StageRefusal::LiesBefore { key, to, .. } => {
                let back = Step::Back { partner: key.clone(), to: to.key.clone() };
                vec![Hint::step(back, "moves a partner back")]
            }
            StageRefusal::ComesAfter { key, to, .. } => {
                vec![Hint::step(advance(key, Some(&to.key)), "moves a partner forward")]
            }
            StageRefusal::DoesNotApply { next, .. } => {
                let next = next.as_ref().map(|next| format!("the next stage for it is {}", next.name).into());
                let edit = "if its type, tier or region is wrong: `chanlife edit`".into();
                next.into_iter().chain([edit]).collect()
            }
            StageRefusal::WouldSkip { key, .. } => vec![
                Hint::step(advance(key, None), "advances by one stage"),
                "add --override REASON to skip stages; the reason is recorded".into(),
            ],
            StageRefusal::GatesMissing { on, gates, .. } => {
                let gates = gates.iter().map(|one| gate_hint(one, *on));
                let passing = "add --override REASON to advance anyway; the reason is recorded".into();
                gates.chain([passing]).collect()
            }
            StageRefusal::EndsBeforeItBegins { .. } => vec!["choose a later day for --until".into()],
            StageRefusal::ParkedAlready { key, until, .. } => {
                let resume = command_line(&Step::Resume { partner: key.clone() });
                let park = command_line(&Step::Park { partner: key.clone(), until: *until });
                vec![format!("`{resume}`, then `{park}`").into()]
            }
            StageRefusal::ParkedFromUnknown { stages, .. } => {
                vec![format!("add --to with one of {}", listed(stages)).into()]
            }
            StageRefusal::ComesAfterParked { key, to, .. } => {
                let resume = command_line(&Step::Resume { partner: key.clone() });
                let advance = command_line(&advance(key, Some(&to.key)));
                vec![format!("`{resume}`, then `{advance}`").into()]
            }
            StageRefusal::Parked { key, .. } => {
                vec![Hint::step(Step::Resume { partner: key.clone() }, "resumes it")]
            }
            StageRefusal::Left { key, .. } => {
                vec![Hint::step(Step::Return { partner: key.clone() }, "brings it back")]
            }
            StageRefusal::NowhereYet { key, first, .. } => {
                vec![Hint::step(advance(key, Some(first)), "places it in its first stage")]
            }
            StageRefusal::OtherExit { .. } | StageRefusal::ReasonForOthers { .. } => exit_hints(self),
            StageRefusal::FirstStage { .. } | StageRefusal::InStage { .. } => Vec::new(),
        }
    }
}

/// Says what to do about an exit that is recorded otherwise, or for which the reason is not.
fn exit_hints(refusal: &StageRefusal) -> Vec<Hint> {
    match refusal {
        StageRefusal::OtherExit { event, right: (label, why), .. } => {
            let label = label.map(LeftAs::word);
            let correct = Step::CorrectExit { event: *event, label, why: why.clone() };
            vec![Hint::if_so("if that is wrong:", correct)]
        }
        StageRefusal::ReasonForOthers { exit, fitting, .. } if fitting.is_empty() => {
            vec![format!("the program has no reason for {}; give --reason TEXT", exit.word()).into()]
        }
        StageRefusal::ReasonForOthers { fitting, .. } => {
            vec![format!("use one of {}", listed(fitting)).into()]
        }
        _ => Vec::new(),
    }
}

fn advance(partner: &str, to: Option<&String>) -> Step {
    Step::Advance { partner: partner.to_owned(), to: to.cloned() }
}

/// Says what would settle a gate that is missing on a day.
fn gate_hint(missing: &MissingGate, on: Day) -> Hint {
    let gate = &missing.gate;
    match &missing.state {
        GateState::Open { lacking: None, step } => Hint::if_so("once it is done:", step.clone()),
        GateState::Open { lacking: Some(lacking), step } => match so_far(lacking) {
            None => Hint::if_so(format!("for `{gate}`:"), step.clone()),
            Some(so_far) => {
                Hint::if_so(format!("`{gate}` needs {}: {so_far}:", settled_by(lacking)), step.clone())
            }
        },
        GateState::Settled { since } => format!("`{gate}` has been done since {since}").into(),
        GateState::Recorded { on: recorded, event } => Hint::if_so(
            format!("`{gate}` was recorded for {recorded}; if that is wrong:"),
            Step::Correct { event: *event, amount: None, currency: None, on: Some(on) },
        ),
    }
}
