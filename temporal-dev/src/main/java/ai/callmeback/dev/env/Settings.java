package ai.callmeback.dev.env;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the person running us has set: the process environment, and below it the file {@code .env} of the checkout. */
public record Settings(Map<String, String> values) {

    public Settings {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public static Settings load(Checkout checkout) throws IOException {
        return load(checkout.root().resolve(".env"), System.getenv());
    }

    static Settings load(Path file, Map<String, String> environment) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        DotEnv.read(file).forEach((name, value) -> {
            if (!value.isBlank()) {
                values.put(name, value);
            }
        });
        environment.forEach((name, value) -> {
            if (!value.isBlank()) {
                values.put(name, value);
            }
        });
        // The LLM key has two usual names.
        if (values.containsKey("CEREBRAS_API_KEY")) {
            values.putIfAbsent("LLM_API_KEY", values.get("CEREBRAS_API_KEY"));
        }
        return new Settings(values);
    }

    public String get(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }
}
