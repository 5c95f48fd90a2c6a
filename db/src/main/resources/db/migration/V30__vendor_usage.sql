-- Costs that are no single call's: what a vendor billed for a day beyond what calls carry, e-mails, the month's bills. And the
-- usage of Deepgram, ElevenLabs and Twilio's other services, Stripe's payouts, calls whose usage nobody reported.

insert into ledger_kinds (kind, description) values
  ('other_cost', 'a cost that is no single call''s, or a correction of one');
insert into ledger_kind_accounts (kind, account, unit, sign) values
  ('other_cost', 'cost', 'usd_micro', 1), ('other_cost', 'cost', 'usd_micro', -1),
  ('other_cost', 'payable', 'usd_micro', 1), ('other_cost', 'payable', 'usd_micro', -1);

create table other_costs (
  id            bigint generated always as identity primary key,
  business_key  text not null,
  vendor        text not null,
  operation     text not null,
  -- The days it is for, the last one included.
  first_day     date not null,
  last_day      date not null,
  amount_micros bigint not null,
  estimated     boolean not null,
  note          text not null,
  posting_id    bigint not null references ledger_postings (id),
  entered_by    uuid references users (id),
  recorded_at   timestamptz not null,
  constraint other_costs_once unique (business_key),
  constraint other_costs_days check (first_day <= last_day),
  constraint other_costs_not_nothing check (amount_micros <> 0)
);
create index other_costs_by_day on other_costs (vendor, operation, first_day);
create trigger other_costs_append_only before update or delete on other_costs
  for each row execute function ledger_refuse_change();

-- Books a cost once per key; false when it is booked already, or nothing.
create function other_cost(p_key text, p_vendor text, p_operation text, p_first date, p_last date, p_amount bigint,
                           p_estimated boolean, p_note text, p_by uuid, p_now timestamptz)
returns boolean language plpgsql as $$
declare
  v_posting bigint;
begin
  if p_amount = 0 then
    return false;
  end if;
  v_posting := ledger_open('other:' || p_key, 'other_cost', null, null,
    jsonb_build_object('vendor', p_vendor, 'operation', p_operation, 'from', p_first, 'to', p_last),
    jsonb_build_object('amountMicros', p_amount), p_now);
  if v_posting is null then
    return false;
  end if;
  perform ledger_enter(v_posting, array[
    ('cost', 'usd_micro', p_amount, null, null, null)::ledger_line,
    ('payable', 'usd_micro', -p_amount, null, null, null)::ledger_line]);
  insert into other_costs (business_key, vendor, operation, first_day, last_day, amount_micros, estimated, note, posting_id,
                           entered_by, recorded_at)
  values (p_key, p_vendor, p_operation, p_first, p_last, p_amount, p_estimated, p_note, v_posting, p_by, p_now);
  return true;
end $$;

-- Brings what is booked under an operation for a day to an amount: the difference is a line of its own. Answers it.
create function other_cost_bring(p_vendor text, p_operation text, p_day date, p_amount bigint, p_note text, p_now timestamptz)
returns bigint language plpgsql as $$
declare
  v_booked bigint;
  v_lines bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('other:' || p_vendor || ' ' || p_operation || ' ' || p_day, 0));
  select coalesce(sum(amount_micros), 0), count(*) into v_booked, v_lines from other_costs
  where vendor = p_vendor and operation = p_operation and first_day = p_day;
  perform other_cost(p_vendor || ':' || p_operation || ':' || p_day || ':' || v_lines, p_vendor, p_operation, p_day, p_day,
                     p_amount - v_booked, false, p_note, null, p_now);
  return p_amount - v_booked;
end $$;

-- An e-mail that the mail vendor took on, at the price of its time; once per key.
create function mail_cost(p_key text, p_now timestamptz) returns boolean language sql as $$
  select other_cost('mail:' || p_key, 'resend', 'email', (p_now at time zone 'UTC')::date, (p_now at time zone 'UTC')::date,
                    usd_to_micros(unit_price), source = 'inferred', 'an e-mail', null, p_now)
  from price_periods
  where vendor = 'resend' and operation = 'email' and unit_price is not null and valid_from <= p_now
    and (valid_until is null or valid_until > p_now)
$$;
insert into price_book (vendor, operation, model, unit, unit_price, valid_from, source, note)
values ('resend', 'email', '', 'email', 0.0004, '2024-01-01T00:00:00Z', 'manual', '50,000 for $20');

-- A bill for a month of what all calls share. Calls carry an estimate each (the platform's lines); the difference between the
-- bills of the month and what its calls carry is the month's cost. recorded, repeated, conflict.
create table platform_bills (
  id              uuid primary key,
  idempotency_key text not null,
  payee           text not null,
  month           date not null,
  amount_micros   bigint not null,
  note            text not null,
  entered_by      uuid not null references users (id),
  entered_at      timestamptz not null,
  constraint platform_bills_once unique (entered_by, idempotency_key),
  constraint platform_bills_month check (month = date_trunc('month', month)::date),
  constraint platform_bills_positive check (amount_micros > 0)
);
create trigger platform_bills_append_only before update or delete on platform_bills
  for each row execute function ledger_refuse_change();

-- By their answer, or else their making, as the reconciliation of days does.
create function call_day(c calls) returns date language sql immutable as $$
  select (coalesce(c.answered_at, c.due_at, c.created_at) at time zone 'UTC')::date
$$;

create function platform_bill(p_id uuid, p_key text, p_payee text, p_month date, p_amount bigint, p_note text, p_by uuid,
                              p_now timestamptz)
returns table (outcome text, bill uuid, carried_micros bigint, booked_micros bigint) language plpgsql as $$
#variable_conflict use_column
declare
  v_known platform_bills;
  v_bills bigint;
  v_carried bigint;
  v_booked bigint;
  v_lines bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('bills:' || p_month, 0));
  select * into v_known from platform_bills where entered_by = p_by and idempotency_key = p_key;
  if v_known.id is not null and (v_known.payee, v_known.month, v_known.amount_micros, v_known.note)
                                is distinct from (p_payee, p_month, p_amount, p_note) then
    return query select 'conflict', v_known.id, 0::bigint, 0::bigint;
    return;
  end if;
  insert into platform_bills values (p_id, p_key, p_payee, p_month, p_amount, p_note, p_by, p_now)
  on conflict on constraint platform_bills_once do nothing;
  select sum(amount_micros) into v_bills from platform_bills where month = p_month;
  select coalesce(sum(l.amount_micros), 0) into v_carried
  from cost_lines l join calls c on c.id = l.call_id
  where l.vendor = 'platform' and call_day(c) >= p_month and call_day(c) < p_month + interval '1 month';
  select coalesce(sum(amount_micros), 0), count(*) into v_booked, v_lines from other_costs
  where vendor = 'platform' and operation = 'bills' and first_day = p_month;
  if v_known.id is null then
    perform other_cost('platform:bills:' || p_month || ':' || v_lines, 'platform', 'bills', p_month,
                       (p_month + interval '1 month' - interval '1 day')::date, v_bills - v_carried - v_booked, false,
                       'bills of the month less what its calls carry', p_by, p_now);
  end if;
  return query select case when v_known.id is null then 'recorded' else 'repeated' end, coalesce(v_known.id, p_id), v_carried,
    (select coalesce(sum(amount_micros), 0)::bigint from other_costs
     where vendor = 'platform' and operation = 'bills' and first_day = p_month);
end $$;

-- Which vendors a run held; those of before knew two.
alter table reconciliation_runs add column vendors text[] not null default '{twilio,stripe}';
alter table reconciliation_runs alter column vendors set default '{twilio,stripe,deepgram,elevenlabs}';

alter table vendor_records
  drop constraint vendor_records_vendor,
  add constraint vendor_records_vendor check (vendor in ('twilio', 'stripe', 'deepgram', 'elevenlabs'));

-- A listening session as Deepgram charges it, tagged with the call it was for. Sums are compared when all pages are read.
create function reconcile_deepgram(p_ref text, p_call uuid, p_at timestamptz, p_amount bigint, p_now timestamptz)
returns reconciled language plpgsql as $$
begin
  perform vendor_record('deepgram', p_ref, 'session', coalesce(p_call::text, ''), p_at, p_amount);
  if p_call is null or not exists (select from calls where id = p_call) then
    return ('missing_ours', 0, p_amount > 0 and reconcile_case('reconciliation_missing_ours', 'deepgram request ' || p_ref,
            'charged ' || p_amount || ' micros, for no call of ours', p_now))::reconciled;
  end if;
  return ('matched', 0, false)::reconciled;
end $$;

-- Brings what calls that ended in the range carry for listening to what Deepgram charged for their sessions. What is younger
-- than an hour may still be on its way.
create function reconcile_listening(p_from timestamptz, p_until timestamptz, p_now timestamptz)
returns table (corrected bigint, corrected_micros bigint, missing bigint, opened bigint) language plpgsql as $$
declare
  v_call record;
  v_difference bigint;
  v_key text;
  v_posting bigint;
  -- Without a single one, one case says so for all calls.
  v_any boolean := exists (select from vendor_records where vendor = 'deepgram' and kind = 'session'
                           and at >= p_from - interval '1 hour' and at < p_until + interval '1 hour');
begin
  corrected := 0; corrected_micros := 0; missing := 0; opened := 0;
  for v_call in
    select c.id, (select sum(r.amount_micros) from vendor_records r
                  where r.vendor = 'deepgram' and r.kind = 'session' and r.subject = c.id::text) as actual
    from calls c
    where c.costs_recorded_at is not null and c.ended_at >= p_from
      and c.ended_at < least(p_until, p_now - interval '1 hour')
      and exists (select from cost_lines l where l.call_id = c.id and l.vendor = 'deepgram')
    order by c.id
  loop
    perform pg_advisory_xact_lock(hashtextextended('cost:' || v_call.id, 0));
    select v_call.actual - coalesce(sum(amount_micros), 0) into v_difference
    from cost_lines where call_id = v_call.id and vendor = 'deepgram';
    if v_call.actual is null then
      if (select coalesce(sum(amount_micros), 0) from cost_lines where call_id = v_call.id and vendor = 'deepgram') <> 0 then
        missing := missing + 1;
        if v_any and reconcile_case('reconciliation_missing_theirs', 'deepgram call ' || v_call.id,
                          'listened to, and no session of the vendor''s', p_now) then
          opened := opened + 1;
        end if;
      end if;
    elsif v_difference <> 0 then
      v_key := 'cost:' || v_call.id || ':'
               || (select count(distinct posting_id) from cost_lines where call_id = v_call.id);
      v_posting := ledger_open(v_key, 'call_cost', null, null,
        jsonb_build_object('call', v_call.id, 'actualMicros', v_call.actual, 'source', 'deepgram'),
        jsonb_build_object('amountMicros', v_difference), p_now);
      perform ledger_enter(v_posting, array[
        ('cost', 'usd_micro', v_difference, null, null, null)::ledger_line,
        ('payable', 'usd_micro', -v_difference, null, null, null)::ledger_line]);
      insert into cost_lines values (v_call.id, 'deepgram', 'listen_actual', '',
        (select count(*) from cost_lines where call_id = v_call.id and vendor = 'deepgram' and operation = 'listen_actual'),
        v_difference / 1000000.0, 'usd', 1, v_difference, false, null, v_posting, p_now);
      update calls set cost_usd_micros = (select coalesce(sum(amount_micros), 0) from cost_lines where call_id = v_call.id)
      where id = v_call.id;
      corrected := corrected + 1;
      corrected_micros := corrected_micros + v_difference;
      if abs(v_difference) > 100000 and reconcile_case('reconciliation_amount_differs', 'deepgram call ' || v_call.id,
          'charged ' || v_difference || ' micros more than was booked; corrected', p_now) then
        opened := opened + 1;
      end if;
    end if;
  end loop;
  if missing > 0 and not v_any and reconcile_case('reconciliation_missing_theirs', 'deepgram sessions from '
      || to_char(p_from at time zone 'UTC', 'YYYY-MM-DD'), 'the vendor names no session at all', p_now) then
    opened := opened + 1;
  end if;
  return next;
end $$;

-- What ElevenLabs charged for a day, beside what the calls of that day carry: the difference is booked, and a case when it is
-- more than $0.10. (Its generations name no call. A call over midnight moves a little from one day to the other.)
create function reconcile_speech_day(p_day date, p_actual bigint, p_now timestamptz) returns reconciled language plpgsql as $$
declare
  v_carried bigint;
  v_difference bigint;
begin
  perform vendor_record('elevenlabs', 'day ' || p_day, 'day', p_day::text, p_day::timestamp at time zone 'UTC', p_actual);
  select coalesce(sum(l.amount_micros), 0) into v_carried
  from cost_lines l join calls c on c.id = l.call_id where l.vendor = 'elevenlabs' and call_day(c) = p_day;
  v_difference := other_cost_bring('elevenlabs', 'speech_of_day', p_day, p_actual - v_carried,
                                   'charged for the day less what its calls carry', p_now);
  if v_difference = 0 then
    return ('matched', 0, false)::reconciled;
  end if;
  return ('corrected', v_difference, abs(p_actual - v_carried) > 100000 and reconcile_case('reconciliation_day_differs',
          'elevenlabs ' || p_day, 'the day cost ' || p_actual || ' micros, its calls carry ' || v_carried || '; corrected',
          p_now))::reconciled;
end $$;

-- Twilio's other services of a day (detection of machines, recordings, streams, numbers): all of the day less its calls.
create function reconcile_services_day(p_day date, p_actual bigint, p_now timestamptz) returns reconciled language plpgsql as $$
declare
  v_difference bigint := other_cost_bring('twilio', 'services', p_day, p_actual,
                                          'all of the day''s usage less its calls', p_now);
begin
  return (case v_difference when 0 then 'matched' else 'corrected' end, v_difference, false)::reconciled;
end $$;

-- A payout to our bank: the balance transactions it pays must sum to it.
create function reconcile_payout(p_ref text, p_status text, p_at timestamptz, p_amount bigint, p_net bigint, p_now timestamptz)
returns reconciled language plpgsql as $$
begin
  perform vendor_record('stripe', p_ref, 'payout', p_ref, p_at, p_amount);
  if p_status in ('failed', 'canceled') then
    return ('amount_differs', 0, reconcile_case('reconciliation_payout_failed', 'stripe payout ' || p_ref,
            p_amount || ' micros did not reach the bank: ' || p_status, p_now))::reconciled;
  elsif p_net <> p_amount then
    return ('amount_differs', 0, reconcile_case('reconciliation_payout_differs', 'stripe payout ' || p_ref,
            'paid ' || p_amount || ' micros, its transactions sum to ' || p_net, p_now))::reconciled;
  end if;
  return ('matched', 0, false)::reconciled;
end $$;

-- Connected calls of the range that ended over a day ago and whose usage no voice worker ever reported: what they must have
-- used, by their length. All of it is listened to; a minute speaks 400 characters and takes 9,000
-- tokens of prompt and 1,000 of answer, as the reference call does. Usage that comes after all corrects it.
create function cost_estimate_unreported(p_from timestamptz, p_until timestamptz, p_models jsonb, p_now timestamptz)
returns bigint language plpgsql as $$
declare
  v_call record;
  v_calls bigint := 0;
begin
  for v_call in
    select c.id, coalesce(c.answered_at, c.created_at) as made, c.billed_seconds / 60.0 as minutes
    from calls c
    where c.costs_recorded_at is not null and c.billed_seconds > 0 and c.ended_at >= p_from
      and c.ended_at < least(p_until, p_now - interval '1 day')
      and coalesce(lower(c.charge_reason), '') not in ('machine', 'never_answered')
      and not exists (select from usage_snapshots u where u.call_id = c.id)
      and not exists (select from cost_lines l where l.call_id = c.id and l.vendor in ('deepgram', 'llm', 'elevenlabs'))
    order by c.id
  loop
    perform cost_record(v_call.id, v_call.made, jsonb_build_array(
      jsonb_build_object('vendor', 'deepgram', 'operation', 'listen', 'model', p_models ->> 'listen',
                         'quantity', round(v_call.minutes, 6), 'unit', 'minute', 'estimated', true),
      jsonb_build_object('vendor', 'llm', 'operation', 'prompt', 'model', p_models ->> 'llm',
                         'quantity', round(v_call.minutes * 9000), 'unit', 'token', 'estimated', true),
      jsonb_build_object('vendor', 'llm', 'operation', 'completion', 'model', p_models ->> 'llm',
                         'quantity', round(v_call.minutes * 1000), 'unit', 'token', 'estimated', true),
      jsonb_build_object('vendor', 'elevenlabs', 'operation', 'speech', 'model', p_models ->> 'speech',
                         'quantity', round(v_call.minutes * 400), 'unit', 'character', 'estimated', true)), p_now);
    update calls set cost_usd_micros = (select coalesce(sum(amount_micros), 0) from cost_lines where call_id = v_call.id)
    where id = v_call.id;
    v_calls := v_calls + 1;
  end loop;
  return v_calls;
end $$;

-- Whether the share of calls that were charged, of those settled in a range, is outside of 70 to 85 %: a case and an e-mail, once
-- a day. Fewer than twenty calls say nothing.
create function charge_rate_watch(p_from timestamptz, p_until timestamptz, p_now timestamptz) returns boolean
language plpgsql as $$
declare
  v_calls bigint;
  v_charged bigint;
  v_words text;
begin
  select count(*), count(*) filter (where charge_decision = 'CHARGED') into v_calls, v_charged
  from calls where settled_at >= p_from and settled_at < p_until;
  if v_calls < 20 or v_charged * 100 between v_calls * 70 and v_calls * 85 then
    return false;
  end if;
  v_words := v_charged || ' of ' || v_calls || ' calls settled from ' || p_from || ' until ' || p_until
             || ' were charged; 70 to 85 % are usual';
  if reconcile_case('charge_rate_unusual', 'charge rate ' || to_char(p_until at time zone 'UTC', 'YYYY-MM-DD'), v_words, p_now)
  then
    perform finance_notify('charge-rate/' || to_char(p_until at time zone 'UTC', 'YYYY-MM-DD'),
      'The share of charged calls is unusual',
      v_words || E'.\n\nThe reasons, and what uncharged calls cost, are under Money, Figures.', p_now);
    return true;
  end if;
  return false;
end $$;

create or replace function cost_audit(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  (select 'cost_amount', 'call ' || call_id, vendor || ' ' || operation || ' ' || model || ' revision ' || revision || ': '
          || quantity || ' at ' || unit_price || ' is not ' || amount_micros || ' micros',
          ledger_evidence(posting_id, null, null)
   from cost_lines where amount_micros <> usd_to_micros(quantity * unit_price) limit p_limit)
  union all
  (select 'cost_posted', 'posting ' || p.id, 'lines say ' || coalesce(l.amount, 0) || ' micros, entries say '
          || coalesce(e.amount, 0), ledger_evidence(p.id, null, null)
   from ledger_postings p
   left join (select posting_id, sum(amount_micros) as amount from cost_lines group by posting_id
              union all select posting_id, amount_micros from other_costs) l on l.posting_id = p.id
   left join (select posting_id, sum(amount) as amount from ledger_entries where account = 'cost' group by posting_id) e
     on e.posting_id = p.id
   where p.kind in ('call_cost', 'other_cost') and coalesce(l.amount, 0) <> coalesce(e.amount, 0) limit p_limit)
$$;

-- As in V20, with costs that are no call's, and which vendors a run held (a).
create or replace function figures_facts(p_from timestamptz, p_until timestamptz, p_grain text)
returns table (section text, period timestamptz, a text, b text, c text, amount bigint, n bigint, m bigint)
language sql stable as $$
  select 'ledger', figures_period(p.occurred_at, p_from, p_grain) as period, p.kind, e.account, e.unit,
         sum(e.amount)::bigint, 0::bigint, 0::bigint
  from ledger_postings p join ledger_entries e on e.posting_id = p.id
  where p.occurred_at < p_until
  group by 2, 3, 4, 5
  union all
  select 'cost', figures_period(coalesce(p.occurred_at, l.recorded_at), p_from, p_grain), l.vendor,
         coalesce(lower(c.charge_decision), 'no_call'), coalesce(lower(c.charge_reason), ''),
         coalesce(sum(l.amount_micros), 0)::bigint, count(*) filter (where l.estimated and l.amount_micros <> 0),
         count(*) filter (where l.amount_micros is null)
  from cost_lines l left join ledger_postings p on p.id = l.posting_id left join calls c on c.id = l.call_id
  where coalesce(p.occurred_at, l.recorded_at) >= p_from and coalesce(p.occurred_at, l.recorded_at) < p_until
  group by 2, 3, 4, 5
  union all
  select 'cost', figures_period(p.occurred_at, p_from, p_grain), o.vendor, 'no_call', '', sum(o.amount_micros)::bigint,
         count(*) filter (where o.estimated), 0
  from other_costs o join ledger_postings p on p.id = o.posting_id
  where p.occurred_at >= p_from and p.occurred_at < p_until
  group by 2, 3
  union all
  select 'call', figures_period(settled_at, p_from, p_grain), lower(charge_decision), '',
         coalesce(lower(charge_reason), ''), count(*), coalesce(sum(billed_seconds), 0)::bigint,
         coalesce(sum(charged_seconds), 0)::bigint
  from calls where settled_at >= p_from and settled_at < p_until
  group by 2, 3, 5
  union all
  select 'fee', figures_period(p.occurred_at, p_from, p_grain), '', '', '', count(*), 0, 0
  from (select distinct on (payment) * from ledger_fees order by payment, revision desc) f
  join ledger_postings p on p.id = f.posting_id
  where f.estimated and p.occurred_at >= p_from and p.occurred_at < p_until
  group by 2
  union all
  select 'trial', figures_period(t.granted_at, p_from, p_grain), '', '', '', count(*),
         count(*) filter (where exists (
           select from ledger_grants g where g.user_id = t.user_id and g.price_paid_micros > 0 and g.granted_at < p_until)), 0
  from ledger_grants t where t.source = 'trial' and t.granted_at >= p_from and t.granted_at < p_until
  group by 2
  union all
  select 'run', null, v.vendor, '', '', (extract(epoch from from_at) * 1000)::bigint,
         (extract(epoch from least(until_at, created_at)) * 1000)::bigint, (extract(epoch from finished_at) * 1000)::bigint
  from reconciliation_runs cross join unnest(vendors) v (vendor)
  where finished_at is not null and from_at < created_at and until_at > p_from and from_at < p_until
  union all
  select 'case', null, split_part(subject, ' ', 1), '', '', (extract(epoch from max(opened_at)) * 1000)::bigint, 0, 0
  from money_cases where kind like 'reconciliation\_%' and state = 'open' group by 3
$$;
