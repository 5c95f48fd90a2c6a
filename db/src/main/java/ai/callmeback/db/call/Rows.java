package ai.callmeback.db.call;

import ai.callmeback.domain.call.CallbackPolicy;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import tools.jackson.databind.json.JsonMapper;

/** Reading and binding what R2DBC leaves to its user. */
final class Rows {
    static final JsonMapper JSON = JsonMapper.shared();

    private Rows() {}

    static <T> T required(Readable row, String column, Class<T> type) {
        T value = row.get(column, type);
        if (value == null) {
            throw new IllegalStateException("column " + column + " must not be null");
        }
        return value;
    }

    static String text(Readable row, String column) {
        return required(row, column, String.class);
    }

    static int number(Readable row, String column) {
        return required(row, column, Integer.class);
    }

    static Instant instant(Readable row, String column) {
        return required(row, column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instantOrNull(Readable row, String column) {
        OffsetDateTime value = row.get(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    static String json(Readable row, String column) {
        return required(row, column, Json.class).asString();
    }

    static CallbackPolicy policy(Readable row) {
        return JSON.readValue(json(row, "callback_policy"), CallbackPolicy.class);
    }

    static Json toJson(Object value) {
        return Json.of(JSON.writeValueAsString(value));
    }

    static <T> GenericExecuteSpec bind(GenericExecuteSpec spec, String name, @Nullable T value, Class<T> type) {
        return value == null ? spec.bindNull(name, type) : spec.bind(name, value);
    }
}
