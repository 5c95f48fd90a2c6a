-- What personas were asked to remember of a user. Shown to the user, who may delete it; given to personas in later calls.
create table memories (
  id          uuid primary key,
  user_id     uuid not null references users (id) on delete cascade,
  persona_id  text not null references personas (id),
  call_id     uuid not null references calls (id),
  -- Which request of the call it was: a repeat is kept once.
  request_key text not null,
  words       text not null,
  noted_at    timestamptz not null,
  constraint memories_once unique (call_id, request_key),
  constraint memories_length check (length(words) between 1 and 300)
);
create index memories_by_user on memories (user_id, noted_at desc, id desc);
