-- chanlife, format 7: periods keep their days, and what a channel manager does every day has its place.

-- A task of no plan is a follow-up or to improve; how its due day was moved is a JSON list of day, from, to and reason.
alter table task add column follow_up integer not null default 0;
alter table task add column moves     text    not null default '[]';
alter table task add column dropped   integer;

drop view tasks;
create view tasks as
  select partner.key as partner, task.event, task.what, task.owner, date(task.due * 86400, 'unixepoch') as due,
         task.plan, task.follow_up, json_array_length(task.moves) as moves,
         date(task.done * 86400, 'unixepoch') as done, date(task.dropped * 86400, 'unixepoch') as dropped
  from task join partner on partner.id = task.partner;

-- Due days of milestones that were moved for a partner.
create table due_move (
  partner   integer not null references partner (id) on delete cascade,
  seq       integer not null,
  milestone text    not null,
  stage     text,                                  -- none for an item of the list for partners that leave
  begins    integer,                               -- first day of the period of a recurring one
  life      integer not null,
  entered   integer not null,                      -- first day of the visit to the stage
  day       integer not null,
  due_from  integer,
  due_to    integer not null,
  reason    text,
  primary key (partner, seq)
) strict, without rowid;

create view due_moves as
  select partner.key as partner, due_move.stage, due_move.milestone, date(due_move.day * 86400, 'unixepoch') as day,
         date(due_move.due_from * 86400, 'unixepoch') as due_from, date(due_move.due_to * 86400, 'unixepoch') as due_to,
         due_move.reason, due_move.life
  from due_move join partner on partner.id = due_move.partner;
