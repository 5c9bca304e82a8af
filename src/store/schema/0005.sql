-- chanlife, format 5: reviews of tiers.

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
