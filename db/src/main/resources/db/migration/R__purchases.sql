-- Buying as it is now. Flyway runs this file again whenever it changes, so a function is read and mended here; earlier
-- migrations hold what it was before. Tables stay with the numbered migrations.

-- Accepts a wish to buy: 'accepted', 'repeated', 'conflict', or the reason of a refusal.
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
  -- A further call is the single call of five minutes at the price of the plan.
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

-- Credits a payment once, whoever asks and however often: posted or repeated with the grant's id; 'conflict' when the
-- purchase was paid by another payment before, or the payment bought another purchase.
create or replace function purchase_credit(p_purchase uuid, p_payment text, p_amount_micros bigint, p_now timestamptz)
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
