-- Every leg that ever spoke for a call, so that what was lost between two of them can be told when the call is settled.
create table media_legs (
  call_id     uuid not null references calls (id),
  media_leg   integer not null,
  attempt     integer not null,
  incarnation text not null,
  claimed_at  timestamptz not null,
  -- The last renewal or release of the leg that the next claim found; null for the leg that speaks, or spoke last.
  ended_at    timestamptz,
  primary key (call_id, media_leg)
);

-- When the owner was last known to be alive: unlike `lease_until`, it does not depend on how long a lease is.
alter table media_owners add column renewed_at timestamptz not null default clock_timestamp();

-- How the talk was, as its workflow knew it when it ended: settlement reads it from here.
alter table calls add column lost_media_ms bigint not null default 0;
alter table calls add column vendor_fault boolean not null default false;

create function keep_media_leg() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if old.media_leg = new.media_leg then
      return new;
    end if;
    update media_legs set ended_at = coalesce(old.released_at, old.renewed_at)
      where call_id = old.call_id and media_leg = old.media_leg;
    new.renewed_at := new.claimed_at;
  end if;
  insert into media_legs (call_id, media_leg, attempt, incarnation, claimed_at)
    values (new.call_id, new.media_leg, new.attempt, new.incarnation, new.claimed_at);
  return new;
end $$;

create trigger media_owners_keep_leg before insert or update on media_owners
  for each row execute function keep_media_leg();
