package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.JournalEntry;
import ai.callmeback.simulators.core.JournalQuery;
import ai.callmeback.simulators.core.VirtualTime;
import ai.callmeback.simulators.phone.PhoneBook;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.util.MultiValueMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An exchange in virtual time, with a customer in memory. */
final class VirtualExchange {
    static final String FROM = "+15005550006";
    static final String TO = "+14155550123";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final VirtualTime time = new VirtualTime();
    final Journal journal = new Journal(time, 100_000);
    final Faults faults = new Faults(journal);
    final PhoneBook phones = new PhoneBook(journal, time, new Random(1));
    final List<Webhooks.Request> requests = new ArrayList<>();
    final List<Socket> sockets = new ArrayList<>();
    Function<Webhooks.Request, String> twiml = request -> "<Response/>";
    final Exchange exchange;

    VirtualExchange() {
        this(CallMemory.NONE);
    }

    VirtualExchange(CallMemory memory) {
        exchange = new Exchange(
                time,
                journal,
                faults,
                phones,
                this::deliver,
                this::connect,
                // Ids of an earlier process do not come again.
                new Sids(new Random(2 + memory.found().size())),
                memory,
                TwilioSettings.defaults("AC1", "token", Set.of(FROM), "https://app.test/voice"));
    }

    private void deliver(Webhooks.Request request, Consumer<Webhooks.Result> done) {
        requests.add(request);
        String body = request.url().contains("voice") ? twiml.apply(request) : "";
        time.after(
                Duration.ofMillis(5),
                () -> done.accept(new Webhooks.Result(200, "text/xml; charset=utf-8", body, null, 1)));
    }

    private MediaSockets.Socket connect(URI uri, Map<String, String> headers, MediaSockets.Listener listener) {
        Socket socket = new Socket(uri, headers, listener);
        sockets.add(socket);
        time.after(Duration.ofMillis(1), listener::opened);
        return socket;
    }

    /** What the customer's media server sees, and can do. */
    final class Socket implements MediaSockets.Socket {
        final URI uri;
        final Map<String, String> headers;
        final MediaSockets.Listener listener;
        final List<JsonNode> received = new ArrayList<>();
        final List<Long> receivedAtNanos = new ArrayList<>();
        boolean closed;
        boolean writable = true;

        Socket(URI uri, Map<String, String> headers, MediaSockets.Listener listener) {
            this.uri = uri;
            this.headers = headers;
            this.listener = listener;
        }

        @Override
        public void send(CharSequence json) {
            received.add(JSON.readTree(json.toString()));
            receivedAtNanos.add(time.nanoTime());
        }

        @Override
        public boolean writable() {
            return writable;
        }

        @Override
        public void close(int code) {
            closed = true;
        }

        @Override
        public void abort() {
            closed = true;
        }

        List<JsonNode> event(String name) {
            return received.stream()
                    .filter(message -> message.get("event").asString().equals(name))
                    .toList();
        }

        List<String> marks() {
            return event("mark").stream()
                    .map(message -> message.get("mark").get("name").asString())
                    .toList();
        }

        String streamSid() {
            return event("start").get(0).get("streamSid").asString();
        }

        void audio(byte[] audio) {
            say("{\"event\":\"media\",\"streamSid\":\"%s\",\"media\":{\"payload\":\"%s\"}}"
                    .formatted(streamSid(), Base64.getEncoder().encodeToString(audio)));
        }

        void mark(String name) {
            say("{\"event\":\"mark\",\"streamSid\":\"%s\",\"mark\":{\"name\":\"%s\"}}".formatted(streamSid(), name));
        }

        void clear() {
            say("{\"event\":\"clear\",\"streamSid\":\"%s\"}".formatted(streamSid()));
        }

        void say(String json) {
            listener.text(json);
        }
    }

    /** Dials with the given further fields. */
    Call dial(String... fields) {
        MultiValueMap<String, String> form = DialRequest.form(Map.of(
                "To", TO, "From", FROM, "Url", "https://app.test/voice", "StatusCallback", "https://app.test/status"));
        List.of("initiated", "ringing", "answered", "completed")
                .forEach(event -> form.add("StatusCallbackEvent", event));
        for (int i = 0; i < fields.length; i += 2) {
            form.set(fields[i], fields[i + 1]);
        }
        return exchange.create(DialRequest.parse(form, exchange.settings()));
    }

    /** Dials a call whose TwiML is one stream, and goes on until that runs. */
    Socket stream() {
        twiml = request -> "<Response><Connect><Stream url=\"wss://media.test/in\"/></Connect></Response>";
        dial();
        time.advance(Duration.ofSeconds(2));
        return sockets.get(0);
    }

    List<String> callStatuses() {
        return requests.stream()
                .filter(request -> request.url().endsWith("/status"))
                .map(request -> request.form().get("CallStatus"))
                .toList();
    }

    List<JournalEntry> entries(String kind) {
        return journal.read(new JournalQuery(null, null, kind, 0, Integer.MAX_VALUE));
    }
}
