package ai.callmeback.vendors.tts;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Cuts a byte stream into its top-level JSON objects, whatever stands between them: the delimiter of the vendor's
 * stream with timestamps is not documented (lines, array commas and event prefixes have all been seen).
 */
final class JsonObjects {

    static final int MAX_OBJECT_BYTES = 4 * 1024 * 1024;

    /** Receives one whole object; the bytes are only valid during the call. */
    @FunctionalInterface
    interface ObjectHandler {
        void onObject(byte[] json, int length);
    }

    private final ObjectHandler handler;
    private byte[] object = new byte[4096];
    private int length;
    private int depth;
    private boolean inString;
    private boolean escaped;

    JsonObjects(ObjectHandler handler) {
        this.handler = handler;
    }

    /** @return false if an object grew too long; the stream is then of no more use */
    boolean feed(ByteBuf bytes) {
        while (bytes.isReadable()) {
            byte next = bytes.readByte();
            if (depth == 0 && next != '{') {
                continue;
            }
            if (length == MAX_OBJECT_BYTES) {
                return false;
            }
            if (length == object.length) {
                object = Arrays.copyOf(object, object.length * 2);
            }
            object[length++] = next;
            track(next);
            if (depth == 0) {
                int whole = length;
                length = 0;
                handler.onObject(object, whole);
            }
        }
        return true;
    }

    /** Whether an object was begun and not ended. */
    boolean inside() {
        return depth > 0;
    }

    private void track(byte next) {
        if (inString) {
            if (escaped) {
                escaped = false;
            } else if (next == '\\') {
                escaped = true;
            } else if (next == '"') {
                inString = false;
            }
        } else if (next == '"') {
            inString = true;
        } else if (next == '{') {
            depth++;
        } else if (next == '}') {
            depth--;
        }
    }
}
