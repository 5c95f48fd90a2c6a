package ai.callmeback.vendors.tts;

import ai.callmeback.vendors.wire.Json;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one message of the socket, or one object of the HTTP stream, into fields. Every spelling seen in the vendor's
 * documents and in the field is accepted.
 */
final class AudioMessage {

    byte @Nullable [] audio;
    String contextId = "";
    boolean isFinal;
    String error = "";
    String message = "";
    int code;
    TtsEvent.@Nullable Alignment alignment;

    private final StringBuilder characters = new StringBuilder();
    private int[] starts = new int[64];
    private int[] durations = new int[64];
    private int elements;
    private int[] elementEnds = new int[64];
    private int startCount;
    private int durationCount;
    private boolean endsInsteadOfDurations;

    void read(JsonParser parser) {
        audio = null;
        contextId = "";
        isFinal = false;
        error = "";
        message = "";
        code = 0;
        alignment = null;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return;
        }
        TtsEvent.Alignment normalized = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "audio", "audio_base64" -> {
                    if (value == JsonToken.VALUE_STRING) {
                        audio = parser.getBinaryValue();
                    }
                }
                case "contextId", "context_id" -> contextId = Json.text(parser);
                case "isFinal", "is_final" -> isFinal = value == JsonToken.VALUE_TRUE;
                case "alignment" -> alignment = alignment(parser, value);
                case "normalizedAlignment", "normalized_alignment" -> normalized = alignment(parser, value);
                case "error" -> error(parser, value);
                case "message", "reason" -> message = Json.text(parser);
                case "code" -> code = (int) Json.number(parser, 0);
                default -> parser.skipChildren();
            }
        }
        if (alignment == null) {
            alignment = normalized;
        }
    }

    private void error(JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            error = Json.text(parser);
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "code", "status", "type" -> error = Json.text(parser);
                case "message" -> message = Json.text(parser);
                default -> parser.skipChildren();
            }
        }
        error = error.isEmpty() ? "error" : error;
    }

    /** Null for null, for anything that is not an object, and for arrays that do not match each other. */
    private TtsEvent.@Nullable Alignment alignment(JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return null;
        }
        characters.setLength(0);
        elements = 0;
        startCount = 0;
        durationCount = 0;
        endsInsteadOfDurations = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken field = parser.nextToken();
            if (field != JsonToken.START_ARRAY) {
                parser.skipChildren();
                continue;
            }
            switch (name) {
                case "chars", "characters" -> characters(parser);
                case "charStartTimesMs", "charsStartTimesMs", "char_start_times_ms" -> starts(parser, 1);
                case "charDurationsMs", "charsDurationsMs", "char_durations_ms" -> durations(parser, 1);
                case "character_start_times_seconds" -> starts(parser, 1000);
                case "character_end_times_seconds" -> {
                    endsInsteadOfDurations = true;
                    durations(parser, 1000);
                }
                default -> parser.skipChildren();
            }
        }
        return spread();
    }

    private void characters(JsonParser parser) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            characters.append(Json.text(parser));
            elementEnds = room(elementEnds, elements);
            elementEnds[elements++] = characters.length();
        }
    }

    private void starts(JsonParser parser, int scale) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            starts = room(starts, startCount);
            starts[startCount++] = (int) Math.round(Json.number(parser, 0) * scale);
        }
    }

    private void durations(JsonParser parser, int scale) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            durations = room(durations, durationCount);
            durations[durationCount++] = (int) Math.round(Json.number(parser, 0) * scale);
        }
    }

    /** From one entry per element to one per UTF-16 unit; an element may be an emoji of two. */
    private TtsEvent.@Nullable Alignment spread() {
        if (elements == 0 || startCount != elements || durationCount != elements) {
            return null;
        }
        int[] start = new int[characters.length()];
        int[] duration = new int[characters.length()];
        int unit = 0;
        for (int element = 0; element < elements; element++) {
            int length = endsInsteadOfDurations ? durations[element] - starts[element] : durations[element];
            for (; unit < elementEnds[element]; unit++) {
                start[unit] = starts[element];
                duration[unit] = Math.max(0, length);
            }
        }
        return new TtsEvent.Alignment(characters.toString(), start, duration);
    }

    private static int[] room(int[] array, int index) {
        return index < array.length ? array : Arrays.copyOf(array, array.length * 2);
    }
}
