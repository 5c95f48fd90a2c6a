package ai.callmeback.simulators.elevenlabs;

import ai.callmeback.simulators.speech.Speech;
import ai.callmeback.simulators.wire.Json;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What the sockets say. The vendor's own descriptions and examples disagree about some names; each is used now and then,
 * so that only a client that knows them all works.
 */
final class TtsMessages {
    /** Every so many messages the rarer spelling. */
    private static final int RARE = 5;

    private final boolean multi;
    private final boolean syncAlignment;
    private int count;

    TtsMessages(boolean multi, boolean syncAlignment) {
        this.multi = multi;
        this.syncAlignment = syncAlignment;
    }

    CharSequence audio(String contextId, Segment segment, Segment.Chunk chunk) {
        boolean rare = ++count % RARE == 0;
        byte[] audio = segment.audio(chunk);
        StringBuilder json = new StringBuilder(audio.length * 2 + 512);
        json.append("{\"audio\":\"")
                .append(Base64.getEncoder().encodeToString(audio))
                .append('"');
        if (multi) {
            Json.quote(json.append(rare ? ",\"context_id\":" : ",\"contextId\":"), contextId);
        } else {
            json.append(",\"isFinal\":null");
        }
        if (syncAlignment) {
            alignments(json, segment.speech(), chunk.firstCharacter(), chunk.endCharacter(), chunk.startMillis(), rare);
        } else if (chunk.fromByte() == 0) {
            alignments(json, segment.speech(), 0, segment.speech().codePoints().length, 0, rare);
        } else {
            json.append(",\"alignment\":null,\"normalizedAlignment\":null");
        }
        return json.append('}');
    }

    CharSequence last(String contextId) {
        boolean rare = ++count % RARE == 0;
        if (!multi) {
            return "{\"audio\":null,\"isFinal\":true,\"alignment\":null,\"normalizedAlignment\":null}";
        }
        StringBuilder json =
                new StringBuilder(rare ? "{\"is_final\":true,\"contextId\":" : "{\"isFinal\":true,\"contextId\":");
        return Json.quote(json, contextId).append('}');
    }

    CharSequence error(String error, String message, int code, @Nullable String contextId) {
        StringBuilder json = new StringBuilder("{\"message\":");
        Json.quote(json, message);
        Json.quote(json.append(",\"error\":"), error).append(",\"code\":").append(code);
        if (contextId != null) {
            Json.quote(json.append(",\"contextId\":"), contextId);
        }
        return json.append('}');
    }

    private static void alignments(
            StringBuilder json, Speech speech, int from, int to, int originMillis, boolean rare) {
        int start = json.append(",\"alignment\":").length();
        alignment(json, speech, from, to, originMillis, rare);
        String same = json.substring(start);
        json.append(",\"normalizedAlignment\":").append(same);
    }

    private static void alignment(StringBuilder json, Speech speech, int from, int to, int originMillis, boolean rare) {
        if (from == to) {
            json.append("null");
            return;
        }
        json.append("{\"chars\":[");
        for (int i = from; i < to; i++) {
            Json.quote(i == from ? json : json.append(','), Character.toString(speech.codePoints()[i]));
        }
        json.append(rare ? "],\"charsStartTimesMs\":[" : "],\"charStartTimesMs\":[");
        for (int i = from; i < to; i++) {
            (i == from ? json : json.append(',')).append(speech.startMillis()[i] - originMillis);
        }
        json.append(rare ? "],\"charsDurationsMs\":[" : "],\"charDurationsMs\":[");
        for (int i = from; i < to; i++) {
            (i == from ? json : json.append(',')).append(speech.durationMillis()[i]);
        }
        json.append("]}");
    }
}
