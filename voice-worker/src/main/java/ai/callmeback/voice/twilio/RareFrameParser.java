package ai.callmeback.voice.twilio;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The strict, slow reader for frames that come a few times a call, and for whatever the scanner would not take. */
final class RareFrameParser {
    private static final int MAX_PARAMETERS = 32;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What a slow media frame holds. */
    @SuppressWarnings("ArrayRecordComponent") // read once and dropped
    record SlowMedia(long sequence, long timestampMillis, byte[] audio) {}

    private RareFrameParser() {}

    /** Either a {@link TwilioFrame} or a {@link SlowMedia}. */
    static Object parse(byte[] bytes, int length, @Nullable StreamSid stream) {
        JsonNode frame;
        try {
            frame = JSON.readTree(bytes, 0, length);
        } catch (JacksonException e) {
            return new TwilioFrame.Malformed("not JSON");
        }
        if (!frame.isObject()) {
            return new TwilioFrame.Malformed("not a JSON object");
        }
        String event = frame.path("event").asString("");
        String named = frame.path("streamSid").asString("");
        if (stream != null && !named.isEmpty() && !stream.is(named) && !event.equals("start")) {
            return TwilioFrame.Foreign.FRAME;
        }
        return switch (event) {
            case "media" -> media(frame);
            case "connected" ->
                new TwilioFrame.Connected(
                        frame.path("protocol").asString(""),
                        frame.path("version").asString(""));
            case "start" -> start(frame);
            case "mark" -> named(frame.path("mark").path("name"), "mark without a name", TwilioFrame.Mark::new);
            case "dtmf" -> named(frame.path("dtmf").path("digit"), "dtmf without a digit", TwilioFrame.Dtmf::new);
            case "stop" -> new TwilioFrame.Stop();
            case "" -> new TwilioFrame.Malformed("no event");
            default -> new TwilioFrame.Unknown(event.length() > 32 ? event.substring(0, 32) : event);
        };
    }

    private static Object media(JsonNode frame) {
        JsonNode media = frame.path("media");
        JsonNode payload = media.path("payload");
        long timestamp = media.path("timestamp").asLong(-1);
        if (!payload.isString() || timestamp < 0) {
            return new TwilioFrame.Malformed("media without payload or timestamp");
        }
        if (!"inbound".equals(media.path("track").asString("inbound"))) {
            return new TwilioFrame.Unknown("media of another track");
        }
        try {
            byte[] audio = Base64.getDecoder().decode(payload.asString());
            return new SlowMedia(frame.path("sequenceNumber").asLong(-1), timestamp, audio);
        } catch (IllegalArgumentException e) {
            return new TwilioFrame.Malformed("payload is not base64");
        }
    }

    private static TwilioFrame start(JsonNode frame) {
        JsonNode start = frame.path("start");
        String streamSid =
                start.path("streamSid").asString(frame.path("streamSid").asString(""));
        String callSid = start.path("callSid").asString("");
        JsonNode format = start.path("mediaFormat");
        JsonNode given = start.path("customParameters");
        if (streamSid.isEmpty() || callSid.isEmpty()) {
            return new TwilioFrame.Malformed("start without streamSid or callSid");
        }
        if (!isPlain(streamSid) || !isPlain(callSid)) {
            return new TwilioFrame.Malformed("start with an id of other than letters and digits");
        }
        if (given.size() > MAX_PARAMETERS) {
            return new TwilioFrame.Malformed("start with more than " + MAX_PARAMETERS + " parameters");
        }
        Map<String, String> parameters = new HashMap<>();
        given.properties()
                .forEach(
                        entry -> parameters.put(entry.getKey(), entry.getValue().asString("")));
        return new TwilioFrame.Start(
                streamSid,
                callSid,
                Map.copyOf(parameters),
                format.path("encoding").asString(""),
                format.path("sampleRate").asInt(0));
    }

    /** Ids go into the frames we write without escaping, so nothing else may be in them. */
    private static boolean isPlain(String id) {
        return id.length() <= 64
                && id.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
    }

    private static TwilioFrame named(
            JsonNode value, String complaint, java.util.function.Function<String, TwilioFrame> make) {
        return value.isString() && value.asString().length() <= 128
                ? make.apply(value.asString())
                : new TwilioFrame.Malformed(complaint);
    }
}
