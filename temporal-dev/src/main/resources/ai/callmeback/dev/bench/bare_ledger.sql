-- The measure of `bench ledger`: the rows a hold and its capture write, whole, into tables of the same columns, keys and
-- constraints, by one function each, and nothing else: no idempotency, no burning order, no locks taken ahead, no check
-- against the catalogue of kinds, no triggers.
create table bare_postings (like ledger_postings including all);
create table bare_entries (like ledger_entries including all);
create table bare_grants (like ledger_grants including all) with (fillfactor = 70);
create table bare_holds (like ledger_holds including all) with (fillfactor = 70);
create table bare_hold_slices (like ledger_hold_slices including all) with (fillfactor = 70);

create function bare_hold(p_hold uuid, p_user uuid, p_grant uuid, p_seconds bigint, p_reference text,
                          p_expires timestamptz, p_now timestamptz)
returns bigint language plpgsql as $$
declare
  v_posting bigint;
begin
  insert into bare_postings (business_key, kind, user_id, hold_id, body, result, occurred_at)
  values ('hold:' || p_hold, 'hold', p_user, p_hold,
          jsonb_build_object('user', p_user, 'seconds', p_seconds, 'reference', p_reference),
          jsonb_build_object('holdId', p_hold, 'seconds', p_seconds, 'slices', jsonb_build_array(jsonb_build_object(
            'grantId', p_grant, 'seconds', p_seconds, 'revenueMicros', 0))), p_now) returning id into v_posting;
  insert into bare_holds (hold_id, user_id, reference, seconds, opened_at, expires_at)
  values (p_hold, p_user, p_reference, p_seconds, p_now, p_expires);
  insert into bare_hold_slices (hold_id, grant_id, ordinal, seconds) values (p_hold, p_grant, 1, p_seconds);
  insert into bare_entries (posting_id, line, account, unit, amount, user_id, grant_id, hold_id) values
    (v_posting, 1, 'user_available', 'credit_second', -p_seconds, p_user, p_grant, null),
    (v_posting, 2, 'user_held', 'credit_second', p_seconds, p_user, p_grant, p_hold);
  update bare_grants set available_seconds = available_seconds - p_seconds, held_seconds = held_seconds + p_seconds
  where grant_id = p_grant;
  return v_posting;
end $$;

create function bare_capture(p_hold uuid, p_user uuid, p_grant uuid, p_seconds bigint, p_rest bigint, p_micros bigint,
                             p_now timestamptz)
returns bigint language plpgsql as $$
declare
  v_posting bigint;
begin
  insert into bare_postings (business_key, kind, user_id, hold_id, body, result, occurred_at)
  values ('settle:' || p_hold, 'capture', p_user, p_hold,
          jsonb_build_object('op', 'capture', 'seconds', p_seconds, 'reason', 'by_the_second'),
          jsonb_build_object('holdId', p_hold, 'captured', p_seconds, 'released', p_rest, 'broken', 0, 'uncovered', 0,
            'owed', 0, 'revenueMicros', p_micros, 'slices', jsonb_build_array(jsonb_build_object(
            'grantId', p_grant, 'seconds', p_seconds, 'revenueMicros', p_micros))), p_now) returning id into v_posting;
  update bare_holds set state = 'captured', resolved_at = p_now, captured_seconds = p_seconds, released_seconds = p_rest
  where hold_id = p_hold;
  update bare_hold_slices set captured_seconds = p_seconds, revenue_micros = p_micros
  where hold_id = p_hold and grant_id = p_grant;
  insert into bare_entries (posting_id, line, account, unit, amount, user_id, grant_id, hold_id) values
    (v_posting, 1, 'user_available', 'credit_second', p_rest, p_user, p_grant, null),
    (v_posting, 2, 'user_held', 'credit_second', -p_seconds - p_rest, p_user, p_grant, p_hold),
    (v_posting, 3, 'liability', 'credit_second', p_seconds, null, p_grant, null),
    (v_posting, 4, 'liability', 'usd_micro', p_micros, null, p_grant, null),
    (v_posting, 5, 'revenue', 'usd_micro', -p_micros, null, p_grant, null);
  update bare_grants
  set available_seconds = available_seconds + p_rest, held_seconds = held_seconds - p_seconds - p_rest,
      captured_seconds = captured_seconds + p_seconds, revenue_micros = revenue_micros + p_micros
  where grant_id = p_grant;
  return v_posting;
end $$;

-- The other design, for comparison: the same, and the platform's accounts kept as running balances, a row each, that every
-- posting of everybody's updates. Always in one order, so that two never wait for each other.
create table hot_accounts (account text, unit text, balance bigint not null default 0, primary key (account, unit));
insert into hot_accounts (account, unit)
values ('liability', 'credit_second'), ('liability', 'usd_micro'), ('revenue', 'usd_micro'),
       ('user_available', 'credit_second'), ('user_held', 'credit_second');

create function hot_hold(p_hold uuid, p_user uuid, p_grant uuid, p_seconds bigint, p_reference text,
                         p_expires timestamptz, p_now timestamptz)
returns bigint language plpgsql as $$
declare
  v_posting bigint := bare_hold(p_hold, p_user, p_grant, p_seconds, p_reference, p_expires, p_now);
begin
  update hot_accounts set balance = balance - p_seconds where account = 'user_available' and unit = 'credit_second';
  update hot_accounts set balance = balance + p_seconds where account = 'user_held' and unit = 'credit_second';
  return v_posting;
end $$;

create function hot_capture(p_hold uuid, p_user uuid, p_grant uuid, p_seconds bigint, p_rest bigint, p_micros bigint,
                            p_now timestamptz)
returns bigint language plpgsql as $$
declare
  v_posting bigint := bare_capture(p_hold, p_user, p_grant, p_seconds, p_rest, p_micros, p_now);
begin
  update hot_accounts set balance = balance + p_seconds where account = 'liability' and unit = 'credit_second';
  update hot_accounts set balance = balance + p_micros where account = 'liability' and unit = 'usd_micro';
  update hot_accounts set balance = balance - p_micros where account = 'revenue' and unit = 'usd_micro';
  update hot_accounts set balance = balance + p_rest where account = 'user_available' and unit = 'credit_second';
  update hot_accounts set balance = balance - p_seconds - p_rest
  where account = 'user_held' and unit = 'credit_second';
  return v_posting;
end $$;
