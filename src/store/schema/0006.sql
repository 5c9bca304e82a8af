-- chanlife, format 6: since when milestones and reports are asked of a partner.

-- For an imported partner the day of the import: what is missing from before is unknown, not late.
alter table partner add column asked_from integer not null default 0;
