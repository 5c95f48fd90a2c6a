-- A conversation that ended because we failed, not because somebody hung up. It is never charged; the call that follows
-- it ("we were cut off") is judged for itself.
alter table dial_intents add column cut_off boolean not null default false;

-- A call is settled once: what was decided, billed and charged stands, whoever asks again. Costs may still be corrected.
create function calls_keep_settlement() returns trigger language plpgsql as $$
begin
  if (new.settled_at, new.charge_decision, new.charge_reason, new.billed_seconds, new.charged_seconds)
     is distinct from
     (old.settled_at, old.charge_decision, old.charge_reason, old.billed_seconds, old.charged_seconds) then
    raise exception 'call % is settled already', old.id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;

create trigger calls_settlement_stands before update on calls
  for each row when (old.settled_at is not null) execute function calls_keep_settlement();
