//! Stages in the program: `[[stage]]`.

use std::ops::Range;

use crate::lifecycle::base::located::{Section, TomlReader};
use crate::lifecycle::milestone::needs::NeededFacts;
use crate::lifecycle::milestone::section::{Milestone, read_milestone};
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::program::fault::{ProgramFault, VainFault};
use crate::lifecycle::program::sections::{KeysInUse, MOST_DAYS, check_key};

/// The most stages a program may have: more than any channel needs, few enough for any table.
const STAGE_LIMIT: usize = 64;

/// Words that name a row of the pipeline or an exit, and so can't be the key of a stage.
pub(crate) const RESERVED: [&str; 7] =
    ["parked", "left", "declined", "withdrew", "terminated", "none", "ignore"];

#[derive(Clone, Debug)]
pub struct Stage {
    pub key: String,
    pub name: String,
    /// Days after which a stay here is overdue.
    pub target_days: Option<i64>,
    pub success: bool,
    /// The partners that pass it; others go on to the next.
    pub applies: Applies,
    pub milestones: Vec<Milestone>,
    /// The key that it had before, if it was renamed.
    pub(crate) was: Option<String>,
}

/// Keys in use and renamed keys, of stages and of milestones.
#[derive(Default)]
pub(crate) struct ProgramKeys {
    pub(crate) stages: KeysInUse,
    pub(crate) milestones: KeysInUse,
    /// On what milestones depend.
    pub(crate) needs: NeededFacts,
}

impl ProgramKeys {
    /// Reports former keys that are still in use.
    fn check_renames(&self, reader: &mut TomlReader) {
        self.stages.check_renames("stage", reader);
        self.milestones.check_renames("milestone", reader);
    }
}

/// Reads all stages with their milestones, in the order of the program; none for one that is not understood.
pub(crate) fn read_stages(
    root: &mut Section,
    reader: &mut TomlReader,
    keys: &mut ProgramKeys,
) -> Vec<Option<Stage>> {
    let sections = root.tables(reader, "stage");
    let stages = sections.into_iter().map(|section| read_stage(section, reader, keys)).collect();
    keys.check_renames(reader);
    stages
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
    let applies = Applies::read(&mut section, reader);
    if success && !applies.is_everyone() {
        reader.vain(section.span(), VainFault::SuccessForSome { section: section.title().to_owned() });
    }
    let was = section.text(reader, "was");
    keys.stages.add(key.as_ref(), was.as_ref(), "stage", reader);
    let milestones: Vec<Option<Milestone>> = section
        .tables(reader, "milestone")
        .into_iter()
        .map(|section| read_milestone(section, reader, &mut keys.milestones, &mut keys.needs))
        .collect();
    section.finish(reader);
    let key = key?.value;
    Some(Stage {
        name: name.map_or_else(|| key.clone(), |name| name.value),
        key,
        target_days: target_days.map(|days| days.value),
        success,
        applies,
        milestones: milestones.into_iter().collect::<Option<Vec<Milestone>>>()?,
        was: was.map(|was| was.value),
    })
}

/// Reports a program without stages, with too many, and without exactly one of success.
pub(crate) fn check_stages(stages: &[Option<Stage>], start: &Range<usize>, reader: &mut TomlReader) {
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
