-- What is for sale, what was bought, and what the payment vendor told us.

-- The catalogue is data. A price is never changed in place: retire the product and add another code.
create table products (
  code               text primary key,
  kind               text not null,
  title              text not null,
  price_micros       bigint not null,
  -- Seconds of talk one piece brings; null: not counted in seconds (fair use).
  seconds            bigint,
  -- When credits of it expire; null: never.
  expires_after_days integer,
  priority           integer not null default 100,
  calls_per_period   integer,
  further_call_micros bigint,
  fair_use_warning_calls integer,
  fair_use_limit_calls integer,
  position           integer not null,
  active             boolean not null default true,
  constraint products_kind check (kind in ('pack', 'single_call', 'extension', 'plan')),
  -- Card vendors bill whole cents.
  constraint products_price check (price_micros between 500000 and 100000000000 and price_micros % 10000 = 0),
  constraint products_seconds check (seconds between 1 and 10000000 or (seconds is null and kind = 'plan'))
);

insert into products (code, kind, title, price_micros, seconds, expires_after_days, position) values
  ('pack_25',      'pack',        '25 minutes',            14990000, 1500, 365, 10),
  ('pack_50',      'pack',        '50 minutes',            24990000, 3000, 365, 11),
  ('pack_100',     'pack',        '100 minutes',           44990000, 6000, 365, 12),
  ('call_3',       'single_call', 'One call of 3 minutes',  3990000,  180,  90, 20),
  ('call_5',       'single_call', 'One call of 5 minutes',  4990000,  300,  90, 21),
  ('call_10',      'single_call', 'One call of 10 minutes', 7990000,  600,  90, 22),
  ('call_15',      'single_call', 'One call of 15 minutes', 10990000, 900,  90, 23),
  ('extension_5',  'extension',   '5 minutes more',         2990000,  300,  90, 30);
insert into products (code, kind, title, price_micros, seconds, priority, calls_per_period, further_call_micros,
                      fair_use_warning_calls, fair_use_limit_calls, position) values
  ('plan_casual',   'plan', 'Casual',    9990000,  900, 50,   3, 4990000, null, null, 40),
  ('plan_standard', 'plan', 'Standard', 29990000, 3600, 50,  10, 4990000, null, null, 41),
  ('plan_power',    'plan', 'Power',    49990000, 9000, 50,  25, 3990000, null, null, 42),
  ('plan_pro',      'plan', 'Pro',      99990000, null, 50, null, 4990000,  80,  100, 43);

-- What a plan allows beside talk; other parts ask by name.
create table plan_entitlements (
  plan_code   text not null references products (code),
  entitlement text not null,
  amount      integer not null,
  primary key (plan_code, entitlement),
  constraint plan_entitlements_known check (entitlement in ('own_personas', 'documents', 'priority'))
);
insert into plan_entitlements (plan_code, entitlement, amount) values
  ('plan_casual', 'own_personas', 1),  ('plan_casual', 'documents', 0),    ('plan_casual', 'priority', 0),
  ('plan_standard', 'own_personas', 3), ('plan_standard', 'documents', 5),  ('plan_standard', 'priority', 0),
  ('plan_power', 'own_personas', 10),  ('plan_power', 'documents', 20),    ('plan_power', 'priority', 1),
  ('plan_pro', 'own_personas', 25),    ('plan_pro', 'documents', 50),      ('plan_pro', 'priority', 1);

create table coupons (
  code            text primary key,
  percent_off     integer,
  bonus_seconds   bigint,
  valid_until     timestamptz,
  max_redemptions integer,
  active          boolean not null default true,
  constraint coupons_worth check (num_nonnulls(percent_off, bonus_seconds) = 1),
  constraint coupons_bounds check (percent_off between 1 and 80 and bonus_seconds is null
                                   or bonus_seconds between 1 and 36000 and percent_off is null),
  constraint coupons_spelling check (code ~ '^[A-Z0-9]{3,32}$')
);
insert into coupons (code, percent_off, bonus_seconds) values ('WELCOME10', 10, null), ('FIVEMORE', null, 300);

create table purchases (
  id                  uuid primary key,
  user_id             uuid not null references users (id),
  product_code        text not null references products (code),
  quantity            integer not null,
  coupon_code         text references coupons (code),
  amount_micros       bigint not null,
  seconds             bigint not null,
  bonus_seconds       bigint not null default 0,
  status              text not null,
  status_reason       text,
  idempotency_key     text not null,
  request             jsonb not null,
  checkout_session    text,
  checkout_url        text,
  checkout_expires_at timestamptz,
  payment_intent      text,
  grant_id            uuid,
  receipt_sent_at     timestamptz,
  created_at          timestamptz not null,
  updated_at          timestamptz not null,
  -- When somebody next makes sure that the purchase has its workflow; null when it is over.
  start_due_at        timestamptz,
  constraint purchases_once_per_key unique (user_id, idempotency_key),
  constraint purchases_session_once unique (checkout_session),
  constraint purchases_quantity check (quantity between 1 and 10),
  constraint purchases_amount check (amount_micros >= 500000 and amount_micros % 10000 = 0),
  constraint purchases_status check (status in
    ('NEW', 'OPEN', 'PROCESSING', 'CREDITED', 'COMPLETED', 'EXPIRED', 'FAILED', 'CASE'))
);
create index purchases_to_start on purchases (start_due_at) where start_due_at is not null;
create index purchases_by_user on purchases (user_id, created_at desc);

-- A coupon serves each user once; a purchase that comes to nothing gives it back.
create table coupon_redemptions (
  coupon_code text not null references coupons (code),
  user_id     uuid not null references users (id),
  purchase_id uuid not null references purchases (id),
  constraint coupon_redemptions_once_per_user primary key (coupon_code, user_id)
);

-- I6: which payment brought which grant.
create table credited_payments (
  payment_intent text not null,
  purchase_id    uuid not null references purchases (id),
  grant_id       uuid not null,
  amount_micros  bigint not null,
  credited_at    timestamptz not null,
  constraint credited_payments_once primary key (payment_intent),
  constraint credited_payments_purchase_once unique (purchase_id)
);
create trigger credited_payments_append_only before update or delete on credited_payments
  for each row execute function ledger_refuse_change();

-- Events of the payment vendor between acknowledgement and application: which object, never what it holds.
create table payment_events (
  event_id        text primary key,
  type            text not null,
  object_id       text not null,
  purchase_id     uuid,
  received_at     timestamptz not null,
  applied_at      timestamptz,
  attempts        integer not null default 0,
  next_attempt_at timestamptz not null,
  last_error      text
);
create index payment_events_due on payment_events (next_attempt_at) where applied_at is null;

-- What a person of finance must look at. The same fact is one case, however often it is noticed.
create table money_cases (
  id         bigint generated always as identity primary key,
  kind       text not null,
  subject    text not null,
  detail     text not null,
  state      text not null default 'open',
  owner      text not null default 'finance',
  opened_at  timestamptz not null,
  closed_at  timestamptz,
  constraint money_cases_once unique (kind, subject),
  constraint money_cases_state check (state in ('open', 'closed'))
);

-- Credits a payment once, whoever asks and however often: posted or repeated with the grant's id; 'conflict' when the
-- purchase was paid by another payment before, or the payment bought another purchase.
create function purchase_credit(p_purchase uuid, p_payment text, p_amount_micros bigint, p_now timestamptz)
returns ledger_answer language plpgsql as $$
declare
  p purchases;
  v_product products;
  v_known credited_payments;
  v_answer ledger_answer;
begin
  select * into strict p from purchases where id = p_purchase for update;
  select * into v_known from credited_payments where payment_intent = p_payment or purchase_id = p_purchase limit 1;
  if found then
    return (case when v_known.payment_intent = p_payment and v_known.purchase_id = p_purchase
                 then 'repeated' else 'conflict' end, null,
            jsonb_build_object('grantId', v_known.grant_id, 'key', p_payment))::ledger_answer;
  end if;
  select * into strict v_product from products where code = p.product_code;
  v_answer := ledger_grant('payment:' || p_payment, p.user_id, p.seconds,
    case v_product.kind when 'pack' then 'pack' else 'single_call' end, p_amount_micros, v_product.priority,
    p_now + make_interval(days => v_product.expires_after_days), p_now);
  insert into credited_payments values (p_payment, p_purchase, (v_answer.result ->> 'grantId')::uuid, p_amount_micros,
                                        p_now);
  if p.bonus_seconds > 0 then
    perform ledger_grant('coupon:' || p_purchase, p.user_id, p.bonus_seconds, 'promo', 0, v_product.priority - 10,
                         p_now + make_interval(days => v_product.expires_after_days), p_now);
  end if;
  update purchases
  set status = 'CREDITED', status_reason = null, payment_intent = p_payment,
      grant_id = (v_answer.result ->> 'grantId')::uuid, updated_at = p_now,
      start_due_at = coalesce(start_due_at, p_now)
  where id = p_purchase;
  return v_answer;
end $$;

create function purchase_audit(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  (select 'payment_granted_twice', 'payment ' || payment_intent, count(*) || ' grants',
          coalesce(jsonb_agg(ledger_evidence(null, grant_id, null)), '[]')
   from credited_payments group by payment_intent having count(*) > 1 limit p_limit)
  union all
  (select 'payment_grant', 'payment ' || c.payment_intent,
          'credited ' || c.amount_micros || ' micros, the grant was paid with ' || coalesce(g.price_paid_micros, 0),
          ledger_evidence(null, c.grant_id, null)
   from credited_payments c left join ledger_grants g using (grant_id)
   where g.price_paid_micros is distinct from c.amount_micros limit p_limit)
  union all
  (select 'purchase_status', 'purchase ' || p.id, p.status || ', payments credited: ' || count(c.payment_intent), '[]'
   from purchases p left join credited_payments c on c.purchase_id = p.id
   group by p.id, p.status
   having (p.status in ('CREDITED', 'COMPLETED')) <> (count(c.payment_intent) > 0) limit p_limit)
$$;

create or replace function ledger_audit(p_limit integer)
returns table (rule text, subject text, detail text, entries jsonb) language sql stable as $$
  select * from ledger_audit_postings(p_limit)
  union all select * from ledger_audit_holds(p_limit)
  union all select * from ledger_audit_grants(p_limit)
  union all select * from ledger_audit_taken_back(p_limit)
  union all select * from purchase_audit(p_limit)
  union all select * from cost_audit(p_limit);
$$;

-- Accepts a wish to buy: 'accepted', 'repeated', 'conflict', or the reason of a refusal.
create function purchase_accept(p_id uuid, p_user uuid, p_product text, p_quantity integer, p_coupon text, p_key text,
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
