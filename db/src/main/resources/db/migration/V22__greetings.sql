-- The first words of a call as they sound, spoken while its phone rings. A row is begun by the voice worker that takes the
-- work, completed with the audio, and emptied by the claim that plays it; rows go after ten minutes.
create table greetings (
  call_id    uuid not null references calls (id),
  attempt    integer not null,
  begun_at   timestamptz not null,
  mulaw      bytea,
  alignment  jsonb,
  primary key (call_id, attempt),
  constraint greetings_whole check ((mulaw is null) = (alignment is null))
);
