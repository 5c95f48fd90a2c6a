package ai.callmeback.api.call;

import ai.callmeback.api.recording.RecordingShelf;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallTranscripts;
import ai.callmeback.db.call.CallTranscripts.CallTurn;
import ai.callmeback.db.cost.CostLine;
import ai.callmeback.db.cost.CostRecorder;
import ai.callmeback.db.cost.CostTotal;
import ai.callmeback.db.purchase.FirstCalls;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.call.CallLifecycle;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.RefusalCode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Puts a call together for its owner. */
@Component
class CallViews {
    private static final int SECONDS_PER_MINUTE = 60;

    private final CallTranscripts transcripts;
    private final CostRecorder costs;
    private final UsageStore usage;
    private final FirstCalls firstCalls;
    private final RecordingShelf recordings;
    private final JsonMapper json;

    CallViews(
            CallTranscripts transcripts,
            CostRecorder costs,
            UsageStore usage,
            FirstCalls firstCalls,
            RecordingShelf recordings,
            JsonMapper json) {
        this.recordings = recordings;
        this.transcripts = transcripts;
        this.costs = costs;
        this.usage = usage;
        this.firstCalls = firstCalls;
        this.json = json;
    }

    /** With transcript, costs, running cost, and whether it is free. */
    Mono<CallView> full(CallRecord call) {
        Mono<List<CallView.TurnView>> transcript =
                transcripts.turns(call.id()).map(this::turn).collectList();
        Mono<List<CallView.CostView>> lines = call.costsRecordedAt() == null
                ? Mono.just(List.of())
                : costs.lines(call.id())
                        .map(all -> all.stream().map(CallViews::cost).toList())
                        .defaultIfEmpty(List.of());
        Mono<Optional<BigDecimal>> running = call.answeredAt() == null || call.costsRecordedAt() != null
                ? Mono.just(Optional.empty())
                : usage.runningCost(call.id())
                        .map(CostTotal::amount)
                        .map(UsdMicros::toUsd)
                        .map(Optional::of)
                        .defaultIfEmpty(Optional.empty());
        Mono<Optional<CallView.RecordingView>> recording = recordings
                .of(call.id())
                .map(kept -> new CallView.RecordingView(
                        kept.consentAt().orElse(null),
                        kept.seconds(),
                        kept.until().orElse(null)))
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
        return Mono.zip(transcript, lines, running, firstCalls.isFree(call.id()), recording)
                .map(all -> view(
                        call,
                        all.getT1(),
                        all.getT2(),
                        all.getT3().orElse(null),
                        all.getT4(),
                        all.getT5().orElse(null)));
    }

    /** What a list shows. */
    static CallView brief(CallRecord call) {
        return view(call, null, null, null, null, null);
    }

    private static CallView view(
            CallRecord call,
            @Nullable List<CallView.TurnView> transcript,
            @Nullable List<CallView.CostView> costs,
            @Nullable BigDecimal runningCost,
            @Nullable Boolean free,
            CallView.@Nullable RecordingView recording) {
        return new CallView(
                call.id().toString(),
                wire(call.status()),
                call.statusReason(),
                call.status().isTerminal(),
                actions(call.status()),
                call.personaId().value(),
                call.phone().value(),
                wire(call.direction()),
                call.pretext(),
                call.plannedSeconds() / SECONDS_PER_MINUTE,
                call.extendedSeconds() / SECONDS_PER_MINUTE,
                call.immediate(),
                call.scheduledFor(),
                call.localTime(),
                call.timeZone(),
                new CallView.PolicyView(
                        call.policy().maxAttempts(),
                        call.policy().delaysSeconds(),
                        call.policy().giveUpAfterSeconds()),
                call.attempt(),
                refusal(call),
                call.createdAt(),
                call.dueAt(),
                call.answeredAt(),
                call.endedAt(),
                call.endedBy() == null ? null : wire(call.endedBy()),
                call.endReason(),
                settlement(call),
                free,
                call.summary(),
                call.lastEventSeq(),
                call.costUsdMicros() == null ? null : new UsdMicros(call.costUsdMicros()).toUsd(),
                runningCost,
                transcript,
                costs,
                recording);
    }

    /** Names on the wire are lower case, as in the events. */
    static String wire(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> actions(CallStatus status) {
        List<String> actions = new ArrayList<>();
        if (CallLifecycle.allows(status, CallStatus.CANCELED)) {
            actions.add("cancel");
        }
        if (status == CallStatus.SCHEDULED) {
            actions.add("reschedule");
        }
        if (status == CallStatus.IN_PROGRESS) {
            actions.add("hang_up");
            actions.add("extend");
        }
        return actions;
    }

    private static CallView.@Nullable RefusalView refusal(CallRecord call) {
        return Optional.ofNullable(call.statusReason())
                .flatMap(RefusalCode::ofCode)
                .map(code -> new CallView.RefusalView(code.code(), code.message(), code.remedy()))
                .orElse(null);
    }

    private static CallView.@Nullable Settlement settlement(CallRecord call) {
        if (call.holdSeconds() == 0 && call.settledAt() == null) {
            return null;
        }
        int captured = call.chargedSeconds() == null ? 0 : call.chargedSeconds();
        int released = call.settledAt() == null ? 0 : Math.max(0, call.heldSeconds() - captured);
        return new CallView.Settlement(
                call.chargeDecision().toLowerCase(Locale.ROOT),
                call.chargeReason(),
                call.chargePolicy().code(),
                call.billedSeconds(),
                call.chargedSeconds(),
                new CallView.CreditSeconds(call.heldSeconds(), captured, released),
                call.settledAt());
    }

    private CallView.TurnView turn(CallTurn turn) {
        return new CallView.TurnView(
                turn.turn(),
                turn.speaker().equals("USER") ? "user" : "assistant",
                turn.text(),
                turn.interrupted(),
                turn.latencyMs(),
                turn.record() == null ? null : json.readValue(turn.record(), CallView.TurnRecord.class),
                turn.at());
    }

    private static CallView.CostView cost(CostLine line) {
        return new CallView.CostView(
                line.vendor(),
                line.operation(),
                line.model(),
                line.revision(),
                line.quantity(),
                line.unit(),
                line.unitPrice() == null ? null : line.unitPrice().usd(),
                line.amount() == null ? null : line.amount().toUsd(),
                line.estimated(),
                line.missingReason());
    }
}
