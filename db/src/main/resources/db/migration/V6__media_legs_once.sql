-- An insert that turns into an update fires both triggers: the leg is written by whichever comes first, once.
create or replace function keep_media_leg() returns trigger language plpgsql as $$
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
    values (new.call_id, new.media_leg, new.attempt, new.incarnation, new.claimed_at)
    on conflict do nothing;
  return new;
end $$;
