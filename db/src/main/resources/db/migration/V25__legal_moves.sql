-- What a kind may move, in one row: the guard of entries reads it once a posting. Derived from ledger_kind_accounts, which
-- stays the catalogue; a change there, by a migration of any time, is carried over by the same statement.
alter table ledger_kinds add column legal_moves text[] not null default '{}';

create function ledger_move_of(p_account text, p_unit text, p_amount bigint) returns text
language sql immutable as $$ select p_account || ' ' || p_unit || ' ' || sign(p_amount) $$;

create function ledger_carry_legal_moves() returns trigger language plpgsql as $$
begin
  update ledger_kinds k
  set legal_moves = array(select ledger_move_of(a.account, a.unit, a.sign) from ledger_kind_accounts a
                          where a.kind = k.kind order by 1);
  return null;
end $$;

create trigger ledger_kind_accounts_carried after insert or update or delete on ledger_kind_accounts
  for each statement execute function ledger_carry_legal_moves();

-- Carries over what there is.
update ledger_kind_accounts set sign = sign;
