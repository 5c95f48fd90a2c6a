package ai.callmeback.db.persona;

import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How personas sound and think, for operators: read and changed, each change kept with what it was before. */
@Repository
public class PersonaDesk {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final DatabaseClient db;

    public PersonaDesk(DatabaseClient db) {
        this.db = db;
    }

    /**
     * A persona as it is set.
     *
     * @param active whether it can be picked
     * @param version of the settings, from 1 on
     */
    public record State(
            PersonaId id,
            String name,
            boolean active,
            int version,
            PersonaSettings settings,
            Optional<LastChange> lastChange) {}

    /** Who changed it last, by pseudonym, and why; the note is empty when no reason was given. */
    public record LastChange(Instant at, String by, String note) {}

    /**
     * What is to be set, all of it.
     *
     * @param version of the settings it was made from
     */
    public record Change(PersonaId id, int version, PersonaSettings settings, String note, UserId by, Instant at) {}

    /** What became of a change. */
    public enum Outcome {
        CHANGED,
        /** It stands like this already, so a repeat of a change finds it made. */
        SAME,
        /** Somebody else has changed it since. */
        STALE,
        UNKNOWN
    }

    /** All of them, in their order, those too that can no longer be picked. */
    public Flux<State> all() {
        return db.sql("""
                        select p.id, p.name, p.active, p.settings_version, p.voice_id, p.speech_model, p.language_model, p.temperature,
                          p.max_tokens, p.voice_settings::text as voice_settings, c.changed_at, c.note, u.pseudonym
                        from personas p
                        left join persona_changes c on c.persona_id = p.id and c.version = p.settings_version
                        left join users u on u.id = c.changed_by
                        order by p.position, p.id""").map(PersonaDesk::state).all();
    }

    public Mono<State> find(PersonaId id) {
        return all().filter(state -> state.id().equals(id)).next();
    }

    /** After an error the same may be asked again: it is made once. Briefs that are written already keep what they have. */
    public Mono<Outcome> set(Change change) {
        PersonaSettings settings = change.settings();
        GenericExecuteSpec call = db.sql("""
                        select persona_set(:id, :version, :voice, :speech, :language, :temperature, :tokens, cast(:sound as jsonb),
                          :note, :by, :at) as outcome""")
                .bind("id", change.id().value())
                .bind("version", change.version())
                .bind("voice", settings.voiceId())
                .bind("temperature", settings.temperature())
                .bind("tokens", settings.maxTokens())
                .bind("sound", json(settings.sound()))
                .bind("note", change.note())
                .bind("by", change.by().value())
                .bind("at", change.at());
        call = Columns.bind(call, "speech", settings.speechModel(), String.class);
        return Columns.bind(call, "language", settings.languageModel(), String.class)
                .map(row -> Outcome.valueOf(Columns.text(row, "outcome").toUpperCase(Locale.ROOT)))
                .one();
    }

    private static String json(PersonaSettings.Sound sound) {
        ObjectNode json = JSON.createObjectNode();
        put(json, "stability", sound.stability());
        put(json, "similarity_boost", sound.similarityBoost());
        put(json, "style", sound.style());
        put(json, "speed", sound.speed());
        return json.toString();
    }

    private static void put(ObjectNode json, String name, @Nullable BigDecimal value) {
        if (value == null) {
            json.putNull(name);
        } else {
            json.put(name, value);
        }
    }

    private static State state(Readable row) {
        JsonNode sound = JSON.readTree(Columns.text(row, "voice_settings"));
        Instant changed = row.get("changed_at", Instant.class);
        return new State(
                new PersonaId(Columns.text(row, "id")),
                Columns.text(row, "name"),
                Columns.of(row, "active", Boolean.class),
                Columns.of(row, "settings_version", Integer.class),
                new PersonaSettings(
                        Columns.text(row, "voice_id"),
                        row.get("speech_model", String.class),
                        row.get("language_model", String.class),
                        Columns.of(row, "temperature", BigDecimal.class),
                        Columns.of(row, "max_tokens", Integer.class),
                        new PersonaSettings.Sound(
                                number(sound, "stability"),
                                number(sound, "similarity_boost"),
                                number(sound, "style"),
                                number(sound, "speed"))),
                changed == null
                        ? Optional.empty()
                        : Optional.of(
                                new LastChange(changed, Columns.text(row, "pseudonym"), Columns.text(row, "note"))));
    }

    private static @Nullable BigDecimal number(JsonNode json, String name) {
        JsonNode value = json.path(name);
        return value.isNumber() ? value.decimalValue() : null;
    }
}
