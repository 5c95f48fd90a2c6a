package ai.callmeback.simulators.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** A WebSocket client for tests: what came, in order, and how it ended. */
public final class TestSocket implements WebSocket.Listener {
    static {
        // A loaded machine is slow, not wrong.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final StringBuilder partial = new StringBuilder();
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private volatile String closeReason = "";
    private WebSocket socket;

    private TestSocket() {}

    /** Connects; {@code headers} are names and values in turn; a subprotocol is offered behind "token". */
    public static TestSocket connect(URI uri, String... headers) {
        TestSocket test = new TestSocket();
        WebSocket.Builder builder = CLIENT.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(20));
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equalsIgnoreCase("Sec-WebSocket-Protocol")) {
                builder.subprotocols("token", headers[i + 1]);
            } else {
                builder.header(headers[i], headers[i + 1]);
            }
        }
        test.socket = builder.buildAsync(uri, test).join();
        return test;
    }

    /** The response that refused an upgrade. */
    public static HttpResponse<?> refused(URI uri, String... headers) {
        try {
            connect(uri, headers).socket.abort();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse();
            }
            throw e;
        }
        throw new AssertionError("the upgrade was accepted");
    }

    public void send(String text) {
        socket.sendText(text, true).join();
    }

    public void send(byte[] audio) {
        socket.sendBinary(ByteBuffer.wrap(audio), true).join();
    }

    /** Sends {@code audio} in pieces of {@code pieceBytes}, as fast as it goes. */
    public void stream(byte[] audio, int pieceBytes) {
        for (int at = 0; at < audio.length; at += pieceBytes) {
            socket.sendBinary(ByteBuffer.wrap(audio, at, Math.min(pieceBytes, audio.length - at)), true)
                    .join();
        }
    }

    public void disconnect() {
        socket.abort();
    }

    public List<JsonNode> received() {
        return received;
    }

    public List<JsonNode> received(Predicate<JsonNode> which) {
        return received.stream().filter(which).toList();
    }

    /** Waits for the first message that matches. */
    public JsonNode await(Predicate<JsonNode> which) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(
                        () -> assertThat(received(which)).as("of %s", received).isNotEmpty());
        return received(which).getFirst();
    }

    /** Waits for the end; 1006 if there was no close frame. */
    public int awaitClose() {
        return closeCode.orTimeout(30, TimeUnit.SECONDS).join();
    }

    public boolean isOpen() {
        return !closeCode.isDone();
    }

    public String closeReason() {
        return closeReason;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            JsonNode json = Json.object(partial.toString());
            partial.setLength(0);
            received.add(json);
        }
        webSocket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closeReason = reason;
        closeCode.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closeReason = String.valueOf(error);
        closeCode.complete(1006);
    }
}
