package ai.callmeback.vendors.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** Streaming JSON without trees, for messages that come many times a second. */
public final class Json {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    private static final int FIRST_SCRATCH_BYTES = 16 * 1024;

    /** Network buffers are outside the heap and the parser wants an array: one per thread, grown to the largest message. */
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[FIRST_SCRATCH_BYTES];
        }
    };

    private Json() {}

    /**
     * A parser over the readable bytes, which must be used up before the thread parses anything else.
     */
    public static JsonParser parser(ByteBuf json) {
        int length = json.readableBytes();
        if (json.hasArray()) {
            return parser(json.array(), json.arrayOffset() + json.readerIndex(), length);
        }
        byte[] scratch = SCRATCH.get();
        if (scratch.length < length) {
            scratch = new byte[Integer.highestOneBit(length) * 2];
            SCRATCH.set(scratch);
        }
        json.getBytes(json.readerIndex(), scratch, 0, length);
        return parser(scratch, 0, length);
    }

    public static JsonParser parser(byte[] bytes, int offset, int length) {
        return FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length);
    }

    public static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    /** Writes UTF-8 to the buffer; close it to be sure that everything is there. */
    public static JsonGenerator generator(ByteBuf into) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), (OutputStream) new ByteBufOutputStream(into));
    }

    /** The text of the value just read, or empty for null and anything that is no scalar (which is skipped). */
    public static String text(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return parser.getString();
        }
        if (token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            return parser.getString();
        }
        parser.skipChildren();
        return "";
    }

    /** The number just read, or {@code otherwise}. */
    public static double number(JsonParser parser, double otherwise) {
        JsonToken token = parser.currentToken();
        if (token != null && token.isNumeric()) {
            return parser.getDoubleValue();
        }
        parser.skipChildren();
        return otherwise;
    }
}
