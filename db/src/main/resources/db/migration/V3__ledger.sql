-- The ledger: double entry, integers only. Credits are whole seconds of talk, money is millionths of a US dollar.
-- docs/ledger.md explains accounts, kinds and invariants with worked examples.
--
-- Each write is one function (V3_2), one round trip, one posting. Balances of platform accounts are derived from
-- entries; there is no row that all postings touch.

-- What may happen, and to which accounts, with which sign. Data, enforced by ledger_entries_legal below.
create table ledger_kinds (
  kind        text primary key,
  description text not null
);

create table ledger_kind_accounts (
  kind    text not null references ledger_kinds (kind),
  account text not null,
  unit    text not null,
  sign    integer not null,
  primary key (kind, account, unit, sign),
  constraint ledger_kind_accounts_account check (account in
    ('user_available', 'user_held', 'receivable',
     'cash', 'liability', 'revenue', 'breakage', 'promo', 'fees', 'cost', 'payable')),
  constraint ledger_kind_accounts_unit check (unit in ('credit_second', 'usd_micro')),
  constraint ledger_kind_accounts_sign check (sign in (-1, 1)),
  -- Users' accounts hold seconds, never money.
  constraint ledger_kind_accounts_user_unit check (account not like 'user_%' or unit = 'credit_second')
);

insert into ledger_kinds (kind, description) values
  ('grant_paid',           'credits bought: they enter at the price paid, which we owe until they are used'),
  ('grant_free',           'credits given away'),
  ('hold',                 'credits set aside for a call'),
  ('hold_growth',          'more credits set aside for the same call'),
  ('capture',              'a call charged, the rest of its hold available again'),
  ('capture_breakage',     'as capture, where part of the rest belonged to grants that had expired'),
  ('release',              'a hold given back unused'),
  ('release_breakage',     'as release, where part belonged to grants that had expired'),
  ('hold_expiry',          'a hold given back because its deadline passed'),
  ('hold_expiry_breakage', 'as hold_expiry, where part belonged to grants that had expired'),
  ('late_capture',         'a call charged after its hold had expired: from what is available, else owed'),
  ('recovery',             'seconds owed taken from credits that came later'),
  ('grant_expiry',         'the unused rest of a grant that expired');

insert into ledger_kind_accounts (kind, account, unit, sign) values
  ('grant_paid', 'user_available', 'credit_second', 1), ('grant_paid', 'liability', 'credit_second', -1),
  ('grant_paid', 'cash', 'usd_micro', 1),               ('grant_paid', 'liability', 'usd_micro', -1),
  ('grant_free', 'user_available', 'credit_second', 1), ('grant_free', 'promo', 'credit_second', -1),
  ('hold', 'user_available', 'credit_second', -1),        ('hold', 'user_held', 'credit_second', 1),
  ('hold_growth', 'user_available', 'credit_second', -1), ('hold_growth', 'user_held', 'credit_second', 1),
  ('release', 'user_held', 'credit_second', -1),          ('release', 'user_available', 'credit_second', 1),
  ('hold_expiry', 'user_held', 'credit_second', -1),      ('hold_expiry', 'user_available', 'credit_second', 1),
  ('grant_expiry', 'user_available', 'credit_second', -1),
  ('grant_expiry', 'liability', 'credit_second', 1), ('grant_expiry', 'promo', 'credit_second', 1),
  ('grant_expiry', 'liability', 'usd_micro', 1),     ('grant_expiry', 'breakage', 'usd_micro', -1),
  ('late_capture', 'user_available', 'credit_second', -1), ('late_capture', 'receivable', 'credit_second', -1),
  ('late_capture', 'liability', 'credit_second', 1), ('late_capture', 'promo', 'credit_second', 1),
  ('late_capture', 'liability', 'usd_micro', 1),     ('late_capture', 'revenue', 'usd_micro', -1),
  ('recovery', 'user_available', 'credit_second', -1), ('recovery', 'receivable', 'credit_second', 1),
  ('recovery', 'liability', 'credit_second', 1), ('recovery', 'liability', 'credit_second', -1),
  ('recovery', 'promo', 'credit_second', 1),
  ('recovery', 'liability', 'usd_micro', 1),     ('recovery', 'revenue', 'usd_micro', -1);

insert into ledger_kind_accounts (kind, account, unit, sign)
select kind, account, unit, sign
from (values ('capture'), ('capture_breakage'), ('release_breakage'), ('hold_expiry_breakage')) as kinds (kind)
cross join (values
  ('user_held', 'credit_second', -1), ('user_available', 'credit_second', 1),
  ('liability', 'credit_second', 1), ('promo', 'credit_second', 1),
  ('liability', 'usd_micro', 1)) as lines (account, unit, sign);

insert into ledger_kind_accounts (kind, account, unit, sign) values
  ('capture', 'revenue', 'usd_micro', -1),
  ('capture_breakage', 'revenue', 'usd_micro', -1),
  ('capture_breakage', 'breakage', 'usd_micro', -1),
  ('release_breakage', 'breakage', 'usd_micro', -1),
  ('hold_expiry_breakage', 'breakage', 'usd_micro', -1);

-- One row per business fact. `body` is what was asked (an identical repeat has the same), `result` what was answered.
create table ledger_postings (
  id           bigint generated always as identity primary key,
  business_key text not null,
  kind         text not null,
  user_id      uuid,
  hold_id      uuid,
  body         jsonb not null,
  result       jsonb not null,
  occurred_at  timestamptz not null,
  recorded_at  timestamptz not null default clock_timestamp(),
  constraint ledger_postings_once unique (business_key),
  constraint ledger_postings_key_length check (length(business_key) between 3 and 240)
);
create index ledger_postings_by_user on ledger_postings (user_id, id) where user_id is not null;

-- I3: a hold resolves once, whatever the code above it believes.
create unique index ledger_postings_hold_resolves_once on ledger_postings (hold_id)
  where kind in ('capture', 'capture_breakage', 'release', 'release_breakage', 'hold_expiry', 'hold_expiry_breakage');
create unique index ledger_postings_late_capture_once on ledger_postings (hold_id) where kind = 'late_capture';

create table ledger_entries (
  -- That the posting exists is part of ledger_check_entries: one look per posting instead of one per entry.
  posting_id bigint not null,
  line       integer not null,
  account    text not null,
  unit       text not null,
  amount     bigint not null,
  user_id    uuid,
  grant_id   uuid,
  hold_id    uuid,
  primary key (posting_id, line),
  constraint ledger_entries_amount check (amount <> 0),
  constraint ledger_entries_owner check (
    (account not in ('user_available', 'user_held') or (user_id is not null and grant_id is not null))
    and (account not in ('user_held', 'receivable') or (user_id is not null and hold_id is not null)))
);

-- The state of each grant. Constraints are the invariants: nothing below zero, no second lost or made, and money
-- recognised exactly in step with the seconds gone, so that the last second brings the last micro.
create table ledger_grants (
  grant_id          uuid primary key,
  user_id           uuid not null,
  source            text not null,
  seconds           bigint not null,
  price_paid_micros bigint not null,
  priority          integer not null,
  granted_at        timestamptz not null,
  expires_at        timestamptz,
  closed_at         timestamptz,
  available_seconds bigint not null,
  held_seconds      bigint not null default 0,
  captured_seconds  bigint not null default 0,
  broken_seconds    bigint not null default 0,
  revenue_micros    bigint not null default 0,
  breakage_micros   bigint not null default 0,
  constraint ledger_grants_source check (source in
    ('pack', 'single_call', 'subscription', 'trial', 'promo', 'referral', 'goodwill')),
  constraint ledger_grants_bounds check (
    seconds between 1 and 10000000 and price_paid_micros between 0 and 100000000000 and priority between 0 and 1000),
  -- I2
  constraint ledger_grants_available_not_negative check (available_seconds >= 0),
  constraint ledger_grants_held_not_negative check (held_seconds >= 0),
  constraint ledger_grants_seconds_conserved check (
    available_seconds + held_seconds + captured_seconds + broken_seconds = seconds),
  constraint ledger_grants_money_in_step check (
    revenue_micros >= 0 and breakage_micros >= 0
    and revenue_micros + breakage_micros = price_paid_micros * (captured_seconds + broken_seconds) / seconds)
) with (fillfactor = 70);
create index ledger_grants_by_user on ledger_grants (user_id);
create index ledger_grants_to_expire on ledger_grants (expires_at) where closed_at is null and expires_at is not null;

create table ledger_holds (
  hold_id           uuid primary key,
  user_id           uuid not null,
  reference         text not null,
  state             text not null default 'open',
  seconds           bigint not null,
  captured_seconds  bigint not null default 0,
  released_seconds  bigint not null default 0,
  broken_seconds    bigint not null default 0,
  -- Captured after expiry: in all, beyond what was available, and of that recovered since.
  late_seconds      bigint not null default 0,
  owed_seconds      bigint not null default 0,
  recovered_seconds bigint not null default 0,
  dial_intended     boolean not null default false,
  opened_at         timestamptz not null,
  expires_at        timestamptz not null,
  flagged_at        timestamptz,
  resolved_at       timestamptz,
  constraint ledger_holds_state check (state in ('open', 'captured', 'released', 'expired')),
  constraint ledger_holds_resolved check ((state = 'open') = (resolved_at is null)),
  constraint ledger_holds_accounted check (
    case when state = 'open' then captured_seconds + released_seconds + broken_seconds = 0
         else captured_seconds + released_seconds + broken_seconds = seconds end),
  constraint ledger_holds_bounds check (seconds > 0 and captured_seconds >= 0 and released_seconds >= 0),
  constraint ledger_holds_late check (
    (late_seconds = 0 or state = 'expired') and late_seconds <= seconds
    and owed_seconds <= late_seconds and recovered_seconds between 0 and owed_seconds),
  -- A phone may be ringing: somebody else, who knows what became of it, resolves this hold.
  constraint ledger_holds_dialled_never_expire check (state <> 'expired' or not dial_intended)
) with (fillfactor = 70);
create index ledger_holds_open on ledger_holds (expires_at) where state = 'open';
create index ledger_holds_owed on ledger_holds (user_id) where owed_seconds > recovered_seconds;

-- Which grants a hold burned, as recorded. Refunds unwind these; nothing recomputes them. Only the ledger's functions
-- write here, beside the hold and with its grants locked; the audit compares each slice with both.
create table ledger_hold_slices (
  hold_id          uuid not null,
  grant_id         uuid not null,
  ordinal          integer not null,
  seconds          bigint not null,
  captured_seconds bigint not null default 0,
  revenue_micros   bigint not null default 0,
  primary key (hold_id, grant_id),
  constraint ledger_hold_slices_bounds check (
    seconds > 0 and captured_seconds between 0 and seconds and revenue_micros >= 0)
) with (fillfactor = 70);

-- Guards ----------------------------------------------------------------------------------------------------------

-- I1, and the catalogue: what one statement adds must be whole postings, each sum zero in each unit, each entry legal
-- for its kind. Lines of a posting count from 1 without a gap, so nothing can be added to a posting later.
create function ledger_check_entries() returns trigger language plpgsql as $$
declare
  v_fault record;
begin
  -- This runs for every posting and nearly always finds nothing, so it first asks as cheaply as it can.
  if not exists (
      select from added group by posting_id
      having sum(amount) filter (where unit = 'credit_second') <> 0 or sum(amount) filter (where unit = 'usd_micro') <> 0
          or min(line) <> 1 or max(line) <> count(*))
    and not exists (
      select from added a where not exists (
        select from ledger_postings p join ledger_kind_accounts k on k.kind = p.kind
        where p.id = a.posting_id and k.account = a.account and k.unit = a.unit and k.sign = sign(a.amount)))
  then
    return null;
  end if;
  select * into v_fault from (
    (select 'ledger_entries_balanced' as guard, posting_id, 'sums to ' || sum(amount) || ' ' || unit as words
     from added group by posting_id, unit having sum(amount) <> 0)
    union all
    (select 'ledger_entries_legal', a.posting_id,
            'of kind ' || coalesce(p.kind, 'unknown') || ' may not move ' || a.amount || ' ' || a.unit || ' on '
            || a.account
     from added a left join ledger_postings p on p.id = a.posting_id
     where not exists (select from ledger_kind_accounts k where k.kind = p.kind and k.account = a.account
                       and k.unit = a.unit and k.sign = sign(a.amount)))
    union all
    (select 'ledger_entries_whole', posting_id, 'is not entered whole'
     from added group by posting_id having min(line) <> 1 or max(line) <> count(*))
  ) faults limit 1;
  raise exception 'ledger: posting % %', v_fault.posting_id, v_fault.words
    using errcode = 'check_violation', constraint = v_fault.guard;
end $$;

create trigger ledger_entries_checked after insert on ledger_entries
  referencing new table as added for each statement execute function ledger_check_entries();

create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'ledger: % of % is not allowed; post a correction instead', tg_op, tg_table_name
    using errcode = 'restrict_violation';
end $$;

create trigger ledger_postings_append_only before update or delete on ledger_postings
  for each row execute function ledger_refuse_change();
create trigger ledger_entries_append_only before update or delete on ledger_entries
  for each row execute function ledger_refuse_change();
create trigger ledger_grants_kept before delete on ledger_grants
  for each row execute function ledger_refuse_change();
create trigger ledger_holds_kept before delete on ledger_holds
  for each row execute function ledger_refuse_change();
create trigger ledger_hold_slices_kept before delete on ledger_hold_slices
  for each row execute function ledger_refuse_change();
create trigger ledger_postings_not_truncated before truncate on ledger_postings
  for each statement execute function ledger_refuse_change();
create trigger ledger_entries_not_truncated before truncate on ledger_entries
  for each statement execute function ledger_refuse_change();
