package ai.callmeback.db.answer;

import java.util.List;

/** Whether a call that was picked up may speak, and where. */
public sealed interface StreamOffer {
    /** Connect to these, in this order. */
    record Streams(List<Stream> streams) implements StreamOffer {
        public Streams {
            streams = List.copyOf(streams);
        }
    }

    /** The attempt may speak, but no voice worker lives just now: ask again shortly. */
    record NoWorker() implements StreamOffer {}

    /** The attempt is late, abandoned or over: hang up. */
    record Over() implements StreamOffer {}

    /** There is no such call or attempt. */
    record Unknown() implements StreamOffer {}

    /**
     * One media socket.
     *
     * @param token good for one claim; only its hash is stored
     */
    record Stream(String url, String token) {
        @Override
        public String toString() {
            return "Stream[" + url + "]";
        }
    }
}
