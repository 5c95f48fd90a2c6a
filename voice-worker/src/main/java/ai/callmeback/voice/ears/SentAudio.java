package ai.callmeback.voice.ears;

import ai.callmeback.vendors.stt.SttSession;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the connections of a call were sent, in milliseconds by model: what is billed; and what they had no room for. */
final class SentAudio {
    private final Map<String, Long> byModel = new HashMap<>();
    private long droppedMillis;

    /** A connection is over. */
    void add(String model, SttSession session) {
        byModel.merge(model, session.audioMillisSent(), Long::sum);
        droppedMillis += session.audioMillisDropped();
    }

    Map<String, Long> with(String model, @Nullable SttSession current) {
        Map<String, Long> all = new HashMap<>(byModel);
        if (current != null) {
            all.merge(model, current.audioMillisSent(), Long::sum);
        }
        return all;
    }

    long droppedWith(@Nullable SttSession current) {
        return droppedMillis + (current == null ? 0 : current.audioMillisDropped());
    }
}
