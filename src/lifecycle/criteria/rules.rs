//! Assessing partners: how its events are taken in, and the rules for answering and for overriding a verdict.

use crate::lifecycle::base::conflict::Misfit;
use crate::lifecycle::base::day::Day;
use crate::lifecycle::base::error::Error;
use crate::lifecycle::base::hint::Step;
use crate::lifecycle::criteria::answer::Answers;
use crate::lifecycle::criteria::assessment::{Assessed, Assessment, Changes, Overridden, VerdictOverride};
use crate::lifecycle::criteria::condition::Holds;
use crate::lifecycle::criteria::judge::{DecisiveQuestions, Judgement};
use crate::lifecycle::criteria::questionnaire::Questionnaire;
use crate::lifecycle::criteria::sheet::AnswerSheet;
use crate::lifecycle::criteria::verdict::{AssessmentOutcome, Verdict, Verdicts};
use crate::lifecycle::due::{AgendaItem, AnswersSoFar, NextStep};
use crate::lifecycle::event::Event;
use crate::lifecycle::facts::{Facts, PartnerFacts};
use crate::lifecycle::forget::{FORGOTTEN, Forgetting};
use crate::lifecycle::happening::{Happening, Moment};
use crate::lifecycle::milestone::needs::Need;
use crate::lifecycle::milestone::section::Milestone;
use crate::lifecycle::partner::state::Partner;
use crate::lifecycle::program::applies::Applies;
use crate::lifecycle::rule::{Decision, Ruling, refuse_left};
use crate::lifecycle::stage::events::LeftAs;

/// Why an assessment does not fit what came before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum CriteriaMisfit {
    /// The partner has left.
    AssessedAfterLeaving { questionnaire: String },
    /// The partner has left.
    OverriddenAfterLeaving,
    /// The verdict of a questionnaire is overridden that was not answered.
    NotAnswered { questionnaire: String },
}

/// Why answers or an override are refused. `partner` is the name, `key` the key of the partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum CriteriaRefusal {
    /// There is no answer to record.
    NoAnswer { partner: String },
    /// The questionnaire is put to other partners.
    DoesNotApply { partner: String, questionnaire: String, scope: Applies },
    /// The question is asked only under these conditions.
    NotAsked { question: String, conditions: Vec<String> },
    /// One of the `meant` questionnaires was not answered.
    NotAssessed { partner: String, key: String, questionnaire: String, meant: usize },
}

/// What of criteria is so already.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum CriteriaAlready {
    /// The same answers are recorded.
    Answered { partner: String, answers: Vec<AnsweredAlready> },
    /// All of the questionnaires are passed.
    Passes { partner: String },
}

/// What the answers to one questionnaire come to; `deciding` names what would settle an open verdict, if anything.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct AnsweredAlready {
    pub key: String,
    pub outcome: AssessmentOutcome,
    pub deciding: Option<DecisiveQuestions>,
}

impl Happening for Assessed {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        if partner.has_left() {
            let questionnaire = self.questionnaire.clone();
            return Err(CriteriaMisfit::AssessedAfterLeaving { questionnaire }.into());
        }
        // An override is of answers: other evidence for them leaves it as it is.
        let earlier = partner.assessment(&self.questionnaire);
        let earlier = earlier.filter(|earlier| earlier.assessed.answers == self.answers);
        partner.assessments.push(Assessment {
            event: at.event,
            day: at.day,
            assessed: self.clone(),
            overridden: earlier.and_then(|earlier| earlier.overridden.clone()),
            life: partner.returns,
        });
        Ok(())
    }

    fn forget(&mut self, forgetting: &mut Forgetting) {
        self.evidence.clear();
        for (question, answer) in &mut self.answers {
            if forgetting.is_free_text(self.version, &self.questionnaire, question) {
                *answer = forgetting.instead("answer", answer);
            }
        }
    }
}

impl Happening for Overridden {
    fn apply(&self, partner: &mut Partner, at: &Moment) -> Result<(), Misfit> {
        if partner.has_left() {
            return Err(CriteriaMisfit::OverriddenAfterLeaving.into());
        }
        let life = partner.returns;
        let mut meant = Vec::new();
        for key in &self.questionnaires {
            let newest = |one: &Assessment| one.life == life && one.assessed.questionnaire == *key;
            match partner.assessments.iter().rposition(newest) {
                Some(at) => meant.push(at),
                None => return Err(CriteriaMisfit::NotAnswered { questionnaire: key.clone() }.into()),
            }
        }
        for place in meant {
            // One that was overridden before stays so since then.
            let reason = self.reason.clone();
            let this = VerdictOverride { event: at.event, day: at.day, reason };
            partner.assessments[place].overridden.get_or_insert(this);
        }
        Ok(())
    }

    fn forget(&mut self, _: &mut Forgetting) {
        FORGOTTEN.clone_into(&mut self.reason);
    }
}

/// What is answered of one questionnaire, and the number of the program event that it is of.
#[derive(Clone, Copy)]
pub(crate) struct AssessRequest<'a> {
    pub questionnaire: &'a Questionnaire,
    pub version: i64,
    pub answers: &'a Changes,
    pub evidence: &'a Changes,
}

/// Refuses a questionnaire that is put to other partners.
fn refuse_foreign(facts: PartnerFacts, questionnaire: &Questionnaire) -> Result<(), Error> {
    if facts.applies(&questionnaire.applies) {
        return Ok(());
    }
    let (scope, partner) = (questionnaire.applies.clone(), facts.partner.key.clone());
    let questionnaire = questionnaire.key.clone();
    Err(Error::refused(CriteriaRefusal::DoesNotApply { partner, questionnaire, scope }))
}

/// Records answers to questionnaires, on top of those that are known.
///
/// # Errors
/// Refused for a partner that has left or is not asked, and if there is no answer at all.
pub(crate) fn assess(facts: PartnerFacts, requests: &[AssessRequest]) -> Ruling {
    refuse_left(facts)?;
    let (mut events, mut already) = (Vec::new(), Vec::new());
    for request in requests {
        let AssessRequest { questionnaire, version, answers, evidence } = *request;
        let key = &questionnaire.key;
        refuse_foreign(facts, questionnaire)?;
        let sheet = AnswerSheet::of(facts.partner, questionnaire).with(questionnaire, answers, evidence);
        let judgement = questionnaire.judge(&sheet.answers);
        let heard: Answers = judgement
            .criteria
            .iter()
            .filter_map(|one| Some((one.question.key.clone(), one.answer.clone()?)))
            .collect();
        let earlier = facts.partner.assessment(key);
        refuse_unheard(&judgement, request, earlier)?;
        if heard.is_empty() && earlier.is_none() {
            continue;
        }
        let is_asked = |key: &String| {
            judgement.criteria.iter().any(|one| one.question.key == *key && one.asked != Holds::No)
        };
        let assessed = Assessed {
            questionnaire: key.clone(),
            version,
            answers: questionnaire.written(&heard),
            evidence: sheet.evidence.into_iter().filter(|(key, _)| is_asked(key)).collect(),
            outcome: judgement.outcome(),
        };
        let same = |known: &Assessed| {
            (&known.answers, &known.evidence, &known.outcome)
                == (&assessed.answers, &assessed.evidence, &assessed.outcome)
        };
        let answered_already =
            earlier.filter(|earlier| same(&earlier.assessed) && !is_due_again(facts, key, earlier.day));
        if answered_already.is_some() {
            already.push(AnsweredAlready {
                key: key.clone(),
                outcome: assessed.outcome.clone(),
                deciding: judgement.deciding(),
            });
            continue;
        }
        events.push(Event::from(assessed));
    }
    let name = facts.partner.name();
    if events.is_empty() && already.is_empty() {
        return Err(Error::refused(CriteriaRefusal::NoAnswer { partner: name.to_owned() }));
    }
    if events.is_empty() {
        return Ok(Decision::already(CriteriaAlready::Answered {
            partner: name.to_owned(),
            answers: already,
        }));
    }
    Ok(Decision::Record(events))
}

/// Refuses answers to questions that are not asked, and evidence for them, which would not be kept.
fn refuse_unheard(
    judgement: &Judgement,
    request: &AssessRequest,
    earlier: Option<&Assessment>,
) -> Result<(), Error> {
    for criterion in &judgement.criteria {
        let key = criterion.question.key.as_str();
        // What was answered before, and is given again, goes with the answer that makes it fall away.
        let known = earlier.is_some_and(|one| one.assessed.answers.get(key) == given_answer(request, key));
        let given = |changes: &Changes| changes.get(key).is_some_and(Option::is_some) && !known;
        if criterion.asked == Holds::No && (given(request.answers) || given(request.evidence)) {
            let conditions: Vec<String> = criterion.question.ask_if.iter().map(ToString::to_string).collect();
            let question = key.to_owned();
            return Err(Error::refused(CriteriaRefusal::NotAsked { question, conditions }));
        }
    }
    Ok(())
}

/// Whether a milestone that recurs waits for this questionnaire in a later period than that of `earlier`.
fn is_due_again(facts: PartnerFacts, questionnaire: &str, earlier: Day) -> bool {
    let calendar = facts.program.calendar;
    let waits = |milestone: &Milestone| {
        let wanted = Need::Questionnaire(questionnaire.to_owned());
        let needed = milestone.needs.as_ref().is_some_and(|need| need.facts().contains(&&wanted));
        milestone.every.is_some_and(|every| {
            needed && calendar.containing(earlier, every) != calendar.containing(facts.day, every)
        })
    };
    facts.program.milestones().any(|(_, milestone)| waits(milestone))
}

/// Lets questionnaires count as passed, whatever they came to.
///
/// # Errors
/// Refused if one was not answered yet, and for a partner that has left.
pub(crate) fn overrule(facts: PartnerFacts, questionnaires: &[&Questionnaire], reason: &str) -> Ruling {
    refuse_left(facts)?;
    let PartnerFacts { partner, .. } = facts;
    let name = partner.name();
    let open: Vec<String> = questionnaires
        .iter()
        .filter(|one| partner.assessment(&one.key).is_none_or(|assessment| !assessment.passed()))
        .map(|one| one.key.clone())
        .collect();
    if let Some(missing) = open.iter().find(|key| partner.assessment(key).is_none()) {
        return Err(Error::refused(CriteriaRefusal::NotAssessed {
            partner: name.to_owned(),
            key: partner.key.clone(),
            questionnaire: missing.clone(),
            meant: questionnaires.len(),
        }));
    }
    if open.is_empty() {
        return Ok(Decision::already(CriteriaAlready::Passes { partner: name.to_owned() }));
    }
    Decision::record(Overridden { questionnaires: open, reason: reason.to_owned() })
}

/// Returns the step for a partner that the criteria say not to take in, while it stands where they are asked.
pub(crate) fn declining_step(facts: PartnerFacts, stage: &str) -> Option<NextStep> {
    let asked_here = facts.program.criteria_stage().is_some_and(|criteria| criteria.key == stage);
    let declined = asked_here && facts.verdict(stage).and_then(Verdicts::decided) == Some(Verdict::Fail);
    let step = Step::Leave { partner: facts.partner.key.clone(), label: LeftAs::Declined.word() };
    let fails = |key: &String| {
        let assessment = facts.partner.assessment(key);
        assessment.is_some_and(|one| one.verdicts().decided() == Some(Verdict::Fail))
    };
    let partner = facts.partner.key.clone();
    let asked = facts.questionnaires_of(stage).into_iter();
    let failed = asked.map(|one| one.key.clone()).find(fails);
    declined.then_some(NextStep { what: AgendaItem::Decline { partner, failed }, step })
}

/// Returns how far the answers to a questionnaire are that is not passed, and the step that brings it on.
pub(crate) fn lacking(facts: PartnerFacts, questionnaire: &str) -> (Option<AnswersSoFar>, Step) {
    let (partner, key) = (facts.partner.key.clone(), questionnaire.to_owned());
    let assess = Step::Assess { partner: partner.clone(), questionnaire: key.clone() };
    match facts.partner.assessment(questionnaire).map(|one| one.verdicts().decided()) {
        None => (None, assess),
        Some(None) => (Some(AnswersSoFar::Missing), assess),
        Some(Some(verdict)) => {
            let so_far = AnswersSoFar::Decided { verdict: verdict.word() };
            (Some(so_far), Step::Overrule { partner, questionnaire: key })
        }
    }
}

fn given_answer<'a>(request: &'a AssessRequest, key: &str) -> Option<&'a String> {
    request.answers.get(key).and_then(Option::as_ref)
}
