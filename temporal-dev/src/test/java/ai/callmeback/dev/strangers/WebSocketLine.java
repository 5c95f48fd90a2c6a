package ai.callmeback.dev.strangers;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The server's end of a WebSocket, by RFC 6455: whole frames of text and bytes, ping, close. */
final class WebSocketLine {

    static final int TEXT = 1;
    static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    /** One message; the bytes of a text are UTF-8. */
    record Message(int kind, byte[] bytes) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private final DataInputStream in;
    private final OutputStream out;

    WebSocketLine(DataInputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** The next message, or null when the other side says goodbye. */
    Message receive() throws IOException {
        while (true) {
            int kind = in.readUnsignedByte() & 15;
            int first = in.readUnsignedByte();
            if ((first & 128) == 0) {
                throw new IOException("a client must mask its frames");
            }
            long length = first & 127;
            length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            byte[] mask = in.readNBytes(4);
            byte[] bytes = in.readNBytes(Math.toIntExact(length));
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= mask[i % 4];
            }
            switch (kind) {
                case TEXT, BINARY -> {
                    return new Message(kind, bytes);
                }
                case PING -> send(PONG, bytes);
                case CLOSE -> {
                    send(CLOSE, bytes);
                    return null;
                }
                default -> {}
            }
        }
    }

    void send(String text) throws IOException {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void close(int code) throws IOException {
        send(CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
    }

    private synchronized void send(int kind, byte[] bytes) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(bytes.length + 10);
        frame.put((byte) (128 | kind));
        if (bytes.length < 126) {
            frame.put((byte) bytes.length);
        } else if (bytes.length < 65_536) {
            frame.put((byte) 126).putShort((short) bytes.length);
        } else {
            frame.put((byte) 127).putLong(bytes.length);
        }
        frame.put(bytes);
        out.write(frame.array(), 0, frame.position());
        out.flush();
    }
}
