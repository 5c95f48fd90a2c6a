-- Saved cards that serve nobody any more, to be taken off the person at the payment vendor. Asked for until it has done so.
create table card_detachments (
  payment_method text not null,
  asked_at       timestamptz not null,
  -- When it is asked for next; null once it is done.
  detach_at      timestamptz,
  attempts       integer not null default 0,
  detached_at    timestamptz,
  constraint card_detachments_once primary key (payment_method),
  constraint card_detachments_until_done check ((detach_at is null) = (detached_at is not null))
);
create index card_detachments_due on card_detachments (detach_at) where detach_at is not null;

-- Whoever takes a card out of use, it goes.
create function auto_topup_card_gone() returns trigger language plpgsql as $$
begin
  insert into card_detachments (payment_method, asked_at, detach_at)
  values (old.payment_method, new.updated_at, new.updated_at) on conflict on constraint card_detachments_once do nothing;
  return null;
end $$;
create trigger auto_topups_card_gone after update of payment_method on auto_topups for each row
  when (old.payment_method is not null and new.payment_method is distinct from old.payment_method)
  execute function auto_topup_card_gone();

update auto_topups set payment_method = null, card_brand = null, card_last4 = null, card_expires = null, updated_at = now()
where status = 'OFF' and payment_method is not null;
-- Nobody's card is kept who does not want it charged.
alter table auto_topups add constraint auto_topups_off_without_card check (status <> 'OFF' or payment_method is null);

-- Nor that of somebody who has left.
create function auto_topup_account_closed() returns trigger language plpgsql as $$
begin
  perform auto_topup_off(new.id, now());
  return null;
end $$;
create trigger users_closed_without_card after update of status on users for each row
  when (new.status = 'closed' and old.status <> 'closed') execute function auto_topup_account_closed();
