package ai.callmeback.db.persona;

import ai.callmeback.domain.PersonaId;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Reads personas. They are written by migrations; how they sound and think is changed at the {@link PersonaDesk}. */
@Repository
public class Personas {
    private static final String SELECT = """
            select id, name, role, tagline, description, character::text as character, system_prompt, greeting_style,
              greeting, greeting_with_pretext, greeting_inbound, greeting_stranger, farewell, lines::text as lines, voice_id,
              voice_settings::text as voice_settings, temperature, max_tokens, language_model, speech_model,
              accent_color
            from personas""";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final DatabaseClient db;

    public Personas(DatabaseClient db) {
        this.db = db;
    }

    /** Those that can be picked, in their order. */
    public Flux<Persona> listActive() {
        return db.sql(SELECT + " where active order by position, id")
                .map(Personas::persona)
                .all();
    }

    /** Also one that can no longer be picked: a call booked earlier keeps its persona. */
    public Mono<Persona> find(PersonaId id) {
        return db.sql(SELECT + " where id = :id")
                .bind("id", id.value())
                .map(Personas::persona)
                .one();
    }

    /** Only one that can be picked. */
    public Mono<Persona> findActive(PersonaId id) {
        return db.sql(SELECT + " where id = :id and active")
                .bind("id", id.value())
                .map(Personas::persona)
                .one();
    }

    /** One that can be picked, by its name in any case, or its id. */
    public Mono<Persona> named(String name) {
        return db.sql(SELECT + " where active and (id = lower(:name) or lower(name) = lower(:name)) limit 1")
                .bind("name", name)
                .map(Personas::persona)
                .one();
    }

    private static Persona persona(Readable row) {
        return new Persona(
                new PersonaId(text(row, "id")),
                text(row, "name"),
                text(row, "role"),
                text(row, "tagline"),
                text(row, "description"),
                JSON.readValue(text(row, "character"), Persona.Portrait.class),
                text(row, "system_prompt"),
                text(row, "greeting_style"),
                text(row, "greeting"),
                text(row, "greeting_with_pretext"),
                text(row, "greeting_inbound"),
                text(row, "greeting_stranger"),
                text(row, "farewell"),
                JSON.readValue(text(row, "lines"), Persona.Lines.class),
                text(row, "voice_id"),
                text(row, "voice_settings"),
                required(row, "temperature", BigDecimal.class),
                required(row, "max_tokens", Integer.class),
                row.get("language_model", String.class),
                row.get("speech_model", String.class),
                text(row, "accent_color"));
    }

    private static String text(Readable row, String column) {
        return required(row, column, String.class);
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        T value = row.get(column, type);
        if (value == null) {
            throw new IllegalStateException("column " + column + " must not be null");
        }
        return value;
    }
}
