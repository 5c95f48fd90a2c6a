-- Our books against vendors' records: what they charged for each call, what became of each payment. Estimates are replaced
-- by correcting entries, never overwritten; what has no match is a case. A second run over the same range changes nothing.

create table reconciliation_runs (
  id              uuid primary key,
  idempotency_key text,
  from_at         timestamptz not null,
  until_at        timestamptz not null,
  started_by      text not null,
  progress        jsonb not null default '{}',
  created_at      timestamptz not null,
  finished_at     timestamptz,
  -- When somebody next makes sure that it has its workflow; null when it is over, or was started by Temporal.
  start_due_at    timestamptz,
  constraint reconciliation_runs_once unique (idempotency_key),
  constraint reconciliation_runs_range check (from_at < until_at and until_at - from_at <= interval '92 days')
);
create index reconciliation_runs_to_start on reconciliation_runs (start_due_at) where start_due_at is not null;

-- What vendors told us, each record as it was last read.
create table vendor_records (
  vendor        text not null,
  ref           text not null,
  kind          text not null,
  -- What it is about on the vendor's side: a payment, a refund, a dispute; a call is itself.
  subject       text not null,
  at            timestamptz not null,
  -- Null: the vendor has not said yet. Positive: it takes (a call), or we received (a payment).
  amount_micros bigint,
  primary key (vendor, ref),
  constraint vendor_records_vendor check (vendor in ('twilio', 'stripe'))
);
create index vendor_records_by_subject on vendor_records (vendor, kind, subject);

-- Keeps a record; true when it is new, or says more or other than before.
create function vendor_record(p_vendor text, p_ref text, p_kind text, p_subject text, p_at timestamptz, p_amount bigint)
returns boolean language sql as $$
  with kept as (
    insert into vendor_records values (p_vendor, p_ref, p_kind, p_subject, p_at, p_amount)
    on conflict (vendor, ref) do update set amount_micros = excluded.amount_micros
      where excluded.amount_micros is not null and vendor_records.amount_micros is distinct from excluded.amount_micros
    returning 1)
  select exists (select from kept)
$$;

create function reconcile_case(p_kind text, p_subject text, p_detail text, p_now timestamptz)
returns boolean language sql as $$
  with opened as (
    insert into money_cases (kind, subject, detail, opened_at) values (p_kind, p_subject, p_detail, p_now)
    on conflict on constraint money_cases_once do nothing returning 1)
  select exists (select from opened)
$$;

create type reconciled as (outcome text, difference_micros bigint, case_opened boolean);

-- Brings what is booked for a call's telephony to what was charged for all its dials: one line more, with the difference.
-- Null while not all of it is known.
create function reconcile_call(p_call uuid, p_now timestamptz) returns bigint language plpgsql as $$
declare
  v_actual bigint;
  v_difference bigint;
  v_revision integer;
  v_key text;
  v_posting bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('cost:' || p_call, 0));
  if exists (select from calls where id = p_call and costs_recorded_at is null)
     or exists (select from dial_intents d
                left join vendor_records r on r.vendor = 'twilio' and r.ref = d.call_sid
                where d.call_id = p_call and d.duration_seconds > 0 and r.amount_micros is null) then
    return null;
  end if;
  select coalesce(sum(r.amount_micros), 0) into v_actual
  from dial_intents d join vendor_records r on r.vendor = 'twilio' and r.ref = d.call_sid where d.call_id = p_call;
  select v_actual - coalesce(sum(amount_micros), 0), count(*) filter (where operation = 'voice_actual')
  into v_difference, v_revision
  from cost_lines where call_id = p_call and vendor = 'twilio' and operation in ('voice', 'voice_actual');
  if v_difference <> 0 then
    v_key := 'cost:' || p_call || ':' || (select count(distinct posting_id) from cost_lines where call_id = p_call);
    v_posting := ledger_open(v_key, 'call_cost', null, null,
      jsonb_build_object('call', p_call, 'actualMicros', v_actual, 'source', 'twilio'),
      jsonb_build_object('amountMicros', v_difference), p_now);
    perform ledger_enter(v_posting, array[
      ('cost', 'usd_micro', v_difference, null, null, null)::ledger_line,
      ('payable', 'usd_micro', -v_difference, null, null, null)::ledger_line]);
    insert into cost_lines values (p_call, 'twilio', 'voice_actual', '', v_revision, v_difference / 1000000.0, 'usd', 1,
                                   v_difference, false, null, v_posting, p_now);
    update calls set cost_usd_micros = (select coalesce(sum(amount_micros), 0) from cost_lines where call_id = p_call)
    where id = p_call;
  end if;
  return v_difference;
end $$;

-- Outcomes: matched, corrected, late (no price yet; a case a day after the call), missing_ours.
create function reconcile_twilio(p_sid text, p_at timestamptz, p_connected boolean, p_price bigint, p_now timestamptz)
returns reconciled language plpgsql as $$
declare
  v_call uuid := (select call_id from dial_intents where call_sid = p_sid);
  v_subject text := 'twilio call ' || p_sid;
  v_difference bigint;
begin
  perform vendor_record('twilio', p_sid, 'call', p_sid, p_at, p_price);
  if v_call is null then
    return ('missing_ours', 0, reconcile_case('reconciliation_missing_ours', v_subject,
            'charged ' || coalesce(p_price, 0) || ' micros, no dial of ours', p_now))::reconciled;
  elsif p_connected and p_price is null then
    return ('late', 0, p_at < p_now - interval '1 day' and reconcile_case('reconciliation_late', v_subject,
            'no price a day after the call', p_now))::reconciled;
  end if;
  v_difference := reconcile_call(v_call, p_now);
  if coalesce(v_difference, 0) = 0 then
    return ('matched', 0, false)::reconciled;
  end if;
  return ('corrected', v_difference, abs(v_difference) > 100000 and reconcile_case('reconciliation_amount_differs',
          v_subject, 'charged ' || v_difference || ' micros more than was booked; corrected', p_now))::reconciled;
end $$;

-- A balance transaction. Outcomes: matched, corrected (a fee), missing_ours, amount_differs, duplicate, other (payouts and
-- whatever has no entry in our books). p_subject: the payment of a charge, the refund, the dispute.
create function reconcile_stripe(p_ref text, p_kind text, p_subject text, p_at timestamptz, p_amount bigint, p_fee bigint,
                                 p_currency text, p_now timestamptz)
returns reconciled language plpgsql as $$
declare
  v_booked bigint;
  v_fee_before bigint;
  v_fee ledger_answer;
begin
  perform vendor_record('stripe', p_ref, p_kind, p_subject, p_at, p_amount);
  if p_kind = 'other' then
    return ('other', 0, false)::reconciled;
  elsif p_currency <> 'usd' then
    return ('amount_differs', 0, reconcile_case('reconciliation_amount_differs', 'stripe ' || p_ref,
            p_amount || ' millionths of ' || p_currency, p_now))::reconciled;
  elsif p_kind = 'charge' then
    select amount_micros into v_booked from credited_payments where payment_intent = p_subject;
    if exists (select from vendor_records where vendor = 'stripe' and kind = 'charge' and subject = p_subject
                                            and ref <> p_ref) then
      return ('duplicate', 0, reconcile_case('reconciliation_duplicate', 'stripe payment ' || p_subject,
              'charged more than once, also by ' || p_ref, p_now))::reconciled;
    end if;
  else
    -- Undone ones count: the money went, and came back by another transaction.
    select -amount_micros into v_booked from ledger_clawbacks where clawback_key = p_subject;
    if p_amount > 0 then
      v_booked := -v_booked;
    end if;
  end if;
  if v_booked is null and p_kind <> 'charge' and (p_amount > 0 or 0 = (
      select sum(amount_micros) from vendor_records
      where vendor = 'stripe' and kind = p_kind and subject = p_subject)) then
    -- It failed before we took the credits: the money is back, and nothing was booked. Newest first, so its return is known.
    return ('matched', 0, false)::reconciled;
  elsif v_booked is null then
    return ('missing_ours', 0, reconcile_case('reconciliation_missing_ours', 'stripe ' || p_kind || ' ' || p_subject,
            p_amount || ' micros by ' || p_ref || ', none in our books', p_now))::reconciled;
  elsif v_booked <> p_amount then
    return ('amount_differs', 0, reconcile_case('reconciliation_amount_differs', 'stripe ' || p_kind || ' ' || p_subject,
            p_amount || ' micros by ' || p_ref || ', ' || v_booked || ' in our books', p_now))::reconciled;
  elsif p_kind = 'refund' or p_amount > 0 and p_kind = 'dispute' then
    return ('matched', 0, false)::reconciled;
  end if;
  select amount_micros into v_fee_before from ledger_fees where payment = p_subject order by revision desc limit 1;
  v_fee := ledger_fee(p_subject, p_fee, false, p_now);
  if v_fee.outcome = 'posted' and p_fee <> coalesce(v_fee_before, 0) then
    return ('corrected', p_fee - coalesce(v_fee_before, 0),
            abs(p_fee - coalesce(v_fee_before, 0)) > 100000 and v_fee_before is not null
            and reconcile_case('reconciliation_amount_differs', 'stripe fee ' || p_subject,
                               'taken ' || p_fee || ' micros, booked ' || v_fee_before || '; corrected', p_now))::reconciled;
  end if;
  return ('matched', 0, false)::reconciled;
end $$;

-- What is in our books for the range and in no record of the vendor's. Answers how many, and how many cases are new. What
-- is younger than an hour may still be on its way.
create function reconcile_missing_theirs(p_vendor text, p_from timestamptz, p_until timestamptz, p_now timestamptz)
returns table (missing bigint, opened bigint) language sql as $$
  with ours as (
    select 'call' as kind, call_sid as ref, 'connected ' || duration_seconds || ' s' as detail
    from dial_intents
    where p_vendor = 'twilio' and duration_seconds > 0 and call_sid is not null
      and answered_at >= p_from and answered_at < least(p_until, p_now - interval '1 hour')
    union all
    select 'charge', payment_intent, 'credited ' || amount_micros || ' micros' from credited_payments
    where p_vendor = 'stripe' and credited_at >= p_from and credited_at < least(p_until, p_now - interval '1 hour')
    union all
    select c.kind, c.clawback_key, 'taken back ' || c.amount_micros || ' micros'
    from ledger_clawbacks c join ledger_postings p on p.id = c.posting_id
    where p_vendor = 'stripe' and p.occurred_at >= p_from and p.occurred_at < least(p_until, p_now - interval '1 hour')
  ), lonely as (
    select * from ours o
    where not exists (select from vendor_records r where r.vendor = p_vendor and r.kind = o.kind and r.subject = o.ref)
  ), cases as (
    select reconcile_case('reconciliation_missing_theirs', p_vendor || ' ' || kind || ' ' || ref,
                          detail || ', no record of the vendor', p_now) as opened
    from lonely
  )
  select count(*), count(*) filter (where opened) from cases
$$;

-- A day's total as the vendor states it beside the sum of its records of that day; a drift of more than $0.10 is a case:
-- records are missing, or are not final. (A call over midnight is recorded on the day it began, billed on the other.)
create function reconcile_day(p_vendor text, p_day date, p_total bigint, p_now timestamptz)
returns table (differs boolean, opened boolean) language sql as $$
  with known as (
    select coalesce(sum(amount_micros), 0) as micros from vendor_records
    where vendor = p_vendor and at >= p_day::timestamp at time zone 'UTC'
      and at < (p_day + 1)::timestamp at time zone 'UTC')
  select abs(p_total - micros) > 100000,
         case when abs(p_total - micros) > 100000
           then reconcile_case('reconciliation_day_differs', p_vendor || ' ' || p_day,
                               'the day cost ' || p_total || ' micros, its records sum to ' || micros, p_now)
           else false end
  from known
$$;
