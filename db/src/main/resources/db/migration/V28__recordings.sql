-- Sound is kept of nobody who has not said yes. When that was is the value: for all calls to come (users), for one call
-- (calls). A call begins with what its user has said for all.
alter table users add column recording_consent_at timestamptz;
alter table calls add column recording_consent_at timestamptz;

create function calls_take_recording_consent() returns trigger language plpgsql as $$
begin
  select u.recording_consent_at into new.recording_consent_at from users u where u.id = new.user_id;
  return new;
end $$;
create trigger calls_recording_consent before insert on calls
  for each row execute function calls_take_recording_consent();

-- Two seconds of both sides each, sealed: first the user's samples, then as many of the persona's.
create table recording_chunks (
  call_id uuid not null references calls,
  media_leg integer not null,
  number integer not null,
  starts_at timestamptz not null,
  samples integer not null check (samples between 1 and 16000),
  sound bytea not null,
  primary key (call_id, media_leg, number)
);
-- Sealed bytes do not get smaller.
alter table recording_chunks alter column sound set storage external;
create index recording_chunks_age on recording_chunks (starts_at);
