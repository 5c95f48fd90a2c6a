package ai.callmeback.db.mutation;

import ai.callmeback.db.testing.Mutation;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A guard, how it is taken out, and the tests that must notice. Either {@code drop}, a statement on the schema, or {@code
 * find} and {@code replace}, in the {@code function} of that name or in the statements our classes send.
 *
 * @param of the invariant or promise it guards
 * @param tests classes, or {@code Class#method}, below {@code ai.callmeback}
 */
record Guard(
        String guard,
        String of,
        @Nullable String drop,
        @Nullable String function,
        @Nullable String find,
        @Nullable String replace,
        List<String> tests) {
    private static final String FILE = "/mutation/guards.json";

    Guard {
        Objects.requireNonNull(guard);
        Objects.requireNonNull(of);
        if ((drop == null) == (find == null) || (find == null) != (replace == null) || tests.isEmpty()) {
            throw new IllegalArgumentException(
                    "guard " + guard + " says not clearly how it is taken out, or by what noticed");
        }
    }

    /** All of them, in the order of the file. */
    static List<Guard> all() throws IOException {
        try (InputStream file = Objects.requireNonNull(Guard.class.getResourceAsStream(FILE))) {
            return List.of(JsonMapper.shared().readValue(file, Guard[].class));
        }
    }

    /** Until closed. */
    Mutation takeOut() {
        if (drop != null) {
            return Mutation.ofSchema(drop);
        }
        String text = Objects.requireNonNull(find);
        String instead = Objects.requireNonNull(replace);
        return function == null ? Mutation.ofStatements(text, instead) : Mutation.ofFunction(function, text, instead);
    }
}
