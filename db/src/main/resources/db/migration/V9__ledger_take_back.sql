-- Taking money back: refunds and disputes claw credits back, an appealed charge is reversed, card fees are booked.
--
-- Of a grant, refunded seconds are a fate of their own beside captured and broken ones. What was earned stays
-- floor(price * gone / seconds), what was given back is ceil(price * refunded / seconds): when nothing is left of the
-- grant the two sum to its price, to the micro.

alter table ledger_grants
  add column refunded_seconds bigint not null default 0,
  add column refunded_micros bigint not null default 0,
  drop constraint ledger_grants_seconds_conserved,
  add constraint ledger_grants_seconds_conserved check (
    available_seconds + held_seconds + captured_seconds + broken_seconds + refunded_seconds = seconds),
  add constraint ledger_grants_refund_in_step check (
    refunded_seconds >= 0
    and refunded_micros = (price_paid_micros * refunded_seconds + seconds - 1) / seconds);

alter table ledger_hold_slices
  add column reversed_seconds bigint not null default 0,
  add column reversed_micros bigint not null default 0,
  add constraint ledger_hold_slices_reversed check (
    reversed_seconds between 0 and captured_seconds and reversed_micros between 0 and revenue_micros);

alter table ledger_kind_accounts
  drop constraint ledger_kind_accounts_account,
  add constraint ledger_kind_accounts_account check (account in
    ('user_available', 'user_held', 'receivable', 'clawback_receivable',
     'cash', 'liability', 'revenue', 'breakage', 'promo', 'fees', 'cost', 'payable', 'concession'));

insert into ledger_kinds (kind, description) values
  ('refund',            'a payment given back, wholly or in part; its unused credits go, what was used is receivable'),
  ('dispute',           'a payment the bank took back; as refund'),
  ('clawback_recovery', 'seconds of a refunded payment taken when they came back from a hold'),
  ('clawback_undone',   'a dispute won, or a refund that failed: the money and the credits are back'),
  ('reversal',          'an appealed charge: the recorded slices are unwound'),
  ('card_fee',          'what a card payment or a dispute cost us, or a correction of that');

insert into ledger_kind_accounts (kind, account, unit, sign)
select kind, account, 'usd_micro', sign
from (values ('refund'), ('dispute'), ('clawback_recovery'), ('clawback_undone')) kinds (kind)
-- Liability, breakage and revenue move either way by a micro of rounding.
cross join (values ('liability', 1), ('liability', -1), ('concession', 1), ('concession', -1)) lines (account, sign);

insert into ledger_kind_accounts (kind, account, unit, sign)
select kind, account, unit, sign
from (values ('refund'), ('dispute'), ('clawback_recovery')) kinds (kind)
cross join (values
  ('user_available', 'credit_second', -1), ('liability', 'credit_second', 1), ('breakage', 'usd_micro', 1),
  ('revenue', 'usd_micro', 1), ('revenue', 'usd_micro', -1)) lines (account, unit, sign);

insert into ledger_kind_accounts (kind, account, unit, sign) values
  ('refund', 'cash', 'usd_micro', -1), ('dispute', 'cash', 'usd_micro', -1),
  ('refund', 'clawback_receivable', 'usd_micro', 1), ('dispute', 'clawback_receivable', 'usd_micro', 1),
  ('clawback_recovery', 'clawback_receivable', 'usd_micro', -1),
  ('clawback_undone', 'user_available', 'credit_second', 1), ('clawback_undone', 'liability', 'credit_second', -1),
  ('clawback_undone', 'cash', 'usd_micro', 1), ('clawback_undone', 'breakage', 'usd_micro', -1),
  ('clawback_undone', 'clawback_receivable', 'usd_micro', -1),
  ('reversal', 'user_available', 'credit_second', 1), ('reversal', 'liability', 'credit_second', -1),
  ('reversal', 'promo', 'credit_second', -1), ('reversal', 'liability', 'usd_micro', -1),
  ('reversal', 'revenue', 'usd_micro', 1), ('reversal', 'revenue', 'usd_micro', -1),
  ('reversal', 'breakage', 'usd_micro', 1),
  ('card_fee', 'fees', 'usd_micro', 1), ('card_fee', 'fees', 'usd_micro', -1),
  ('card_fee', 'cash', 'usd_micro', 1), ('card_fee', 'cash', 'usd_micro', -1);

-- What was taken back of a payment, and from where. seconds_due = taken + unbroken + what nobody has any more.
create table ledger_clawbacks (
  clawback_key      text primary key,
  kind              text not null,
  grant_id          uuid not null references ledger_grants (grant_id),
  user_id           uuid not null,
  amount_micros     bigint not null,
  seconds_due       bigint not null,
  taken_seconds     bigint not null,
  unbroken_seconds  bigint not null,
  receivable_micros bigint not null,
  recovered_micros  bigint not null default 0,
  recoveries        integer not null default 0,
  undone            boolean not null default false,
  posting_id        bigint not null,
  constraint ledger_clawbacks_kind check (kind in ('refund', 'dispute')),
  constraint ledger_clawbacks_bounds check (
    amount_micros > 0 and taken_seconds >= 0 and unbroken_seconds >= 0
    and taken_seconds + unbroken_seconds <= seconds_due
    and receivable_micros >= 0 and recovered_micros between 0 and receivable_micros)
);
create index ledger_clawbacks_by_grant on ledger_clawbacks (grant_id);
create index ledger_clawbacks_open on ledger_clawbacks (grant_id)
  where not undone and taken_seconds + unbroken_seconds < seconds_due;
create trigger ledger_clawbacks_kept before delete on ledger_clawbacks
  for each row execute function ledger_refuse_change();

create function ledger_earned(p_price bigint, p_seconds bigint, p_gone bigint) returns bigint
language sql immutable as $$ select p_price * p_gone / p_seconds $$;

create function ledger_given_back(p_price bigint, p_seconds bigint, p_refunded bigint) returns bigint
language sql immutable as $$ select (p_price * p_refunded + p_seconds - 1) / p_seconds $$;

-- Enters the lines that move something, numbered from 1.
create function ledger_enter(p_posting bigint, p_lines ledger_line[]) returns void language sql as $$
  insert into ledger_entries (posting_id, line, account, unit, amount, user_id, grant_id, hold_id)
  select p_posting, row_number() over (), account, unit, amount, user_id, grant_id, hold_id
  from unnest(p_lines) where amount <> 0;
$$;

-- Makes unused and expired seconds refunded ones. value: what they had cost; lines: the entries, without who pays for it.
create type ledger_taken as (value bigint, lines ledger_line[]);

create function ledger_take_back(g ledger_grants, p_take bigint, p_unbreak bigint)
returns ledger_taken language plpgsql as $$
declare
  v_gone bigint := g.captured_seconds + g.broken_seconds;
  v_value bigint := ledger_given_back(g.price_paid_micros, g.seconds, g.refunded_seconds + p_take + p_unbreak)
                    - g.refunded_micros;
  v_earned bigint := ledger_earned(g.price_paid_micros, g.seconds, v_gone)
                     - ledger_earned(g.price_paid_micros, g.seconds, v_gone - p_unbreak);
  v_breakage bigint;
begin
  -- What was booked as breakage leaves it; a micro of rounding may be revenue's.
  v_breakage := greatest(v_earned - g.revenue_micros,
                         case when p_unbreak = g.broken_seconds then g.breakage_micros
                              else least(v_earned, g.breakage_micros) end);
  update ledger_grants
  set available_seconds = available_seconds - p_take, broken_seconds = broken_seconds - p_unbreak,
      refunded_seconds = refunded_seconds + p_take + p_unbreak, refunded_micros = refunded_micros + v_value,
      breakage_micros = breakage_micros - v_breakage, revenue_micros = revenue_micros - (v_earned - v_breakage)
  where grant_id = g.grant_id;
  return (v_value, array[
    ('user_available', 'credit_second', -p_take, g.user_id, g.grant_id, null)::ledger_line,
    ('liability', 'credit_second', p_take, null, g.grant_id, null)::ledger_line,
    ('liability', 'usd_micro', v_value - v_earned, null, g.grant_id, null)::ledger_line,
    ('breakage', 'usd_micro', v_breakage, null, g.grant_id, null)::ledger_line,
    ('revenue', 'usd_micro', v_earned - v_breakage, null, g.grant_id, null)::ledger_line])::ledger_taken;
end $$;

-- Takes a payment back, wholly or in part. Unused seconds go first, then what had expired is unwound as breakage; what
-- was used, or is held, is receivable in dollars. Outcomes: posted, repeated, conflict, unknown_grant, exceeds.
create function ledger_claw_back(p_key text, p_kind text, p_grant uuid, p_amount bigint, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'clawback:' || p_key;
  v_body jsonb := jsonb_build_object('kind', p_kind, 'grant', p_grant, 'amountMicros', p_amount);
  g ledger_grants;
  v_answer ledger_answer;
  v_before bigint;
  v_due_before bigint;
  v_due bigint;
  v_take bigint;
  v_unbreak bigint;
  v_taken ledger_taken;
  v_receivable bigint;
  v_result jsonb;
  v_posting bigint;
begin
  select * into g from ledger_grants where grant_id = p_grant for update;
  if not found then
    return ('unknown_grant', null, null)::ledger_answer;
  end if;
  v_answer := ledger_repeat(v_key, v_body);
  if v_answer.outcome is not null then
    return v_answer;
  end if;
  select coalesce(sum(amount_micros), 0), coalesce(sum(seconds_due), 0) into v_before, v_due_before
  from ledger_clawbacks where grant_id = p_grant and not undone;
  if v_before + p_amount > g.price_paid_micros then
    return ('exceeds', null, jsonb_build_object('paidMicros', g.price_paid_micros, 'beforeMicros', v_before,
                                                'amountMicros', p_amount))::ledger_answer;
  end if;
  v_due := greatest(0, g.seconds * (v_before + p_amount) / g.price_paid_micros - v_due_before);
  v_take := least(g.available_seconds, v_due);
  v_unbreak := least(g.broken_seconds, v_due - v_take);
  v_taken := ledger_take_back(g, v_take, v_unbreak);
  v_receivable := case when v_due > v_take + v_unbreak then greatest(0, p_amount - v_taken.value) else 0 end;
  v_result := jsonb_build_object('grantId', p_grant, 'secondsDue', v_due, 'taken', v_take, 'unbroken', v_unbreak,
    'receivableMicros', v_receivable, 'concessionMicros', p_amount - v_taken.value - v_receivable);
  v_posting := ledger_open(v_key, p_kind, g.user_id, null, v_body, v_result, p_now);
  insert into ledger_clawbacks (clawback_key, kind, grant_id, user_id, amount_micros, seconds_due, taken_seconds,
                                unbroken_seconds, receivable_micros, posting_id)
  values (p_key, p_kind, p_grant, g.user_id, p_amount, v_due, v_take, v_unbreak, v_receivable, v_posting);
  perform ledger_enter(v_posting, v_taken.lines || array[
    ('cash', 'usd_micro', -p_amount, null, p_grant, null)::ledger_line,
    ('clawback_receivable', 'usd_micro', v_receivable, g.user_id, p_grant, null)::ledger_line,
    ('concession', 'usd_micro', p_amount - v_taken.value - v_receivable, null, p_grant, null)::ledger_line]);
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

-- Seconds of a refunded payment that came back since (from a hold, by a reversal) go as well, also when they expired on
-- the way; oldest claw-back first.
create function ledger_claw_back_collect(p_grant uuid, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  g ledger_grants;
  c ledger_clawbacks;
  v_rest bigint;
  v_take bigint;
  v_unbreak bigint;
  v_taken ledger_taken;
  v_recovered bigint;
  v_result jsonb;
  v_posting bigint;
begin
  select * into g from ledger_grants
  where grant_id = p_grant and available_seconds + broken_seconds > 0 for update;
  if not found then
    return ('nothing', null, null)::ledger_answer;
  end if;
  select * into c from ledger_clawbacks
  where grant_id = p_grant and not undone and taken_seconds + unbroken_seconds < seconds_due
  order by posting_id limit 1;
  if not found then
    return ('nothing', null, null)::ledger_answer;
  end if;
  v_rest := c.seconds_due - c.taken_seconds - c.unbroken_seconds;
  v_take := least(g.available_seconds, v_rest);
  v_unbreak := least(g.broken_seconds, v_rest - v_take);
  v_taken := ledger_take_back(g, v_take, v_unbreak);
  v_recovered := c.receivable_micros - c.recovered_micros;
  if v_take + v_unbreak < v_rest then
    v_recovered := least(v_taken.value, v_recovered);
  end if;
  v_result := jsonb_build_object('grantId', p_grant, 'taken', v_take, 'unbroken', v_unbreak,
                                 'recoveredMicros', v_recovered);
  v_posting := ledger_open('collect:' || c.clawback_key || ':' || c.recoveries, 'clawback_recovery', g.user_id, null,
                           jsonb_build_object('clawback', c.clawback_key), v_result, p_now);
  update ledger_clawbacks
  set taken_seconds = taken_seconds + v_take, unbroken_seconds = unbroken_seconds + v_unbreak,
      recovered_micros = recovered_micros + v_recovered, recoveries = recoveries + 1
  where clawback_key = c.clawback_key;
  perform ledger_enter(v_posting, v_taken.lines || array[
    ('clawback_receivable', 'usd_micro', -v_recovered, g.user_id, p_grant, null)::ledger_line,
    ('concession', 'usd_micro', v_recovered - v_taken.value, null, p_grant, null)::ledger_line]);
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

-- A dispute won, or a refund that failed. Credits of a grant that expired meanwhile come back as breakage.
create function ledger_claw_back_undo(p_key text, p_now timestamptz) returns ledger_answer language plpgsql as $$
declare
  v_key text := 'undo:' || p_key;
  v_body jsonb := jsonb_build_object('clawback', p_key);
  c ledger_clawbacks;
  g ledger_grants;
  v_answer ledger_answer;
  v_available bigint;
  v_broken bigint;
  v_value bigint;
  v_breakage bigint;
  v_outstanding bigint;
  v_result jsonb;
  v_posting bigint;
begin
  select * into g from ledger_grants
  where grant_id = (select grant_id from ledger_clawbacks where clawback_key = p_key) for update;
  if not found then
    return ('unknown_clawback', null, null)::ledger_answer;
  end if;
  v_answer := ledger_repeat(v_key, v_body);
  if v_answer.outcome is not null then
    return v_answer;
  end if;
  select * into strict c from ledger_clawbacks where clawback_key = p_key;
  v_available := case when g.closed_at is not null or g.expires_at <= p_now then 0 else c.taken_seconds end;
  v_broken := c.unbroken_seconds + c.taken_seconds - v_available;
  v_value := g.refunded_micros
    - ledger_given_back(g.price_paid_micros, g.seconds, g.refunded_seconds - v_available - v_broken);
  v_breakage := ledger_earned(g.price_paid_micros, g.seconds, g.captured_seconds + g.broken_seconds + v_broken)
    - ledger_earned(g.price_paid_micros, g.seconds, g.captured_seconds + g.broken_seconds);
  v_outstanding := c.receivable_micros - c.recovered_micros;
  v_result := jsonb_build_object('grantId', g.grant_id, 'available', v_available, 'broken', v_broken);
  v_posting := ledger_open(v_key, 'clawback_undone', g.user_id, null, v_body, v_result, p_now);
  update ledger_grants
  set available_seconds = available_seconds + v_available, broken_seconds = broken_seconds + v_broken,
      refunded_seconds = refunded_seconds - v_available - v_broken, refunded_micros = refunded_micros - v_value,
      breakage_micros = breakage_micros + v_breakage
  where grant_id = g.grant_id;
  update ledger_clawbacks set undone = true where clawback_key = p_key;
  perform ledger_enter(v_posting, array[
    ('user_available', 'credit_second', v_available, g.user_id, g.grant_id, null)::ledger_line,
    ('liability', 'credit_second', -v_available, null, g.grant_id, null)::ledger_line,
    ('cash', 'usd_micro', c.amount_micros, null, g.grant_id, null)::ledger_line,
    ('liability', 'usd_micro', v_breakage - v_value, null, g.grant_id, null)::ledger_line,
    ('breakage', 'usd_micro', -v_breakage, null, g.grant_id, null)::ledger_line,
    ('clawback_receivable', 'usd_micro', -v_outstanding, g.user_id, g.grant_id, null)::ledger_line,
    ('concession', 'usd_micro', v_value + v_outstanding - c.amount_micros, null, g.grant_id, null)::ledger_line]);
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

-- Gives back what a call was charged, the last slices first, each at the revenue recorded for it. What belonged to a
-- grant that has expired comes back as a goodwill grant. Outcomes: posted, repeated, conflict, unknown_hold, resolved
-- (it was not captured), exceeds.
create function ledger_reverse(p_hold uuid, p_key text, p_seconds bigint, p_reason text, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_key text := 'reverse:' || p_key;
  v_body jsonb := jsonb_build_object('hold', p_hold, 'seconds', p_seconds, 'reason', p_reason);
  v_goodwill uuid := md5(v_key)::uuid;
  v_hold ledger_holds;
  v_slice record;
  g ledger_grants;
  v_answer ledger_answer;
  v_left bigint := p_seconds;
  v_take bigint;
  v_recorded bigint;
  v_earned bigint;
  v_breakage bigint;
  v_replaced bigint := 0;
  v_revenue bigint := 0;
  v_lines ledger_line[] := '{}';
  v_result jsonb;
  v_posting bigint;
begin
  select * into v_hold from ledger_holds where hold_id = p_hold for update;
  if not found then
    return ('unknown_hold', null, null)::ledger_answer;
  end if;
  v_answer := ledger_repeat(v_key, v_body);
  if v_answer.outcome is not null then
    return v_answer;
  end if;
  if v_hold.state <> 'captured' then
    return ('resolved', null, jsonb_build_object('state', v_hold.state))::ledger_answer;
  end if;
  perform from ledger_grants where grant_id in (select grant_id from ledger_hold_slices where hold_id = p_hold)
  order by grant_id for update;
  select coalesce(sum(captured_seconds - reversed_seconds), 0) into v_take
  from ledger_hold_slices where hold_id = p_hold;
  if v_take < p_seconds then
    return ('exceeds', null, jsonb_build_object('reversible', v_take, 'requested', p_seconds))::ledger_answer;
  end if;
  for v_slice in
    select * from ledger_hold_slices
    where hold_id = p_hold and captured_seconds > reversed_seconds order by ordinal desc
  loop
    exit when v_left = 0;
    select * into strict g from ledger_grants where grant_id = v_slice.grant_id;
    v_take := least(v_left, v_slice.captured_seconds - v_slice.reversed_seconds);
    v_left := v_left - v_take;
    if g.closed_at is not null or g.expires_at <= p_now then
      v_replaced := v_replaced + v_take;
      update ledger_hold_slices set reversed_seconds = reversed_seconds + v_take
      where hold_id = p_hold and grant_id = v_slice.grant_id;
      continue;
    end if;
    v_recorded := case when v_take = v_slice.captured_seconds - v_slice.reversed_seconds
                       then v_slice.revenue_micros - v_slice.reversed_micros
                       else v_slice.revenue_micros * v_take / v_slice.captured_seconds end;
    v_earned := ledger_earned(g.price_paid_micros, g.seconds, g.captured_seconds + g.broken_seconds)
      - ledger_earned(g.price_paid_micros, g.seconds, g.captured_seconds + g.broken_seconds - v_take);
    v_breakage := greatest(0, v_earned - g.revenue_micros);
    v_revenue := v_revenue + v_recorded;
    update ledger_hold_slices
    set reversed_seconds = reversed_seconds + v_take, reversed_micros = reversed_micros + v_recorded
    where hold_id = p_hold and grant_id = v_slice.grant_id;
    update ledger_grants
    set available_seconds = available_seconds + v_take, captured_seconds = captured_seconds - v_take,
        revenue_micros = revenue_micros - (v_earned - v_breakage), breakage_micros = breakage_micros - v_breakage
    where grant_id = g.grant_id;
    v_lines := v_lines || array[
      ('user_available', 'credit_second', v_take, g.user_id, g.grant_id, null)::ledger_line,
      (case when g.price_paid_micros > 0 then 'liability' else 'promo' end, 'credit_second', -v_take, null, g.grant_id,
       null)::ledger_line,
      ('revenue', 'usd_micro', v_recorded, null, g.grant_id, p_hold)::ledger_line,
      -- What is earned of a grant stays in step with its seconds: a micro of rounding may be left.
      ('revenue', 'usd_micro', v_earned - v_breakage - v_recorded, null, g.grant_id, null)::ledger_line,
      ('breakage', 'usd_micro', v_breakage, null, g.grant_id, null)::ledger_line,
      ('liability', 'usd_micro', -v_earned, null, g.grant_id, null)::ledger_line];
  end loop;
  if v_replaced > 0 then
    insert into ledger_grants (grant_id, user_id, source, seconds, price_paid_micros, priority, granted_at,
                               available_seconds)
    values (v_goodwill, v_hold.user_id, 'goodwill', v_replaced, 0, 100, p_now, v_replaced);
    v_lines := v_lines || array[
      ('user_available', 'credit_second', v_replaced, v_hold.user_id, v_goodwill, null)::ledger_line,
      ('promo', 'credit_second', -v_replaced, null, v_goodwill, null)::ledger_line];
  end if;
  v_result := jsonb_build_object('holdId', p_hold, 'returned', p_seconds, 'replaced', v_replaced,
                                 'revenueMicros', v_revenue);
  v_posting := ledger_open(v_key, 'reversal', v_hold.user_id, p_hold, v_body, v_result, p_now);
  perform ledger_enter(v_posting, v_lines);
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

-- Fees of payments and disputes. An estimate stands until the actual fee is known; then the difference is posted.
create table ledger_fees (
  payment       text not null,
  revision      integer not null,
  amount_micros bigint not null,
  estimated     boolean not null,
  posting_id    bigint,
  primary key (payment, revision),
  constraint ledger_fees_bounds check (amount_micros >= 0 and revision >= 0)
);
create trigger ledger_fees_append_only before update or delete on ledger_fees
  for each row execute function ledger_refuse_change();

-- Outcomes: posted; repeated when this fee is booked already, or is an estimate of what is known.
create function ledger_fee(p_payment text, p_amount bigint, p_estimated boolean, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  v_last ledger_fees;
  v_revision integer;
  v_result jsonb := jsonb_build_object('amountMicros', p_amount, 'estimated', p_estimated);
  v_posting bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('fee:' || p_payment, 0));
  select * into v_last from ledger_fees where payment = p_payment order by revision desc limit 1;
  if found and (p_estimated or (v_last.amount_micros = p_amount and not v_last.estimated)) then
    return ('repeated', v_last.posting_id, jsonb_build_object('amountMicros', v_last.amount_micros,
                                                              'estimated', v_last.estimated))::ledger_answer;
  end if;
  v_revision := coalesce(v_last.revision + 1, 0);
  if p_amount <> coalesce(v_last.amount_micros, 0) then
    v_posting := ledger_open('fee:' || p_payment || ':' || v_revision, 'card_fee', null, null,
                             jsonb_build_object('payment', p_payment) || v_result, v_result, p_now);
    perform ledger_enter(v_posting, array[
      ('fees', 'usd_micro', p_amount - coalesce(v_last.amount_micros, 0), null, null, null)::ledger_line,
      ('cash', 'usd_micro', coalesce(v_last.amount_micros, 0) - p_amount, null, null, null)::ledger_line]);
  end if;
  insert into ledger_fees values (p_payment, v_revision, p_amount, p_estimated, v_posting);
  return ('posted', v_posting, v_result)::ledger_answer;
end $$;

create or replace function ledger_due(p_now timestamptz, p_limit integer)
returns table (what text, subject uuid) language sql stable as $$
  (select 'hold', hold_id from ledger_holds
   where state = 'open' and expires_at <= p_now and (not dial_intended or flagged_at is null)
   order by expires_at limit p_limit)
  union all
  (select distinct 'clawback', c.grant_id from ledger_clawbacks c join ledger_grants g using (grant_id)
   where not c.undone and c.taken_seconds + c.unbroken_seconds < c.seconds_due
     and g.available_seconds + g.broken_seconds > 0
   limit p_limit)
  union all
  (select 'grant', grant_id from ledger_grants
   where closed_at is null and expires_at <= p_now order by expires_at limit p_limit);
$$;

create or replace function ledger_audit_grants(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  with entered as (
    select grant_id, coalesce(sum(amount) filter (where account = 'user_available'), 0) as available,
           coalesce(sum(amount) filter (where account = 'user_held'), 0) as held,
           coalesce(sum(amount) filter (where account = 'liability' and unit = 'usd_micro'), 0) as liability,
           coalesce(-sum(amount) filter (where account = 'revenue'), 0) as revenue,
           coalesce(-sum(amount) filter (where account = 'breakage'), 0) as breakage
    from ledger_entries where grant_id is not null group by grant_id
  ), running as (
    select posting_id, account, grant_id, hold_id,
           sum(amount) over (partition by account, grant_id, hold_id order by posting_id) as balance
    from ledger_entries where account in ('user_available', 'user_held')
  )
  (select 'balance_negative', 'grant ' || grant_id, account || ' is ' || min(balance) || ' s at posting '
          || min(posting_id), ledger_evidence(null, grant_id, null)
   from running where balance < 0 group by account, grant_id limit p_limit)
  union all
  (select 'grant_balance', 'grant ' || g.grant_id,
          'available ' || g.available_seconds || ' s and held ' || g.held_seconds || ' s, entries say '
          || coalesce(e.available, 0) || ' s and ' || coalesce(e.held, 0) || ' s', ledger_evidence(null, g.grant_id, null)
   from ledger_grants g left join entered e using (grant_id)
   where (coalesce(e.available, 0), coalesce(e.held, 0)) <> (g.available_seconds, g.held_seconds)
      or g.available_seconds < 0 or g.held_seconds < 0 limit p_limit)
  union all
  (select 'grant_seconds', 'grant ' || grant_id, 'the parts do not sum to ' || seconds || ' s',
          ledger_evidence(null, grant_id, null)
   from ledger_grants
   where available_seconds + held_seconds + captured_seconds + broken_seconds + refunded_seconds <> seconds
   limit p_limit)
  union all
  (select 'grant_money', 'grant ' || g.grant_id,
          'paid ' || g.price_paid_micros || ', revenue ' || g.revenue_micros || ', breakage ' || g.breakage_micros
          || ' for ' || (g.captured_seconds + g.broken_seconds) || ' of ' || g.seconds || ' s, given back '
          || g.refunded_micros || ' for ' || g.refunded_seconds || ' s; entries say revenue '
          || coalesce(e.revenue, 0) || ', breakage ' || coalesce(e.breakage, 0) || ', liability '
          || coalesce(e.liability, 0), ledger_evidence(null, g.grant_id, null)
   from ledger_grants g left join entered e using (grant_id)
   where (coalesce(e.revenue, 0), coalesce(e.breakage, 0)) <> (g.revenue_micros, g.breakage_micros)
      or -coalesce(e.liability, 0)
         <> g.price_paid_micros - g.revenue_micros - g.breakage_micros - g.refunded_micros
      or g.revenue_micros + g.breakage_micros
         <> ledger_earned(g.price_paid_micros, g.seconds, g.captured_seconds + g.broken_seconds)
      or g.refunded_micros <> ledger_given_back(g.price_paid_micros, g.seconds, g.refunded_seconds) limit p_limit)
  union all
  (select 'grant_unknown', 'grant ' || e.grant_id, 'entries of a grant that does not exist',
          ledger_evidence(null, e.grant_id, null)
   from entered e left join ledger_grants g using (grant_id) where g.grant_id is null limit p_limit)
$$;

-- Claw-backs and fees against the entries; what a grant gave back against the claw-backs that took it.
create function ledger_audit_taken_back(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  with claimed as (
    select grant_id, sum(taken_seconds + unbroken_seconds) filter (where not undone) as seconds,
           sum(receivable_micros - recovered_micros) filter (where not undone) as receivable,
           sum(amount_micros) filter (where not undone) as amount
    from ledger_clawbacks group by grant_id
  ), entered as (
    select grant_id, coalesce(sum(amount) filter (where account = 'clawback_receivable'), 0) as receivable,
           coalesce(sum(amount) filter (where account = 'cash'), 0) as cash
    from ledger_entries where grant_id is not null group by grant_id
  )
  (select 'grant_taken_back', 'grant ' || g.grant_id,
          g.refunded_seconds || ' s given back, claw-backs say ' || coalesce(c.seconds, 0) || ' s; receivable '
          || coalesce(c.receivable, 0) || ', entries say ' || coalesce(e.receivable, 0) || '; cash '
          || (g.price_paid_micros - coalesce(c.amount, 0)) || ', entries say ' || coalesce(e.cash, 0),
          ledger_evidence(null, g.grant_id, null)
   from ledger_grants g left join claimed c using (grant_id) left join entered e using (grant_id)
   where g.refunded_seconds <> coalesce(c.seconds, 0) or coalesce(c.receivable, 0) <> coalesce(e.receivable, 0)
      or g.price_paid_micros - coalesce(c.amount, 0) <> coalesce(e.cash, 0)
      or coalesce(c.amount, 0) > g.price_paid_micros limit p_limit)
  union all
  (select 'slice_reversed', 'hold ' || s.hold_id,
          'of grant ' || s.grant_id || ' ' || s.reversed_micros || ' micros reversed, entries say '
          || coalesce(e.amount, 0), ledger_evidence(null, null, s.hold_id)
   from ledger_hold_slices s
   left join (select e.hold_id, e.grant_id, sum(e.amount) as amount
              from ledger_entries e join ledger_postings p on p.id = e.posting_id
              where p.kind = 'reversal' and e.account = 'revenue' and e.hold_id is not null
              group by e.hold_id, e.grant_id) e
     on e.hold_id = s.hold_id and e.grant_id = s.grant_id
   where s.reversed_micros <> coalesce(e.amount, 0) limit p_limit)
  union all
  (select 'fees', 'payment ' || f.payment, 'the last fee is ' || f.amount_micros || ', entries say '
          || coalesce(e.amount, 0), ledger_evidence(f.posting_id, null, null)
   from (select distinct on (payment) * from ledger_fees order by payment, revision desc) f
   left join (select l.payment, sum(amount) as amount from ledger_fees l join ledger_entries e using (posting_id)
              where e.account = 'fees' group by l.payment) e using (payment)
   where f.amount_micros <> coalesce(e.amount, 0) limit p_limit)
$$;

create or replace function ledger_audit(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  select * from ledger_audit_postings(p_limit)
  union all select * from ledger_audit_holds(p_limit)
  union all select * from ledger_audit_grants(p_limit)
  union all select * from ledger_audit_taken_back(p_limit)
  union all select * from cost_audit(p_limit);
$$;
