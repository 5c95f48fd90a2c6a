-- What a language model said about a call that the rules of charging leave open. No words of the call: evidence is named by
-- the numbers of its turns.
create table charge_judgements (
  call_id        uuid primary key references calls (id),
  -- conversation, no_conversation; null: no answer that can be used, so the rules' default stands.
  verdict        text,
  confidence     numeric(4, 3),
  evidence_turns integer[] not null default '{}',
  model          text,
  -- Why the answer could not be used.
  failure        text,
  judged_at      timestamptz not null,
  constraint charge_judgements_verdict check (verdict in ('conversation', 'no_conversation')),
  constraint charge_judgements_said check (
    verdict is null and failure is not null
    or verdict is not null and failure is null and confidence between 0 and 1 and cardinality(evidence_turns) > 0)
);
create trigger charge_judgements_append_only before update or delete on charge_judgements
  for each row execute function ledger_refuse_change();
