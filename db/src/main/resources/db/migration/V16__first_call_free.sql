-- The first call of a person is free, without a card: a grant of trial credits, given when that call is booked.

-- One row: how long a free call may be, and how long the credits last if the call comes to nothing.
create table first_call_offer (
  only_row           boolean primary key default true,
  active             boolean not null,
  seconds            integer not null,
  expires_after_days integer not null,
  constraint first_call_offer_once check (only_row),
  constraint first_call_offer_bounds check (seconds between 60 and 900 and expires_after_days between 1 and 365)
);
insert into first_call_offer (active, seconds, expires_after_days) values (true, 300, 30);

-- A person is an account and a telephone number: neither gets a second one. Of the number only a hash is kept here, so
-- that it is still known when the account has been forgotten.
create table first_calls (
  user_id     uuid not null,
  number_hash bytea not null,
  grant_id    uuid not null,
  given_at    timestamptz not null,
  constraint first_calls_once_per_account primary key (user_id),
  constraint first_calls_once_per_number unique (number_hash)
);
create trigger first_calls_append_only before update or delete on first_calls
  for each row execute function ledger_refuse_change();

-- Seconds that a call of this account could have for nothing; null when it is not its first, or there is no offer.
create function first_call_seconds(p_user uuid) returns integer language sql stable as $$
  select o.seconds from first_call_offer o
  where o.active
    and not exists (select from first_calls f where f.user_id = p_user)
    and not exists (select from ledger_grants g where g.user_id = p_user)
$$;

-- Gives the credits for a first call, once per account and number: 'given', 'repeated' for another try of the same person
-- (it has what it was given), or 'none'.
create function first_call_give(p_user uuid, p_number text, p_seconds bigint, p_now timestamptz)
returns text language plpgsql as $$
declare
  v_offer first_call_offer;
  v_grant uuid := md5('grant:trial:' || p_user)::uuid;
begin
  -- Two bookings of one account take turns.
  perform from users where id = p_user for update;
  if exists (select from first_calls where user_id = p_user) then
    return 'repeated';
  end if;
  select * into v_offer from first_call_offer;
  if first_call_seconds(p_user) is null or p_seconds > v_offer.seconds then
    return 'none';
  end if;
  insert into first_calls (user_id, number_hash, grant_id, given_at)
  values (p_user, sha256(convert_to(p_number, 'UTF8')), v_grant, p_now)
  on conflict do nothing;
  if not found then
    return 'none';
  end if;
  perform ledger_grant('trial:' || p_user, p_user, v_offer.seconds, 'trial', 0, 0,
                       p_now + make_interval(days => v_offer.expires_after_days), p_now);
  return 'given';
end $$;

-- Whether a call costs its person nothing: all it holds, or held, are the credits of a first call; before it holds any,
-- whether those would do.
create function call_is_free(p_call uuid) returns boolean language sql stable as $$
  select case when exists (select from ledger_hold_slices where hold_id = c.id)
    then not exists (select from ledger_hold_slices where hold_id = c.id and grant_id is distinct from f.grant_id)
    else c.settled_at is null and exists (
      select from ledger_grants g
      where g.grant_id = f.grant_id and g.available_seconds >= c.planned_seconds and g.expires_at > c.scheduled_for)
    end
  from calls c left join first_calls f on f.user_id = c.user_id
  where c.id = p_call
$$;
