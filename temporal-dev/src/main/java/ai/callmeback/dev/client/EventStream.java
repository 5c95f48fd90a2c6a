package ai.callmeback.dev.client;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads server-sent events on a thread of its own and goes on after the last one when the connection breaks, so that a
 * restart of the server loses none.
 */
public final class EventStream implements AutoCloseable {
    private static final Duration RECONNECT = Duration.ofMillis(300);

    private final JsonHttp http;
    private final String path;
    private final Consumer<Event> consumer;
    private final Thread reader;
    private String lastId = "";
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable String trouble;

    /** One event; {@code id} is empty when the server gave none. */
    public record Event(String id, String name, JsonNode data) {}

    private EventStream(JsonHttp http, String path, Consumer<Event> consumer) {
        this.http = http;
        this.path = path;
        this.consumer = consumer;
        this.reader = Thread.ofVirtual().name("events " + path).unstarted(this::read);
    }

    public static EventStream open(JsonHttp http, String path, Consumer<Event> consumer) {
        EventStream stream = new EventStream(http, path, consumer);
        stream.reader.start();
        return stream;
    }

    private void read() {
        try {
            do {
                readOrSayWhyNot();
            } while (!closed.await(RECONNECT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readOrSayWhyNot() throws InterruptedException {
        try {
            readOnce();
        } catch (IOException e) {
            // The server is away or broke the stream; it is asked again from where it was.
            trouble = path + ": " + e;
        }
    }

    private void readOnce() throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(http.uri(path)).header("Accept", "text/event-stream");
        http.headers().forEach(request::header);
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        HttpResponse<Stream<String>> response =
                JsonHttp.CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                trouble = path + " answered " + response.statusCode();
            } else {
                trouble = null;
                Parser parser = new Parser();
                lines.takeWhile(line -> closed.getCount() > 0).forEach(parser::line);
            }
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private final class Parser {
        private String id = "";
        private String name = "message";
        private final StringBuilder data = new StringBuilder();

        void line(String line) {
            if (line.isEmpty()) {
                dispatch();
            } else if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                name = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5).strip());
            }
        }

        private void dispatch() {
            if (!data.isEmpty()) {
                try {
                    consumer.accept(new Event(id, name, JsonHttp.JSON.readTree(data.toString())));
                } catch (JacksonException e) {
                    throw new IllegalStateException("event " + id + " of " + path + " is no JSON: " + data, e);
                }
                if (!id.isEmpty()) {
                    lastId = id;
                }
                if (name.equals("end")) {
                    closed.countDown();
                }
            }
            id = "";
            name = "message";
            data.setLength(0);
        }
    }

    /** What keeps it from reading since it last could; empty while it reads. For whoever waits for an event in vain. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Waits until the server has said that no more will come; false if it has not within the time. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return reader.join(atMost);
    }

    @Override
    public void close() {
        closed.countDown();
        reader.interrupt();
    }
}
