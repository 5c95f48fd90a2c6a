package ai.callmeback.dev.chaos;

import ai.callmeback.dev.chaos.CallRecord.HandOver;
import ai.callmeback.dev.chaos.CallRecord.Outcome;
import ai.callmeback.dev.chaos.CallRecord.Settlement;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a call was settled as the phone's and the telephony's record of it demand: once, by Twilio's own duration, the
 * hold resolved to the second, and free only if more of it was lost than is tolerated (or it was too short to be charged).
 */
final class SettlementJudge {
    private static final long TOLERATED_LOST_MILLIS = 5_000;
    /** A death is dated by the last sign of life, which may be a second old; speech is heard a little after it is sent. */
    private static final long DATING_MILLIS = 1_500;

    private static final long FREE_SECONDS = 15;

    private SettlementJudge() {}

    /** What is wrong, in words. */
    static List<String> judge(CallRecord call, List<HandOver> moves, List<Gap> gaps) {
        Settlement settled = call.outcome().settlement();
        if (settled == null) {
            return List.of(call.name() + ": not settled");
        }
        List<String> wrong = new ArrayList<>();
        if (settled.captured() + settled.released() != settled.held()) {
            wrong.add("captured %d and released %d are not the %d held"
                    .formatted(settled.captured(), settled.released(), settled.held()));
        }
        if (settled.billedSeconds() != call.outcome().connectedSeconds()) {
            wrong.add("billed %d s, and Twilio's duration is %d s"
                    .formatted(settled.billedSeconds(), call.outcome().connectedSeconds()));
        }
        boolean charged = settled.decision().equals("charged");
        long due = charged ? settled.billedSeconds() : 0;
        if (settled.chargedSeconds() != due || settled.captured() != Math.min(due, settled.held())) {
            wrong.add("%s: %d s charged and %d s captured of %d s billed and %d s held"
                    .formatted(
                            settled.decision(),
                            settled.chargedSeconds(),
                            settled.captured(),
                            settled.billedSeconds(),
                            settled.held()));
        }
        if (!mayBe(settled.reason(), call.outcome(), moves, gaps)) {
            wrong.add("decided by %s, and of %d moves the gaps are %s".formatted(settled.reason(), moves.size(), gaps));
        }
        return wrong.stream().map(words -> call.name() + ": " + words).toList();
    }

    private static boolean mayBe(String reason, Outcome outcome, List<HandOver> moves, List<Gap> gaps) {
        long deaths =
                moves.stream().filter(move -> move.kind() == FaultKind.DEATH).count();
        long slack = DATING_MILLIS * deaths;
        long least = gaps.stream().mapToLong(Gap::millis).sum();
        long most = gaps.stream()
                .filter(gap -> gap.kind() == FaultKind.DEATH)
                .mapToLong(Gap::silentMillis)
                .sum();
        return switch (reason) {
            case "by_the_second" -> outcome.connectedSeconds() > FREE_SECONDS && least <= TOLERATED_LOST_MILLIS + slack;
            case "lost_media" -> Math.max(least, most) > TOLERATED_LOST_MILLIS - slack;
            case "too_short" -> outcome.connectedSeconds() <= FREE_SECONDS;
            default -> false;
        };
    }
}
