-- How a persona sounds and thinks is changed by operators. The version tells two who change it at the same time apart; every
-- change is kept with what it was before.
alter table personas add column settings_version integer not null default 1;

create table persona_changes (
  persona_id text not null references personas (id),
  -- The version it made.
  version    integer not null,
  changed_at timestamptz not null,
  changed_by uuid not null references users (id),
  note       text not null,
  before     jsonb not null,
  after      jsonb not null,
  primary key (persona_id, version),
  constraint persona_changes_note_length check (length(note) <= 200)
);
create trigger persona_changes_append_only before update or delete on persona_changes
  for each row execute function ledger_refuse_change();

-- What operators may set of a persona, as one value.
create function persona_settings(p personas) returns jsonb language sql immutable as $$
  select jsonb_build_object(
    'voiceId', p.voice_id, 'speechModel', p.speech_model, 'languageModel', p.language_model,
    'temperature', p.temperature, 'maxTokens', p.max_tokens, 'voiceSettings', p.voice_settings)
$$;

-- Sets them if the version is still the one the operator has read: 'changed', 'same' when they stand like this already (so a
-- repeat of a change finds it made), 'stale' when somebody else was first, or 'unknown'.
create function persona_set(
  p_id text, p_version integer, p_voice text, p_speech_model text, p_language_model text, p_temperature numeric,
  p_max_tokens integer, p_voice_settings jsonb, p_note text, p_by uuid, p_now timestamptz)
returns text language plpgsql as $$
declare
  v_old personas;
  v_new personas;
begin
  select * into v_old from personas where id = p_id for update;
  if not found then
    return 'unknown';
  end if;
  v_new := v_old;
  v_new.voice_id := p_voice;
  v_new.speech_model := p_speech_model;
  v_new.language_model := p_language_model;
  v_new.temperature := p_temperature;
  v_new.max_tokens := p_max_tokens;
  -- What is not named stays: the vendor knows more settings than operators are asked for. Null takes one out.
  v_new.voice_settings := jsonb_strip_nulls(v_old.voice_settings || p_voice_settings);
  if persona_settings(v_new) = persona_settings(v_old) then
    return 'same';
  end if;
  if v_old.settings_version <> p_version then
    return 'stale';
  end if;
  update personas set voice_id = v_new.voice_id, speech_model = v_new.speech_model, language_model = v_new.language_model,
    temperature = v_new.temperature, max_tokens = v_new.max_tokens, voice_settings = v_new.voice_settings,
    settings_version = settings_version + 1
  where id = p_id;
  insert into persona_changes values (
    p_id, v_old.settings_version + 1, p_now, p_by, p_note, persona_settings(v_old), persona_settings(v_new));
  return 'changed';
end $$;
