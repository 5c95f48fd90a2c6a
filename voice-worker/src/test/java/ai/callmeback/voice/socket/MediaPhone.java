package ai.callmeback.voice.socket;

import static org.awaitility.Awaitility.await;

import ai.callmeback.voice.call.FakeVendors;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.websocket.WebsocketInbound;

/** A media stream client, which says what a test has it say and keeps what it is told. */
final class MediaPhone {
    static final int FRAME_BYTES = 160;
    private static final String PAYLOAD = "\"payload\":\"";

    final CompletableFuture<String> closed = new CompletableFuture<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final Sinks.Many<WebSocketFrame> out = Sinks.many().unicast().onBackpressureBuffer();

    MediaPhone(int port) {
        HttpClient.create()
                .websocket()
                .uri("ws://127.0.0.1:" + port + MediaServer.PATH)
                .handle((in, outbound) -> {
                    in.receiveCloseStatus()
                            .subscribe(status -> closed.complete(status.code() + " " + status.reasonText()));
                    receive(in);
                    return outbound.sendObject(out.asFlux());
                })
                .subscribe(done -> {}, error -> closed.complete("error"), () -> closed.complete("gone"));
    }

    private void receive(WebsocketInbound in) {
        in.receive().asString().subscribe(received::add, error -> {});
    }

    MediaPhone start(String token) {
        return send("{\"event\":\"start\",\"sequenceNumber\":\"1\",\"streamSid\":\"MZ1\",\"start\":{\"streamSid\":"
                + "\"MZ1\",\"callSid\":\"CA1\",\"customParameters\":{\"token\":\"" + token
                + "\"},\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\",\"sampleRate\":8000,\"channels\":1}}}");
    }

    /** Silence. */
    MediaPhone media(int number) {
        return media(number, "MZ1", (byte) 0xFF);
    }

    /** A frame of one sample, 20 ms for each number. */
    MediaPhone media(int number, String stream, byte sample) {
        byte[] audio = new byte[FRAME_BYTES];
        Arrays.fill(audio, sample);
        return send("{\"event\":\"media\",\"sequenceNumber\":\"" + (number + 1) + "\",\"streamSid\":\"" + stream
                + "\",\"media\":{\"track\":\"inbound\",\"chunk\":\"" + number + "\",\"timestamp\":\"" + number * 20
                + "\"," + PAYLOAD + Base64.getEncoder().encodeToString(audio) + "\"}}");
    }

    void stop() {
        send("{\"event\":\"stop\",\"streamSid\":\"MZ1\",\"stop\":{\"callSid\":\"CA1\"}}");
    }

    MediaPhone send(String frame) {
        out.tryEmitNext(new TextWebSocketFrame(frame)).orThrow();
        return this;
    }

    void sendBinary() {
        out.tryEmitNext(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {1})))
                .orThrow();
    }

    long count(String event) {
        return received.stream()
                .filter(frame -> frame.startsWith("{\"event\":\"" + event))
                .count();
    }

    /** Everything it was told to play. */
    byte[] told() {
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        for (String frame : received) {
            int at = frame.indexOf(PAYLOAD);
            if (at >= 0) {
                int from = at + PAYLOAD.length();
                audio.writeBytes(Base64.getDecoder().decode(frame.substring(from, frame.indexOf('"', from))));
            }
        }
        return audio.toByteArray();
    }

    /** The same as words, if they were spoken by {@link FakeVendors}. */
    String words() {
        return FakeVendors.textOf(told());
    }

    boolean isOpen() {
        return !closed.isDone();
    }

    String closeReason() {
        await().atMost(Duration.ofSeconds(15)).until(closed::isDone);
        return closed.join();
    }
}
