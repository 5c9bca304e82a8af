-- chanlife, format 2: questionnaires.

-- Questionnaires as they were answered. The newest row of a questionnaire and life holds.
create table assessment (
  partner       integer not null references partner (id) on delete cascade,
  seq           integer not null,
  questionnaire text    not null,
  life          integer not null,                  -- how often the partner had come back after leaving
  day           integer not null,
  low           real,                              -- the least that the score can be, 0 to 100
  high          real,                              -- the most; the same where all answers are known
  worst         text    not null,                  -- the verdict if all that is unknown turns out badly
  best          text    not null,                  -- and if it turns out well: fail, review or pass
  overridden    integer,                           -- since when it counts as passed by override
  answers       text    not null,                  -- by question, JSON
  primary key (partner, seq)
) strict, without rowid;

-- Answers that somebody gave to questions and has not recorded yet. No part of what happened.
create table draft (
  actor         text    not null,
  partner       integer not null,
  questionnaire text    not null,
  answers       text    not null,                  -- JSON
  primary key (actor, partner, questionnaire)
) strict, without rowid;

create view assessments as
  select partner.key as partner, assessment.questionnaire,
         date(assessment.day * 86400, 'unixepoch') as day, assessment.low, assessment.high,
         case when assessment.worst = assessment.best then assessment.worst else 'undecided' end as verdict,
         date(assessment.overridden * 86400, 'unixepoch') as overridden, assessment.answers, assessment.life
  from assessment
  join partner on partner.id = assessment.partner;
