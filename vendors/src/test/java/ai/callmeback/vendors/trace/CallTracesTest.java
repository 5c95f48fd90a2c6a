package ai.callmeback.vendors.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.domain.CallId;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.trace.CallSpan.Kind;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallTracesTest {
    private static final CallId CALL = new CallId(UUID.fromString("0198c0de-1234-7abc-8def-0123456789ab"));
    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private final List<SpanData> sent = new CopyOnWriteArrayList<>();
    private final OpenTelemetryTraces traces =
            new OpenTelemetryTraces("some-app", SimpleSpanProcessor.create(new SpanExporter() {
                @Override
                public CompletableResultCode export(Collection<SpanData> spans) {
                    sent.addAll(spans);
                    return CompletableResultCode.ofSuccess();
                }

                @Override
                public CompletableResultCode flush() {
                    return CompletableResultCode.ofSuccess();
                }

                @Override
                public CompletableResultCode shutdown() {
                    return CompletableResultCode.ofSuccess();
                }
            }));

    @AfterEach
    void close() {
        traces.close();
    }

    @Test
    void spansOfACallHangTogetherThoughNothingWasCarriedBetweenThoseWhoToldThem() {
        traces.add(span(CallSpan.leg(1), CallSpan.WORKFLOW, Kind.SERVER));
        traces.add(span(CallSpan.REQUEST, null, Kind.SERVER));
        traces.add(span(CallSpan.WORKFLOW, CallSpan.REQUEST, Kind.CONSUMER));

        SpanData leg = sent.get(0);
        SpanData request = sent.get(1);
        SpanData workflow = sent.get(2);
        assertThat(sent).extracting(SpanData::getTraceId).containsOnly("0198c0de12347abc8def0123456789ab");
        assertThat(request.getParentSpanContext().isValid()).isFalse();
        assertThat(workflow.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(leg.getParentSpanId()).isEqualTo(workflow.getSpanId());
        assertThat(leg.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(leg.getEndEpochNanos() - leg.getStartEpochNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(40));
        assertThat(leg.getResource().getAttribute(AttributeKey.stringKey("service.name")))
                .isEqualTo("some-app");
    }

    @Test
    void aRepeatIsTheSameSpanAndAnotherCallAnotherTrace() {
        traces.add(span(CallSpan.OUTBOX, CallSpan.REQUEST, Kind.PRODUCER));
        traces.add(span(CallSpan.OUTBOX, CallSpan.REQUEST, Kind.PRODUCER));
        traces.add(CallSpan.of(
                new CallId(new UUID(1, 2)), CallSpan.OUTBOX, CallSpan.REQUEST, Kind.PRODUCER, "x", START, START));

        assertThat(sent.get(1).getSpanId()).isEqualTo(sent.get(0).getSpanId());
        assertThat(sent.get(2).getTraceId()).isNotEqualTo(sent.get(0).getTraceId());
        assertThat(sent.get(2).getSpanId()).isNotEqualTo(sent.get(0).getSpanId());
    }

    /** I10, guard: {@link CallSpan#with}. */
    @Test
    void noNumberAddressOrWordOfACallGetsOut() {
        traces.add(span("turn-1-1", CallSpan.leg(1), Kind.INTERNAL)
                .with("vendor", "deepgram")
                .with("characters", 17L)
                .with("latency_ms", 4.5)
                .with("interrupted", true)
                .with("none", null)
                .with("number", "+14155550100")
                .with("digits", "14155550100")
                .with("mail", "someone@example.com")
                .with("said", "my code word is marigold")
                .failed("no such number: +14155550100"));

        SpanData turn = sent.getFirst();
        assertThat(turn.getAttributes().asMap().toString())
                .contains("vendor=deepgram", "characters=17", "latency_ms=4.5", "interrupted=true", "said=withheld")
                .doesNotContain("1415", "@", "marigold", "none");
        assertThat(turn.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(turn.getStatus().getDescription()).isEqualTo("withheld");
    }

    @Test
    void aClockThatRanBackMakesNoNegativeSpan() {
        var span = CallSpan.of(CALL, "x", CallSpan.REQUEST, Kind.INTERNAL, "x", START, START.minusMillis(5));

        assertThat(span.end()).isEqualTo(START);
    }

    @Test
    void settingsAreOpenTelemetrysOwn() {
        var settings = new TraceSettings(" http://127.0.0.1:4318/ ", Secret.of("x-key=a%20b, y=2"));

        assertThat(settings.tracesUrl()).isEqualTo("http://127.0.0.1:4318/v1/traces");
        assertThat(settings.headerMap()).containsEntry("x-key", "a b").containsEntry("y", "2");
        assertThat(new TraceSettings("", null).on()).isFalse();
        assertThatThrownBy(() -> new TraceSettings("collector:4317", null)).hasMessageContaining("OTEL_EXPORTER");
    }

    private static CallSpan span(String key, @Nullable String parent, Kind kind) {
        return CallSpan.of(CALL, key, parent, kind, key, START, START.plusMillis(40));
    }
}
