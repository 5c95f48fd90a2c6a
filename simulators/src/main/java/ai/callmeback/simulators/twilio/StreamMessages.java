package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Details;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** The JSON of Media Streams. Numbers from the vendor are strings. */
final class StreamMessages {
    static final String CONNECTED = "{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ObjectReader READER = JSON.readerFor(Incoming.class);

    private StreamMessages() {}

    /** What a customer may send. */
    record Incoming(
            @Nullable String event,
            @Nullable String streamSid,
            @Nullable Media media,
            @Nullable Mark mark) {}

    record Media(@Nullable String payload) {}

    record Mark(@Nullable String name) {}

    /** Throws {@link tools.jackson.core.JacksonException} for what is no JSON of that shape. */
    static Incoming read(String text) {
        Incoming incoming = READER.readValue(text);
        if (incoming == null) {
            throw new IllegalArgumentException("null is no message");
        }
        return incoming;
    }

    static String start(
            long sequence, String accountSid, String callSid, String streamSid, Map<String, String> parameters) {
        return JSON.writeValueAsString(Details.of(
                "event",
                "start",
                "sequenceNumber",
                Long.toString(sequence),
                "streamSid",
                streamSid,
                "start",
                Details.of(
                        "accountSid", accountSid,
                        "streamSid", streamSid,
                        "callSid", callSid,
                        "tracks", List.of("inbound"),
                        "customParameters", parameters,
                        "mediaFormat", Details.of("encoding", "audio/x-mulaw", "sampleRate", 8_000, "channels", 1))));
    }

    /** Built by hand: this one goes out fifty times a second for every call. */
    static CharSequence media(long sequence, String streamSid, long chunk, long timestampMillis, byte[] audio) {
        return "{\"event\":\"media\",\"sequenceNumber\":\"" + sequence + "\",\"streamSid\":\"" + streamSid
                + "\",\"media\":{\"track\":\"inbound\",\"chunk\":\"" + chunk + "\",\"timestamp\":\"" + timestampMillis
                + "\",\"payload\":\"" + Base64.getEncoder().encodeToString(audio) + "\"}}";
    }

    static String dtmf(long sequence, String streamSid, char digit) {
        return JSON.writeValueAsString(Details.of(
                "event",
                "dtmf",
                "streamSid",
                streamSid,
                "sequenceNumber",
                Long.toString(sequence),
                "dtmf",
                Details.of("track", "inbound_track", "digit", String.valueOf(digit))));
    }

    static String mark(long sequence, String streamSid, String name) {
        return JSON.writeValueAsString(Details.of(
                "event",
                "mark",
                "sequenceNumber",
                Long.toString(sequence),
                "streamSid",
                streamSid,
                "mark",
                Details.of("name", name)));
    }

    static String stop(long sequence, String accountSid, String callSid, String streamSid) {
        return JSON.writeValueAsString(Details.of(
                "event",
                "stop",
                "sequenceNumber",
                Long.toString(sequence),
                "streamSid",
                streamSid,
                "stop",
                Details.of("accountSid", accountSid, "callSid", callSid)));
    }
}
