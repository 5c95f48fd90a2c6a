package ai.callmeback.dev.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints lines for people, each with the seconds since the command was given, and at last one JSON object. */
final class Console {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final PrintStream out;
    private final Instant began;

    Console(PrintStream out, Instant began) {
        this.out = out;
        this.began = began;
    }

    /** Counts from the moment the launcher was started, so that building and searching are in it. */
    static Console ofThisCommand() {
        return new Console(System.out, commandBegan());
    }

    static Instant commandBegan() {
        String millis = System.getenv().getOrDefault("CALLMEBACK_BEGAN_MILLIS", "");
        return millis.isBlank()
                ? ProcessHandle.current().info().startInstant().orElseGet(Instant::now)
                : Instant.ofEpochMilli(Long.parseLong(millis));
    }

    synchronized void step(String words) {
        double seconds = Duration.between(began, Instant.now()).toMillis() / 1000.0;
        out.printf(java.util.Locale.ROOT, "%6.1f s  %s%n", seconds, words);
        out.flush();
    }

    synchronized void line(String words) {
        out.println(words);
        out.flush();
    }

    /** The last line of a command that was asked for JSON. */
    synchronized void json(Object value) {
        out.println(JSON.writeValueAsString(value));
        out.flush();
    }
}
