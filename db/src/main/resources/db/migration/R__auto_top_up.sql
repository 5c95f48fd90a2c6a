-- Auto top-up as it is now. Each function first locks the row of auto_topups, so that looks, payments and changes of one person
-- take turns; purchases come after it.

create or replace function auto_topup_month(p_now timestamptz) returns date language sql immutable as $$
  select date_trunc('month', p_now at time zone 'UTC')::date
$$;

-- What counts against a month's cap: all that was bought, or still may be. Also what was refunded since.
create or replace function auto_topup_counted(p_id uuid, p_month date) returns bigint language sql stable as $$
  select coalesce(sum(amount_micros), 0)::bigint from purchases
  where topup_id = p_id and topup_month = p_month and status not in ('FAILED', 'EXPIRED')
$$;

-- Stops until the person does something, and owes an e-mail.
create or replace function auto_topup_stop(p_id uuid, p_reason text, p_ref text, p_now timestamptz)
returns void language plpgsql as $$
begin
  update auto_topups set status = 'NEEDS_ATTENTION', status_reason = p_reason, start_due_at = null, updated_at = p_now
  where id = p_id and status = 'ON';
  if found then
    insert into auto_topup_notices values (p_id, 'needs_attention', p_ref, p_reason, p_now, p_now)
    on conflict on constraint auto_topup_notices_once do nothing;
  end if;
end $$;

create or replace function auto_topup_cap_reached(p_id uuid, p_month date, p_now timestamptz)
returns void language sql as $$
  insert into auto_topup_notices values (p_id, 'cap_reached', to_char(p_month, 'YYYY-MM'), 'monthly_cap', p_now, p_now)
  on conflict on constraint auto_topup_notices_once do nothing
$$;

-- Looks at the credit and begins a purchase if it is below the threshold. Outcomes: off, under_way, enough, stopped, cap_reached,
-- begun. The purchase is under the key of its crossing, and there is one at a time.
create or replace function auto_topup_look(p_id uuid, p_purchase uuid, p_now timestamptz) returns text language plpgsql as $$
declare
  t auto_topups;
  v_product products;
  v_month date := auto_topup_month(p_now);
begin
  select * into strict t from auto_topups where id = p_id for update;
  if t.status <> 'ON' or not exists (select from users where id = t.user_id and status = 'active') then
    return 'off';
  elsif exists (select from purchases where topup_id = p_id and status in ('NEW', 'OPEN', 'PROCESSING')) then
    return 'under_way';
  elsif (select available from ledger_balance(t.user_id, p_now)) >= t.threshold_seconds then
    return 'enough';
  elsif exists (select from purchases p join ledger_clawbacks k on k.grant_id = p.grant_id and not k.undone
                join ledger_postings o on o.id = k.posting_id
                where p.topup_id = p_id and o.occurred_at >= t.consented_at) then
    -- Who got money back for one does not want the next.
    perform auto_topup_stop(p_id, 'payment_returned', 'returned-' || t.crossings, p_now);
    return 'stopped';
  elsif exists (select from purchases where topup_id = p_id and status = 'CASE' and created_at >= t.consented_at) then
    perform auto_topup_stop(p_id, 'being_looked_at', 'case-' || t.crossings, p_now);
    return 'stopped';
  end if;
  select * into v_product from products where code = t.product_code and active and kind = 'pack';
  if not found then
    perform auto_topup_stop(p_id, 'product_retired', 'retired-' || t.crossings, p_now);
    return 'stopped';
  elsif auto_topup_counted(p_id, v_month) + v_product.price_micros > t.monthly_cap_micros then
    perform auto_topup_cap_reached(p_id, v_month, p_now);
    return 'cap_reached';
  end if;
  update auto_topups set crossings = crossings + 1 where id = p_id returning * into t;
  insert into purchases (id, user_id, product_code, quantity, amount_micros, seconds, status, idempotency_key, request,
                         created_at, updated_at, start_due_at, topup_id, topup_month)
  values (p_purchase, t.user_id, v_product.code, 1, v_product.price_micros, v_product.seconds, 'NEW',
          'auto-topup:' || t.crossings, jsonb_build_object('product', v_product.code, 'crossing', t.crossings),
          p_now, p_now, p_now, p_id, v_month)
  on conflict do nothing;
  return case when found then 'begun' else 'under_way' end;
end $$;

-- The last question before money moves: 'go', or why not; then the purchase has failed for that reason. A payment that was begun
-- in another month counts against the month it is made in.
create or replace function auto_topup_may_charge(p_purchase uuid, p_now timestamptz) returns text language plpgsql as $$
declare
  t auto_topups;
  p purchases;
  v_month date := auto_topup_month(p_now);
  v_why text;
begin
  select a.* into strict t from auto_topups a join purchases q on q.topup_id = a.id where q.id = p_purchase for update of a;
  select * into strict p from purchases where id = p_purchase for update;
  if p.status <> 'OPEN' then
    return coalesce(p.status_reason, 'over');
  elsif t.status <> 'ON' then
    v_why := 'switched_off';
  elsif (select available from ledger_balance(t.user_id, p_now)) >= t.threshold_seconds then
    v_why := 'not_needed';
  elsif auto_topup_counted(t.id, v_month) + (case when p.topup_month = v_month then 0 else p.amount_micros end)
        > t.monthly_cap_micros then
    v_why := 'monthly_cap';
    perform auto_topup_cap_reached(t.id, v_month, p_now);
  end if;
  if v_why is null then
    update purchases set topup_month = v_month, updated_at = p_now where id = p_purchase;
    return 'go';
  end if;
  update purchases set status = 'FAILED', status_reason = v_why, updated_at = p_now where id = p_purchase;
  return v_why;
end $$;

-- The card was refused: nothing is tried again until the person acts. In one step, or the next look would try it.
create or replace function auto_topup_failed(p_purchase uuid, p_reason text, p_now timestamptz) returns void
language plpgsql as $$
declare
  v_id uuid;
begin
  select topup_id into strict v_id from purchases where id = p_purchase;
  perform from auto_topups where id = v_id for update;
  update purchases set status = 'FAILED', status_reason = p_reason, updated_at = p_now
  where id = p_purchase and status in ('NEW', 'OPEN', 'PROCESSING');
  if found then
    perform auto_topup_stop(v_id, p_reason, p_purchase::text, p_now);
  end if;
end $$;

-- Switches on, or changes: 'set', or why not, with the bound that was passed. Asks for a card if there is none, or another is
-- wanted.
create or replace function auto_topup_set(p_id uuid, p_user uuid, p_product text, p_threshold bigint, p_cap bigint,
                                          p_setup uuid, p_new_card boolean, p_now timestamptz)
returns table (outcome text, bound bigint) language plpgsql as $$
declare
  v_product products;
  t auto_topups;
begin
  select * into v_product from products where code = p_product and active and kind = 'pack';
  if not found then
    return query select 'not_a_pack', null::bigint;
    return;
  elsif p_threshold > v_product.seconds then
    -- Else one pack would not end it.
    return query select 'threshold_too_high', v_product.seconds;
    return;
  elsif p_cap < v_product.price_micros then
    return query select 'cap_too_low', v_product.price_micros;
    return;
  end if;
  insert into auto_topups (id, user_id, status, product_code, threshold_seconds, monthly_cap_micros, consented_at, created_at,
                           updated_at)
  values (p_id, p_user, 'AWAITING_CARD', p_product, p_threshold, p_cap, p_now, p_now, p_now)
  on conflict on constraint auto_topups_one_per_user do update
  set product_code = p_product, threshold_seconds = p_threshold, monthly_cap_micros = p_cap, consented_at = p_now,
      updated_at = p_now, status_reason = null
  returning * into t;
  if t.payment_method is null or p_new_card then
    insert into card_setups (id, topup_id, status, created_at, updated_at, start_due_at)
    values (p_setup, t.id, 'NEW', p_now, p_now, p_now) on conflict do nothing;
  end if;
  -- One that is on stays so, with the card it has, until another is there.
  if t.payment_method is not null and (t.status = 'ON' or not p_new_card) then
    update auto_topups set status = 'ON', start_due_at = '-infinity' where id = t.id;
  else
    update auto_topups set status = 'AWAITING_CARD', start_due_at = null where id = t.id;
  end if;
  return query select 'set', null::bigint;
end $$;

-- At once: what has not been paid by now is not paid, and the card is not kept (trigger auto_topups_card_gone).
create or replace function auto_topup_off(p_user uuid, p_now timestamptz) returns void language plpgsql as $$
declare
  v_id uuid;
begin
  update auto_topups set status = 'OFF', status_reason = null, start_due_at = null, updated_at = p_now,
    payment_method = null, card_brand = null, card_last4 = null, card_expires = null
  where user_id = p_user returning id into v_id;
  update card_setups set status = 'WITHDRAWN', updated_at = p_now, start_due_at = p_now
  where topup_id = v_id and status in ('NEW', 'OPEN');
end $$;

-- A card is saved; one that nobody waits for any more is not kept.
create or replace function card_setup_saved(p_setup uuid, p_customer text, p_method text, p_brand text, p_last4 text,
                                            p_expires text, p_now timestamptz) returns boolean language plpgsql as $$
declare
  v_id uuid;
begin
  select topup_id into strict v_id from card_setups where id = p_setup;
  perform from auto_topups where id = v_id for update;
  update card_setups set status = 'SAVED', updated_at = p_now where id = p_setup and status = 'OPEN';
  if not found then
    insert into card_detachments (payment_method, asked_at, detach_at) select p_method, p_now, p_now
    where not exists (select from auto_topups where payment_method = p_method)
    on conflict on constraint card_detachments_once do nothing;
    return false;
  end if;
  update auto_topups
  set customer = p_customer, payment_method = p_method, card_brand = p_brand, card_last4 = p_last4, card_expires = p_expires,
      status_reason = null, updated_at = p_now, start_due_at = '-infinity', status = 'ON'
  where id = v_id;
  return true;
end $$;

-- No card came of it: one that waited for it is off, or still needs attention.
create or replace function card_setup_ended(p_setup uuid, p_status text, p_now timestamptz) returns void language plpgsql as $$
declare
  v_id uuid;
begin
  select topup_id into strict v_id from card_setups where id = p_setup;
  perform from auto_topups where id = v_id for update;
  update card_setups set status = p_status, updated_at = p_now where id = p_setup and status in ('NEW', 'OPEN');
  if found then
    update auto_topups set status = 'OFF', status_reason = 'card_not_saved', updated_at = p_now,
      payment_method = null, card_brand = null, card_last4 = null, card_expires = null
    where id = v_id and status = 'AWAITING_CARD';
  end if;
end $$;
