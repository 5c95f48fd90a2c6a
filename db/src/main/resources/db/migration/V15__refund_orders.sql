-- Refunds that finance has ordered, from the order to what the payment vendor answered. Credits go when the vendor says
-- that the money went, as for any other refund: see ledger_claw_back.

create table refund_orders (
  id               uuid primary key,
  purchase_id      uuid not null references purchases (id),
  idempotency_key  text not null,
  request          jsonb not null,
  ordered_by       uuid not null references users (id),
  amount_micros    bigint not null,
  note             text not null,
  status           text not null default 'ORDERED',
  status_reason    text,
  vendor_refund_id text,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  -- When somebody next makes sure that the order has its workflow; null when it is over.
  start_due_at     timestamptz,
  constraint refund_orders_once unique (purchase_id, idempotency_key),
  constraint refund_orders_vendor_once unique (vendor_refund_id),
  constraint refund_orders_amount check (amount_micros > 0 and amount_micros % 10000 = 0),
  constraint refund_orders_status check (
    status = 'ORDERED' and vendor_refund_id is null
    or status = 'ISSUED' and vendor_refund_id is not null
    or status = 'FAILED')
);
create index refund_orders_to_start on refund_orders (start_due_at) where start_due_at is not null;

-- What may still be refunded of a purchase: what was paid, less what went back by any way, less what is on its way.
create function refund_left(p purchases) returns bigint language sql stable as $$
  select (select coalesce(sum(amount_micros), 0) from credited_payments where purchase_id = p.id)
       - (select coalesce(sum(amount_micros), 0) from ledger_clawbacks where grant_id = p.grant_id and not undone)
       - (select coalesce(sum(o.amount_micros), 0) from refund_orders o
          where o.purchase_id = p.id and o.status <> 'FAILED'
            and not exists (select from ledger_clawbacks k where k.clawback_key = o.vendor_refund_id))
$$;

-- Orders a refund; a null amount means all that is left. Outcomes: ordered, repeated, conflict, unknown_purchase, not_paid,
-- disputed, exceeds (with what is left).
create function refund_order_accept(p_id uuid, p_purchase uuid, p_by uuid, p_key text, p_amount bigint, p_note text,
                                    p_now timestamptz)
returns table (outcome text, order_id uuid, left_micros bigint) language plpgsql as $$
declare
  v_request jsonb := jsonb_build_object('amountMicros', p_amount, 'note', p_note);
  p purchases;
  v_known refund_orders;
  v_left bigint;
begin
  -- One order of a purchase at a time, so that two never spend the same rest.
  select * into p from purchases where id = p_purchase for update;
  if not found then
    return query select 'unknown_purchase', null::uuid, null::bigint;
    return;
  end if;
  select * into v_known from refund_orders o where o.purchase_id = p_purchase and o.idempotency_key = p_key;
  if found then
    return query select case when v_known.request = v_request then 'repeated' else 'conflict' end, v_known.id,
                        null::bigint;
    return;
  elsif p.grant_id is null then
    return query select 'not_paid', null::uuid, null::bigint;
    return;
  elsif exists (select from ledger_clawbacks k where k.grant_id = p.grant_id and k.kind = 'dispute' and not k.undone) then
    return query select 'disputed', null::uuid, null::bigint;
    return;
  end if;
  v_left := refund_left(p);
  if v_left <= 0 or p_amount > v_left then
    return query select 'exceeds', null::uuid, greatest(0, v_left);
    return;
  end if;
  insert into refund_orders (id, purchase_id, idempotency_key, request, ordered_by, amount_micros, note, created_at,
                             updated_at, start_due_at)
  values (p_id, p_purchase, p_key, v_request, p_by, coalesce(p_amount, v_left), p_note, p_now, p_now, p_now);
  return query select 'ordered', p_id, null::bigint;
end $$;
