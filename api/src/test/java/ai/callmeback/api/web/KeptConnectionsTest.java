package ai.callmeback.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * Guard: the version of Reactor Netty. 1.3.6 never reads a connection again once a request came on it before the answer
 * ahead had been put away (reactor/reactor-netty#4361), as a browser's does that has counted the bytes of a file.
 *
 * <p>With our own files that shows by chance alone, so a file is played whose last byte is out a while before it is put
 * away.
 */
class KeptConnectionsTest {
    private static final List<String> REQUESTS = List.of("/file", "/short", "/short", "/file", "/short");
    private static final List<String> PIECES = List.of("first; ", "second");
    private static final Duration UNTIL_PUT_AWAY = Duration.ofMillis(500);
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    @Test
    void everyRequestAfterAFileIsAnswered() throws Exception {
        assertThat(answered(Duration.ofSeconds(10))).isEqualTo(REQUESTS.size());
    }

    /** How many requests, one after the other on one connection, are answered before one is not. */
    private static int answered(Duration patience) throws Exception {
        HttpHandler handler =
                WebHttpHandlerBuilder.webHandler(KeptConnectionsTest::answer).build();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(new ReactorHttpHandlerAdapter(handler))
                .bindNow();
        try (Socket connection = new Socket(server.host(), server.port())) {
            connection.setSoTimeout((int) patience.toMillis());
            int answered = 0;
            for (String path : REQUESTS) {
                connection
                        .getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                if (!isAnswered(connection.getInputStream())) {
                    return answered;
                }
                answered++;
            }
            return answered;
        } finally {
            server.disposeNow();
        }
    }

    /** Reads as a browser does: as many bytes as the head says, and no longer. */
    private static boolean isAnswered(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        try {
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("closed after: " + head);
                }
                head.append((char) next);
            }
            Matcher length = CONTENT_LENGTH.matcher(head);
            assertThat(length.find()).as(head.toString()).isTrue();
            int bytes = Integer.parseInt(length.group(1));
            assertThat(in.readNBytes(bytes)).hasSize(bytes);
            return true;
        } catch (SocketTimeoutException unanswered) {
            return false;
        }
    }

    private static Mono<Void> answer(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        response.getHeaders().setContentLength(String.join("", PIECES).length());
        if (!exchange.getRequest().getPath().value().equals("/file")) {
            return response.writeWith(Mono.just(buffer(response, String.join("", PIECES))));
        }
        return response.writeWith(Flux.fromIterable(PIECES)
                .map(piece -> buffer(response, piece))
                .concatWith(Mono.delay(UNTIL_PUT_AWAY).then(Mono.empty())));
    }

    private static DataBuffer buffer(ServerHttpResponse response, String text) {
        return response.bufferFactory().wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
