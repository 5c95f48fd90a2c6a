package ai.callmeback.voice.call;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Builds the small JSON objects of journal lines. */
final class Detail {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, Object> fields = new LinkedHashMap<>();

    static Detail of(String key, Object value) {
        return new Detail().with(key, value);
    }

    /** Adds a field; null is left out. */
    Detail with(String key, @Nullable Object value) {
        if (value != null) {
            fields.put(key, value);
        }
        return this;
    }

    String json() {
        return JSON.writeValueAsString(fields);
    }
}
