-- Subscriptions: what was asked for, what the payment vendor says of it, what each paid invoice brought, and how many calls a
-- period has had. docs/subscriptions.md.

-- By fair use nobody counts minutes; still each call must end. A period holds the talk of as many calls of this length as
-- fair use allows.
alter table products add column fair_use_call_seconds integer;
update products set fair_use_call_seconds = 900 where code = 'plan_pro';
alter table products add constraint products_fair_use check (
  (fair_use_limit_calls is null) = (fair_use_call_seconds is null)
  and (kind <> 'plan' or num_nonnulls(seconds, fair_use_limit_calls) = 1));

create table subscriptions (
  id                  uuid primary key,
  user_id             uuid not null references users (id),
  -- What is paid for from the next period on; of the current one see subscription_periods.
  plan_code           text not null references products (code),
  status              text not null default 'NEW',
  status_reason       text,
  idempotency_key     text not null,
  request             jsonb not null,
  checkout_session    text,
  checkout_url        text,
  checkout_expires_at timestamptz,
  -- Another plan was chosen before this one was paid: its checkout is to be closed.
  superseded          boolean not null default false,
  vendor_subscription text,
  period_start        timestamptz,
  period_end          timestamptz,
  ends_at_period_end  boolean not null default false,
  created_at          timestamptz not null,
  updated_at          timestamptz not null,
  -- When somebody next makes sure that the subscription has its workflow; null when it is over.
  start_due_at        timestamptz,
  constraint subscriptions_once_per_key unique (user_id, idempotency_key),
  constraint subscriptions_session_once unique (checkout_session),
  constraint subscriptions_vendor_once unique (vendor_subscription),
  constraint subscriptions_status check (status in
    ('NEW', 'OPEN', 'ACTIVE', 'PAST_DUE', 'ENDED', 'EXPIRED', 'FAILED'))
);
create index subscriptions_to_start on subscriptions (start_due_at) where start_due_at is not null;
create index subscriptions_by_user on subscriptions (user_id, created_at desc);

-- What each paid invoice brought: a whole period, or (reason 'update') more for the rest of one.
create table subscription_periods (
  invoice_id      text not null,
  subscription_id uuid not null references subscriptions (id),
  user_id         uuid not null references users (id),
  reason          text not null,
  plan_code       text not null references products (code),
  starts_at       timestamptz not null,
  ends_at         timestamptz not null,
  seconds         bigint not null,
  calls           bigint not null,
  amount_micros   bigint not null,
  grant_id        uuid not null,
  -- Null when nothing was to pay.
  payment_intent  text,
  fee_known       boolean not null,
  booked_at       timestamptz not null,
  -- An invoice brings its period once.
  constraint subscription_periods_once primary key (invoice_id),
  constraint subscription_periods_grant_once unique (grant_id),
  constraint subscription_periods_reason check (reason in ('create', 'cycle', 'update')),
  constraint subscription_periods_time check (ends_at > starts_at)
);
create index subscription_periods_by_user on subscription_periods (user_id, ends_at);
create index subscription_periods_of on subscription_periods (subscription_id, starts_at);

-- What a person wants changed, from the wish to the payment vendor's answer; carried out in order.
create table subscription_orders (
  id              uuid primary key,
  seq             bigint generated always as identity,
  subscription_id uuid not null references subscriptions (id),
  kind            text not null,
  plan_code       text references products (code),
  idempotency_key text not null,
  status          text not null default 'ORDERED',
  status_reason   text,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  constraint subscription_orders_once unique (subscription_id, idempotency_key),
  constraint subscription_orders_kind check (kind in ('change_plan', 'cancel', 'resume')),
  constraint subscription_orders_plan check ((kind = 'change_plan') = (plan_code is not null)),
  constraint subscription_orders_status check (status in ('ORDERED', 'DONE', 'REFUSED'))
);

-- An e-mail owed, once per fact, however often it is noticed.
create table subscription_notices (
  subscription_id uuid not null references subscriptions (id),
  kind            text not null,
  ref             text not null,
  noticed_at      timestamptz not null,
  outcome         text,
  constraint subscription_notices_once primary key (subscription_id, kind, ref),
  constraint subscription_notices_kind check (kind in ('receipt', 'payment_failed', 'fair_use', 'ending', 'ended'))
);

-- Which calls came under a plan. Beyond: the period's calls were used up, so other credits pay, at each step of the call.
create table plan_calls (
  call_id    uuid not null,
  user_id    uuid not null,
  beyond     boolean not null,
  counted_at timestamptz not null,
  constraint plan_calls_once primary key (call_id)
);
create index plan_calls_by_user on plan_calls (user_id, counted_at);

alter table payment_events add column subscription_id uuid;

-- A call counts once its talk was set aside from a plan and it was charged, or still may be.
create function plan_calls_used(p_user uuid, p_from timestamptz, p_except uuid) returns bigint language sql stable as $$
  select count(*) from plan_calls c
  where c.user_id = p_user and c.counted_at >= p_from and not c.beyond and c.call_id is distinct from p_except
    and (exists (select from ledger_hold_slices s
                 join ledger_grants g on g.grant_id = s.grant_id and g.source = 'subscription'
                 join ledger_holds h on h.hold_id = s.hold_id
                 where s.hold_id = c.call_id and (h.resolved_at is null or s.captured_seconds > 0))
         or exists (select from calls k where k.id = c.call_id and k.status = 'DUE'
                    and not exists (select from ledger_holds h where h.hold_id = c.call_id)))
$$;

-- How a person's plan stands in the period of now; no row for who has none. warning_calls is null but by fair use.
create function plan_standing(p_user uuid, p_now timestamptz, p_except uuid)
returns table (subscription_id uuid, plan_code text, starts_at timestamptz, ends_at timestamptz, calls_limit bigint,
               calls_used bigint, warning_calls bigint, further_call_micros bigint, seconds bigint,
               available_seconds bigint)
language sql stable as $$
  with running as materialized (
    select p.*, g.available_seconds from subscription_periods p join ledger_grants g using (grant_id)
    where p.user_id = p_user and p.starts_at <= p_now and p.ends_at > p_now
  ), total as (
    select min(r.starts_at) as starts_at, sum(r.calls)::bigint as calls, sum(r.seconds)::bigint as seconds,
           sum(r.available_seconds)::bigint as available
    from running r
  )
  select l.subscription_id, l.plan_code, t.starts_at, l.ends_at, t.calls, plan_calls_used(p_user, t.starts_at, p_except),
         -- A plan that began within the period warns in the same proportion.
         q.fair_use_warning_calls * t.calls / nullif(q.fair_use_limit_calls, 0), q.further_call_micros, t.seconds,
         t.available
  from (select * from running order by starts_at desc, booked_at desc limit 1) l
  cross join total t join products q on q.code = l.plan_code
$$;

-- Before a call holds its credits: whether it comes under the plan. 'none', 'counted' or 'beyond'; the same answer again
-- once it holds them. Two calls of a person take turns.
create function plan_call_take(p_call uuid, p_user uuid, p_now timestamptz)
returns table (outcome text, calls_limit bigint, further_call_micros bigint, fair_use boolean) language plpgsql as $$
declare
  v record;
  v_known plan_calls;
  v_beyond boolean;
begin
  if not exists (select from subscription_periods p
                 where p.user_id = p_user and p.starts_at <= p_now and p.ends_at > p_now) then
    return query select 'none', null::bigint, null::bigint, null::boolean;
    return;
  end if;
  perform from users where id = p_user for update;
  select * into v from plan_standing(p_user, p_now, p_call);
  select * into v_known from plan_calls where call_id = p_call;
  if found and exists (select from ledger_holds where hold_id = p_call) then
    v_beyond := v_known.beyond;
  else
    v_beyond := v.calls_used >= v.calls_limit;
    insert into plan_calls values (p_call, p_user, v_beyond, p_now)
    on conflict on constraint plan_calls_once do update set beyond = excluded.beyond, counted_at = excluded.counted_at;
    if v.calls_used + 1 >= v.warning_calls then
      insert into subscription_notices (subscription_id, kind, ref, noticed_at)
      values (v.subscription_id, 'fair_use', to_char(v.ends_at at time zone 'UTC', 'YYYY-MM-DD'), p_now)
      on conflict do nothing;
      if found then
        update subscriptions set start_due_at = p_now where id = v.subscription_id;
      end if;
    end if;
  end if;
  return query select case when v_beyond then 'beyond' else 'counted' end, v.calls_limit, v.further_call_micros,
                      v.warning_calls is not null;
end $$;

-- Whether a hold may use credits of a plan; asked by ledger_burn_for of each such grant.
create function plan_serves(p_hold uuid) returns boolean language sql stable as $$
  select not exists (select from plan_calls where call_id = p_hold and beyond)
$$;

-- What a plan allows beside talk. Who is late with a payment keeps it while the vendor tries again.
create function entitlement_amount(p_user uuid, p_entitlement text, p_now timestamptz)
returns integer language sql stable as $$
  select coalesce(max(e.amount), 0)
  from subscription_periods p join subscriptions s on s.id = p.subscription_id
  join plan_entitlements e on e.plan_code = p.plan_code and e.entitlement = p_entitlement
  where p.user_id = p_user and p.starts_at <= p_now
    and (p.ends_at > p_now
         or s.status = 'PAST_DUE' and p.ends_at = (select max(l.ends_at) from subscription_periods l
                                                   where l.subscription_id = s.id))
$$;

-- Accepts a wish for a plan: 'accepted', 'repeated', 'conflict', or the reason of a refusal. A plan that was chosen before
-- and not paid gives way.
create function subscription_accept(p_id uuid, p_user uuid, p_plan text, p_key text, p_now timestamptz)
returns table (outcome text, subscription_id uuid) language plpgsql as $$
declare
  v_request jsonb := jsonb_build_object('plan', p_plan);
  v_known subscriptions;
  v_kind text;
begin
  perform from users where id = p_user for update;
  select * into v_known from subscriptions s where s.user_id = p_user and s.idempotency_key = p_key;
  if found then
    return query select case when v_known.request = v_request then 'repeated' else 'conflict' end, v_known.id;
    return;
  end if;
  select kind into v_kind from products where code = p_plan and active;
  if not found then
    return query select 'unknown_product', null::uuid;
    return;
  elsif v_kind <> 'plan' then
    return query select 'not_a_plan', null::uuid;
    return;
  elsif exists (select from subscriptions s where s.user_id = p_user and s.status in ('ACTIVE', 'PAST_DUE')) then
    return query select 'exists', null::uuid;
    return;
  end if;
  update subscriptions s set superseded = true, start_due_at = p_now, updated_at = p_now
  where s.user_id = p_user and s.status in ('NEW', 'OPEN');
  insert into subscriptions (id, user_id, plan_code, idempotency_key, request, created_at, updated_at, start_due_at)
  values (p_id, p_user, p_plan, p_key, v_request, p_now, p_now, p_now);
  return query select 'accepted', p_id;
end $$;

-- Accepts a wish to change a subscription: 'ordered', 'repeated', 'conflict', 'nothing' (it stands like that), or the reason
-- of a refusal.
create function subscription_order(p_id uuid, p_subscription uuid, p_kind text, p_plan text, p_key text, p_now timestamptz)
returns text language plpgsql as $$
declare
  s subscriptions;
  v_known subscription_orders;
  v_kind text;
  v_waiting boolean;
begin
  select * into strict s from subscriptions where id = p_subscription for update;
  select * into v_known from subscription_orders where subscription_id = p_subscription and idempotency_key = p_key;
  if found then
    return case when v_known.kind = p_kind and v_known.plan_code is not distinct from p_plan
                then 'repeated' else 'conflict' end;
  end if;
  if p_plan is not null then
    select kind into v_kind from products where code = p_plan and active;
    if not found then
      return 'unknown_product';
    elsif v_kind <> 'plan' then
      return 'not_a_plan';
    end if;
  end if;
  if s.status <> 'ACTIVE' and not (s.status = 'PAST_DUE' and p_kind = 'cancel') then
    return 'state';
  end if;
  v_waiting := exists (select from subscription_orders where subscription_id = s.id and status = 'ORDERED');
  if not v_waiting then
    if p_kind = 'change_plan' and p_plan = s.plan_code then
      return 'same_plan';
    elsif p_kind <> 'change_plan' and s.ends_at_period_end = (p_kind = 'cancel') then
      return 'nothing';
    end if;
  end if;
  insert into subscription_orders (id, subscription_id, kind, plan_code, idempotency_key, created_at, updated_at)
  values (p_id, p_subscription, p_kind, p_plan, p_key, p_now, p_now);
  update subscriptions set start_due_at = p_now where id = p_subscription;
  return 'ordered';
end $$;

-- Credits a paid invoice, once: 'posted', 'repeated', or 'conflict' when it was booked as something else, or its payment
-- bought something else. What was paid is also a purchase, so refunds, disputes, fees and the reconciliation know it.
create function subscription_credit(p_subscription uuid, p_invoice text, p_reason text, p_plan text, p_from timestamptz,
                                    p_until timestamptz, p_seconds bigint, p_calls bigint, p_amount_micros bigint,
                                    p_payment text, p_now timestamptz)
returns text language plpgsql as $$
declare
  s subscriptions;
  v_known subscription_periods;
  v_answer ledger_answer;
  v_grant uuid;
  v_purchase uuid := md5('purchase:invoice:' || p_invoice)::uuid;
begin
  select * into strict s from subscriptions where id = p_subscription for update;
  select * into v_known from subscription_periods where invoice_id = p_invoice;
  if found then
    return case when v_known.subscription_id = p_subscription and v_known.amount_micros = p_amount_micros
                 and v_known.payment_intent is not distinct from p_payment then 'repeated' else 'conflict' end;
  elsif exists (select from credited_payments where payment_intent = p_payment) then
    return 'conflict';
  end if;
  v_answer := ledger_grant('invoice:' || p_invoice, s.user_id, p_seconds, 'subscription', p_amount_micros,
                           (select priority from products where code = p_plan), p_until, p_now);
  v_grant := (v_answer.result ->> 'grantId')::uuid;
  if p_payment is not null then
    insert into purchases (id, user_id, product_code, quantity, amount_micros, seconds, status, idempotency_key, request,
                           payment_intent, grant_id, created_at, updated_at)
    values (v_purchase, s.user_id, p_plan, 1, p_amount_micros, p_seconds, 'COMPLETED', 'invoice:' || p_invoice,
            jsonb_build_object('invoice', p_invoice), p_payment, v_grant, p_now, p_now);
    insert into credited_payments values (p_payment, v_purchase, v_grant, p_amount_micros, p_now);
  end if;
  insert into subscription_periods values (p_invoice, p_subscription, s.user_id, p_reason, p_plan, p_from, p_until,
    p_seconds, p_calls, p_amount_micros, v_grant, p_payment, p_payment is null, p_now);
  insert into subscription_notices (subscription_id, kind, ref, noticed_at) values (p_subscription, 'receipt', p_invoice,
                                                                                    p_now);
  return 'posted';
end $$;

create function subscription_audit(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  (select 'period_grant', 'invoice ' || p.invoice_id,
          'brought ' || p.seconds || ' s for ' || p.amount_micros || ' micros until ' || p.ends_at || ', its grant has '
            || coalesce(g.seconds, 0) || ' s for ' || coalesce(g.price_paid_micros, 0),
          ledger_evidence(null, p.grant_id, null)
   from subscription_periods p left join ledger_grants g using (grant_id)
   where (g.seconds, g.price_paid_micros, g.expires_at, g.source, g.user_id)
         is distinct from (p.seconds, p.amount_micros, p.ends_at, 'subscription', p.user_id) limit p_limit)
  union all
  (select 'period_payment', 'invoice ' || p.invoice_id, p.amount_micros || ' micros, credited '
            || coalesce(c.amount_micros, 0), ledger_evidence(null, p.grant_id, null)
   from subscription_periods p left join credited_payments c on c.payment_intent = p.payment_intent
   where coalesce(c.amount_micros, 0) <> p.amount_micros or c.grant_id <> p.grant_id limit p_limit)
  union all
  (select 'periods_overlap', 'subscription ' || p.subscription_id, p.invoice_id || ' and ' || q.invoice_id || ' overlap',
          ledger_evidence(null, q.grant_id, null)
   from subscription_periods p join subscription_periods q
     on q.subscription_id = p.subscription_id and q.invoice_id > p.invoice_id
    and q.reason <> 'update' and p.reason <> 'update' and q.starts_at < p.ends_at and p.starts_at < q.ends_at
   limit p_limit)
  union all
  (select 'further_call_on_plan', 'call ' || c.call_id, 'beyond its period''s calls, and held ' || s.seconds
            || ' s of the plan', ledger_evidence(null, s.grant_id, s.hold_id)
   from plan_calls c join ledger_hold_slices s on s.hold_id = c.call_id
   join ledger_grants g on g.grant_id = s.grant_id and g.source = 'subscription'
   where c.beyond limit p_limit)
$$;

create or replace function ledger_audit(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  select * from ledger_audit_postings(p_limit)
  union all select * from ledger_audit_holds(p_limit)
  union all select * from ledger_audit_grants(p_limit)
  union all select * from ledger_audit_taken_back(p_limit)
  union all select * from purchase_audit(p_limit)
  union all select * from subscription_audit(p_limit)
  union all select * from cost_audit(p_limit);
$$;

-- A further call is the single call of five minutes at the price of the plan.
create or replace function purchase_accept(p_id uuid, p_user uuid, p_product text, p_quantity integer, p_coupon text, p_key text,
                                p_now timestamptz)
returns table (outcome text, purchase_id uuid) language plpgsql as $$
declare
  v_request jsonb := jsonb_build_object('product', p_product, 'quantity', p_quantity, 'coupon', p_coupon);
  v_known purchases;
  v_product products;
  v_coupon coupons;
  v_amount bigint;
begin
  -- One wish of a user at a time: a repeat sees the first one's row.
  perform from users where id = p_user for update;
  select * into v_known from purchases k where k.user_id = p_user and k.idempotency_key = p_key;
  if found then
    return query select case when v_known.request = v_request then 'repeated' else 'conflict' end, v_known.id;
    return;
  end if;
  select * into v_product from products where code = p_product and active;
  if not found then
    return query select 'unknown_product', null::uuid;
    return;
  elsif v_product.kind = 'plan' then
    return query select 'not_sold_singly', null::uuid;
    return;
  end if;
  if p_coupon is not null then
    select * into v_coupon from coupons c where c.code = p_coupon and c.active
      and (c.valid_until is null or c.valid_until > p_now) for update;
    if not found then
      return query select 'unknown_coupon', null::uuid;
      return;
    elsif exists (select from coupon_redemptions r where r.coupon_code = p_coupon and r.user_id = p_user)
       or (select count(*) from coupon_redemptions r where r.coupon_code = p_coupon)
          >= coalesce(v_coupon.max_redemptions, 2147483647) then
      return query select 'coupon_used', null::uuid;
      return;
    end if;
  end if;
  if p_product = 'call_5' then
    v_product.price_micros := least(v_product.price_micros,
      (select further_call_micros from plan_standing(p_user, p_now, null)));
  end if;
  -- Whole cents, rounded in the payer's favour.
  v_amount := v_product.price_micros * p_quantity * (100 - coalesce(v_coupon.percent_off, 0)) / 100 / 10000 * 10000;
  insert into purchases (id, user_id, product_code, quantity, coupon_code, amount_micros, seconds, bonus_seconds,
                         status, idempotency_key, request, created_at, updated_at, start_due_at)
  values (p_id, p_user, p_product, p_quantity, p_coupon, v_amount, v_product.seconds * p_quantity,
          coalesce(v_coupon.bonus_seconds, 0), 'NEW', p_key, v_request, p_now, p_now, p_now);
  if p_coupon is not null then
    insert into coupon_redemptions values (p_coupon, p_user, p_id);
  end if;
  return query select 'accepted', p_id;
end $$;
