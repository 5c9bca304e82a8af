//! Drafts: answers given to questions that are not recorded yet. They survive whatever ends the asking.

use rusqlite::{OptionalExtension, params};

use crate::lifecycle::event::PartnerId;
use crate::store::engine::file::{Reader, Writer};
use crate::store::error::Result;

/// Answers of a questionnaire that somebody gave and did not record.
#[derive(Clone, Debug)]
pub struct SavedDraft {
    pub actor: String,
    pub partner: PartnerId,
    pub questionnaire: String,
    /// JSON.
    pub answers: String,
}

impl Reader<'_> {
    /// Returns all drafts, by actor, partner and questionnaire.
    pub fn all_drafts(&self) -> Result<Vec<SavedDraft>> {
        let sql = "select actor, partner, questionnaire, answers from draft order by 1, 2, 3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let drafts = statement.query_map([], |row| {
            let (actor, partner) = (row.get(0)?, row.get(1)?);
            Ok(SavedDraft { actor, partner, questionnaire: row.get(2)?, answers: row.get(3)? })
        })?;
        Ok(drafts.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns what `actor` answered of a questionnaire without recording it, JSON.
    pub fn draft(&self, actor: &str, partner: PartnerId, questionnaire: &str) -> Result<Option<String>> {
        let sql = "select answers from draft where actor = ?1 and partner = ?2 and questionnaire = ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![actor, partner, questionnaire], |row| row.get(0)).optional()?)
    }
}

impl Reader<'_> {
    /// Returns the questionnaires of which `actor` answered something for a partner without recording it.
    pub fn drafts(&self, actor: &str, partner: PartnerId) -> Result<Vec<String>> {
        let sql = "select questionnaire from draft where actor = ?1 and partner = ?2 order by questionnaire";
        let mut statement = self.connection.prepare_cached(sql)?;
        let keys = statement.query_map(params![actor, partner], |row| row.get(0))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer<'_> {
    /// Keeps a draft in place of an earlier one.
    pub fn keep_draft(
        &self,
        actor: &str,
        partner: PartnerId,
        questionnaire: &str,
        answers: &str,
    ) -> Result<()> {
        let sql = "insert into draft (actor, partner, questionnaire, answers) values (?1, ?2, ?3, ?4)
                   on conflict do update set answers = excluded.answers";
        self.reader.connection.prepare_cached(sql)?.execute(params![
            actor,
            partner,
            questionnaire,
            answers
        ])?;
        Ok(())
    }

    /// Drops a draft, if there is one.
    pub fn drop_draft(&self, actor: &str, partner: PartnerId, questionnaire: &str) -> Result<()> {
        let sql = "delete from draft where actor = ?1 and partner = ?2 and questionnaire = ?3";
        self.reader.connection.prepare_cached(sql)?.execute(params![actor, partner, questionnaire])?;
        Ok(())
    }
}
