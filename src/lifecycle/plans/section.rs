//! `[planning]` of the program: the questionnaire of business reviews.

use crate::lifecycle::base::located::{Section, TomlReader};

/// `[planning]` names a questionnaire that the program does not have; `questionnaires` are those that it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NoReviewQuestionnaire {
    pub key: String,
    pub questionnaires: Vec<String>,
}

/// Reads `[planning]`: the questionnaire of business reviews.
pub(crate) fn read_planning(
    mut section: Section,
    reader: &mut TomlReader,
    questionnaires: &[&str],
) -> Option<String> {
    let key = section.required_text(reader, "review");
    if let Some(key) = key.as_ref().filter(|key| !questionnaires.contains(&key.value.as_str())) {
        let questionnaires = questionnaires.iter().map(|one| (*one).to_owned()).collect();
        reader.fault(&key.span, NoReviewQuestionnaire { key: key.value.clone(), questionnaires });
    }
    section.finish(reader);
    key.map(|key| key.value)
}
