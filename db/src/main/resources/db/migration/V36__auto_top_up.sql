-- Packs that are bought by themselves when the credit falls below a threshold, with a card saved at the payment vendor. Such a
-- purchase is a row of purchases like any other; the functions are in R__auto_top_up.sql.

create table auto_topups (
  id                 uuid primary key,
  user_id            uuid not null references users (id),
  status             text not null,
  -- Why it needs attention, or why it is off by itself.
  status_reason      text,
  product_code       text not null references products (code),
  threshold_seconds  bigint not null,
  monthly_cap_micros bigint not null,
  consented_at       timestamptz not null,
  -- At the payment vendor, and what people know a card by.
  customer           text,
  payment_method     text,
  card_brand         text,
  card_last4         text,
  card_expires       text,
  -- How many times the credit fell below; names the purchase of each.
  crossings          integer not null default 0,
  created_at         timestamptz not null,
  updated_at         timestamptz not null,
  -- When somebody next looks at the credit; null unless it is on. A hold brings it forward.
  start_due_at       timestamptz,
  constraint auto_topups_one_per_user unique (user_id),
  constraint auto_topups_status check (status in ('OFF', 'AWAITING_CARD', 'ON', 'NEEDS_ATTENTION')),
  constraint auto_topups_on_with_card check (status <> 'ON' or payment_method is not null),
  constraint auto_topups_looked_at check ((status = 'ON') = (start_due_at is not null)),
  constraint auto_topups_threshold check (threshold_seconds between 60 and 36000),
  constraint auto_topups_cap check (monthly_cap_micros between 500000 and 1000000000 and monthly_cap_micros % 10000 = 0)
);
create index auto_topups_to_look_at on auto_topups (start_due_at) where start_due_at is not null;

-- A visit to the payment vendor's page on which a card is saved.
create table card_setups (
  id           uuid primary key,
  topup_id     uuid not null references auto_topups (id),
  status       text not null,
  session      text,
  url          text,
  expires_at   timestamptz,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  start_due_at timestamptz,
  constraint card_setups_session_once unique (session),
  constraint card_setups_status check (status in ('NEW', 'OPEN', 'SAVED', 'EXPIRED', 'FAILED', 'WITHDRAWN'))
);
create unique index card_setups_one_open on card_setups (topup_id) where status in ('NEW', 'OPEN');
create index card_setups_to_start on card_setups (start_due_at) where start_due_at is not null;

-- E-mails owed; a row also records why nothing was bought. One of a kind for each reference.
create table auto_topup_notices (
  topup_id   uuid not null references auto_topups (id),
  kind       text not null,
  -- The month the cap was reached in; the purchase that was declined.
  ref        text not null,
  reason     text not null,
  noted_at   timestamptz not null,
  send_at    timestamptz,
  attempts   integer not null default 0,
  outcome    text,
  constraint auto_topup_notices_once primary key (topup_id, kind, ref),
  constraint auto_topup_notices_kind check (kind in ('cap_reached', 'needs_attention'))
);
create index auto_topup_notices_to_send on auto_topup_notices (send_at) where send_at is not null;

-- topup_month: the month whose cap it counts against, its first day. topup_payment: prepared at the payment vendor, confirmed once.
alter table purchases
  add column topup_id uuid references auto_topups (id),
  add column topup_month date,
  add column topup_payment text,
  add constraint purchases_topup_payment_once unique (topup_payment),
  add constraint purchases_topup check (
    (topup_id is null) = (topup_month is null) and (topup_payment is null or topup_id is not null));
create unique index purchases_one_topup_at_a_time on purchases (topup_id)
  where topup_id is not null and status in ('NEW', 'OPEN', 'PROCESSING');
create index purchases_topups on purchases (topup_id, topup_month) where topup_id is not null;

alter table payment_events add column card_setup_id uuid;

-- What takes credits is a call, so calls say when to look: as they hold, grow and settle. Not the ledger, whose postings would
-- all pay for it; and the look itself is not part of the call's transaction. Deferred, so that this row is locked last.
create function auto_topup_wake() returns trigger language plpgsql as $$
begin
  update auto_topups set start_due_at = '-infinity'
  where user_id = new.user_id and status = 'ON' and start_due_at > '-infinity';
  return null;
end $$;
create constraint trigger calls_wake_auto_topup after update of hold_seconds, extended_seconds, settled_at on calls
  deferrable initially deferred for each row
  when ((old.hold_seconds, old.extended_seconds, old.settled_at)
        is distinct from (new.hold_seconds, new.extended_seconds, new.settled_at))
  execute function auto_topup_wake();
