-- How talk is charged belongs to what pays for it: by the second, or the whole planned length once more than half of it was
-- used. docs/ledger.md, "How much is charged?".
alter table products add column charge_policy text not null default 'by_the_second';
alter table products add constraint products_charge_policy check (charge_policy in ('by_the_second', 'whole_length'));

-- Null until the call holds its credits.
alter table calls add column charge_policy text;
alter table calls add constraint calls_charge_policy check (charge_policy in ('by_the_second', 'whole_length'));

create index purchases_by_grant on purchases (grant_id) where grant_id is not null;

-- Of what a call holds now: its whole length only if all of it was bought so. Free credits are charged by the second.
create function call_charge_policy(p_call uuid) returns text language sql stable as $$
  select case when bool_and(coalesce(
    (select q.charge_policy from purchases p join products q on q.code = p.product_code
     where p.grant_id = s.grant_id limit 1),
    (select q.charge_policy from subscription_periods p join products q on q.code = p.plan_code
     where p.grant_id = s.grant_id),
    'by_the_second') = 'whole_length') then 'whole_length' else 'by_the_second' end
  from ledger_hold_slices s where s.hold_id = p_call
$$;

-- What the call was told when it held its credits stands, whatever the catalogue says later.
create function calls_keep_charge_policy() returns trigger language plpgsql as $$
begin
  if new.charge_policy is distinct from old.charge_policy then
    raise exception 'call % has its charge policy', old.id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger calls_charge_policy_stands before update of charge_policy on calls
  for each row when (old.charge_policy is not null) execute function calls_keep_charge_policy();
