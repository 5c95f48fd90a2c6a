package ai.callmeback.dev.system;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * A collector of traces on loopback, by the wire format alone: OTLP over HTTP, protobuf (opentelemetry-proto {@code
 * trace/v1/trace.proto}), gzip.
 */
final class Collector implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();

    /** One span, ids in hex; {@code texts} are all texts in it, names and values. */
    record Span(String service, String traceId, String id, String parent, String name, List<String> texts) {}

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    /** For {@code OTEL_EXPORTER_OTLP_ENDPOINT}. */
    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What is known of one call, by span id; a repeat replaces. */
    Map<String, Span> trace(String callId) {
        String id = callId.replace("-", "");
        return spans.stream()
                .filter(span -> span.traceId().equals(id))
                .collect(Collectors.toMap(Span::id, span -> span, (first, second) -> second));
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream body = exchange.getRequestBody();
            UnknownFieldSet request = UnknownFieldSet.parseFrom(zipped ? new GZIPInputStream(body) : body);
            for (UnknownFieldSet resource : inner(request, 1)) {
                String service = inner(resource, 1).stream()
                        .flatMap(attributes -> inner(attributes, 1).stream())
                        .filter(pair -> text(pair, 1).equals("service.name"))
                        .flatMap(pair -> inner(pair, 2).stream())
                        .map(value -> text(value, 1))
                        .findFirst()
                        .orElse("");
                for (UnknownFieldSet scope : inner(resource, 2)) {
                    inner(scope, 2).forEach(span -> spans.add(read(service, span)));
                }
            }
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Span read(String service, UnknownFieldSet span) {
        List<String> texts = new ArrayList<>(List.of(text(span, 5)));
        for (UnknownFieldSet attribute : inner(span, 9)) {
            texts.add(text(attribute, 1));
            inner(attribute, 2).forEach(value -> texts.add(text(value, 1)));
        }
        inner(span, 15).forEach(status -> texts.add(text(status, 2)));
        return new Span(service, hex(span, 1), hex(span, 2), hex(span, 4), text(span, 5), texts);
    }

    private static List<UnknownFieldSet> inner(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream()
                .map(bytes -> {
                    try {
                        return UnknownFieldSet.parseFrom(bytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    private static Optional<ByteString> bytes(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream().findFirst();
    }

    private static String text(UnknownFieldSet message, int field) {
        return bytes(message, field).map(ByteString::toStringUtf8).orElse("");
    }

    private static String hex(UnknownFieldSet message, int field) {
        return bytes(message, field)
                .map(found -> HEX.formatHex(found.toByteArray()))
                .orElse("");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
