package ai.callmeback.dev.strangers;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A web server of a few lines over plain sockets, a thread per connection: as different from what the product is made
 * of as can be. One request per HTTP connection.
 */
abstract class TinyServer implements AutoCloseable {

    record Request(String method, String path, Map<String, String> query, Map<String, String> headers, String body) {

        Map<String, String> form() {
            return pairs(body);
        }
    }

    record Reply(int status, String type, String body) {

        static Reply json(int status, String body) {
            return new Reply(status, "application/json", body);
        }
    }

    private final ServerSocket listening;
    private final List<Socket> open = new ArrayList<>();

    TinyServer() throws IOException {
        listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Answers a plain request; null if it answered by itself on {@code out}. */
    abstract Reply http(Request request, OutputStream out) throws IOException, InterruptedException;

    /** Refuses an upgrade with a reply, or null to accept it. */
    Reply refuse(Request request) {
        return Reply.json(404, "{}");
    }

    /** Talks on an accepted socket until it returns. */
    void socket(Request request, WebSocketLine line) throws IOException, InterruptedException {}

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                synchronized (open) {
                    open.add(socket);
                }
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Request request = read(in);
            if ("websocket".equalsIgnoreCase(request.headers.get("upgrade"))) {
                upgrade(request, socket, in);
            } else {
                Reply reply = http(request, socket.getOutputStream());
                if (reply != null) {
                    write(socket.getOutputStream(), reply);
                }
            }
        } catch (IOException | InterruptedException gone) {
            // The other side left; whoever waits for it will notice.
        }
    }

    private void upgrade(Request request, Socket socket, InputStream in) throws IOException, InterruptedException {
        Reply refusal = refuse(request);
        if (refusal != null) {
            write(socket.getOutputStream(), refusal);
            return;
        }
        socket.getOutputStream()
                .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + accept(request.headers.get("sec-websocket-key"))
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket(request, new WebSocketLine(new DataInputStream(in), socket.getOutputStream()));
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                                    .getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Request read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", -1);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        String[] target = first[1].split("\\?", 2);
        return new Request(first[0], target[0], pairs(target.length == 1 ? "" : target[1]), headers, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the client left");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    static Map<String, String> pairs(String encoded) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : encoded.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                pairs.put(decode(parts[0]), decode(parts[1]));
            }
        }
        return pairs;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void write(OutputStream out, Reply reply) throws IOException {
        byte[] body = reply.body.getBytes(StandardCharsets.UTF_8);
        out.write(("HTTP/1.1 " + reply.status + " Whatever\r\nContent-Type: " + reply.type + "\r\nContent-Length: "
                        + body.length + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        synchronized (open) {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
