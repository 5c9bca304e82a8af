-- chanlife, format 5: reviews of tiers; sales with their price by the list and what they return; how partners were told.

-- The tier of partners was reviewed, and they stayed in it or moved there.
create table tier_review (
  partner integer not null references partner (id) on delete cascade,
  seq     integer not null,
  event   integer not null,
  day     integer not null,
  tier    text    not null,
  primary key (partner, seq)
) strict, without rowid;

create view tier_reviews as
  select partner.key as partner, tier_review.event, date(tier_review.day * 86400, 'unixepoch') as day,
         tier_review.tier
  from tier_review join partner on partner.id = tier_review.partner;

-- The same sales, with their price by the list and the reference of the sale that they return.
drop view revenue;

create view revenue as
  select partner.key as partner, line.value as day,
         sales.lines ->> ('$.amount_minor[' || line.key || ']') as amount_minor,
         sales.lines ->> ('$.period[' || line.key || ']') as period,
         sales.lines ->> ('$.reference[' || line.key || ']') as reference,
         sales.lines ->> ('$.event[' || line.key || ']') as event,
         sales.lines ->> ('$.product[' || line.key || ']') as product,
         sales.lines ->> ('$.quantity[' || line.key || ']') as quantity,
         sales.lines ->> ('$.unit_price[' || line.key || ']') as unit_price,
         sales.lines ->> ('$.customer[' || line.key || ']') as customer,
         sales.lines ->> ('$.ship_to[' || line.key || ']') as ship_to,
         sales.lines ->> ('$.list_amount[' || line.key || ']') as list_amount,
         sales.lines ->> ('$.returns[' || line.key || ']') as returns,
         sales.lines ->> ('$.deal[' || line.key || ']') as deal,
         sales.lines ->> ('$.currency[' || line.key || ']') as currency,
         sales.lines ->> ('$.amount[' || line.key || ']') as amount,
         sales.lines ->> ('$.rate[' || line.key || ']') as rate
  from sales
  join partner on partner.id = sales.partner, json_each(sales.lines, '$.day') as line;

-- How partners were told, if that was said, and who is still to be told.
drop view announcements;
alter table telling add column told_by text;                                -- how, if that was said
alter table telling add column unsent integer not null default 0;           -- 1 while the partner is still to be told

create view announcements as
  select partner.key as partner, telling.announcement, telling.subject,
         date(telling.day * 86400, 'unixepoch') as told, date(telling.launch * 86400, 'unixepoch') as launch,
         telling.notice_days, date(telling.answered * 86400, 'unixepoch') as answered, telling.contacts,
         telling.told_by, telling.unsent
  from telling join partner on partner.id = telling.partner;
