package ai.callmeback.voice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.CallId;
import ai.callmeback.vendors.trace.CallSpan;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.TestCall;
import ai.callmeback.voice.call.TurnRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VoiceTracesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final CallSetup LEG = TestCall.setup(new CallId(new UUID(0, 9)));
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<CallSpan> spans = new ArrayList<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final VoiceMeter meter = new VoiceMeter(metrics, new VoiceTraces(spans::add, InstantSource.fixed(NOW)));

    @Test
    void aTurnIsASpanOfItsLegAndEachWaitASpanOfIt() {
        meter.turnOver(
                LEG,
                new TurnRecord(
                        4,
                        "brad_001",
                        7 * SECOND,
                        8 * SECOND,
                        9 * SECOND,
                        10 * SECOND,
                        11 * SECOND,
                        20 * SECOND,
                        8_500,
                        120,
                        900,
                        30,
                        1,
                        false,
                        true));

        CallSpan turn = spans.getFirst();
        assertThat(turn.parentKey()).isEqualTo(CallSpan.leg(1));
        assertThat(turn.start()).isEqualTo(NOW.minusSeconds(13));
        assertThat(turn.end()).isEqualTo(NOW);
        assertThat(turn.attributes())
                .containsEntry("turn", 4)
                .containsEntry("persona", "brad_001")
                .containsEntry("interrupted", true)
                .containsEntry("heard_ms", 8_500L)
                .containsEntry("characters", 120L)
                .containsEntry("tokens.prompt", 900L)
                .containsEntry("latency_ms", 3_000.0);
        List<CallSpan> parts = spans.subList(1, spans.size());
        assertThat(parts)
                .extracting(CallSpan::name)
                .containsExactly("end of turn", "first token", "first speech", "playing");
        assertThat(parts).allSatisfy(part -> assertThat(part.parentKey()).isEqualTo(turn.key()));
        assertThat(parts.get(0).start()).isEqualTo(NOW.minusSeconds(13));
        assertThat(parts)
                .extracting(part -> Duration.between(part.start(), part.end()).toSeconds())
                .containsExactly(1L, 1L, 1L, 9L);
        assertThat(metrics.get("voice.turn.first.words").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(1);
        assertThat(metrics.get("voice.tokens")
                        .tag("kind", "completion")
                        .counter()
                        .count())
                .isEqualTo(30);
    }

    /** A turn that speaks first waited for nobody; one that never sounded has nothing that played. */
    @Test
    void whatDidNotHappenIsNoSpan() {
        meter.turnOver(LEG, new TurnRecord(1, "brad_001", 0, 0, 0, 0, 0, SECOND, 0, 12, 0, 0, 0, false, true));

        assertThat(spans).extracting(CallSpan::name).containsExactly("turn");
        assertThat(spans.getFirst().start()).isEqualTo(NOW);
        assertThat(spans.getFirst().attributes()).doesNotContainKey("latency_ms");
    }

    @Test
    void aLegHangsOnItsCallsWorkflow() {
        meter.legOver(LEG, NOW, 90 * SECOND, "user_hung_up");

        CallSpan leg = spans.getFirst();
        assertThat(leg.key()).isEqualTo(CallSpan.leg(1));
        assertThat(leg.parentKey()).isEqualTo(CallSpan.WORKFLOW);
        assertThat(leg.start()).isEqualTo(NOW.minusSeconds(90));
        assertThat(leg.attributes()).containsEntry("end.reason", "user_hung_up").containsEntry("attempt", 1);
    }

    /** The spans of a worker that was killed are gone with it: what took its call over tells that it did, and when. */
    @Test
    void aLegThatWasLostIsToldOfByTheNextWithTheGapBetweenThem() {
        meter.handedOver(LEG, 3, NOW.minusMillis(1_200), NOW);

        CallSpan gap = spans.getFirst();
        assertThat(gap.name()).isEqualTo("hand over");
        assertThat(gap.parentKey()).isEqualTo(CallSpan.WORKFLOW);
        assertThat(gap.start()).isEqualTo(NOW.minusMillis(1_200));
        assertThat(gap.end()).isEqualTo(NOW);
        assertThat(gap.error()).isEqualTo("leg_lost");
        assertThat(gap.attributes())
                .containsEntry("leg.before", 3)
                .containsEntry("drained", false)
                .containsEntry("gap_ms", 1_200L);
        assertThat(metrics.get("voice.handover.gap").tag("how", "lost").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(1_200);
    }
}
