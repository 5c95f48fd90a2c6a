package ai.callmeback.vendors.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Splits a byte stream into server-sent events. Bytes may come in any pieces; lines end with LF, CR LF or CR; comment
 * lines and unknown fields are skipped; a space after the colon is optional; several data lines are joined by LF. Bytes
 * become text only when an event is whole, so a split character does no harm.
 */
public final class SseParser {

    public static final int MAX_EVENT_BYTES = 1024 * 1024;

    /** Receives one event; the bytes are only valid during the call. Feeding from within it is not allowed. */
    @FunctionalInterface
    public interface EventHandler {
        void onEvent(boolean error, byte[] data, int length);
    }

    private final EventHandler handler;
    private byte[] line = new byte[512];
    private int lineLength;
    private byte[] data = new byte[512];
    private int dataLength;
    private boolean hasData;
    private boolean errorEvent;
    private boolean afterCarriageReturn;

    public SseParser(EventHandler handler) {
        this.handler = handler;
    }

    /** @return false if an event grew beyond {@value #MAX_EVENT_BYTES} bytes; the stream is then of no more use */
    public boolean feed(ByteBuf bytes) {
        while (bytes.isReadable()) {
            int end = endOfLine(bytes);
            int length = (end < 0 ? bytes.writerIndex() : end) - bytes.readerIndex();
            if (lineLength + length + dataLength > MAX_EVENT_BYTES) {
                return false;
            }
            append(bytes, length);
            if (end < 0) {
                break;
            }
            byte terminator = bytes.readByte();
            if (terminator == '\n' && afterCarriageReturn && lineLength == 0) {
                afterCarriageReturn = false;
                continue;
            }
            afterCarriageReturn = terminator == '\r';
            line();
        }
        return true;
    }

    /** The stream ended: an event whose closing empty line is missing is delivered all the same. */
    public void end() {
        if (lineLength > 0) {
            line();
        }
        dispatch();
    }

    private static int endOfLine(ByteBuf bytes) {
        int from = bytes.readerIndex();
        int length = bytes.readableBytes();
        int lineFeed = bytes.bytesBefore((byte) '\n');
        int carriageReturn = bytes.bytesBefore(lineFeed < 0 ? length : lineFeed, (byte) '\r');
        return carriageReturn >= 0 ? from + carriageReturn : lineFeed >= 0 ? from + lineFeed : -1;
    }

    private void append(ByteBuf bytes, int length) {
        if (length == 0) {
            return;
        }
        if (line.length < lineLength + length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, lineLength + length));
        }
        bytes.readBytes(line, lineLength, length);
        lineLength += length;
        afterCarriageReturn = false;
    }

    private void line() {
        if (lineLength == 0) {
            dispatch();
        } else if (startsWith("data:")) {
            appendData(valueStart(5));
        } else if (startsWith("event:")) {
            int start = valueStart(6);
            errorEvent = "error".equals(new String(line, start, lineLength - start, StandardCharsets.UTF_8));
        }
        lineLength = 0;
    }

    private int valueStart(int afterColon) {
        return lineLength > afterColon && line[afterColon] == ' ' ? afterColon + 1 : afterColon;
    }

    private boolean startsWith(String field) {
        if (lineLength < field.length()) {
            return false;
        }
        for (int i = 0; i < field.length(); i++) {
            if (line[i] != field.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void appendData(int start) {
        int length = lineLength - start;
        if (data.length < dataLength + length + 1) {
            data = Arrays.copyOf(data, Math.max(data.length * 2, dataLength + length + 1));
        }
        if (hasData) {
            data[dataLength++] = '\n';
        }
        System.arraycopy(line, start, data, dataLength, length);
        dataLength += length;
        hasData = true;
    }

    private void dispatch() {
        boolean error = errorEvent;
        int length = dataLength;
        boolean whole = hasData;
        errorEvent = false;
        hasData = false;
        dataLength = 0;
        if (whole) {
            handler.onEvent(error, data, length);
        }
    }
}
