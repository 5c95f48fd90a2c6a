package ai.callmeback.voice.worker;

import ai.callmeback.vendors.trace.CallSpan;
import ai.callmeback.vendors.trace.CallSpan.Kind;
import ai.callmeback.vendors.trace.CallTraces;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.TurnRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A leg, its turns, and what each turn waited for, as spans of the call's trace. Told when each is over, so that nothing
 * of it stands before a sound. The leg of a worker that dies, or is overtaken and does not know it, is told of by others and
 * not here, its turns are; the leg that takes its place says so, by a span of the gap between them.
 */
final class VoiceTraces {
    private final CallTraces traces;
    private final InstantSource clock;

    VoiceTraces(CallTraces traces, InstantSource clock) {
        this.traces = traces;
        this.clock = clock;
    }

    void legOver(CallSetup leg, Instant end, long lastedNanos, String reason) {
        traces.add(CallSpan.of(
                        leg.callId(),
                        CallSpan.leg(leg.mediaLeg()),
                        CallSpan.WORKFLOW,
                        Kind.SERVER,
                        "leg",
                        end.minusNanos(lastedNanos),
                        end)
                .with("leg", leg.mediaLeg())
                .with("attempt", leg.attempt())
                .with("hand_over", leg.handOver())
                .with("end.reason", reason));
    }

    /** Tells at once, because this leg may die as well; {@code leg_lost} if the one before did not give the call away. */
    void handedOver(CallSetup leg, int before, Instant lastSign, Instant now) {
        boolean drained = leg.carried() != null;
        traces.add(CallSpan.of(
                        leg.callId(),
                        "hand-over-" + leg.mediaLeg(),
                        CallSpan.WORKFLOW,
                        Kind.INTERNAL,
                        "hand over",
                        lastSign,
                        now)
                .with("leg.before", before)
                .with("leg", leg.mediaLeg())
                .with("attempt", leg.attempt())
                .with("drained", drained)
                .with("gap_ms", Math.max(0, Duration.between(lastSign, now).toMillis()))
                .failed(drained ? null : "leg_lost"));
    }

    void turnOver(CallSetup leg, TurnRecord turn) {
        var spans = new Turn(leg, turn, clock.instant());
        traces.add(spans.whole());
        if (turn.answers()) {
            spans.part("end of turn", "deepgram", turn.lastWordsNanos(), turn.askedNanos());
            spans.part("first token", "llm", turn.askedNanos(), turn.firstWordsNanos());
        }
        spans.part("first speech", "elevenlabs", turn.firstWordsNanos(), turn.firstSpeechNanos());
        spans.part("playing", "twilio", turn.firstAudioNanos(), turn.overNanos());
    }

    /** One turn's spans; its times are the loop's, {@code over} ties them to the clock's. */
    private final class Turn {
        private final CallSetup leg;
        private final TurnRecord turn;
        private final Instant over;
        private final String key;

        Turn(CallSetup leg, TurnRecord turn, Instant over) {
            this.leg = leg;
            this.turn = turn;
            this.over = over;
            this.key = "turn-" + leg.mediaLeg() + "-" + turn.number();
        }

        private Instant at(long nanos) {
            return over.minusNanos(turn.overNanos() - nanos);
        }

        CallSpan whole() {
            return CallSpan.of(
                            leg.callId(),
                            key,
                            CallSpan.leg(leg.mediaLeg()),
                            Kind.INTERNAL,
                            "turn",
                            at(turn.begunNanos()),
                            over)
                    .with("turn", turn.number())
                    .with("persona", turn.personaId())
                    .with("heard_ms", turn.heardMillis())
                    .with("interrupted", turn.interrupted())
                    .with("characters", turn.plannedCharacters())
                    .with("tokens.prompt", turn.promptTokens())
                    .with("tokens.completion", turn.completionTokens())
                    .with("fillers", turn.fillers())
                    .with("guessed", turn.guessed())
                    .with(
                            "latency_ms",
                            turn.answers() && turn.firstAudioNanos() != 0
                                    ? (turn.firstAudioNanos() - turn.askedNanos()) / 1e6
                                    : null);
        }

        void part(String name, String vendor, long fromNanos, long toNanos) {
            if (fromNanos != 0 && toNanos != 0) {
                traces.add(CallSpan.of(
                                leg.callId(),
                                key + "-" + vendor,
                                key,
                                Kind.INTERNAL,
                                name,
                                at(fromNanos),
                                at(Math.max(fromNanos, toNanos)))
                        .with("vendor", vendor));
            }
        }
    }
}
