//! One voice to many: who was told of what and answered, and questions of partners with their answers.

use crate::lifecycle::backing::event::{Answered, Asked, Replied, Told};
use crate::lifecycle::backing::voice::{Question, Telling};
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::text::counted;
use crate::lifecycle::partner::Partner;
use crate::lifecycle::program::Program;
use crate::lifecycle::rules::{Decision, NUMBER, Ruling, refuse_left};
use crate::lifecycle::scene::Scene;

/// An announcement to one partner.
#[derive(Clone, Copy, Debug)]
pub struct TellRequest<'a> {
    pub announcement: &'a str,
    pub subject: &'a str,
    /// The contacts who are told, by e-mail address or name.
    pub to: &'a [String],
    /// The day on which the public is told.
    pub launch: Option<Day>,
}

/// Records that a partner is told.
///
/// # Errors
/// Refused for a partner that has left.
pub fn tell(scene: Scene, request: TellRequest) -> Ruling {
    refuse_left(scene)?;
    let (name, key) = (scene.partner.name(), request.announcement);
    if let Some(known) = scene.partner.tellings.iter().find(|one| one.announcement == key) {
        return Ok(Decision::AlreadySo(format!("{name} was told of {key} on {} already", known.day)));
    }
    let notice_days = request.launch.and_then(|_| notice_days(scene.program, scene.partner, scene.day));
    let told = Told {
        announcement: key.to_owned(),
        subject: request.subject.to_owned(),
        to: request.to.to_vec(),
        launch: request.launch,
        notice_days,
    };
    let telling = Telling::new(0, scene.day, &told);
    let people = match request.to.len() {
        0 => String::new(),
        count => format!(", {}", counted(count, "contact")),
    };
    let launch = match (request.launch, telling.late_days()) {
        (Some(launch), Some(late)) => {
            let before = launch.since(scene.day);
            let agreed = notice_days.unwrap_or_default();
            let verdict = if late > 0 { format!(": {late} days late") } else { String::new() };
            format!(", {before} days before its launch, {agreed} agreed{verdict}")
        }
        (Some(launch), None) => format!(", {} days before its launch", launch.since(scene.day)),
        _ => String::new(),
    };
    Decision::record(told, format!("{name} is told of {key}{people}{launch}"))
}

/// How many days before a launch a partner is to be told: as agreed with it, or as the program says.
pub fn notice_days(program: &Program, partner: &Partner, day: Day) -> Option<i64> {
    let notice = program.launches.as_ref()?;
    let agreed = notice.term.as_ref().and_then(|term| partner.agreed(term, day));
    Some(notice.agreed(agreed.and_then(|one| one.value.as_deref())))
}

/// Records that a partner answered an announcement.
///
/// # Errors
/// Refused where it was not told of it.
pub fn answered(scene: Scene, key: &str, by: Option<&str>, text: Option<&str>) -> Ruling {
    let partner = scene.partner;
    let name = partner.name();
    let Some(telling) = partner.tellings.iter().rev().find(|one| one.announcement == key) else {
        let told: Vec<&str> = partner.tellings.iter().map(|one| one.announcement.as_str()).collect();
        let refusal = Error::refused(format!("{name} was not told of `{key}`"));
        return Err(match told.is_empty() {
            true => refusal,
            false => refusal.hint(format!("it was told of {}", crate::lifecycle::base::text::listed(&told))),
        });
    };
    if let Some(day) = telling.answered {
        return Ok(Decision::AlreadySo(format!("{name} answered {key} on {day} already")));
    }
    let (by, text) = (by.map(str::to_owned), text.map(str::to_owned));
    let after = scene.day.since(telling.day);
    let said = format!("{name} answered {key} after {}", crate::lifecycle::rules::moves::days(after));
    Decision::record(Answered { announcement: key.to_owned(), by, text }, said)
}

/// Records a question of a partner.
///
/// # Errors
/// Refused for a partner that has left.
pub fn ask(scene: Scene, request: Asked) -> Ruling {
    refuse_left(scene)?;
    let name = scene.partner.name();
    let open = |one: &&Question| one.reply.is_none() && one.text == request.text;
    if let Some(known) = scene.partner.questions.iter().find(open) {
        let (number, day) = (known.event, known.day);
        return Ok(Decision::AlreadySo(format!("{name} asked that on {day} already, as question {number}")));
    }
    Decision::record(request, format!("{name} asks question {NUMBER}"))
}

/// Answers a question of a partner.
///
/// # Errors
/// Refused where there is no such question, or it has another answer.
pub fn reply(scene: Scene, number: i64, text: &str) -> Ruling {
    let name = scene.partner.name();
    let Some(question) = scene.partner.questions.iter().find(|one| one.event == number) else {
        return Err(Error::refused(format!("{name} has no question {number}"))
            .hint("`chanlife questions` lists those that are open"));
    };
    if let Some(known) = &question.reply {
        if known.text == text {
            return Ok(Decision::AlreadySo(format!("{name}: question {number} has that answer already")));
        }
        return Err(Error::refused(format!("{name}: question {number} was answered on {}", known.day)).hint(
            format!(
                "if that is wrong: `chanlife undo`, or ask anew: `chanlife ask {} TEXT`",
                scene.partner.key
            ),
        ));
    }
    let after = crate::lifecycle::rules::moves::days(scene.day.since(question.day));
    let said = format!("{name}: question {number} is answered after {after}");
    Decision::record(Replied { question: number, text: text.to_owned() }, said)
}
