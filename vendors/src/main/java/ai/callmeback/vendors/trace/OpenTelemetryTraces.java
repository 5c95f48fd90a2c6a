package ai.callmeback.vendors.trace;

import ai.callmeback.domain.CallId;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes OpenTelemetry spans of what is told. Every call is sampled: a call is a handful of spans and some for each turn,
 * and who wants fewer drops whole traces at the collector, where it is known how they ended.
 */
public final class OpenTelemetryTraces implements CallTraces {
    private static final long LAST_WORDS_MILLIS = 2_000;
    private static final HexFormat HEX = HexFormat.of();

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final GivenIds ids = new GivenIds();

    /**
     * @param service the process, as its spans are filed
     * @param processor must take spans without waiting
     */
    public OpenTelemetryTraces(String service, SpanProcessor processor) {
        provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                service,
                                AttributeKey.stringKey("service.namespace"),
                                "callmeback"))))
                .setSampler(Sampler.alwaysOn())
                .setIdGenerator(ids)
                .addSpanProcessor(processor)
                .build();
        tracer = provider.get("ai.callmeback");
    }

    @Override
    public void add(CallSpan told) {
        SpanBuilder builder = tracer.spanBuilder(told.name())
                .setSpanKind(kind(told.kind()))
                .setStartTimestamp(told.start())
                .setAttribute("call.id", told.call().toString());
        if (told.parentKey() == null) {
            builder.setNoParent();
        } else {
            builder.setParent(Context.root().with(Span.wrap(parent(told.call(), told.parentKey()))));
        }
        told.attributes().forEach((name, value) -> attribute(builder, name, value));
        Span span = ids.with(traceId(told.call()), spanId(told.call(), told.key()), builder);
        if (told.error() != null) {
            span.setStatus(StatusCode.ERROR, told.error());
        }
        span.end(told.end());
    }

    private static void attribute(SpanBuilder builder, String name, Object value) {
        switch (value) {
            case Boolean truth -> builder.setAttribute(name, truth);
            case Double number -> builder.setAttribute(name, number);
            case Float number -> builder.setAttribute(name, number.doubleValue());
            case Number number -> builder.setAttribute(name, number.longValue());
            default -> builder.setAttribute(name, value.toString());
        }
    }

    private static SpanKind kind(CallSpan.Kind kind) {
        return switch (kind) {
            case SERVER -> SpanKind.SERVER;
            case PRODUCER -> SpanKind.PRODUCER;
            case CONSUMER -> SpanKind.CONSUMER;
            case INTERNAL -> SpanKind.INTERNAL;
        };
    }

    private static SpanContext parent(CallId call, String key) {
        return SpanContext.createFromRemoteParent(
                traceId(call), spanId(call, key), TraceFlags.getSampled(), TraceState.getDefault());
    }

    /** The call's id without its dashes, so that either is found by the other. */
    static String traceId(CallId call) {
        return call.toString().replace("-", "");
    }

    static String spanId(CallId call, String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest((call + "/" + key).getBytes(StandardCharsets.UTF_8));
            // All zeroes would be no id.
            return HEX.toHexDigits(ByteBuffer.wrap(hash).getLong() | 1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() {
        var unused = provider.shutdown().join(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Gives the span that is being started the ids meant for it. */
    private static final class GivenIds implements IdGenerator {
        private record Ids(String traceId, String spanId) {}

        private static final ThreadLocal<@Nullable Ids> NEXT = new ThreadLocal<>();

        Span with(String traceId, String spanId, SpanBuilder builder) {
            NEXT.set(new Ids(traceId, spanId));
            try {
                return builder.startSpan();
            } finally {
                NEXT.remove();
            }
        }

        @Override
        public String generateSpanId() {
            return given().spanId();
        }

        @Override
        public String generateTraceId() {
            return given().traceId();
        }

        private Ids given() {
            return Objects.requireNonNull(NEXT.get(), "spans are started by us alone");
        }
    }
}
