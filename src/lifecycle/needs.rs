//! What a milestone still needs that can't be said by hand, and the command that brings it.

use crate::lifecycle::enablement::covered_since;
use crate::lifecycle::facts::{Facts, Scene};
use crate::lifecycle::partner::identity;
use crate::lifecycle::program::Need;

/// What is lacking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Lacking {
    /// What settles the milestone, such as "the questionnaire `vendor-criteria`".
    pub by: String,
    /// How far it is; nothing where there is nothing to say beside its name.
    pub so_far: Option<String>,
    pub command: String,
}

/// What brings what a milestone needs.
pub(crate) fn lacking(scene: Scene, need: &Need) -> Lacking {
    let key = &scene.partner.key;
    match need {
        Need::Questionnaire(questionnaire) => {
            let (so_far, command) = assessing(scene, questionnaire);
            Lacking { by: format!("the questionnaire `{questionnaire}`"), so_far, command }
        }
        Need::Certified { course, people } => {
            let certified = covered_since(scene.partner.certificates.iter(), course, *people, scene.day).0;
            Lacking {
                by: format!("certificates for `{course}`"),
                so_far: Some(format!("{certified} of {people} certified for {course}")),
                command: format!("chanlife certify {key} {course} {}", next_person(scene, course)),
            }
        }
        Need::Agreed(term) => Lacking {
            by: format!("what is agreed of `{term}`"),
            so_far: None,
            command: format!("chanlife agree {key} {term}=VALUE"),
        },
        Need::Delivered(material) => Lacking {
            by: format!("the delivery of `{material}`"),
            so_far: scene.delivered(material).map(|one| format!("it has version {}", one.version)),
            command: format!("chanlife deliver {key} {material}"),
        },
    }
}

fn assessing(scene: Scene, questionnaire: &str) -> (Option<String>, String) {
    let assess = format!("chanlife assess {} {questionnaire}", scene.partner.key);
    match scene.partner.assessment(questionnaire).map(|one| one.verdicts().decided()) {
        None => (None, assess),
        Some(None) => (Some("answers are missing".to_owned()), assess),
        Some(Some(verdict)) => {
            let so_far = format!("{}, so it is for you to decide", verdict.word());
            (Some(so_far), format!("{assess} --override REASON"))
        }
    }
}

/// The first contact without a certificate for a course, as it is typed.
fn next_person(scene: Scene, course: &str) -> String {
    let certified = |person: &str| {
        scene
            .partner
            .certificates
            .iter()
            .any(|one| one.course == course && one.person == person && one.counts_on(scene.day))
    };
    let next = scene.partner.contacts.iter().find(|contact| !certified(identity(contact)));
    next.map_or_else(|| "PERSON".to_owned(), |contact| shell_words::quote(identity(contact)).into_owned())
}
