-- Prices as vendors state them now. A small change goes into the price book by itself; a change of a fifth or more keeps the
-- old price until finance has accepted or refused it. A vendor without an API for prices has its page watched.

alter table price_book add column noted_by uuid references users (id);

-- A character of a voice costs credits by its model; a credit costs dollars by the plan.
insert into price_book (vendor, operation, model, unit, unit_price, valid_from, source, note)
select 'elevenlabs', operation, model, unit, unit_price, '2024-01-01T00:00:00Z', 'manual', note
from (values
  ('credit', '', 'credit', 0.0003, 'as $0.00015 a character of the models that take half a credit'),
  ('speech', 'eleven_flash_v2_5', 'character', 0.00015, 'half a credit'),
  ('speech', 'eleven_flash_v2', 'character', 0.00015, 'half a credit'),
  ('speech', 'eleven_turbo_v2_5', 'character', 0.00015, 'half a credit'),
  ('speech', 'eleven_turbo_v2', 'character', 0.00015, 'half a credit'),
  ('speech', 'eleven_multilingual_v2', 'character', 0.0003, 'a credit'),
  ('speech', 'eleven_v3', 'character', 0.0003, 'a credit')
) as seed (operation, model, unit, unit_price, note);

-- What finance is told by e-mail; once per key and person, kept before it is sent.
create table finance_notices (
  notice_key text not null,
  user_id    uuid not null references users (id),
  subject    text not null,
  body       text not null,
  noticed_at timestamptz not null,
  send_at    timestamptz,
  attempts   integer not null default 0,
  outcome    text,
  constraint finance_notices_once primary key (notice_key, user_id),
  constraint finance_notices_owed check ((send_at is null) = (outcome is not null))
);
create index finance_notices_to_send on finance_notices (send_at) where send_at is not null;

-- To everybody of finance; to the operators where nobody is.
create function finance_notify(p_key text, p_subject text, p_body text, p_now timestamptz) returns void language sql as $$
  insert into finance_notices (notice_key, user_id, subject, body, noticed_at, send_at)
  select p_key, id, p_subject, p_body, p_now, p_now from users
  where status = 'active' and role = case
    when exists (select from users where role = 'finance' and status = 'active') then 'finance' else 'operator' end
  on conflict do nothing
$$;

-- Closed without a person: what it was about has settled itself.
alter table money_cases
  drop constraint money_cases_state,
  add constraint money_cases_state check (
    state = 'open' and num_nonnulls(closed_at, resolution, closed_by) = 0
    or state = 'closed' and num_nonnulls(closed_at, resolution) = 2);

create table price_changes (
  id            bigint generated always as identity primary key,
  vendor        text not null,
  operation     text not null,
  model         text not null,
  unit          text not null,
  old_price     numeric(24, 12),
  new_price     numeric(24, 12) not null,
  note          text not null,
  read_at       timestamptz not null,
  -- withdrawn: the vendor states another price since, or finance has set one.
  state         text not null default 'pending',
  decided_at    timestamptz,
  decided_by    uuid references users (id),
  decision_note text,
  constraint price_changes_not_negative check (new_price >= 0),
  constraint price_changes_state check (
    state = 'pending' and num_nonnulls(decided_at, decided_by, decision_note) = 0
    or state in ('accepted', 'refused') and num_nonnulls(decided_at, decided_by, decision_note) = 3
    or state = 'withdrawn' and decided_at is not null)
);
create unique index price_changes_one_pending on price_changes (vendor, operation, model) where state = 'pending';

create table price_pages (
  vendor      text primary key,
  url         text not null,
  fingerprint text not null,
  read_at     timestamptz not null,
  changed_at  timestamptz not null
);

create table price_refreshes (
  id              uuid primary key,
  idempotency_key text,
  started_by      text not null,
  progress        jsonb not null default '{}',
  created_at      timestamptz not null,
  finished_at     timestamptz,
  -- When somebody next makes sure that it has its workflow; null when it is over, or was started by Temporal.
  start_due_at    timestamptz,
  constraint price_refreshes_once unique (idempotency_key)
);
create index price_refreshes_to_start on price_refreshes (start_due_at) where start_due_at is not null;

create function price_lock(p_vendor text, p_operation text, p_model text) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended('price:' || p_vendor || ' ' || p_operation || ' ' || p_model, 0))
$$;

create function price_change_withdraw(p_vendor text, p_operation text, p_model text, p_words text, p_now timestamptz)
returns void language sql as $$
  with gone as (
    update price_changes set state = 'withdrawn', decided_at = p_now, decision_note = p_words
    where vendor = p_vendor and operation = p_operation and model = p_model and state = 'pending' returning id)
  update money_cases c set state = 'closed', closed_at = p_now, resolution = p_words from gone
  where c.kind = 'price_change_held' and c.subject = 'price change ' || gone.id and c.state = 'open'
$$;

-- A price as a vendor's API states it. unchanged; confirmed (it was inferred before); new (there was none); changed; held
-- (a fifth or more away, now or since an earlier reading); refused (finance has refused this very change).
create function price_read(p_vendor text, p_operation text, p_model text, p_unit text, p_price numeric, p_note text,
                           p_now timestamptz)
returns text language plpgsql as $$
declare
  v_old price_periods;
  v_last price_changes;
  v_outcome text;
  v_id bigint;
  v_words text;
begin
  perform price_lock(p_vendor, p_operation, p_model);
  select * into v_old from price_periods b
  where b.vendor = p_vendor and b.operation = p_operation and b.model in (p_model, '') and b.unit_price is not null
    and b.valid_from <= p_now and (b.valid_until is null or b.valid_until > p_now)
  order by b.model desc limit 1;
  select * into v_last from price_changes
  where vendor = p_vendor and operation = p_operation and model = p_model order by id desc limit 1;
  v_outcome := case
    when v_old.unit = p_unit and v_old.unit_price = p_price
      then case v_old.source when 'inferred' then 'confirmed' else 'unchanged' end
    when v_old.unit is null and p_price > 0 then 'new'
    when v_old.unit = p_unit and v_old.unit_price > 0 and abs(p_price - v_old.unit_price) < v_old.unit_price / 5
      then 'changed'
    when v_last.new_price = p_price and v_last.unit = p_unit
         and (v_last.state = 'pending' or v_last.state = 'refused' and v_last.old_price is not distinct from v_old.unit_price)
      then case v_last.state when 'refused' then 'refused' else 'waiting' end
    else 'held' end;
  if v_outcome = 'waiting' then
    return 'held';
  elsif v_outcome = 'refused' then
    return v_outcome;
  end if;
  perform price_change_withdraw(p_vendor, p_operation, p_model, 'The vendor states another price since.', p_now);
  if v_outcome in ('confirmed', 'new', 'changed') then
    insert into price_book (vendor, operation, model, unit, unit_price, valid_from, source, note, noted_at)
    values (p_vendor, p_operation, p_model, p_unit, p_price, p_now, 'api', p_note, p_now);
  elsif v_outcome = 'held' then
    insert into price_changes (vendor, operation, model, unit, old_price, new_price, note, read_at)
    values (p_vendor, p_operation, p_model, p_unit, v_old.unit_price, p_price, p_note, p_now) returning id into v_id;
    v_words := concat_ws(' ', p_vendor, p_operation, nullif(p_model, ''), 'a ' || p_unit) || ': $'
               || coalesce(trim_scale(v_old.unit_price)::text, '?') || ' in the price book, $' || trim_scale(p_price)
               || ' as the vendor states it now';
    insert into money_cases (kind, subject, detail, opened_at)
    values ('price_change_held', 'price change ' || v_id, v_words, p_now);
    perform finance_notify('price-change/' || v_id, 'A price waits for your decision',
      v_words || E'.\n\nThe old price stays until you accept or refuse the new one, under Money, Prices.', p_now);
  end if;
  return v_outcome;
end $$;

-- accepted, refused; repeated; conflict (it was decided otherwise, or withdrawn); unknown_change.
create function price_decide(p_id bigint, p_by uuid, p_verdict text, p_note text, p_now timestamptz)
returns text language plpgsql as $$
declare
  v_change price_changes;
begin
  select * into v_change from price_changes where id = p_id;
  if not found then
    return 'unknown_change';
  end if;
  perform price_lock(v_change.vendor, v_change.operation, v_change.model);
  select * into v_change from price_changes where id = p_id;
  if v_change.state <> 'pending' then
    return case when v_change.state = p_verdict and v_change.decision_note = p_note then 'repeated' else 'conflict' end;
  end if;
  update price_changes set state = p_verdict, decided_at = p_now, decided_by = p_by, decision_note = p_note where id = p_id;
  if p_verdict = 'accepted' then
    insert into price_book (vendor, operation, model, unit, unit_price, valid_from, source, note, noted_at, noted_by)
    values (v_change.vendor, v_change.operation, v_change.model, v_change.unit, v_change.new_price, p_now, 'api',
            v_change.note || '; accepted: ' || p_note, p_now, p_by);
  end if;
  update money_cases set state = 'closed', closed_at = p_now, closed_by = p_by, resolution = p_verdict || ': ' || p_note
  where kind = 'price_change_held' and subject = 'price change ' || p_id and state = 'open';
  return p_verdict;
end $$;

-- Finance enters a price that no API states; from now on. The same again is the same.
create function price_enter(p_vendor text, p_operation text, p_model text, p_unit text, p_price numeric, p_note text,
                            p_by uuid, p_now timestamptz)
returns text language plpgsql as $$
begin
  perform price_lock(p_vendor, p_operation, p_model);
  if exists (select from price_periods
             where vendor = p_vendor and operation = p_operation and model = p_model and unit = p_unit
               and unit_price = p_price and source = 'manual' and note = p_note and valid_until is null) then
    return 'repeated';
  end if;
  insert into price_book (vendor, operation, model, unit, unit_price, valid_from, source, note, noted_at, noted_by)
  values (p_vendor, p_operation, p_model, p_unit, p_price, p_now, 'manual', p_note, p_now, p_by);
  perform price_change_withdraw(p_vendor, p_operation, p_model, 'Finance has entered a price.', p_now);
  return 'entered';
end $$;

-- unchanged, also when it is read for the first time; page_changed, with a case and an e-mail.
create function price_page_read(p_vendor text, p_url text, p_fingerprint text, p_now timestamptz)
returns text language plpgsql as $$
declare
  v_known price_pages;
begin
  perform price_lock(p_vendor, 'page', '');
  select * into v_known from price_pages where vendor = p_vendor;
  insert into price_pages values (p_vendor, p_url, p_fingerprint, p_now, p_now)
  on conflict (vendor) do update set url = p_url, fingerprint = p_fingerprint, read_at = p_now, changed_at =
    case when price_pages.fingerprint = p_fingerprint then price_pages.changed_at else p_now end;
  if v_known.url is distinct from p_url or v_known.fingerprint = p_fingerprint then
    return 'unchanged';
  end if;
  if reconcile_case('price_page_changed', p_vendor || ' ' || to_char(p_now at time zone 'UTC', 'YYYY-MM-DD') || ' '
                    || left(p_fingerprint, 12), 'The amounts on ' || p_url || ' are others than on '
                    || to_char(v_known.read_at at time zone 'UTC', 'YYYY-MM-DD') || '; enter the prices that changed', p_now) then
    perform finance_notify('price-page/' || p_vendor || '/' || left(p_fingerprint, 12), 'A vendor''s price page has changed',
      'The amounts on the price page of ' || p_vendor || ' have changed: ' || p_url
      || E'\n\nCompare them with the price book, and enter those that changed, under Money, Prices.', p_now);
  end if;
  return 'page_changed';
end $$;
